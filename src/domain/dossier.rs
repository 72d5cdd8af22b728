//! A provider's dossier: what its records come to. Folded from facts ([`super::state`]) and from nothing else.

use super::admission::{Admission, AdmissionStage};
use super::audit::Audited;
use super::deposit::Money;
use super::edition::Agreed;
use super::exit::{Decided, Exit};
use super::notice::Notice;
use super::objection::Objection;
use super::rectification::Planned;
use super::territory::{Conference, Territory, WeedOut};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::time::{Day, Moment, Month};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a provider's records come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// The steps of its admission, in the order of their days.
    pub admission: Vec<Taken>,
    /// Its cities.
    pub territories: Vec<Territory>,
    /// Its conferences.
    pub conferences: Vec<Conference>,
    /// Trainings whose check is still owed.
    pub trainings: Vec<Training>,
    /// The day of its last promotion.
    pub promoted_on: Option<Day>,
    /// Weed-out standards that were agreed, the last of each region (2.2.3(2)).
    pub weed_out: Vec<WeedOut>,
    /// Outlets that serve, by city (1.6.1(2)).
    pub serving: BTreeMap<String, u32>,
    /// Complaints, in the order of their days.
    pub complaints: Vec<(Seq, OutletId)>,
    /// Help requests that were answered late (2.2.2), in the order of the answers.
    pub late_answers: Vec<LateAnswer>,
    /// Claims after an exit that are not closed (2.2.4(2)).
    pub claims: Vec<(Seq, OutletId)>,
    /// Outlets that were ordered to be corrected and are not yet (1.4.4(3)).
    pub corrections: Vec<(Seq, OutletId)>,
    /// Cities with a frozen deposit, and what was frozen for each in all (1.2(8)).
    pub deposits: Vec<(String, Fen)>,
    /// What was agreed for cities whose deposit is not the fixed one (1.2(8)).
    pub agreed_deposits: Vec<(String, Fen)>,
    /// Its accounts: what deposits hold, what was taken from them, what is owed.
    pub money: Money,
    /// Objections, in the order of their days (decisions 21 and 27).
    pub objections: Vec<Objection>,
    /// Plans of rectifications, in the order of their days (3.1).
    pub rectifications: Vec<Planned>,
    /// What was decided at 100 points (3.2).
    pub terminations: Vec<Decided>,
    /// The exit that is under way, or done (3.3).
    pub exit: Option<Exit>,
    /// Notices, in the order of their days (4.3).
    pub notices: Vec<Notice>,
    /// Months with an order whose final status was not reported (1.3(5)): orders, and with a final status.
    pub unreported: Vec<(Month, u64, u64)>,
    /// What it agreed otherwise than the rulebook says, in the order of the days from which it holds (4.4(3)).
    pub agreed: Vec<Agreed>,
    /// Audits, in the order of their days.
    pub audits: Vec<Audited>,
}

/// A step of the admission that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The entry.
    pub seq: Seq,
    /// The step.
    pub step: Admission,
    /// The day.
    pub on: Day,
    /// Who stands for it.
    pub by: String,
    /// Reason and remarks: a waiver's reason.
    pub note: Option<String>,
}

/// A help request that was answered late (2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateAnswer {
    /// The request's entry.
    pub request: Seq,
    /// The outlet that asked.
    pub outlet: OutletId,
    /// When the answer was due.
    pub due: Moment,
    /// When it came.
    pub at: Moment,
}

/// A training whose check is still owed (2.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The entry.
    pub seq: Seq,
    /// Where.
    pub city: String,
    /// The day.
    pub on: Day,
    /// Outlets that were trained.
    pub outlets: u32,
    /// When materials were delivered and guidance given on site, and the entry.
    pub guided: Option<(Seq, Day)>,
}

impl Dossier {
    /// How far the admission has come.
    pub fn stage(&self) -> AdmissionStage {
        AdmissionStage::of(&self.admission)
    }

    /// Whether just that step of the admission was taken.
    pub fn has(&self, step: &Admission) -> bool {
        self.admission.iter().any(|taken| taken.step == *step)
    }

    /// Whether an edition of the rulebook was accepted (4.4(2)).
    pub fn accepts(&self, edition: &str) -> bool {
        self.has(&Admission::RulesAccepted { edition: edition.to_owned() })
    }

    /// A city of its.
    pub fn territory(&self, city: &str) -> Option<&Territory> {
        self.territories.iter().find(|t| t.city == city)
    }

    /// What the deposits are short of: of those that are frozen, and of confirmed cities that have none (1.2(8)).
    pub fn shortfall(&self, fixed: Fen) -> Fen {
        super::admission::deposit::short(self, fixed)
    }

    /// How many cities have a deposit, or want one.
    pub fn deposit_cities(&self) -> usize {
        super::admission::deposit::cities(self)
    }

    /// A month's final statuses as they now stand (1.3(5)).
    pub fn reported(&mut self, month: Month, orders: u64, with_final_status: u64) {
        self.unreported.retain(|(m, ..)| *m != month);
        if with_final_status < orders {
            let place = self.unreported.partition_point(|(m, ..)| *m < month);
            self.unreported.insert(place, (month, orders, with_final_status));
        }
    }
}
