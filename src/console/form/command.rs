//! What a form asks for, as a command.

use super::{Form, Purpose, check};
use crate::domain::audit::Sheet;
use crate::domain::{Command, Deduction, LineSubject, Outlet, Provider};
use crate::points::Points;
use crate::time::Moment;

impl Form {
    /// The command that it asks for, where all fields can be read.
    pub fn command(&self, now: Moment) -> Option<Command> {
        self.command_with(now, &|name| self.text(name))
    }

    /// The same, with the fields' texts from elsewhere.
    pub fn command_with(&self, now: Moment, text: &dyn Fn(&str) -> String) -> Option<Command> {
        let some = |name| Some(text(name)).filter(|t| !t.is_empty());
        let date = |name| check::day(&text(name), now);
        Some(match &self.purpose {
            Purpose::ChooseRecord => return None,
            Purpose::Record(_) => return self.read_record_with(now, text).ok(),
            Purpose::Snooze(_) | Purpose::Assign(_) => return self.mark(now),
            Purpose::Deduct => Command::Deduct(Deduction {
                provider: text("provider_id").parse().ok()?,
                article: text("article").parse().ok()?,
                points: Points(check::points(&text("points"))?),
                occurred_on: date("occurred_on")?,
                outlet: some("outlet_id").map(|o| o.parse()).transpose().ok()?,
                problem: some("problem"),
                note: some("note"),
                subject: some("subject").map(LineSubject::Named),
                evidence: some("evidence"),
            }),
            Purpose::Audit => return head(now, text).map(Box::new).map(Command::Audit),
            Purpose::Confirm(finding) => Command::ConfirmFinding {
                finding: finding.clone(),
                points: Some(Points(check::points(&text("points"))?)),
                note: some("note"),
            },
            Purpose::ConfirmLine(waiting) => Command::ConfirmLine { proposal: waiting.entry },
            Purpose::Dismiss(finding) => Command::DismissFinding { finding: finding.clone(), reason: text("reason") },
            Purpose::Void(recorded) => {
                Command::Void { entry: recorded.seq, dependents: text("dependents") == "yes", reason: text("reason") }
            }
            Purpose::Reverse { line, .. } => Command::Reverse { line: *line, reason: text("reason") },
            Purpose::AddProvider | Purpose::EditProvider => {
                let provider = Provider {
                    id: text("provider_id").parse().ok()?,
                    name: text("name"),
                    kind: check::kind(&text("kind"))?,
                    city: text("city"),
                    population: read(some("population"), check::whole)?,
                    registered_capital: read(some("registered_capital"), check::money)?,
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
                    staff: read(some("staff"), check::whole)?,
                };
                match self.purpose {
                    Purpose::AddOutlet => Command::AddOutlet(outlet),
                    _ => Command::AmendOutlet(outlet),
                }
            }
        })
    }
}

/// The head of an audit's sheet. Its lines are read where it is checked and recorded.
fn head(now: Moment, text: &dyn Fn(&str) -> String) -> Option<Sheet> {
    Some(Sheet {
        provider: text("provider_id").parse().ok()?,
        auditors: text("auditors").split([',', '，', '、', ';']).map(|name| name.trim().to_owned()).collect(),
        scope: text("scope"),
        on: Some(check::day(&text("on"), now)?),
        note: Some(text("note")).filter(|note| !note.is_empty()),
        lines: Vec::new(),
    })
}

/// A text that may be left out, read where there is one; none at all where it cannot be read.
fn read<T>(text: Option<String>, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        Some(text) => read(&text).map(Some),
        None => Some(None),
    }
}
