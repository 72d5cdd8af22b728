//! A form that is filled in, previewed and saved. A preview and an answer belong to the form that asked for them.

mod consequence;
mod correct;
mod draw;
mod echo;
mod preview;
mod sheet;

pub use draw::form_title;

use super::super::draft;
use super::super::form::{Form, Pressed, Purpose};
use super::super::held::Held;
use super::super::layer::{Hint, Layer, Step};
use super::super::message::{Correcting, Effect, Message};
use super::super::shared::{News, Shared};
use super::super::sheet::Checked;
use super::lines::moved;
use crate::desk::{Change, DeskError, Preview, Receipt};
use crate::domain::Refusal;
use crate::ids::ProviderId;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

/// A form over a screen, and what the desk said of it.
pub struct OpenForm {
    /// What was typed.
    pub form: Form,
    /// What it would do, as the desk says.
    pub preview: Option<Result<Preview, Refusal>>,
    /// What the correction would change, as the desk said last.
    pub correcting: Option<Correcting>,
    /// What the audit's sheet that is typed comes to, as the desk said last.
    sheet: Option<Checked>,
    /// What was typed last has not been looked up yet: all that waits is taken first.
    typed: bool,
}

impl OpenForm {
    /// A form that nothing is known of yet. An answer that is still on its way comes for nobody.
    pub fn of(shared: &mut Shared, form: Form) -> OpenForm {
        shared.asked += 1;
        OpenForm { form, preview: None, correcting: None, sheet: None, typed: true }
    }

    /// The last line of what is said under the fields that can be its first, and how many of its lines show.
    pub fn room(&self, shared: &Shared) -> (usize, usize) {
        draw::room(shared, self)
    }

    /// It is left: an answer that is still on its way comes for nobody.
    fn closes(shared: &mut Shared) -> Step {
        shared.asked += 1;
        Step::Closes
    }

    /// Moves in what it would change by so many pages, if that is more than there is room for.
    fn turn_page(&mut self, shared: &Shared, by: isize) -> bool {
        let (last, shows) = self.room(shared);
        self.form.scroll = moved(self.form.scroll, by.saturating_mul(shows.max(1).cast_signed()), last);
        last > 0
    }

    /// Nothing was typed into a form that follows another, or that corrects a record: there is nothing to save.
    fn untouched(&mut self, shared: &mut Shared, next: bool) -> Step {
        let text = shared.lang.say("status-nothing-typed");
        if next {
            self.form.refused = Some(text);
            return Step::took();
        }
        shared.status = Some((true, text));
        OpenForm::closes(shared)
    }

    fn save(&mut self, shared: &mut Shared, next: bool) -> Step {
        let form = &mut self.form;
        if let Some(kind) = form.chosen() {
            return Step::Records(kind);
        }
        let Some(command) = form.command(form.now) else {
            form.refused = Some(shared.lang.say("form-unread"));
            return Step::took();
        };
        if let Purpose::Void(_) = form.purpose {
            return Step::Took(self.correct(shared, command));
        }
        form.after = (next && form.purpose == Purpose::Deduct).then(|| Box::new(form.next(shared.judged_by(form))));
        // It is taken again only as it was when that was asked, and while the question is to be seen.
        let again = form.refused.is_some() && form.asked.as_ref() == Some(&command);
        form.asked = Some(command.clone());
        if form.purpose == Purpose::Audit {
            return Step::Took(self.record_sheet(shared, again));
        }
        let (number, effect) = shared.submit(command, again);
        form.saving = Some(number);
        Step::Took(vec![effect])
    }

    /// What it asked for is recorded: the next one begins, if one follows.
    fn saved(&mut self, shared: &mut Shared, receipt: Box<Receipt>) -> Step {
        let Some(id) = receipt.event.provider() else { return Step::took() };
        say_saved(shared, &receipt, id);
        draft::done(&mut shared.drafts, &self.form);
        let after = self.form.after.take();
        shared.news.push(News::Recorded(receipt, after.is_some()));
        let closes = OpenForm::closes(shared);
        after.map_or(closes, Step::Begins)
    }

    /// Says why it is not recorded: beside the field that it is about, where there is one.
    fn refuse(&mut self, shared: &Shared, why: &DeskError) {
        let asks = match why {
            DeskError::Refused(Refusal::SaidBefore { .. }) => Some("form-again"),
            DeskError::Refused(Refusal::GoesAlong { .. }) => Some("form-along"),
            _ => None,
        };
        let text = why_not(shared, why);
        match (asks, why) {
            // Under the fields, where the question of the last save is looked for.
            (Some(asks), _) => self.form.refuse("", text + &shared.lang.say(asks)),
            (None, why) => {
                let name = if let DeskError::Refused(refusal) = why { Refusal::field(refusal) } else { "" };
                self.form.asked = None;
                self.form.refuse(name, text);
            }
        }
    }

