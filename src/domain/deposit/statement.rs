//! A statement of a provider's deposits: account by account what it held, what came and went by which entry, and what it
//! holds. Every balance is what its lines come to.

use super::super::dossier::Dossier;
use super::super::state::{Act, File, Filed, State};
use super::{Account, Move, Payee, arrived, moves};
use crate::ids::Seq;
use crate::money::Fen;
use crate::time::Day;

/// A provider's deposits at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Deposits of cities and outlets, and what is owed.
    pub accounts: Vec<Sheet>,
    /// What is owed: awarded, and not there.
    pub owed: Fen,
    /// What the platform took in all.
    pub forfeited: Fen,
    /// What was awarded in all, to whom.
    pub awarded: Vec<(Payee, Fen)>,
    /// The end of the contract, and the day from which on deposits may go back.
    pub ended: Option<(Day, Day)>,
    /// What has to be closed before.
    pub open: Vec<Seq>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub account: Account,
    /// What it held before the first day, in fen.
    pub opening: i64,
    /// What came and went, in the order of the days.
    pub lines: Vec<SheetLine>,
    /// What it holds at the end of the last day.
    pub closing: i64,
}

/// What came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLine {
    /// The day.
    pub on: Day,
    /// The entry.
    pub seq: Seq,
    /// The stable word of what happened.
    pub what: String,
    /// Where it came from, or went.
    pub other: Account,
    /// How much more, in fen; less where it is negative.
    pub amount: i128,
    /// What the account held then.
    pub balance: i64,
}

/// What facts come to from a day on, to the end of another.
pub fn statement(file: &File, from: Option<Day>, to: Day) -> Statement {
    let mut state = State::before(&file.cities);
    let mut accounts: Vec<Sheet> = Vec::new();
    for filed in file.facts.iter().filter(|filed| filed.void.is_none() && filed.place().day <= to) {
        let before = state.dossier.money.book.clone();
        let moved = moved(&state, filed);
        state.apply(filed);
        // What does not stand moves nothing.
        if state.dossier.money.book != before {
            let before = from.is_some_and(|from| filed.place().day < from);
            moved.iter().for_each(|one| enter(&mut accounts, filed, one, before));
        }
    }
    accounts.sort_by(|a, b| a.account.cmp(&b.account));
    let Dossier { money, .. } = &state.dossier;
    Statement {
        accounts,
        owed: money.owed(),
        forfeited: money.held(&Account::Forfeited),
        awarded: Payee::ALL.map(|to| (to, money.held(&Account::Awarded(to)))).to_vec(),
        ended: money.ended.as_ref().map(|ended| (ended.on, ended.from)),
        open: super::open_complaints(&state),
    }
}

fn moved(state: &State, filed: &Filed) -> Vec<Move> {
    match &filed.act {
        Act::Happened(h) => moves(state, &h.fact),
        Act::Arrived { outlet, life, .. } => arrived(outlet, life.deposit),
        _ => Vec::new(),
    }
}

/// Enters a move where it touches a deposit or what is owed.
fn enter(accounts: &mut Vec<Sheet>, filed: &Filed, one: &Move, before: bool) {
    let what = match &filed.act {
        Act::Happened(h) => h.fact.word(),
        _ => "outlet-transferred".to_owned(),
    };
    for (posting, other) in one.postings().into_iter().zip([&one.to, &one.from]) {
        if !matches!(posting.account, Account::City(_) | Account::Outlet(_) | Account::Debt) {
            continue;
        }
        let at = accounts.iter().position(|sheet| sheet.account == *posting.account).unwrap_or_else(|| {
            accounts.push(Sheet { account: posting.account.clone(), opening: 0, lines: Vec::new(), closing: 0 });
            accounts.len() - 1
        });
        let sheet = &mut accounts[at];
        sheet.closing = i64::try_from(i128::from(sheet.closing) + posting.amount).unwrap_or(i64::MAX);
        if before {
            sheet.opening = sheet.closing;
            continue;
        }
        let (on, seq, what, other) = (filed.place().day, filed.seq, what.clone(), other.clone());
        sheet.lines.push(SheetLine { on, seq, what, other, amount: posting.amount, balance: sheet.closing });
    }
}
