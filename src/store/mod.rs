//! The sled view: records and pages made from the journal, in order, for the console to walk.
//!
//! It can be thrown away and made again. Deliberately absent: any knowledge of who asks, any decision, any
//! clock. The same journal gives the same keys and values, byte for byte. Its shape may change with every program: a view
//! of another shape is made anew ([`seal::FORMAT`]); what must never change is the journal's ([`crate::journal`]).

mod as_of;
mod cache;
mod close;
mod disk;
mod error;
mod file;
mod half;
mod handed;
pub mod keys;
mod laws;
mod ledger;
mod lines;
mod marks;
mod obligation;
mod page;
mod pages;
mod proposals;
mod query;
mod said;
mod scores;
pub mod seal;
mod spoken;
mod stamps;
mod state;
mod turnover;
mod write;

pub use cache::BIT;
pub use error::StoreError;
pub use file::Loaded;
pub use laws::StoredLaws;
pub use lines::{LINES, LineRow, LineText};
pub use obligation::Due;
pub use page::PAGE;
pub use proposals::Proposal;
pub use query::ProviderRow;
pub use scores::{StoredScores, YearScore};
pub use state::StoredState;
pub use turnover::MonthRow;

use crate::domain::turnover::{Dormancy, Tenure};
use crate::domain::{Filed, FindingState, Life, LineSubject, Marked, Outlet, Place, Provider, Turnover, YearLedger};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::journal::Head;
use crate::points::Points;
use crate::rulebook::{DormantRule, EditionHash};
use crate::time::{Day, Month, Year};
use cache::{Cache, Item, Stored, Undone};
use disk::Sums;
use keys::LineAt;
use page::Page;
use pages::Index;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The view's own record: how far it has come, and its totals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Top {
    /// The journal entry up to which the view has come.
    pub head: Head,
    /// Providers.
    pub providers: u64,
    /// Outlets.
    pub outlets: u64,
    /// Ledger lines by calendar year.
    pub lines: BTreeMap<Year, u64>,
    /// Numbers of the journal that no entry has: what they were is lost, and somebody accepted that.
    pub lost: u64,
    /// The entry that comes in the place of another, and the number that its record is known by (decision 13).
    pub instead: Option<(Seq, Seq)>,
    /// The entry that last changed the law: an edition, or what a provider agreed otherwise.
    pub laws: Seq,
    /// The editions that lines were judged by, in the order in which they first were: a line says the number of its own.
    pub editions: Vec<EditionHash>,
    /// Providers that handed outlets to others: where their facts change, so may the lives that others have.
    pub handing: BTreeSet<ProviderId>,
}

/// A provider and where its outlets are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProvider {
    /// The provider.
    pub provider: Provider,
    /// The entries that said how it is, with the entry that voids each.
    pub spoken: Vec<(Seq, Option<Seq>)>,
    /// How many outlets it has.
    pub outlets: u32,
    /// How many of them have nobody who serves (1.4.2(3)).
    pub unstaffed: u32,
    /// Where its outlets are.
    pub pages: Index<OutletId>,
}

/// A provider's year and where its lines are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredYear {
    /// What the year comes to.
    pub ledger: YearLedger,
    /// The day and number of its last line.
    pub last: Option<LineAt>,
    /// Where its lines are.
    pub pages: Index<LineAt>,
}

/// A provider's months with turnover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMonths {
    /// Months that outlets reported, ascending.
    pub reported: Vec<Month>,
    /// Months with a finding, open or decided, ascending.
    pub found: Vec<Month>,
}

/// A provider's month and where its turnover is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMonth {
    /// The rule that the month is judged by: that of its first report.
    pub rule: DormantRule,
    /// Outlets that reported.
    pub reported: u32,
    /// Orders that they reported, and those with a final status (1.3(5)).
    pub orders: (u64, u64),
    /// What they come to.
    pub dormancy: Dormancy,
    /// What became of the finding, with the measure and the points that were decided on.
    pub decided: Option<(FindingState, Dormancy, Points)>,
    /// Where its turnover is.
    pub pages: Index<OutletId>,
}

/// Where a provider's facts are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// How many.
    pub facts: u32,
    /// How many of them are steps of an admission or an exit.
    pub steps: u32,
    /// The place of the last.
    pub last: Option<Place>,
    /// Where they are.
    pub pages: Index<Place>,
    /// Entries that brought others back.
    pub back: Vec<Seq>,
}

