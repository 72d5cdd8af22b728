//! What a session holds of the ledger, what changes each of it, and what is asked for when. What a session holds is
//! asked for once, so that it is there when it is looked at; then again only after a change that touches it, and only
//! while it is on the screen. One query of each kind is on its way at a time, and an older one's answer is nobody's.

use super::form::Purpose;
use super::layer::Layer;
use super::message::{Effect, Wanted};
use super::model::Model;
use super::shared::Shared;
use crate::desk::{Areas, Change, ListedFinding};
use crate::domain::rectification::Cases;
use crate::domain::second::Waiting;
use crate::domain::{Alert, Chargeable, Dossier, Laws, Line};
use crate::ids::ProviderId;
use crate::journal::Chained;
use crate::store::{Due, OutletRow, ProviderRow};
use crate::time::Year;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that a session holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The rulebooks that may be in force.
    Laws,
    /// All providers, with their scores of the year.
    Providers,
    /// Outlets of the selected provider.
    Outlets,
    /// Its lines of the year.
    Lines,
    /// What its records come to.
    Dossier,
    /// The records that its lines can stand for.
    Chargeables,
    /// All lines that wait for a second person.
    Proposals,
    /// What is due.
    Deadlines,
    /// All findings.
    Findings,
    /// All alerts.
    Alerts,
    /// The newest entries.
    Journal,
}

impl Held {
    /// All, in the order in which they are asked for.
    pub const ALL: [Held; 11] = [
        Held::Laws,
        Held::Providers,
        Held::Outlets,
        Held::Lines,
        Held::Dossier,
        Held::Chargeables,
        Held::Proposals,
        Held::Deadlines,
        Held::Findings,
        Held::Alerts,
        Held::Journal,
    ];

    /// What it is made of.
    pub const fn areas(self) -> Areas {
        match self {
            Held::Laws => Areas::LAW,
            Held::Providers => Areas::ROSTER.with(Areas::LEDGER).with(Areas::OUTLETS).with(Areas::LAW),
            Held::Outlets => Areas::OUTLETS,
            Held::Lines => Areas::LEDGER,
            Held::Dossier => Areas::RECORDS.with(Areas::LEDGER).with(Areas::LAW),
            Held::Chargeables => Areas::RECORDS,
            Held::Proposals => Areas::PROPOSALS,
            Held::Deadlines => Areas::DEADLINES,
            // A finding says what became of its line, and what its record calls what it is about.
            Held::Findings => Areas::FINDINGS.with(Areas::RECORDS).with(Areas::LEDGER).with(Areas::LAW),
            Held::Alerts => Areas::ALL,
            // Every entry is in it.
            Held::Journal => Areas::NONE,
        }
    }

    /// Whether it is of the selected provider alone.
    const fn is_of_one(self) -> bool {
        matches!(self, Held::Outlets | Held::Lines | Held::Dossier | Held::Chargeables)
    }

    /// The providers of whom a change touches it.
    fn touched(self, shared: &Shared, change: &Change) -> Option<Whose> {
        let areas = self.areas();
        if self.is_of_one() {
            return shared.provider.as_ref().filter(|id| change.of(id).meets(areas)).map(|_| Whose::All);
        }
        if self == Held::Journal || change.everywhere.meets(areas) {
            return Some(Whose::All);
        }
        let of = change.providers.iter().filter(|(_, changed)| changed.meets(areas));
        Whose::of(of.map(|(id, _)| id.clone()))
    }
}

impl Purpose {
    /// What a form of it chooses from.
    pub(super) const fn uses(&self) -> &'static [Held] {
        match self {
            Purpose::Record(_) => &[Held::Providers, Held::Outlets, Held::Chargeables, Held::Dossier, Held::Deadlines],
            Purpose::Deduct => &[Held::Providers, Held::Outlets, Held::Chargeables],
            Purpose::Confirm(_) | Purpose::Dismiss(_) => &[Held::Findings],
            Purpose::ConfirmLine(_) => &[Held::Proposals, Held::Outlets],
            Purpose::Reverse { .. } => &[Held::Lines],
            Purpose::AddOutlet | Purpose::Audit => &[Held::Providers],
            _ => &[],
        }
    }
}

