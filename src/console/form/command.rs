//! What a form asks for, as a command.

use super::{Form, Purpose};
use crate::domain::{Command, Deduction, Outlet, Provider};
use crate::money::Fen;
use crate::points::Points;
use crate::time::{Day, parse_day_from};

impl Form {
    /// The command that it asks for, where all fields can be read.
    pub fn command(&self, today: Day) -> Option<Command> {
        let text = |name| self.text(name);
        let some = |name| Some(self.text(name)).filter(|t| !t.is_empty());
        let date = |name| parse_day_from(&self.text(name), today).ok();
        Some(match &self.purpose {
            Purpose::ChooseRecord => return None,
            Purpose::Record(_) => return self.read_record(today).ok(),
            Purpose::Snooze(_) | Purpose::Assign(_) => return self.mark(),
            Purpose::Deduct => Command::Deduct(Deduction {
                provider: text("provider_id").parse().ok()?,
                article: text("article").parse().ok()?,
                points: Points(text("points").parse().ok()?),
                occurred_on: date("occurred_on")?,
                outlet: some("outlet_id").map(|o| o.parse()).transpose().ok()?,
                problem: some("problem"),
                note: some("note"),
            }),
            Purpose::Confirm(finding) => Command::ConfirmFinding {
                finding: finding.clone(),
                points: Some(Points(text("points").parse().ok()?)),
                note: some("note"),
            },
            Purpose::Dismiss(finding) => Command::DismissFinding { finding: finding.clone(), reason: text("reason") },
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
}
