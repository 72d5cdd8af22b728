//! Texts as typed become steps: each kind's fields, read as what they are.

mod case;

use super::super::clean;
use super::{DEPARTMENTS, GROUPS, PAYEES, PLAIN, RecordError, RecordField, RecordKind, SCOPES, YES};
use crate::domain::admission::{Admission, Department, Group, Item, Roster, Scope};
use crate::domain::deposit::{DepositStep, Payee};
use crate::domain::edition::Otherwise;
use crate::domain::life::{Evidence, OutletStep, Party};
use crate::domain::objection::{Against, ObjectionStep};
use crate::domain::service::{Complainant, ServiceStep};
use crate::domain::territory::{Held, TerritoryStep, WeedOut};
use crate::domain::{Command, Fact, Outlet, Refusal, RequestKind, Turnover};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::rulebook::{Contacts, Staffing};
use crate::time::{Day, Moment, Month, parse_day_from, parse_moment_from};

/// A request, its answer, or a month's turnover.
pub(super) fn request(word: &str, f: &Typed<'_>) -> Result<Option<Command>, RecordError> {
    let at = || f.moment("at");
    let open =
        |kind| Ok(Some(Command::OpenRequest { outlet: f.id("outlet_id")?, kind, at: at()?, note: f.text("note") }));
    match word {
        "help-asked" => open(RequestKind::Help),
        "exit-asked" => open(RequestKind::Exit),
        "request-answered" => {
            Ok(Some(Command::AnswerRequest { request: f.entry("request")?, at: at()?, note: f.text("note") }))
        }
        "turnover-reported" => Ok(Some(Command::RecordTurnover(Turnover {
            outlet: f.id("outlet_id")?,
            month: f.month("month")?,
            amount: f.cny("turnover")?,
            orders: f.optional("orders", small, "10")?,
            with_final_status: f.optional("orders_with_final_status", small, "10")?,
        }))),
        _ => Ok(None),
    }
}

pub(super) fn of_outlet(word: &str, outlet: OutletId, f: &Typed<'_>) -> Result<Fact, RecordError> {
    let step = match word {
        "brand-checked" => OutletStep::BrandChecked { passed: f.yes("passed")? },
        "material-checked" => OutletStep::MaterialChecked { passed: f.yes("passed")? },
        "outlet-reviewed" => OutletStep::Reviewed { passed: f.yes("passed")? },
        "outlet-signed" => {
            let party = if f.filled("party")? == "provider" { Party::Provider } else { Party::Platform };
            OutletStep::Signed { party }
        }
        "outlet-opened" => OutletStep::Opened { real_time: f.yes("real_time")? },
        "outlet-suspended" => OutletStep::Suspended,
        "outlet-resumed" => OutletStep::Resumed,
        "outlet-closed" => OutletStep::Closed,
        "exit-withdrawn" => OutletStep::Stayed,
        "outlet-transferred" => OutletStep::Transferred { to: f.id("to")? },
        "outlet-exited" => OutletStep::Exited { evidence: f.evidence()? },
        "outlet-deposit-frozen" => {
            return Ok(Fact::Deposit(DepositStep::OutletFrozen { outlet, amount: f.cny("amount")? }));
        }
        "outlet-deposit-released" => {
            return Ok(Fact::Deposit(DepositStep::OutletReleased { outlet, amount: f.cny("amount")? }));
        }
        "claim-opened" => {
            let day = |text: &str| parse_day_from(text, f.now.day()).ok();
            let traded_on = f.optional("traded_on", day, "2011-03-02")?;
            return Ok(Fact::Service(ServiceStep::ClaimOpened { outlet, traded_on }));
        }
        _ => {
            let from = if f.filled("from")? == "consumer" { Complainant::Consumer } else { Complainant::Outlet };
            return Ok(Fact::Service(ServiceStep::Complained { outlet, from, problem: f.text("problem") }));
        }
    };
    Ok(Fact::Outlet(outlet, step))
}

