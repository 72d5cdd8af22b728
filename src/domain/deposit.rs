//! Deposits (履约保证金): those of a provider, by city, and those of its outlets (1.1(7), 1.2(8), 1.4.4(3), 2.1.1(3), 2.2.2,
//! 3.3(3); decisions 23 and 24). Every change is moves between accounts ([`super::account`]): what a deposit holds is what
//! its moves come to.

mod release;
mod statement;

pub use release::{Ended, Hold, open_complaints};
pub(super) use release::{closed, opened};
pub use statement::{Sheet, SheetLine, Statement, statement};

use super::account::{self, Book};
use super::admission::{Admission, AdmissionStage, deposit as agreement};
use super::dossier::Dossier;
use super::happening::{Draft, Fact, Happening};
use super::life::OutletStep;
use super::obligation::{About, ObligationKind};
use super::service::{Complainant, ServiceStep};
use super::state::State;
use super::{NAME_MAX, Refusal, required};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// What happens to deposits, beside their first freezing (1.5(2)) and the orders on complaints (1.4.4(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DepositStep {
    /// What a shortfall wants, or part of it, is frozen (1.2(8)).
    ToppedUp {
        /// The city.
        city: String,
        /// How much.
        amount: Fen,
    },
    /// The platform takes it (1.1(7)).
    Forfeited {
        /// The city; the fullest deposit first where none is named (decision 23).
        city: Option<String>,
        /// How much.
        amount: Fen,
    },
    /// Somebody is compensated from it (1.1(7)).
    Compensated {
        /// The city; the fullest deposit first where none is named (decision 23).
        city: Option<String>,
        /// How much.
        amount: Fen,
        /// Who.
        to: Payee,
    },
    /// The contract with the provider ended (3.3(3)).
    ContractEnded,
    /// What is left of a city's deposit goes back (3.3(3)).
    Released {
        /// The city.
        city: String,
        /// How much.
        amount: Fen,
    },
    /// An outlet's deposit is frozen (2.1.1(3)).
    OutletFrozen {
        /// The outlet.
        outlet: OutletId,
        /// How much.
        amount: Fen,
    },
    /// An outlet's deposit goes back to it.
    OutletReleased {
        /// The outlet.
        outlet: OutletId,
        /// How much.
        amount: Fen,
    },
}

/// Who is compensated (1.1(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Payee {
    Consumer,
    Outlet,
    ThirdParty,
}

impl Payee {
    /// All.
    pub const ALL: [Payee; 3] = [Payee::Consumer, Payee::Outlet, Payee::ThirdParty];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Payee::Consumer => "consumer",
            Payee::Outlet => "outlet",
            Payee::ThirdParty => "third-party",
        }
    }
}

/// An account of a provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Account {
    /// Outside: what was paid in, and what went back. It may be below nothing.
    Outside,
    /// What is frozen for a city.
    City(String),
    /// What is frozen for an outlet.
    Outlet(OutletId),
    /// What the platform took.
    Forfeited,
    /// What was awarded to somebody.
    Awarded(Payee),
    /// What was awarded and the deposits did not hold: below nothing by what is owed.
    Debt,
}

impl Account {
    /// The stable word; of a city or an outlet it is their name.
    pub fn word(&self) -> &str {
        match self {
            Account::Outside => "outside",
            Account::City(city) => city,
            Account::Outlet(outlet) => outlet.as_str(),
            Account::Forfeited => "forfeited",
            Account::Awarded(to) => to.word(),
            Account::Debt => "owed",
        }
    }
}

impl account::Account for Account {
    fn least(&self) -> Option<i64> {
        match self {
            Account::Outside | Account::Debt => None,
            Account::City(_) | Account::Outlet(_) | Account::Forfeited | Account::Awarded(_) => Some(0),
        }
    }
}

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Commodity {
    /// Fen.
    Fen,
}

/// Fen that go from an account to another.
pub type Move = account::Move<Account, Commodity>;

/// A provider's accounts, and what says when its deposits go back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// What its accounts hold.
    pub book: Book<Account, Commodity>,
    /// Who complained, by the complaint.
    pub complainants: Vec<(Seq, Payee)>,
    /// Complaints that something was ordered on.
    pub ordered: Vec<Seq>,
    /// The end of its contract.
    pub ended: Option<Ended>,
}

impl Money {
    /// What an account holds; below nothing, nothing.
    pub fn held(&self, account: &Account) -> Fen {
        Fen(u64::try_from(self.book.balance(account, &Commodity::Fen)).unwrap_or(0))
    }

