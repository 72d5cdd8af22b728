//! Records of parts 1 and 2 as they are typed: which kinds there are, which fields each has, and how the texts become
//! a command. The command line and the console's forms are both made from this one table.

use super::clean;
use crate::domain::admission::{Admission, Department, Group, Item, Roster, Scope};
use crate::domain::life::{Evidence, Party, Step as Life};
use crate::domain::service::{Complainant, Step as Service};
use crate::domain::territory::{Held, Step as Territory, WeedOut};
use crate::domain::{Command, Fact, Outlet, Recording, Refusal, RequestKind, Turnover};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::rulebook::{Contacts, Staffing};
use crate::time::{Day, parse_day_from};

/// A kind of record.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordKind {
    /// Its stable word.
    pub word: &'static str,
    /// The clause that it carries out.
    pub clause: &'static str,
    /// Its own fields; the first is the provider or the outlet.
    pub fields: &'static [RecordField],
    /// Those that follow.
    pub common: &'static [RecordField],
}

/// A field of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordField {
    /// Its name.
    pub name: &'static str,
    /// Whether it must not be blank.
    pub required: bool,
    /// The words that it takes, where it takes no others.
    pub words: &'static [&'static str],
}

/// A text that a field does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// The field, what was typed, and what would be right, as an example or the words.
    Field {
        /// Its name.
        name: &'static str,
        /// What was typed.
        value: String,
        /// What would be right.
        want: String,
    },
    /// The record is about something that is not there.
    Refused(Refusal),
}

const fn want(name: &'static str) -> RecordField {
    RecordField { name, required: true, words: &[] }
}

const fn may(name: &'static str) -> RecordField {
    RecordField { name, required: false, words: &[] }
}

