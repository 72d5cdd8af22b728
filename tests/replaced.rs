//! Decision 12: any order of typing comes to the same. Records with days are typed in random order, some voided; what
//! was taken is then typed again in the order of the days, and both are held against a naive model that is written
//! from the clauses: plain lists, counted from nothing for every question.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;

use case::Case;
use koufen::domain::{Command, Measured, ObligationKind};
use koufen::ids::Seq;
use koufen::time::{Day, Moment, show_moment};
use proptest::prelude::*;
use std::collections::BTreeSet;

const FIRST: &str = "2011-01-20";
const NOW: &str = "2011-07-01T09:00";
const OUTLETS: [&str; 4] = ["O1", "O2", "O3", "O4"];

/// What was typed: its words, with `@` for an earlier entry, and its day.
#[derive(Clone, Debug)]
struct Typed {
    text: String,
    /// The place in the list of taken records of the one that it refers to.
    of: Option<usize>,
    on: Day,
}

/// A record that was taken.
#[derive(Clone, Debug)]
struct Taken {
    typed: Typed,
    seq: u64,
    voided: bool,
}

fn day(after: i64) -> Day {
    koufen::time::parse_day(FIRST).unwrap() + chrono::Duration::days(after)
}

/// Something to type; the numbers are random. The steps to an opening come by themselves, and often all on one day, so
/// that lives get somewhere.
fn all_typed(taken: &[Taken], numbers: (u8, usize, i64, usize, u32)) -> Vec<Typed> {
    let (kind, outlet, on, pick, n) = numbers;
    if kind % 3 == 0 && pick % 2 == 0 {
        return [2, 5, 7, 9].map(|kind| typed(taken, (kind, outlet, on, pick, n))).into();
    }
    vec![typed(taken, numbers)]
}

/// One thing to type, and what it refers to.
fn typed(taken: &[Taken], (kind, outlet, on, pick, n): (u8, usize, i64, usize, u32)) -> Typed {
    let o = OUTLETS[outlet % OUTLETS.len()];
    let on = day(on);
    let refer = |word: &str| {
        let fits: Vec<usize> = (0..taken.len()).filter(|at| taken[*at].typed.text.starts_with(word)).collect();
        fits.get(pick % fits.len().max(1)).copied()
    };
    let plain = |text: String| Typed { text, of: None, on };
    match kind % 20 {
        0 | 1 => plain(format!(
            "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=20 attended={} signed={}",
            n % 21,
            n % 21 / 2
        )),
        2..=4 => plain(format!("outlet-proposed P0001 outlet_id={o} city=杭州 name=店 staff=1")),
        5 | 6 => plain(format!("outlet-reviewed {o} passed=yes")),
        7 | 8 => plain(format!("outlet-signed {o} party=platform")),
        9 | 10 => plain(format!("outlet-opened {o} real_time=yes")),
        11 => plain(format!("outlet-closed {o} note=x")),
        12 => plain(format!("outlet-suspended {o} note=x")),
        13 => plain(format!("promotion-held P0001 title=p{n} material_on=2011-01-01")),
        14 => plain(format!("brand-checked {o} passed={}", if n % 2 == 0 { "yes" } else { "no" })),
        15 => plain(format!("complained {o} from=outlet problem=p{n}")),
        // Named: where none are, an entry says which waited when it was typed.
        16 => plain(format!("training-held P0001 city=杭州 outlets={o}")),
        17 => Typed {
            text: format!("freeze-applied P0001 conference=@ entries=100 errors={} note=n{n}", n % 4),
            of: refer("conference-held"),
            on,
        },
        18 => Typed {
            text: "conference-rectified P0001 conference=@ note=x".to_owned(),
            of: refer("conference-held"),
            on,
        },
        _ => Typed {
            text: format!("training-checked P0001 training=@ checked=20 failed={}", n % 8),
            of: refer("training-held"),
            on,
        },
    }
}

/// Types a record; its entry, if it was taken.
fn put(case: &Case, typed: &Typed, seq_of: impl Fn(usize) -> u64) -> Option<u64> {
    let command = command(case, typed, seq_of)?;
    case.ask(command).ok().map(|receipt| receipt.seq.0)
}

fn command(case: &Case, typed: &Typed, seq_of: impl Fn(usize) -> u64) -> Option<Command> {
    if typed.text.contains('@') && typed.of.is_none() {
        return None;
    }
    let refers = typed.of.map(|at| seq_of(at).to_string()).unwrap_or_default();
    let text = format!("{} on={}", typed.text.replace('@', &refers), typed.on);
    // An outlet that is not there yet is not even read.
    case.read(&text).ok()
}

