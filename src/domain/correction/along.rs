//! A transfer that is typed after what happened at its outlet since: that is the next provider's (decisions 12 and 15).
//! What was recorded goes along, in one block with the transfer: each entry is taken away where it is, and what it says
//! is recorded at the provider of its day, in its place and under its number. What a person decided does not: it would
//! charge another provider than the one that was decided on, so it is named.

use super::transfer::{astray, handed};
use super::{Act, Filed, State, Subject, decided_about};
use crate::domain::objection::{Against, objects};
use crate::domain::service::ServiceStep;
use crate::domain::{
    Command, Context, Deduction, Event, Fact, Happening, Left, LineSubject, OnRecord, Place, Recording, Refusal,
    Turnover, happening,
};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::{Day, Month};
use std::sync::Arc;

/// What is done one after another, in one block.
#[derive(Clone, Debug)]
pub enum Step {
    /// An entry is taken away.
    Gone(Event),
    /// Something is recorded, by [`decide`].
    Said(Command),
}

/// A transfer with what goes along.
pub struct HandOver {
    /// What is done; the first that is recorded is the transfer.
    pub steps: Vec<Step>,
    /// Whose facts change, each with those that do not stand before it is done.
    loose: Vec<(ProviderId, Vec<Seq>)>,
}

/// Refuses a transfer by itself where something is on record of its outlet since: what would go along is named.
pub(in crate::domain) fn alone(on_record: &mut dyn OnRecord, event: Event) -> Result<Event, Refusal> {
    let Event::Happened(h) = &event else { return Ok(event) };
    let Some((outlet, to)) = h.hands_over() else { return Ok(event) };
    let by = Since::of(on_record, h, outlet)?.entries();
    if by.is_empty() {
        return Ok(event);
    }
    Err(Refusal::GoesAlong { outlet: outlet.clone(), to: to.clone(), by })
}

/// A transfer with what goes along.
pub fn hand_over(on_record: &mut dyn OnRecord, asked: &Recording, cx: Context<'_>) -> Result<HandOver, Refusal> {
    let alone = || HandOver { steps: vec![Step::Said(Command::Record(Box::new(asked.clone())))], loose: Vec::new() };
    let Event::Happened(h) = happening::record(on_record, asked, cx)? else { return Ok(alone()) };
    let Some((outlet, to)) = h.hands_over() else { return Ok(alone()) };
    let since = Since::of(on_record, &h, outlet)?;
    let mut providers = vec![h.provider.clone(), to.clone()];
    providers.extend(since.later.iter().filter_map(|later| handed(&later.filed).map(|(_, to, _)| to.clone())));
    let loose = providers.into_iter().map(|id| {
        let loose = loose(on_record, &id);
        (id, loose)
    });
    let loose = loose.collect();
    Ok(HandOver { steps: since.steps(on_record, &h, (outlet, to), asked), loose })
}

/// Decides one of the steps: whether all of it stands is asked when all of it is there, by [`HandOver::stands`].
pub fn decide(on_record: &mut dyn OnRecord, command: &Command, cx: Context<'_>) -> Result<Event, Refusal> {
    match command {
        Command::Record(asked) => happening::record(on_record, asked, cx),
        other => crate::domain::decide(on_record, other, cx),
    }
}

impl HandOver {
    /// Whose facts change.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderId> {
        self.loose.iter().map(|(id, _)| id)
    }

    /// Whether all that stood still stands, after the steps were taken.
    pub fn stands(&self, on_record: &mut dyn OnRecord) -> Result<(), Refusal> {
        let mut by = Vec::new();
        for (id, before) in &self.loose {
            let after = loose(on_record, id);
            by.extend(after.into_iter().filter(|seq| !before.contains(seq)));
        }
        if by.is_empty() { Ok(()) } else { Err(Refusal::StandsAgainst { by }) }
    }
}

/// The facts of a provider that do not stand, or stand on the wrong side of a transfer of their day, by the numbers that
/// they are known by. What a person decided stays decided.
fn loose(on_record: &mut dyn OnRecord, id: &ProviderId) -> Vec<Seq> {
    let file = on_record.file(id);
    let loose = State::fold(&file.cities, &file.facts).1;
    let facts = file.facts.iter().filter(|f| loose.contains(&f.seq) && !matches!(f.act, Act::Decided { .. }));
    let went = file.facts.iter().filter(|f| f.void.is_none() && handed(f).is_some());
    facts.chain(went.flat_map(|f| astray(&file.facts, f))).map(|f| f.known()).collect()
}

/// A transfer of the outlet to the next provider but one, and whose fact it is.
struct Later {
    provider: ProviderId,
    filed: Arc<Filed>,
}

/// What is on record of an outlet since a transfer, at the provider that it leaves by it.
#[derive(Default)]
struct Since {
    facts: Vec<Arc<Filed>>,
    /// Transfers, the first first.
    later: Vec<Later>,
    lines: Vec<(Seq, Deduction)>,
    /// Reports, by month.
    reports: Vec<(Month, Vec<Seq>)>,
}

