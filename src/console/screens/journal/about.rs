//! What an entry is about, in a line: in words, and days and moments as other screens have them. The whole entry says it to
//! the second, by stable words.

use super::super::super::shared::Shared;
use crate::domain::{AlertSubject, Deduction, Event, Fact, Mark, Subject, needs};
use crate::exchange::entry;
use crate::words;

/// What a finding is about: a month, or an entry by its number.
fn found(shared: &Shared, subject: Subject) -> String {
    match subject {
        Subject::Dormant(month) => month.to_string(),
        other => format!("#{}", words::subject(shared.lang, &other.to_string())),
    }
}

/// An article by its title.
fn article(shared: &Shared, id: &str) -> String {
    words::article(shared.lang, &shared.book, id)
}

fn deducted(shared: &Shared, d: &Deduction) -> String {
    let outlet = d.outlet.as_ref().map(|outlet| format!(" {outlet}")).unwrap_or_default();
    let (title, points) = (article(shared, d.article.as_str()), words::points(shared.lang, d.points));
    format!("{} {title} {points}{outlet} {}", d.provider, shared.day(d.occurred_on))
}

/// What an alert was about that somebody handled.
fn alert(shared: &Shared, subject: &AlertSubject) -> String {
    match subject {
        AlertSubject::Due(seq, kind) => format!("{} #{seq}", words::obligation(shared.lang, *kind)),
        AlertSubject::Finding(subject) | AlertSubject::Changed(subject) => {
            format!("{} {}", article(shared, subject.article()), found(shared, *subject))
        }
        AlertSubject::Score(on) => words::alert_about(shared.lang, subject, &on.to_string()),
        AlertSubject::NearDormant(month) | AlertSubject::FinalStatus(month) => {
            words::alert_about(shared.lang, subject, &month.to_string())
        }
        AlertSubject::Edition(number) => words::alert_about(shared.lang, subject, number),
        AlertSubject::NearAttrition(seq)
        | AlertSubject::Claim(seq)
        | AlertSubject::Correction(seq)
        | AlertSubject::FailedAgain(seq)
        | AlertSubject::LateAnswer(seq)
        | AlertSubject::Objection(seq)
        | AlertSubject::Rectification(seq)
        | AlertSubject::ProviderExit(seq)
        | AlertSubject::Proposal(seq) => words::alert_about(shared.lang, subject, &format!("#{seq}")),
        AlertSubject::Deposit | AlertSubject::Staff => words::alert_about(shared.lang, subject, ""),
    }
}

/// What was done with it.
fn marked(shared: &Shared, mark: &Mark) -> String {
    let (word, to) = match mark {
        Mark::Acknowledged => ("acknowledged", String::new()),
        Mark::Snoozed { until } => ("snoozed", format!(" → {}", shared.when(*until))),
        Mark::Assigned { to } => ("assigned", format!(" → {to}")),
    };
    shared.lang.say(&format!("alert-state-{word}")) + &to
}

/// What an entry is about, in a line.
pub fn about(shared: &Shared, event: &Event) -> String {
    let lang = shared.lang;
    match event {
        Event::ProviderAdded(p) | Event::ProviderAmended(p) => format!("{} {}", p.id, p.name),
        Event::OutletAdded(o) | Event::OutletAmended(o) => format!("{} {} {}", o.provider, o.id, o.name),
        Event::Deducted { deduction, .. } => deducted(shared, deduction),
        Event::LineProposed(proposed) => deducted(shared, &proposed.deduction),
        Event::TurnoverRecorded { turnover: t, provider, .. }
        | Event::TurnoverAmended { turnover: t, provider, .. } => {
            format!("{provider} {} {} {}", t.outlet, t.month, t.amount)
        }
        Event::Happened(h) => {
            let outlet = match &h.fact {
                Fact::Outlet(outlet, _) => format!(" {outlet}"),
                _ => String::new(),
            };
            let what = entry::title_of(lang, &h.fact.word());
            format!("{}{outlet} {what} {} {}", h.provider, shared.day(h.on), h.note.as_deref().unwrap_or_default())
        }
        Event::ObligationsMoved { provider, calendar, moved } => {
            let args = [("calendar", calendar.clone().into()), ("count", moved.len().into())];
            format!("{provider} {}", lang.say_with("about-moved", &args))
        }
        Event::AlertMarked { provider, subject, mark, .. } => {
            format!("{provider} {} · {}", alert(shared, subject), marked(shared, mark))
        }
        Event::FindingConfirmed { finding, deduction, .. } => {
            let (title, subject) = (article(shared, finding.subject.article()), found(shared, finding.subject));
            format!("{} {title} {} {subject}", finding.provider, words::points(lang, deduction.points))
        }
        Event::FindingDismissed { finding, reason, .. } => {
            let (title, subject) = (article(shared, finding.subject.article()), found(shared, finding.subject));
            format!("{} {title} {subject} {reason}", finding.provider)
        }
        Event::RequestOpened(r) => {
            let what = [("what", lang.say(&format!("request-{}", r.kind.word()))), ("due", shared.when(r.due))];
            format!("{} {} {}", r.provider, r.outlet, lang.say_texts("about-request", &what))
        }
        Event::RequestAnswered { request, provider, at, .. } => {
            format!("{provider} #{request} {}", shared.when(*at))
        }
        Event::LossAccepted { from, to, reason } => format!("#{from}–#{to} {reason}"),
        Event::ProposalWithdrawn { proposal, provider, reason } => format!("{provider} #{proposal} {reason}"),
        Event::EditionAdopted(edition) => format!("{} {}", edition.number, edition.effective),
        Event::EditionWithdrawn { edition, number, reason } => format!("{number} #{edition} {reason}"),
        Event::Voided { entries, provider, reason, .. } | Event::Restored { entries, provider, reason, .. } => {
            let entries: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
            format!("{provider} {} {reason}", entries.join(" "))
        }
        Event::Supported { line, provider, is, .. } => {
            let on_record = shared.chargeables.get(provider).map(Vec::as_slice).unwrap_or_default();
            let subject = is.subject.as_ref().map(|subject| needs::written(on_record, subject)).unwrap_or_default();
            format!("{provider} #{line} {subject} {}", is.evidence.as_deref().unwrap_or_default())
        }
        Event::Reversed { line, provider, reason, .. } => format!("{provider} #{line} {reason}"),
    }
}
