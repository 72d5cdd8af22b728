//! Charged once (decision 14): no second line of an article for what a line stands for, while the first stands.

use super::{Lack, LineSubject, Phase};
use crate::domain::filed::{Act, Filed};
use crate::domain::finding::{Breach, Measured, Subject};
use crate::domain::obligation::{Obligation, ObligationKind};
use crate::domain::state::State;
use crate::domain::{Deduction, Finding, LineKind, OnRecord, Refusal, correction, territory};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::rulebook::Article;
use crate::time::{Day, Moment, Month};

/// A line that charges, or would: its article, its outlet, and whether a finding became it.
struct Charging<'a> {
    provider: &'a ProviderId,
    article: &'a ArticleId,
    outlet: Option<&'a OutletId>,
    by_finding: bool,
}

/// Refuses a line by hand for what is charged already.
pub(super) fn by_hand(on_record: &mut dyn OnRecord, d: &Deduction, subject: &LineSubject) -> Result<(), Refusal> {
    let (provider, article, outlet) = (&d.provider, &d.article, d.outlet.as_ref());
    let line = Charging { provider, article, outlet, by_finding: false };
    not_charged(on_record, &line, subject)
}

fn not_charged(on_record: &mut dyn OnRecord, line: &Charging<'_>, subject: &LineSubject) -> Result<(), Refusal> {
    match against(on_record, line, subject, None) {
        Some(line) => Err(Refusal::Needs(Lack::Charged { line, subject: subject.clone() })),
        None => Ok(()),
    }
}

/// The line that charges already what another would, if one does.
fn against(
    on_record: &mut dyn OnRecord,
    line: &Charging<'_>,
    subject: &LineSubject,
    itself: Option<Seq>,
) -> Option<Seq> {
    // One gap without a promotion is one thing, whichever of its months is named (2.2.1(4)).
    let gap = match subject {
        LineSubject::Month(month) if line.article.as_str() == Breach::Promotion.article() => {
            gap_of(&on_record.state(line.provider, &[]), *month, month.last())
        }
        _ => None,
    };
    let same = |other: &LineSubject| match (&gap, other) {
        (Some(gap), LineSubject::Month(month)) => gap.has(*month),
        _ => other == subject,
    };
    let mut all = on_record.charged(line.provider, line.article, &same);
    all.retain(|by| Some(*by) != itself);
    if !is_dormant(line.article, subject) || line.by_finding {
        return all.first().copied();
    }
    // 2.2.3(3): a line by hand is for one of the month's dormant outlets, or for all where it names none.
    all.into_iter().find(|by| {
        let other = on_record.line(*by).and_then(|(_, line)| line.outlet);
        let apart = line.outlet.zip(other.as_ref()).is_some_and(|(one, other)| one != other);
        !apart || is_by_finding(on_record, *by)
    })
}

fn is_dormant(article: &ArticleId, subject: &LineSubject) -> bool {
    matches!(subject, LineSubject::Month(month) if Subject::Dormant(*month).article() == article.as_str())
}

/// Whether a line is that of a finding.
fn is_by_finding(on_record: &mut dyn OnRecord, line: Seq) -> bool {
    on_record.entry(line).is_some_and(|event| event.is_of_finding())
}

/// The months of a gap: from its first day without a promotion to the next promotion, if there is one.
struct Gap {
    first: Month,
    last: Option<Month>,
}

impl Gap {
    fn has(&self, month: Month) -> bool {
        self.first <= month && self.last.is_none_or(|last| month <= last)
    }
}

/// The gap that a month is in, of those that are there by a day.
fn gap_of(state: &State, month: Month, by: Day) -> Option<Gap> {
    let mut gaps =
        state.breaches(Moment::end_of(by)).into_iter().filter_map(|kept| match (kept.subject, kept.measured) {
            (Subject::Of(Breach::Promotion, _), Some(Measured::Missed { done, .. })) => {
                Some(Gap { first: Month::of(kept.occurred_on), last: done.map(|done| Month::of(done.day())) })
            }
            _ => None,
        });
    // Where one gap ends, the month of its end can be no other's: gaps are more than a month apart.
    gaps.find(|gap| gap.has(month))
}

/// A promotion gap by hand is one that the records show, in a month from which on they say when promotions were held
/// (2.2.1(4)); what was before is for the person to say.
pub(super) fn gap_there(
    on_record: &mut dyn OnRecord,
    article: &Article,
    d: &Deduction,
    subject: &LineSubject,
) -> Result<(), Refusal> {
    let LineSubject::Month(month) = *subject else { return Ok(()) };
    if article.id.as_str() != Breach::Promotion.article() {
        return Ok(());
    }
    let known_from = on_record.file(&d.provider).facts.iter().filter_map(|filed| promotion_term(filed)).min();
    let is_known = known_from.is_some_and(|from| Month::of(from) < month);
    if is_known && gap_of(&on_record.state(&d.provider, &[]), month, d.occurred_on).is_none() {
        return Err(Refusal::Needs(Lack::NoGap { article: article.id.clone(), month }));
    }
    Ok(())
}