    /// What is owed: awarded, and not there when it was (1.4.4(3)).
    pub fn owed(&self) -> Fen {
        Fen(self.book.balance(&Account::Debt, &Commodity::Fen).min(0).unsigned_abs())
    }

    /// What was awarded in all.
    pub fn awarded(&self) -> Fen {
        Payee::ALL.iter().fold(Fen(0), |sum, to| Fen(sum.0.saturating_add(self.held(&Account::Awarded(*to)).0)))
    }

    /// What the deposits of cities hold, all together.
    pub fn in_cities(&self) -> Fen {
        let cities = self.book.balances().filter(|(account, ..)| matches!(account, Account::City(_)));
        Fen(cities.fold(0u64, |sum, (.., held)| sum.saturating_add(u64::try_from(held).unwrap_or(0))))
    }
}

impl DepositStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            DepositStep::ToppedUp { .. } => "deposit-topped-up",
            DepositStep::Forfeited { .. } => "deposit-forfeited",
            DepositStep::Compensated { .. } => "deposit-compensated",
            DepositStep::ContractEnded => "contract-ended",
            DepositStep::Released { .. } => "deposit-released",
            DepositStep::OutletFrozen { .. } => "outlet-deposit-frozen",
            DepositStep::OutletReleased { .. } => "outlet-deposit-released",
        }
    }

    /// The outlet that it is about.
    pub fn outlet(&self) -> Option<&OutletId> {
        match self {
            DepositStep::OutletFrozen { outlet, .. } | DepositStep::OutletReleased { outlet, .. } => Some(outlet),
            _ => None,
        }
    }

    fn amount(&self) -> Option<Fen> {
        match self {
            DepositStep::ContractEnded => None,
            DepositStep::ToppedUp { amount, .. }
            | DepositStep::Forfeited { amount, .. }
            | DepositStep::Compensated { amount, .. }
            | DepositStep::Released { amount, .. }
            | DepositStep::OutletFrozen { amount, .. }
            | DepositStep::OutletReleased { amount, .. } => Some(*amount),
        }
    }
}

fn go(from: Account, to: Account, amount: u64) -> Option<Move> {
    (amount > 0).then_some(Move { from, to, commodity: Commodity::Fen, amount })
}

/// What a fact moves, given what there was before it.
pub fn moves(state: &State, fact: &Fact) -> Vec<Move> {
    let (dossier, money) = (&state.dossier, &state.dossier.money);
    match fact {
        Fact::Admission(Admission::DepositFrozen { city, amount })
        | Fact::Deposit(DepositStep::ToppedUp { city, amount }) => {
            // What is owed is paid as soon as there is something to pay it from.
            let city = Account::City(city.clone());
            let owed = money.owed().0.min(money.held(&city).0.saturating_add(amount.0));
            let freeze = go(Account::Outside, city.clone(), amount.0);
            freeze.into_iter().chain(go(city, Account::Debt, owed)).collect()
        }
        Fact::Service(ServiceStep::ComplaintOrdered { complaint, compensation, .. }) => {
            let to = money.complainants.iter().find(|(seq, _)| seq == complaint).map_or(Payee::Consumer, |(_, to)| *to);
            award(dossier, None, *compensation, to)
        }
        Fact::Deposit(DepositStep::Compensated { city, amount, to }) => award(dossier, city.as_deref(), *amount, *to),
        Fact::Deposit(DepositStep::Forfeited { city, amount }) => {
            take(dossier, city.as_deref(), *amount, &Account::Forfeited).0
        }
        Fact::Deposit(DepositStep::Released { city, amount }) => {
            go(Account::City(city.clone()), Account::Outside, amount.0).into_iter().collect()
        }
        Fact::Deposit(DepositStep::OutletFrozen { outlet, amount }) => {
            go(Account::Outside, Account::Outlet(outlet.clone()), amount.0).into_iter().collect()
        }
        Fact::Deposit(DepositStep::OutletReleased { outlet, amount }) => {
            go(Account::Outlet(outlet.clone()), Account::Outside, amount.0).into_iter().collect()
        }
        // An outlet's deposit goes with it to the next provider.
        Fact::Outlet(outlet, OutletStep::Transferred { .. }) => {
            let account = Account::Outlet(outlet.clone());
            let held = money.held(&account);
            go(account, Account::Outside, held.0).into_iter().collect()
        }
        Fact::Admission(_)
        | Fact::Otherwise(_)
        | Fact::Audit(_)
        | Fact::Territory(_)
        | Fact::Outlet(..)
        | Fact::Service(_)
        | Fact::Objection(_)
        | Fact::Case(_)
        | Fact::Notice(_)
        | Fact::Deposit(DepositStep::ContractEnded) => Vec::new(),
    }
}

