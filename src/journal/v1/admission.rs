//! Steps of the admission.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::{domain, rulebook};

wire_enum! {
    /// A step.
    Admission<'a> is domain::admission::Admission {
        Applied { scope: Scope },
        RulesAccepted { edition: Text<'a> },
        Checked(item: Item<'a>),
        Confirmed(group: Group),
        AccountOpened,
        AgreementEffective { city: Text<'a> },
        DepositPaid { city: Text<'a> },
        DepositFrozen { city: Text<'a>, amount: u64 },
        Informed(department: Department),
        PermissionOpened,
        Postponed { until: i32 },
        DepositAgreed { city: Text<'a>, amount: u64 },
        Rejected,
        Withdrawn,
    }
}

wire_enum! {
    /// An item of the checklist.
    Item<'a> is domain::admission::Item {
        LegalCapacity,
        Premises,
        NoCheating,
        ConsumerProtection,
        Capital(amount: Option<u64>),
        Commitment { years: u8 },
        FixedPremises,
        DaigouId(name: Text<'a>),
        TechnicalContacts { own_system: bool, contacts: u8 },
        RealTimeService,
        Staff(staffing: Staffing),
        Contacts(contacts: Contacts),
        ServiceHours(roster: Roster),
        NoticeAddress,
        Mandate,
    }
}

wire_struct! {
    /// People by their work.
    Staffing is rulebook::Staffing {
        project_managers: u32,
        channel_staff: u32,
        service_advisers: u32,
        daily_operations: u32,
        telephone: u32,
        marketing: u32,
    }
}

wire_struct! {
    /// Contacts by their work.
    Contacts is rulebook::Contacts {
        channel: u32,
        technical: u32,
        operations: u32,
        customer_service: u32,
    }
}

wire_struct! {
    /// Hours of service, in minutes of the day.
    Roster is domain::admission::Roster {
        weekday: Vec<(u16, u16)>,
        day_off: Vec<(u16, u16)>,
        declared: Vec<(u16, u16)>,
    }
}

wire_enum! {
    /// How far it applies.
    Scope is domain::admission::Scope {
        National,
        Regional,
        City,
    }
}

wire_enum! {
    /// Who confirms.
    Group is domain::admission::Group {
        Expansion,
        Operations,
        Merchandise,
    }
}

wire_enum! {
    /// Who is informed.
    #[allow(clippy::enum_variant_names, reason = "the names are the regulation's own words")]
    Department is domain::admission::Department {
        Legal,
        Finance,
        SystemDevelopment,
        DepartmentHead,
        Expansion,
    }
}
