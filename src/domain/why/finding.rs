//! A finding to its end: the facts that it measures, the arithmetic, and what was decided on it, by whom.

use super::super::finding::{Breach, Finding, FindingState, Measured, Subject};
use super::super::obligation::ObligationKind as Kind;
use super::super::state::{Act, Filed};
use super::super::turnover::{CityMonth, Dormancy};
use super::super::{Fact, Refusal, happening::Law, life, service, territory};
use super::{Ground, Known, Named, Ratio, Role, Source, id_of, obligation, outlets};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::DormantRule;
use crate::time::{Day, Moment, Month};

/// What a person decided on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The entry, who typed it and when, and what took it away.
    pub by: Named,
    /// Whether it became a line; it was dismissed otherwise.
    pub confirmed: bool,
    /// The points of the line.
    pub points: Points,
    /// What it was decided on.
    pub measured: Measured,
    /// The entry that takes the decision away.
    pub void: Option<Named>,
}

/// What an outlet turned over in a month and in the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Which.
    pub outlet: OutletId,
    /// When it signed.
    pub signed_on: Option<Day>,
    /// Whether the month tests it: it signed long enough before, and was there all month.
    pub is_tested: bool,
    /// The month before, and the entry that says so.
    pub before: Option<(Fen, Option<Source>)>,
    /// The month, and the entry that says so.
    pub this: Option<(Fen, Option<Source>)>,
}

/// A month's dormant outlets counted out (2.2.3(3), decision 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dormant {
    /// The month.
    pub month: Month,
    /// The rule that it is judged by.
    pub rule: DormantRule,
    /// Outlets that reported.
    pub reported: u32,
    /// Those that signed long enough before, were there all month, and reported both months.
    pub tested: u32,
    /// Tested outlets under the low mark in both months.
    pub low: Allowance,
    /// Tested outlets at zero.
    pub zero: Allowance,
    /// The larger of what both are over.
    pub points: u64,
    /// The same city by city (decision 16).
    pub cities: Vec<CityMonth>,
}

/// Dormant outlets by one test, and how many may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The share that may be, in percent.
    pub percent: u8,
    /// Whole outlets that may be: the share of those tested, rounded down.
    pub allowed: u64,
    /// Which are.
    pub outlets: Vec<Reported>,
    /// How many are over.
    pub over: u64,
}

/// Tells a finding that is not of a month: what is found now, if it is.
pub fn finding(known: &Known<'_>, subject: Subject, found: Option<&Finding>) -> Result<Vec<Ground>, Refusal> {
    let unknown = || Refusal::UnknownFinding { finding: id_of(known.provider, subject).to_string() };
    let seq = match subject {
        Subject::Dormant(_) => return Err(unknown()),
        Subject::Exit(seq) | Subject::Of(_, seq) => seq,
    };
    let began = known.meant(seq).filter(|filed| fits(&filed.act, subject)).ok_or_else(unknown)?;
    let article = subject.article();
    let on = found.map_or(began.place().day, |found| found.occurred_on);
    let clause = known.cx.rules(known.provider, on).article(article).map(|article| article.clause.clone());
    let mut grounds = vec![known.clause(&clause.unwrap_or_default(), Some(article), on)];
    grounds.extend(facts(known, began, subject));
    grounds.extend(decisions(known, subject, found));
    // Long lists come last: what they come to is read first.
    grounds.sort_by_key(|ground| matches!(ground, Ground::Served { .. } | Ground::Left { .. }));
    Ok(grounds)
}

/// Tells a month: its outlets counted out, and what was decided.
pub fn dormant(known: &Known<'_>, counted: Dormant, found: Option<&Finding>) -> Vec<Ground> {
    let subject = Subject::Dormant(counted.month);
    let clause = known.clause("2.2.3(3)", Some(subject.article()), counted.month.last());
    let mut grounds = vec![clause, Ground::Dormant(Box::new(counted))];
    grounds.extend(decisions(known, subject, found));
    grounds
}

/// Counts a month out.
pub fn turnover(month: Month, rule: DormantRule, rows: Vec<Reported>, cities: Vec<CityMonth>) -> Dormant {
    let parts: Vec<(Reported, Dormancy)> = rows
        .into_iter()
        .map(|row| {
            let pair = (row.before.as_ref().map(|(fen, _)| *fen), row.this.as_ref().map(|(fen, _)| *fen));
            let part = Dormancy::of(row.is_tested, pair, rule);
            (row, part)
        })
        .collect();
    let reported = parts.iter().filter(|(row, _)| row.this.is_some()).count();
    let tested: u32 = parts.iter().map(|(_, part)| part.tested).sum();
    let allowance = |percent: u8, outlets: Vec<Reported>| {
        let allowed = u64::from(tested) * u64::from(percent) / 100;
        let over = (outlets.len() as u64).saturating_sub(allowed);
        Allowance { percent, allowed, outlets, over }
    };
    let those = |is: &dyn Fn(&Dormancy) -> bool| -> Vec<Reported> {
        parts.iter().filter(|(_, part)| is(part)).map(|(row, _)| row.clone()).collect()
    };
    let low = allowance(rule.low_percent, those(&|part| part.low > 0));
    let zero = allowance(rule.zero_percent, those(&|part| part.zero > 0));
    let points = low.over.max(zero.over);
    let reported = u32::try_from(reported).unwrap_or(u32::MAX);
    Dormant { month, rule, reported, tested, low, zero, points, cities }
}

