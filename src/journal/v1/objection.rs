//! Steps of objections.

use super::declare::wire_enum;
use super::finding::Subject;
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::objection::ObjectionStep {
        Opened { against: Against, grounds: Text<'a> },
        Heard { objection: u64 },
        Answered { objection: u64, upheld: bool },
    }
}

wire_enum! {
    /// Against what.
    Against is domain::objection::Against {
        Line(line: u64),
        Finding(subject: Subject),
    }
}
