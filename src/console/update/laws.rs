//! The rulebook that is shown is the one in force: by the journal as it is now, and by the day that it is now (4.4(1)).

use super::super::model::{Effect, Model, Screen};
use super::forms::ask_preview;
use crate::domain::Laws;
use std::sync::Arc;

/// Takes the rulebooks that may be in force.
pub fn on_answer(model: &mut Model, laws: Arc<Laws>) -> Vec<Effect> {
    if Arc::ptr_eq(&model.laws, &laws) {
        return Vec::new();
    }
    model.laws = laws;
    in_force(model);
    ask_preview(model)
}

/// Turns to the edition of today; whether that is another than before.
pub fn in_force(model: &mut Model) -> bool {
    let book = Arc::clone(model.laws.general(model.now.day()));
    let other = book.hash != model.book.hash;
    if other {
        let text = model.lang.say_texts("status-edition", &[("edition", book.edition.clone())]);
        model.status = Some((true, text));
    }
    model.book = book;
    if other {
        super::lay_out(model);
    }
    if model.screen == Screen::Rulebook {
        model.row = model.row.min(model.book.articles.len().saturating_sub(1));
    }
    other
}
