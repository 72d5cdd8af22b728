//! Time limits and measures of parts 1 and 2: how long, how many, what share.

use crate::calendar::Term;
use crate::money::Fen;
use serde::{Deserialize, Deserializer};

/// How long each thing may take, by what it is called in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the rulebook file says beside each what it is")]
pub struct Limits {
    #[serde(deserialize_with = "term")]
    pub help_answer: Term,
    #[serde(deserialize_with = "term")]
    pub exit_answer: Term,
    #[serde(deserialize_with = "term")]
    pub deposit: Term,
    #[serde(deserialize_with = "term")]
    pub permission: Term,
    #[serde(deserialize_with = "term")]
    pub next_conference: Term,
    #[serde(deserialize_with = "term")]
    pub first_batch: Term,
    #[serde(deserialize_with = "term")]
    pub all_outlets: Term,
    #[serde(deserialize_with = "term")]
    pub second_stage: Term,
    #[serde(deserialize_with = "term")]
    pub review: Term,
    #[serde(deserialize_with = "term")]
    pub signing: Term,
    #[serde(deserialize_with = "term")]
    pub outlet_permission: Term,
    #[serde(deserialize_with = "term")]
    pub freeze_application: Term,
    #[serde(deserialize_with = "term")]
    pub pilot_batch: Term,
    #[serde(deserialize_with = "term")]
    pub training: Term,
    #[serde(deserialize_with = "term")]
    pub guidance: Term,
    #[serde(deserialize_with = "term")]
    pub training_check: Term,
    #[serde(deserialize_with = "term")]
    pub promotion: Term,
    #[serde(deserialize_with = "term")]
    pub deposit_release: Term,
    #[serde(deserialize_with = "term")]
    pub objection_answer: Term,
}

/// Least numbers and shares in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the rulebook file says beside each what it is")]
pub struct Measures {
    #[serde(deserialize_with = "yuan")]
    pub capital: Fen,
    pub commitment_years: u8,
    #[serde(deserialize_with = "yuan")]
    pub deposit: Fen,
    pub technical_contacts: u8,
    pub people_per_outlet: u32,
    pub first_batch_percent: u32,
    pub attendance_percent: u32,
    pub signed_percent: u32,
    pub entry_error_percent: u32,
    pub training_failed_percent: u32,
    pub attrition_percent: u32,
    pub second_stage_months: u8,
    pub release_months: u8,
}

impl Measures {
    /// What cannot be meant.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let shares = [
            self.first_batch_percent,
            self.attendance_percent,
            self.signed_percent,
            self.entry_error_percent,
            self.training_failed_percent,
            self.attrition_percent,
        ];
        match () {
            () if self.people_per_outlet == 0 => Some("people-per-outlet is 0: write 1 or more"),
            () if shares.iter().any(|percent| *percent > 100) => Some("a percentage is over 100"),
            () => None,
        }
    }
}

impl ServiceHours {
    /// What cannot be meant.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let sound = |(from, to): (u16, u16)| from < to && to <= 24 * 60;
        let both = sound(self.weekday) && sound(self.day_off);
        (!both).then_some("service hours are minutes of a day, from before to, at most 1440")
    }
}

/// People of a provider: least numbers (1.4.2(1)), and contacts (1.4.2(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub struct Staffing {
    pub project_managers: u32,
    pub channel_staff: u32,
    pub service_advisers: u32,
    pub daily_operations: u32,
    pub telephone: u32,
    pub marketing: u32,
}

/// Who is reached for what (1.4.2(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub struct Contacts {
    pub channel: u32,
    pub technical: u32,
    pub operations: u32,
    pub customer_service: u32,
}

/// Minutes of a day in which service is open, from and to (1.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceHours {
    /// Monday to Friday.
    pub weekday: (u16, u16),
    /// Weekends and statutory holidays.
    pub day_off: (u16, u16),
}

fn term<'de, D: Deserializer<'de>>(from: D) -> Result<Term, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn yuan<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
    u32::deserialize(from).map(|yuan| Fen(u64::from(yuan) * 100))
}
