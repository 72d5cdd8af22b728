//! What stands of a record when entries go or come back.

use super::declare::wire_enum;
use super::held::Text;
use super::roster::Outlet;
use super::roster::Provider;
use super::turnover::Turnover;
use crate::domain;

wire_enum! {
    /// What is left.
    Left<'a> is domain::Left {
        Provider(provider: Provider<'a>),
        Outlet(outlet: Outlet<'a>),
        Turnover { outlet: Text<'a>, month: i32, report: Option<Turnover<'a>> },
    }
}
