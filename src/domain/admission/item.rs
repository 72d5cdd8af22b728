//! The checklist of an admission (1.2 to 1.4): its items, and what each has to reach.

use super::Scope;
use crate::domain::happening::Draft;
use crate::domain::{NAME_MAX, Refusal, required};
use crate::money::Fen;
use crate::rulebook::{Contacts, ServiceHours, Staffing};
use crate::time::hours_and_minutes;
use serde::{Deserialize, Serialize};

/// An item of the checklist, with what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "`clause` beside it says where each stands")]
pub enum Item {
    LegalCapacity,
    Premises,
    NoCheating,
    ConsumerProtection,
    /// Registered capital; where none is given a waiver, whose reason is the note.
    Capital(Option<Fen>),
    Commitment {
        years: u8,
    },
    FixedPremises,
    DaigouId(String),
    TechnicalContacts {
        own_system: bool,
        contacts: u8,
    },
    RealTimeService,
    Staff(Staffing),
    Contacts(Contacts),
    ServiceHours(Roster),
    NoticeAddress,
    Mandate,
}

/// When a provider's people are there: shifts in minutes of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Monday to Friday.
    pub weekday: Vec<(u16, u16)>,
    /// Weekends and statutory holidays.
    pub day_off: Vec<(u16, u16)>,
    /// Times that the provider has declared as without service: no gap (1.4.3).
    pub declared: Vec<(u16, u16)>,
}

/// Words of the items that an application needs, besides the mandate of a third party.
pub const ITEMS: [&str; 14] = [
    "legal-capacity",
    "premises",
    "no-cheating",
    "consumer-protection",
    "capital",
    "commitment",
    "fixed-premises",
    "daigou-id",
    "technical-contacts",
    "real-time-service",
    "staffing",
    "contacts",
    "service-hours",
    "notice-address",
];

impl Item {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Item::LegalCapacity => ITEMS[0],
            Item::Premises => ITEMS[1],
            Item::NoCheating => ITEMS[2],
            Item::ConsumerProtection => ITEMS[3],
            Item::Capital(_) => ITEMS[4],
            Item::Commitment { .. } => ITEMS[5],
            Item::FixedPremises => ITEMS[6],
            Item::DaigouId(_) => ITEMS[7],
            Item::TechnicalContacts { .. } => ITEMS[8],
            Item::RealTimeService => ITEMS[9],
            Item::Staff(_) => ITEMS[10],
            Item::Contacts(_) => ITEMS[11],
            Item::ServiceHours(_) => ITEMS[12],
            Item::NoticeAddress => ITEMS[13],
            Item::Mandate => "mandate",
        }
    }
}

/// An item of the checklist against its clause.
pub(super) fn check(draft: &Draft<'_, '_>, item: &Item) -> Result<(), Refusal> {
    let book = draft.rules();
    let least = |what, need: u32, have: u32, clause| {
        if have < need { Err(Refusal::Short { what, need, have, clause }) } else { Ok(()) }
    };
    match item {
        Item::Capital(amount) => capital(draft, *amount),
        Item::Commitment { years } => {
            least("years", u32::from(book.measures.commitment_years), u32::from(*years), "1.2(6)")
        }
        Item::DaigouId(id) => required("daigou_id", id, NAME_MAX).map(drop),
        Item::TechnicalContacts { own_system: true, contacts } => {
            least("contacts", u32::from(book.measures.technical_contacts), u32::from(*contacts), "1.3(3)")
        }
        // The text lets the volume of business decide: fewer is a waiver, with a reason and a name.
        Item::Staff(_) if draft.note.is_some() && draft.confirmed_by.is_some() => Ok(()),
        Item::Staff(has) => {
            let least_of = book.staffing;
            least("project_managers", least_of.project_managers, has.project_managers, "1.4.2(1)")?;
            least("channel_staff", least_of.channel_staff, has.channel_staff, "1.4.2(1)")?;
            least("service_advisers", least_of.service_advisers, has.service_advisers, "1.4.2(1)")?;
            least("daily_operations", least_of.daily_operations, has.daily_operations, "1.4.2(1)")?;
            least("telephone", least_of.telephone, has.telephone, "1.4.2(1)")?;
            least("marketing", least_of.marketing, has.marketing, "1.4.2(1)")
        }
        Item::Contacts(has) => {
            least("channel", book.contacts.channel, has.channel, "1.4.2(2)")?;
            least("technical", book.contacts.technical, has.technical, "1.4.2(2)")?;
            least("operations", book.contacts.operations, has.operations, "1.4.2(2)")?;
            least("customer_service", book.contacts.customer_service, has.customer_service, "1.4.2(2)")
        }
        Item::ServiceHours(roster) => {
            let gaps = roster.gaps(book.service_hours);
            if gaps.is_empty() { Ok(()) } else { Err(Refusal::HoursGap { gaps: gaps.join(", ") }) }
        }
        Item::NoticeAddress => match (&draft.provider.phone, &draft.provider.email) {
            (Some(_), Some(_)) => Ok(()),
            (None, _) => Err(Refusal::Missing { field: "phone" }),
            (_, None) => Err(Refusal::Missing { field: "email" }),
        },
        _ => Ok(()),
    }
}

/// 1.2(5): enough capital; for one city it may be waived, with a reason and the name of who answers for it.
fn capital(draft: &Draft<'_, '_>, amount: Option<Fen>) -> Result<(), Refusal> {
    let need = draft.rules().measures.capital;
    let scope = super::deposit::scope(&draft.state.dossier);
    match amount {
        Some(have) if have >= need => Ok(()),
        Some(have) => Err(Refusal::Amount { need, have, clause: "1.2(5)" }),
        None if scope == Some(Scope::City) && draft.confirmed_by.is_none() => {
            Err(Refusal::Missing { field: "confirmed_by" })
        }
        None if scope == Some(Scope::City) => draft.reason(),
        None => Err(Refusal::NoWaiver),
    }
}

impl Roster {
    /// When nobody is there though service is open, such as `weekday 18:00-22:00`; times that are declared as without
    /// service are no gap (1.4.3).
    pub fn gaps(&self, hours: ServiceHours) -> Vec<String> {
        let of = |name: &str, shifts: &[(u16, u16)], (open, close): (u16, u16)| {
            let mut shifts = [shifts, &self.declared].concat();
            shifts.sort_unstable();
            let (mut at, mut gaps) = (open, Vec::new());
            for (from, to) in shifts.into_iter().chain([(close, close)]) {
                if from.min(close) > at {
                    let time = |minutes: u16| hours_and_minutes(i64::from(minutes));
                    gaps.push(format!("{name} {}-{}", time(at), time(from.min(close))));
                }
                at = at.max(to);
            }
            gaps
        };
        [of("weekday", &self.weekday, hours.weekday), of("day-off", &self.day_off, hours.day_off)].concat()
    }
}
