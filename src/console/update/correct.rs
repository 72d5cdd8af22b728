//! A correction: the entry that is selected is taken away, or what it took comes back. What that changes is read before
//! it can be done, and again when it is (decision 13).

use super::super::form::{Form, Purpose};
use super::super::layer::Step;
use super::super::message::{Correcting, Effect};
use super::super::model::{Model, Over};
use super::super::shared::Shared;
use super::forms;
use crate::domain::Command;
use crate::ids::Seq;
use crate::journal::Chained;

/// Asks for the entry that is selected, and says why where there is none. One that is known by its number is the one that
/// is in its place now.
pub fn begins(shared: &mut Shared, selected: Result<(Option<Seq>, bool), &str>) -> Step {
    match selected {
        Ok((Some(seq), known)) => {
            shared.asked += 1;
            return Step::Took(vec![Effect::LoadEntry(shared.asked, seq, known)]);
        }
        Ok((None, _)) => shared.say_not("status-nothing-selected"),
        Err(why) => shared.say_not(why),
    }
    Step::took()
}

/// The same, of what lies over the screen.
pub fn of_over(model: &mut Model) -> Step {
    let entry = match &model.over {
        Over::Entry(recorded, _) => Some(recorded.seq),
        Over::Audit(report, _) => Some(report.audited.seq),
        Over::Line(seq) => Some(*seq),
        _ => None,
    };
    begins(&mut model.shared, Ok((entry, false)))
}

/// The entry is there: its window opens, unless somebody went on.
pub fn found(model: &mut Model, number: u64, recorded: Option<Chained>) -> Vec<Effect> {
    match recorded {
        Some(recorded) if number == model.shared.asked && !matches!(model.over, Over::Form(_) | Over::Help) => {
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
    model.shared.asked += 1;
    vec![Effect::Weigh(model.shared.asked, entry, dependents)]
}

/// What was read of a correction, for the window that asked.
pub fn weighed(model: &mut Model, number: u64, correcting: Correcting) {
    if let Over::Form(form) = &mut model.over
        && number == model.shared.asked
        && matches!(form.purpose, Purpose::Void(_))
    {
        form.scroll = 0;
        model.correcting = Some(correcting);
    }
}

/// It changes something else than was shown: nothing was done, and it is shown.
pub fn outdated(model: &mut Model, number: u64, correcting: Correcting) {
    let text = model.shared.lang.say("void-outdated");
    if let Over::Form(form) = &mut model.over
        && form.saving == Some(number)
    {
        (form.saving, form.refused, form.scroll) = (None, correcting.weighed.is_ok().then_some(text), 0);
        model.correcting = Some(correcting);
    }
}

/// Does what is shown; where nothing is shown yet, or it is refused, that is asked first.
pub fn submit(model: &mut Model, command: Command) -> Vec<Effect> {
    let (lang, shown) = (model.shared.lang, model.correcting.clone());
    let Over::Form(form) = &mut model.over else { return Vec::new() };
    match shown.map(|shown| shown.weighed) {
        Some(Ok(weighed)) => {
            model.shared.submitted += 1;
            form.saving = Some(model.shared.submitted);
            vec![Effect::Correct(model.shared.submitted, command, Box::new(weighed))]
        }
        // Why not stands below already.
        Some(Err(_)) => Vec::new(),
        None => {
            (form.refused, form.scroll) = (Some(lang.say("void-weighing")), 0);
            weigh(model)
        }
    }
}
