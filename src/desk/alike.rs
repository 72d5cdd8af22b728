//! Which lines on record say what a row of a file says: an import takes nothing twice and loses nothing (decision 14).

use super::Desk;
use super::core::Core;
use crate::domain::{Context, Deduction, Line, LineSubject, needs};
use crate::ids::Seq;
use crate::store::StoreError;

/// The lines that a deduction of a file can be.
#[derive(Default)]
pub struct Equal {
    /// Those that say just the same.
    pub same: Vec<Line>,
    /// Those that say more.
    pub more: Vec<Line>,
}

impl Desk {
    /// For each deduction the lines on record that it can be, in the order they were recorded. What a row leaves open
    /// (what it stands for, its evidence) may have been added to its line since.
    pub fn equals(&self, deductions: &[&Deduction]) -> Result<Vec<Equal>, StoreError> {
        self.with_cx(|core, cx| {
            let lines = |deduction: &&Deduction| {
                let meant = core.meant(deduction, cx)?;
                let mut lines = core.view.equals(deduction)?;
                lines.retain(|line| may_be(line, deduction, meant.as_ref()));
                let (same, more) = lines.into_iter().partition(|line| is(line, deduction, meant.as_ref()));
                Ok(Equal { same, more })
            };
            deductions.iter().map(lines).collect()
        })
    }

    /// The lines that were on record up to an entry, of a deduction's provider, article, points and day, that can be it,
    /// told otherwise: none that stands for another record.
    pub fn alike(&self, deduction: &Deduction, until: Seq) -> Result<Vec<Line>, StoreError> {
        self.with_cx(|core, cx| {
            let meant = core.meant(deduction, cx)?;
            let mut lines = core.view.alike(deduction, until)?;
            lines.retain(|line| !stands_for_another(line, meant.as_ref()));
            Ok(lines)
        })
    }

    /// The record that a deduction means by what was typed, or that.
    pub fn meant(&self, deduction: &Deduction) -> Result<Option<LineSubject>, StoreError> {
        self.with_cx(|core, cx| core.meant(deduction, cx))
    }
}

impl Core {
    /// The lines that say just the same as a deduction, in the order they were recorded.
    pub(super) fn same(&mut self, deduction: &Deduction, cx: Context<'_>) -> Result<Vec<Seq>, StoreError> {
        let meant = self.meant(deduction, cx)?;
        let mut lines = self.view.equals(deduction)?;
        lines.retain(|line| is(line, deduction, meant.as_ref()));
        Ok(lines.into_iter().map(|line| line.seq).collect())
    }

    /// The record that a deduction means, as it is looked up when a line is taken; what was typed where there is none.
    fn meant(&mut self, deduction: &Deduction, cx: Context<'_>) -> Result<Option<LineSubject>, StoreError> {
        let (provider, on) = (&deduction.provider, deduction.occurred_on);
        let Some(asked) = &deduction.subject else { return Ok(None) };
        let Some(article) = cx.rules(provider, on).article(deduction.article.as_str()) else {
            return Ok(Some(asked.clone()));
        };
        let found = self.look_on_record(|facts| needs::found(facts, article, (provider, on), asked))?;
        Ok(Some(found.unwrap_or_else(|_| asked.clone())))
    }
}

/// Whether a line, equal in all else, stands on what the deduction says and on nothing more.
fn is(line: &Line, deduction: &Deduction, meant: Option<&LineSubject>) -> bool {
    line.subject.as_ref() == meant && line.evidence == deduction.evidence
}

/// Whether it stands on all that the deduction says.
fn may_be(line: &Line, deduction: &Deduction, meant: Option<&LineSubject>) -> bool {
    (meant.is_none() || line.subject.as_ref() == meant)
        && (deduction.evidence.is_none() || line.evidence == deduction.evidence)
}

/// Whether both say which record they stand for, and not the same.
fn stands_for_another(line: &Line, meant: Option<&LineSubject>) -> bool {
    let known = |subject: &&LineSubject| !matches!(subject, LineSubject::Named(_));
    match (line.subject.as_ref().filter(known), meant.filter(known)) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}
