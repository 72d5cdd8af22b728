//! The figures of a trace in words: day by day, outlet by outlet, and the sums.

use super::text::Teller;
use crate::calendar::Term;
use crate::domain::About;
use crate::domain::why::{Allowance, Count, Dormant, Ground, Left, Ratio, Reported, Served, Source, Tick};
use crate::money::Fen;
use crate::time::{Day, Moment, hours_and_minutes};
use crate::words;

/// A moment to the minute.
pub fn when(at: Moment) -> String {
    at.civil().format("%Y-%m-%d %H:%M").to_string()
}

/// A moment to the second, where it is not on the minute.
pub fn when_exactly(at: Moment) -> String {
    let whole = at.0.rem_euclid(60) == 0;
    at.civil().format(if whole { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

impl Teller<'_> {
    /// A time limit, counted out.
    pub fn count(&self, count: &Count) -> Vec<String> {
        let (key, limit) = match count.term {
            Term::WorkingHours(n) => ("trace-count-hours", n.to_string()),
            Term::WorkingDays(n) => ("trace-count-days", n.to_string()),
            Term::Days(n) => ("trace-count-calendar-days", n.to_string()),
            Term::Months(n) => ("trace-count-months", n.to_string()),
            Term::Until => ("trace-count-agreed", String::new()),
        };
        let what = words::obligation(self.lang, count.kind);
        let about = match &count.about {
            About::Outlet(outlet) => format!(" {}", self.outlet(outlet)),
            other => words::about(other),
        };
        let (start, due) = (when_exactly(count.start), when_exactly(count.due));
        let args = [("what", what), ("about", about), ("limit", limit), ("start", start), ("due", due)];
        let mut lines = vec![self.say(key, &args)];
        lines.extend(count.days.iter().map(|tick| self.tick(tick)));
        let (was, version) = &count.calendar;
        let key = if was == version { "why-calendar" } else { "why-other-calendar" };
        lines.push(self.say(key, &[("was", was.clone()), ("version", version.clone())]));
        lines
    }

    /// A day of a count: counted, or skipped and why.
    fn tick(&self, tick: &Tick) -> String {
        let weekday = words::weekday(self.lang, tick.day);
        let head = format!("  {} {weekday}", tick.day);
        let occasion = tick.occasion.as_ref().map(|occasion| words::occasion(self.lang, occasion));
        if !tick.works {
            let why = occasion.unwrap_or_else(|| self.lang.say("trace-weekend"));
            return format!("{head}  –  {why}");
        }
        let made_up = occasion.map(|occasion| self.say("trace-made-up", &[("occasion", occasion)]));
        let counted = match tick.ran {
            // The end of a day is midnight, not the next day's first minute.
            Some((from, to)) => {
                let end = if to.day() > tick.day { "24:00".to_owned() } else { to.civil().format("%H:%M").to_string() };
                format!("{}–{end}  {}", from.civil().format("%H:%M"), hours_and_minutes((to.0 - from.0) / 60))
            }
            None => tick.count.to_string(),
        };
        format!("{head}  {counted}  {}", made_up.unwrap_or_default()).trim_end().to_owned()
    }

    /// How late something was.
    pub fn late(&self, due: Moment, at: Moment) -> String {
        let days = (at.day() - due.day()).num_days();
        // Of what is recorded by its day, nobody typed the hour.
        if days > 1 || days == 1 && at == Moment::start_of(at.day()) {
            return self.say("trace-late-days", &[("days", days.to_string())]);
        }
        hours_and_minutes((at.0 - due.0) / 60)
    }

    /// A comparison in whole numbers.
    pub fn ratio(&self, ratio: Ratio) -> String {
        let (part, whole) = ratio.sides();
        let key = match ratio.what {
            "attended" => "trace-ratio-attended",
            "signed" => "trace-ratio-signed",
            "errors" => "trace-ratio-errors",
            "failed" => "trace-ratio-failed",
            _ => "trace-ratio-left",
        };
        let verdict = match (ratio.least, ratio.is_broken()) {
            (true, true) => "trace-ratio-under",
            (true, false) => "trace-ratio-reached",
            (false, true) => "trace-ratio-over",
            (false, false) => "trace-ratio-within",
        };
        let sign = match part.cmp(&whole) {
            std::cmp::Ordering::Less => "<",
            std::cmp::Ordering::Equal => "=",
            std::cmp::Ordering::Greater => ">",
        };
        let percent = ratio.percent.to_string();
        let args = [
            ("what", self.say(key, &[("part", ratio.part.to_string()), ("whole", ratio.whole.to_string())])),
            ("part", ratio.part.to_string()),
            ("whole", ratio.whole.to_string()),
            ("percent", percent.clone()),
            ("left", part.to_string()),
            ("right", whole.to_string()),
            ("sign", sign.to_owned()),
            ("verdict", self.say(verdict, &[("percent", percent)])),
        ];
        self.say("trace-ratio-text", &args)
    }

    /// A city's plan, from its people.
    pub fn plan(&self, ground: &Ground) -> Vec<String> {
        let Ground::Plan { city, population, plan: (target, first), by } = ground else { return Vec::new() };
        let (people, percent) = by.unwrap_or_default();
        let args = [
            ("city", city.clone()),
            ("population", population.to_string()),
            ("people", people.to_string()),
            ("target", target.to_string()),
            ("percent", percent.to_string()),
            ("first", first.to_string()),
        ];
        vec![self.say(if by.is_some() { "trace-plan-text" } else { "trace-plan-given" }, &args)]
    }

    /// The outlets that were counted open in a city on a day.
    pub fn served(&self, (city, on, need): (&str, Day, u32), outlets: &[Served]) -> Vec<String> {
        let have = outlets.len().to_string();
        let args = [("city", city.to_owned()), ("on", on.to_string()), ("have", have), ("need", need.to_string())];
        let one = |served: &Served| {
            let since = served.since.map(|day| day.to_string());
            let since = since.unwrap_or_else(|| self.lang.say("trace-long-ago"));
            format!("  {} · {since} · #{}", self.outlet(&served.outlet), served.entry.entry)
        };
        let head = self.say("trace-served-text", &args);
        let typed = self.typed(outlets.iter().map(|served| &served.entry));
        std::iter::once(head).chain(outlets.iter().map(one)).chain(typed).collect()
    }

    /// The outlets that left a city early.
    pub fn left(&self, city: &str, outlets: &[Left]) -> Vec<String> {
        let head = self.say("trace-left-text", &[("city", city.to_owned()), ("count", outlets.len().to_string())]);
        let one = |left: &Left| {
            let opened = left.opened_on.map(|day| day.to_string()).unwrap_or_default();
            let args = [
                ("outlet", self.outlet(&left.outlet)),
                ("opened", opened),
                ("left", left.left_on.to_string()),
                ("entry", left.entry.entry.to_string()),
            ];
            self.say("trace-left-one", &args)
        };
        let typed = self.typed(outlets.iter().map(|left| &left.entry));
        std::iter::once(head).chain(outlets.iter().map(one)).chain(typed).collect()
    }

    /// Who typed the entries of a list, and when.
    fn typed<'a>(&self, sources: impl Iterator<Item = &'a Source> + Clone) -> Option<String> {
        let (from, to) = (sources.clone().map(|s| s.at).min()?, sources.clone().map(|s| s.at).max()?);
        let by: std::collections::BTreeSet<&str> = sources.map(|source| source.by.as_str()).collect();
        let by: Vec<&str> = by.into_iter().collect();
        let args = [("from", when(from)), ("to", when(to)), ("by", by.join(", "))];
        Some(self.say(if from == to { "trace-list-typed-at" } else { "trace-list-typed" }, &args))
    }

    /// A month's dormant outlets: how many were tested, both allowances, and the points.
    pub fn dormant(&self, d: &Dormant) -> Vec<String> {
        let args = [
            ("month", d.month.to_string()),
            ("reported", d.reported.to_string()),
            ("tested", d.tested.to_string()),
            ("months", d.rule.after_months.to_string()),
        ];
        let mut lines = vec![self.say("trace-dormant-text", &args)];
        lines.push(self.allowance("trace-dormant-low", d, &d.low));
        lines.push(self.allowance("trace-dormant-zero", d, &d.zero));
        let args =
            [("low", d.low.over.to_string()), ("zero", d.zero.over.to_string()), ("points", d.points.to_string())];
        lines.push(self.say("trace-dormant-points", &args));
        // Decision 16: the figures by city beside those of the whole, where there is more than one.
        for city in d.cities.iter().filter(|_| d.cities.len() > 1) {
            let held = city.dormancy;
            let args = [
                ("city", city.city.clone()),
                ("reported", city.reported.to_string()),
                ("tested", held.tested.to_string()),
                ("low", held.low.to_string()),
                ("zero", held.zero.to_string()),
            ];
            lines.push(self.say("trace-dormant-city", &args));
        }
        lines
    }

    /// The outlets behind it, each with what it turned over, by which entries.
    pub fn dormant_outlets(&self, d: &Dormant) -> Vec<String> {
        let mut lines = Vec::new();
        for (key, part) in [("trace-outlets-low", &d.low), ("trace-outlets-zero", &d.zero)] {
            let (before, month) = (d.month.plus(-1).to_string(), d.month.to_string());
            let args = [("under", d.rule.low_under.to_string()), ("before", before), ("month", month)];
            lines.extend((!part.outlets.is_empty()).then(|| self.say(key, &args)));
            lines.extend(part.outlets.iter().map(|row| self.reported(row)));
        }
        let all = d.low.outlets.iter().chain(&d.zero.outlets).flat_map(|row| [&row.before, &row.this]);
        lines.extend(self.typed(all.flatten().filter_map(|(_, source)| source.as_ref())));
        lines
    }

    fn allowance(&self, key: &str, d: &Dormant, part: &Allowance) -> String {
        let args = [
            ("count", part.outlets.len().to_string()),
            ("under", d.rule.low_under.to_string()),
            ("percent", part.percent.to_string()),
            ("tested", d.tested.to_string()),
            ("product", (u64::from(d.tested) * u64::from(part.percent)).to_string()),
            ("allowed", part.allowed.to_string()),
            ("over", part.over.to_string()),
        ];
        self.say(key, &args)
    }

    fn reported(&self, row: &Reported) -> String {
        let amount = |said: &Option<(Fen, Option<Source>)>| match said {
            Some((fen, Some(source))) => format!("{fen} (#{})", source.entry),
            Some((fen, None)) => fen.to_string(),
            None => String::new(),
        };
        format!("  {} · {} → {}", self.outlet(&row.outlet), amount(&row.before), amount(&row.this))
    }

    /// The cap of a problem, the lines that used it, and what it leaves of this one.
    pub fn cap(&self, ground: &Ground) -> Vec<String> {
        let Ground::Cap { cap, problem, before, used, left, assessed, effective } = ground else { return Vec::new() };
        let args = [
            ("cap", cap.to_string()),
            ("problem", problem.clone()),
            ("used", used.to_string()),
            ("left", left.to_string()),
            ("assessed", assessed.to_string()),
            ("effective", effective.to_string()),
        ];
        let mut lines = vec![self.say("trace-cap-text", &args)];
        let one = |(seq, day, points): &(crate::ids::Seq, Day, crate::points::Points)| {
            let args = [("seq", seq.to_string()), ("on", day.to_string()), ("points", points.to_string())];
            self.say("trace-cap-before", &args)
        };
        lines.extend(before.iter().map(one));
        let key = if assessed > left { "trace-cap-cut" } else { "trace-cap-whole" };
        lines.push(self.say(key, &args));
        lines
    }

    /// The score before and after, and that of the year.
    pub fn score(&self, ground: &Ground) -> String {
        match ground {
            Ground::Credit { before, assessed, effective } => {
                let args = [
                    ("before", before.to_string()),
                    ("assessed", assessed.to_string()),
                    ("effective", effective.to_string()),
                ];
                self.say("trace-credit-text", &args)
            }
            Ground::Score { year, before, after, now } => {
                let args = [
                    ("year", year.to_string()),
                    ("before", before.to_string()),
                    ("after", after.to_string()),
                    ("now", now.to_string()),
                ];
                let reversal = self.trace.grounds.iter().any(
                    |ground| matches!(ground, Ground::Line(line) if line.kind == crate::domain::LineKind::Reversal),
                );
                self.say(if reversal { "trace-score-without" } else { "trace-score-text" }, &args)
            }
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_says_its_seconds_only_where_it_has_some() {
        let at = Moment::start_of(Day::from_ymd_opt(2011, 3, 2).unwrap());
        assert_eq!(when_exactly(at), "2011-03-02 00:00");
        assert_eq!(when_exactly(Moment(at.0 - 1)), "2011-03-01 23:59:59");
    }
}
