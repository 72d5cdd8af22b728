//! The key layout of the view, all of it in this file.
//!
//! | key | value | how many |
//! |---|---|---|
//! | `H` | [`Top`](super::Top): the head reached and the totals | one |
//! | `G` | [`StoredLaws`](super::StoredLaws): editions that were adopted, and who agreed rules otherwise | one |
//! | `P` provider | [`StoredProvider`](super::StoredProvider) | one a provider |
//! | `Y` year provider | [`StoredYear`](super::StoredYear): the score, and the index of the year's pages | one a provider and year |
//! | `L` provider 0 year page | a page of ledger lines, each as far as it counts in its year, in the order of (day, seq); pages are numbered as they are begun | |
//! | `K` number | a page of what lines say, of [`TEXTS`] numbers that follow one another | |
//! | `Z` provider | [`StoredScores`](super::StoredScores): what its years come to, where their scores rose, and the last entry that changed anything | one a provider |
//! | `O` provider 0 page | a page of outlets in the order of their ids, likewise | |
//! | `N` provider | [`StoredMonths`](super::StoredMonths): its months with turnover, and those with a finding | one a provider |
//! | `M` provider 0 month | [`StoredMonth`](super::StoredMonth): what a month comes to, and the index of its pages | |
//! | `T` provider 0 month page | a page of turnover in the order of the outlets, likewise | |
//! | `W` provider 0 month | the entries that reported a month, with the outlet of each and what voids it | |
//! | `X` provider | outlets that were taken off the record, as they were | one a provider with any |
//! | `R` provider | [`StoredFile`](super::StoredFile): the index of its facts | one a provider |
//! | `E` provider 0 page | a page of facts in the order of their places, likewise | |
//! | `C` provider | [`StoredState`](super::StoredState): what its facts come to: its dossier, what is due, breaches | one a provider |
//! | `S` provider 0 month | fingerprints of what requests and records of those days said, with their entries | one a provider and month with any |
//! | `A` provider | marks that people put on alerts | one a provider |
//! | `V` provider | [`Charge`](super::Charge)s: records and months that lines stand for | one a provider with any |
//! | `B` provider | [`Proposal`](super::Proposal): lines that wait for a second person, and those that went with their audit | one a provider with any |
//! | `U` article | [`Usage`](crate::domain::discretion::Usage): how the lines of an article that stand were scored | one an article with any |
//! | `D` bucket | outlet id to provider, for ids that hash there, whatever their case | at most 8,192 |
//! | `I` id in lower case | the providers of that id, whatever its case | one a provider |
//!
//! Lists that are pages are rows as bytes (`store::page`); the directory's buckets too.
//!
//! They are in two sleds, one of which is opened only when it is asked for: see [`is_of_pages`].
//!
//! Never a key per fact: sled costs memory and space by the key, not by the byte.

use super::page::{Ordered, PlaceBytes};
use crate::domain::Place;
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::time::{Day, Month, Year};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// How many buckets the directory of outlets has: at 140,000 outlets some 17 ids in each, so that finding one is as quick as in a small store.
const BUCKETS: u16 = 8_192;

/// Most bytes of a key: a kind, an id, a divider, a year, a page.
const KEY_MAX: usize = 47;

/// A key of the view. It is held in place and copied as a number is: keys are made and looked up by the million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Those after `len` are 0, so that keys are in the order of their bytes.
    bytes: [u8; KEY_MAX],
    len: u8,
}

impl Key {
    /// A key of those bytes, if it is not too long for one.
    pub fn of(bytes: &[u8]) -> Option<Key> {
        let mut key = Key { bytes: [0; KEY_MAX], len: u8::try_from(bytes.len()).ok()? };
        key.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(key)
    }
}

impl Deref for Key {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, to: &mut H) {
        self.deref().hash(to);
    }
}

/// Where a ledger line stands in its year.
pub type LineKey = (Day, Seq);

/// The same as it stands on pages and in indexes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineAt {
    #[serde(with = "crate::time::day_number")]
    day: Day,
    seq: Seq,
}

impl From<LineKey> for LineAt {
    fn from((day, seq): LineKey) -> LineAt {
        LineAt { day, seq }
    }
}

impl Ordered for LineAt {
    fn bytes(&self) -> PlaceBytes {
        ordered(self.day.num_days_from_ce()).into_iter().chain(self.seq.bytes()).collect()
    }

    fn of(bytes: &[u8]) -> Option<LineAt> {
        let (day, seq) = bytes.split_first_chunk()?;
        Some(LineAt { day: Day::from_num_days_from_ce_opt(number(*day))?, seq: Seq::of(seq)? })
    }
}

