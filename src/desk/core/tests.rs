//! What is decided, on its way and kept, and what comes of failures between.

use super::*;
use crate::calendar::Calendar;
use crate::domain::{Fact, Provider};
use crate::journal::{JournalError, MemoryJournal, Staged, Verified};
use crate::rulebook::Rulebook;

/// A journal whose disk is full after so many blocks, or whose writer dies when the first is there.
pub(in crate::desk) struct Failing {
    journal: MemoryJournal,
    /// Blocks that it takes yet.
    room: usize,
    /// Whether nobody knows what became of a block.
    loses: bool,
    /// Whether the writer dies, when the first block is on disk and before anybody is answered.
    dies: bool,
}

impl Failing {
    /// Full after so many blocks.
    fn full_after(blocks: usize) -> Box<Failing> {
        Box::new(Failing { journal: MemoryJournal::default(), room: blocks, loses: false, dies: false })
    }

    /// The writer dies once.
    pub(in crate::desk) fn dying() -> Box<Failing> {
        Box::new(Failing { journal: MemoryJournal::default(), room: usize::MAX, loses: false, dies: true })
    }
}

impl Journal for Failing {
    fn head(&self) -> Head {
        self.journal.head()
    }

    fn stage(&mut self, expected: Seq, entries: &Arc<Vec<Entry>>) -> Result<Staged, JournalError> {
        match self.room.checked_sub(1) {
            Some(left) => {
                self.room = left;
                self.journal.stage(expected, entries)
            }
            None => Err(JournalError::Io { path: "journal".into(), source: std::io::ErrorKind::StorageFull.into() }),
        }
    }

    fn settle(&mut self, staged: Staged) -> Result<Head, JournalError> {
        if self.loses && self.room == 0 {
            return Err(JournalError::Unsure { why: "the disk is gone".into() });
        }
        let head = self.journal.settle(staged)?;
        assert!(!std::mem::take(&mut self.dies), "the writer dies");
        Ok(head)
    }

    fn entry(&self, seq: Seq) -> Result<Option<Chained>, JournalError> {
        self.journal.entry(seq)
    }

    fn read(&self, from: Seq, each: &mut dyn FnMut(Chained) -> bool) -> Result<(), JournalError> {
        self.journal.read(from, each)
    }

    fn check(&self, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
        self.journal.check(progress)
    }

    fn bytes(&self) -> u64 {
        self.journal.bytes()
    }
}

/// What is decided by: the calendar and the rulebook that come with the program, at a moment of 2011.
struct Law {
    calendar: Calendar,
    laws: Laws,
}

impl Law {
    fn shipped() -> Law {
        let (calendar, book) = (Calendar::shipped().unwrap(), Rulebook::shipped().unwrap());
        Law { calendar, laws: Laws::of_loaded(Arc::new(book)) }
    }

    fn cx(&self) -> Context<'_> {
        Context::new(&self.laws, Moment(1_300_000_000), &self.calendar)
    }
}

fn add(id: &str) -> Vec<Asked> {
    let provider = Provider::sample(id.parse().unwrap(), "捷达", "杭州");
    vec![Asked { command: Command::AddProvider(provider), nth: None }]
}

/// What the journal did not take is not in the view either, on disk or in memory, then or later.
#[test]
fn what_the_journal_did_not_take_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let law = Law::shipped();
    let cx = law.cx();
    for view in [View::begin(&folder.path().join("view")).unwrap(), View::in_memory()] {
        let mut core = Core::new(Failing::full_after(1), view, None).unwrap();
        let mut ask = |id: &str| {
            let mut group = Group::new(core.journal.head().seq, "ops".into());
            let decided = core.decide(&mut group, add(id), cx).unwrap();
            assert!(matches!(decided[..], [Ok(Outcome::Done(_))]), "{decided:?}");
            core.keep(&group).map(drop)
        };
        ask("P0001").unwrap();
        assert!(matches!(ask("P0002"), Err(StoreError::Journal(JournalError::Io { .. }))));
        assert!(matches!(ask("P0002"), Err(StoreError::Journal(JournalError::Io { .. }))), "it is not there twice");
        let ids: Vec<String> = core.view.provider_ids().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!((ids, core.view.top().providers), (vec!["P0001".to_owned()], 1));
        assert_eq!(core.view.head(), core.journal.head());
    }
}