const fn one_of(name: &'static str, words: &'static [&'static str]) -> RecordField {
    RecordField { name, required: true, words }
}

const fn kind(word: &'static str, clause: &'static str, fields: &'static [RecordField]) -> RecordKind {
    RecordKind { word, clause, fields, common: COMMON }
}

const fn asked(word: &'static str, clause: &'static str, fields: &'static [RecordField]) -> RecordKind {
    RecordKind { word, clause, fields, common: ASKED }
}

const YES: &[&str] = &["yes", "no"];
const SCOPES: &[&str] = &["city", "regional", "national"];
const GROUPS: &[&str] = &["expansion", "operations", "merchandise"];
const DEPARTMENTS: &[&str] = &["legal", "finance", "system-development", "department-head", "expansion"];
const PLAIN: &[&str] = &[
    "legal-capacity",
    "premises",
    "no-cheating",
    "consumer-protection",
    "fixed-premises",
    "real-time-service",
    "mandate",
];

const P: RecordField = want("provider_id");
const O: RecordField = want("outlet_id");

/// Fields that every record of a happening has.
const COMMON: &[RecordField] = &[may("on"), may("confirmed_by"), may("note")];

/// Fields that a request and its answer have.
const ASKED: &[RecordField] = &[may("at"), may("note")];

/// All kinds, in the order of the clauses.
pub const KINDS: &[RecordKind] = &[
    kind("applied", "1.5(1)", &[P, one_of("scope", SCOPES)]),
    kind("rules-accepted", "4.4(2)", &[P, want("edition")]),
    kind("checked", "1.2", &[P, one_of("item", PLAIN)]),
    kind("checked-capital", "1.2(5)", &[P, may("capital")]),
    kind("checked-commitment", "1.2(6)", &[P, want("years")]),
    kind("checked-daigou-id", "1.3(1)", &[P, want("daigou_id")]),
    kind("checked-technical-contacts", "1.3(3)", &[P, one_of("own_system", YES), want("contacts")]),
    kind(
        "checked-staffing",
        "1.4.2(1)",
        &[
            P,
            want("project_managers"),
            want("channel_staff"),
            want("service_advisers"),
            want("daily_operations"),
            want("telephone"),
            want("marketing"),
        ],
    ),
    kind(
        "checked-contacts",
        "1.4.2(2)",
        &[P, want("channel"), want("technical"), want("operations"), want("customer_service")],
    ),
    kind("checked-service-hours", "1.4.3", &[P, want("weekday"), want("day_off")]),
    kind("checked-notice-address", "1.4.4(2)", &[P]),
    kind("confirmed", "1.5(1)", &[P, one_of("group", GROUPS)]),
    kind("account-opened", "1.5(2)", &[P]),
    kind("agreement-effective", "1.2(8)", &[P, want("city")]),
    kind("deposit-paid", "1.5(2)", &[P, want("city")]),
    kind("deposit-frozen", "1.2(8)", &[P, want("city"), want("amount")]),
    kind("informed", "1.5(3)", &[P, one_of("department", DEPARTMENTS)]),
    kind("permission-opened", "1.5(3)", &[P]),
    kind("permission-postponed", "1.5(3)", &[P, want("until")]),
    kind("territory-confirmed", "1.6.1(2)", &[P, want("city"), want("population")]),
    kind("first-batch-normal", "1.6.1", &[P, want("city")]),
    kind(
        "conference-held",
        "1.6.1(1)",
        &[
            P,
            want("city"),
            want("visits"),
            want("outlets_visited"),
            want("invited"),
            want("attended"),
            want("signed"),
            may("publicity"),
        ],
    ),
    kind("conference-rectified", "1.6.1(1)6", &[P, want("conference")]),
    kind("brand-checked", "1.6.2(1)", &[O, one_of("passed", YES)]),
    kind("material-checked", "1.6.2(2)", &[O, one_of("passed", YES)]),
    kind("outlet-proposed", "2.1.1(1)", &[P, O, want("city"), want("name"), may("staff"), may("conference")]),
    kind("outlet-reviewed", "2.1.1(1)", &[O, one_of("passed", YES)]),
    kind("outlet-signed", "2.1.1(2)", &[O, one_of("party", &["platform", "provider"])]),
    kind("outlet-opened", "2.1.1(3)", &[O, one_of("real_time", YES)]),
    kind("freeze-applied", "2.1.1(4)", &[P, want("conference"), want("entries"), want("errors")]),
    kind("pilot-done", "2.1.2", &[P, want("city")]),
    kind("training-held", "2.1.3(1)", &[P, want("city"), may("outlets")]),
    kind("training-guided", "2.1.3(2)", &[P, want("training")]),
    kind("training-checked", "2.1.3(3)", &[P, want("training"), want("checked"), want("failed")]),
    kind("promotion-held", "2.2.1", &[P, want("title"), want("material_on")]),
    kind("complained", "2.2.2", &[O, one_of("from", &["outlet", "consumer"]), may("problem")]),
    kind("complaint-ordered", "1.4.4(3)", &[P, want("complaint"), may("compensation"), one_of("correct", YES)]),
    kind("corrected", "1.4.4(3)", &[P, want("order")]),
    kind("outlet-suspended", "1.4.1", &[O]),
    kind("outlet-resumed", "1.4.1", &[O]),
    kind("outlet-closed", "1.4.1", &[O]),
    kind("outlet-transferred", "3.2", &[O, want("to")]),
    kind("outlet-exited", "2.2.4(1)", &[O, want("evidence")]),
    kind("claim-opened", "2.2.4(2)", &[O]),
    kind("claim-closed", "2.2.4(2)", &[P, want("claim"), one_of("blocked", YES)]),
    kind("attrition-investigated", "2.2.3(1)", &[P, want("city"), one_of("fault", YES), may("unmet_demand")]),
    kind(
        "weed-out-agreed",
        "2.2.3(2)",
        &[P, want("region"), want("standard"), may("complaints"), may("turnover"), may("members")],
    ),
];

/// What has a command of its own on the command line, and a form like the others in the console.
pub const FORMS: &[RecordKind] = &[
    asked("help-asked", "2.2.2", &[O]),
    asked("exit-asked", "2.2.4(1)", &[O]),
    asked("request-answered", "2.2.2", &[want("request")]),
    RecordKind {
        word: "turnover-reported",
        clause: "2.2.3(3)",
        fields: &[O, want("month"), want("turnover"), may("orders"), may("orders_with_final_status")],
        common: &[],
    },
];

impl RecordKind {
    /// The kind of that word, of those that a form can be of.
    pub fn of(word: &str) -> Option<&'static RecordKind> {
        KINDS.iter().chain(FORMS).find(|kind| kind.word == word)
    }

    /// All fields, in the order in which they are typed.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static RecordField> + use<> {
        self.fields.iter().chain(self.common)
    }

    /// Whether it is about an outlet, whose provider follows from it.
    pub fn is_outlets(&self) -> bool {
        self.fields.first().is_some_and(|field| field.name == O.name)
    }

    /// What was typed, as a command. `typed` answers with the text of a field, `owner` with an outlet's provider.
    pub fn read(
        &self,
        typed: &dyn Fn(&str) -> String,
        today: Day,
        owner: &dyn Fn(&OutletId) -> Option<ProviderId>,
    ) -> Result<Command, RecordError> {
        let f = Typed { typed, today };
        for field in self.all_fields().filter(|field| field.required) {
            f.filled(field.name)?;
        }
        if let Some(command) = request(self.word, &f)? {
            return Ok(command);
        }
        let (provider, outlet) = if self.is_outlets() {
            let outlet: OutletId = f.id("outlet_id")?;
            let unknown = || RecordError::Refused(Refusal::UnknownOutlet { outlet: outlet.clone() });
            (owner(&outlet).ok_or_else(unknown)?, Some(outlet))
        } else {
            (f.id("provider_id")?, None)
        };
        let fact = match outlet {
            Some(outlet) => of_outlet(self.word, outlet, &f)?,
            None => of_provider(self.word, &provider, &f)?,
        };
        let on = f.optional("on", |text| parse_day_from(text, today).ok(), "2011-03-02")?;
        let (confirmed_by, note) = (f.text("confirmed_by"), f.text("note"));
        Ok(Command::Record(Box::new(Recording { provider, fact, on, confirmed_by, note })))
    }
}

