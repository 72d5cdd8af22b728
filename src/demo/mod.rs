//! The sample that the demo shows: eleven cities, forty providers, 6,000 outlets and two years of ledger, the same
//! every time. Most are good; a few are watched, suspended, owe a decision or leave (`records`). All names are invented. It goes in through the desk like everything else.

mod names;
mod records;

use crate::calendar::Calendar;
use crate::desk::{Asked, Clock, Desk, Door, Identity, ManualClock, OpenOptions, Outcome, ShiftedClock};
use crate::domain::{Command, Deduction, Outlet, Provider, ProviderKind, Turnover};
use crate::ids::{ArticleId, BadId, OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::{Article, Needs, Rulebook};
use crate::store::StoreError;
use crate::time::{Day, Moment, Month};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PROVIDERS: usize = 40;
const OUTLETS: usize = 6_000;
const LINES: usize = 1_500;
const BATCH: usize = 1_000;

/// Fills a new store at a path and leaves it open on its own clock.
pub fn filled(path: &Path) -> Result<Desk, StoreError> {
    let rulebook = Rulebook::shipped().map_err(|e| StoreError::view(e.to_string()))?;
    let clock = Arc::new(ManualClock::at(at(first_day(), 9, 0)));
    let shared: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let calendar = calendar()?;
    let options = OpenOptions {
        path: path.to_owned(),
        rulebook,
        calendar,
        clock: shared,
        wait: Duration::ZERO,
        progress: &mut |_| {},
    };
    let desk = Desk::open(options)?.desk;
    fill(&desk, &clock)?;
    Ok(desk)
}

/// The demo's store: filled in a folder that goes with the returned guard, opened on a clock that starts at
/// [`begins`] and runs on.
pub fn open() -> Result<(tempfile::TempDir, Desk), StoreError> {
    let folder = tempfile::tempdir().map_err(StoreError::io(Path::new("a temporary folder")))?;
    let path = folder.path().join("store");
    filled(&path)?.close()?;
    let rulebook = Rulebook::shipped().map_err(|e| StoreError::view(e.to_string()))?;
    let clock = Arc::new(ShiftedClock::from(begins()));
    let calendar = calendar()?;
    let opened =
        Desk::open(OpenOptions { path, rulebook, calendar, clock, wait: Duration::ZERO, progress: &mut |_| {} })?;
    Ok((folder, opened.desk))
}

fn calendar() -> Result<Calendar, StoreError> {
    Calendar::shipped().map_err(|e| StoreError::view(e.to_string()))
}

/// Fills a desk whose clock this is: the clock follows the days of the sample.
pub fn fill(desk: &Desk, clock: &ManualClock) -> Result<(), StoreError> {
    let mut sample = Sample::new();
    // Ids below are made from numbers: they cannot be bad.
    let (providers, outlets) = sample.roster().map_err(StoreError::view)?;
    // A roster is typed in no order at all.
    let typed = Chance(1207).shuffled(&outlets);
    clock.set(at(first_day(), 9, 0));
    let clerk = |n: u64| Identity { name: format!("ops-{}", n + 1), door: Door::Program };
    let commands = providers.iter().cloned().map(Command::AddProvider);
    submit(desk, &clerk(0), commands.chain(typed.into_iter().map(Command::AddOutlet)).collect())?;
    let plan = sample.plan(&desk.rulebook(), &providers, &outlets).map_err(StoreError::view)?;
    // The months before are reported on the first days of December.
    let (reports_on, mut reported) = (date(2011, 12, 2), false);
    let mut days = plan.chunk_by(|a, b| a.occurred_on == b.occurred_on);
    // Some lines are typed weeks later, in the order in which the papers lie.
    let (mut late, mut papers) = (Vec::new(), Chance(77));
    let mut told = Told { steps: records::STEPS, named: records::Named::new() };
    days.try_for_each(|day| -> Result<(), StoreError> {
        let Some(first) = day.first() else { return Ok(()) };
        told.until(desk, clock, at(first.occurred_on, 0, 0))?;
        if !reported && first.occurred_on >= reports_on {
            reported = true;
            clock.set(at(reports_on, 10, 0));
            submit(desk, &clerk(0), papers.shuffled(&turnover(&providers, &outlets)))?;
        }
        clock.set(at(first.occurred_on, 9 + sample.chance.below(9), sample.chance.below(60)));
        let who = clerk(sample.chance.below(4));
        let (put_off, now): (Vec<&Deduction>, Vec<&Deduction>) = day.iter().partition(|_| papers.below(6) == 0);
        let lines = submit(desk, &who, now.into_iter().cloned().map(Command::TakeIn).collect())?;
        late.extend(put_off.into_iter().cloned().map(Command::TakeIn));
        if late.len() >= 30 {
            submit(desk, &who, papers.shuffled(&std::mem::take(&mut late)))?;
        }
        // Now and then a line turns out wrong some minutes later.
        if sample.chance.below(12) == 0
            && let Some(line) = lines.last()
        {
            clock.advance(600);
            let reason = sample.chance.of(&names::REASONS).to_owned();
            submit(desk, &who, vec![Command::Reverse { line: *line, reason }])?;
        }
        Ok(())
    })?;
    submit(desk, &clerk(2), papers.shuffled(&late))?;
    told.until(desk, clock, begins())
}

/// What is told step by step, and how far it has come.
struct Told {
    steps: &'static [records::Step],
    named: records::Named,
}

impl Told {
    /// Does what was typed before a moment, each by its person at its time.
    fn until(&mut self, desk: &Desk, clock: &ManualClock, end: Moment) -> Result<(), StoreError> {
        while let [step, rest @ ..] = self.steps {
            let when = records::when(step)?;
            if when >= end {
                break;
            }
            clock.set(when);
            let command = records::command(desk, &self.named, step)?;
            let who = Identity { name: step.1.to_owned(), door: Door::Program };
            if let Some(entry) = submit(desk, &who, vec![command])?.first() {
                self.named.insert(step.2, *entry);
            }
            self.steps = rest;
        }
        Ok(())
    }
}

/// Turnover of October and November 2011. The first providers have the most sleepy outlets.
fn turnover(providers: &[Provider], outlets: &[Outlet]) -> Vec<Command> {
    let (mut chance, mut commands) = (Chance(1110), Vec::with_capacity(outlets.len() * 2));
    for outlet in outlets {
        let place = providers.iter().position(|p| p.id == outlet.provider).unwrap_or(PROVIDERS);
        let sleepy = chance.below(100) < if place < 8 { 17 } else { 6 };
        for month in [date(2011, 10, 1), date(2011, 11, 1)] {
            let yuan = if sleepy { chance.below(990) } else { 1_500 + chance.below(40_000) };
            let yuan = if sleepy && chance.below(14) == 0 { 0 } else { yuan };
            let orders = u32::try_from(yuan.div_ceil(50)).unwrap_or_default();
            commands.push(Command::RecordTurnover(Turnover {
                outlet: outlet.id.clone(),
                month: Month::of(month),
                amount: Fen(yuan * 100),
                orders: Some(orders),
                with_final_status: Some(orders),
            }));
        }
    }
    commands
}

/// When the demo's clock begins: 2011-12-15 14:02 in Beijing.
pub fn begins() -> Moment {
    at(date(2011, 12, 15), 14, 2)
}

fn submit(desk: &Desk, who: &Identity, commands: Vec<Command>) -> Result<Vec<Seq>, StoreError> {
    let mut lines = Vec::with_capacity(commands.len());
    for batch in commands.chunks(BATCH) {
        let asked = batch.iter().map(|command| Asked { command: command.clone(), nth: None }).collect();
        for outcome in desk.submit_all(who, asked)? {
            match outcome {
                Ok(Outcome::Done(seq)) => lines.push(seq),
                Ok(Outcome::Already(_)) => {}
                Err(refusal) => return Err(StoreError::view(format!("the sample is refused: {refusal:?}"))),
            }
        }
    }
    Ok(lines)
}

fn date(y: i32, m: u32, d: u32) -> Day {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

fn first_day() -> Day {
    date(2010, 1, 1)
}

fn at(day: Day, hour: u64, minute: u64) -> Moment {
    let seconds = u32::try_from(hour * 3600 + minute * 60).unwrap_or_default();
    Moment::from_civil(day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()))
}

/// SplitMix64: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap_or_default()
    }

    fn shuffled<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mut all = all.to_vec();
        for at in (1..all.len()).rev() {
            let other = self.index(at + 1);
            all.swap(at, other);
        }
        all
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }
}