fn begun() -> Case {
    let case = Case::at(NOW);
    case.did(&format!("territory-confirmed P0001 city=杭州 population=35000 on={FIRST}"));
    case
}

/// All that a store comes to, without the numbers of its entries.
fn comes_to(case: &Case) -> Vec<String> {
    let id = "P0001".parse().unwrap();
    let mut all: Vec<String> = case
        .desk
        .deadlines(None)
        .unwrap()
        .iter()
        .map(|d| {
            let o = &d.obligation;
            let about = o.about.to_string();
            let about = if about.starts_with('#') { "an entry" } else { &about };
            format!("due {} {about} {} {}/{}", o.kind.word(), show_moment(o.due), o.have, o.need)
        })
        .collect();
    all.extend(case.desk.findings(None).unwrap().iter().map(|f| {
        let (article, at) = (f.id.subject.article(), f.occurred_on);
        format!("found {article} {:?} {at} {:?} {:?} {}", f.measured, f.outlet, f.problem, f.state.word())
    }));
    all.extend(case.desk.lives(&id, None, 99).unwrap().iter().map(|row| {
        let life = &row.life;
        format!(
            "{} {} {:?} {:?} {:?}",
            row.outlet.id,
            life.stage.word(),
            life.since,
            life.opened_on,
            row.outlet.signed_on
        )
    }));
    let dossier = case.desk.dossier(&id).unwrap();
    all.extend(
        dossier.territories.iter().map(|t| format!("{} {} {:?} {}", t.city, t.opened, t.complete_on, t.left_early)),
    );
    all.extend(dossier.conferences.iter().map(|c| format!("{} {} {:?}", c.on, c.failed, c.rectified_on)));
    all.push(format!("{:?} {} {}", dossier.promoted_on, dossier.complaints.len(), dossier.trainings.len()));
    all.sort();
    all
}

/// The clauses, read out over a list.
struct Model<'a> {
    taken: Vec<&'a Taken>,
    now: Moment,
}

impl Model<'_> {
    fn of<'b>(&'b self, word: &'b str) -> impl Iterator<Item = &'b Taken> {
        self.taken.iter().copied().filter(move |t| t.typed.text.starts_with(word))
    }

    /// The day of an outlet's step.
    fn step(&self, word: &str, outlet: &str) -> Option<Day> {
        self.of(&format!("{word} {outlet} ")).map(|t| t.typed.on).next()
    }

    /// 1.6.1(2): an outlet serves from its opening until it is closed.
    fn serving(&self, day: Day) -> usize {
        let serves = |o: &&str| {
            let opened = self.step("outlet-opened", o).is_some_and(|on| on <= day);
            opened && self.step("outlet-closed", o).is_none_or(|on| on > day)
        };
        OUTLETS.into_iter().filter(serves).count()
    }

    /// The first day from the confirmation on with so many at once: who opens on a day comes before who closes on it.
    fn reached(&self, need: usize) -> Option<Day> {
        (0..163).map(day).find(|on| {
            let came = OUTLETS.into_iter().filter(|o| self.step("outlet-opened", o) == Some(*on)).count();
            self.serving(on.pred_opt().unwrap()) + came >= need
        })
    }

    /// 1.6.1(2): what is found of a phase: due then, reached late or never, with who was there on the last day.
    fn rollout(&self, days: i64, need: usize) -> Option<(Option<Day>, usize)> {
        let (due, done) = (day(days), self.reached(need));
        let late = done.is_none_or(|on| on > due) && self.now > Moment::end_of(due);
        late.then(|| (done, self.serving(due)))
    }

    /// 2.1.1(4): conferences whose freeze application nobody made.
    fn unapplied(&self, taken: &[Taken]) -> usize {
        let is_applied =
            |t: &&Taken| self.of("freeze-applied").any(|f| f.typed.of.is_some_and(|at| taken[at].seq == t.seq));
        self.of("conference-held").filter(|t| !is_applied(t)).count()
    }

    /// 2.2.3(1): closed within three calendar months of their own opening.
    fn left_early(&self) -> u32 {
        let early = |o: &&str| match (self.step("outlet-opened", o), self.step("outlet-closed", o)) {
            (Some(opened), Some(closed)) => closed <= opened.checked_add_months(chrono::Months::new(3)).unwrap(),
            _ => false,
        };
        u32::try_from(OUTLETS.into_iter().filter(early).count()).unwrap()
    }

    /// 1.6.1(1)6: under 40 % came, or under 60 % of those signed; half of those who came never do.
    fn failed(&self) -> usize {
        self.of("conference-held").count()
    }
}

