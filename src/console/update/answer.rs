//! Takes an answer to what a layer asked for: it falls from the top like a key. What none of them takes opens a window
//! where it was asked for, or is said.

use super::super::form::Form;
use super::super::layer::Step;
use super::super::message::{Effect, Message};
use super::super::model::Model;
use super::super::over::{Audit, Trace, say_not_told, say_saved, why_not};
use super::super::shared::{News, Shared};
use super::follow;
use crate::desk::Receipt;
use crate::domain::Event;
use crate::words;

/// Takes an answer.
pub fn take(model: &mut Model, mut answer: Message) -> Vec<Effect> {
    if let Message::Saved(number, done) = &answer {
        model.shared.news.push(News::Answered(*number, done.is_ok()));
    }
    for at in (0..model.over.len()).rev() {
        match model.over[at].takes(&mut model.shared, answer) {
            Ok(step) => return follow(model, step, at),
            Err(falls) => answer = falls,
        }
    }
    let step = open(model, answer);
    follow(model, step, 0)
}

/// Opens what was asked for, unless somebody went on.
fn open(model: &mut Model, answer: Message) -> Step {
    let Model { shared, over, .. } = model;
    match answer {
        Message::Found(number, Some(recorded)) if number == shared.asked => {
            match over.iter().any(|over| over.is_read()) {
                true => Step::took(),
                false => Step::Begins(Box::new(Form::void(*recorded))),
            }
        }
        Message::Audited(number, Some(report)) if number == shared.asked && over.is_empty() => {
            Step::Opens(Box::new(Audit::of(report)))
        }
        Message::Why(target, told) if shared.wonders.as_ref() == Some(&target) => {
            shared.wonders = None;
            match told {
                Ok(told) => Step::Opens(Box::new(Trace::of(shared, told))),
                Err(why) => {
                    say_not_told(shared, &why);
                    Step::took()
                }
            }
        }
        Message::Saved(_, Ok(receipt)) => {
            say_done(shared, &receipt);
            Step::took()
        }
        Message::Saved(_, Err(why)) => {
            shared.status = Some((false, why_not(shared, &why)));
            Step::took()
        }
        // It comes too late for whoever asked.
        _ => Step::took(),
    }
}

/// Says what is recorded that no form waits for: the row that was handled is perhaps not on the screen any more.
fn say_done(shared: &mut Shared, receipt: &Receipt) {
    let Some(id) = receipt.event.provider() else { return };
    say_saved(shared, receipt, id);
    if let Event::AlertMarked { provider, subject, .. } = &receipt.event
        && let Some(alert) = shared.alerts.iter().find(|a| a.provider == *provider && a.subject == *subject)
    {
        let (word, says) =
            (shared.lang.say("alert-state-acknowledged"), words::alert(shared.lang, &shared.book, alert));
        shared.status = Some((true, format!("{word}: {provider} {says}")));
    }
}
