//! Types at random, in any order, voids, brings back and replaces; and types what stands again in another order.

use super::Model;
use super::calendar::Days;
use super::picture::Picture;
use super::said::{CITIES, Said, What, command, provider};
use koufen::domain::{Command, Event, Refusal};
use koufen::ids::Seq;
use koufen::time::{Day, Moment};

pub const OUTLETS: usize = 5;

/// What takes commands: the domain in memory, or a desk.
pub trait Takes {
    fn ask(&mut self, command: &Command) -> Result<Seq, Refusal>;
    /// It is that moment now.
    fn comes(&mut self, now: Moment);
    /// What an entry says, if there is one of that number.
    fn entry(&mut self, seq: Seq) -> Option<Event>;
    /// What an entry says.
    fn event(&mut self, seq: Seq) -> Event {
        self.entry(seq).unwrap()
    }
    /// What a provider's facts come to.
    fn picture(&mut self, provider: u8, said: &[Said]) -> Picture;
}

/// What is refused, and why, where that is not because of another that is.
pub type Refused = (Said, Option<Refusal>);

/// A random thing to do: which, at which outlet, on which day after the first, to which earlier one, and a number.
pub type Dice = (u8, usize, i64, usize, u32);

/// Somebody who types.
pub struct Typist<'a, T> {
    pub takes: T,
    pub said: Vec<Said>,
    /// Voids, and what each took.
    voids: Vec<(Seq, Vec<Seq>)>,
    first: Day,
    now: Moment,
    days: &'a Days,
}

impl<'a, T: Takes> Typist<'a, T> {
    pub fn new(takes: T, days: &'a Days, first: Day, now: Moment) -> Typist<'a, T> {
        Typist { takes, said: Vec::new(), voids: Vec::new(), first, now, days }
    }

    pub fn model(&self, provider: u8) -> Model<'_> {
        Model::new(&self.said, self.days, self.now, provider)
    }

    /// Says something; whether it was taken. Expansion elsewhere is stopped just when the clauses say so (1.6.1(1)6).
    pub fn say(&mut self, what: What, at: Moment) -> bool {
        let day = at.day();
        let stopped = match what {
            What::Confirmed { city, .. } | What::Conference { city, .. } | What::Proposed { city, .. } => {
                Some(self.model(1).stopped(city, day))
            }
            _ => None,
        };
        let asked = command(at, &what, |nth| self.said[nth].seq, provider(self.whose(&what)));
        match self.takes.ask(&asked) {
            Ok(seq) => {
                assert_ne!(stopped, Some(true), "1.6.1(1)6: {what:?} on {day} in {:?}", self.said);
                let nth = self.said.len();
                self.said.push(Said { at, what, seq, entry: seq, nth, voided: false });
                self.went_along(nth);
                true
            }
            Err(refusal) => {
                if matches!(refusal, Refusal::ExpansionStopped { .. }) {
                    assert_ne!(stopped, Some(false), "1.6.1(1)6: {refusal:?} of {what:?} on {day} in {:?}", self.said);
                }
                false
            }
        }
    }

    /// What came in the place of others with a transfer: it is said by other entries now.
    fn went_along(&mut self, nth: usize) {
        if !matches!(self.said[nth].what, What::Transferred { .. }) {
            return;
        }
        let mut at = self.said[nth].entry.next();
        while let Some(event) = self.takes.entry(at) {
            if let Some(gone) = event.makes_room() {
                self.said.iter_mut().filter(|s| s.entry == gone).for_each(|s| s.entry = at.next());
            }
            at = at.next();
        }
    }

    /// Mostly with a city at the beginning, and outlets on record.
    pub fn begin(&mut self, seed: usize) {
        if !seed.is_multiple_of(8) {
            let people = 10_000 * (seed as u64 % 3 + 1);
            self.typed(What::Confirmed { city: 0, people }, i64::try_from(seed % 5).unwrap(), 0);
        }
    }

    /// Time passes: what was decided stands before what happens now.
    pub fn comes(&mut self, now: Moment) {
        self.now = now;
        self.takes.comes(now);
    }