/// Whether an entry is what a finding of its kind is about.
fn fits(act: &Act, subject: Subject) -> bool {
    use service::ServiceStep;
    use territory::TerritoryStep;
    let breach = match subject {
        Subject::Of(breach, _) => breach,
        _ => return matches!(act, Act::Asked(request) if request.kind == super::super::RequestKind::Exit),
    };
    // 2.2.1: an outlet that came from another provider owes a promotion.
    let Act::Happened(h) = act else { return matches!((act, breach), (Act::Arrived { .. }, Breach::Promotion)) };
    matches!(
        (breach, &h.fact),
        (Breach::Conference | Breach::Signing, Fact::Territory(TerritoryStep::ConferenceHeld(_)))
            | (
                Breach::FirstBatch | Breach::AllOutlets | Breach::Attrition,
                Fact::Territory(TerritoryStep::Confirmed { .. })
            )
            | (Breach::Brand, Fact::Outlet(_, life::OutletStep::BrandChecked { .. }))
            | (Breach::Material, Fact::Outlet(_, life::OutletStep::MaterialChecked { .. }))
            | (Breach::Training, Fact::Service(ServiceStep::TrainingHeld { .. }))
            | (
                Breach::Promotion,
                Fact::Service(ServiceStep::PromotionHeld { .. }) | Fact::Outlet(_, life::OutletStep::Opened { .. }),
            )
            | (Breach::Complaint, Fact::Service(ServiceStep::Complained { .. }))
            | (Breach::Claim, Fact::Service(ServiceStep::ClaimOpened { .. }))
    )
}

/// The facts under a finding, and the arithmetic over them.
fn facts(known: &Known<'_>, began: &Filed, subject: Subject) -> Vec<Ground> {
    // Others name it by the number that its record is known by (decision 13).
    let seq = began.known();
    let breach = match subject {
        Subject::Of(breach, _) => breach,
        _ => return missed(known, (seq, Kind::ExitAnswer)),
    };
    let mut grounds = Vec::new();
    match breach {
        Breach::FirstBatch => return missed(known, (seq, Kind::FirstBatch)),
        Breach::AllOutlets => return missed(known, (seq, Kind::AllOutlets)),
        Breach::Promotion => return missed(known, (seq, Kind::Promotion)),
        Breach::Signing => {
            grounds.extend(missed(known, (seq, Kind::FreezeApplication)));
            grounds.extend(rests_on(known, &|fact| {
                matches!(fact, Fact::Territory(territory::TerritoryStep::FreezeApplied { conference, .. }) if *conference == seq)
            }));
        }
        Breach::Attrition => {
            grounds.push(Ground::Entries(Role::Began, known.began(seq).into_iter().collect()));
            grounds.extend(attrition(known, began));
        }
        _ => {
            grounds.push(Ground::Entries(Role::Began, known.began(seq).into_iter().collect()));
            grounds.extend(rests_on(known, &|fact| goes_on(fact, seq)));
        }
    }
    if let Act::Happened(h) = &began.act
        && let Fact::Service(service::ServiceStep::Complained { problem: Some(problem), .. }) = &h.fact
    {
        grounds.push(Ground::Problem(problem.clone()));
    }
    let acts = known.filed.iter().filter(|filed| filed.void.is_none());
    grounds.extend(acts.flat_map(|filed| ratios(&filed.act, filed.known(), subject)).map(Ground::Ratio));
    grounds
}

/// Whether a fact goes on from the one that a finding is about.
fn goes_on(fact: &Fact, seq: Seq) -> bool {
    match fact {
        Fact::Territory(territory::TerritoryStep::ConferenceRectified { conference }) => *conference == seq,
        Fact::Service(
            service::ServiceStep::TrainingGuided { training } | service::ServiceStep::TrainingChecked { training, .. },
        ) => *training == seq,
        Fact::Service(service::ServiceStep::ClaimClosed { claim, .. }) => *claim == seq,
        Fact::Service(service::ServiceStep::ComplaintOrdered { complaint, .. }) => *complaint == seq,
        _ => false,
    }
}