pub(super) fn of_provider(word: &str, provider: &ProviderId, f: &Typed<'_>) -> Result<Fact, RecordError> {
    if let Some(step) = admission(word, f)? {
        return Ok(Fact::Admission(step));
    }
    if let Some(step) = deposit(word, f)? {
        return Ok(Fact::Deposit(step));
    }
    if let Some(step) = objection(word, f)? {
        return Ok(Fact::Objection(step));
    }
    if let Some(fact) = case::of(word, f)? {
        return Ok(fact);
    }
    if let Some(step) = territory(word, f)? {
        return Ok(Fact::Territory(step));
    }
    let step = match word {
        "override-agreed" => {
            // As the regulation says it, again.
            let value = Some(f.filled("value")?).filter(|value| !matches!(value.as_str(), "none" | "无"));
            let effective = f.optional("effective", |text| parse_day_from(text, f.now.day()).ok(), "2011-03-02")?;
            return Ok(Fact::Otherwise(Otherwise { rule: f.filled("rule_name")?, value, effective }));
        }
        "outlet-proposed" => {
            let id: OutletId = f.id("outlet_id")?;
            let staff = f.optional("staff", small, "2")?;
            let (city, name) = (f.filled("city")?, f.filled("name")?);
            let outlet = Outlet { id: id.clone(), provider: provider.clone(), city, name, signed_on: None, staff };
            let conference = f.optional("conference", seq, "12")?;
            return Ok(Fact::Outlet(id, OutletStep::Proposed { outlet, conference }));
        }
        "training-held" => ServiceStep::TrainingHeld { city: f.filled("city")?, outlets: f.outlets("outlets")? },
        "training-guided" => ServiceStep::TrainingGuided { training: f.entry("training")? },
        "training-checked" => ServiceStep::TrainingChecked {
            training: f.entry("training")?,
            checked: f.number("checked")?,
            failed: f.number("failed")?,
        },
        "promotion-held" => {
            ServiceStep::PromotionHeld { title: f.filled("title")?, material_on: f.day("material_on")? }
        }
        "complaint-ordered" => ServiceStep::ComplaintOrdered {
            complaint: f.entry("complaint")?,
            compensation: f.optional("compensation", cny, "100.00")?.unwrap_or_default(),
            correct: f.yes("correct")?,
        },
        "corrected" => ServiceStep::Corrected { order: f.entry("order")? },
        _ => ServiceStep::ClaimClosed { claim: f.entry("claim")?, blocked: f.yes("blocked")? },
    };
    Ok(Fact::Service(step))
}

fn admission(word: &str, f: &Typed<'_>) -> Result<Option<Admission>, RecordError> {
    if let Some(item) = word.strip_prefix("checked") {
        return item_of(item.trim_start_matches('-'), f).map(|item| Some(Admission::Checked(item)));
    }
    Ok(Some(match word {
        "applied" => {
            Admission::Applied { scope: f.choice("scope", SCOPES, &[Scope::City, Scope::Regional, Scope::National])? }
        }
        "rules-accepted" => Admission::RulesAccepted { edition: f.filled("edition")? },
        "confirmed" => {
            let groups = [Group::Expansion, Group::Operations, Group::Merchandise];
            Admission::Confirmed(f.choice("group", GROUPS, &groups)?)
        }
        "account-opened" => Admission::AccountOpened,
        "agreement-effective" => Admission::AgreementEffective { city: f.filled("city")? },
        "deposit-agreed" => Admission::DepositAgreed { city: f.filled("city")?, amount: f.cny("amount")? },
        "application-rejected" => Admission::Rejected,
        "application-withdrawn" => Admission::Withdrawn,
        "deposit-paid" => Admission::DepositPaid { city: f.filled("city")? },
        "deposit-frozen" => Admission::DepositFrozen { city: f.filled("city")?, amount: f.cny("amount")? },
        "informed" => Admission::Informed(f.choice("department", DEPARTMENTS, &Department::ALL)?),
        "permission-opened" => Admission::PermissionOpened,
        "permission-postponed" => Admission::Postponed { until: f.day("until")? },
        _ => return Ok(None),
    }))
}

fn objection(word: &str, f: &Typed<'_>) -> Result<Option<ObjectionStep>, RecordError> {
    Ok(Some(match word {
        "objection-opened" => ObjectionStep::Opened { against: f.against()?, grounds: f.filled("grounds")? },
        "objection-heard" => ObjectionStep::Heard { objection: f.entry("objection")? },
        "objection-answered" => ObjectionStep::Answered { objection: f.entry("objection")?, upheld: f.yes("upheld")? },
        _ => return Ok(None),
    }))
}

