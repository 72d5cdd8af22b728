//! The forms that begin for what is selected; why not, where they cannot.

use super::super::super::form::Form;
use super::super::super::layer::Step;
use super::super::super::over::corrects;
use super::super::super::shared::Shared;
use super::{Pane, Providers};
use crate::domain::{LineKind, Outlet, Provider};

const NOTHING: &str = "status-nothing-selected";

/// The selected provider.
fn provider(shared: &Shared) -> Result<Provider, &'static str> {
    shared.provider_row().map(|row| row.provider.clone()).ok_or(NOTHING)
}

impl Providers {
    fn selected_outlet<'a>(&self, shared: &'a Shared) -> Result<&'a Outlet, &'static str> {
        let mut outlets = shared.outlets.rows.iter().map(|row| &row.outlet);
        outlets.find(|outlet| Some(&outlet.id) == self.outlet.as_ref()).ok_or(NOTHING)
    }

    pub(super) fn add(&mut self, shared: &mut Shared) -> Step {
        let form = match self.pane {
            Pane::Outlets | Pane::Ledger if !shared.is_empty() => {
                provider(shared).map(|provider| Form::outlet(&provider, None))
            }
            _ => Ok(Form::provider(None)),
        };
        Step::begins(shared, form)
    }

    pub(super) fn edit(&mut self, shared: &mut Shared) -> Step {
        let form = match self.pane {
            Pane::Providers => provider(shared).map(|provider| Form::provider(Some(&provider))),
            Pane::Outlets => provider(shared)
                .and_then(|provider| self.selected_outlet(shared).map(|outlet| Form::outlet(&provider, Some(outlet)))),
            Pane::Ledger => Err(NOTHING),
        };
        Step::begins(shared, form)
    }

    pub(super) fn deduct(&mut self, shared: &mut Shared) -> Step {
        let outlet = self.outlet.as_ref().filter(|_| self.pane == Pane::Outlets);
        let form = provider(shared).map(|provider| Form::deduct(Some(&provider.id), outlet));
        Step::begins(shared, form)
    }

    pub(super) fn reverse(&mut self, shared: &mut Shared) -> Step {
        let form = provider(shared).and_then(|provider| match self.selected_line(shared) {
            _ if !self.shows(shared, Pane::Ledger) => Err("status-ledger-hidden"),
            Some(line) if matches!(line.kind, LineKind::Reversal | LineKind::Void) || line.reversed_by.is_some() => {
                Err("status-not-reversible")
            }
            Some(line) => Ok(Form::reverse(line.seq, &provider.id)),
            None if self.waiting(shared).is_some() => Err("status-proposed"),
            None => Err(NOTHING),
        });
        Step::begins(shared, form)
    }

    /// Begins the form that confirms the selected line, which waits for a second person (decision 28).
    pub(super) fn confirm(&mut self, shared: &mut Shared) -> Step {
        let waiting = self.waiting(shared).filter(|_| self.shows(shared, Pane::Ledger));
        let form = waiting.map(Form::confirm_line).ok_or("status-none-waits");
        Step::begins(shared, form)
    }

    pub(super) fn void(&mut self, shared: &mut Shared) -> Step {
        let entry = match self.shows(shared, Pane::Ledger) {
            true => Ok((self.line.filter(|line| shared.ledger().any(|seq| seq == *line)), false)),
            false => Err("status-void-hidden"),
        };
        corrects(shared, entry)
    }
}