/// What a year may come to, and what it has come to.
struct Room {
    most: u32,
    used: u32,
    capped: BTreeMap<String, u32>,
}

impl Room {
    /// Whether a line still fits, the room growing day by day; if so it has its place.
    fn takes(&mut self, line: &Deduction, cap: Option<Points>) -> bool {
        let before = line.problem.as_ref().and_then(|problem| self.capped.get(problem)).copied().unwrap_or_default();
        let left = cap.map_or(u32::MAX, |cap| cap.0.saturating_sub(before));
        let counts = line.points.0.min(left);
        let by_then = self.most * line.occurred_on.ordinal() / 365;
        if self.used + counts > by_then {
            return false;
        }
        self.used += counts;
        if let Some(problem) = &line.problem {
            self.capped.insert(problem.clone(), before + counts);
        }
        true
    }
}

struct Sample {
    chance: Chance,
}

impl Sample {
    fn new() -> Sample {
        Sample { chance: Chance(2011) }
    }

    fn roster(&mut self) -> Result<(Vec<Provider>, Vec<Outlet>), BadId> {
        let providers = (0..PROVIDERS).map(|n| self.provider(n)).collect::<Result<Vec<_>, _>>()?;
        let outlets = (0..OUTLETS).map(|n| self.outlet(n, &providers)).collect::<Result<Vec<_>, _>>()?;
        Ok((providers, outlets))
    }

