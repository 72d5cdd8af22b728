//! A journal entry whole, over the journal's screen; and an audit's report, over its provider's records.

use super::super::draw::{audit_room, case_entry, entry_room};
use super::super::keymap::{self, Action};
use super::super::model::{Effect, Model, Over};
use super::window;
use crate::desk::{Areas, AuditReport, Change};
use crate::ids::Seq;
use crossterm::event::KeyEvent;

/// Opens the selected entry.
pub fn open(model: &mut Model) {
    if let Some(recorded) = model.journal.get(model.row) {
        model.over = Over::Entry(Box::new(crate::journal::Chained::clone(recorded)), 0);
    }
}

/// Takes a key: what moves in a list scrolls, Esc, Enter and q close.
pub fn on_key(model: &mut Model, key: KeyEvent) {
    let Some((_, (_, page))) = open_at(model) else { return };
    match keymap::action(key, model.screen) {
        Some(Action::Entry | Action::Open | Action::Back | Action::Quit) => model.over = Over::Nothing,
        _ => window::moves(key, model.screen, page).into_iter().for_each(|by| scroll(model, by)),
    }
}

/// Scrolls what is open by lines.
pub fn scroll(model: &mut Model, by: isize) {
    let Some((top, (last, _))) = open_at(model) else { return };
    let to = window::moved(top, by, last);
    if let Over::Entry(_, top) | Over::Audit(_, top) = &mut model.over {
        *top = to;
    }
}

/// The first line that shows of what is open, the last that can be it, and how many show.
fn open_at(model: &Model) -> Option<(usize, (usize, usize))> {
    match &model.over {
        Over::Entry(recorded, top) => Some((*top, entry_room(model, recorded))),
        Over::Audit(report, top) => Some((*top, audit_room(model, report))),
        _ => None,
    }
}

/// Asks for the report of the audit that is selected.
pub fn ask_audit(model: &mut Model) -> Vec<Effect> {
    let audit = case_entry(model).filter(|seq| model.dossier.audits.iter().any(|audited| audited.seq == *seq));
    audit.map(|seq| load(model, seq)).unwrap_or_default()
}

/// Asks again for the report that is open, where something changed of whose it is.
pub fn ask_again(model: &mut Model, change: &Change) -> Vec<Effect> {
    match &model.over {
        Over::Audit(report, _) if change.of(&report.provider) != Areas::NONE => {
            let seq = report.audited.seq;
            load(model, seq)
        }
        _ => Vec::new(),
    }
}

fn load(model: &mut Model, seq: Seq) -> Vec<Effect> {
    model.asked += 1;
    vec![Effect::LoadAudit(model.asked, seq)]
}

/// The report is there: it opens, unless somebody went on.
pub fn audited(model: &mut Model, number: u64, report: Option<Box<AuditReport>>) {
    let Some(report) = report.filter(|_| number == model.asked) else { return };
    match model.over {
        Over::Nothing => model.over = Over::Audit(report, 0),
        Over::Audit(_, top) => model.over = Over::Audit(report, top),
        _ => {}
    }
}