/// Whether something is on the screen, or needed by what lies over it.
pub fn is_shown(model: &Model, held: Held) -> bool {
    let uses = |layer: &dyn Layer| layer.uses(&model.shared, held);
    held == Held::Laws || uses(model.screen()) || model.over.iter().any(|layer| uses(layer.as_ref()))
}

/// Providers that something is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All.
    All,
    /// These.
    Of(BTreeSet<ProviderId>),
}

/// Where it is about more providers than these, it is asked of all.
const MANY: usize = 64;

impl Whose {
    /// These, if there are any.
    pub fn of(ids: impl IntoIterator<Item = ProviderId>) -> Option<Whose> {
        let mut some = BTreeSet::new();
        for id in ids {
            some.insert(id);
            if some.len() > MANY {
                return Some(Whose::All);
            }
        }
        Some(some).filter(|some| !some.is_empty()).map(Whose::Of)
    }

    /// Whether a provider is among them.
    pub fn has(&self, id: &ProviderId) -> bool {
        match self {
            Whose::All => true,
            Whose::Of(ids) => ids.contains(id),
        }
    }

    fn and(self, other: Whose) -> Whose {
        match (self, other) {
            (Whose::Of(one), Whose::Of(two)) => Whose::of(one.into_iter().chain(two)).unwrap_or(Whose::All),
            _ => Whose::All,
        }
    }
}

/// A query for something that a session holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The rulebooks that may be in force.
    Laws,
    /// Providers, with their scores of a year.
    Providers(Year, Whose),
    /// Something about one provider.
    Of(ProviderId, About),
    /// Lines that wait for a second person.
    Proposals(Whose),
    /// What is due.
    Deadlines(Whose),
    /// Findings.
    Findings(Whose),
    /// Alerts.
    Alerts(Whose),
    /// The newest entries.
    Journal,
}

/// How far a list of one provider's is asked for, from its first row on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// So many at least: what a pane shows of them.
    Top(usize),
    /// All.
    All,
}

/// A list of one provider's, as far as it is asked for.
#[derive(Debug)]
pub struct Rows<T> {
    /// Its first rows.
    pub rows: Vec<T>,
    /// How many there are of what is counted in it.
    pub of: usize,
    /// How far these reach.
    pub reach: Reach,
}

impl<T> Rows<T> {
    /// How many rows there are beyond these; none that is not asked for by whoever looks at all.
    pub fn more(&self) -> usize {
        if self.reach == Reach::All { 0 } else { self.of.saturating_sub(self.rows.len()) }
    }

    /// All of them, where they are there.
    pub fn all(&self) -> Option<&[T]> {
        (self.reach == Reach::All).then_some(&self.rows)
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { rows: Vec::new(), of: 0, reach: Reach::Top(0) }
    }
}

/// What is asked about one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Its outlets by id.
    Outlets(Reach),
    /// Its lines of a year, the newest day first, with one for each void that took any of them away, which is not counted.
    Lines(Year, Reach),
    /// What its records come to.
    Dossier,
    /// The records that lines can stand for.
    Chargeables,
}

impl Query {
    /// What asks for something; nothing does while no provider is selected whose it is.
    fn of(held: Held, (model, whose): (&Model, Whose)) -> Option<Query> {
        let shared = &model.shared;
        let about = |about| Some(Query::Of(shared.provider.clone()?, about));
        let reach = || reach(model, held, is_read_on(model, held));
        Some(match held {
            Held::Laws => Query::Laws,
            Held::Providers => Query::Providers(shared.year, whose),
            Held::Outlets => about(About::Outlets(reach()))?,
            Held::Lines => about(About::Lines(shared.year, reach()))?,
            Held::Dossier => about(About::Dossier)?,
            Held::Chargeables => about(About::Chargeables)?,
            Held::Proposals => Query::Proposals(whose),
            Held::Deadlines => Query::Deadlines(whose),
            Held::Findings => Query::Findings(whose),
            Held::Alerts => Query::Alerts(whose),
            Held::Journal => Query::Journal,
        })
    }
}

