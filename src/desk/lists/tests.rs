//! Who comes between the providers of a list, and what a list is of while somebody writes.

use super::*;
use crate::desk::{Asked, Door, Identity, ManualClock};
use crate::domain::{Command, Deduction, Provider};
use crate::points::Points;
use crate::rulebook::Rulebook;
use crate::store::ProviderRow;
use crate::time::Day;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const PROVIDERS: usize = 200;
/// 1 March 2011.
const NOW: Moment = Moment(1_298_908_800);

/// A list of providers by which a test hears how far it has come, while the core is held.
#[derive(Clone)]
struct Watched {
    providers: Providers,
    each: Arc<dyn Fn(usize) + Send + Sync>,
    made: Arc<AtomicUsize>,
}

impl PartialEq for Watched {
    fn eq(&self, other: &Watched) -> bool {
        Arc::ptr_eq(&self.made, &other.made)
    }
}

impl List for Watched {
    type Row = ProviderRow;
    const AREAS: Areas = Providers::AREAS;

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<ProviderRow> {
        let rows = self.providers.make(core, id, cx)?;
        (self.each)(self.made.fetch_add(1, Ordering::SeqCst) + 1);
        Ok(rows)
    }
}

impl Watched {
    fn new(each: impl Fn(usize) + Send + Sync + 'static) -> Watched {
        Watched { providers: Providers(2011), each: Arc::new(each), made: Arc::default() }
    }
}

fn id(n: usize) -> ProviderId {
    format!("P{n:04}").parse().unwrap()
}

fn desk() -> Desk {
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), Arc::new(ManualClock::at(NOW))).unwrap();
    let add = |n| Asked { command: Command::AddProvider(Provider::sample(id(n), "捷达", "杭州")), nth: None };
    desk.submit_all(&who(), (0..PROVIDERS).map(add).collect())
        .unwrap()
        .into_iter()
        .for_each(|done| assert!(done.is_ok()));
    desk
}

fn who() -> Identity {
    Identity::of("ops", Door::Local)
}

/// A line of the first provider and one of the last, in one block.
fn pair(desk: &Desk, n: usize) {
    let line = |provider| Deduction {
        provider: id(provider),
        article: "media-exposure".parse().unwrap(),
        points: Points(10),
        occurred_on: Day::from_ymd_opt(2011, 2, 1).unwrap(),
        outlet: None,
        problem: None,
        note: Some(format!("{n}")),
        subject: None,
        evidence: None,
    };
    let lines = [0, PROVIDERS - 1].map(|n| Asked { command: Command::TakeIn(line(n)), nth: None });
    desk.submit_all(&who(), lines.into()).unwrap().into_iter().for_each(|done| assert!(done.is_ok()));
}

/// Waits while the core is held until somebody stands in the line for it, or is done with what he wanted.
fn let_come(desk: &Desk, done: &AtomicBool) {
    while desk.shared.core.waiting() == 0 && !done.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
}

/// Regression: a key of another session waited until all providers were read, two seconds long.
#[test]
fn a_small_read_waits_for_one_provider_of_a_long_list() {
    let desk = desk();
    let (between, asks) = (Arc::new(AtomicBool::default()), Arc::new(AtomicBool::default()));
    let (reader, read, begun) = (desk.clone(), Arc::clone(&between), Arc::clone(&asks));
    let list = Watched::new(move |_| {
        begun.store(true, Ordering::SeqCst);
        let_come(&reader, &read);
    });
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !asks.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            let made = desk.with(|_| Ok(list.made.load(Ordering::SeqCst))).unwrap();
            between.store(true, Ordering::SeqCst);
            assert!(made <= 2, "{made} providers were read before it");
        });
        assert_eq!(desk.list(&list, &Of::All).unwrap().len(), PROVIDERS);
    });
    assert_eq!(list.made.load(Ordering::SeqCst), PROVIDERS, "and none of them was read again for it");
}