    /// Whose it is said to be: an outlet's is found out, what goes on from a record is where that is.
    fn whose(&self, what: &What) -> u8 {
        match (what, what.refers()) {
            (What::Promotion { provider }, _) => *provider,
            (What::Decided { .. } | What::Proposed { .. }, _) | (_, None) => 1,
            (_, Some(nth)) => {
                let of = &self.said[nth];
                if of.what.outlet().is_some() { u8::from(self.model(2).own(of)) + 1 } else { self.whose(&of.what) }
            }
        }
    }

    /// Does one random thing.
    pub fn act(&mut self, dice: Dice) {
        let (kind, outlet, on, pick, n) = dice;
        let o = outlet % OUTLETS;
        let city = o % CITIES.len();
        match kind % 40 {
            // A whole coming, so that lives get somewhere.
            0..=3 => {
                let gap = i64::from(n % 6);
                let steps: [What; 4] = [
                    What::Proposed { outlet: o, city, conference: self.pick(pick, |w| is_conference(w, city)) },
                    What::Reviewed { outlet: o, passed: true },
                    What::Signed { outlet: o },
                    What::Opened { outlet: o },
                ];
                for (step, what) in steps.into_iter().enumerate() {
                    let on = on + gap * i64::try_from(step).unwrap();
                    self.typed(what, on, n);
                }
            }
            4 | 5 => {
                if n.is_multiple_of(2) {
                    self.there_and_back(pick, n % 3 > 0);
                }
                self.void(pick, n % 3 > 0);
            }
            6 => self.bring_back(pick),
            7 => self.replace(pick, on, n),
            _ => {
                if let Some(what) = self.what(dice, o, city) {
                    let on = self.near(&what, on, n);
                    self.typed(what, on, n);
                }
            }
        }
    }

    /// A day soon after what it goes on from, mostly, so that it is taken.
    fn near(&self, what: &What, on: i64, n: u32) -> i64 {
        let after = |day: Day, months| day.checked_add_months(chrono::Months::new(months)).unwrap() - self.first;
        // The last day of a term, or the one after it: three months of an outlet's own, a month of a promotion.
        let edge = match what {
            What::Closed { outlet } | What::Exited { outlet } if n % 6 == 5 => {
                self.model(1).life(*outlet).opened_on.map(|on| after(on, 3))
            }
            What::Promotion { .. } if n % 6 == 5 => {
                self.model(1).promotions().last().map(|owed| after(self.said[owed.by].day(), 1))
            }
            _ => None,
        };
        // Typed late: what happened since goes along.
        if let What::Transferred { outlet, to: 2 } = what
            && n.is_multiple_of(2)
            && let Some(opened) = self.model(1).life(*outlet).opened_on
        {
            return (opened - self.first).num_days() + on % 30;
        }
        if let Some(edge) = edge {
            return edge.num_days() + i64::from(n / 6 % 2);
        }
        let of_outlet = |s: &&Said| !s.voided && s.what.outlet().is_some() && s.what.outlet() == what.outlet();
        let from = match what.refers() {
            Some(nth) => Some(&self.said[nth]),
            None if !n.is_multiple_of(4) => self.said.iter().filter(of_outlet).max_by_key(|s| s.at),
            None => None,
        };
        from.map_or(on, |s| (s.at.day() - self.first).num_days() + on * i64::from(n % 3) / 12)
    }

    /// Types on a day, or at a moment of it; the clock is not passed.
    fn typed(&mut self, what: What, on: i64, n: u32) {
        let day = self.first + chrono::Duration::days(on);
        let minutes = if what.has_moment() { i64::from(n * 131 % 1440) } else { 0 };
        let at = match what {
            What::Decided { .. } => self.now,
            // The last second of the term, or the one after it.
            What::Answered { request } if n % 6 == 5 => Moment(self.due(request).0 + i64::from(n / 6 % 2)),
            _ => Moment(Moment::start_of(day).0 + minutes * 60 + i64::from(minutes > 0)),
        };
        if at <= self.now {
            self.say(what, at);
        }
    }