/// What a query is answered with.
#[allow(missing_docs, reason = "each is what the query of its name asks for")]
pub enum Answer {
    Laws(Arc<Laws>),
    /// The providers, and the years that have lines.
    Providers(Vec<Arc<ProviderRow>>, Vec<Year>),
    Outlets(Rows<OutletRow>),
    Lines(Rows<Line>),
    Dossier(Box<(Dossier, Cases)>),
    Chargeables(Vec<Chargeable>),
    Proposals(Vec<Arc<Waiting>>),
    Deadlines(Vec<Arc<Due>>),
    Findings(Vec<Arc<ListedFinding>>),
    Alerts(Vec<Arc<Alert>>),
    Journal(Vec<Arc<Chained>>),
}

/// How what a session holds stands to the ledger.
pub struct Fresh {
    of: [One; Held::ALL.len()],
    /// The number of the query that was asked last.
    last: u64,
}

/// How one thing stands.
struct One {
    /// There was an answer, about what is selected.
    there: bool,
    /// What is to be asked again.
    stale: Option<Whose>,
    /// What is on its way: its number, the query, and of whom it is.
    asked: Option<(u64, Query, Whose)>,
    /// It could not be answered: it rests until something changes.
    rests: bool,
    /// It was on the screen when it was looked at last.
    shown: bool,
    /// It came on the screen, and what is on its way was asked then: a frame before the answer would be for nothing.
    awaited: bool,
}

impl One {
    /// Nothing is known of it.
    fn begins() -> One {
        One { there: false, stale: Some(Whose::All), asked: None, rests: false, shown: false, awaited: false }
    }
}

impl Default for Fresh {
    fn default() -> Fresh {
        Fresh { of: Held::ALL.map(|_| One::begins()), last: 0 }
    }
}

impl Fresh {
    fn one(&mut self, held: Held) -> &mut One {
        &mut self.of[held as usize]
    }

    /// Whether there was an answer: until then nobody knows whether there is anything.
    pub fn is_there(&self, held: Held) -> bool {
        self.of[held as usize].there
    }

    /// Whether something changed that was not asked for yet.
    pub fn is_stale(&self, held: Held) -> bool {
        self.of[held as usize].stale.is_some()
    }

    /// Something else of it is looked at: what there was is nothing any more.
    pub fn begins(&mut self, held: Held) {
        *self.one(held) = One::begins();
    }

    /// The selected provider is another.
    pub fn turns(&mut self) {
        Held::ALL.into_iter().filter(|held| held.is_of_one()).for_each(|held| self.begins(held));
    }

    /// It is to be asked again.
    pub fn touch(&mut self, held: Held, whose: Option<Whose>) {
        let one = self.one(held);
        one.stale = match (one.stale.take(), whose) {
            (Some(known), Some(more)) => Some(known.and(more)),
            (known, more) => known.or(more),
        };
    }

    /// All of it is to be asked again.
    pub fn touch_all(&mut self) {
        for held in Held::ALL {
            self.touch(held, Some(Whose::All));
            self.one(held).rests = false;
        }
    }

    /// So many rows of it are asked for now, where others are there or on their way. Those that somebody looks at are waited
    /// for, as what comes on the screen is; an answer with fewer is nobody's then.
    fn reaches(&mut self, held: Held, (reached, reach): (Reach, Reach), looked: bool) {
        let one = self.one(held);
        let coming = match &one.asked {
            Some((_, Query::Of(_, About::Outlets(asked) | About::Lines(_, asked)), _)) => Some(*asked),
            _ => None,
        };
        let too_few = if let Some(coming) = coming { looked && coming < reach } else { one.there && reached < reach };
        if too_few {
            (one.stale, one.asked) = (Some(Whose::All), None);
            one.shown &= !looked;
        }
    }