/// An outlet with its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutletRow {
    /// The outlet.
    pub outlet: Outlet,
    /// Its life so far.
    pub life: Life,
    /// The entry that put it on record.
    pub entry: Seq,
    /// The entries that said how its record is, with the entry that voids each.
    pub spoken: Vec<(Seq, Option<Seq>)>,
    /// Whose it was before and the day until which, the first first (decision 15).
    pub past: Vec<(ProviderId, Day)>,
}

/// An outlet as the directory has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    outlet: OutletId,
    /// Whose it is.
    owner: ProviderId,
    /// Whether it was another's before: then its record says whose it was when.
    moved: bool,
}

/// A record or a month that a line stands for (section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The article.
    pub article: ArticleId,
    /// What it stands for.
    pub subject: LineSubject,
    /// The day the line occurred.
    pub on: Day,
    /// The line.
    pub line: Seq,
}

impl Item for Charge {}
impl Stored for crate::domain::discretion::Usage {}
impl Stored for Top {}
impl Stored for StoredMonths {}

impl StoredProvider {
    /// Whether every entry that said how it is was voided: it is off the record (decision 13).
    fn is_off(&self) -> bool {
        !self.spoken.is_empty() && self.spoken.iter().all(|(_, void)| void.is_some())
    }
}

impl OutletRow {
    /// Whose it was, and when.
    fn tenure(&self) -> Tenure {
        let gone_on = self.life.since.filter(|_| self.life.stage.is_gone());
        let (signed_on, owner) = (self.outlet.signed_on, self.outlet.provider.clone());
        Tenure { signed_on, past: self.past.clone(), owner, gone_on }
    }

    /// Whether nobody serves there though it is not gone (1.4.2(3)).
    fn lacks_staff(&self) -> bool {
        self.outlet.is_unstaffed() && !self.life.stage.is_gone()
    }
}

impl Stored for StoredFile {
    fn size(&self) -> usize {
        size_of::<Self>() + self.pages.size()
    }

    fn fault(&self) -> Option<&'static str> {
        self.pages.fault(self.facts.into())
    }
}

impl Stored for StoredMonth {
    fn size(&self) -> usize {
        size_of::<Self>() + self.pages.size()
    }

    fn fault(&self) -> Option<&'static str> {
        self.pages.fault(self.reported.into())
    }
}

impl Stored for StoredProvider {
    fn size(&self) -> usize {
        size_of::<Self>() + self.pages.size() + 256
    }

    fn fault(&self) -> Option<&'static str> {
        self.pages.fault(self.outlets.into())
    }
}

impl Stored for StoredYear {
    fn size(&self) -> usize {
        size_of::<Self>() + self.pages.size() + self.ledger.used.size()
    }

    fn fault(&self) -> Option<&'static str> {
        self.pages.fault(self.ledger.lines.into())
    }
}

impl Item for Marked {}
impl Item for spoken::Spoken {}
impl Item for spoken::Gone {}
impl Item for ProviderId {}

/// A page of facts.
type FactPage = Page<Filed>;
/// A page of outlets.
type OutletPage = Page<OutletRow>;
/// A page of turnover of one month.
type TurnoverPage = Page<Turnover>;
/// A bucket of the directory: outlets by their ids.
type Bucket = Page<Listed>;

/// How the view stood before something is tried.
#[must_use = "what is tried is taken back"]
pub struct Tried {
    top: Top,
    stale: BTreeSet<ProviderId>,
}

impl Tried {
    /// The same for how it stood before: see [`View::reached`].
    pub fn reached(&mut self, head: Head) {
        self.top.head = head;
    }
}

/// What was tried and taken back for the time being.
pub struct Aside {
    undone: Undone,
    tried: Tried,
}

/// The open view.
pub struct View {
    cache: Cache,
    top: Top,
    /// Providers whose facts are to be folded again: one was filed among others, or taken away.
    stale: BTreeSet<ProviderId>,
    /// The facts that were read last, until something is written.
    loaded: Option<file::LoadedFile>,
}

impl View {
    /// Begins an empty view in an empty folder.
    pub fn begin(path: &Path) -> Result<View, StoreError> {
        View::open(path, None)
    }

    /// Opens the view in a folder, with the checksums of the stamps of its records; without, it is empty.
    pub fn open(path: &Path, sums: Option<Sums>) -> Result<View, StoreError> {
        let mut cache = Cache::open(path, sums)?;
        let top = cache.get::<Top>(&keys::top())?.cloned().unwrap_or_default();
        Ok(View { cache, top, stale: BTreeSet::new(), loaded: None })
    }