    /// When the answer to a request is due, whose ever it is.
    fn due(&self, request: usize) -> Moment {
        let owed = [1, 2].into_iter().flat_map(|n| self.model(n).requests());
        owed.into_iter().find(|(_, owed)| owed.by == request).map_or(self.now, |(_, owed)| owed.due)
    }

    fn what(&self, (kind, _, _, pick, n): Dice, o: usize, city: usize) -> Option<What> {
        let to = |fits: fn(&What) -> bool| self.pick(pick, fits);
        let is_trained = |w: &What| matches!(w, What::Trained { .. });
        Some(match kind % 40 {
            8 => What::Conference { city, invited: 20, attended: n % 21, signed: n % 21 * (n % 4) / 3 },
            9 => What::Rectified { conference: to(|w| matches!(w, What::Conference { .. }))? },
            10 => {
                What::Applied { conference: to(|w| matches!(w, What::Conference { .. }))?, entries: 100, errors: n % 4 }
            }
            11 => What::Confirmed { city, people: u64::from(n % 3 + 1) * 10_000 },
            12 => What::Normal { city },
            13 => What::Investigated { city, fault: true, unmet: n % 2 == 0 },
            14 if n % 2 == 0 => self.goes_on(self.served(pick)?),
            14 => What::WeedOut { region: city, complaints: n },
            15 => What::Imported { outlet: o, city, signed: n % 3 > 0 },
            16 => What::Reviewed { outlet: o, passed: n % 4 > 0 },
            17 => What::Signed { outlet: o },
            18 => What::Opened { outlet: o },
            19 => What::Suspended { outlet: o },
            20 => What::Resumed { outlet: o },
            21 => What::Closed { outlet: o },
            22 => What::Exited { outlet: o },
            23 => What::Stayed { outlet: o },
            24 => self.goes_on(self.served(pick).unwrap_or(o)),
            25 => What::Brand { outlet: o, passed: n % 2 == 0 },
            26 => What::Material { outlet: o, passed: n % 2 == 0 },
            27 => What::Help { outlet: o },
            28 => What::Exit { outlet: o },
            29 => What::Answered { request: to(|w| matches!(w, What::Help { .. } | What::Exit { .. }))? },
            // Those that signed are trained, mostly.
            30 => {
                let signed = |x: usize| n % 5 == 0 || self.model(1).life(x).signed_on.is_some();
                let outlets: Vec<usize> = (0..OUTLETS).filter(|x| x % 2 == city && signed(*x)).collect();
                What::Trained { city, outlets }
            }
            31 => What::Guided { training: to(is_trained)? },
            32 => What::Checked { training: to(is_trained)?, checked: 20, failed: n % 8 },
            33 | 34 => What::Promotion { provider: u8::from(n % 5 == 0) + 1 },
            35 => What::Complained { outlet: o, consumer: n % 3 == 0, problem: n % 3 },
            36 => What::Ordered { complaint: to(|w| matches!(w, What::Complained { .. }))?, correct: n % 2 == 0 },
            37 => What::Corrected { order: to(|w| matches!(w, What::Ordered { correct: true, .. }))? },
            38 if n % 2 == 0 => What::Claimed { outlet: o },
            38 => What::ClaimClosed { claim: to(|w| matches!(w, What::Claimed { .. }))?, blocked: n % 4 > 1 },
            _ => {
                let found = self.model(1).findings();
                let of = found.get(pick % found.len().max(1))?;
                What::Decided { of: of.of, about: of.about, dismiss: n % 2 == 0 }
            }
        })
    }

    /// To the other provider.
    fn goes_on(&self, outlet: usize) -> What {
        What::Transferred { outlet, to: 3 - self.model(1).has(outlet) }
    }

    /// An outlet that was opened, or always there.
    fn served(&self, pick: usize) -> Option<usize> {
        let came = |w: &What| matches!(w, What::Opened { .. } | What::Imported { .. });
        self.pick(pick, came).and_then(|nth| self.said[nth].what.outlet())
    }

