//! The messages: what an entry can say.
//!
//! From the first release on this list and everything that its messages hold is never broken:
//!
//! - a message is only ever appended, never changed, moved or taken out; no struct gets, loses or moves a field;
//! - where a live type gets a field, every message that holds the type comes again under a new name at the end of the
//!   list (`Deducted2`), with a new struct beside the old one. `of` writes the new message alone; `live` goes on reading
//!   the old one and gives the field what it meant when there was none. Those two arms are then written by hand;
//! - an enum within a message may get variants at its end, as the list itself: older entries have none of them.
//!
//! `tests/golden/v1.txt` holds the bytes of every message, and every variant of what is in it. The line of an old message
//! stays there and is only read from then on (`OLD` of `tests/fixture/messages.rs`): what is written of its value are the
//! bytes of the new message's line.

use super::alert::AlertSubject;
use super::alert::Mark;
use super::correction::Left;
use super::declare::wire_enum;
use super::edition::Edition;
use super::finding::FindingId;
use super::finding::Measured;
use super::held::Text;
use super::line::Deduction;
use super::line::LineLaw;
use super::line::Proposed;
use super::line::Support;
use super::record::Happening;
use super::record::ObligationKind;
use super::request::Request;
use super::roster::Outlet;
use super::roster::Provider;
use super::turnover::DormantRule;
use super::turnover::Turnover;
use crate::domain;

wire_enum! {
    /// What happened.
    Event<'a> is domain::Event {
        ProviderAdded(provider: Provider<'a>),
        ProviderAmended(provider: Provider<'a>),
        OutletAdded(outlet: Outlet<'a>),
        OutletAmended(outlet: Outlet<'a>),
        Deducted { deduction: Deduction<'a>, law: LineLaw },
        Reversed { line: u64, provider: Text<'a>, occurred_on: i32, reason: Text<'a> },
        TurnoverRecorded { turnover: Turnover<'a>, provider: Text<'a>, rule: DormantRule },
        TurnoverAmended { turnover: Turnover<'a>, provider: Text<'a>, reason: Text<'a> },
        FindingConfirmed {
            finding: FindingId<'a>,
            measured: Measured<'a>,
            deduction: Deduction<'a>,
            law: LineLaw,
        },
        FindingDismissed { finding: FindingId<'a>, measured: Measured<'a>, reason: Text<'a> },
        RequestOpened(request: Request<'a>),
        RequestAnswered { request: u64, provider: Text<'a>, at: i64, note: Option<Text<'a>> },
        Happened(happening: Box<Happening<'a>>),
        ObligationsMoved { provider: Text<'a>, calendar: Text<'a>, moved: Vec<((u64, ObligationKind), i64)> },
        AlertMarked { provider: Text<'a>, subject: AlertSubject<'a>, level: u32, mark: Mark<'a> },
        Voided {
            entries: Vec<u64>,
            lines: Vec<(i32, u64)>,
            provider: Text<'a>,
            reason: Text<'a>,
            replaced: bool,
            left: Option<Left<'a>>,
        },
        Restored {
            void: u64,
            entries: Vec<u64>,
            lines: Vec<(i32, u64)>,
            provider: Text<'a>,
            reason: Text<'a>,
            left: Option<Left<'a>>,
        },
        LossAccepted { from: u64, to: u64, reason: Text<'a> },
        Supported { line: u64, provider: Text<'a>, occurred_on: i32, was: Support<'a>, is: Support<'a> },
        EditionAdopted(edition: Edition<'a>),
        EditionWithdrawn { edition: u64, number: Text<'a>, reason: Text<'a> },
        LineProposed(proposed: Proposed<'a>),
        ProposalWithdrawn { proposal: u64, provider: Text<'a>, reason: Text<'a> },
    }
}
