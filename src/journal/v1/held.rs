//! What the wire's fields hold: numbers, texts, and those in options, lists and boxes.
//!
//! | live | written as |
//! |---|---|
//! | `Seq`, `Fen` | the number, u64 |
//! | `Points` | the number, u32 (written as u16 was: the encoding has no width) |
//! | `EditionHash` | its 32 bytes |
//! | `Moment` | seconds since 1970-01-01T00:00:00Z, i64 |
//! | `Day` | days since 1970-01-01, i32 |
//! | `Month` | year × 12 + month − 1, i32 |
//! | `Year` | the number, i32 |
//! | ids, `String` | UTF-8 |

use super::declare::{Live, Of};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::EditionHash;
use crate::time::{Day, Moment, Month};
use chrono::Datelike;
use std::borrow::Cow;

/// A text: borrowed where it is written, owned where it was read.
pub type Text<'a> = Cow<'a, str>;

/// 1970-01-01, in days from the first of year 1.
const EPOCH: i32 = 719_163;

/// What is written as it is.
macro_rules! plain {
    ($($type:ty),*) => { $(
        impl Of<'_, $type> for $type {
            fn of(live: &$type) -> $type {
                *live
            }
        }

        impl Live<$type> for $type {
            fn live(self) -> Result<$type, String> {
                Ok(self)
            }
        }
    )* };
}

/// Newtypes, written as what they hold.
macro_rules! newtype {
    ($($name:ident as $type:ty),*) => { $(
        impl Of<'_, $name> for $type {
            fn of(live: &$name) -> $type {
                live.0
            }
        }

        impl Live<$name> for $type {
            fn live(self) -> Result<$name, String> {
                Ok($name(self))
            }
        }
    )* };
}

/// Ids, written as their text and checked when they are read.
macro_rules! id {
    ($($name:ident),*) => { $(
        impl<'a> Of<'a, $name> for Text<'a> {
            fn of(live: &'a $name) -> Text<'a> {
                Cow::Borrowed(live.as_str())
            }
        }

        impl Live<$name> for Text<'_> {
            fn live(self) -> Result<$name, String> {
                self.parse().map_err(|e: crate::ids::BadId| e.to_string())
            }
        }
    )* };
}

plain!(bool, u8, u16, u32, u64, i32, [bool; 4]);
newtype!(Seq as u64, Fen as u64, Points as u32, Moment as i64, Month as i32, EditionHash as [u8; 32]);
id!(ProviderId, OutletId, ArticleId);

impl Of<'_, Day> for i32 {
    fn of(live: &Day) -> i32 {
        live.num_days_from_ce() - EPOCH
    }
}

impl Live<Day> for i32 {
    fn live(self) -> Result<Day, String> {
        let day = self.checked_add(EPOCH).and_then(Day::from_num_days_from_ce_opt);
        day.ok_or_else(|| format!("no day has the number {self}"))
    }
}

impl<'a> Of<'a, String> for Text<'a> {
    fn of(live: &'a String) -> Text<'a> {
        Cow::Borrowed(live)
    }
}

impl Live<String> for Text<'_> {
    fn live(self) -> Result<String, String> {
        Ok(self.into_owned())
    }
}

impl<'a, W: Of<'a, L>, L> Of<'a, Option<L>> for Option<W> {
    fn of(live: &'a Option<L>) -> Self {
        live.as_ref().map(W::of)
    }
}

impl<W: Live<L>, L> Live<Option<L>> for Option<W> {
    fn live(self) -> Result<Option<L>, String> {
        self.map(W::live).transpose()
    }
}

impl<'a, W: Of<'a, L>, L> Of<'a, Vec<L>> for Vec<W> {
    fn of(live: &'a Vec<L>) -> Self {
        live.iter().map(W::of).collect()
    }
}

impl<W: Live<L>, L> Live<Vec<L>> for Vec<W> {
    fn live(self) -> Result<Vec<L>, String> {
        self.into_iter().map(W::live).collect()
    }
}

impl<'a, W: Of<'a, L>, L> Of<'a, Box<L>> for Box<W> {
    fn of(live: &'a Box<L>) -> Self {
        Box::new(W::of(live))
    }
}

impl<W: Live<L>, L> Live<Box<L>> for Box<W> {
    fn live(self) -> Result<Box<L>, String> {
        (*self).live().map(Box::new)
    }
}

impl<'a, V: Of<'a, K>, W: Of<'a, L>, K, L> Of<'a, (K, L)> for (V, W) {
    fn of(live: &'a (K, L)) -> Self {
        (V::of(&live.0), W::of(&live.1))
    }
}

impl<V: Live<K>, W: Live<L>, K, L> Live<(K, L)> for (V, W) {
    fn live(self) -> Result<(K, L), String> {
        Ok((self.0.live()?, self.1.live()?))
    }
}
