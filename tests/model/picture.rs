//! Both sides in the same words: a line for each obligation, finding, life, city and case.

use super::Model;
use super::findings::{missed, share};
use super::said::{CITIES, Of, Said, What};
use koufen::domain::{Dossier, Finding, FindingState, Life, Measured, Obligation, Subject};
use koufen::ids::{OutletId, Seq};
use koufen::time::{Moment, show_moment};
use std::collections::BTreeSet;

pub type Picture = BTreeSet<String>;

/// What the engine has, wherever it was read.
pub struct Kept<'a> {
    pub due: Vec<(Seq, Obligation)>,
    pub findings: Vec<Finding>,
    pub lives: Vec<(OutletId, Life)>,
    pub dossier: &'a Dossier,
}

fn nth(said: &[Said], seq: Seq) -> String {
    said.iter().find(|s| s.seq == seq).map_or_else(|| format!("?{seq}"), |s| s.nth.to_string())
}

fn show(at: Option<Moment>) -> String {
    at.map(show_moment).unwrap_or_default()
}

fn measure(measured: &Measured) -> String {
    match measured {
        Measured::Event => "event".into(),
        Measured::Missed { due, done, need, have } => missed(*due, *done, *need, *have),
        Measured::Share { part, whole, percent } => share(*part, *whole, *percent),
        Measured::Late { outlet, due, answered } => format!("late {outlet} {} {}", show_moment(*due), show(*answered)),
        Measured::Conference { invited, attended, signed } => format!("conference {invited}/{attended}/{signed}"),
        Measured::LateAndFaulty { due, done, part, whole, percent } => {
            format!("late-and-faulty {} {} {part}/{whole} {percent}", show_moment(*due), show(*done))
        }
        Measured::Dormant(dormancy) => format!("{dormancy:?}"),
    }
}

/// Two obligations that look the same are two.
fn put(all: &mut Picture, mut line: String) {
    while all.contains(&line) {
        line.push_str(" again");
    }
    all.insert(line);
}

/// What is due by a moment.
pub fn due(o: &Obligation, by: Moment, said: &[Said]) -> String {
    let about = match &o.about {
        koufen::domain::About::Entry(seq) => format!("#{}", nth(said, *seq)),
        about => about.to_string(),
    };
    format!("due {} {about} {}", o.kind.word(), show_moment(by))
}

/// A finding on something said; a month's is not.
pub fn found(subject: Subject, said: &[Said]) -> Option<String> {
    let (of, about) = match subject {
        Subject::Exit(seq) => (Of::Exit, seq),
        Subject::Of(breach, seq) => (Of::Breach(breach), seq),
        Subject::Dormant(_) => return None,
    };
    Some(format!("found {of:?} {}", nth(said, about)))
}

/// The engine's.
pub fn of_engine(kept: &Kept<'_>, said: &[Said]) -> Picture {
    let mut all = Picture::new();
    for (_, o) in &kept.due {
        let have_need = if o.need > 0 { format!("{}/{}", o.have, o.need) } else { String::new() };
        put(&mut all, format!("{} {have_need}", due(o, o.due, said)));
    }
    for f in &kept.findings {
        let Some(found) = found(f.id.subject, said) else { continue };
        let (state, now) = (f.state.word(), f.now.as_ref().map(measure).unwrap_or_default());
        // A line keeps the day, outlet and problem that it was confirmed with.
        let more = match f.state {
            FindingState::Open => {
                format!("{} {:?} {:?}", f.occurred_on, f.outlet.as_ref().map(ToString::to_string), f.problem)
            }
            _ => String::new(),
        };
        all.insert(format!("{found} {state} {now} {more}"));
    }
    for (id, life) in &kept.lives {
        let opened = life.opened_on;
        all.insert(format!("life {id} {} signed {:?} opened {opened:?}", life.stage.word(), life.signed_on));
    }
    let d = kept.dossier;
    for t in &d.territories {
        let (plan, normal) = (t.plan, t.normal_on);
        let head = format!("city {} {} {plan:?} {normal:?}", t.city, t.confirmed_on);
        all.insert(format!("{head} {} {:?} early {} {:?}", t.opened, t.complete_on, t.left_early, t.investigated));
    }
    for c in &d.conferences {
        all.insert(format!("conference {} {} {} {:?}", nth(said, c.seq), c.on, c.failed, c.rectified_on));
    }
    for (city, n) in d.serving.iter().filter(|(_, n)| **n > 0) {
        all.insert(format!("serving {city} {n}"));
    }
    for (word, cases) in [("complaint", &d.complaints), ("claim", &d.claims), ("correction", &d.corrections)] {
        all.extend(cases.iter().map(|(seq, outlet)| format!("{word} {} {outlet}", nth(said, *seq))));
    }
    all.extend(d.weed_out.iter().map(|w| format!("weed-out {} {:?}", w.region, w.complaints)));
    all.insert(format!("promoted {:?}", d.promoted_on));
    all
}

