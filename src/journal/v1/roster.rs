//! Providers and outlets.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::domain;

wire_struct! {
    /// A provider's record.
    Provider<'a> is domain::Provider {
        id: Text<'a>,
        name: Text<'a>,
        kind: ProviderKind,
        city: Text<'a>,
        population: Option<u64>,
        registered_capital: Option<u64>,
        agreement_on: Option<i32>,
        email: Option<Text<'a>>,
        phone: Option<Text<'a>>,
    }
}

wire_enum! {
    /// Whose outlets a provider runs.
    ProviderKind is domain::ProviderKind {
        ThirdParty,
        SelfOperated,
    }
}

wire_struct! {
    /// An outlet's record.
    Outlet<'a> is domain::Outlet {
        id: Text<'a>,
        provider: Text<'a>,
        city: Text<'a>,
        name: Text<'a>,
        signed_on: Option<i32>,
        staff: Option<u32>,
    }
}
