//! Steps of training, promotion, complaints and claims.

use super::declare::wire_enum;
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::service::ServiceStep {
        TrainingHeld { city: Text<'a>, outlets: Vec<Text<'a>> },
        TrainingGuided { training: u64 },
        TrainingChecked { training: u64, checked: u32, failed: u32 },
        PromotionHeld { title: Text<'a>, material_on: i32 },
        Complained { outlet: Text<'a>, from: Complainant, problem: Option<Text<'a>> },
        ComplaintOrdered { complaint: u64, compensation: u64, correct: bool },
        Corrected { order: u64 },
        ClaimOpened { outlet: Text<'a>, traded_on: Option<i32> },
        ClaimClosed { claim: u64, blocked: bool },
    }
}

wire_enum! {
    /// Who complained.
    Complainant is domain::service::Complainant {
        Outlet,
        Consumer,
    }
}