impl Model<'_> {
    /// What is due, and open to a decision, in the words of [`due`] and [`found`].
    pub fn owed(&self) -> Vec<String> {
        let picture = self.picture().into_iter();
        let said = picture.filter_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["due", ..] => Some(words[..4].join(" ")),
                ["found", _, _, "open", ..] => Some(words[..3].join(" ")),
                _ => None,
            }
        });
        said.collect()
    }

    /// The clauses'.
    pub fn picture(&self) -> Picture {
        let mut all = Picture::new();
        let requests = self.requests().into_iter().map(|(_, owed)| owed);
        let steps = self.coming_steps().into_iter().chain(self.city_terms()).chain(self.after_trainings());
        for owed in steps.chain(requests).chain(self.promotions()).filter(|owed| owed.over.is_none()) {
            let (have, need) = owed.have_need;
            let have_need = if need > 0 { format!("{have}/{need}") } else { String::new() };
            put(&mut all, format!("due {} {} {} {have_need}", owed.kind, owed.about, show_moment(owed.due)));
        }
        if let Some((city, due)) = self.next_conference() {
            all.insert(format!("due next-conference {city} {} ", show_moment(due)));
        }
        let findings = self.findings();
        let mut decided = BTreeSet::new();
        for s in self.said.iter().filter(|_| self.provider == 1) {
            let What::Decided { of, about, dismiss } = s.what else { continue };
            let now = findings.iter().find(|f| f.of == of && f.about == about).map(|f| f.measured.as_str());
            let state = if dismiss { "dismissed" } else { "confirmed" };
            all.insert(format!("found {of:?} {about} {state} {} ", now.unwrap_or_default()));
            decided.insert((of, about));
        }
        for f in findings.iter().filter(|f| !decided.contains(&(f.of, f.about))) {
            let outlet = f.outlet.map(|o| format!("O{o}"));
            let more = format!("{} {outlet:?} {:?}", f.on, f.problem);
            all.insert(format!("found {:?} {} open {} {more}", f.of, f.about, f.measured));
        }
        self.lives(&mut all);
        self.counts(&mut all);
        self.cases(&mut all);
        all
    }

    fn lives(&self, all: &mut Picture) {
        for outlet in self.outlets().into_iter().filter(|o| self.has(*o) == self.provider) {
            let life = self.life(outlet);
            let signed = life.signed_on.filter(|_| life.came_as_candidate);
            all.insert(format!("life O{outlet} {} signed {signed:?} opened {:?}", life.stage(), life.opened_on));
        }
    }

    fn counts(&self, all: &mut Picture) {
        for (city, name) in CITIES.iter().enumerate() {
            let n = self.serving_before(city, self.said.len());
            if n > 0 {
                all.insert(format!("serving {name} {n}"));
            }
        }
        for c in self.confirmed() {
            let normal = self.normal(c.city).map(|(_, on)| on);
            let looked = self.all(|s| match s.what {
                What::Investigated { city, fault, unmet } if city == c.city => {
                    Some((fault, unmet.then(|| "x".to_owned())))
                }
                _ => None,
            });
            let head = format!("city {} {} {:?} {normal:?}", CITIES[c.city], c.on, (c.target, c.first));
            let (there, complete) = (self.serving_before(c.city, self.said.len()), self.reached(&c, c.target));
            all.insert(format!("{head} {there} {complete:?} early {} {:?}", self.leavers(c.city).len(), looked.last()));
        }
    }

    fn cases(&self, all: &mut Picture) {
        for c in self.conferences() {
            let nth = self.said[c.at].nth;
            all.insert(format!("conference {nth} {} {} {:?}", c.on, c.failed(), self.rectified(&c)));
        }
        let refers = |nth: usize, fits: fn(&What) -> bool| {
            self.said.iter().any(|s| s.what.refers() == Some(nth) && fits(&s.what))
        };
        for s in &self.said {
            let own = self.own(s);
            match s.what {
                What::Complained { outlet, .. } if own => {
                    all.insert(format!("complaint {} O{outlet}", s.nth));
                }
                What::Claimed { outlet } if own && !refers(s.nth, |w| matches!(w, What::ClaimClosed { .. })) => {
                    all.insert(format!("claim {} O{outlet}", s.nth));
                }
                What::Ordered { complaint, correct: true } => {
                    let about = self.said.iter().find(|s| s.nth == complaint).filter(|s| self.own(s));
                    let done = refers(s.nth, |w| matches!(w, What::Corrected { .. }));
                    if let Some(outlet) = about.and_then(|s| s.what.outlet()).filter(|_| !done) {
                        all.insert(format!("correction {} O{outlet}", s.nth));
                    }
                }
                _ => {}
            }
        }
        // 2.2.3(2): the last of each region.
        for region in 0..2 {
            let agreed = self.all(|s| match s.what {
                What::WeedOut { region: r, complaints } if r == region && self.provider == 1 => Some(complaints),
                _ => None,
            });
            all.extend(agreed.last().map(|n| format!("weed-out r{region} {:?}", Some(*n))));
        }
        let promoted = self.all(|s| matches!(s.what, What::Promotion { .. } if self.own(s)).then(|| s.day()));
        all.insert(format!("promoted {:?}", promoted.last()));
    }
}