/// Without its zeroes, behind how many bytes it has: rows are many, and how a place begins tells those of a page apart.
impl Ordered for Seq {
    fn bytes(&self) -> PlaceBytes {
        let bytes = self.0.to_be_bytes();
        let zeroes = bytes.iter().take_while(|byte| **byte == 0).count();
        u8::try_from(bytes.len() - zeroes).into_iter().chain(bytes[zeroes..].iter().copied()).collect()
    }

    fn of(bytes: &[u8]) -> Option<Seq> {
        let (length, bytes) = bytes.split_first()?;
        let whole = usize::from(*length) == bytes.len() && bytes.len() <= size_of::<u64>();
        whole.then(|| Seq(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))))
    }
}

impl Ordered for OutletId {
    fn bytes(&self) -> PlaceBytes {
        // An id is shorter than the longest place.
        PlaceBytes::try_from(self.as_str().as_bytes()).unwrap_or_default()
    }

    fn of(bytes: &[u8]) -> Option<OutletId> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

impl Ordered for Place {
    fn bytes(&self) -> PlaceBytes {
        self.ordered().into_iter().collect()
    }

    fn of(bytes: &[u8]) -> Option<Place> {
        Place::of_ordered(bytes.try_into().ok()?)
    }
}

impl From<LineAt> for LineKey {
    fn from(at: LineAt) -> LineKey {
        (at.day, at.seq)
    }
}

/// Whether a key is of what there is more of the more rows there are, and not one of a provider or of its year.
pub fn is_of_pages(key: &[u8]) -> bool {
    matches!(key.first(), Some(b'L' | b'K' | b'O' | b'E' | b'M' | b'T' | b'W' | b'S' | b'D'))
}

/// The view's own record.
pub fn top() -> Key {
    tagged(b'H', &[])
}

/// The law.
pub fn laws() -> Key {
    tagged(b'G', &[])
}

/// A provider.
pub fn provider(id: &ProviderId) -> Key {
    tagged(b'P', &[id.as_str().as_bytes()])
}

/// What all provider keys begin with.
pub const PROVIDERS: &[u8] = b"P";

/// A provider's year.
pub fn year(year: Year, provider: &ProviderId) -> Key {
    tagged(b'Y', &[&ordered(year), provider.as_str().as_bytes()])
}

/// What a provider's years come to.
pub fn scores(provider: &ProviderId) -> Key {
    tagged(b'Z', &[provider.as_str().as_bytes()])
}

/// A page of ledger lines.
pub fn lines(provider: &ProviderId, year: Year, page: u32) -> Key {
    tagged(b'L', &[provider.as_str().as_bytes(), &[0], &ordered(year), &page.to_be_bytes()])
}

/// How many numbers share a page of what lines say.
pub const TEXTS: usize = 64;

/// The page of what a line says.
pub fn texts(line: Seq) -> Key {
    tagged(b'K', &[&(line.0 / TEXTS as u64).to_be_bytes()])
}

/// A page of outlets.
pub fn outlets(provider: &ProviderId, page: u32) -> Key {
    tagged(b'O', &[provider.as_str().as_bytes(), &[0], &page.to_be_bytes()])
}

/// A provider's months with turnover.
pub fn months(provider: &ProviderId) -> Key {
    tagged(b'N', &[provider.as_str().as_bytes()])
}

/// What all keys of [`months`] begin with.
pub const MONTHS: &[u8] = b"N";

/// The index of a provider's facts.
pub fn file(provider: &ProviderId) -> Key {
    tagged(b'R', &[provider.as_str().as_bytes()])
}

/// A page of facts.
pub fn facts(provider: &ProviderId, page: u32) -> Key {
    tagged(b'E', &[provider.as_str().as_bytes(), &[0], &page.to_be_bytes()])
}

/// What a provider's facts come to.
pub fn state(provider: &ProviderId) -> Key {
    tagged(b'C', &[provider.as_str().as_bytes()])
}

/// What requests and records of a provider's month said.
pub fn said(provider: &ProviderId, month: Month) -> Key {
    tagged(b'S', &[provider.as_str().as_bytes(), &[0], &ordered(month.0)])
}

/// Marks on a provider's alerts.
pub fn marks(provider: &ProviderId) -> Key {
    tagged(b'A', &[provider.as_str().as_bytes()])
}

/// What lines of a provider charge.
pub fn charges(provider: &ProviderId) -> Key {
    tagged(b'V', &[provider.as_str().as_bytes()])
}

/// Lines of a provider that wait for a second person.
pub fn proposals(provider: &ProviderId) -> Key {
    tagged(b'B', &[provider.as_str().as_bytes()])
}

/// How an article was scored.
pub fn usage(article: &ArticleId) -> Key {
    tagged(b'U', &[article.as_str().as_bytes()])
}

/// The entries that reported a provider's month.
pub fn reports(provider: &ProviderId, month: Month) -> Key {
    tagged(b'W', &[provider.as_str().as_bytes(), &[0], &ordered(month.0)])
}

/// Outlets of a provider that were taken off the record.
pub fn gone(provider: &ProviderId) -> Key {
    tagged(b'X', &[provider.as_str().as_bytes()])
}

/// A provider's month.
pub fn month(provider: &ProviderId, month: Month) -> Key {
    tagged(b'M', &[provider.as_str().as_bytes(), &[0], &ordered(month.0)])
}

/// A page of turnover.
pub fn turnover(provider: &ProviderId, month: Month, page: u32) -> Key {
    tagged(b'T', &[provider.as_str().as_bytes(), &[0], &ordered(month.0), &page.to_be_bytes()])
}

/// The providers whose ids are one but for case.
pub fn cases(id: &ProviderId) -> Key {
    tagged(b'I', &[id.as_str().to_ascii_lowercase().as_bytes()])
}

/// The directory bucket of an outlet: ids that differ in case only are in one.
pub fn directory(id: &OutletId) -> Key {
    let hash = blake3::hash(id.as_str().to_ascii_lowercase().as_bytes());
    let [a, b, ..] = *hash.as_bytes();
    tagged(b'D', &[&(u16::from_be_bytes([a, b]) % BUCKETS).to_be_bytes()])
}

fn tagged(tag: u8, parts: &[&[u8]]) -> Key {
    let (mut bytes, mut len) = ([0; KEY_MAX], 1);
    bytes[0] = tag;
    for part in parts {
        // Ids are at most 32 bytes long, so that all of it fits.
        if let Some(place) = bytes.get_mut(len..len + part.len()) {
            place.copy_from_slice(part);
            len += part.len();
        }
    }
    Key { bytes, len: u8::try_from(len).unwrap_or(u8::MAX) }
}

/// Big-endian with the sign turned, so that bytes order as numbers do.
fn ordered(n: i32) -> [u8; 4] {
    (n.cast_unsigned() ^ (1 << 31)).to_be_bytes()
}

/// The number of those bytes.
fn number(bytes: [u8; 4]) -> i32 {
    (u32::from_be_bytes(bytes) ^ (1 << 31)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Moment;
    use proptest::prelude::*;

    fn seqs() -> impl Strategy<Value = Seq> {
        prop_oneof![0..9u64, 250..260u64, 65_530..65_540u64, any::<u64>(), Just(u64::MAX)].prop_map(Seq)
    }

    fn days() -> impl Strategy<Value = Day> {
        (-400_000..800_000i32).prop_map(|n| Day::from_num_days_from_ce_opt(n).unwrap())
    }

    fn places() -> impl Strategy<Value = Place> {
        (days(), seqs(), seqs(), 0..3u8, -9..9i64, any::<bool>()).prop_map(|(day, seq, of, kind, at, instead)| {
            let place = match kind {
                0 => Place::on(day, seq),
                1 => Place::at(Moment(at * 86_399), seq),
                _ => Place::ending(day, seq),
            };
            if instead { place.instead(of) } else { place }
        })
    }

    fn hold<T: Ordered + std::fmt::Debug>(one: &T, other: &T) -> Result<(), TestCaseError> {
        prop_assert_eq!(one.bytes().cmp(&other.bytes()), one.cmp(other), "{:?} {:?}", one, other);
        prop_assert_eq!(T::of(&one.bytes()), Some(one.clone()));
        Ok(())
    }

    proptest! {
        /// Places are in the order of their bytes, and are read back from them.
        #[test]
        fn places_are_in_the_order_of_their_bytes(
            lines in prop::array::uniform2((prop_oneof![days(), Just(Day::default())], seqs())),
            seqs in prop::array::uniform2(seqs()),
            ids in prop::array::uniform2("[0-9A-Ca-c][0-9A-Ca-c_-]{0,3}"),
            places in prop::array::uniform2(places()),
        ) {
            let [one, other] = lines.map(LineAt::from);
            hold(&one, &other)?;
            hold(&seqs[0], &seqs[1])?;
            let [one, other] = ids.map(|id| id.parse::<OutletId>().unwrap());
            hold(&one, &other)?;
            hold(&places[0], &places[1])?;
        }
    }
}