fn holds(case: &Case, taken: &[Taken]) -> Result<(), TestCaseError> {
    let standing = taken.iter().filter(|t| !t.voided).collect();
    let model = Model { taken: standing, now: case.desk.now() };
    let dossier = case.desk.dossier(&"P0001".parse().unwrap()).unwrap();
    let territory = &dossier.territories[0];
    // 35,000 people: four outlets, three of them first.
    prop_assert_eq!(territory.plan, (4, 3));
    prop_assert_eq!(territory.opened as usize, model.serving(case.desk.today()));
    prop_assert_eq!(territory.complete_on, model.reached(4));
    prop_assert_eq!(territory.left_early, model.left_early());
    prop_assert_eq!(dossier.conferences.iter().filter(|c| c.failed).count(), model.failed());
    let due = case.desk.deadlines(None).unwrap();
    let open = |kind| due.iter().filter(|d| d.obligation.kind == kind).count();
    prop_assert_eq!(open(ObligationKind::FreezeApplication), model.unapplied(taken));
    let findings = case.desk.findings(None).unwrap();
    for (mark, days, need) in [(".first", 45, 3), (".all", 105, 4)] {
        let found = findings.iter().find(|f| f.id.to_string().ends_with(mark)).map(|f| match f.measured {
            Measured::Missed { done, have, .. } => (done.map(Moment::day), have as usize),
            _ => panic!("{f:?}"),
        });
        prop_assert_eq!(found, model.rollout(days, need), "{}", mark);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn decision_12_any_order_of_typing_comes_to_the_same(
        asked in prop::collection::vec((0..20u8, 0..4usize, 0..160i64, 0..9usize, 0..40u32), 1..70),
        voids in prop::collection::vec(0..60usize, 0..4),
        replaces in prop::collection::vec((0..60usize, -30..30i64), 0..12),
    ) {
        let case = begun();
        let mut taken: Vec<Taken> = Vec::new();
        for numbers in asked {
            for typed in all_typed(&taken, numbers) {
                if typed.of.is_some_and(|at| taken[at].typed.on > typed.on) {
                    continue;
                }
                if let Some(seq) = put(&case, &typed, |at| taken[at].seq) {
                    taken.push(Taken { typed, seq, voided: false });
                }
            }
        }
        holds(&case, &taken)?;
        for at in voids {
            let Some(seq) = taken.get(at).map(|t| t.seq) else { continue };
            let void = Command::Void { entry: Seq(seq), dependents: true, reason: "误录".into() };
            let Ok(receipt) = case.ask(void) else { continue };
            let koufen::domain::Event::Voided { entries, .. } = receipt.event else { panic!("{receipt:?}") };
            let gone: BTreeSet<u64> = entries.iter().map(|seq| seq.0).collect();
            taken.iter_mut().filter(|t| gone.contains(&t.seq)).for_each(|t| t.voided = true);
        }
        holds(&case, &taken)?;
        // Another day is right: what was typed on it keeps its number, and what stood on it stands (decision 13).
        let mut now: Vec<u64> = taken.iter().map(|t| t.seq).collect();
        for (at, by) in replaces {
            let Some(old) = taken.get(at).filter(|t| !t.voided) else { continue };
            let right = Typed { on: old.typed.on + chrono::Duration::days(by), ..old.typed.clone() };
            let Some(with) = command(&case, &right, |of| taken[of].seq) else { continue };
            let replace = Command::Replace { entry: Seq(now[at]), reason: "误录".into(), with: Box::new(with) };
            let weighed = case.desk.weigh(&fixture::who("tester"), &replace, false).is_ok();
            let done = case.ask(replace);
            prop_assert_eq!(weighed, done.is_ok(), "a dry run is the run");
            if let Ok(receipt) = done {
                (now[at], taken[at].typed) = (receipt.seq.0, right);
            }
        }
        holds(&case, &taken)?;
        // Again, in the order of the days; what begins on a day comes before what ends on it.
        let mut order: Vec<usize> = (0..taken.len()).filter(|at| !taken[*at].voided).collect();
        let ends = |t: &Taken| t.typed.text.starts_with("outlet-closed");
        order.sort_by_key(|at| (taken[*at].typed.on, ends(&taken[*at]), taken[*at].seq));
        let again = begun();
        let mut seqs = vec![0; taken.len()];
        for at in order {
            let seq = put(&again, &taken[at].typed, |of| seqs[of]);
            prop_assert!(seq.is_some(), "in the order of the days it stands: {:?}", taken[at].typed);
            seqs[at] = seq.unwrap_or_default();
        }
        prop_assert_eq!(comes_to(&case), comes_to(&again));
        let running = case.desk.view_digest().unwrap();
        case.desk.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, case.desk.view_digest().unwrap());
    }
}