/// A list is of one head: what is written while it is read is in all of it, or in nothing. The writer comes between, too.
#[test]
fn a_list_that_is_read_while_somebody_writes_is_of_one_head() {
    let desk = desk();
    let (written, asks) = (Arc::new(AtomicBool::default()), Arc::new(AtomicBool::default()));
    let (reader, done, begun) = (desk.clone(), Arc::clone(&written), Arc::clone(&asks));
    let list = Watched::new(move |made| {
        if made > 1 {
            begun.store(true, Ordering::SeqCst);
            let_come(&reader, &done);
        }
    });
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !asks.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            pair(&desk, 0);
            let made = list.made.load(Ordering::SeqCst);
            written.store(true, Ordering::SeqCst);
            assert!(made < PROVIDERS / 2, "the writer waited for {made} providers");
        });
        desk.list(&list, &Of::All).unwrap()
    });
    let scores: Vec<u32> = rows.iter().map(|row| row.score.0).collect();
    assert_eq!((scores[0], scores[PROVIDERS - 1]), (10, 10), "the first was read before, and the last after");
    let all = desk.providers(2011).unwrap();
    assert_eq!(rows.into_iter().map(Arc::unwrap_or_clone).collect::<Vec<_>>(), all);
    assert_eq!(list.made.load(Ordering::SeqCst), PROVIDERS + 1, "only what changed is read again");
}

/// A writer that is quicker than every list does not keep one from coming to its end.
#[test]
fn a_list_comes_to_its_end_beside_a_writer_that_never_rests() {
    let desk = desk();
    let over = Arc::new(AtomicBool::default());
    let (reader, ended) = (desk.clone(), Arc::clone(&over));
    let list = Watched::new(move |_| let_come(&reader, &ended));
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..).take_while(|_| !over.load(Ordering::SeqCst)).for_each(|n| pair(&desk, n));
        });
        let rows = desk.list(&list, &Of::All).unwrap();
        over.store(true, Ordering::SeqCst);
        rows
    });
    assert_eq!(rows.len(), PROVIDERS);
    assert_eq!(rows[0].score, rows[PROVIDERS - 1].score, "it is of one head");
}

/// What fifty sessions ask for of one head is made once.
#[test]
fn what_is_listed_is_made_once_for_all() {
    let desk = desk();
    let list = Watched::new(|_| {});
    let made = || list.made.load(Ordering::SeqCst);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(desk.list(&list, &Of::All).unwrap().len(), PROVIDERS));
        }
    });
    assert_eq!(made(), PROVIDERS);
    let some = [id(0), id(7)];
    let rows = desk.list(&list, &Of::These(&some)).unwrap();
    assert_eq!((rows.len(), made()), (2, PROVIDERS));
    pair(&desk, 0);
    let again = desk.list(&list, &Of::These(&some)).unwrap();
    assert_eq!((again[0].score.0, made()), (10, PROVIDERS + 1), "one of them changed");
    assert!(Arc::ptr_eq(&rows[1], &again[1]), "the other is shared");
}

/// Lists that nobody asked for of late give way: what is kept of them does not grow.
#[test]
fn lists_that_nobody_asks_for_give_way() {
    let desk = desk();
    for year in 1900..2011 {
        desk.providers(year).unwrap();
    }
    assert_eq!(desk.with(|core| Ok(core.lists.kept.len())).unwrap(), KEPT);
}

/// Regression: each session read 500 entries of the journal again after each change. The newest are those of the journal,
/// and those that were read are shared.
#[test]
fn the_newest_entries_are_read_once() {
    let desk = desk();
    let own = |rows: Vec<Arc<crate::journal::Chained>>| rows.into_iter().map(Arc::unwrap_or_clone).collect::<Vec<_>>();
    let before = desk.newest(50).unwrap();
    pair(&desk, 0);
    let after = desk.newest(50).unwrap();
    assert!(Arc::ptr_eq(&before[0], &after[2]) && Arc::ptr_eq(&before[47], &after[49]));
    for limit in [50, 10, 70, 1_000, 0, 3] {
        assert_eq!(own(desk.newest(limit).unwrap()), desk.journal_tail(None, limit).unwrap(), "{limit}");
    }
}