impl Since {
    fn of(on_record: &mut dyn OnRecord, h: &Happening, outlet: &OutletId) -> Result<Since, Refusal> {
        // Mostly nothing of its provider happened since: then its facts are not read.
        let late = on_record.is_late(&h.provider, Place::ending(h.on, Seq(u64::MAX)));
        let later = if late { later(on_record, h, outlet) } else { Vec::new() };
        let until = later.first().map(|later| later.filed.place());
        let mut since = Since { later, ..Since::default() };
        let mut against = Vec::new();
        if late {
            against = since.take_facts(&on_record.file(&h.provider).facts, (h.on, until), outlet);
        }
        // To the same provider it goes once.
        let next = since.later.first().and_then(|later| Some((handed(&later.filed)?.1, later.filed.seq)));
        against.extend(next.filter(|(to, _)| h.hands_over().is_some_and(|(_, same)| same == *to)).map(|(_, seq)| seq));
        let within = |day: Day| day >= h.on && until.is_none_or(|until| day < until.day);
        for seq in on_record.naming(&h.provider, outlet) {
            match on_record.entry(seq) {
                Some(Event::Deducted { deduction, .. }) if within(deduction.occurred_on) => {
                    let (_, line) = on_record.line(seq).ok_or(Refusal::UnknownLine { line: seq })?;
                    // What it stands for is the provider's: a conference, a month.
                    if !matches!(line.subject, None | Some(LineSubject::Named(_))) {
                        against.push(seq);
                    }
                    let protest = |f: &&Arc<Filed>| f.void.is_none() && objects(f) == Some(Against::Line(seq));
                    against.extend(on_record.file(&h.provider).facts.iter().filter(protest).map(|f| f.seq));
                    since.lines.push((seq, Deduction { subject: line.subject, evidence: line.evidence, ..deduction }));
                }
                Some(Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. })
                    if within(turnover.month.last()) =>
                {
                    match since.reports.iter_mut().find(|(month, _)| *month == turnover.month) {
                        Some((_, entries)) => entries.push(seq),
                        None => since.reports.push((turnover.month, vec![seq])),
                    }
                }
                _ => {}
            }
        }
        if against.is_empty() { Ok(since) } else { Err(Refusal::StandsAgainst { by: against }) }
    }

    /// Takes the facts that are the next provider's; answers the decisions on them, which stay.
    fn take_facts(&mut self, facts: &[Arc<Filed>], (on, until): (Day, Option<Place>), outlet: &OutletId) -> Vec<Seq> {
        let mut known: Vec<Seq> = Vec::new();
        // What was recorded of the day itself before the transfer happened before it.
        for f in facts.iter().filter(|f| f.void.is_none() && f.place().day > on) {
            let before = until.is_none_or(|until| f.place() < until);
            let goes = match &f.act {
                Act::Happened(h) => match (h.hands_over(), h.fact.outlet(), &h.fact) {
                    (Some(_), ..) => false,
                    // A claim is of the day of its trade (2.2.4(2)).
                    (_, Some(of), Fact::Service(ServiceStep::ClaimOpened { traded_on: Some(day), .. })) => {
                        of == outlet && *day >= on && until.is_none_or(|until| *day < until.day)
                    }
                    (_, Some(of), _) => of == outlet && before,
                    _ => h.fact.clone().goes_on_from().is_some_and(|seq| known.contains(seq)),
                },
                Act::Asked(request) => request.outlet == *outlet && before,
                Act::Answered { request, .. } => known.contains(request),
                Act::There { .. }
                | Act::Arrived { .. }
                | Act::Decided { .. }
                | Act::Moved { .. }
                | Act::EndedElsewhere { .. } => false,
            };
            if goes {
                known.push(f.known());
                self.facts.push(Arc::clone(f));
            }
        }
        // Nor does a protest against what is found there, or against a line.
        let about = |f: &Filed| match objects(f) {
            Some(Against::Finding(Subject::Exit(seq) | Subject::Of(_, seq))) => Some(seq),
            _ => decided_about(f),
        };
        let stays = |f: &&Arc<Filed>| f.void.is_none() && about(f).is_some_and(|seq| known.contains(&seq));
        facts.iter().filter(stays).map(|f| f.seq).collect()
    }

    /// All entries that go along.
    fn entries(&self) -> Vec<Seq> {
        let facts = self.facts.iter().chain(self.later.iter().map(|later| &later.filed)).map(|f| f.seq);
        let lines = self.lines.iter().map(|(seq, _)| *seq);
        facts.chain(lines).chain(self.reports.iter().flat_map(|(_, entries)| entries.clone())).collect()
    }

    /// Later transfers go first, the last first: each goes on from the one before. They come again behind what happened
    /// before them; what takes one away says so once more right before it, so that it keeps its number. So it is with the
    /// amendments of a report.
    fn steps(
        self,
        on_record: &mut dyn OnRecord,
        h: &Happening,
        (outlet, to): (&OutletId, &ProviderId),
        asked: &Recording,
    ) -> Vec<Step> {
        let reason = h.note.clone().unwrap_or_default();
        let gone = |provider: &ProviderId, entries: Vec<Seq>, replaced| Event::Voided {
            entries,
            lines: Vec::new(),
            provider: provider.clone(),
            reason: reason.clone(),
            replaced,
            left: None,
        };
        let from = &h.provider;
        let takes = |later: &Later| Step::Gone(gone(&later.provider, vec![later.filed.seq], false));
        let mut steps: Vec<Step> = self.later.iter().rev().map(takes).collect();
        steps.push(Step::Said(Command::Record(Box::new(asked.clone()))));
        for f in &self.facts {
            let Some(command) = said(on_record, f, to) else { continue };
            steps.extend([Step::Gone(gone(from, vec![f.seq], true)), Step::Said(command)]);
        }
        let mut owner = to;
        for Later { provider, filed } in &self.later {
            let Some(((_, next, _), command)) = handed(filed).zip(said(on_record, filed, owner)) else { continue };
            steps.extend([Step::Gone(gone(provider, vec![filed.seq], true)), Step::Said(command)]);
            owner = next;
        }
        for (seq, deduction) in self.lines {
            let lines = vec![(deduction.occurred_on, seq)];
            let mut void = gone(from, vec![seq], true);
            if let Event::Voided { lines: of, .. } = &mut void {
                *of = lines;
            }
            let line = Command::TakeIn(Deduction { provider: to.clone(), ..deduction });
            steps.extend([Step::Gone(void), Step::Said(line)]);
        }
        for (month, entries) in self.reports {
            let of: Vec<(Seq, Event)> = entries.iter().filter_map(|seq| Some((*seq, on_record.entry(*seq)?))).collect();
            let goes = |seq: Seq, replaced, report: Option<Turnover>| {
                let mut void = gone(from, vec![seq], replaced);
                if let Event::Voided { left, .. } = &mut void {
                    *left = Some(Left::Turnover { outlet: outlet.clone(), month, report });
                }
                Step::Gone(void)
            };
            for pair in of.windows(2).rev() {
                steps.push(goes(pair[1].0, false, report_of(&pair[0].1)));
            }
            for (seq, event) in &of {
                if let Some(command) = reported(event) {
                    steps.extend([goes(*seq, true, None), Step::Said(command)]);
                }
            }
        }
        steps
    }
}

