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
use ratatui::layout::Rect;

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
                let at = shared.outlets.iter().position(|o| Some(&o.outlet.id) == self.outlet.as_ref());
                (shared.outlets.len(), at)
            }
            Pane::Ledger => {
                let len = shared.ledger().count();
                (len, shared.ledger().position(|seq| Some(seq) == self.line))
            }
        }
    }

    /// The first row that a pane shows in its area.
    pub(super) fn first_row(&self, shared: &Shared, pane: Pane, area: Rect) -> usize {
        let (len, at) = self.place(shared, pane);
        window(len, at.unwrap_or(0), usize::from(area.height.saturating_sub(2)))
    }

    /// Moves the selection of the pane with the focus.
    pub(super) fn move_by(&mut self, shared: &mut Shared, by: isize) {
        let (len, at) = self.place(shared, self.pane);
        // Lines that are not there yet are gone to all the same.
        let len = if self.pane == Pane::Ledger { len + shared.lines.more() } else { len };
        let to = moved(self.goes_to.take().or(at), by, len);
        match self.pane {
            Pane::Providers => {
                let id = self.visible(shared).nth(to).map(|r| r.provider.id.clone());
                shared.select(id);
            }
            Pane::Outlets => self.outlet = shared.outlets.get(to).map(|o| o.outlet.id.clone()),
            Pane::Ledger => self.go_to(shared, to),
        }
    }

    /// Selects a row of the ledger; until it is there, the last one before it.
    fn go_to(&mut self, shared: &Shared, to: usize) {
        let line = shared.ledger().nth(to);
        self.goes_to = (line.is_none() && shared.lines.more() > 0).then_some(to);
        self.line = line.or(shared.ledger().last());
    }

    /// A click selects the row and gives its pane the focus.
    pub(super) fn clicked(&mut self, shared: &mut Shared, at: (u16, u16)) {
        let Some((pane, area)) = self.panes(shared).into_iter().find(|(_, area)| area.contains(at.into())) else {
            return;
        };
        self.pane = pane;
        let Some(line) = usize::from(at.1).checked_sub(usize::from(area.y) + 1) else { return };
        let at = self.first_row(shared, pane, area) + line;
        match pane {
            Pane::Providers => {
                let id = self.visible(shared).nth(at).map(|r| r.provider.id.clone());
                if id.is_some() {
                    shared.select(id);
                }
            }
            Pane::Outlets => {
                self.outlet = shared.outlets.get(at).map(|o| o.outlet.id.clone()).or(self.outlet.take());
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
            Query::Of(_, About::Outlets) => {
                self.widest.1 = Outlets::of(&shared.outlets);
                let kept = shared.outlets.iter().any(|o| Some(&o.outlet.id) == self.outlet.as_ref());
                if !kept {
                    self.outlet = shared.outlets.first().map(|o| o.outlet.id.clone());
                }
            }
            Query::Of(_, About::Lines(..)) => {
                // One that was only just recorded may be of a day further down.
                let kept = self.line.filter(|line| shared.lines.more() > 0 || shared.ledger().any(|seq| seq == *line));
                self.line = kept.or(shared.ledger().next());
                if let Some(to) = self.goes_to.take() {
                    self.go_to(shared, to);
                }
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
        let shows = self.filter.is_empty() || self.visible(shared).any(|row| row.provider.id == *id);
        if shows && !follows {
            shared.select(Some(id.clone()));
        }
    }
}