    /// Whether something that only just came on the screen, or is of what was only just selected, is on its way.
    ///
    /// A list of all providers that is there as it was before a change is drawn as that: beside an import it takes longer
    /// to read than anybody waits for.
    pub fn is_awaited(&self) -> bool {
        let is = |(held, one): (Held, &One)| one.awaited && (held.is_of_one() || !one.there);
        Held::ALL.into_iter().zip(&self.of).any(is)
    }

    /// Nobody waits for it any longer: what is held is drawn.
    pub fn awaits_no_more(&mut self) {
        self.of.iter_mut().for_each(|one| one.awaited = false);
    }

    /// The query of a number, and what it is for, if that is the one that is waited for.
    pub fn answered(&mut self, number: u64) -> Option<(Held, Query)> {
        let is = |held: &Held| self.of[*held as usize].asked.as_ref().is_some_and(|(asked, ..)| *asked == number);
        let held = Held::ALL.into_iter().find(is)?;
        let one = self.one(held);
        (one.there, one.awaited) = (true, false);
        one.asked.take().map(|(_, query, _)| (held, query))
    }

    /// The query of a number could not be answered. It is asked again after the next change, not at once.
    pub fn failed(&mut self, number: u64) {
        for held in Held::ALL {
            let one = self.one(held);
            if let Some((_, _, whose)) = one.asked.take_if(|(asked, ..)| *asked == number) {
                (one.rests, one.awaited) = (true, false);
                self.touch(held, Some(whose));
            }
        }
    }
}

/// Takes in what a change touches.
pub fn on_change(shared: &mut Shared, change: &Change) {
    for held in Held::ALL {
        let touched = held.touched(shared, change);
        shared.fresh.touch(held, touched);
        shared.fresh.one(held).rests = false;
    }
    shared.head = shared.head.max(change.head.seq);
}

/// Whether something is looked at to its end: what lies over the screen may be about any row of it.
fn is_read_on(model: &Model, held: Held) -> bool {
    !model.over.is_empty() || model.screen().reads_on(&model.shared, held)
}

/// How far something is asked for: what a pane shows of it comes first. Of outlets the rest follows by itself, so that a form
/// that chooses from them has all.
fn reach(model: &Model, held: Held, looked: bool) -> Reach {
    let first = match held {
        Held::Outlets => is_shown(model, held) && !model.shared.fresh.is_there(held),
        _ => true,
    };
    if first && !looked { Reach::Top(model.shared.top()) } else { Reach::All }
}

/// Asks for what is not there, and for what is on the screen and was touched: that first.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let (mut first, mut then, mut settled) = (Vec::new(), Vec::new(), true);
    for (held, reached) in [(Held::Outlets, model.shared.outlets.reach), (Held::Lines, model.shared.lines.reach)] {
        let looked = is_read_on(model, held);
        let reach = reach(model, held, looked);
        model.shared.fresh.reaches(held, (reached, reach), looked);
    }
    for held in Held::ALL {
        let shown = is_shown(model, held);
        if held.is_of_one() && model.shared.provider.is_none() {
            continue;
        }
        let one = model.shared.fresh.one(held);
        let was = std::mem::replace(&mut one.shown, shown);
        one.awaited = shown && (!was || one.awaited);
        let waits = one.asked.is_some() || one.rests || (one.there && !shown);
        let whose = one.stale.clone().filter(|_| !waits);
        if let Some(whose) = whose
            && let Some(query) = Query::of(held, (model, whose.clone()))
        {
            model.shared.fresh.last += 1;
            let number = model.shared.fresh.last;
            let one = model.shared.fresh.one(held);
            (one.stale, one.asked) = (None, Some((number, query.clone(), whose)));
            let wanted = match shown {
                true if one.awaited => Wanted::Now,
                true => Wanted::Again,
                false => Wanted::Ahead,
            };
            let to = if shown { &mut first } else { &mut then };
            to.push(Effect::Load { number, query, wanted });
        }
        let one = model.shared.fresh.one(held);
        one.awaited &= one.asked.is_some();
        settled &= !shown || (one.stale.is_none() && one.asked.is_none());
    }
    if settled {
        // What is on the screen is as the ledger was then, or later.
        model.shared.seen = model.shared.head;
    }
    first.append(&mut then);
    first
}
