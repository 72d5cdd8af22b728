//! Forms: a provider, an outlet, a deduction, a reversal. A form holds what was typed and turns it into a command;
//! what is wrong is said beside the field. It never loses input.

mod check;
mod command;
mod record;

use super::pick::{Choice, Choices, matching};
use crate::domain::{Alert, Finding, FindingId, NOTE_MAX, Outlet, Provider};
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::Rulebook;
use crate::time::Day;
use crate::words::{self, Lang};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::TextArea;

/// What a form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new provider.
    AddProvider,
    /// A correction of a provider.
    EditProvider,
    /// A new outlet.
    AddOutlet,
    /// A correction of an outlet.
    EditOutlet,
    /// A deduction.
    Deduct,
    /// A reversal of a line of a provider, whose id has to be typed.
    Reverse {
        /// The line.
        line: Seq,
        /// Whose it is.
        provider: ProviderId,
    },
    /// A finding becomes a line.
    Confirm(FindingId),
    /// A finding is dismissed.
    Dismiss(FindingId),
    /// Chooses a kind of record.
    ChooseRecord,
    /// A record.
    Record(&'static RecordKind),
    /// An alert is quiet for a while.
    Snooze(Box<Alert>),
    /// An alert is somebody's to do.
    Assign(Box<Alert>),
}

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
}

impl Field {
    fn new(name: &'static str, value: &str) -> Field {
        let mut area = TextArea::new(value.split('\n').map(str::to_owned).collect());
        area.move_cursor(tui_textarea::CursorMove::Bottom);
        area.move_cursor(tui_textarea::CursorMove::End);
        area.set_cursor_line_style(ratatui::style::Style::new());
        let lines = matches!(name, "note" | "reason");
        let words: &[&str] = if name == "kind" { &["third-party", "self-operated"] } else { &[] };
        Field { name, area, lines, locked: false, words, error: None }
    }

    fn locked(mut self) -> Field {
        self.locked = true;
        self
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.area.lines().join("\n").trim().to_owned()
    }

    fn set(&mut self, value: &str) {
        let Field { name, locked, words, .. } = *self;
        *self = Field { locked, words, ..Field::new(name, value) };
    }
}

/// A form being filled in.
pub struct Form {
    /// What it is for.
    pub purpose: Purpose,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The field that has the focus; one past the last is the button that saves, and for a reversal, whose
    /// first stop is Cancel, `usize::MAX`.
    pub focus: usize,
    /// Something was typed.
    pub touched: bool,
    /// Asks whether to throw it away.
    pub leaving: bool,
    /// The choice that the arrows were moved to, among those that match.
    pub pick: Option<usize>,
    /// What the desk said of it last.
    pub refused: Option<String>,
    /// The form that follows once this one is saved.
    pub after: Option<Box<Form>>,
    /// It was handed to the desk and waits for the answer: no key may hand it in a second time.
    pub saving: bool,
    /// The provider of the outlet that a record is about.
    pub owner: Option<ProviderId>,
}

/// What a key did to a form.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// It changed or moved.
    Stay,
    /// It is to be saved; then the next one begun, or not.
    Save {
        /// Begin the next one.
        next: bool,
    },
    /// It is closed.
    Close,
    /// Nothing: it waits for the desk.
    Wait,
}

impl Form {
    fn new(purpose: Purpose, fields: Vec<Field>) -> Form {
        let focus = fields.iter().position(|f| !f.locked).unwrap_or(0);
        Form {
            purpose,
            fields,
            focus,
            touched: false,
            leaving: false,
            pick: None,
            refused: None,
            after: None,
            saving: false,
            owner: None,
        }
    }