fn deposit(word: &str, f: &Typed<'_>) -> Result<Option<DepositStep>, RecordError> {
    let (city, amount) = (|| f.filled("city"), || f.cny("amount"));
    Ok(Some(match word {
        "deposit-topped-up" => DepositStep::ToppedUp { city: city()?, amount: amount()? },
        "deposit-forfeited" => DepositStep::Forfeited { city: f.text("city"), amount: amount()? },
        "deposit-compensated" => {
            let to = f.choice("payee", PAYEES, &Payee::ALL)?;
            DepositStep::Compensated { city: f.text("city"), amount: amount()?, to }
        }
        "contract-ended" => DepositStep::ContractEnded,
        "deposit-released" => DepositStep::Released { city: city()?, amount: amount()? },
        _ => return Ok(None),
    }))
}

fn item_of(item: &str, f: &Typed<'_>) -> Result<Item, RecordError> {
    Ok(match item {
        "capital" => Item::Capital(f.optional("capital", cny, "1000000")?),
        "commitment" => Item::Commitment { years: f.number("years")? },
        "daigou-id" => Item::DaigouId(f.filled("daigou_id")?),
        "technical-contacts" => {
            Item::TechnicalContacts { own_system: f.yes("own_system")?, contacts: f.number("contacts")? }
        }
        "staffing" => Item::Staff(Staffing {
            project_managers: f.number("project_managers")?,
            channel_staff: f.number("channel_staff")?,
            service_advisers: f.number("service_advisers")?,
            daily_operations: f.number("daily_operations")?,
            telephone: f.number("telephone")?,
            marketing: f.number("marketing")?,
        }),
        "contacts" => Item::Contacts(Contacts {
            channel: f.number("channel")?,
            technical: f.number("technical")?,
            operations: f.number("operations")?,
            customer_service: f.number("customer_service")?,
        }),
        "service-hours" => {
            let declared = if f.text("declared").is_some() { f.shifts("declared")? } else { Vec::new() };
            Item::ServiceHours(Roster { weekday: f.shifts("weekday")?, day_off: f.shifts("day_off")?, declared })
        }
        "notice-address" => Item::NoticeAddress,
        _ => {
            let items = [
                Item::LegalCapacity,
                Item::Premises,
                Item::NoCheating,
                Item::ConsumerProtection,
                Item::FixedPremises,
                Item::RealTimeService,
                Item::Mandate,
            ];
            f.choice("item", PLAIN, &items)?
        }
    })
}

fn territory(word: &str, f: &Typed<'_>) -> Result<Option<TerritoryStep>, RecordError> {
    Ok(Some(match word {
        "territory-confirmed" => TerritoryStep::Confirmed {
            city: f.filled("city")?,
            population: f.read("population", clean::whole, "1,200,000")?,
            plan: (0, 0),
        },
        "first-batch-normal" => TerritoryStep::FirstBatchNormal { city: f.filled("city")? },
        "conference-held" => TerritoryStep::ConferenceHeld(Held {
            city: f.filled("city")?,
            visits: f.number("visits")?,
            outlets_visited: f.number("outlets_visited")?,
            invited: f.number("invited")?,
            attended: f.number("attended")?,
            signed: f.number("signed")?,
            publicity: f.publicity()?,
        }),
        "conference-rectified" => TerritoryStep::ConferenceRectified { conference: f.entry("conference")? },
        "conference-judged" => {
            TerritoryStep::ConferenceJudged { conference: f.entry("conference")?, off_process: f.yes("off_process")? }
        }
        "failure-decided" => {
            TerritoryStep::FailureDecided { conference: f.entry("conference")?, terminate: f.yes("terminate")? }
        }
        "freeze-applied" => TerritoryStep::FreezeApplied {
            conference: f.entry("conference")?,
            entries: f.number("entries")?,
            errors: f.number("errors")?,
        },
        "pilot-done" => TerritoryStep::PilotDone { city: f.filled("city")? },
        "weed-out-agreed" => TerritoryStep::WeedOutAgreed(WeedOut {
            region: f.filled("region")?,
            standard: f.filled("standard")?,
            complaints: f.optional("complaints", small, "3")?,
            turnover: f.optional("turnover", small, "1000")?,
            members: f.optional("members", small, "20")?,
        }),
        "attrition-investigated" => TerritoryStep::AttritionInvestigated {
            city: f.filled("city")?,
            fault: f.yes("fault")?,
            unmet_demand: f.text("unmet_demand"),
        },
        _ => return Ok(None),
    }))
}