/// A request, its answer, or a month's turnover.
fn request(word: &str, f: &Typed<'_>) -> Result<Option<Command>, RecordError> {
    let at = || f.optional("at", |text| crate::time::parse_moment(text).ok(), "2011-03-04T20:00");
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
            month: f.read("month", |text| text.parse().ok(), "2011-02")?,
            amount: f.read("turnover", cny, "1234.50")?,
            orders: f.optional("orders", small, "10")?,
            with_final_status: f.optional("orders_with_final_status", small, "10")?,
        }))),
        _ => Ok(None),
    }
}

fn of_outlet(word: &str, outlet: OutletId, f: &Typed<'_>) -> Result<Fact, RecordError> {
    let city = String::new();
    let step = match word {
        "brand-checked" => Life::BrandChecked { passed: f.yes("passed")? },
        "material-checked" => Life::MaterialChecked { passed: f.yes("passed")? },
        "outlet-reviewed" => Life::Reviewed { passed: f.yes("passed")? },
        "outlet-signed" => {
            let party = if f.filled("party")? == "provider" { Party::Provider } else { Party::Platform };
            Life::Signed { party }
        }
        "outlet-opened" => Life::Opened { city, real_time: f.yes("real_time")? },
        "outlet-suspended" => Life::Suspended,
        "outlet-resumed" => Life::Resumed,
        "outlet-closed" => Life::Closed { city },
        "outlet-transferred" => Life::Transferred { to: f.id("to")? },
        "outlet-exited" => Life::Exited { city, evidence: f.evidence()? },
        "claim-opened" => return Ok(Fact::Service(Service::ClaimOpened { outlet })),
        _ => {
            let from = if f.filled("from")? == "consumer" { Complainant::Consumer } else { Complainant::Outlet };
            return Ok(Fact::Service(Service::Complained { outlet, from, problem: f.text("problem") }));
        }
    };
    Ok(Fact::Outlet(outlet, step))
}

fn of_provider(word: &str, provider: &ProviderId, f: &Typed<'_>) -> Result<Fact, RecordError> {
    if let Some(step) = admission(word, f)? {
        return Ok(Fact::Admission(step));
    }
    if let Some(step) = territory(word, f)? {
        return Ok(Fact::Territory(step));
    }
    let step = match word {
        "outlet-proposed" => {
            let id: OutletId = f.id("outlet_id")?;
            let staff = f.optional("staff", small, "2")?;
            let (city, name) = (f.filled("city")?, f.filled("name")?);
            let outlet = Outlet { id: id.clone(), provider: provider.clone(), city, name, signed_on: None, staff };
            let conference = f.optional("conference", |text| text.parse().ok(), "12")?;
            return Ok(Fact::Outlet(id, Life::Proposed { outlet, conference }));
        }
        "training-held" => Service::TrainingHeld { city: f.filled("city")?, outlets: f.outlets("outlets")? },
        "training-guided" => Service::TrainingGuided { training: f.entry("training")? },
        "training-checked" => Service::TrainingChecked {
            training: f.entry("training")?,
            checked: f.number("checked")?,
            failed: f.number("failed")?,
        },
        "promotion-held" => Service::PromotionHeld { title: f.filled("title")?, material_on: f.day("material_on")? },
        "complaint-ordered" => Service::ComplaintOrdered {
            complaint: f.entry("complaint")?,
            outlet: None,
            compensation: f.optional("compensation", cny, "100.00")?.unwrap_or_default(),
            correct: f.yes("correct")?,
        },
        "corrected" => Service::Corrected { order: f.entry("order")? },
        _ => Service::ClaimClosed { claim: f.entry("claim")?, blocked: f.yes("blocked")? },
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
        "deposit-paid" => Admission::DepositPaid { city: f.filled("city")? },
        "deposit-frozen" => {
            Admission::DepositFrozen { city: f.filled("city")?, amount: f.read("amount", cny, "300000")? }
        }
        "informed" => Admission::Informed(f.choice("department", DEPARTMENTS, &Department::ALL)?),
        "permission-opened" => Admission::PermissionOpened,
        "permission-postponed" => Admission::Postponed { until: f.day("until")? },
        _ => return Ok(None),
    }))
}