/// Facts beside the one that began it, voided ones too.
fn rests_on(known: &Known<'_>, is: &dyn Fn(&Fact) -> bool) -> Option<Ground> {
    let those = known.filed.iter().filter(|filed| matches!(&filed.act, Act::Happened(h) if is(&h.fact)));
    let entries: Vec<Named> = those.map(|filed| Named::of(filed)).collect();
    (!entries.is_empty()).then_some(Ground::Entries(Role::RestsOn, entries))
}

/// An obligation that a finding is the missing of, and the day on which that was broken (decision 11).
fn missed(known: &Known<'_>, id: (Seq, Kind)) -> Vec<Ground> {
    let Some(history) = obligation::history(known, id) else { return Vec::new() };
    let due = history.obligation.due;
    let late = match &history.outcome {
        obligation::Outcome::Open { overdue, .. } => *overdue,
        obligation::Outcome::Done { .. } => history.outcome.is_late(),
        obligation::Outcome::Ended { by, due } => by.on.is_some_and(|on| Moment::start_of(on) > *due),
        _ => false,
    };
    let mut grounds = obligation::of(known, id, history);
    if late {
        grounds.push(Ground::Broken { due });
    }
    grounds
}

/// Early attrition: the plan, who left, the share, and the investigation (2.2.3(1)).
fn attrition(known: &Known<'_>, began: &Filed) -> Vec<Ground> {
    let Act::Happened(h) = &began.act else { return Vec::new() };
    let Fact::Territory(territory::TerritoryStep::Confirmed { city, plan, .. }) = &h.fact else { return Vec::new() };
    let left = outlets::left_early(known, city);
    let part = u32::try_from(left.len()).unwrap_or(u32::MAX);
    let mut grounds: Vec<Ground> = obligation::plan(known, began.seq).into_iter().collect();
    grounds.push(Ground::Left { city: city.clone(), outlets: left });
    if let Law::Most(percent) = h.law {
        grounds.push(Ground::Ratio(Ratio { what: "left", part, whole: plan.0, percent, least: false }));
    }
    grounds.extend(rests_on(
        known,
        &|fact| matches!(fact, Fact::Territory(territory::TerritoryStep::AttritionInvestigated { city: c, .. }) if c == city),
    ));
    grounds
}

/// The shares that a fact is measured by, for a finding.
fn ratios(act: &Act, seq: Seq, subject: Subject) -> Vec<Ratio> {
    let Act::Happened(h) = act else { return Vec::new() };
    let most = |what, part, whole| match h.law {
        Law::Most(percent) => vec![Ratio { what, part, whole, percent, least: false }],
        _ => Vec::new(),
    };
    match (subject, &h.fact) {
        (Subject::Of(Breach::Conference, of), Fact::Territory(territory::TerritoryStep::ConferenceHeld(held)))
            if of == seq =>
        {
            let Law::Conference { attended, signed } = h.law else { return Vec::new() };
            let came = (held.attended, held.invited, attended);
            let stayed = (held.signed, held.attended, signed);
            [("attended", came), ("signed", stayed)]
                .map(|(what, (part, whole, percent))| Ratio { what, part, whole, percent, least: true })
                .to_vec()
        }
        (
            Subject::Of(Breach::Signing, of),
            Fact::Territory(territory::TerritoryStep::FreezeApplied { conference, entries, errors }),
        ) if of == *conference => most("errors", *errors, *entries),
        (
            Subject::Of(Breach::Training, of),
            Fact::Service(service::ServiceStep::TrainingChecked { training, checked, failed }),
        ) if of == *training => most("failed", *failed, *checked),
        _ => Vec::new(),
    }
}

/// All decisions on a finding, those that were taken away too (decision 20), and what is measured now.
fn decisions(known: &Known<'_>, subject: Subject, found: Option<&Finding>) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = vec![Ground::Measured(found.and_then(|found| found.now.clone()))];
    let open = found.filter(|found| found.state == FindingState::Open);
    grounds.extend(open.map(|found| Ground::LineOn(found.occurred_on)));
    let decided = known.filed.iter().filter_map(|filed| match &filed.act {
        Act::Decided { subject: of, measured, points, line } if *of == subject => {
            let void = filed.void.and_then(|void| known.named(void));
            let by = known.named(filed.seq)?;
            let (confirmed, points, measured) = (line.is_some(), *points, measured.clone());
            Some(Decided { by, confirmed, points, measured, void })
        }
        _ => None,
    });
    grounds.extend(decided.map(|decided| Ground::Decided(Box::new(decided))));
    if let Some(found) = found.filter(|found| found.has_changed()) {
        if found.is_measured_anew() {
            grounds.push(Ground::Changed(Box::new((found.measured.clone(), found.now.clone()))));
        }
        grounds.extend(found.shifted().map(|pair| Ground::Shifted(Box::new(pair))));
    }
    grounds
}
