//! An audit's report, over its provider's records.

use super::super::layer::{Hint, Layer, Step};
use super::super::message::{Effect, Message};
use super::super::shared::Shared;
use super::lines::{Scrolled, hints_of_entry, lines};
use crate::desk::{Areas, AuditReport, Change};
use crate::domain::why::Target;
use crate::exchange::audit;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The window of a report.
pub struct Audit {
    report: Box<AuditReport>,
    top: Scrolled,
}

impl Audit {
    /// Of a report.
    pub fn of(report: Box<AuditReport>) -> Audit {
        Audit { report, top: Scrolled::default() }
    }

    fn lines(&self, shared: &Shared) -> Vec<(String, String)> {
        lines(shared, audit::rows(shared.lang, &self.report))
    }
}

impl Layer for Audit {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let title = format!("{} #{}", shared.lang.say("case-audit"), self.report.audited.seq);
        self.top.draw(shared, frame, body, (title, &self.lines(shared)));
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        self.top.key_of_entry(shared, (self.report.audited.seq, self.lines(shared).len()), key)
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        hints_of_entry()
    }

    fn scroll(&mut self, shared: &Shared, by: isize) {
        self.top.by(shared, self.lines(shared).len(), by);
    }

    fn explains(&self, _shared: &Shared) -> Option<Target> {
        Some(Target::Entry(self.report.audited.seq))
    }

    /// Takes the report when it is there again.
    fn takes(&mut self, shared: &mut Shared, answer: Message) -> Result<Step, Message> {
        match answer {
            Message::Audited(number, Some(report)) if number == shared.asked => {
                self.report = report;
                Ok(Step::took())
            }
            answer => Err(answer),
        }
    }

    /// Asks again, where something changed of whose it is.
    fn renews(&mut self, shared: &mut Shared, change: Option<&Change>) -> Vec<Effect> {
        if change.is_none_or(|change| change.of(&self.report.provider) == Areas::NONE) {
            return Vec::new();
        }
        shared.asked += 1;
        vec![Effect::LoadAudit(shared.asked, self.report.audited.seq)]
    }
}
