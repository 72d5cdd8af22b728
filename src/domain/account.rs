//! A small double-entry kernel: amounts of a commodity move between accounts. A move takes from one account what it gives
//! to another, so that all balances of a commodity sum to zero by construction; an account may have a least balance, and
//! what would go below it is not done. The kernel knows neither the accounts nor the commodities.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An account.
pub trait Account: Clone + Ord {
    /// The least that its balance may be; none where there is no least.
    fn least(&self) -> Option<i64>;
}

/// So much of a commodity goes from an account to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move<A, C> {
    /// What is less then.
    pub from: A,
    /// What is more then.
    pub to: A,
    /// Of what.
    pub commodity: C,
    /// How much.
    pub amount: u64,
}

/// What a move does to one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting<'a, A, C> {
    /// Which.
    pub account: &'a A,
    /// Of what.
    pub commodity: &'a C,
    /// How much more; less where it is negative.
    pub amount: i128,
}

impl<A, C> Move<A, C> {
    /// What it does to its two accounts: together nothing.
    pub fn postings(&self) -> [Posting<'_, A, C>; 2] {
        let posting = |account, amount| Posting { account, commodity: &self.commodity, amount };
        [posting(&self.from, -i128::from(self.amount)), posting(&self.to, i128::from(self.amount))]
    }
}

/// Balances that a move would bring below their least, or beyond what can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short<A> {
    /// The account.
    pub account: A,
    /// What is missing.
    pub missing: u128,
}

/// What accounts hold, in the order of accounts and commodities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book<A, C> {
    balances: Vec<Balance<A, C>>,
}

/// What an account holds of a commodity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Balance<A, C> {
    account: A,
    commodity: C,
    amount: i64,
}

impl<A, C> Default for Book<A, C> {
    fn default() -> Book<A, C> {
        Book { balances: Vec::new() }
    }
}

impl<A: Account, C: Clone + Ord> Book<A, C> {
    /// What an account holds of a commodity.
    pub fn balance(&self, account: &A, commodity: &C) -> i64 {
        self.place(account, commodity).map_or(0, |at| self.balances[at].amount)
    }

    fn place(&self, account: &A, commodity: &C) -> Result<usize, usize> {
        self.balances.binary_search_by(|b| (&b.account, &b.commodity).cmp(&(account, commodity)))
    }

    /// All that hold something, or did.
    pub fn balances(&self) -> impl Iterator<Item = (&A, &C, i64)> {
        self.balances.iter().map(|balance| (&balance.account, &balance.commodity, balance.amount))
    }

    /// Does moves one after another, all of them or none.
    pub fn post(&mut self, moves: &[Move<A, C>]) -> Result<(), Short<A>> {
        let mut after = BTreeMap::new();
        for one in moves {
            for posting in one.postings() {
                let key = (posting.account.clone(), posting.commodity.clone());
                let before = after.get(&key).copied().unwrap_or_else(|| self.balance(posting.account, &one.commodity));
                let balance = i128::from(before) + posting.amount;
                let least = i128::from(posting.account.least().unwrap_or(i64::MIN));
                let over = balance - i128::from(i64::MAX);
                let missing = (least - balance).max(over).max(0);
                let Ok(balance) = i64::try_from(balance) else {
                    return Err(Short { account: posting.account.clone(), missing: missing.unsigned_abs() });
                };
                if missing > 0 {
                    return Err(Short { account: posting.account.clone(), missing: missing.unsigned_abs() });
                }
                after.insert(key, balance);
            }
        }
        for ((account, commodity), amount) in after {
            match self.place(&account, &commodity) {
                Ok(at) => self.balances[at].amount = amount,
                Err(at) => self.balances.insert(at, Balance { account, commodity, amount }),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Jar(u8);

    impl Account for Jar {
        /// The first is the world: it gives what it does not have.
        fn least(&self) -> Option<i64> {
            (self.0 > 0).then_some(0)
        }
    }

    fn go(from: u8, to: u8, amount: u64) -> Move<Jar, &'static str> {
        Move { from: Jar(from), to: Jar(to), commodity: "grain", amount }
    }

    #[test]
    fn all_of_it_is_done_or_nothing() {
        let mut book = Book::default();
        book.post(&[go(0, 1, 10)]).unwrap();
        let before = book.clone();
        let short = book.post(&[go(1, 2, 7), go(1, 2, 4)]);
        assert_eq!(short, Err(Short { account: Jar(1), missing: 1 }));
        assert_eq!(book, before);
        // Commodities do not mix.
        let other = Move { commodity: "oil", ..go(1, 2, 1) };
        assert_eq!(book.post(&[other]), Err(Short { account: Jar(1), missing: 1 }));
        assert!(book.post(&[go(0, 1, u64::MAX)]).is_err(), "beyond what can be counted");
        assert_eq!(book, before);
        // From an account to itself: nothing changes.
        book.post(&[go(1, 1, 10)]).unwrap();
        assert_eq!(book.balance(&Jar(1), &"grain"), 10);
    }

    proptest! {
        /// Nothing is made or lost, nothing is below its least, and a balance is the sum of its postings.
        #[test]
        fn money_is_conserved(moves in prop::collection::vec((0..5u8, 0..5u8, 0..100u64, 0..2usize), 0..60)) {
            let mut book = Book::default();
            let mut done = Vec::new();
            for (from, to, amount, of) in moves {
                let one = Move { commodity: ["grain", "oil"][of], ..go(from, to, amount) };
                if book.post(std::slice::from_ref(&one)).is_ok() {
                    done.push(one);
                }
            }
            for commodity in ["grain", "oil"] {
                prop_assert_eq!(book.balances().filter(|(_, c, _)| **c == commodity).map(|(.., n)| n).sum::<i64>(), 0);
            }
            for (account, commodity, balance) in book.balances() {
                let sum: i128 = done.iter().flat_map(Move::postings)
                    .filter(|p| p.account == account && p.commodity == commodity)
                    .map(|p| p.amount)
                    .sum();
                prop_assert_eq!(sum, i128::from(balance));
                prop_assert!(account.least().is_none_or(|least| balance >= least));
            }
        }
    }
}
