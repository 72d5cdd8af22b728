//! Requests of outlets, and terms.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::{calendar, domain};

wire_struct! {
    /// An outlet asked.
    Request<'a> is domain::Request {
        outlet: Text<'a>,
        provider: Text<'a>,
        kind: RequestKind,
        asked: i64,
        term: Term,
        due: i64,
        calendar: Text<'a>,
        note: Option<Text<'a>>,
    }
}

wire_enum! {
    /// What an outlet asks for.
    RequestKind is domain::RequestKind {
        Help,
        Exit,
    }
}

wire_enum! {
    /// How long somebody has.
    Term is calendar::Term {
        WorkingHours(count: u8),
        WorkingDays(count: u8),
        Days(count: u16),
        Months(count: u8),
        Until,
    }
}