    /// A deduction for what is selected.
    pub fn deduct(provider: Option<&ProviderId>, outlet: Option<&OutletId>) -> Form {
        let text = |id: Option<String>| id.unwrap_or_default();
        let mut form = Form::new(
            Purpose::Deduct,
            vec![
                Field::new("provider_id", &text(provider.map(ToString::to_string))),
                Field::new("outlet_id", &text(outlet.map(ToString::to_string))),
                Field::new("article", ""),
                Field::new("points", ""),
                Field::new("occurred_on", "today"),
                Field::new("problem", ""),
                Field::new("note", ""),
            ],
        );
        form.focus = if provider.is_some() { 2 } else { 0 };
        form
    }

    /// A provider, new or to be corrected.
    pub fn provider(old: Option<&Provider>) -> Form {
        let text = |f: fn(&Provider) -> String| old.map(f).unwrap_or_default();
        let id = Field::new("provider_id", &text(|p| p.id.to_string()));
        let fields = vec![
            if old.is_some() { id.locked() } else { id },
            Field::new("name", &text(|p| p.name.clone())),
            Field::new("kind", &old.map_or("third-party".to_owned(), |p| p.kind.word().to_owned())),
            Field::new("city", &text(|p| p.city.clone())),
            Field::new("population", &text(|p| p.population.map(|n| n.to_string()).unwrap_or_default())),
            Field::new(
                "registered_capital",
                &text(|p| p.registered_capital.map(|n| n.to_string()).unwrap_or_default()),
            ),
            Field::new("agreement_on", &text(|p| p.agreement_on.map(|n| n.to_string()).unwrap_or_default())),
            Field::new("email", &text(|p| p.email.clone().unwrap_or_default())),
            Field::new("phone", &text(|p| p.phone.clone().unwrap_or_default())),
        ];
        Form::new(if old.is_some() { Purpose::EditProvider } else { Purpose::AddProvider }, fields)
    }

    /// An outlet, new or to be corrected.
    pub fn outlet(provider: &Provider, old: Option<&Outlet>) -> Form {
        let id = Field::new("outlet_id", &old.map(|o| o.id.to_string()).unwrap_or_default());
        let fields = vec![
            if old.is_some() { id.locked() } else { id },
            Field::new("provider_id", provider.id.as_str()).locked(),
            Field::new("city", old.map_or(&provider.city, |o| &o.city)),
            Field::new("name", old.map_or("", |o| &o.name)),
            Field::new("signed_on", &old.and_then(|o| o.signed_on).map(|d| d.to_string()).unwrap_or_default()),
            Field::new("staff", &old.and_then(|o| o.staff).map(|n| n.to_string()).unwrap_or_default()),
        ];
        Form::new(if old.is_some() { Purpose::EditOutlet } else { Purpose::AddOutlet }, fields)
    }

    /// A reversal: Cancel has the focus.
    pub fn reverse(line: Seq, provider: &ProviderId) -> Form {
        let fields = vec![Field::new("reason", ""), Field::new("provider_id", "")];
        let mut form = Form::new(Purpose::Reverse { line, provider: provider.clone() }, fields);
        form.focus = usize::MAX;
        form
    }

    /// Confirms a finding, with the points that it proposes.
    pub fn confirm(finding: &Finding) -> Form {
        let fields = vec![
            Field::new("finding", &finding.id.to_string()).locked(),
            Field::new("article", finding.id.subject.article()).locked(),
            Field::new("points", &finding.points.to_string()),
            Field::new("note", ""),
        ];
        Form::new(Purpose::Confirm(finding.id.clone()), fields)
    }

    /// Dismisses a finding.
    pub fn dismiss(finding: &Finding) -> Form {
        let fields = vec![Field::new("finding", &finding.id.to_string()).locked(), Field::new("reason", "")];
        Form::new(Purpose::Dismiss(finding.id.clone()), fields)
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> String {
        self.fields.iter().find(|f| f.name == name).map(Field::text).unwrap_or_default()
    }

    fn field(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|f| f.name == name)
    }