/// Nor is it among the facts that stay loaded: what is decided next would stand on it.
#[test]
fn what_the_journal_did_not_take_is_among_no_facts() {
    let law = Law::shipped();
    let cx = law.cx();
    let view = View::in_memory();
    let mut core = Core::new(Failing::full_after(2), view, None).unwrap();
    let promotion = |days: u64| {
        let on = cx.now.day() - chrono::Days::new(days);
        let held = crate::domain::service::ServiceStep::PromotionHeld { title: "x".into(), material_on: on };
        let provider = "P0001".parse().unwrap();
        let (fact, on) = (Fact::Service(held), Some(on));
        let asked = crate::domain::Recording { provider, fact, on, confirmed_by: None, note: None };
        vec![Asked { command: Command::Record(Box::new(asked)), nth: None }]
    };
    let mut ask = |asked| {
        let mut group = Group::new(core.journal.head().seq, "ops".into());
        group.receipts = true;
        core.decide(&mut group, asked, cx).unwrap().remove(0).unwrap();
        let kept = core.keep(&group).is_ok();
        (kept, core.filed(&"P0001".parse().unwrap()).unwrap().facts.len())
    };
    assert_eq!(ask(add("P0001")), (true, 0));
    assert_eq!(ask(promotion(10)), (true, 1));
    assert_eq!(ask(promotion(20)), (false, 1), "typed late, and the disk is full");
}

/// What is on its way to the disk is seen by nobody, whatever they ask and try meanwhile, and by everybody once it is
/// there; also where another view took the place of the one that failed meanwhile.
#[test]
fn what_is_on_its_way_to_the_disk_is_seen_by_nobody() {
    let law = Law::shipped();
    let cx = law.cx();
    let folder = tempfile::tempdir().unwrap();
    let view = View::begin(&folder.path().join("view")).unwrap();
    let mut core = Core::new(Box::new(MemoryJournal::default()), view, None).unwrap();
    let ids = |core: &mut Core| -> Vec<String> {
        core.settle().unwrap();
        core.view.provider_ids().unwrap().iter().map(ToString::to_string).collect()
    };
    for (n, fails) in [(1, false), (2, false), (3, true), (4, false)] {
        let before = ids(&mut core);
        let (head, id) = (core.journal.head(), format!("P{n:04}"));
        let mut group = Group::new(head.seq, "ops".into());
        core.decide(&mut group, add(&id), cx).unwrap();
        core.decided();
        let mut staged = core.stage(&group).unwrap();
        assert_eq!((ids(&mut core), core.view.head(), core.journal.head()), (before.clone(), head, head));
        let mut other = Group::new(head.seq, "ops".into());
        let tried = core.in_vain(|core| core.decide(&mut other, add(&id), cx)).unwrap();
        assert!(matches!(tried[..], [Ok(Outcome::Done(_))]), "it is not there yet: {tried:?}");
        if fails {
            core.view.fail();
            assert_eq!(ids(&mut core), before);
        }
        staged.write();
        let head = core.kept(&group, staged).unwrap();
        assert_eq!((ids(&mut core).last(), core.view.head(), core.journal.head()), (Some(&id), head, head));
        assert_eq!(ids(&mut core).len(), before.len() + 1);
    }
}

/// A group of its own on top of another, as the writer makes of an import.
fn decided(core: &mut Core, before: Option<&Group>, id: &str, cx: Context<'_>) -> Option<Group> {
    let group = match before {
        Some(before) => core.goes_on().then(|| Group::after(before)),
        None => core.begin().map(|()| Group::new(core.journal.head().seq, String::new())).ok(),
    };
    let mut group = group?;
    group.by = "ops".into();
    let decided = core.decide(&mut group, add(id), cx).unwrap();
    assert!(matches!(decided[..], [Ok(Outcome::Done(_))]), "{decided:?}");
    core.decided();
    Some(group)
}

