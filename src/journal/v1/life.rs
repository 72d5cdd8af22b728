//! Steps in the life of an outlet.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use super::roster::Outlet;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::life::OutletStep {
        Proposed { outlet: Outlet<'a>, conference: Option<u64> },
        Reviewed { passed: bool },
        Signed { party: Party },
        Opened { real_time: bool },
        Suspended,
        Resumed,
        Exited { evidence: Evidence },
        Stayed,
        Closed,
        Transferred { to: Text<'a> },
        BrandChecked { passed: bool },
        MaterialChecked { passed: bool },
    }
}

wire_enum! {
    /// Who signed.
    Party is domain::life::Party {
        Platform,
        Provider,
    }
}

wire_struct! {
    /// What shows that it left.
    Evidence is domain::life::Evidence {
        form: bool,
        photos: bool,
        statement: bool,
    }
}