    /// Takes what the desk says of what is typed.
    fn previewed(&mut self, preview: Option<Result<Preview, Refusal>>) {
        if self.preview != preview {
            self.form.scroll = 0;
        }
        self.preview = preview;
    }
}

/// Says that something is recorded.
pub fn say_saved(shared: &mut Shared, receipt: &Receipt, provider: &ProviderId) {
    let args = [("seq", receipt.seq.to_string()), ("provider", provider.to_string())];
    shared.status = Some((true, shared.lang.say_texts("status-saved", &args)));
}

/// Why the desk does not do something.
pub fn why_not(shared: &Shared, why: &DeskError) -> String {
    match why {
        DeskError::Refused(refusal) => words::refusal(shared.lang, refusal),
        DeskError::Store(e) => words::store_error(shared.lang, e),
    }
}

impl Layer for OpenForm {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        self.form.purpose.uses().contains(&held)
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        draw::draw(shared, self, frame, body);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        let page = match key.code {
            KeyCode::PageDown => 1,
            KeyCode::PageUp => -1,
            _ => 0,
        };
        if page != 0 && self.turn_page(shared, page) {
            return Step::took();
        }
        let form = &mut self.form;
        let now = form.now;
        let pressed = if form.saving.is_some() { Pressed::Wait } else { form.key(key, &shared.choices(form), now) };
        match pressed {
            Pressed::Stay => {
                self.typed = true;
                Step::took()
            }
            Pressed::Wait => Step::took(),
            Pressed::Close => OpenForm::closes(shared),
            Pressed::Untouched { next } => self.untouched(shared, next),
            Pressed::Save { next } => self.save(shared, next),
        }
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        let does = self.form.purpose.does();
        let keys: &[(&str, &'static str)] = match self.form.purpose {
            Purpose::Deduct => &[
                ("F2", does),
                ("F3", "form-next"),
                ("Tab", "form-tab"),
                ("↓", "form-pick"),
                ("+", "form-more"),
                ("Esc", "form-esc"),
            ],
            Purpose::Reverse { .. } => &[("Tab", "form-tab"), ("F2", does), ("Esc", "form-esc")],
            Purpose::Void(_) => &[("F2", does), ("Tab", "form-tab"), ("Space", "form-turn"), ("Esc", "form-esc")],
            Purpose::Audit => &[("F2", does), ("Tab", "form-tab"), ("PgDn", "key-scroll"), ("Esc", "form-esc")],
            Purpose::ConfirmLine(_) => &[("F2", does), ("Esc", "form-esc")],
            Purpose::ChooseRecord => &[("Enter", does), ("↓", "form-pick"), ("Esc", "form-esc")],
            _ => &[("F2", does), ("Tab", "form-tab"), ("Esc", "form-esc")],
        };
        keys.iter().map(|(key, help)| Hint::new(key, help)).collect()
    }

    fn paste(&mut self, _shared: &mut Shared, text: &str) {
        if self.form.saving.is_none() {
            self.form.paste(text);
            self.typed = true;
        }
    }

    fn catch_up(&mut self, shared: &mut Shared) -> Vec<Effect> {
        if std::mem::take(&mut self.typed) { self.look_up(shared) } else { Vec::new() }
    }

    fn takes(&mut self, shared: &mut Shared, answer: Message) -> Result<Step, Message> {
        let mine = |number: u64| self.form.saving == Some(number);
        match answer {
            Message::Previewed(number, preview) if number == shared.asked => {
                self.previewed(preview.map(|preview| *preview));
            }
            Message::Weighed(number, correcting)
                if number == shared.asked && matches!(self.form.purpose, Purpose::Void(_)) =>
            {
                self.form.scroll = 0;
                self.correcting = Some(*correcting);
            }
            Message::SheetChecked(number, checked) if number == shared.asked && self.form.purpose == Purpose::Audit => {
                self.form.scroll = 0;
                self.sheet = Some(*checked);
            }
            Message::Outdated(number, correcting) if mine(number) => self.outdated(shared, *correcting),
            Message::SheetRefused(number, checked) if mine(number) => self.sheet_refused(shared, *checked),
            Message::Saved(number, Ok(receipt)) if mine(number) => return Ok(self.saved(shared, receipt)),
            Message::Saved(number, Err(why)) if mine(number) => self.refuse(shared, &why),
            // What was asked before the form changed comes too late.
            answer => return Err(answer),
        }
        Ok(Step::took())
    }

    fn renews(&mut self, shared: &mut Shared, change: Option<&Change>) -> Vec<Effect> {
        if let Some(change) = change {
            if !self.concerns(shared, change) {
                return Vec::new();
            }
            // What a correction changes was read of what was there before.
            self.correcting = None;
        }
        self.ask_preview(shared)
    }

    fn is_touched(&self) -> bool {
        self.form.touched
    }

    /// In a touched form it asks as Esc does; the second one ends.
    fn asks_to_leave(&self) -> bool {
        self.form.saving.is_none() && !self.form.leaving
    }
}