/// What an entry says of a month.
fn report_of(event: &Event) -> Option<Turnover> {
    match event {
        Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } => Some(turnover.clone()),
        _ => None,
    }
}

/// The same as it is asked for.
fn reported(event: &Event) -> Option<Command> {
    match event {
        Event::TurnoverAmended { turnover, reason, .. } => {
            Some(Command::AmendTurnover { turnover: turnover.clone(), reason: reason.clone() })
        }
        other => report_of(other).map(Command::RecordTurnover),
    }
}

/// The transfers of an outlet since one of them, from provider to provider.
fn later(on_record: &mut dyn OnRecord, h: &Happening, outlet: &OutletId) -> Vec<Later> {
    let (mut provider, mut since, mut all) = (h.provider.clone(), Place::ending(h.on, Seq(u64::MAX)), Vec::new());
    loop {
        let file = on_record.file(&provider);
        let goes =
            |f: &&Arc<Filed>| f.void.is_none() && f.place() > since && handed(f).is_some_and(|(o, ..)| o == outlet);
        let Some(filed) = file.facts.iter().find(goes).cloned() else { return all };
        let to = handed(&filed).map(|(_, to, _)| to.clone());
        since = filed.place();
        all.push(Later { provider, filed });
        let Some(to) = to else { return all };
        provider = to;
    }
}

/// What a fact says, as it is asked for at another provider.
fn said(on_record: &mut dyn OnRecord, filed: &Filed, to: &ProviderId) -> Option<Command> {
    match &filed.act {
        Act::Happened(h) => Some(Command::Record(Box::new(Recording {
            provider: to.clone(),
            fact: h.fact.clone(),
            on: Some(h.on),
            confirmed_by: h.confirmed_by.clone(),
            note: h.note.clone(),
        }))),
        Act::Asked(r) => {
            let (outlet, kind, at, note) = (r.outlet.clone(), r.kind, Some(r.asked), r.note.clone());
            Some(Command::OpenRequest { outlet, kind, at, note })
        }
        Act::Answered { request, at } => {
            let note = match on_record.entry(filed.seq) {
                Some(Event::RequestAnswered { note, .. }) => note,
                _ => None,
            };
            Some(Command::AnswerRequest { request: *request, at: Some(*at), note })
        }
        Act::There { .. }
        | Act::Arrived { .. }
        | Act::Decided { .. }
        | Act::Moved { .. }
        | Act::EndedElsewhere { .. } => None,
    }
}
