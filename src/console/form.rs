//! Forms: a provider, an outlet, a deduction, a reversal. A form holds what was typed and turns it into a command;
//! what is wrong is said beside the field. It never loses input.

mod check;
mod choose;
mod command;
mod field;
mod keys;
mod record;

use super::pick::Offered;
use super::sheet::COLUMNS;
use crate::domain::second::Waiting;
use crate::domain::{Alert, Command, Finding, FindingId, Outlet, Provider};
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::journal::Chained;
use crate::time::Moment;
pub use check::say_long;
pub use field::{FIELD_MAX, Field};
use std::cell::RefCell;
use std::sync::Arc;

/// How the texts of fields are read: as imports read them.
pub mod read {
    pub use super::check::{day, moment, money, points, whole};
}

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
    /// An entry is taken away, or what it took comes back.
    Void(Box<Chained>),
    /// A finding becomes a line.
    Confirm(FindingId),
    /// A line that was proposed is confirmed by a second person (decision 28).
    ConfirmLine(Box<Waiting>),
    /// A finding is dismissed.
    Dismiss(FindingId),
    /// An audit with the lines of its sheet.
    Audit,
    /// Chooses a kind of record.
    ChooseRecord,
    /// A record.
    Record(&'static RecordKind),
    /// An alert is quiet for a while.
    Snooze(Box<Alert>),
    /// An alert is somebody's to do.
    Assign(Box<Alert>),
}

impl Purpose {
    /// The word for what its button and F2 do.
    pub const fn does(&self) -> &'static str {
        match self {
            Purpose::Reverse { .. } => "form-do-reverse",
            Purpose::Void(_) => "form-do-void",
            Purpose::Confirm(_) | Purpose::ConfirmLine(_) => "key-confirm",
            Purpose::Dismiss(_) => "key-dismiss",
            Purpose::ChooseRecord => "form-choose",
            Purpose::Snooze(_) => "key-snooze",
            Purpose::Assign(_) => "key-assign",
            Purpose::AddProvider
            | Purpose::EditProvider
            | Purpose::AddOutlet
            | Purpose::EditOutlet
            | Purpose::Deduct
            | Purpose::Audit
            | Purpose::Record(_) => "form-save",
        }
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
    /// When it was laid over the screen: what `today` and `+2h` mean in it, however long it stays open.
    pub now: Moment,
    /// The number under which it was handed to the desk, while it waits for the answer: no key may hand it in a second
    /// time.
    pub saving: Option<u64>,
    /// What was handed in last, unless it was refused for good: handed in once more after the desk asked whether it
    /// happened again, it is taken.
    pub asked: Option<Command>,
    /// The first line that shows of what it would do, where that is more than there is room for.
    pub scroll: usize,
    /// It follows one that was saved: until something is typed there is nothing in it to save.
    pub follows: bool,
    /// The outlet of the one before: the next one in the list is picked first.
    pub last: String,
    /// The points that an article brought; others were typed.
    brought: String,
    /// The provider of the outlet that a record is about.
    pub owner: Option<ProviderId>,
    /// What was offered last, and for what.
    offered: RefCell<Option<(MadeFor, Arc<Offered>)>>,
}

/// What choices were made for: which lists, the field, whether it was only just entered, and what all fields say.
type MadeFor = (u64, &'static str, bool, Vec<String>);

/// What a key did to a form.
#[derive(Debug, PartialEq, Eq)]
pub enum Pressed {
    /// It changed or moved.
    Stay,
    /// It is to be saved; then the next one begun, or not.
    Save {
        /// Begin the next one.
        next: bool,
    },
    /// It was to be saved, but nothing was typed.
    Untouched {
        /// The next one was to begin.
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
            now: Moment(0),
            saving: None,
            asked: None,
            scroll: 0,
            follows: false,
            last: String::new(),
            brought: String::new(),
            owner: None,
            offered: RefCell::default(),
        }
        .at(focus)
    }

    /// The same with the focus elsewhere.
    fn at(mut self, focus: usize) -> Form {
        self.move_to(focus);
        self
    }

    /// A deduction for what is selected.
    pub fn deduct(provider: Option<&ProviderId>, outlet: Option<&OutletId>) -> Form {
        let text = |id: Option<String>| id.unwrap_or_default();
        let form = Form::new(
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
        form.at(if provider.is_some() { 2 } else { 0 })
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
        Form::new(Purpose::Reverse { line, provider: provider.clone() }, fields).at(usize::MAX)
    }

    /// The correction of an entry: why, and whether what stands on it goes with it.
    pub fn void(recorded: Chained) -> Form {
        let fields = vec![Field::new("reason", ""), Field::new("dependents", "no")];
        Form::new(Purpose::Void(Box::new(recorded)), fields)
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

    /// Confirms a line that was proposed: it is as it was asked for, or it is turned down.
    pub fn confirm_line(waiting: &Waiting) -> Form {
        let line = &waiting.proposed.deduction;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let fields = [
            ("provider_id", line.provider.to_string()),
            ("outlet_id", line.outlet.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("article", line.article.to_string()),
            ("points", line.points.to_string()),
            ("occurred_on", line.occurred_on.to_string()),
            ("subject", line.subject.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("evidence", text(&line.evidence)),
            ("problem", text(&line.problem)),
            ("note", text(&line.note)),
        ];
        let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<Field> = said.map(|(name, value)| Field::new(name, &value).locked()).collect();
        let button = fields.len();
        Form::new(Purpose::ConfirmLine(Box::new(waiting.clone())), fields).at(button)
    }

    /// An audit: its head, and its lines below their columns.
    pub fn audit(provider: &ProviderId) -> Form {
        let fields = vec![
            Field::new("provider_id", provider.as_str()),
            Field::new("auditors", ""),
            Field::new("scope", ""),
            Field::new("on", "today"),
            Field::new("sheet", &format!("{COLUMNS}\n")),
            Field::new("note", ""),
        ];
        Form::new(Purpose::Audit, fields).at(1)
    }

    /// Whether what it would do may be much, and is moved through by pages.
    pub fn scrolls(&self) -> bool {
        matches!(self.purpose, Purpose::Void(_) | Purpose::Audit)
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

    /// Whether it corrects what is on record: without a change there is nothing to save.
    fn corrects(&self) -> bool {
        matches!(self.purpose, Purpose::EditProvider | Purpose::EditOutlet)
    }

    /// The next deduction after one that was saved: provider, article and date stay, and the points begin at the
    /// article's low end.
    pub fn next(&self, book: &crate::rulebook::Rulebook) -> Form {
        let mut next = Form::deduct(None, None);
        for name in ["provider_id", "article", "occurred_on"] {
            let text = self.text(name);
            if let Some(field) = next.field(name) {
                field.set(&text);
            }
        }
        if let Some(article) = book.article(&self.text("article")) {
            next.want(Some(article));
            next.bring(article);
        }
        (next.follows, next.last) = (true, self.text("outlet_id"));
        next.at(1)
    }

    /// Says what the desk refused: beside the field that it is about, or under the fields.
    pub fn refuse(&mut self, name: &str, why: String) {
        self.saving = None;
        match self.fields.iter().position(|field| field.name == name && !field.locked) {
            Some(at) => self.fields[at].error = Some(why),
            None => self.refused = Some(why),
        }
    }
}