    /// The choices that the field with the focus offers for what was typed, best first; none where it is typed freely.
    pub fn choices(&self, from: &Choices<'_>) -> Vec<Choice> {
        let Some(field) = self.fields.get(self.focus).filter(|f| !f.locked) else { return Vec::new() };
        if !matches!(self.purpose, Purpose::Deduct | Purpose::ChooseRecord) {
            return Vec::new();
        }
        let all = match field.name {
            "record" => from.records(),
            "article" => from.articles(),
            "outlet_id" if from.provider.is_some_and(|p| p.as_str() == self.text("provider_id")) => from.outlets(),
            "provider_id" => from.providers(),
            _ => return Vec::new(),
        };
        matching(all, &field.text())
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent, from: &Choices<'_>, today: Day) -> Step {
        if self.leaving {
            self.leaving = false;
            let yes = matches!(key.code, KeyCode::Char('y' | 'Y') | KeyCode::Enter);
            return if yes { Step::Close } else { Step::Stay };
        }
        let on_note = self.fields.get(self.focus).is_some_and(|f| f.lines);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Esc if self.touched => self.leaving = true,
            KeyCode::Esc => return Step::Close,
            KeyCode::F(2) => return self.save(false, from, today),
            KeyCode::F(3) => return self.save(true, from, today),
            KeyCode::Enter if alt => return self.save(false, from, today),
            KeyCode::Tab => self.go(true, from, today),
            KeyCode::BackTab => self.go(false, from, today),
            KeyCode::Down | KeyCode::Up if !self.choices(from).is_empty() => self.turn(key.code, from),
            KeyCode::Down if !on_note => self.go(true, from, today),
            KeyCode::Up if !on_note => self.go(false, from, today),
            KeyCode::Enter if self.purpose == Purpose::ChooseRecord => return self.save(false, from, today),
            KeyCode::Enter if self.focus == usize::MAX => return Step::Close,
            KeyCode::Enter if self.focus == self.fields.len() => return self.save(false, from, today),
            KeyCode::Enter if !on_note => self.go(true, from, today),
            KeyCode::Char('+') | KeyCode::Right if self.on("points") => self.nudge(1, from.book),
            KeyCode::Char('-') | KeyCode::Left if self.on("points") => self.nudge(-1, from.book),
            KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right if self.on_words() => {
                self.turn_word(if key.code == KeyCode::Left { -1 } else { 1 });
            }
            _ => self.edit(key),
        }
        Step::Stay
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.focus).filter(|f| !f.locked) {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let text: String = text.chars().take(NOTE_MAX).collect();
            field.area.insert_str(if field.lines { text } else { text.replace('\n', " ") });
            self.touched = true;
        }
    }

    fn on(&self, name: &str) -> bool {
        self.fields.get(self.focus).is_some_and(|f| f.name == name)
    }

    fn edit(&mut self, key: KeyEvent) {
        if let Some(field) = self.fields.get_mut(self.focus).filter(|f| !f.locked) {
            let changed = field.area.input(key);
            self.touched |= changed;
            self.pick = self.pick.filter(|_| !changed);
            self.refused = None;
        }
    }

    fn on_words(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|f| !f.locked && !f.words.is_empty())
    }

    /// The next of a field's words, or the one before.
    fn turn_word(&mut self, by: isize) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        let (is, words) = (field.text(), field.words);
        let at = words.iter().position(|word| *word == is).map_or(0, |at| at.cast_signed() + by);
        if let Some(word) = words.get(at.rem_euclid(words.len().cast_signed()).cast_unsigned()) {
            field.set(word);
            self.touched = true;
        }
    }

    /// Points stop at the ends of the article's range.
    fn nudge(&mut self, by: i32, book: &Rulebook) {
        let Some(article) = book.article(&self.text("article")) else { return };
        let (min, max) = (i32::from(article.min.0), i32::from(article.max.0));
        let now = self.text("points").parse().unwrap_or(min - by);
        let points = (now + by).clamp(min, max).to_string();
        self.touched = true;
        if let Some(field) = self.field("points") {
            field.set(&points);
        }
    }

    /// Moves on or back, over locked fields; the field that is left is settled and checked.
    fn go(&mut self, on: bool, from: &Choices<'_>, today: Day) {
        self.settle(from);
        self.check(from.book, from.lang, today, false);
        let stops = self.fields.len() + 1;
        let reversal = matches!(self.purpose, Purpose::Reverse { .. });
        for _ in 0..stops {
            self.focus = match (self.focus, on) {
                (usize::MAX, true) => 0,
                (usize::MAX, false) => stops - 1,
                (0, false) if reversal => usize::MAX,
                (0, false) => stops - 1,
                (at, true) if at + 1 >= stops => {
                    if reversal {
                        usize::MAX
                    } else {
                        0
                    }
                }
                (at, true) => at + 1,
                (at, false) => at - 1,
            };
            if self.fields.get(self.focus).is_none_or(|f| !f.locked) {
                break;
            }
        }
    }

    /// Moves among the choices.
    fn turn(&mut self, code: KeyCode, from: &Choices<'_>) {
        let last = self.choices(from).len().saturating_sub(1);
        self.pick = Some(match (self.pick, code) {
            (None, KeyCode::Down) if self.fields.get(self.focus).is_some_and(|f| f.text().is_empty()) => 0,
            (at, KeyCode::Down) => (at.unwrap_or(0) + 1).min(last),
            (at, _) => at.unwrap_or(0).saturating_sub(1),
        });
    }

    /// Leaving a field takes the choice that the arrows are on, or the best for what was typed; an empty one that
    /// was only passed stays empty. An article brings its lowest points.
    fn settle(&mut self, from: &Choices<'_>) {
        let Some((name, typed)) = self.fields.get(self.focus).map(|f| (f.name, f.text())) else { return };
        let picked = match self.pick {
            Some(at) => self.choices(from).into_iter().nth(at),
            None if typed.is_empty() => None,
            None => self.choices(from).into_iter().next(),
        };
        self.pick = None;
        let Some(choice) = picked else { return };
        if let Some(field) = self.field(name).filter(|_| choice.value != typed) {
            field.set(&choice.value);
        }
        let points = self.text("points");
        let article = from.book.article(&choice.value).filter(|_| name == "article");
        if let Some(min) = article.filter(|_| choice.value != typed || points.is_empty()).map(|a| a.min.to_string())
            && let Some(field) = self.field("points")
        {
            field.set(&min);
        }
    }

    fn save(&mut self, next: bool, from: &Choices<'_>, today: Day) -> Step {
        self.settle(from);
        match self.check(from.book, from.lang, today, true) {
            true => Step::Save { next },
            false => Step::Stay,
        }
    }

    /// Says beside each field what is wrong; empty fields only when it is to be saved. Whether all is well.
    fn check(&mut self, book: &Rulebook, lang: Lang, today: Day, saving: bool) -> bool {
        if matches!(self.purpose, Purpose::Record(_)) {
            return self.check_record(lang, today, saving);
        }
        let purpose = self.purpose.clone();
        let article = book.article(&self.text("article")).cloned();
        let mut first = None;
        for (at, field) in self.fields.iter_mut().enumerate() {
            let text = field.text();
            let error = if text.is_empty() {
                let needed = check::required(&purpose, field.name, article.as_ref());
                (saving && needed)
                    .then(|| lang.say_with("refusal-missing", &[("field", words::field(lang, field.name).into())]))
            } else {
                check::wrong(&purpose, field.name, &text, article.as_ref(), lang, today)
            };
            first = first.or(error.as_ref().map(|_| at));
            field.error = error;
        }
        if let (true, Some(at)) = (saving, first) {
            self.focus = at;
        }
        first.is_none()
    }

    /// The next deduction after one that was saved: provider, article and date stay.
    pub fn next(&self) -> Form {
        let mut next = Form::deduct(None, None);
        for name in ["provider_id", "article", "points", "occurred_on"] {
            let text = self.text(name);
            if let Some(field) = next.field(name) {
                field.set(&text);
            }
        }
        next.focus = 1;
        next
    }
}
