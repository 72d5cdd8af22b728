//! Findings, and the measures that were decided on.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use super::turnover::Dormancy;
use crate::domain;

wire_struct! {
    /// Which finding.
    FindingId<'a> is domain::FindingId {
        provider: Text<'a>,
        subject: Subject,
    }
}

wire_enum! {
    /// What a finding is about.
    Subject is domain::Subject {
        Dormant(month: i32),
        Exit(entry: u64),
        Of(breach: Breach, entry: u64),
    }
}

wire_enum! {
    /// What was broken.
    Breach is domain::Breach {
        Conference,
        FirstBatch,
        AllOutlets,
        Brand,
        Material,
        Signing,
        Training,
        Promotion,
        Complaint,
        Attrition,
        Claim,
    }
}

wire_enum! {
    /// What was found.
    Measured<'a> is domain::Measured {
        Dormant(dormancy: Dormancy),
        Late { outlet: Text<'a>, due: i64, answered: Option<i64> },
        Missed { due: i64, done: Option<i64>, need: u32, have: u32 },
        Conference { invited: u32, attended: u32, signed: u32 },
        Share { part: u32, whole: u32, percent: u32 },
        LateAndFaulty { due: i64, done: Option<i64>, part: u32, whole: u32, percent: u32 },
        Event,
    }
}