/// Two groups on their way, the second decided on top of the first: whoever looks, at whatever time, sees what is on the
/// disk and no more, and all of it comes in the end, as if one had waited for the other.
#[test]
fn what_is_decided_on_top_of_what_is_on_its_way_waits_with_it() {
    let law = Law::shipped();
    let cx = law.cx();
    let seen = |core: &mut Core| -> Vec<String> {
        core.settle().unwrap();
        assert_eq!(core.view.head(), core.journal.head());
        core.view.provider_ids().unwrap().iter().map(ToString::to_string).collect()
    };
    let digest_of = |looks: u32| {
        let folder = tempfile::tempdir().unwrap();
        let view = View::begin(&folder.path().join("view")).unwrap();
        let mut core = Core::new(Box::new(MemoryJournal::default()), view, None).unwrap();
        let look = |core: &mut Core, at: u32, is: &[&str]| {
            if looks >> at & 1 == 1 {
                assert_eq!(seen(core), is, "looks {looks:b}, at {at}");
            }
        };
        let first = decided(&mut core, None, "P0001", cx).unwrap();
        look(&mut core, 0, &[]);
        let mut staged = core.stage(&first).unwrap();
        staged.write();
        look(&mut core, 1, &[]);
        let second = decided(&mut core, Some(&first), "P0002", cx);
        assert_eq!(second.is_none(), looks & 3 != 0, "who looked has put the first aside: the second waits");
        look(&mut core, 2, &[]);
        core.kept(&first, staged).unwrap();
        look(&mut core, 3, &["P0001"]);
        let second = second.unwrap_or_else(|| decided(&mut core, None, "P0002", cx).unwrap());
        let mut staged = core.stage(&second).unwrap();
        staged.write();
        look(&mut core, 4, &["P0001"]);
        let third = decided(&mut core, Some(&second), "P0003", cx);
        look(&mut core, 5, &["P0001"]);
        core.kept(&second, staged).unwrap();
        look(&mut core, 6, &["P0001", "P0002"]);
        let third = third.unwrap_or_else(|| decided(&mut core, None, "P0003", cx).unwrap());
        core.stage(&third)
            .map(|mut staged| {
                staged.write();
                core.kept(&third, staged)
            })
            .unwrap()
            .unwrap();
        assert_eq!(seen(&mut core), ["P0001", "P0002", "P0003"]);
        (core.journal.head(), core.view.digest().unwrap())
    };
    let one_by_one = digest_of(0b111_1111);
    for looks in 0..1 << 7 {
        assert_eq!(digest_of(looks), one_by_one, "{looks:b}");
    }
}

/// Where the disk does not take a group, what was decided on top of it is gone with it; whether somebody looked or not.
#[test]
fn what_was_decided_on_top_of_what_the_disk_did_not_take_is_gone_with_it() {
    let law = Law::shipped();
    let cx = law.cx();
    for (room, loses, looks) in
        [(1, false, false), (2, false, false), (2, false, true), (2, true, false), (2, true, true)]
    {
        let folder = tempfile::tempdir().unwrap();
        let view = View::begin(&folder.path().join("view")).unwrap();
        let journal = Box::new(Failing { loses, ..*Failing::full_after(room) });
        let mut core = Core::new(journal, view, None).unwrap();
        let first = decided(&mut core, None, "P0001", cx).unwrap();
        core.stage(&first).map(|staged| core.kept(&first, staged)).unwrap().unwrap();
        let second = decided(&mut core, None, "P0002", cx).unwrap();
        let staged = core.stage(&second);
        let kept: &[&str] = match staged {
            Err(e) => {
                assert!(room == 1 && matches!(e, StoreError::Journal(JournalError::Io { .. })), "{e}");
                &["P0001"]
            }
            Ok(staged) => {
                let third = decided(&mut core, Some(&second), "P0003", cx).unwrap();
                if looks {
                    core.settle().unwrap();
                }
                let kept = core.kept(&second, staged);
                assert_eq!(kept.is_err(), loses);
                assert!(loses || core.stage(&third).is_err());
                if loses { &["P0001"] } else { &["P0001", "P0002"] }
            }
        };
        let ids: Vec<String> = core.view.provider_ids().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!((ids, core.view.head()), (kept.iter().map(ToString::to_string).collect(), core.journal.head()));
        // Nothing is left of it that the next would stand on.
        core.begin().unwrap();
        assert_eq!((core.view.top().providers, core.coming.len()), (kept.len() as u64, 0));
    }
}

