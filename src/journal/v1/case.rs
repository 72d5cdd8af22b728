//! Steps of cases: rectification, what is decided at 100 points, a provider's exit.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::case::CaseStep {
        Rectification(step: Rectification<'a>),
        Decided { year: i32, terminate: bool },
        Exit(step: Exit),
    }
}

wire_enum! {
    /// Of a rectification.
    Rectification<'a> is domain::rectification::RectificationStep {
        Planned(plan: Plan<'a>),
        Passed { points: u32 },
        Failed { points: u32, plan: Plan<'a> },
        Extended(plan: Plan<'a>),
        Withdrawn,
    }
}

wire_struct! {
    /// What a plan asks for.
    Plan<'a> is domain::rectification::Plan {
        advice: Text<'a>,
        deadline: i32,
        standard: Text<'a>,
    }
}

wire_enum! {
    /// Of an exit.
    Exit is domain::exit::ExitStep {
        Proposed { seen: Option<u64> },
        Confirmed { seen: Option<u64> },
        Signed { role: Role, seen: Option<u64>, lapsed: Vec<u64> },
        Frozen { ends: bool },
        Withdrawn,
    }
}

wire_enum! {
    /// As whom.
    Role is domain::case::Role {
        Expansion,
        DepartmentHead,
        SystemManager,
        Legal,
    }
}
