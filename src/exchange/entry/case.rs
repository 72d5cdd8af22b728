//! The fields of what cases and notices say, by the names that they are typed under.

use super::value::{Field, Value};
use crate::domain::case::CaseStep;
use crate::domain::exit::ExitStep;
use crate::domain::notice::NoticeStep;
use crate::domain::rectification::{Plan, RectificationStep};

fn f(name: &'static str, value: impl Into<Value>) -> Field {
    Field::new(name, value)
}

fn of_plan(plan: &Plan) -> Vec<Field> {
    vec![f("advice", &plan.advice), f("deadline", plan.deadline), f("standard", &plan.standard)]
}

/// A step of a case.
pub fn of_case(step: &CaseStep) -> Vec<Field> {
    match step {
        CaseStep::Rectification(RectificationStep::Planned(plan) | RectificationStep::Extended(plan)) => of_plan(plan),
        CaseStep::Rectification(RectificationStep::Passed { points }) => vec![f("points", points.0)],
        CaseStep::Rectification(RectificationStep::Failed { points, plan }) => {
            [vec![f("points", points.0)], of_plan(plan)].concat()
        }
        CaseStep::Rectification(RectificationStep::Withdrawn)
        | CaseStep::Exit(ExitStep::Frozen { .. } | ExitStep::Withdrawn) => Vec::new(),
        CaseStep::Decided { year, terminate } => {
            vec![f("year", Value::Text(year.to_string())), f("terminate", *terminate)]
        }
        CaseStep::Exit(ExitStep::Proposed { seen } | ExitStep::Confirmed { seen }) => vec![f("seen", *seen)],
        CaseStep::Exit(ExitStep::Signed { role, seen, lapsed }) => {
            let lapsed = lapsed.iter().map(|seq| Value::Text(format!("#{seq}"))).collect();
            vec![f("role", Value::word("role", role.word())), f("seen", *seen), f("lapsed", Value::List(lapsed))]
        }
    }
}

/// A step of a notice.
pub fn of_notice(step: &NoticeStep) -> Vec<Field> {
    match step {
        NoticeStep::Sent { event, about, to, channel, entered, says } => {
            let to = to.iter().map(|to| Value::word("addressee", to.word())).collect();
            let says = says.iter().map(|(name, value)| Value::Text(format!("{name}: {value}"))).collect();
            vec![
                f("event", Value::word("notice", event.word())),
                f("recipients", Value::List(to)),
                f("via", Value::word("channel", channel.word())),
                f("about", *about),
                f("entered", *entered),
                f("says", Value::List(says)),
            ]
        }
        NoticeStep::Entered { notice, at } => vec![f("notice", *notice), f("at", *at)],
        NoticeStep::Proved { notice, proof } => vec![f("notice", *notice), f("proof", proof)],
    }
}
