//! Steps of notices.

use super::declare::wire_enum;
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::notice::NoticeStep {
        Sent {
            event: Event,
            about: Option<u64>,
            to: Vec<Addressee>,
            channel: Channel,
            entered: Option<i64>,
            says: Vec<(Text<'a>, Text<'a>)>,
        },
        Entered { notice: u64, at: i64 },
        Proved { notice: u64, proof: Text<'a> },
    }
}

wire_enum! {
    /// About what.
    Event is domain::notice::NoticeEvent {
        Deduction,
        Suspended,
        Plan,
        Passed,
        Failed,
        Decision,
        ExitProposed,
        ExitDone,
        ObjectionAnswered,
    }
}

wire_enum! {
    /// To whom.
    Addressee is domain::notice::Addressee {
        Provider,
        Expansion,
        ProductSupport,
        Legal,
        Finance,
        CustomerSatisfaction,
    }
}

wire_enum! {
    /// How.
    Channel is domain::notice::Channel {
        RegisteredMail,
        Courier,
        Email,
        SystemMessage,
    }
}