/// An entry's number, as it is shown or without its sign.
fn seq(text: &str) -> Option<Seq> {
    clean::whole(text.trim_start_matches('#')).filter(|n| *n > 0).map(Seq)
}

fn small(text: &str) -> Option<u32> {
    clean::whole(text)?.try_into().ok()
}

fn cny(text: &str) -> Option<Fen> {
    clean::money(text).ok()
}

/// Fields that take any text.
const TEXTS: [&str; 16] = [
    "advice",
    "proof",
    "grounds",
    "city",
    "name",
    "edition",
    "daigou_id",
    "title",
    "problem",
    "region",
    "standard",
    "unmet_demand",
    "rule_name",
    "value",
    "confirmed_by",
    "note",
];

/// What was typed, field by field.
pub(super) struct Typed<'a> {
    pub typed: &'a dyn Fn(&str) -> String,
    pub now: Moment,
}

impl Typed<'_> {
    pub fn bad(&self, name: &'static str, want: impl Into<String>) -> RecordError {
        RecordError::Field { name, value: (self.typed)(name), want: want.into() }
    }

    pub fn text(&self, name: &str) -> Option<String> {
        clean::text(&(self.typed)(name))
    }

    pub fn filled(&self, name: &'static str) -> Result<String, RecordError> {
        self.text(name).ok_or(RecordError::Refused(Refusal::Missing { field: name }))
    }

    /// Whether the text of a field is what the field takes.
    pub fn fits(&self, kind: &RecordKind, field: &RecordField) -> Result<(), RecordError> {
        let name = field.name;
        match (name, field.words) {
            (_, YES) => self.yes(name).map(drop),
            (_, words) if !words.is_empty() => self.choice(name, words, words).map(drop),
            ("provider_id" | "to", _) => self.id::<ProviderId>(name).map(drop),
            ("outlet_id", _) => self.id::<OutletId>(name).map(drop),
            ("outlets", _) => self.outlets(name).map(drop),
            ("on" | "until" | "material_on" | "traded_on" | "deadline" | "effective", _) => self.day(name).map(drop),
            ("at" | "entered", _) => self.moment(name).map(drop),
            ("recipients", _) => case::recipients(self).map(drop),
            ("points", _) => self.number::<u32>(name).map(drop),
            ("month", _) => self.month(name).map(drop),
            ("against", _) => self.against().map(drop),
            ("conference" | "training" | "complaint" | "order" | "claim" | "request" | "objection", _)
            | ("notice" | "about" | "seen", _) => self.entry(name).map(drop),
            ("years" | "contacts", _) => self.number::<u8>(name).map(drop),
            ("capital" | "amount" | "compensation", _) => self.cny(name).map(drop),
            ("turnover", _) if kind.is_outlets() => self.cny(name).map(drop),
            ("population", _) => self.read(name, clean::whole, "1,200,000").map(drop),
            ("weekday" | "day_off" | "declared", _) => self.shifts(name).map(drop),
            ("publicity", _) => self.publicity().map(drop),
            ("evidence", _) => self.evidence().map(drop),
            (name, _) if TEXTS.contains(&name) => Ok(()),
            _ => self.number::<u32>(name).map(drop),
        }
    }

    fn cny(&self, name: &'static str) -> Result<Fen, RecordError> {
        self.read(name, cny, "1234.50")
    }

    fn month(&self, name: &'static str) -> Result<Month, RecordError> {
        self.read(name, |text| text.parse().ok(), "2011-02")
    }

    fn moment(&self, name: &'static str) -> Result<Option<Moment>, RecordError> {
        self.optional(name, |text| parse_moment_from(text, self.now).ok(), "2011-03-04T20:00")
    }

    fn read<T>(&self, name: &'static str, read: impl Fn(&str) -> Option<T>, want: &str) -> Result<T, RecordError> {
        let folded = clean::fold(&self.filled(name)?);
        read(&folded).ok_or_else(|| self.bad(name, want))
    }

    pub fn optional<T>(
        &self,
        name: &'static str,
        read: impl Fn(&str) -> Option<T>,
        want: &str,
    ) -> Result<Option<T>, RecordError> {
        if self.text(name).is_none() { Ok(None) } else { self.read(name, read, want).map(Some) }
    }

    /// A whole number; one that is too great is told how great it may be.
    pub fn number<T: TryFrom<u64>>(&self, name: &'static str) -> Result<T, RecordError> {
        let typed = clean::fold(&self.filled(name)?);
        let Some(n) = clean::whole(&typed) else { return Err(self.bad(name, "120")) };
        let most = u64::MAX >> (64 - 8 * size_of::<T>());
        n.try_into().map_err(|_| self.bad(name, format!("0–{most}")))
    }

    pub fn entry(&self, name: &'static str) -> Result<Seq, RecordError> {
        self.read(name, seq, "12")
    }

    pub fn day(&self, name: &'static str) -> Result<Day, RecordError> {
        self.read(name, |text| parse_day_from(text, self.now.day()).ok(), "2011-03-02")
    }

    pub fn id<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, RecordError> {
        self.read(name, |text| text.parse().ok(), "P0001")
    }

    pub fn choice<T: Clone>(&self, name: &'static str, words: &[&str], values: &[T]) -> Result<T, RecordError> {
        let place = |text: &str| words.iter().position(|word| *word == text.to_lowercase());
        self.read(name, |text| values.get(place(text)?).cloned(), &words.join(" | "))
    }

    pub fn yes(&self, name: &'static str) -> Result<bool, RecordError> {
        let read = |text: &str| match text.to_lowercase().as_str() {
            "yes" | "y" | "是" => Some(true),
            "no" | "n" | "否" => Some(false),
            _ => None,
        };
        self.read(name, read, "yes | no")
    }

    /// Ids between commas or blanks; none where it is blank.
    fn outlets(&self, name: &'static str) -> Result<Vec<OutletId>, RecordError> {
        let ids = |text: &str| {
            let parts = text.split([',', '，', '、', ' ']).filter(|part| !part.is_empty());
            parts.map(|part| part.parse().ok()).collect()
        };
        Ok(self.optional(name, ids, "O000001,O000002")?.unwrap_or_default())
    }

    /// A line's number, or a finding.
    fn against(&self) -> Result<Against, RecordError> {
        self.read("against", |text| text.parse().ok(), "12 | exit-response/P0001/5")
    }

    /// Shifts such as `09:00-14:00,14:00-22:00`, in minutes.
    fn shifts(&self, name: &'static str) -> Result<Vec<(u16, u16)>, RecordError> {
        let time = |text: &str| {
            let (hours, minutes) = text.trim().split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (hours <= 24 && minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
        };
        let shift = |text: &str| {
            let (from, to) = text.split_once('-')?;
            let (from, to) = (time(from)?, time(to)?);
            (from < to).then_some((from, to))
        };
        self.read(name, |text| text.split(',').map(shift).collect(), "09:00-14:00,14:00-22:00")
    }

    /// The publicity checklist: letters of a, b, c, d.
    fn publicity(&self) -> Result<[bool; 4], RecordError> {
        let letters = clean::fold(&self.text("publicity").unwrap_or_default()).to_lowercase();
        let letters: Vec<char> = letters.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        if letters.iter().any(|c| !('a'..='d').contains(c)) {
            return Err(self.bad("publicity", "abcd"));
        }
        Ok(['a', 'b', 'c', 'd'].map(|c| letters.contains(&c)))
    }

    /// What is in hand of form, photos, and the third by any of its three ways (2.2.4(1)): destroyed, a statement of no
    /// further use, or taken back.
    fn evidence(&self) -> Result<Evidence, RecordError> {
        let mut evidence = Evidence::default();
        for word in clean::fold(&self.filled("evidence")?).split([',', ' ']).filter(|word| !word.is_empty()) {
            match word {
                "form" => evidence.form = true,
                "photos" => evidence.photos = true,
                "statement" | "destroyed" | "taken-back" => evidence.statement = true,
                _ => return Err(self.bad("evidence", "form,photos,statement (or destroyed, taken-back)")),
            }
        }
        Ok(evidence)
    }
}
