//! Records of parts 1 and 2 as they are typed: which kinds there are, which fields each has, and how the texts become
//! a command. The command line and the console's forms are both made from this one table.

mod read;

use crate::domain::{Command, Recording, Refusal};
use crate::ids::{OutletId, ProviderId};
use crate::time::{Moment, parse_day_from};
use read::{Typed, of_outlet, of_provider, request};

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
const PAYEES: &[&str] = &["consumer", "outlet", "third-party"];
const SIGNERS: &[&str] = &["system-manager", "legal"];
const CHANNELS: &[&str] = &["registered-mail", "courier", "email", "system-message"];
const NOTICES: &[&str] = &[
    "deduction",
    "suspended",
    "plan",
    "passed",
    "failed",
    "decision",
    "exit-proposed",
    "exit-done",
    "objection-answered",
];
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
    kind("checked-service-hours", "1.4.3", &[P, want("weekday"), want("day_off"), may("declared")]),
    kind("checked-notice-address", "1.4.4(2)", &[P]),
    kind("confirmed", "1.5(1)", &[P, one_of("group", GROUPS)]),
    kind("account-opened", "1.5(2)", &[P]),
    kind("agreement-effective", "1.2(8)", &[P, want("city")]),
    kind("deposit-agreed", "1.2(8)", &[P, want("city"), want("amount")]),
    kind("deposit-paid", "1.5(2)", &[P, want("city")]),
    kind("deposit-frozen", "1.2(8)", &[P, want("city"), want("amount")]),
    kind("deposit-topped-up", "1.2(8)", &[P, want("city"), want("amount")]),
    kind("deposit-forfeited", "1.1(7)", &[P, want("amount"), may("city")]),
    kind("deposit-compensated", "1.1(7)", &[P, one_of("payee", PAYEES), want("amount"), may("city")]),
    kind("informed", "1.5(3)", &[P, one_of("department", DEPARTMENTS)]),
    kind("permission-opened", "1.5(3)", &[P]),
    kind("permission-postponed", "1.5(3)", &[P, want("until")]),
    kind("application-rejected", "1.5(3)", &[P]),
    kind("application-withdrawn", "1.5(3)", &[P]),
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
    kind("conference-judged", "1.6.1(1)6", &[P, want("conference"), one_of("off_process", YES)]),
    kind("failure-decided", "1.6.1(1)6", &[P, want("conference"), one_of("terminate", YES)]),
    kind("brand-checked", "1.6.2(1)", &[O, one_of("passed", YES)]),
    kind("material-checked", "1.6.2(2)", &[O, one_of("passed", YES)]),
    kind("outlet-proposed", "2.1.1(1)", &[P, O, want("city"), want("name"), may("staff"), may("conference")]),
    kind("outlet-reviewed", "2.1.1(1)", &[O, one_of("passed", YES)]),
    kind("outlet-signed", "2.1.1(2)", &[O, one_of("party", &["platform", "provider"])]),
    kind("outlet-opened", "2.1.1(3)", &[O, one_of("real_time", YES)]),
    kind("outlet-deposit-frozen", "2.1.1(3)", &[O, want("amount")]),
    kind("outlet-deposit-released", "2.1.1(3)", &[O, want("amount")]),
    kind("freeze-applied", "2.1.1(4)", &[P, want("conference"), want("entries"), want("errors")]),
    kind("pilot-done", "2.1.2", &[P, want("city")]),
    kind("training-held", "2.1.3(1)", &[P, want("city"), may("outlets")]),
    kind("training-guided", "2.1.3(2)", &[P, want("training")]),
    kind("training-checked", "2.1.3(3)", &[P, want("training"), want("checked"), want("failed")]),
    kind("promotion-held", "2.2.1", &[P, want("title"), want("material_on")]),
    kind("complained", "2.2.2", &[O, one_of("from", &["outlet", "consumer"]), want("problem")]),
    kind("complaint-ordered", "1.4.4(3)", &[P, want("complaint"), may("compensation"), one_of("correct", YES)]),
    kind("corrected", "1.4.4(3)", &[P, want("order")]),
    kind("outlet-suspended", "1.4.1", &[O]),
    kind("outlet-resumed", "1.4.1", &[O]),
    kind("outlet-closed", "1.4.1", &[O]),
    kind("outlet-transferred", "3.2", &[O, want("to")]),
    kind("outlet-exited", "2.2.4(1)", &[O, want("evidence")]),
    kind("exit-withdrawn", "2.2.4(1)", &[O]),
    kind("claim-opened", "2.2.4(2)", &[O, may("traded_on")]),
    kind("claim-closed", "2.2.4(2)", &[P, want("claim"), one_of("blocked", YES)]),
    kind("attrition-investigated", "2.2.3(1)", &[P, want("city"), one_of("fault", YES), may("unmet_demand")]),
    kind(
        "weed-out-agreed",
        "2.2.3(2)",
        &[P, want("region"), want("standard"), may("complaints"), may("turnover"), may("members")],
    ),
    kind("override-agreed", "4.4(3)", &[P, want("rule_name"), want("value"), may("effective")]),
    kind("objection-opened", "decision 27", &[P, want("against"), want("grounds")]),
    kind("objection-heard", "decision 27", &[P, want("objection")]),
    kind("objection-answered", "decision 27", &[P, want("objection"), one_of("upheld", YES)]),
    kind("rectification-planned", "3.1(2)", &[P, want("advice"), want("deadline"), want("standard")]),
    kind("rectification-passed", "3.1(3)", &[P, want("points")]),
    kind("rectification-failed", "3.1(4)", &[P, want("points"), want("advice"), want("deadline"), want("standard")]),
    kind("rectification-extended", "3.1(4)", &[P, want("advice"), want("deadline"), want("standard")]),
    kind("rectification-withdrawn", "decision 4", &[P]),
    kind("termination-decided", "3.2", &[P, want("year"), one_of("terminate", YES)]),
    kind("provider-exit-proposed", "3.3(1)", &[P, may("seen")]),
    kind("provider-exit-confirmed", "3.3(1)", &[P, may("seen")]),
    kind("provider-exit-signed", "3.3(1)", &[P, one_of("role", SIGNERS), may("seen")]),
    kind("permissions-frozen", "3.3(1)", &[P]),
    kind("provider-exit-withdrawn", "3.3(1)", &[P]),
    kind("contract-ended", "3.3(3)", &[P]),
    kind("deposit-released", "3.3(3)", &[P, want("city"), want("amount")]),
    kind(
        "notice-sent",
        "4.3",
        &[P, one_of("event", NOTICES), want("recipients"), one_of("via", CHANNELS), may("about"), may("entered")],
    ),
    kind("notice-entered", "decision 25", &[P, want("notice"), want("at")]),
    kind("notice-proved", "4.3", &[P, want("notice"), want("proof")]),
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

    /// Whether it ends a provider, or takes its money (3.2, 3.3(1), 1.1(7)): then its id is typed, whatever is selected.
    pub fn is_grave(&self) -> bool {
        matches!(self.word, "termination-decided" | "permissions-frozen" | "contract-ended" | "deposit-forfeited")
    }

    /// Whether it is about an outlet, whose provider follows from it.
    pub fn is_outlets(&self) -> bool {
        self.fields.first().is_some_and(|field| field.name == O.name)
    }

    /// What was typed and does not fit its field, each by itself; blank fields fit.
    pub fn misfits(&self, typed: &dyn Fn(&str) -> String, now: Moment) -> Vec<RecordError> {
        let f = Typed { typed, now };
        let filled = self.all_fields().filter(|field| f.text(field.name).is_some());
        filled.filter_map(|field| f.fits(self, field).err()).collect()
    }

    /// What was typed, as a command. `typed` answers with the text of a field, `owner` with an outlet's provider.
    pub fn read(
        &self,
        typed: &dyn Fn(&str) -> String,
        now: Moment,
        owner: &dyn Fn(&OutletId) -> Option<ProviderId>,
    ) -> Result<Command, RecordError> {
        let f = Typed { typed, now };
        if let Some(misfit) = self.misfits(typed, now).into_iter().next() {
            return Err(misfit);
        }
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
        let on = f.optional("on", |text| parse_day_from(text, now.day()).ok(), "2011-03-02")?;
        let (confirmed_by, note) = (f.text("confirmed_by"), f.text("note"));
        Ok(Command::Record(Box::new(Recording { provider, fact, on, confirmed_by, note })))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]
mod tests;
