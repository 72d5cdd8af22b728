//! A correction: the entry that is selected is taken away, or what it took comes back. What that changes is read before
//! it can be done, and again when it is (decision 13).

use super::super::draw::shows;
use super::super::form::{Form, Purpose};
use super::super::model::{Correcting, Effect, Model, Over, Pane, Screen};
use super::forms;
use crate::domain::{Command, FindingState, Subject};
use crate::ids::Seq;
use crate::journal::Chained;

/// Asks for the entry of what is selected; says why where there is none.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    // One that is known by its number is the one that is in its place now.
    let selected: Result<(Option<Seq>, bool), &'static str> = match (model.screen, &model.over) {
        (_, Over::Entry(recorded, _)) => Ok((Some(recorded.seq), false)),
        (_, Over::Audit(report, _)) => Ok((Some(report.audited.seq), false)),
        (_, Over::Line(seq)) => Ok((Some(*seq), false)),
        (Screen::Journal, _) => Ok((model.journal.get(model.row).map(|recorded| recorded.seq), false)),
        (Screen::Deadlines, _) => Ok((model.deadlines.get(model.row).map(|due| due.seq), true)),
        (Screen::Findings, _) => of_finding(model),
        _ if !shows(model, Pane::Ledger) => Err("status-void-hidden"),
        _ => Ok((model.line.filter(|line| model.ledger().any(|seq| seq == *line)), false)),
    };
    match selected {
        Ok((Some(seq), known)) => {
            model.asked += 1;
            vec![Effect::LoadEntry(model.asked, seq, known)]
        }
        Ok((None, _)) => say(model, "status-nothing-selected"),
        Err(why) => say(model, why),
    }
}

fn say(model: &mut Model, why: &str) -> Vec<Effect> {
    model.status = Some((false, model.lang.say(why)));
    Vec::new()
}

/// The decision on a finding; of one that is open, the record that it was found at.
fn of_finding(model: &Model) -> Result<(Option<Seq>, bool), &'static str> {
    let Some((_, finding)) = model.selected_finding() else { return Ok((None, false)) };
    match (&finding.state, finding.id.subject) {
        (FindingState::Confirmed(by) | FindingState::Dismissed(by), _) => Ok((Some(*by), false)),
        (FindingState::Open, Subject::Exit(seq) | Subject::Of(_, seq)) => Ok((Some(seq), true)),
        (FindingState::Open, Subject::Dormant(_)) => Err("status-void-month"),
    }
}

/// The entry is there: its window opens, unless somebody went on.
pub fn found(model: &mut Model, number: u64, recorded: Option<Chained>) -> Vec<Effect> {
    match recorded {
        Some(recorded) if number == model.asked && !matches!(model.over, Over::Form(_) | Over::Help) => {
            forms::open(model, Form::void(recorded))
        }
        _ => Vec::new(),
    }
}

/// Asks what the correction of the window would change, unless that is known.
pub fn weigh(model: &mut Model) -> Vec<Effect> {
    let Over::Form(form) = &model.over else { return Vec::new() };
    let Some(Command::Void { entry, dependents, .. }) = form.command(form.now) else { return Vec::new() };
    if model.correcting.as_ref().is_some_and(|known| known.dependents == dependents) {
        return Vec::new();
    }
    model.correcting = None;
    model.asked += 1;
    vec![Effect::Weigh(model.asked, entry, dependents)]
}

/// What was read of a correction, for the window that asked.
pub fn weighed(model: &mut Model, number: u64, correcting: Correcting) {
    if let Over::Form(form) = &mut model.over
        && number == model.asked
        && matches!(form.purpose, Purpose::Void(_))
    {
        form.scroll = 0;
        model.correcting = Some(correcting);
    }
}

/// It changes something else than was shown: nothing was done, and it is shown.
pub fn outdated(model: &mut Model, number: u64, correcting: Correcting) {
    let text = model.lang.say("void-outdated");
    if let Over::Form(form) = &mut model.over
        && form.saving == Some(number)
    {
        (form.saving, form.refused, form.scroll) = (None, correcting.weighed.is_ok().then_some(text), 0);
        model.correcting = Some(correcting);
    }
}

/// Does what is shown; where nothing is shown yet, or it is refused, that is asked first.
pub fn submit(model: &mut Model, command: Command) -> Vec<Effect> {
    let (lang, shown) = (model.lang, model.correcting.clone());
    let Over::Form(form) = &mut model.over else { return Vec::new() };
    match shown.map(|shown| shown.weighed) {
        Some(Ok(weighed)) => {
            model.submitted += 1;
            form.saving = Some(model.submitted);
            vec![Effect::Correct(model.submitted, command, Box::new(weighed))]
        }
        // Why not stands below already.
        Some(Err(_)) => Vec::new(),
        None => {
            (form.refused, form.scroll) = (Some(lang.say("void-weighing")), 0);
            weigh(model)
        }
    }
}
