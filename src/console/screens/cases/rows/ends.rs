//! Rectification, termination, exit and notices, as the cases screen lists them (3.1 to 3.3, 4.3).

use super::super::super::super::shared::Shared;
use super::Record;
use crate::domain::notice::Notice;
use crate::domain::rectification::Case;
use crate::words;

/// What of it there is.
pub fn rows(shared: &Shared) -> Vec<Record> {
    let (lang, dossier) = (shared.lang, &shared.dossier);
    let rectification = |case: &Case| {
        let plan = case.plan().filter(|_| case.closed_on.is_none()).map(|planned| {
            let (deadline, standard) = (planned.plan.deadline.to_string(), planned.plan.standard.replace('\n', " "));
            lang.say_texts("case-plan-until", &[("deadline", deadline), ("standard", standard)])
        });
        Record {
            kind: lang.say("case-rectification"),
            what: plan.unwrap_or_else(|| lang.say(&format!("rectification-{}", case.state()))),
            on: case.since().map(|on| on.to_string()).unwrap_or_default(),
            by: case.opened.map(|o| format!("#{} · {}", o.line, o.score)).unwrap_or_default(),
            good: case.closed_on.is_some(),
            entry: Some(case.seq()),
        }
    };
    let mut rows: Vec<Record> = shared.cases.all.iter().map(rectification).collect();
    rows.extend(shared.cases.owed(dossier).map(|(year, line, on)| Record {
        kind: lang.say("case-termination"),
        what: lang.say_texts("case-decision-owed", &[("year", year.to_string())]),
        on: on.to_string(),
        by: format!("#{line}"),
        good: false,
        entry: Some(line),
    }));
    rows.extend(dossier.terminations.iter().map(|d| Record {
        kind: lang.say("case-termination"),
        what: words::decided(lang, d),
        on: d.on.to_string(),
        by: d.by.clone(),
        good: !d.terminate,
        entry: Some(d.seq),
    }));
    rows.extend(dossier.exit.iter().map(|exit| {
        let (at, next) = (lang.say(&format!("case-at-{}", exit.stage.word())), words::exit_next(lang, exit));
        Record {
            kind: lang.say("case-exit"),
            what: if next.is_empty() { at } else { format!("{at} → {next}") },
            on: exit.on.to_string(),
            by: exit.confirmed.iter().map(|c| c.by.clone()).collect::<Vec<_>>().join(", "),
            good: exit.next().is_none(),
            entry: Some(exit.seq),
        }
    }));
    rows
}

/// Notices, the last first.
pub fn notices(shared: &Shared) -> Vec<Record> {
    let lang = shared.lang;
    let row = |n: &Notice| Record {
        kind: lang.say("case-notice"),
        what: format!("{} → {}", lang.say(&format!("notice-{}", n.event.word())), words::recipients(lang, &n.to)),
        on: n.on.to_string(),
        by: words::delivered(lang, n),
        good: n.delivered().is_some(),
        entry: Some(n.seq),
    };
    shared.dossier.notices.iter().rev().map(row).collect()
}
