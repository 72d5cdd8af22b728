//! What a console session knows, whichever screen is looked at: the ledger as far as it is held, and the session itself.

use super::depth::Depth;
use super::draft::Draft;
use super::form::{Form, Purpose, read};
use super::held::{Fresh, Held, Query, Rows, Whose};
use super::message::Effect;
use super::pick::Choices;
use super::theme::Theme;
use crate::desk::{ListedFinding, Receipt};
use crate::domain::rectification::Cases;
use crate::domain::second::Waiting;
use crate::domain::why::Target;
use crate::domain::{Alert, Chargeable, Command, Dossier, Laws, Line};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::rulebook::Rulebook;
use crate::store::{Due, OutletRow, ProviderRow};
use crate::time::{Day, Moment, Year};
use crate::words::Lang;
use chrono::Datelike;
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// What all screens share.
pub struct Shared {
    /// The language of the session.
    pub lang: Lang,
    /// Its theme.
    pub theme: Theme,
    /// How many colours its terminal can show.
    pub depth: Depth,
    /// The theme's name.
    pub theme_name: String,
    /// Who works here.
    pub who: String,
    /// A word beside the name of the program: that this is a demo, say.
    pub title: String,
    /// The rulebooks that may be in force, as the journal has them (4.4(1), decision 26).
    pub laws: Arc<Laws>,
    /// The one in force today.
    pub book: Arc<Rulebook>,
    /// Now.
    pub now: Moment,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Ctrl-Z has a shell to go back to.
    pub suspends: bool,
    /// The last word on what was done, and whether it is good.
    pub status: Option<(bool, String)>,
    /// The year that is looked at.
    pub year: Year,
    /// Years that have lines.
    pub years: Vec<Year>,
    /// All providers, by id; none until the first answer.
    pub providers: Option<Vec<Arc<ProviderRow>>>,
    /// The selected provider.
    pub provider: Option<ProviderId>,
    /// Its outlets, as far as they are looked at.
    pub outlets: Rows<OutletRow>,
    /// Its ledger of the year, as far as it is looked at.
    pub lines: Rows<Line>,
    /// Lines of all providers that wait for a second person (decision 28).
    pub proposals: Vec<Arc<Waiting>>,
    /// What is due, the next first.
    pub deadlines: Vec<Arc<Due>>,
    /// Alerts, the loudest first.
    pub alerts: Vec<Arc<Alert>>,
    /// The selected provider's dossier.
    pub dossier: Dossier,
    /// Its rectifications, and the years at 100.
    pub cases: Cases,
    /// The findings, open ones first.
    pub findings: Vec<Arc<ListedFinding>>,
    /// The journal, newest first.
    pub journal: Vec<Arc<Chained>>,
    /// The records that lines can stand for, of providers that were looked at.
    pub chargeables: BTreeMap<ProviderId, Vec<Chargeable>>,
    /// The outlets of another provider than the selected one, that a form names.
    pub looked: Option<(ProviderId, Vec<OutletRow>)>,
    /// How all these stand to the ledger.
    pub fresh: Fresh,
    /// Counts what pickers choose from: another number, other lists.
    pub lists: u64,
    /// The last entry that was heard of.
    pub head: Seq,
    /// The last one that what is on the screen knows of.
    pub seen: Seq,
    /// Number of what a window or a form asked for last.
    pub asked: u64,
    /// Number of the command that was handed in last.
    pub submitted: u64,
    /// What it was asked to tell of: the answer opens a window, unless another key was pressed meanwhile.
    pub wonders: Option<Target>,
    /// Forms of this person that were being filled in when a connection was lost, the last one last.
    pub drafts: Vec<Draft>,
    /// What the screens were not told yet.
    pub(super) news: Vec<News>,
}

/// What came about that concerns more than the layer that it came about in.
pub enum News {
    /// What a query asked for is there.
    Loaded(Query),
    /// Another provider is selected, of which nothing is known yet.
    Turned,
    /// Another year is looked at.
    OtherYear,
    /// The command of that number was carried out, or was not.
    Answered(u64, bool),
    /// What a form asked for is recorded; and whether another form follows.
    Recorded(Box<Receipt>, bool),
}

impl Shared {
    /// What a session knows that begins.
    pub fn new(lang: Lang, theme: (&str, Theme), who: &str, title: &str, book: Arc<Rulebook>, now: Moment) -> Shared {
        Shared {
            lang,
            theme: theme.1,
            depth: Depth::default(),
            theme_name: theme.0.to_owned(),
            who: who.to_owned(),
            title: title.to_owned(),
            laws: Arc::new(Laws::of_loaded(Arc::clone(&book))),
            book,
            now,
            size: (80, 24),
            suspends: false,
            status: None,
            year: now.day().year(),
            years: Vec::new(),
            providers: None,
            provider: None,
            outlets: Rows::default(),
            lines: Rows::default(),
            proposals: Vec::new(),
            deadlines: Vec::new(),
            alerts: Vec::new(),
            dossier: Dossier::default(),
            cases: Cases::default(),
            findings: Vec::new(),
            journal: Vec::new(),
            chargeables: BTreeMap::new(),
            looked: None,
            fresh: Fresh::default(),
            lists: 0,
            head: Seq(0),
            seen: Seq(0),
            asked: 0,
            submitted: 0,
            wonders: None,
            drafts: Vec::new(),
            news: Vec::new(),
        }
    }