/// Takes from a city's deposit, or from the fullest first (decision 23); says what was not there.
fn take(dossier: &Dossier, city: Option<&str>, amount: Fen, to: &Account) -> (Vec<Move>, u64) {
    let held = |city: &String| dossier.money.held(&Account::City(city.clone()));
    let mut cities: Vec<&String> = dossier.deposits.iter().map(|(city, _)| city).collect();
    match city {
        Some(name) => cities.retain(|city| *city == name),
        // Of equal ones the one that was frozen first.
        None => cities.sort_by_key(|city| std::cmp::Reverse(held(city))),
    }
    let (mut all, mut left) = (Vec::new(), amount.0);
    for city in cities {
        let part = held(city).0.min(left);
        left -= part;
        all.extend(go(Account::City(city.clone()), to.clone(), part));
    }
    (all, left)
}

/// Awards somebody what is there; the rest is owed (1.4.4(3)). Of a provider that was there before the program nobody
/// knows the deposit: it pays from outside (decision 29).
fn award(dossier: &Dossier, city: Option<&str>, amount: Fen, to: Payee) -> Vec<Move> {
    let to = Account::Awarded(to);
    if is_unknown(dossier) {
        return go(Account::Outside, to, amount.0).into_iter().collect();
    }
    let (mut all, left) = take(dossier, city, amount, &to);
    all.extend(go(Account::Debt, to, left));
    all
}

/// Whether nobody knows what its deposit is (decision 29).
pub(super) fn is_unknown(dossier: &Dossier) -> bool {
    dossier.deposits.is_empty() && dossier.stage() == AdmissionStage::None
}

/// Takes in what a fact moves, before what else it does.
pub(super) fn post(state: &mut State, fact: &Fact) {
    let moves = moves(state, fact);
    // What does not stand moves nothing.
    let _ = state.dossier.money.book.post(&moves);
}

/// An outlet came with its deposit.
pub(super) fn arrives(state: &mut State, outlet: &OutletId, deposit: Fen) {
    let _ = state.dossier.money.book.post(&arrived(outlet, deposit));
}

/// What an outlet brings.
fn arrived(outlet: &OutletId, deposit: Fen) -> Vec<Move> {
    go(Account::Outside, Account::Outlet(outlet.clone()), deposit.0).into_iter().collect()
}

/// Who is compensated by an order on a complaint.
pub(super) fn complains(state: &mut State, complaint: Seq, from: Complainant, on: Day) {
    let to = match from {
        Complainant::Consumer => Payee::Consumer,
        Complainant::Outlet => Payee::Outlet,
    };
    state.dossier.money.complainants.push((complaint, to));
    opened(state, on);
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, step: &DepositStep, on: Day) -> Result<(), Refusal> {
    let (dossier, money) = (&state.dossier, &state.dossier.money);
    let frozen = |city: &str| {
        let is = dossier.deposits.iter().any(|(of, _)| of == city);
        let missing = || Refusal::StepMissing { steps: vec!["deposit-frozen".into()], clause: "1.2(8)" };
        if is { Ok(()) } else { Err(missing()) }
    };
    match step {
        DepositStep::ToppedUp { city, .. } => frozen(city),
        DepositStep::Forfeited { city, amount } => {
            city.as_deref().map_or(Ok(()), frozen)?;
            let (_, left) = take(dossier, city.as_deref(), *amount, &Account::Forfeited);
            let most = Fen(amount.0 - left);
            if left == 0 { Ok(()) } else { Err(Refusal::TooMuch { amount: *amount, most, clause: "1.1(7)" }) }
        }
        DepositStep::Compensated { city, .. } => match city.as_deref() {
            Some(city) if !is_unknown(dossier) => frozen(city),
            _ => Ok(()),
        },
        DepositStep::ContractEnded => match &money.ended {
            Some(_) => Err(Refusal::StepTaken { step: step.word().into() }),
            None => super::exit::may_end(dossier),
        },
        DepositStep::Released { city, amount } => {
            frozen(city)?;
            release::allowed(state, on)?;
            let need = money.held(&Account::City(city.clone()));
            if need == Fen(0) {
                return Err(Refusal::StepTaken { step: step.word().into() });
            }
            let other = Refusal::Amount { need, have: *amount, clause: "3.3(3)" };
            if *amount == need { Ok(()) } else { Err(other) }
        }
        DepositStep::OutletFrozen { outlet, .. } => state.stage(outlet).map(drop),
        DepositStep::OutletReleased { outlet, amount } => {
            state.stage(outlet)?;
            let (amount, most) = (*amount, money.held(&Account::Outlet(outlet.clone())));
            if amount <= most { Ok(()) } else { Err(Refusal::TooMuch { amount, most, clause: "2.1.1(3)" }) }
        }
    }
}

