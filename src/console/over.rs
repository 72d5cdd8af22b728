//! What lies over a screen: a layer each, with its state, its keys and its drawing in a file of its own.

mod audit;
mod entry;
mod form;
mod help;
mod line;
mod lines;
mod trace;

pub use audit::Audit;
pub use entry::Entry;
pub use form::OpenForm;
pub(super) use form::{form_title, say_saved, why_not};
pub use help::Help;
pub use line::LineWindow;
pub use trace::Trace;
pub(super) use trace::say_not as say_not_told;

use super::layer::Step;
use super::message::Effect;
use super::model::Model;
use super::shared::Shared;
use crate::ids::Seq;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use ratatui::widgets::{Block, BorderType, Clear};
use unicode_width::UnicodeWidthStr;

/// Asks for the entry that is selected, to correct it, and says why where there is none. One that is known by its number
/// is the one that is in its place now.
pub(super) fn corrects(shared: &mut Shared, selected: Result<(Option<Seq>, bool), &str>) -> Step {
    match selected {
        Ok((Some(seq), known)) => {
            shared.asked += 1;
            return Step::Took(vec![Effect::LoadEntry(shared.asked, seq, known)]);
        }
        Ok((None, _)) => shared.say_not("status-nothing-selected"),
        Err(why) => shared.say_not(why),
    }
    Step::took()
}

/// What is saved here, as a person knows it: the form that is open, or the screen.
pub(super) fn saved(model: &Model) -> String {
    let screen = || model.rows.get(model.at()).map(|row| model.shared.lang.say(row.title)).unwrap_or_default();
    model.over_of::<OpenForm>().map_or_else(screen, |open| form_title(&model.shared, &open.form))
}

/// Whether a key is that one, held with nothing.
fn is_plain(key: KeyEvent, code: KeyCode) -> bool {
    !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) && key.code == code
}

/// Where a window of that size stands.
fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect::new(body.x + (body.width - width) / 2, body.y + (body.height - height) / 2, width, height)
}

/// Columns of a window's frame and of the margins within it.
const FRAME: u16 = 4;

/// Clears an area, frames it, and says what room is in it.
fn window(shared: &Shared, frame: &mut Frame, area: Rect, title: String) -> Rect {
    let theme = &shared.theme;
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.fg(theme.accent))
        .title(Span::styled(format!(" {title} "), theme.fg(theme.accent).add_modifier(Modifier::BOLD)))
        .style(theme.base());
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    // A wide character whose second half the border takes would hide the border: it gives way.
    for y in area.top()..area.bottom() {
        let left = area.left().checked_sub(1).and_then(|x| frame.buffer_mut().cell_mut((x, y)));
        if let Some(cell) = left.filter(|cell| cell.symbol().width() > 1) {
            cell.set_symbol(" ");
        }
    }
    frame.render_widget(block, area);
    inner.inner(ratatui::layout::Margin::new(1, 0))
}