    /// One of those that stand and fit.
    fn pick(&self, pick: usize, fits: impl Fn(&What) -> bool) -> Option<usize> {
        let fit: Vec<usize> = self.said.iter().filter(|s| !s.voided && fits(&s.what)).map(|s| s.nth).collect();
        fit.get(pick % fit.len().max(1)).copied()
    }

    fn mark(&mut self, entries: &[Seq], voided: bool) {
        self.said.iter_mut().filter(|s| entries.contains(&s.entry)).for_each(|s| s.voided = voided);
    }

    /// Takes one away; the void.
    fn void(&mut self, pick: usize, dependents: bool) -> Option<Seq> {
        let nth = self.pick(pick, |_| true)?;
        let void = Command::Void { entry: self.said[nth].entry, dependents, reason: "误录".into() };
        let seq = self.takes.ask(&void).ok()?;
        let entries = match self.takes.event(seq) {
            Event::Voided { entries, .. } => entries,
            event => panic!("{event:?}"),
        };
        self.mark(&entries, true);
        self.voids.push((seq, entries));
        Some(seq)
    }

    /// Takes one away and takes that back at once: it is always taken, and all is as it was.
    fn there_and_back(&mut self, pick: usize, dependents: bool) {
        let before = self.pictures();
        let Some(entry) = self.void(pick, dependents) else { return };
        let (_, entries) = self.voids.pop().unwrap();
        let back = self.takes.ask(&Command::Void { entry, dependents: false, reason: "误撤".into() });
        self.mark(&entries, false);
        assert!(back.is_ok(), "decision 13: {entries:?} go back: {back:?} in {:#?}", self.standing());
        let after = self.pictures();
        assert_eq!(after, before, "decision 13: {entries:?} in {:#?}", self.standing());
    }

    /// What the facts of both providers come to.
    fn pictures(&mut self) -> [Picture; 2] {
        [1, 2].map(|n| self.takes.picture(n, &self.said))
    }

    /// Takes a void back.
    fn bring_back(&mut self, pick: usize) {
        let Some((entry, entries)) = self.voids.get(pick % self.voids.len().max(1)).cloned() else { return };
        if self.takes.ask(&Command::Void { entry, dependents: false, reason: "误撤".into() }).is_ok() {
            self.mark(&entries, false);
        }
    }

    /// Another day in the place of the one that was typed; where that is refused, it is as it was.
    fn replace(&mut self, pick: usize, on: i64, n: u32) {
        let Some(nth) = self.pick(pick, |w| !matches!(w, What::Decided { .. })) else { return };
        let what = self.said[nth].what.clone();
        let standing = self.said.iter().filter(|s| !s.voided).count();
        let void = Command::Void { entry: self.said[nth].entry, dependents: false, reason: "误录".into() };
        let Ok(seq) = self.takes.ask(&void) else { return };
        self.said[nth].voided = true;
        self.voids.push((seq, vec![self.said[nth].entry]));
        self.typed(what, on, n);
        if self.said.iter().filter(|s| !s.voided).count() < standing {
            let back = Command::Void { entry: seq, dependents: false, reason: "还原".into() };
            let back = self.takes.ask(&back);
            assert!(back.is_ok(), "what was just taken away goes back: {back:?} in {:#?}", self.standing());
            self.said[nth].voided = false;
        }
    }

