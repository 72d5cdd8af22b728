//! The rulebook that is shown is the one in force: by the journal as it is now, and by the day that it is now (4.4(1)).

use super::super::message::Effect;
use super::super::model::Model;
use super::renew;
use crate::domain::Laws;
use std::sync::Arc;

/// Takes the rulebooks that may be in force.
pub fn on_answer(model: &mut Model, laws: Arc<Laws>) -> Vec<Effect> {
    if Arc::ptr_eq(&model.shared.laws, &laws) {
        return Vec::new();
    }
    model.shared.laws = laws;
    in_force(model);
    renew(model, None)
}

/// Turns to the edition of today; whether that is another than before.
pub fn in_force(model: &mut Model) -> bool {
    let book = Arc::clone(model.shared.laws.general(model.shared.now.day()));
    let other = book.hash != model.shared.book.hash;
    if other {
        let text = model.shared.lang.say_texts("status-edition", &[("edition", book.edition.clone())]);
        model.shared.status = Some((true, text));
    }
    model.shared.book = book;
    if other {
        super::lay_out(model);
    }
    other
}
