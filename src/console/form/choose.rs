//! What a field can be filled with, and what is taken of it: what was picked or is the one that can be meant.

use super::super::pick::{self, Choice, Choices, Offered, matching, sure};
use super::super::rank::Fit;
use super::{Field, Form, Purpose, check};
use crate::rulebook::{Article, Needs, Rulebook};
use crate::store::OutletRow;
use crate::time::{Day, Month};
use crossterm::event::KeyCode;
use std::sync::Arc;

/// Fields of records that name an entry: what there is is offered, and a number may be typed.
const ENTRIES: [&str; 6] = ["conference", "training", "complaint", "order", "claim", "request"];

impl Form {
    /// All that a field chooses from; none where it is typed freely, or where that is not known yet.
    fn all<'a>(&self, name: &str, from: &Choices<'a>) -> Option<Vec<Choice<'a>>> {
        if let Some(outlets) = self.outlets(name, from) {
            return Some(outlets?.iter().map(pick::outlet).collect());
        }
        match (&self.purpose, name) {
            (Purpose::ChooseRecord, "record") => Some(from.records()),
            (Purpose::Deduct | Purpose::ConfirmLine(_), "article") => Some(from.articles()),
            (Purpose::Deduct, "subject") => from
                .book
                .article(&self.text("article"))
                .and_then(|article| from.chargeables(&self.charged(from), article, self.day("occurred_on"))),
            _ if self.is_of_provider(name) => Some(from.providers.iter().map(|row| pick::provider(row)).collect()),
            (Purpose::Record(_), name) if ENTRIES.contains(&name) => {
                from.entries(&self.text("provider_id"), name, self.day("on"))
            }
            _ => None,
        }
    }

    /// The outlets that a field chooses from, if it chooses from outlets; none of them while they are not known.
    fn outlets<'a>(&self, name: &str, from: &Choices<'a>) -> Option<Option<&'a [OutletRow]>> {
        match (&self.purpose, name) {
            (Purpose::Deduct | Purpose::ConfirmLine(_), "outlet_id") => Some(from.outlets(&self.charged(from))),
            (Purpose::Record(kind), "outlet_id") if kind.is_outlets() => {
                Some(self.owner.as_ref().and_then(|owner| from.outlets(owner.as_str())))
            }
            _ => None,
        }
    }

    /// Whether a field chooses from the providers.
    fn is_of_provider(&self, name: &str) -> bool {
        matches!(self.purpose, Purpose::Deduct | Purpose::Record(_) | Purpose::Audit)
            && matches!(name, "provider_id" | "to")
    }

    /// What a field holds, where that is one of all that it chooses from.
    fn one(&self, name: &str, text: &str, from: &Choices<'_>) -> Option<Choice<'static>> {
        if let Some(outlets) = self.outlets(name, from) {
            return outlets?.iter().find(|row| row.outlet.id.as_str() == text).map(|row| pick::outlet(row).owned());
        }
        if self.is_of_provider(name) {
            let row = from.providers.iter().find(|row| row.provider.id.as_str() == text)?;
            return Some(pick::provider(row).owned());
        }
        self.all(name, from)?.into_iter().find(|choice| choice.value == text).map(Choice::owned)
    }

    /// The day that a field says.
    fn day(&self, name: &str) -> Option<Day> {
        check::day(&self.text(name), self.now)
    }

    /// The month that is typed as what a deduction stands for, where its article asks for one: any that has begun is
    /// taken, as the command line takes it, offered or not.
    fn month(&self, book: &Rulebook) -> Option<Month> {
        let wants = book.article(&self.text("article")).is_some_and(|article| article.needs == Needs::Month);
        let month = check::month(&self.text("subject")).filter(|_| wants && self.purpose == Purpose::Deduct)?;
        (month <= Month::of(self.now.day())).then_some(month)
    }

    /// A deduction has a field for what its article asks for, and none where it asks for nothing more than an outlet
    /// (section 2).
    pub(super) fn want(&mut self, article: Option<&Article>) {
        let wanted = article.and_then(|article| match article.needs {
            Needs::Evidence => Some("evidence"),
            Needs::Conference | Needs::Training | Needs::Territory | Needs::Month => Some("subject"),
            Needs::Outlet | Needs::Rectification => None,
        });
        let is = |field: &Field| matches!(field.name, "subject" | "evidence");
        let there = self.fields.iter().position(is);
        if there.map(|at| self.fields[at].name) == wanted {
            return;
        }
        if let Some(at) = there {
            self.fields.remove(at);
            self.focus -= usize::from(self.focus > at && self.focus != usize::MAX);
        }
        if let (Some(name), Some(day)) = (wanted, self.fields.iter().position(|field| field.name == "occurred_on")) {
            self.fields.insert(day + 1, Field::new(name, ""));
            self.focus += usize::from(self.focus > day && self.focus != usize::MAX);
        }
    }

    /// The provider that a deduction is meant for, also while it is typed: whose outlets there are goes by it.
    fn charged(&self, from: &Choices<'_>) -> String {
        let meant = if self.on("provider_id") { self.meant("provider_id", from) } else { None };
        meant.map_or_else(|| self.text("provider_id"), |choice| choice.value.into_owned())
    }

    /// The choices that the field with the focus offers for what was typed, best first; all of them where it was just
    /// entered. They are listed again only where something changed.
    pub fn choices(&self, from: &Choices<'_>) -> Arc<Offered> {
        let Some(field) = self.fields.get(self.focus).filter(|f| !f.locked) else { return Arc::default() };
        let texts = self.fields.iter().map(Field::text).collect();
        let made_for = (from.lists, field.name, field.is_fresh(), texts);
        if let Some((known, offered)) = &*self.offered.borrow()
            && *known == made_for
        {
            return Arc::clone(offered);
        }
        let all = self.all(field.name, from).unwrap_or_default();
        let typed = if field.is_fresh() { String::new() } else { field.text() };
        let offered = Arc::new(Offered::of(all, &typed));
        *self.offered.borrow_mut() = Some((made_for, Arc::clone(&offered)));
        offered
    }

    /// Where in these choices the form stands: what would be taken.
    pub fn taken(&self, choices: &[(Fit, Choice<'_>)]) -> Option<usize> {
        let field = self.fields.get(self.focus)?;
        let is = |value: &str| choices.iter().position(|(_, choice)| choice.value == value);
        match self.pick {
            Some(at) => Some(at.min(choices.len().checked_sub(1)?)),
            // A number is what it says: nothing is guessed from a part of one.
            None if ENTRIES.contains(&field.name) => is(&format!("#{}", field.text().trim_start_matches('#'))),
            None if field.is_fresh() => is(&field.text()),
            // So is a month.
            None if field.name == "subject" && check::month(&field.text()).is_some() => is(&field.text()),
            None => sure(choices, &field.text()).and_then(|choice| is(&choice.value)),
        }
    }

    /// What a field stands for: what was picked, what is meant for sure, or what it holds already.
    pub fn meant(&self, name: &str, from: &Choices<'_>) -> Option<Choice<'static>> {
        if self.fields.get(self.focus).is_some_and(|f| f.name == name && !f.locked) {
            let offered = self.choices(from);
            let (_, choice) = offered.choices.get(self.taken(&offered.choices)?)?;
            return Some(choice.clone());
        }
        self.one(name, &self.text(name), from)
    }

    /// Moves among the choices: from what would be taken, or from the outlet of the form before.
    pub(super) fn turn(&mut self, code: KeyCode, from: &Choices<'_>) {
        let offered = self.choices(from);
        let choices = &offered.choices;
        let Some(last) = choices.len().checked_sub(1) else { return };
        let empty = self.fields.get(self.focus).is_some_and(|f| f.text().is_empty());
        let before = || choices.iter().position(|(_, choice)| empty && choice.value == self.last);
        let at = self.taken(choices).or_else(before);
        self.pick = Some(match (at, code) {
            (None, KeyCode::Down) => 0,
            (None, _) => last,
            (Some(at), KeyCode::Down) => (at + 1).min(last),
            (Some(at), _) => at.saturating_sub(1),
        });
        (self.touched, self.refused) = (true, None);
        // What is picked shows, not what was wrong before.
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.error = None;
        }
    }

    /// Leaving a field takes what was picked or is meant for sure; anything else stays as it was typed.
    pub(super) fn settle(&mut self, from: &Choices<'_>) {
        let Some(name) = self.fields.get(self.focus).map(|f| f.name) else { return };
        let meant = self.meant(name, from);
        self.pick = None;
        if let Some(choice) = meant
            && let Some(field) = self.field(name).filter(|field| field.text() != choice.value)
        {
            field.set(&choice.value);
        }
        self.bring_points(from);
    }

    /// What is to be known before the form is drawn again: the characters typed, and the points of the article meant.
    pub fn catch_up(&mut self, from: &Choices<'_>) {
        self.flush();
        self.bring_points(from);
    }

    fn bring_points(&mut self, from: &Choices<'_>) {
        if self.purpose != Purpose::Deduct || !(self.on("article") || self.text("points").is_empty()) {
            return;
        }
        let article = self.meant("article", from).and_then(|choice| from.book.article(&choice.value));
        self.want(article);
        match article {
            Some(article) => self.bring(article),
            None if self.on("article") && self.text("points") == self.brought => {
                self.brought.clear();
                if let Some(field) = self.field("points") {
                    field.set("");
                }
            }
            None => {}
        }
    }

    /// An article brings its lowest points, unless others were typed.
    pub(super) fn bring(&mut self, article: &Article) {
        let (is, min) = (self.text("points"), article.min.to_string());
        if self.on("points") || (!is.is_empty() && is != self.brought) {
            return;
        }
        if let Some(field) = self.field("points").filter(|_| is != min) {
            field.set(&min);
        }
        self.brought = min;
    }

    /// Why what was typed into a field that chooses cannot be taken.
    pub(super) fn no_choice(&self, name: &str, from: &Choices<'_>) -> Option<String> {
        let (text, lang) = (self.text(name), from.lang);
        if text.is_empty() || !self.chooses(name) || (name == "subject" && self.month(from.book).is_some()) {
            return None;
        }
        let provider = if self.purpose == Purpose::Deduct {
            self.charged(from)
        } else {
            self.owner.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        let Some(all) = self.all(name, from) else {
            let known = from.providers.iter().any(|row| row.provider.id.as_str() == provider);
            return known.then(|| lang.say_texts("form-reading", &[("provider", provider)]));
        };
        if all.iter().any(|choice| choice.value == text) {
            return None;
        }
        let several = matching(all, &text).iter().filter(|(fit, _)| *fit < Fit::Scattered).count() > 1;
        Some(match name {
            _ if several => lang.say("form-several"),
            "article" => lang.say("form-article"),
            "record" => lang.say("form-record"),
            "outlet_id" => lang.say_texts("form-no-outlet", &[("provider", provider)]),
            "subject" => lang.say_texts("form-no-subject", &[("provider", provider)]),
            _ => lang.say("form-no-provider"),
        })
    }

    /// Whether a field is filled from what is there to choose.
    pub fn chooses(&self, name: &str) -> bool {
        match &self.purpose {
            Purpose::ChooseRecord => true,
            Purpose::Deduct => matches!(name, "provider_id" | "outlet_id" | "article" | "subject"),
            Purpose::Audit => name == "provider_id",
            Purpose::Record(kind) => matches!(name, "provider_id" | "to") || (name == "outlet_id" && kind.is_outlets()),
            _ => false,
        }
    }
}