    /// The head that a view in a folder says it has, whatever became of it since.
    pub fn head_in(path: &Path) -> Result<Head, StoreError> {
        let top: Option<Top> = Cache::open(path, None)?.look(&keys::top())?;
        Ok(top.unwrap_or_default().head)
    }

    /// An empty view that is held whole in memory: for when the disk takes or gives nothing.
    pub fn in_memory() -> View {
        View { cache: Cache::in_memory(), top: Top::default(), stale: BTreeSet::new(), loaded: None }
    }

    /// Whether it is on a disk, and not only in memory.
    pub fn is_on_disk(&self) -> bool {
        self.cache.is_on_disk()
    }

    /// Whether it failed: it may miss what it was given.
    pub fn has_failed(&self) -> bool {
        self.cache.has_failed()
    }

    /// Opens the pages, too, for who is about to write: where they cannot be opened it failed.
    pub fn open_all(&mut self) {
        self.cache.open_all();
    }

    /// Gives it up: another takes its place.
    pub fn fail(&mut self) {
        self.cache.fail();
    }

    /// Refuses where it failed.
    pub fn writable(&self) -> Result<(), StoreError> {
        if self.has_failed() { Err(StoreError::view("it failed before")) } else { Ok(()) }
    }

    /// Lets go of it as it is, without waiting for the disk.
    pub fn abandon(self) {
        self.cache.abandon();
    }

    /// The head it has reached.
    pub fn head(&self) -> Head {
        self.top.head
    }

    /// Sets the head that the journal gave to what is applied: hashes are made where entries are written.
    pub fn reached(&mut self, head: Head) {
        self.top.head = head;
    }

    /// Its totals.
    pub fn top(&self) -> &Top {
        &self.top
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.cache.bytes()
    }

    /// Whether it is as it was opened: nothing is to be written.
    fn is_as_read(&self) -> bool {
        self.stale.is_empty() && !self.cache.has_changed()
    }

    /// Looks over some records of those on disk, after a key: whether they are what was written. Answers with the last;
    /// with none at the end.
    pub fn look_over(&mut self, after: &[u8], most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        self.cache.look_over(after, most)
    }

    /// Whether so much is held that some must make room.
    pub fn is_full(&mut self) -> bool {
        self.cache.is_full()
    }

    /// Makes room where too much is held, about `most` bytes now. Only between groups: a group can still be taken back.
    pub fn spill_if_full(&mut self, most: usize) -> Result<(), StoreError> {
        if self.is_full() { self.cache.spill(most) } else { Ok(()) }
    }

    /// The same where the journal has it all: what cannot be written makes the view one that failed, and no more.
    pub fn spill_or_fail(&mut self, most: usize) {
        if self.spill_if_full(most).is_err() {
            self.fail();
        }
    }

    /// Lets go of what was only read, when that is much.
    pub fn relieve(&mut self) {
        self.cache.relieve();
    }

    /// What is applied from here on is only tried, until [`View::undo`] or [`View::keep`].
    pub fn try_out(&mut self) -> Tried {
        self.cache.try_out();
        Tried { top: self.top.clone(), stale: self.stale.clone() }
    }

    /// Takes back what was tried last; [`View::redo`] does it again.
    pub fn undo(&mut self, mut tried: Tried) -> Aside {
        let undone = self.cache.undo();
        std::mem::swap(&mut self.top, &mut tried.top);
        std::mem::swap(&mut self.stale, &mut tried.stale);
        self.loaded = None;
        Aside { undone, tried }
    }

    /// What was tried first stands.
    pub fn keep(&mut self, _: Tried) {
        self.cache.keep();
    }

    /// Does again what was taken back. Nothing but reading happened in between.
    pub fn redo(&mut self, aside: Aside) {
        self.cache.redo(aside.undone);
        (self.top, self.stale, self.loaded) = (aside.tried.top, aside.tried.stale, None);
    }

    /// A digest over all keys and values: equal views have equal digests.
    pub fn digest(&mut self) -> Result<[u8; 32], StoreError> {
        self.flush()?;
        let mut hash = blake3::Hasher::new();
        self.cache.walk(&mut |key, value| {
            for part in [key, value] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        })?;
        Ok(*hash.finalize().as_bytes())
    }
}
