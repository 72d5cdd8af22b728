//! Ledger lines, and what they stand on.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::{domain, rulebook};

wire_struct! {
    /// What is charged.
    Deduction<'a> is domain::Deduction {
        provider: Text<'a>,
        article: Text<'a>,
        points: u16,
        occurred_on: i32,
        outlet: Option<Text<'a>>,
        problem: Option<Text<'a>>,
        note: Option<Text<'a>>,
        subject: Option<LineSubject<'a>>,
        evidence: Option<Text<'a>>,
    }
}

wire_struct! {
    /// What the rulebook of its day says of a line.
    LineLaw is domain::LineLaw {
        kind: ArticleKind,
        cap: Option<u16>,
        needs: Needs,
    }
}

wire_enum! {
    /// Whether an article takes or gives points.
    ArticleKind is rulebook::ArticleKind {
        Deduction,
        Credit,
    }
}

wire_enum! {
    /// What a line of an article must stand on.
    Needs is rulebook::Needs {
        Evidence,
        Conference,
        Territory,
        Outlet,
        Training,
        Month,
        Rectification,
    }
}

wire_enum! {
    /// What a line stands for.
    LineSubject<'a> is domain::LineSubject {
        Conference(entry: u64),
        Training(entry: u64),
        Territory(name: Text<'a>),
        Rollout(name: Text<'a>, phase: Phase),
        Month(month: i32),
        Named(name: Text<'a>),
        Rectification(entry: u64),
    }
}

wire_enum! {
    /// A phase of a roll-out.
    Phase is domain::Phase {
        First,
        All,
    }
}

wire_struct! {
    /// What a line stands on.
    Support<'a> is domain::Support {
        subject: Option<LineSubject<'a>>,
        evidence: Option<Text<'a>>,
    }
}
