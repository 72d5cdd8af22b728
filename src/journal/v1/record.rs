//! Records of parts 1 and 2, with what may become due by each.

use super::admission::Admission;
use super::case;
use super::declare::{wire_enum, wire_struct};
use super::deposit;
use super::edition::Otherwise;
use super::held::Text;
use super::life;
use super::notice;
use super::objection;
use super::request::Term;
use super::service;
use super::territory;
use crate::domain;

wire_struct! {
    /// Something happened.
    Happening<'a> is domain::Happening {
        provider: Text<'a>,
        fact: Fact<'a>,
        on: i32,
        confirmed_by: Option<Text<'a>>,
        note: Option<Text<'a>>,
        terms: Vec<Obligation<'a>>,
        law: Law,
    }
}

wire_enum! {
    /// What happened, by area.
    Fact<'a> is domain::Fact {
        Admission(admission: Admission<'a>),
        Territory(step: territory::Step<'a>),
        Outlet(outlet: Text<'a>, step: life::Step<'a>),
        Service(step: service::Step<'a>),
        Deposit(step: deposit::Step<'a>),
        Objection(step: objection::Step<'a>),
        Case(step: case::Step<'a>),
        Notice(step: notice::Step<'a>),
        Otherwise(agreed: Otherwise<'a>),
        Audit(audit: Audit<'a>),
    }
}

wire_struct! {
    /// An audit.
    Audit<'a> is domain::audit::Audit {
        auditors: Vec<Text<'a>>,
        scope: Text<'a>,
        lines: u32,
    }
}

wire_enum! {
    /// The shares in force on its day.
    Law is domain::Law {
        None,
        Conference { attended: u32, signed: u32 },
        Most(number: u32),
    }
}

wire_struct! {
    /// What may become due.
    Obligation<'a> is domain::Obligation {
        kind: ObligationKind,
        about: About<'a>,
        start: i64,
        term: Term,
        due: i64,
        calendar: Text<'a>,
        need: u32,
        have: u32,
    }
}

wire_enum! {
    /// What is due.
    ObligationKind is domain::ObligationKind {
        HelpAnswer,
        ExitAnswer,
        Deposit,
        Permission,
        NextConference,
        FirstBatch,
        AllOutlets,
        SecondStage,
        Review,
        Signing,
        OutletPermission,
        FreezeApplication,
        PilotBatch,
        Training,
        Guidance,
        TrainingCheck,
        Promotion,
        ExitEvidence,
        OutletDeposit,
        DepositRelease,
        ObjectionAnswer,
        RectificationDeadline,
    }
}

wire_enum! {
    /// Whom it is about.
    About<'a> is domain::About {
        Provider,
        City(name: Text<'a>),
        Outlet(outlet: Text<'a>),
        Entry(entry: u64),
    }
}
