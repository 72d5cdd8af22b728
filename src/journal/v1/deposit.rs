//! Steps of deposits.

use super::declare::wire_enum;
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::deposit::DepositStep {
        ToppedUp { city: Text<'a>, amount: u64 },
        Forfeited { city: Option<Text<'a>>, amount: u64 },
        Compensated { city: Option<Text<'a>>, amount: u64, to: Payee },
        ContractEnded,
        Released { city: Text<'a>, amount: u64 },
        OutletFrozen { outlet: Text<'a>, amount: u64 },
        OutletReleased { outlet: Text<'a>, amount: u64 },
    }
}

wire_enum! {
    /// Who is compensated.
    Payee is domain::deposit::Payee {
        Consumer,
        Outlet,
        ThirdParty,
    }
}