    /// Types what stands into another, days in a random order and each day's as they were; decisions last. Whether
    /// all of it was taken: a decision on what is found no more cannot be taken again, and what a conference stopped
    /// since cannot be typed after it.
    pub fn again_into<U: Takes>(
        &self,
        takes: U,
        mut below: impl FnMut(usize) -> usize,
    ) -> (Typist<'a, U>, Vec<Refused>) {
        let mut again = Typist::new(takes, self.days, self.first, self.now);
        again.comes(self.now);
        again.said = self.said.iter().map(|s| Said { seq: Seq(0), entry: Seq(0), voided: true, ..s.clone() }).collect();
        let last = |s: &Said| matches!(s.what, What::Decided { .. });
        let mut days: Vec<Day> = self.said.iter().filter(|s| !s.voided && !last(s)).map(Said::day).collect();
        days.sort_unstable();
        days.dedup();
        for at in (1..days.len()).rev() {
            days.swap(at, below(at + 1));
        }
        let model = self.model(1);
        let mut order = model.said.clone();
        // What the next provider does on a day stays before or after what came to it on that day.
        order.sort_by_key(|s| {
            let (day, mut class, at, nth) = match s.what {
                What::Promotion { provider: 2 } => (s.day(), 2, Moment(0), s.nth),
                _ => model.place(s),
            };
            // What goes on from another of its day follows it.
            let mut of = s.what.refers();
            while let Some(before) = of.map(|of| &self.said[of]).filter(|before| before.day() == day) {
                class = class.max(model.place(before).1);
                of = before.what.refers();
            }
            (day, class, if s.what.has_moment() { s.at } else { at }, nth)
        });
        let of = |day: Day| order.iter().copied().filter(move |s| !last(s) && s.day() == day);
        let mut left: Vec<Vec<&Said>> = days.into_iter().map(|day| of(day).collect()).collect();
        left.push(self.said.iter().filter(|s| !s.voided && last(s)).collect());
        let decisions = left.len() - 1;
        loop {
            let (mut took, mut refused) = (false, Vec::new());
            for at in 0..=decisions {
                if at == decisions && left[..decisions].iter().any(|day| !day.is_empty()) {
                    continue;
                }
                while let Some(next) = left[at].first() {
                    if let Err(why) = again.take(next) {
                        refused.push((Said::clone(next), why));
                        break;
                    }
                    left[at].remove(0);
                    took = true;
                }
            }
            if !took {
                return (again, refused);
            }
        }
    }

    /// Types what another typed; why it was refused, where it does not refer to what is refused itself.
    fn take(&mut self, s: &Said) -> Result<(), Option<Refusal>> {
        if s.what.refers().is_some_and(|nth| self.said[nth].voided) {
            return Err(None);
        }
        let asked = command(s.at, &s.what, |nth| self.said[nth].seq, provider(self.whose(&s.what)));
        let seq = self.takes.ask(&asked).map_err(Some)?;
        let said = &mut self.said[s.nth];
        (said.seq, said.entry, said.voided) = (seq, seq, false);
        self.went_along(s.nth);
        Ok(())
    }

    /// What differs between the clauses and the engine, a line each.
    pub fn differs(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        for n in [1, 2] {
            let want = self.model(n).picture();
            let have = self.takes.picture(n, &self.said);
            all.extend(want.difference(&have).map(|line| format!("P{n} the clauses say: {line}")));
            all.extend(have.difference(&want).map(|line| format!("P{n} the engine says: {line}")));
        }
        all
    }

    /// What stands, in its order.
    pub fn standing(&self) -> Vec<String> {
        self.model(1).said.iter().map(|s| format!("{} #{} {} {:?}", s.nth, s.entry, s.at.civil(), s.what)).collect()
    }
}

fn is_conference(what: &What, city: usize) -> bool {
    matches!(what, What::Conference { city: c, .. } if *c == city)
}

/// Whether a refusal is the clauses' own: a decision on what is found no more is not taken again, and what a
/// conference stops (1.6.1(1)6), or what comes too early for a second city (1.6.1), was typed before that was known.
pub fn is_lawful((said, why): &Refused) -> bool {
    match why {
        Some(Refusal::ExpansionStopped { .. } | Refusal::ExpansionTooEarly { .. }) => true,
        Some(Refusal::UnknownFinding { .. } | Refusal::NotInvestigated { .. }) => {
            matches!(said.what, What::Decided { .. })
        }
        // Whether an agreement covers a city is asked when it is confirmed: what leaves the city later changes nothing.
        Some(Refusal::StepMissing { clause: "1.2(8)", .. }) => matches!(said.what, What::Confirmed { .. }),
        _ => false,
    }
}