fn item_of(item: &str, f: &Typed<'_>) -> Result<Item, RecordError> {
    Ok(match item {
        "capital" => Item::Capital(f.optional("capital", cny, "1000000")?),
        "commitment" => Item::Commitment { years: f.read("years", |text| text.parse().ok(), "3")? },
        "daigou-id" => Item::DaigouId(f.filled("daigou_id")?),
        "technical-contacts" => Item::TechnicalContacts {
            own_system: f.yes("own_system")?,
            contacts: f.read("contacts", |text| text.parse().ok(), "2")?,
        },
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
        "service-hours" => Item::ServiceHours(Roster { weekday: f.shifts("weekday")?, day_off: f.shifts("day_off")? }),
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

fn territory(word: &str, f: &Typed<'_>) -> Result<Option<Territory>, RecordError> {
    Ok(Some(match word {
        "territory-confirmed" => Territory::Confirmed {
            city: f.filled("city")?,
            population: f.read("population", clean::whole, "1,200,000")?,
            plan: (0, 0),
        },
        "first-batch-normal" => Territory::FirstBatchNormal { city: f.filled("city")? },
        "conference-held" => Territory::ConferenceHeld(Held {
            city: f.filled("city")?,
            visits: f.number("visits")?,
            outlets_visited: f.number("outlets_visited")?,
            invited: f.number("invited")?,
            attended: f.number("attended")?,
            signed: f.number("signed")?,
            publicity: f.publicity()?,
        }),
        "conference-rectified" => Territory::ConferenceRectified { conference: f.entry("conference")? },
        "freeze-applied" => Territory::FreezeApplied {
            conference: f.entry("conference")?,
            entries: f.number("entries")?,
            errors: f.number("errors")?,
        },
        "pilot-done" => Territory::PilotDone { city: f.filled("city")? },
        "weed-out-agreed" => Territory::WeedOutAgreed(WeedOut {
            region: f.filled("region")?,
            standard: f.filled("standard")?,
            complaints: f.optional("complaints", small, "3")?,
            turnover: f.optional("turnover", small, "1000")?,
            members: f.optional("members", small, "20")?,
        }),
        "attrition-investigated" => Territory::AttritionInvestigated {
            city: f.filled("city")?,
            fault: f.yes("fault")?,
            unmet_demand: f.text("unmet_demand"),
        },
        _ => return Ok(None),
    }))
}

fn small(text: &str) -> Option<u32> {
    clean::whole(text)?.try_into().ok()
}

fn cny(text: &str) -> Option<Fen> {
    Fen::parse_cny(&clean::number(text)?).ok()
}

/// What was typed, field by field.
struct Typed<'a> {
    typed: &'a dyn Fn(&str) -> String,
    today: Day,
}

impl Typed<'_> {
    fn bad(&self, name: &'static str, want: impl Into<String>) -> RecordError {
        RecordError::Field { name, value: (self.typed)(name), want: want.into() }
    }

    fn text(&self, name: &str) -> Option<String> {
        clean::text(&(self.typed)(name))
    }

    fn filled(&self, name: &'static str) -> Result<String, RecordError> {
        self.text(name).ok_or(RecordError::Refused(Refusal::Missing { field: name }))
    }

    fn read<T>(&self, name: &'static str, read: impl Fn(&str) -> Option<T>, want: &str) -> Result<T, RecordError> {
        let folded = clean::fold(&self.filled(name)?);
        read(&folded).ok_or_else(|| self.bad(name, want))
    }

    fn optional<T>(
        &self,
        name: &'static str,
        read: impl Fn(&str) -> Option<T>,
        want: &str,
    ) -> Result<Option<T>, RecordError> {
        if self.text(name).is_none() { Ok(None) } else { self.read(name, read, want).map(Some) }
    }

    fn number(&self, name: &'static str) -> Result<u32, RecordError> {
        self.read(name, small, "120")
    }

    fn entry(&self, name: &'static str) -> Result<Seq, RecordError> {
        self.read(name, |text| text.trim_start_matches('#').parse().ok(), "12")
    }

    fn day(&self, name: &'static str) -> Result<Day, RecordError> {
        self.read(name, |text| parse_day_from(text, self.today).ok(), "2011-03-02")
    }

    fn id<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, RecordError> {
        self.read(name, |text| text.parse().ok(), "P0001")
    }

    fn choice<T: Clone>(&self, name: &'static str, words: &[&str], values: &[T]) -> Result<T, RecordError> {
        let place = |text: &str| words.iter().position(|word| *word == text.to_lowercase());
        self.read(name, |text| values.get(place(text)?).cloned(), &words.join(" | "))
    }

    fn yes(&self, name: &'static str) -> Result<bool, RecordError> {
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
        let letters = self.text("publicity").unwrap_or_default().to_lowercase();
        let letters: Vec<char> = letters.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        if letters.iter().any(|c| !('a'..='d').contains(c)) {
            return Err(self.bad("publicity", "abcd"));
        }
        Ok(['a', 'b', 'c', 'd'].map(|c| letters.contains(&c)))
    }

    /// What is in hand of form, photos, statement.
    fn evidence(&self) -> Result<Evidence, RecordError> {
        let mut evidence = Evidence::default();
        for word in clean::fold(&self.filled("evidence")?).split([',', ' ']).filter(|word| !word.is_empty()) {
            match word {
                "form" => evidence.form = true,
                "photos" => evidence.photos = true,
                "statement" => evidence.statement = true,
                _ => return Err(self.bad("evidence", "form,photos,statement")),
            }
        }
        Ok(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn kinds_and_fields_stand_once() {
        let all = || KINDS.iter().chain(FORMS);
        let words: HashSet<_> = all().map(|kind| kind.word).collect();
        assert_eq!(words.len(), all().count());
        for kind in all() {
            let names: HashSet<_> = kind.all_fields().map(|field| field.name).collect();
            assert_eq!(names.len(), kind.all_fields().count(), "{}", kind.word);
        }
    }

    /// A form that takes the example of each field makes a record of every kind.
    #[test]
    fn every_kind_is_read() {
        let today = Day::from_ymd_opt(2011, 3, 18).unwrap();
        let typed = |kind: &RecordKind, name: &str| {
            let field = kind.all_fields().find(|field| field.name == name).unwrap();
            match name {
                _ if !field.words.is_empty() => field.words[0].to_owned(),
                "weekday" | "day_off" => "09:00-22:00".to_owned(),
                "publicity" => "abd".to_owned(),
                "evidence" => "form,photos".to_owned(),
                "on" | "until" | "material_on" => "2011-03-02".to_owned(),
                "at" => "2011-03-02T09:00".to_owned(),
                "month" => "2011-02".to_owned(),
                _ => "12".to_owned(),
            }
        };
        for kind in KINDS.iter().chain(FORMS) {
            let read = kind.read(&|name| typed(kind, name), today, &|_| "P1".parse().ok());
            assert!(read.is_ok(), "{}: {read:?}", kind.word);
            for field in kind.all_fields().filter(|field| field.required) {
                let blank = |name: &str| if name == field.name { String::new() } else { typed(kind, name) };
                let refused = kind.read(&blank, today, &|_| "P1".parse().ok());
                let missing = RecordError::Refused(Refusal::Missing { field: field.name });
                assert_eq!(refused, Err(missing), "{} {}", kind.word, field.name);
            }
        }
    }

    #[test]
    fn what_no_field_takes_is_named() {
        let today = Day::from_ymd_opt(2011, 3, 18).unwrap();
        let read = |word: &str, name: &'static str, value: &str| {
            let kind = RecordKind::of(word).unwrap();
            let typed = |asked: &str| if asked == name { value.to_owned() } else { "09:00-22:00".to_owned() };
            match kind.read(&typed, today, &|_| "P1".parse().ok()) {
                Err(RecordError::Field { name, value, .. }) => (name, value),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(read("applied", "provider_id", "P 1").0, "provider_id");
        let kind = RecordKind::of("checked-service-hours").unwrap();
        for bad in ["9-22", "22:00-09:00", "09:00-25:00", "09:61-10:00"] {
            let typed = |name: &str| match name {
                "provider_id" => "P1".to_owned(),
                "on" => String::new(),
                "weekday" => bad.to_owned(),
                _ => "10:00-18:00".to_owned(),
            };
            let refused = kind.read(&typed, today, &|_| None);
            assert!(matches!(refused, Err(RecordError::Field { name: "weekday", .. })), "{bad}: {refused:?}");
        }
    }
}
