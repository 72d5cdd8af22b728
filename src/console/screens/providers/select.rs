//! What is selected in the panes, and how keys, clicks and new lists move it. A selection that is still there stays.

use super::super::super::held::{About, Query};
use super::super::super::paint::window;
use super::super::super::shared::Shared;
use super::super::cursor::moved;
use super::measure::Outlets;
use super::{Pane, Providers};
use crate::desk::Receipt;
use crate::domain::Event;
use crate::domain::Line;
use crate::domain::second::Waiting;
use crate::ids::OutletId;
use ratatui::layout::Rect;

/// A row that is gone to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    /// By its place.
    FromTop(usize),
    /// The last, or so many before it: how many rows there are in the end is known when they are there.
    FromEnd(usize),
}

impl Goal {
    /// Where it is in a list of so many.
    fn at(self, len: usize) -> usize {
        let last = len.saturating_sub(1);
        match self {
            Goal::FromTop(at) => at.min(last),
            Goal::FromEnd(before) => last.saturating_sub(before),
        }
    }

    /// So many rows on, in a list of so many.
    fn moved(self, by: isize, len: usize) -> Goal {
        if let Goal::FromEnd(before) = self
            && let before = before.saturating_add_signed(by.saturating_neg())
            && before < len
        {
            return Goal::FromEnd(before);
        }
        match moved(Some(self.at(len)), by, len) {
            last if by > 0 && last + 1 >= len => Goal::FromEnd(0),
            at => Goal::FromTop(at),
        }
    }
}

/// How many rows of a pane are not there yet.
fn more(shared: &Shared, pane: Pane) -> usize {
    match pane {
        Pane::Providers => 0,
        Pane::Outlets => shared.outlets.more(),
        Pane::Ledger => shared.lines.more(),
    }
}