    /// Selects a provider: what is to be seen of it is asked for.
    pub fn select(&mut self, id: Option<ProviderId>) {
        if self.provider == id {
            return;
        }
        (self.outlets, self.lines) = (Rows::default(), Rows::default());
        (self.dossier, self.cases) = (Dossier::default(), Cases::default());
        self.lists += 1;
        self.provider = id;
        self.fresh.turns();
        self.news.push(News::Turned);
    }

    /// Looks at another year.
    pub fn turn_year(&mut self, by: i32) {
        self.year += by;
        self.lines = Rows::default();
        self.fresh.begins(Held::Lines);
        self.fresh.begins(Held::Providers);
        self.news.push(News::OtherYear);
    }

    /// A day as lists have it: of another year, with the year.
    pub fn day(&self, day: Day) -> String {
        day.format(if day.year() == self.now.day().year() { "%m-%d" } else { "%Y-%m-%d" }).to_string()
    }

    /// A moment as lists have it, in at most eleven columns: of another year, the year says more than the hour.
    pub fn when(&self, at: Moment) -> String {
        let this_year = at.day().year() == self.now.day().year();
        at.civil().format(if this_year { "%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string()
    }

    /// Says why something is not done.
    pub fn say_not(&mut self, why: &str) {
        self.status = Some((false, self.lang.say(why)));
    }

    /// Hands in a command. The answer is known by its number.
    pub fn submit(&mut self, command: Command, again: bool) -> (u64, Effect) {
        self.submitted += 1;
        (self.submitted, Effect::Submit(self.submitted, command, again))
    }

    /// Whether it is known that there are no providers.
    pub fn is_empty(&self) -> bool {
        self.providers.as_ref().is_some_and(Vec::is_empty)
    }

    /// The selected provider's row.
    pub fn provider_row(&self) -> Option<&ProviderRow> {
        self.row_of(self.provider.as_ref()?)
    }

    /// A provider's row.
    pub fn row_of(&self, id: &ProviderId) -> Option<&ProviderRow> {
        self.row_named(id.as_str())
    }

    /// The row of the provider of an id as it is typed.
    pub fn row_named(&self, id: &str) -> Option<&ProviderRow> {
        let rows = self.providers.as_ref()?;
        rows.binary_search_by(|row| row.provider.id.as_str().cmp(id)).ok().and_then(|at| rows.get(at)).map(Arc::as_ref)
    }

    /// A provider's name; nothing where it is not known.
    pub fn name_of(&self, id: &ProviderId) -> String {
        self.row_of(id).map(|row| row.provider.name.clone()).unwrap_or_default()
    }

    /// How wide the longest name is of those that are looked at.
    pub fn widest_name<'a>(&self, whose: &Whose, ids: impl Iterator<Item = &'a ProviderId>) -> usize {
        ids.filter(|id| whose.has(id))
            .filter_map(|id| self.row_of(id))
            .map(|row| row.provider.name.width())
            .max()
            .unwrap_or(0)
    }

    /// The selected provider's id, as titles have it.
    pub fn provider_id(&self) -> String {
        self.provider.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The selected provider's lines of the year that wait for a second person, newest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        let of = |w: &&Waiting| {
            let line = &w.proposed.deduction;
            Some(&line.provider) == self.provider.as_ref() && line.occurred_on.year() == self.year
        };
        self.proposals.iter().rev().map(Arc::as_ref).filter(of)
    }

    /// The rows of the ledger by their numbers: what waits for a second person stands before the lines.
    pub fn ledger(&self) -> impl Iterator<Item = Seq> {
        self.waiting().map(|w| w.entry).chain(self.lines.rows.iter().map(|line| line.seq))
    }

    /// As many rows as can be on the screen.
    pub fn top(&self) -> usize {
        self.size.1.into()
    }

    /// The rulebook that judges what a form asks for: a deduction, and a finding's line, are judged by the edition of
    /// their day, with what the provider agreed otherwise (4.4(1), 4.4(3)).
    pub fn judged_by(&self, form: &Form) -> &Arc<Rulebook> {
        match &form.purpose {
            Purpose::Deduct => {}
            Purpose::Confirm(id) => {
                let finding = self.findings.iter().map(|row| &row.finding).find(|finding| finding.id == *id);
                let on = finding.map_or(self.now.day(), |finding| finding.occurred_on);
                return self.laws.of(&id.provider, on);
            }
            _ => return &self.book,
        }
        let day = read::day(&form.text("occurred_on"), form.now).unwrap_or(self.now.day());
        match form.text("provider_id").parse() {
            Ok(provider) => self.laws.of(&provider, day),
            Err(_) => self.laws.general(day),
        }
    }

    /// What the pickers of a form choose from.
    pub fn choices(&self, form: &Form) -> Choices<'_> {
        Choices {
            lang: self.lang,
            book: self.judged_by(form),
            providers: self.providers.as_deref().unwrap_or_default(),
            provider: self.provider.as_ref(),
            outlets: self.outlets.all(),
            looked: self.looked.as_ref(),
            chargeables: &self.chargeables,
            dossier: &self.dossier,
            due: &self.deadlines,
            today: self.now.day(),
            lists: self.lists,
        }
    }
}
