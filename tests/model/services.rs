//! Requests, training, promotions, complaints and claims (1.4.4(3), 2.1.3, 2.2.1, 2.2.2, 2.2.4).

use super::said::{Said, What};
use super::{Model, calendar};
use koufen::time::{Day, Moment};

/// Something owed from a moment on: begun by which saying, and when it was over, by what was done or by nothing owed
/// any more.
pub struct Owed {
    pub kind: &'static str,
    /// The saying that began it.
    pub by: usize,
    pub about: String,
    pub due: Moment,
    pub over: Option<Moment>,
    pub have_need: (u32, u32),
}

impl Owed {
    pub fn new(kind: &'static str, by: usize, about: String, due: Moment, over: Option<Moment>) -> Owed {
        Owed { kind, by, about, due, over, have_need: (0, 0) }
    }

    /// Missed by a moment.
    pub fn is_late(&self, now: Moment) -> bool {
        self.over.unwrap_or(now) > self.due
    }
}

/// A day's records have no moment: they count from its first second.
fn start(s: &Said) -> Moment {
    Moment::start_of(s.day())
}

impl Model<'_> {
    /// What ends everything that an outlet owes or is owed: it left, was rejected, or went to another provider.
    fn gone(&self, outlet: usize, after: usize) -> Option<&Said> {
        self.next_of(outlet, after, |what| {
            let over = matches!(what, What::Closed { .. } | What::Exited { .. } | What::Transferred { .. });
            over
        })
    }

    /// 2.1.1, 2.1.3(1): each step of an outlet's coming is due after the one before.
    pub fn coming_steps(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for (at, s) in self.said.iter().enumerate().filter(|(_, s)| self.own(s)) {
            let Some(outlet) = s.what.outlet() else { continue };
            let done = |fits: fn(&What) -> bool| {
                let done = self.next_of(outlet, at, fits).into_iter();
                done.chain(self.gone(outlet, at)).map(start).min()
            };
            let on = s.day();
            let mut owe = |kind, due, over| all.push(Owed::new(kind, s.nth, format!("O{outlet}"), due, over));
            match &s.what {
                What::Proposed { conference, .. } => {
                    let held = conference.and_then(|c| self.said.iter().find(|s| s.nth == c)).map(|s| s.day());
                    owe(
                        "review",
                        self.days.working(held.unwrap_or(on), 7),
                        done(|w| matches!(w, What::Reviewed { .. })),
                    );
                }
                What::Reviewed { passed: true, .. } => {
                    // One that was reviewed may still be turned down.
                    let ends = |w: &What| matches!(w, What::Signed { .. } | What::Reviewed { passed: false, .. });
                    owe("signing", self.days.working(on, 5), done(ends));
                }
                What::Signed { .. } => {
                    owe("outlet-permission", self.days.working(on, 3), done(|w| matches!(w, What::Opened { .. })));
                    let trained = self.said[at + 1..]
                        .iter()
                        .find(|s| matches!(&s.what, What::Trained { outlets, .. } if outlets.contains(&outlet)));
                    let over = trained.into_iter().copied().chain(self.gone(outlet, at)).map(start).min();
                    owe("training", calendar::days(on, 10), over);
                    // Nobody freezes an outlet's deposit here.
                    owe("outlet-deposit", self.days.working(on, 3), self.gone(outlet, at).map(start));
                }
                _ => {}
            }
        }
        // 2.1.1(3): an outlet that came from the other provider without its deposit owes it there.
        for (at, s) in self.said.iter().enumerate().filter(|(_, s)| s.what.goes_to() == Some(self.provider)) {
            let Some(outlet) = s.what.outlet() else { continue };
            let life = self.life(outlet);
            let Some(signed) = life.signed_on.filter(|_| life.came_as_candidate) else { continue };
            let over = self.gone(outlet, at).map(start);
            all.push(Owed::new("outlet-deposit", s.nth, format!("O{outlet}"), self.days.working(signed, 3), over));
        }
        all
    }

    /// 2.2.2 and 2.2.4(1): requests; help within 12 working hours, an exit within two working days. An exit completed,
    /// withdrawn, or an outlet closed leaves nothing to answer.
    pub fn requests(&self) -> Vec<(usize, Owed)> {
        let mut all = Vec::new();
        for (at, s) in self.said.iter().enumerate().filter(|(_, s)| self.own(s)) {
            let answers = |a: &Said| matches!(a.what, What::Answered { request } if request == s.nth);
            match s.what {
                What::Help { outlet } => {
                    let due = self.days.hours(s.at, 12);
                    let over = self.said.iter().find(|a| answers(a)).map(|a| a.at);
                    all.push((outlet, Owed::new("help-answer", s.nth, format!("O{outlet}"), due, over)));
                }
                What::Exit { outlet } => {
                    let ends = |w: &What| matches!(w, What::Exited { .. } | What::Stayed { .. } | What::Closed { .. });
                    // Also by the next provider, to which it went.
                    let ended = |a: &Said| a.what.outlet() == Some(outlet) && ends(&a.what);
                    let over = self.said[at + 1..].iter().find(|a| answers(a) || ended(a));
                    let over = over.map(|a| if a.what.has_moment() { a.at } else { start(a) });
                    let due = self.days.working(s.day(), 2);
                    all.push((outlet, Owed::new("exit-answer", s.nth, format!("O{outlet}"), due, over)));
                    // The evidence comes with the exit, however it was answered.
                    let over = self.said[at + 1..].iter().find(|a| ended(a)).map(|a| start(a));
                    all.push((outlet, Owed::new("exit-evidence", s.nth, format!("O{outlet}"), due, over)));
                }
                _ => {}
            }
        }
        all
    }

    /// 2.1.3(2), 2.1.3(3): guidance within 7 days of a training, the check 7 days after it; it may be made, and no
    /// other is owed, before the guidance or without it.
    pub fn after_trainings(&self) -> Vec<Owed> {
        if self.provider == 2 {
            return Vec::new();
        }
        let mut all = Vec::new();
        for s in self.said.iter().filter(|s| matches!(s.what, What::Trained { .. })) {
            let of = |fits: fn(&What) -> bool| {
                self.said.iter().find(|other| other.what.refers() == Some(s.nth) && fits(&other.what)).copied()
            };
            let (guided, checked) =
                (of(|w| matches!(w, What::Guided { .. })), of(|w| matches!(w, What::Checked { .. })));
            let What::Trained { city, .. } = s.what else { continue };
            let city = super::said::CITIES[city].to_owned();
            all.push(Owed::new("guidance", s.nth, city, calendar::days(s.day(), 7), guided.map(start)));
            if let Some(guided) = guided {
                let (about, due) = (format!("#{}", s.nth), calendar::days(guided.day(), 7));
                all.push(Owed::new("training-check", guided.nth, about, due, checked.map(start)));
            }
        }
        all
    }

    /// 2.2.1: at most a month from one promotion to the next, or from the first outlet that serves; where none serve,
    /// none is owed. An outlet on record brings no term: its entry holds none.
    pub fn promotions(&self) -> Vec<Owed> {
        let comings = self.comings();
        let (mut there, mut running, mut all): (u32, Option<(usize, Day)>, Vec<Owed>) = (0, None, Vec::new());
        let owed = |(by, from): (usize, Day), over: Option<&Said>| {
            Owed::new("promotion", by, String::new(), calendar::months(from, 1), over.map(start))
        };
        for (at, s) in self.said.iter().enumerate() {
            if let Some((_, _, comes)) = comings.iter().find(|(place, ..)| *place == at) {
                there = if *comes { there + 1 } else { there - 1 };
                if *comes && running.is_none() && matches!(s.what, What::Opened { .. } | What::Transferred { .. }) {
                    running = Some((s.nth, s.day()));
                }
                if there == 0
                    && let Some(before) = running.take()
                {
                    all.push(owed(before, Some(s)));
                }
            }
            if matches!(s.what, What::Promotion { .. }) && self.own(s) {
                all.extend(running.take().map(|before| owed(before, Some(s))));
                running = (there > 0).then(|| (s.nth, s.day()));
            }
        }
        all.extend(running.map(|before| owed(before, None)));
        all
    }

    /// 1.6.1 and 2.1.1(4): what cities and conferences owe.
    pub fn city_terms(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for city in self.confirmed() {
            let by = self.said[city.at].nth;
            let about = super::said::CITIES[city.city].to_owned();
            for (kind, (_, due, need, reached)) in ["first-batch", "all-outlets"].into_iter().zip(self.phases(&city)) {
                let owed = Owed::new(kind, by, about.clone(), due, reached.map(Moment::start_of));
                all.push(Owed { have_need: (self.have(&city, due), need), ..owed });
            }
            if let Some((at, on)) = self.normal(city.city) {
                let over = self.said[at..]
                    .iter()
                    .find(|s| matches!(s.what, What::Confirmed { city: c, .. } if c != city.city))
                    .map(|s| start(s));
                all.push(Owed::new("second-stage", self.said[at].nth, about, calendar::months(on, 3), over));
            }
        }
        for c in self.conferences() {
            let by = self.said[c.at].nth;
            let about = super::said::CITIES[c.city].to_owned();
            let over = self.applications(&c).first().map(|(on, ..)| Moment::start_of(*on));
            all.push(Owed::new("freeze-application", by, about, self.days.working(c.on, 15), over));
        }
        all
    }

    /// How many there were in time.
    fn have(&self, city: &super::cities::City, due: Moment) -> u32 {
        self.serving(city.city, due.day())
    }
}