/// Decides a step, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &DepositStep) -> Result<DepositStep, Refusal> {
    let name = |city: &String| required("city", city, NAME_MAX);
    let step = match step {
        DepositStep::ToppedUp { city, amount } => DepositStep::ToppedUp { city: name(city)?, amount: *amount },
        DepositStep::Forfeited { city, amount } => {
            DepositStep::Forfeited { city: city.as_ref().map(name).transpose()?, amount: *amount }
        }
        DepositStep::Compensated { city, amount, to } => {
            DepositStep::Compensated { city: city.as_ref().map(name).transpose()?, amount: *amount, to: *to }
        }
        DepositStep::Released { city, amount } => DepositStep::Released { city: name(city)?, amount: *amount },
        other => other.clone(),
    };
    if step.amount() == Some(Fen(0)) {
        return Err(Refusal::Missing { field: "amount" });
    }
    if let Some(outlet) = step.outlet() {
        draft.own(outlet)?;
    }
    countable(draft, &step)?;
    draft.allowed()?;
    match &step {
        DepositStep::ToppedUp { city, amount } => topped_up(draft, city, *amount)?,
        DepositStep::Forfeited { .. } | DepositStep::Compensated { .. } | DepositStep::OutletReleased { .. } => {
            draft.reason()?;
        }
        DepositStep::ContractEnded => {
            draft.reason()?;
            release::end(draft)?;
        }
        DepositStep::Released { .. } | DepositStep::OutletFrozen { .. } => {}
    }
    Ok(step)
}

/// Amounts together stay countable.
fn countable(draft: &Draft<'_, '_>, step: &DepositStep) -> Result<(), Refusal> {
    let Some(amount) = step.amount() else { return Ok(()) };
    let money = &draft.state.dossier.money;
    let all = money.book.balances().fold(0u64, |sum, (.., held)| sum.saturating_add(held.unsigned_abs()));
    match Fen(all).plus(amount) {
        Some(_) => Ok(()),
        None => Err(Refusal::TooMuch { amount, most: Fen::MOST, clause: "1.2(8)" }),
    }
}

/// No more than is missing, with what is owed.
fn topped_up(draft: &Draft<'_, '_>, city: &str, amount: Fen) -> Result<(), Refusal> {
    let dossier = &draft.state.dossier;
    let missing = short_of(dossier, city, draft.rules().measures.deposit);
    let most = Fen(missing.0.saturating_add(dossier.money.owed().0));
    if amount <= most { Ok(()) } else { Err(Refusal::TooMuch { amount, most, clause: "1.2(8)" }) }
}

/// What a city's deposit is short of.
pub(super) fn short_of(dossier: &Dossier, city: &str, fixed: Fen) -> Fen {
    let wanted = agreement::wanted(dossier, city, fixed);
    Fen(wanted.0.saturating_sub(dossier.money.held(&Account::City(city.to_owned())).0))
}

/// Takes a step in, with what it begins and ends.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, step: &DepositStep) {
    let on = h.on;
    match step {
        DepositStep::ToppedUp { city, amount } => {
            let frozen = state.dossier.deposits.iter_mut().find(|(of, _)| of == city);
            frozen.into_iter().for_each(|(_, sum)| sum.0 = sum.0.saturating_add(amount.0));
        }
        DepositStep::ContractEnded => {
            release::follow(state, seq, h);
            super::exit::ended(state);
        }
        DepositStep::Released { .. } => {
            if state.dossier.money.in_cities() == Fen(0) {
                state.end_all(ObligationKind::DepositRelease, on);
            }
        }
        DepositStep::OutletFrozen { outlet, amount } => {
            state.end(ObligationKind::OutletDeposit, &About::Outlet(outlet.clone()), on);
            holds(state, outlet, |held| held.0.saturating_add(amount.0));
        }
        DepositStep::OutletReleased { outlet, amount } => {
            holds(state, outlet, |held| held.0.saturating_sub(amount.0));
        }
        DepositStep::Forfeited { .. } | DepositStep::Compensated { .. } => {}
    }
}

/// An outlet's deposit changes.
fn holds(state: &mut State, outlet: &OutletId, amount: impl FnOnce(Fen) -> u64) {
    if let Some(life) = state.life_mut(outlet) {
        life.deposit = Fen(amount(life.deposit));
    }
}

/// Whether a provider's deposits are wanted no more: its contract ended (3.3(3)).
pub(super) fn is_over(dossier: &Dossier) -> bool {
    dossier.money.ended.is_some()
}