/// A shortfall of a roll-out by hand is one that the records show by its day: the term of the phase is over, and the
/// outlets were not there (1.6.1(2), decision 11).
pub(super) fn shortfall_there(
    on_record: &mut dyn OnRecord,
    article: &Article,
    d: &Deduction,
    subject: &LineSubject,
) -> Result<(), Refusal> {
    let LineSubject::Rollout(city, phase) = subject else { return Ok(()) };
    let state = on_record.state(&d.provider, &[]);
    let Some(territory) = state.dossier.territory(city) else { return Ok(()) };
    let breach = if *phase == Phase::First { Breach::FirstBatch } else { Breach::AllOutlets };
    let missed = Subject::Of(breach, territory.seq);
    let found = state.breaches(Moment::end_of(d.occurred_on));
    if found.iter().any(|kept| kept.subject == missed && kept.measured.is_some()) {
        return Ok(());
    }
    Err(Refusal::Needs(Lack::NoShortfall { article: article.id.clone(), subject: subject.clone() }))
}

/// Early attrition by hand, too, is charged only after its investigation (2.2.3(1)).
pub(super) fn investigated_there(
    on_record: &mut dyn OnRecord,
    article: &Article,
    d: &Deduction,
    subject: &LineSubject,
) -> Result<(), Refusal> {
    let LineSubject::Territory(city) = subject else { return Ok(()) };
    if article.id.as_str() != Breach::Attrition.article() {
        return Ok(());
    }
    let dossier = on_record.state(&d.provider, &[]).dossier;
    dossier.territory(city).map_or(Ok(()), |territory| territory::investigated(&dossier, territory.seq))
}

/// The day from which a fact owes a promotion within the month, if it does.
fn promotion_term(filed: &Filed) -> Option<Day> {
    let owes = |terms: &[Obligation]| terms.iter().any(|term| term.kind == ObligationKind::Promotion);
    match &filed.act {
        Act::Happened(h) if filed.void.is_none() && owes(&h.terms) => Some(h.on),
        Act::Arrived { on, terms, .. } if filed.void.is_none() && owes(terms) => Some(*on),
        _ => None,
    }
}

/// Whether a line may count again: refused where what it stands for was charged by another in between.
pub(in crate::domain) fn comes_back(on_record: &mut dyn OnRecord, line: Seq) -> Result<(), Refusal> {
    let Some((provider, row)) = on_record.line(line) else { return Ok(()) };
    // What a finding became is of the provider whose the finding is: it goes and comes back with its facts.
    let by_itself = row.kind != LineKind::Reversal && !is_by_finding(on_record, line);
    if let Some(outlet) = row.outlet.as_ref().filter(|_| by_itself) {
        correction::goes_to_its_own(on_record, &provider, (outlet, row.occurred_on, Some(line)))?;
    }
    match &row.subject {
        Some(subject) if row.kind != LineKind::Reversal => {
            counts_as(on_record, (&provider, line, &row.article), subject)
        }
        _ => Ok(()),
    }
}

/// Whether a line may stand for a subject, which no other does.
pub(super) fn counts_as(
    on_record: &mut dyn OnRecord,
    (provider, line, article): (&ProviderId, Seq, &ArticleId),
    subject: &LineSubject,
) -> Result<(), Refusal> {
    let outlet = on_record.line(line).and_then(|(_, row)| row.outlet);
    let by_finding = is_by_finding(on_record, line);
    let charging = Charging { provider, article, outlet: outlet.as_ref(), by_finding };
    match against(on_record, &charging, subject, Some(line)) {
        Some(by) => Err(Refusal::StandsAgainst { by: vec![by] }),
        None => Ok(()),
    }
}

/// What the line of a finding stands for; refused where that is charged already, by a line that was typed by hand.
pub(in crate::domain) fn of_finding(
    on_record: &mut dyn OnRecord,
    finding: &Finding,
    article: &Article,
) -> Result<Option<LineSubject>, Refusal> {
    let provider = &finding.id.provider;
    let city = |state: &State, seq: Seq| {
        let territory = state.dossier.territories.iter().find(|t| t.seq == seq);
        territory.map(|t| t.city.clone())
    };
    let subject = match finding.id.subject {
        Subject::Dormant(month) => Some(LineSubject::Month(month)),
        Subject::Of(Breach::Promotion, _) => Some(LineSubject::Month(Month::of(finding.occurred_on))),
        Subject::Of(Breach::Conference | Breach::Signing, seq) => Some(LineSubject::Conference(seq)),
        Subject::Of(Breach::Training, seq) => Some(LineSubject::Training(seq)),
        Subject::Of(breach @ (Breach::FirstBatch | Breach::AllOutlets), seq) => {
            let phase = if breach == Breach::FirstBatch { Phase::First } else { Phase::All };
            city(&on_record.state(provider, &[]), seq).map(|city| LineSubject::Rollout(city, phase))
        }
        Subject::Of(Breach::Attrition, seq) => city(&on_record.state(provider, &[]), seq).map(LineSubject::Territory),
        Subject::Exit(_) | Subject::Of(Breach::Brand | Breach::Material | Breach::Complaint | Breach::Claim, _) => None,
    };
    if let Some(subject) = &subject {
        let line = Charging { provider, article: &article.id, outlet: None, by_finding: true };
        not_charged(on_record, &line, subject)?;
    }
    Ok(subject)
}
