//! Ledger lines, and what they stand on.

use super::declare::{Live, Of, wire_enum, wire_struct};
use super::finding::FindingId;
use super::held::Text;
use crate::ids::Seq;
use crate::points::Points;
use crate::rulebook::{ArticleKind, EditionHash};
use crate::{domain, rulebook};

wire_struct! {
    /// What is charged.
    Deduction<'a> is domain::Deduction {
        provider: Text<'a>,
        article: Text<'a>,
        points: u32,
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
    LineLaw is Parts {
        kind: Kind,
        cap: Option<u32>,
        needs: Needs,
    }
}

wire_enum! {
    /// Whether an article takes or gives points; from the third on with the edition that the line was judged by.
    Kind is Judged {
        Deduction,
        Credit,
        DeductionBy(edition: [u8; 32], agreed: Option<u64>),
        CreditBy(edition: [u8; 32], agreed: Option<u64>),
        Confirmed { edition: [u8; 32], agreed: Option<u64>, proposed: u64 },
    }
}

/// A line's law as it is written: lines knew no edition at first, so that it stands where an enum could grow.
pub struct Parts {
    kind: Judged,
    cap: Option<Points>,
    needs: rulebook::Needs,
}

/// Whether a line takes or gives points, and by which edition.
pub enum Judged {
    Deduction,
    Credit,
    DeductionBy(EditionHash, Option<Seq>),
    CreditBy(EditionHash, Option<Seq>),
    /// A deduction that took a second person.
    Confirmed {
        edition: EditionHash,
        agreed: Option<Seq>,
        proposed: Seq,
    },
}

impl Of<'_, domain::LineLaw> for LineLaw {
    fn of(live: &domain::LineLaw) -> LineLaw {
        let domain::LineLaw { kind, cap, needs, edition, agreed, proposed } = *live;
        let kind = match (kind, edition) {
            (ArticleKind::Deduction, Some(edition)) if let Some(proposed) = proposed => {
                Judged::Confirmed { edition, agreed, proposed }
            }
            (ArticleKind::Deduction, None) => Judged::Deduction,
            (ArticleKind::Credit, None) => Judged::Credit,
            (ArticleKind::Deduction, Some(edition)) => Judged::DeductionBy(edition, agreed),
            (ArticleKind::Credit, Some(edition)) => Judged::CreditBy(edition, agreed),
        };
        Of::of(&Parts { kind, cap, needs })
    }
}

impl Live<domain::LineLaw> for LineLaw {
    fn live(self) -> Result<domain::LineLaw, String> {
        let Parts { kind, cap, needs } = Live::live(self)?;
        let (kind, edition, agreed, proposed) = match kind {
            Judged::Deduction => (ArticleKind::Deduction, None, None, None),
            Judged::Credit => (ArticleKind::Credit, None, None, None),
            Judged::DeductionBy(edition, agreed) => (ArticleKind::Deduction, Some(edition), agreed, None),
            Judged::CreditBy(edition, agreed) => (ArticleKind::Credit, Some(edition), agreed, None),
            Judged::Confirmed { edition, agreed, proposed } => {
                (ArticleKind::Deduction, Some(edition), agreed, Some(proposed))
            }
        };
        Ok(domain::LineLaw { kind, cap, needs, edition, agreed, proposed })
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

wire_struct! {
    /// A line that waits for a second person.
    Proposed<'a> is domain::second::Proposed {
        deduction: Deduction<'a>,
        strict: bool,
        finding: Option<FindingId<'a>>,
    }
}