    fn provider(&mut self, n: usize) -> Result<Provider, BadId> {
        let (city, population) = names::CITIES[n % names::CITIES.len()];
        let (first, trade) = (names::FIRST[n % names::FIRST.len()], self.chance.of(&names::TRADES));
        let kind = if n % 9 == 5 { ProviderKind::SelfOperated } else { ProviderKind::ThirdParty };
        let signed = first_day() - Days::new(30 + self.chance.below(150));
        Ok(Provider {
            id: format!("P{:04}", n + 1).parse()?,
            name: format!("{city}{first}{trade}有限公司"),
            kind,
            city: city.to_owned(),
            population: Some(population),
            registered_capital: Some(Fen(self.chance.of(&[100, 150, 300, 500, 1_000]) * 1_000_000)),
            agreement_on: Some(signed),
            email: Some(format!("service{}@example.cn", n + 1)),
            phone: Some(format!("0571-8{:07}", self.chance.below(10_000_000))),
        })
    }

    fn outlet(&mut self, n: usize, providers: &[Provider]) -> Result<Outlet, BadId> {
        // Each has some at least; the rest go where luck has it.
        let owner = if n < PROVIDERS * 40 { n % PROVIDERS } else { self.chance.index(PROVIDERS) };
        let owner = &providers[owner];
        let (street, shop) = (self.chance.of(&names::STREETS), self.chance.of(&names::SHOPS));
        Ok(Outlet {
            id: format!("O{:06}", n + 1).parse()?,
            provider: owner.id.clone(),
            city: owner.city.clone(),
            name: format!("{street}{}号{shop}", 1 + self.chance.below(480)),
            signed_on: Some(first_day() - Days::new(1 + self.chance.below(28))),
            staff: Some(u32::try_from(1 + self.chance.below(5)).unwrap_or(1)),
        })
    }

    /// All deductions of both years, by day. How careful a provider is goes by its number, so that every standing
    /// is there to be seen.
    fn plan(
        &mut self,
        rulebook: &Rulebook,
        providers: &[Provider],
        outlets: &[Outlet],
    ) -> Result<Vec<Deduction>, BadId> {
        let mut by_owner: Vec<Vec<&OutletId>> = vec![Vec::new(); providers.len()];
        for outlet in outlets {
            if let Some(at) = providers.iter().position(|p| p.id == outlet.provider) {
                by_owner[at].push(&outlet.id);
            }
        }
        let mut plan = Vec::with_capacity(LINES);
        let mut years: Vec<[Room; 2]> = (0..providers.len()).map(|at| self.rooms(&providers[at])).collect();
        for n in 0..LINES {
            let at = self.careless(providers.len());
            let heavy = at < 12 && self.chance.below(11) == 0;
            let id: ArticleId = self.chance.of(if heavy { &names::HEAVY[..] } else { &names::LIGHT[..] }).parse()?;
            let Some(article) = rulebook.article(id.as_str()) else { continue };
            // Two years in all, up to the day before the demo begins.
            let day = first_day() + Days::new(n as u64 * 712 / LINES as u64);
            let line = self.line(article, at, &providers[at].id, &by_owner[at], day);
            if years[at][usize::from(day >= date(2011, 1, 1))].takes(&line, article.cap) {
                plan.push(line);
            }
        }
        Ok(plan)
    }

