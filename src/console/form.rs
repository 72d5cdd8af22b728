//! Forms: a provider, an outlet, a deduction, a reversal. A form holds what was typed and turns it into a command;
//! what is wrong is said beside the field. It never loses input.

use crate::domain::{Command, Deduction, NOTE_MAX, Outlet, Provider, ProviderKind};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::{Article, Rulebook};
use crate::time::{Day, parse_day_from};
use crate::words::{self, Lang};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
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
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Field {
    fn new(name: &'static str, value: &str) -> Field {
        let mut area = TextArea::new(value.split('\n').map(str::to_owned).collect());
        area.move_cursor(tui_textarea::CursorMove::Bottom);
        area.move_cursor(tui_textarea::CursorMove::End);
        area.set_cursor_line_style(ratatui::style::Style::new());
        Field { name, area, lines: matches!(name, "note" | "reason"), locked: false, error: None }
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
        let Field { name, locked, .. } = *self;
        *self = Field::new(name, value);
        self.locked = locked;
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
    /// The article that the arrows are on, among those that match.
    pub pick: usize,
    /// What the desk said of it last.
    pub refused: Option<String>,
    /// The form that follows once this one is saved.
    pub after: Option<Box<Form>>,
    /// It was handed to the desk and waits for the answer: no key may hand it in a second time.
    pub saving: bool,
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
            pick: 0,
            refused: None,
            after: None,
            saving: false,
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

    /// The text of a field.
    pub fn text(&self, name: &str) -> String {
        self.fields.iter().find(|f| f.name == name).map(Field::text).unwrap_or_default()
    }

    fn field(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|f| f.name == name)
    }

    /// Whether the article picker is open.
    pub fn picking(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|f| f.name == "article")
    }

    /// The articles that match what was typed, best first.
    pub fn articles<'a>(&self, book: &'a Rulebook) -> Vec<&'a Article> {
        let typed = self.text("article");
        let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, &Article)> = Vec::new();
        for article in &book.articles {
            let text = format!("{} {} {} {}", article.id, article.clause, article.title.zh, article.title.en);
            if let Some(score) = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher) {
                scored.push((if article.id.as_str() == typed { u32::MAX } else { score }, article));
            }
        }
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, article)| article).collect()
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent, book: &Rulebook, lang: Lang, today: Day) -> Step {
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
            KeyCode::F(2) => return self.save(false, book, lang, today),
            KeyCode::F(3) => return self.save(true, book, lang, today),
            KeyCode::Enter if alt => return self.save(false, book, lang, today),
            KeyCode::Tab => self.go(true, book, lang, today),
            KeyCode::BackTab => self.go(false, book, lang, today),
            KeyCode::Down if self.picking() => self.pick += 1,
            KeyCode::Up if self.picking() => self.pick = self.pick.saturating_sub(1),
            KeyCode::Down if !on_note => self.go(true, book, lang, today),
            KeyCode::Up if !on_note => self.go(false, book, lang, today),
            KeyCode::Enter if self.focus == usize::MAX => return Step::Close,
            KeyCode::Enter if self.focus == self.fields.len() => return self.save(false, book, lang, today),
            KeyCode::Enter if !on_note => self.go(true, book, lang, today),
            KeyCode::Char('+') | KeyCode::Right if self.on("points") => self.nudge(1, book),
            KeyCode::Char('-') | KeyCode::Left if self.on("points") => self.nudge(-1, book),
            KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right if self.on("kind") => self.turn_kind(),
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
            self.pick = if changed { 0 } else { self.pick };
            self.refused = None;
        }
    }

    fn turn_kind(&mut self) {
        let word = if self.text("kind") == "third-party" { "self-operated" } else { "third-party" };
        self.touched = true;
        if let Some(field) = self.field("kind") {
            field.set(word);
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
    fn go(&mut self, on: bool, book: &Rulebook, lang: Lang, today: Day) {
        self.settle(book);
        self.check(book, lang, today, false);
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

    /// Leaving the article takes the one that is picked, and its lowest points.
    fn settle(&mut self, book: &Rulebook) {
        if !self.picking() {
            return;
        }
        let articles = self.articles(book);
        let Some(article) = articles.get(self.pick.min(articles.len().saturating_sub(1))) else { return };
        let changed = self.text("article") != article.id.as_str();
        let (id, min) = (article.id.to_string(), article.min.to_string());
        self.pick = 0;
        let empty = self.text("points").is_empty();
        if let Some(field) = self.field("article") {
            field.set(&id);
        }
        if let Some(field) = self.field("points").filter(|_| changed || empty) {
            field.set(&min);
        }
    }

    fn save(&mut self, next: bool, book: &Rulebook, lang: Lang, today: Day) -> Step {
        self.settle(book);
        match self.check(book, lang, today, true) {
            true => Step::Save { next },
            false => Step::Stay,
        }
    }

    /// Says beside each field what is wrong; empty fields only when it is to be saved. Whether all is well.
    fn check(&mut self, book: &Rulebook, lang: Lang, today: Day, saving: bool) -> bool {
        let purpose = self.purpose.clone();
        let article = book.article(&self.text("article")).cloned();
        let mut first = None;
        for (at, field) in self.fields.iter_mut().enumerate() {
            let text = field.text();
            let error = if text.is_empty() {
                let needed = required(&purpose, field.name, article.as_ref());
                (saving && needed)
                    .then(|| lang.say_with("refusal-missing", &[("field", words::field(lang, field.name).into())]))
            } else {
                wrong(&purpose, field.name, &text, article.as_ref(), lang, today)
            };
            first = first.or(error.as_ref().map(|_| at));
            field.error = error;
        }
        if let (true, Some(at)) = (saving, first) {
            self.focus = at;
        }
        first.is_none()
    }

    /// The command that it asks for, where all fields can be read.
    pub fn command(&self, today: Day) -> Option<Command> {
        let text = |name| self.text(name);
        let some = |name| Some(self.text(name)).filter(|t| !t.is_empty());
        let date = |name| parse_day_from(&self.text(name), today).ok();
        Some(match &self.purpose {
            Purpose::Deduct => Command::Deduct(Deduction {
                provider: text("provider_id").parse().ok()?,
                article: text("article").parse().ok()?,
                points: Points(text("points").parse().ok()?),
                occurred_on: date("occurred_on")?,
                outlet: some("outlet_id").map(|o| o.parse()).transpose().ok()?,
                problem: some("problem"),
                note: some("note"),
            }),
            Purpose::Reverse { line, .. } => Command::Reverse { line: *line, reason: text("reason") },
            Purpose::AddProvider | Purpose::EditProvider => {
                let provider = Provider {
                    id: text("provider_id").parse().ok()?,
                    name: text("name"),
                    kind: text("kind").parse().ok()?,
                    city: text("city"),
                    population: some("population").map(|n| n.parse()).transpose().ok()?,
                    registered_capital: some("registered_capital").map(|n| Fen::parse_cny(&n)).transpose().ok()?,
                    agreement_on: some("agreement_on").and_then(|_| date("agreement_on")),
                    email: some("email"),
                    phone: some("phone"),
                };
                match self.purpose {
                    Purpose::AddProvider => Command::AddProvider(provider),
                    _ => Command::AmendProvider(provider),
                }
            }
            Purpose::AddOutlet | Purpose::EditOutlet => {
                let outlet = Outlet {
                    id: text("outlet_id").parse().ok()?,
                    provider: text("provider_id").parse().ok()?,
                    city: text("city"),
                    name: text("name"),
                    signed_on: some("signed_on").and_then(|_| date("signed_on")),
                    staff: some("staff").map(|n| n.parse()).transpose().ok()?,
                };
                match self.purpose {
                    Purpose::AddOutlet => Command::AddOutlet(outlet),
                    _ => Command::AmendOutlet(outlet),
                }
            }
        })
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

fn required(purpose: &Purpose, name: &str, article: Option<&Article>) -> bool {
    match purpose {
        Purpose::Deduct if name == "outlet_id" => article.is_some_and(|a| a.needs == crate::rulebook::Needs::Outlet),
        Purpose::Deduct => !matches!(name, "problem" | "note"),
        Purpose::Reverse { .. } => true,
        _ => matches!(name, "provider_id" | "outlet_id" | "name" | "kind" | "city"),
    }
}

/// What is wrong with a field that is not empty.
fn wrong(
    purpose: &Purpose,
    name: &str,
    text: &str,
    article: Option<&Article>,
    lang: Lang,
    today: Day,
) -> Option<String> {
    let number = || text.parse::<u64>().is_err().then(|| lang.say("form-number"));
    match name {
        "provider_id" => match purpose {
            Purpose::Reverse { provider, .. } if text != provider.as_str() => Some(lang.say("form-not-this-provider")),
            _ => text.parse::<ProviderId>().err().map(|_| lang.say("form-id")),
        },
        "outlet_id" => text.parse::<OutletId>().err().map(|_| lang.say("form-id")),
        "article" => article.is_none().then(|| lang.say("form-article")),
        "points" => {
            let range = article.map(|a| (a.id.to_string(), a.min, a.max));
            match (text.parse::<u16>(), range) {
                (Err(_), _) => Some(lang.say("form-number")),
                (Ok(n), Some((id, min, max))) if !(min.0..=max.0).contains(&n) => Some(lang.say_with(
                    "form-range",
                    &[("article", id.into()), ("min", min.to_string().into()), ("max", max.to_string().into())],
                )),
                _ => None,
            }
        }
        "occurred_on" | "agreement_on" | "signed_on" => match parse_day_from(text, today) {
            Ok(day) if day > today => Some(lang.say("form-future")),
            Ok(_) => None,
            Err(_) => Some(lang.say("form-date")),
        },
        "population" | "staff" => number(),
        "registered_capital" => Fen::parse_cny(text).is_err().then(|| lang.say("form-money")),
        "kind" => text.parse::<ProviderKind>().is_err().then(|| lang.say("form-kind")),
        _ => None,
    }
}