impl Providers {
    /// The selected line.
    pub(super) fn selected_line<'a>(&self, shared: &'a Shared) -> Option<&'a Line> {
        shared.lines.rows.iter().find(|l| Some(l.seq) == self.line)
    }

    /// The selected line that waits for a second person.
    pub(super) fn waiting<'a>(&self, shared: &'a Shared) -> Option<&'a Waiting> {
        shared.waiting().find(|w| Some(w.entry) == self.line)
    }

    /// How many rows a pane has, and which of them is selected.
    fn place(&self, shared: &Shared, pane: Pane) -> (usize, Option<usize>) {
        match pane {
            Pane::Providers => {
                let at = self.visible(shared).position(|r| Some(&r.provider.id) == shared.provider.as_ref());
                (self.shown.len(), at)
            }
            Pane::Outlets => {
                let at = shared.outlets.rows.iter().position(|o| Some(&o.outlet.id) == self.outlet.as_ref());
                (shared.outlets.rows.len(), at)
            }
            Pane::Ledger => {
                let len = shared.ledger().count();
                (len, shared.ledger().position(|seq| Some(seq) == self.line))
            }
        }
    }

    /// Whether what is selected in a pane is none of the rows that it shows at first. No more of them are looked through: this
    /// is asked after each message.
    pub(super) fn is_further_down(&self, shared: &Shared, pane: Pane) -> bool {
        let top = shared.top();
        match pane {
            Pane::Providers => false,
            Pane::Outlets => self
                .outlet
                .as_ref()
                .is_some_and(|id| shared.outlets.rows.iter().take(top).all(|row| row.outlet.id != *id)),
            Pane::Ledger => self.line.is_some_and(|line| shared.ledger().take(top).all(|seq| seq != line)),
        }
    }

    /// The first row that a pane shows in its area.
    pub(super) fn first_row(&self, shared: &Shared, pane: Pane, area: Rect) -> usize {
        let (len, at) = self.place(shared, pane);
        window(len, at.unwrap_or(0), usize::from(area.height.saturating_sub(2)))
    }

    /// Moves the selection of the pane with the focus. Rows that are not there yet are gone to all the same.
    pub(super) fn move_by(&mut self, shared: &mut Shared, by: isize) {
        let (there, at) = self.place(shared, self.pane);
        let len = there + more(shared, self.pane);
        let goal = match self.goes_to.take_if(|(pane, _)| *pane == self.pane) {
            None => Goal::FromTop(at.unwrap_or(0)),
            Some((_, goal)) => goal,
        };
        self.go_to(shared, self.pane, goal.moved(by, len));
    }

    /// Selects a row of a pane; until it is there, none: what is done with what is selected is never done with another.
    fn go_to(&mut self, shared: &mut Shared, pane: Pane, goal: Goal) {
        let (there, more) = (self.place(shared, pane).0, more(shared, pane));
        let at = goal.at(there + more);
        self.goes_to = (at >= there && more > 0).then_some((pane, goal));
        match pane {
            Pane::Outlets => self.outlet = shared.outlets.rows.get(at).map(|row| row.outlet.id.clone()),
            Pane::Ledger => self.line = shared.ledger().nth(at),
            Pane::Providers => {
                let id = self.visible(shared).nth(at).map(|r| r.provider.id.clone());
                shared.select(id);
            }
        }
    }

    /// Goes on to where it was to go, with more of a pane.
    fn go_on(&mut self, shared: &mut Shared, pane: Pane) {
        let goal = self.goes_to.take_if(|(of, _)| *of == pane);
        goal.into_iter().for_each(|(pane, goal)| self.go_to(shared, pane, goal));
    }

    /// A click selects the row and gives its pane the focus.
    pub(super) fn clicked(&mut self, shared: &mut Shared, at: (u16, u16)) {
        let Some((pane, area)) = self.panes(shared).into_iter().find(|(_, area)| area.contains(at.into())) else {
            return;
        };
        self.pane = pane;
        let Some(line) = usize::from(at.1).checked_sub(usize::from(area.y) + 1) else { return };
        let at = self.first_row(shared, pane, area) + line;
        self.goes_to = None;
        match pane {
            Pane::Providers => {
                let id = self.visible(shared).nth(at).map(|r| r.provider.id.clone());
                if id.is_some() {
                    shared.select(id);
                }
            }
            Pane::Outlets => {
                self.outlet = shared.outlets.rows.get(at).map(|o| o.outlet.id.clone()).or(self.outlet.take());
            }
            Pane::Ledger => self.line = shared.ledger().nth(at).or(self.line),
        }
    }

    /// Takes in that a list is there.
    pub(super) fn loaded(&mut self, shared: &mut Shared, query: &Query) {
        match query {
            Query::Providers(_, whose) => {
                self.widest.0.measure(shared, whose);
                self.refilter(shared);
            }
            Query::Of(_, About::Outlets(_)) => {
                self.widest.1 = Outlets::of(&shared.outlets.rows);
                // One that was only just recorded may be further down.
                let is_there = |id: &OutletId| shared.outlets.rows.iter().any(|row| row.outlet.id == *id);
                let kept = self.outlet.take().filter(|id| shared.outlets.more() > 0 || is_there(id));
                self.outlet = kept.or(shared.outlets.rows.first().map(|row| row.outlet.id.clone()));
                self.go_on(shared, Pane::Outlets);
            }
            Query::Of(_, About::Lines(..)) => {
                // One that was only just recorded may be of a day further down.
                let kept = self.line.filter(|line| shared.lines.more() > 0 || shared.ledger().any(|seq| seq == *line));
                self.line = kept.or(shared.ledger().next());
                self.go_on(shared, Pane::Ledger);
            }
            Query::Proposals(_) => {
                // One that waits no more gives way; a line that was only just recorded is not there yet.
                let waits: Vec<_> = shared.proposals.iter().map(|w| w.entry).collect();
                let gone = |line: &_| self.waited.contains(line) && !waits.contains(line);
                self.line = self.line.filter(|line| !gone(line)).or(shared.ledger().next());
                self.waited = waits;
            }
            _ => {}
        }
    }

    /// What a form asked for is recorded: it is selected, unless a filter hides whose it is or another form follows.
    pub(super) fn recorded(&mut self, shared: &mut Shared, receipt: &Receipt, follows: bool) {
        let Some(id) = receipt.event.provider() else { return };
        let in_ledger = receipt.event.deduction().is_some() || matches!(receipt.event, Event::LineProposed(_));
        self.line = in_ledger.then_some(receipt.seq).or(self.line);
        self.goes_to = self.goes_to.filter(|_| !in_ledger);
        let shows = self.filter.is_empty() || self.visible(shared).any(|row| row.provider.id == *id);
        if shows && !follows {
            shared.select(Some(id.clone()));
        }
    }
}