    /// How much each year of a provider has room for: nobody of the everyday comes to be watched.
    fn rooms(&mut self, provider: &Provider) -> [Room; 2] {
        let told = records::TOLD.contains(&provider.id.as_str());
        let room = |most: u64| Room { most: u32::try_from(most).unwrap_or_default(), used: 0, capped: BTreeMap::new() };
        [room(8 + self.chance.below(30)), room(if told { 0 } else { 3 + self.chance.below(33) })]
    }

    /// A provider, the first ones far more often than the last.
    fn careless(&mut self, count: usize) -> usize {
        let (a, b) = (self.chance.index(count), self.chance.index(count));
        a * b / count
    }

    fn line(
        &mut self,
        article: &Article,
        at: usize,
        provider: &ProviderId,
        outlets: &[&OutletId],
        day: Day,
    ) -> Deduction {
        let most = article.max.0.min(article.min.0 + 20);
        let points = article.min.0 + u32::try_from(self.chance.below(u64::from(most - article.min.0) + 1)).unwrap_or(0);
        let outlet = (article.needs == Needs::Outlet).then(|| (*self.chance.of(outlets)).clone());
        // Each has a trouble of its own that comes again.
        let usual = names::PROBLEMS[at % names::PROBLEMS.len()];
        let problem = if self.chance.below(4) > 0 { usual } else { self.chance.of(&names::PROBLEMS) };
        let problem = article.cap.map(|_| problem.to_owned());
        let note = (self.chance.below(3) > 0).then(|| self.chance.of(&names::NOTES).to_owned());
        let points = Points(points);
        Deduction {
            provider: provider.clone(),
            article: article.id.clone(),
            points,
            occurred_on: day,
            outlet,
            problem,
            note,
            subject: None,
            evidence: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Standing;

    fn what_people_did(desk: &Desk) {
        let id = |text: &str| -> ProviderId { text.parse().unwrap() };
        let outcomes = |text: &str| desk.cases(&id(text)).unwrap().all[0].plans.len();
        assert_eq!(["P0005", "P0008", "P0009"].map(outcomes), [1, 2, 2], "a plan, and two that failed once");
        let owes = |text: &str| {
            let id = id(text);
            desk.cases(&id).unwrap().owed(&desk.dossier(&id).unwrap()).count()
        };
        assert_eq!(owes("P0008"), 1);
        let exit = desk.dossier(&id("P0011")).unwrap().exit.unwrap();
        assert_eq!((exit.stage.word(), exit.confirmed.len()), ("confirmed", 3), "legal has not signed");
        let notices = desk.dossier(&id("P0005")).unwrap().notices;
        assert_eq!(notices.iter().map(|n| n.delivered().is_some()).collect::<Vec<_>>(), [true, false]);
        let alerts = desk.alerts(None).unwrap();
        let has = |name: &str| alerts.iter().any(|alert| alert.id().to_string().contains(name));
        assert!(
            has("P0016/deposit") && has("P0003/objection/18633"),
            "short of its deposit; the README answers this objection"
        );
    }

    #[test]
    fn the_sample_is_the_same_every_time_and_most_in_it_are_good() {
        let make = || {
            let clock = Arc::new(ManualClock::at(begins()));
            let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
            fill(&desk, &clock).unwrap();
            desk
        };
        let desk = make();
        let stats = desk.stats().unwrap();
        assert_eq!((stats.providers, stats.outlets), (40, 6_002));
        assert!(stats.lines >= 500, "{}", stats.lines);
        let rows = desk.providers(2011).unwrap();
        let scores: Vec<_> = rows.iter().map(|row| row.score.0).collect();
        let count = |standing| rows.iter().filter(|row| row.standing == standing).count();
        assert_eq!(Standing::ALL.map(count), [33, 4, 2, 0, 1], "{scores:?}");
        assert!(scores.iter().all(|score| *score <= 110), "{scores:?}");
        let mut cut = false;
        for row in &rows {
            let lines = desk.ledger(&row.provider.id, 2011, None, 10_000).unwrap();
            cut |= lines.iter().any(|l| l.effective < l.points && l.reversed_by.is_none() && l.cap.is_some());
        }
        let found = desk.findings(None).unwrap();
        assert!((3..20).contains(&found.len()), "some providers have dormant outlets over the allowance: {found:?}");
        assert!(cut, "some problem reaches its cap");
        what_people_did(&desk);
        assert_eq!(make().stats().unwrap().head, stats.head);
    }
}
