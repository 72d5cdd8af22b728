//! A field of a form: a text, and how much of one it takes.

use crate::ids::is_hidden;
use tui_textarea::{CursorMove, TextArea};

/// Most characters that a field holds: ten times what any takes, so that what was pasted too long can be mended there,
/// and little enough that a whole file pasted by mistake does not hold up the console.
pub const FIELD_MAX: usize = 20_000;

/// A field.
pub struct Field {
    /// Its name in the import files.
    pub name: &'static str,
    /// What was typed.
    pub area: TextArea<'static>,
    /// Whether Enter begins a new line in it.
    pub lines: bool,
    /// Whether it can be changed.
    pub locked: bool,
    /// The words that it takes, where it takes no others.
    pub words: &'static [&'static str],
    /// What is wrong with it.
    pub error: Option<String>,
    /// Characters that were typed and are not in the text yet: many at once go in as one.
    pending: String,
    /// Characters that it no longer took.
    pub over: usize,
    /// How long its text is and may be, where it is too long.
    pub long: Option<Long>,
}

/// A text that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long {
    /// Its characters.
    pub is: usize,
    /// Most that may be saved.
    pub max: usize,
    /// Characters that the field did not take any more.
    pub over: usize,
}

impl Field {
    pub(super) fn new(name: &'static str, value: &str) -> Field {
        let mut area = TextArea::new(value.split('\n').map(str::to_owned).collect());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        let lines = matches!(name, "note" | "reason" | "sheet");
        let words: &[&str] = match name {
            "kind" => &["third-party", "self-operated"],
            "dependents" => &["no", "yes"],
            _ => &[],
        };
        Field { name, area, lines, locked: false, words, error: None, pending: String::new(), over: 0, long: None }
    }

    pub(super) fn locked(mut self) -> Field {
        self.locked = true;
        self
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.area.lines().join("\n").trim().to_owned()
    }

    pub(super) fn set(&mut self, value: &str) {
        let Field { name, locked, words, .. } = *self;
        *self = Field { locked, words, ..Field::new(name, value) };
    }

    /// Selects what is in it, so that typing replaces it. A note is a text to go on with.
    pub(super) fn enter(&mut self) {
        if !self.lines && !self.locked && !self.area.is_empty() {
            self.area.select_all();
        }
    }

    pub(super) fn leave(&mut self) {
        self.area.cancel_selection();
    }

    /// Whether all of it is selected, as when it was entered.
    pub fn is_fresh(&self) -> bool {
        self.area.is_selecting()
    }

    /// A character was typed.
    pub(super) fn push(&mut self, c: char) {
        match self.pending.len() < FIELD_MAX * 4 {
            true => self.pending.push(c),
            false => self.over += 1,
        }
    }

    /// What was typed goes into the text.
    pub(super) fn flush(&mut self) {
        if !self.pending.is_empty() {
            let pending = std::mem::take(&mut self.pending);
            self.insert(&pending);
        }
    }

    /// Puts in a text as far as there is room, and counts what there is none for. Characters that hide from a reader
    /// stay out.
    pub(super) fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
        let plain = |c: char| match c {
            '\n' if !self.lines => ' ',
            // What is pasted from a spreadsheet has its cells between them.
            '\t' if self.name != "sheet" => ' ',
            c => c,
        };
        let mut kept = text.chars().map(plain).filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c));
        let held: usize = if self.is_fresh() { 0 } else { self.area.lines().iter().map(|l| l.chars().count()).sum() };
        let taken: String = kept.by_ref().take(FIELD_MAX.saturating_sub(held)).collect();
        self.over += kept.count();
        self.area.insert_str(taken);
    }
}
