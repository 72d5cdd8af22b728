//! What somebody did with an alert.

use super::declare::wire_enum;
use super::finding::Subject;
use super::held::Text;
use super::record::ObligationKind;
use crate::domain;

wire_enum! {
    /// Which alert.
    AlertSubject<'a> is domain::AlertSubject {
        Score(year: i32),
        Due(entry: u64, obligation_kind: ObligationKind),
        Finding(subject: Subject),
        NearDormant(month: i32),
        NearAttrition(entry: u64),
        FinalStatus(month: i32),
        Deposit,
        Claim(entry: u64),
        Correction(entry: u64),
        FailedAgain(entry: u64),
        Edition(name: Text<'a>),
        Changed(subject: Subject),
        LateAnswer(entry: u64),
        Staff,
        Objection(entry: u64),
        Rectification(entry: u64),
        ProviderExit(entry: u64),
        Proposal(entry: u64),
    }
}

wire_enum! {
    /// What was done.
    Mark<'a> is domain::Mark {
        Acknowledged,
        Snoozed { until: i64 },
        Assigned { to: Text<'a> },
    }
}
