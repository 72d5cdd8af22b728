//! The sentences of a trace.

use super::super::entry;
use super::figures::{when, when_exactly};
use crate::domain::why::{Decided, Ground, Judged, Named, Opened, Outcome, Role, Trace};
use crate::domain::{FindingId, Line, LineKind, LineSubject, Measured};
use crate::ids::OutletId;
use crate::money::Fen;
use crate::rulebook::Rulebook;
use crate::time::{Day, Moment};
use crate::words::{self, Lang};
use chrono::Datelike;

/// Tells grounds in a language.
pub struct Teller<'a> {
    pub lang: Lang,
    pub book: &'a Rulebook,
    pub trace: &'a Trace,
}

impl Teller<'_> {
    /// A ground: the key of its label, and its lines.
    pub fn tell(&self, ground: &Ground) -> (&'static str, Vec<String>) {
        match ground {
            Ground::Clause { .. } => ("trace-clause", self.clause(ground)),
            Ground::Entries(role, entries) => (role_key(*role), entries.iter().map(|e| self.named(e)).collect()),
            Ground::Count(count) => ("trace-count", self.count(count)),
            Ground::Outcome(outcome) => ("trace-outcome", vec![self.outcome(outcome)]),
            Ground::Broken { due } => ("trace-broken", vec![self.broken(*due)]),
            Ground::Ratio(ratio) => ("trace-ratio", vec![self.ratio(*ratio)]),
            Ground::Plan { .. } => ("trace-plan", self.plan(ground)),
            Ground::Served { city, on, need, outlets } => ("trace-served", self.served((city, *on, *need), outlets)),
            Ground::Left { city, outlets } => ("trace-left", self.left(city, outlets)),
            Ground::Dormant(dormant) => ("trace-dormant", self.dormant(dormant)),
            Ground::Report { outlet, month, said, now } => {
                ("trace-report", vec![self.report((outlet, month.to_string()), (*said, *now))])
            }
            Ground::Problem(problem) => ("trace-problem", vec![problem.clone()]),
            Ground::Measured(now) => ("trace-measured", vec![self.measured(now.as_ref())]),
            Ground::Decided(decided) => ("trace-decided", self.decided(decided)),
            Ground::Changed(pair) => ("trace-changed", vec![self.changed(&pair.0, pair.1.as_ref())]),
            Ground::Shifted(pair) => {
                let args = [("then", pair.0.to_string()), ("now", pair.1.to_string())];
                ("trace-changed", vec![self.say("trace-shifted-text", &args)])
            }
            Ground::Line(line) => ("trace-line", self.line(line)),
            Ground::Judged(judged) => ("trace-judged", self.judged(judged)),
            Ground::Year { .. } => ("trace-year", vec![self.year(ground)]),
            Ground::StandsOn { .. } => ("trace-support", vec![self.stands_on(ground)]),
            Ground::LineOn(on) => {
                let args = [("on", on.to_string()), ("year", on.year().to_string())];
                ("trace-year", vec![self.say("trace-line-on", &args)])
            }
            Ground::Cap { .. } => ("trace-cap", self.cap(ground)),
            Ground::Credit { .. } | Ground::Score { .. } => ("trace-score", vec![self.score(ground)]),
            Ground::Opened(all) => ("trace-opened", all.iter().map(|o| self.opened(o)).collect()),
            Ground::Closed(all) => ("trace-closed", all.iter().map(|o| self.opened(o)).collect()),
            Ground::Found(found) => ("trace-found", found.iter().map(|f| self.found(f)).collect()),
            Ground::Gone(gone) => ("trace-gone", gone.iter().map(ToString::to_string).collect()),
            Ground::Alone => ("trace-alone", vec![self.lang.say("trace-alone-text")]),
        }
    }

    /// A sentence with its figures.
    pub(super) fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.lang.say_texts(key, args)
    }

    /// An outlet by id and name.
    pub(super) fn outlet(&self, outlet: &OutletId) -> String {
        match self.trace.names.get(outlet) {
            Some(name) => format!("{outlet} {name}"),
            None => outlet.to_string(),
        }
    }

    fn clause(&self, ground: &Ground) -> Vec<String> {
        let Ground::Clause { clause, edition: (edition, since), on, article } = ground else { return Vec::new() };
        let args = [
            ("clause", clause.clone()),
            ("edition", edition.clone()),
            ("since", since.to_string()),
            ("on", on.to_string()),
        ];
        let key = if on < since { "trace-clause-older" } else { "trace-clause-text" };
        let mut lines = vec![self.say(key, &args)];
        if let Some((id, min, max)) = article {
            let title = self.book.article(id.as_str()).map(|article| self.lang.of(&article.title).to_owned());
            let args = [
                ("id", id.to_string()),
                ("title", title.unwrap_or_default()),
                ("min", min.to_string()),
                ("max", max.to_string()),
            ];
            lines.push(self.say(if min == max { "trace-article-exact" } else { "trace-article-text" }, &args));
        }
        lines
    }

    fn judged(&self, judged: &Judged) -> Vec<String> {
        let hash = ("hash", judged.hash.to_string());
        let first = match &judged.number {
            Some(number) => self.say("trace-judged-text", &[("edition", number.clone()), hash]),
            None => self.say("trace-judged-unknown", &[hash]),
        };
        let agreed = judged.agreed.iter().flat_map(|(named, value)| {
            let value = ("value", value.clone().unwrap_or_default());
            [self.say("trace-judged-agreed", &[value]), self.named(named)]
        });
        [first].into_iter().chain(agreed).collect()
    }

    /// An entry on one line: what it is, its day, its outlet, who typed it and when, and what took it away.
    pub(super) fn named(&self, named: &Named) -> String {
        let mut parts = vec![format!("#{} {}", named.seq, entry::title_of(self.lang, &named.what))];
        parts.extend(named.moment.map(when).or(named.on.map(|day| day.to_string())));
        parts.extend(named.outlet.as_ref().map(|outlet| self.outlet(outlet)));
        parts.push(self.say("trace-typed", &[("at", when(named.at)), ("by", named.by.clone())]));
        parts.extend(named.void.map(|void| self.say("trace-voided", &[("void", void.to_string())])));
        let line = parts.join(" · ");
        match named.note.as_ref().map(|note| note.replace(['\n', '\t'], " ")) {
            Some(note) => format!("{line} · {note}"),
            None => line,
        }
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        let key = match outcome {
            Outcome::Open { plan: true, .. } => "trace-planned",
            Outcome::Open { overdue: true, .. } => "trace-overdue",
            Outcome::Open { .. } => "trace-open",
            Outcome::Done { plan: true, .. } => "trace-done-plan",
            Outcome::Done { .. } if outcome.is_late() => "trace-late",
            Outcome::Done { .. } => "trace-done",
            Outcome::Ended { .. } => "trace-ended",
            Outcome::Void { .. } => "trace-void",
            Outcome::NotBegun => "trace-not-begun",
        };
        let by = outcome.by().map(|by| self.named(by)).unwrap_or_default();
        let (due, at) = match outcome {
            Outcome::Open { due, .. } | Outcome::Ended { due, .. } => (Some(*due), None),
            Outcome::Done { due, at, .. } => (Some(*due), Some(*at)),
            Outcome::Void { .. } | Outcome::NotBegun => (None, None),
        };
        let late = due.zip(at).map(|(due, at)| self.late(due, at)).unwrap_or_default();
        let due = due.map(when_exactly).unwrap_or_default();
        let at = at.map(day_or_moment).unwrap_or_default();
        self.say(key, &[("due", due), ("at", at), ("by", by), ("late", late)])
    }

    fn broken(&self, due: Moment) -> String {
        let at = Moment(due.0 + 1);
        let args = [("due", when_exactly(due)), ("at", when_exactly(at)), ("day", at.day().to_string())];
        self.say("trace-broken-text", &args)
    }

    fn report(&self, (outlet, month): (&OutletId, String), (said, now): (Fen, Option<Fen>)) -> String {
        let key = match now {
            None => "trace-report-gone",
            Some(now) if now == said => "trace-report-stands",
            Some(_) => "trace-report-other",
        };
        let now = now.map(|now| now.to_string()).unwrap_or_default();
        let args = [("outlet", self.outlet(outlet)), ("month", month), ("said", said.to_string()), ("now", now)];
        self.say(key, &args)
    }

    fn measured(&self, now: Option<&Measured>) -> String {
        match now {
            Some(now) => words::measured(self.lang, now),
            None => self.lang.say("trace-no-breach"),
        }
    }

    fn decided(&self, decided: &Decided) -> Vec<String> {
        let key = if decided.confirmed { "trace-confirmed" } else { "trace-dismissed" };
        let on = words::measured(self.lang, &decided.measured);
        let args = [("by", self.named(&decided.by)), ("points", decided.points.to_string()), ("on", on)];
        let mut lines = vec![self.say(key, &args)];
        if let Some(void) = &decided.void {
            lines.push(self.say("trace-decision-void", &[("by", self.named(void))]));
        }
        lines
    }

    fn changed(&self, then: &Measured, now: Option<&Measured>) -> String {
        let args = [("then", words::measured(self.lang, then)), ("now", self.measured(now))];
        self.say("trace-changed-text", &args)
    }

    fn line(&self, line: &Line) -> Vec<String> {
        let key = match line.kind {
            LineKind::Deduction => "trace-line-deduction",
            LineKind::Credit => "trace-line-credit",
            LineKind::Reversal | LineKind::Void => "trace-line-reversal",
        };
        let args = [
            ("seq", line.seq.to_string()),
            ("points", line.points.to_string()),
            ("effective", line.effective.to_string()),
            ("line", line.reverses.map(|line| line.to_string()).unwrap_or_default()),
            ("on", line.occurred_on.to_string()),
            ("at", when(line.recorded_at)),
            ("by", line.by.clone()),
        ];
        let mut lines = vec![self.say(key, &args)];
        lines.extend(line.outlet.as_ref().map(|outlet| self.outlet(outlet)));
        lines.extend(line.note.as_ref().map(|note| note.replace('\t', " ")));
        lines
    }

    fn stands_on(&self, ground: &Ground) -> String {
        let Ground::StandsOn { needs, subject, entry, outlet, evidence, supported } = ground else {
            return String::new();
        };
        let needs = self.lang.say(&format!("needs-{}", needs.word()));
        let on = entry.as_ref().and_then(|entry| entry.on).map(|day| day.to_string());
        // A record that was replaced keeps its number: the entry that stands in its place is named beside it.
        let other = entry.as_ref().filter(|entry| subject.as_ref().and_then(LineSubject::entry) != Some(entry.seq));
        let other = other.map(|entry| self.say("trace-now", &[("entry", entry.seq.to_string())]));
        let outlet = outlet.as_ref().map(|outlet| self.outlet(outlet));
        let parts = [subject.as_ref().map(ToString::to_string), other, on, outlet, evidence.clone()];
        let what: Vec<String> = parts.into_iter().flatten().collect();
        let key = if *supported { "trace-supported" } else { "trace-unsupported" };
        let what = if what.is_empty() { "–".to_owned() } else { what.join(" · ") };
        self.say(key, &[("needs", needs), ("what", what)])
    }

    fn year(&self, ground: &Ground) -> String {
        let Ground::Year { year, occurred_on, typed_on } = ground else { return String::new() };
        let later = typed_on.year() != *year;
        let key = if later { "trace-year-later" } else { "trace-year-text" };
        let day = |day: &Day| day.to_string();
        self.say(key, &[("year", year.to_string()), ("on", day(occurred_on)), ("typed", day(typed_on))])
    }

    fn opened(&self, opened: &Opened) -> String {
        let args = [
            ("what", words::obligation(self.lang, opened.obligation.kind)),
            ("about", words::about(&opened.obligation.about)),
            ("id", format!("{}/{}", opened.seq, opened.obligation.kind.word())),
            ("due", when_exactly(opened.obligation.due)),
            ("outcome", self.brief(&opened.outcome)),
        ];
        self.say("trace-opened-text", &args)
    }

    /// How it went, where its due moment is said already.
    fn brief(&self, outcome: &Outcome) -> String {
        let mut args = vec![("by", outcome.by().map(|by| by.seq.to_string()).unwrap_or_default())];
        if let Outcome::Done { at, due, .. } = outcome {
            args.extend([("at", day_or_moment(*at)), ("late", self.late(*due, *at))]);
        }
        self.say(&format!("trace-brief-{}", outcome.word()), &args)
    }

    fn found(&self, (id, measured): &(FindingId, Option<Measured>)) -> String {
        let args = [("id", id.to_string()), ("measured", self.measured(measured.as_ref()))];
        self.say("trace-found-text", &args)
    }
}

/// Of what is recorded by its day, nobody typed the hour.
fn day_or_moment(at: Moment) -> String {
    if at == Moment::start_of(at.day()) { at.day().to_string() } else { when_exactly(at) }
}

fn role_key(role: Role) -> &'static str {
    match role {
        Role::Began => "trace-began",
        Role::RestsOn => "trace-rests-on",
        Role::StandsOn => "trace-stands-on",
        Role::Takes => "trace-takes",
        Role::TakenBy => "trace-taken-by",
        Role::ReplacedBy => "trace-replaced-by",
        Role::BringsBack => "trace-brings-back",
        Role::BroughtBackBy => "trace-brought-back-by",
    }
}