/// An entry that the journal does not have yet is found where it is; the next one is recorded no earlier.
#[test]
fn a_group_knows_the_one_behind_it() {
    let law = Law::shipped();
    let cx = law.cx();
    let mut core = Core::new(Box::new(MemoryJournal::default()), View::in_memory(), None).unwrap();
    let first = decided(&mut core, None, "P0001", cx).unwrap();
    let staged = core.stage(&first).unwrap();
    let earlier = Context { now: Moment(cx.now.0 - 1_000), ..cx };
    let second = decided(&mut core, Some(&first), "P0002", earlier).unwrap();
    let of = |seq| {
        core.entry_of(&second, Seq(seq)).unwrap().map(|entry| (entry.event.provider().unwrap().to_string(), entry.at))
    };
    assert_eq!(of(1), Some(("P0001".into(), cx.now)));
    assert_eq!(of(2), Some(("P0002".into(), cx.now)), "the clock went back meanwhile");
    assert_eq!((of(3), second.first()), (None, Seq(2)));
    assert!(
        matches!(core.stage(&second), Err(StoreError::Journal(JournalError::Moved { .. }))),
        "not before the first"
    );
    drop(staged);
}

/// What was decided and never kept, as after a panic in between, is gone before anybody looks.
#[test]
fn a_half_applied_group_is_gone_before_anybody_looks() {
    let law = Law::shipped();
    let cx = law.cx();
    let folder = tempfile::tempdir().unwrap();
    let view = View::begin(&folder.path().join("view")).unwrap();
    let mut core = Core::new(Box::new(MemoryJournal::default()), view, None).unwrap();
    let mut group = Group::new(core.journal.head().seq, "ops".into());
    core.decide(&mut group, add("P0001"), cx).unwrap();
    assert_eq!(core.view.top().providers, 1, "it is applied");
    core.settle().unwrap();
    assert_eq!((core.view.top().providers, core.view.provider_ids().unwrap()), (0, vec![]));
}

/// What sled has and is damaged is noticed without anybody asking for it, and is answered from the journal: a record that
/// is not what was written, and a page that nobody wrote.
#[test]
fn a_damaged_record_is_noticed_by_the_look_over() {
    for (half, key) in [("records", b"RP0001"), ("pages", b"WP0001")] {
        let law = Law::shipped();
        let cx = law.cx();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("view");
        let mut core = Core::new(Box::new(MemoryJournal::default()), View::begin(&path).unwrap(), None).unwrap();
        for n in 0..LOOKED_OVER {
            let mut group = Group::new(core.journal.head().seq, "ops".into());
            core.decide(&mut group, add(&format!("P{n:04}")), cx).unwrap();
            core.keep(&group).unwrap();
        }
        let (_, sums) = core.put_view(View::in_memory()).close(std::time::Duration::from_secs(5)).unwrap().unwrap();
        let db = sled::open(path.join(half)).unwrap();
        // One of the last: it is in no first part.
        db.insert(key, b"\0").unwrap();
        db.flush().unwrap();
        drop(db);
        core.put_view(View::open(&path, Some(sums)).unwrap());
        let parts = (0..20).take_while(|_| {
            core.look_over();
            !core.view.has_failed()
        });
        let before = parts.count();
        assert!(core.view.has_failed() && before > 0, "{half}: noticed after {before} parts");
        core.settle().unwrap();
        assert_eq!((core.view.provider_ids().unwrap().len(), core.view.is_on_disk()), (LOOKED_OVER, false));
    }
}
