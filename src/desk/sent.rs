//! Commands that were sent to the writer, until they are answered.

use super::core::Decided;
use super::{Desk, Outcome, writer};
use crate::domain::Refusal;
use crate::store::StoreError;
use std::sync::atomic::Ordering;
use std::sync::mpsc;

/// See the module.
#[must_use = "what became of it is not known yet"]
pub struct Sent<'a> {
    pub(super) desk: &'a Desk,
    pub(super) answer: Answering,
}

/// How its answer comes.
pub(super) enum Answering {
    /// It is there.
    There(Result<writer::Answer, StoreError>),
    /// The writer tells it.
    Coming(mpsc::Receiver<Result<writer::Answer, StoreError>>),
}

impl Sent<'_> {
    /// Waits for what became of each.
    pub fn answer(self) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
        Ok(self.whole()?.decided)
    }

    /// Waits for all that is answered.
    pub(super) fn whole(self) -> Result<writer::Answer, StoreError> {
        let answer = match self.answer {
            Answering::There(answer) => return answer,
            Answering::Coming(answered) => answered.recv().map_err(|_| StoreError::Unanswered)?,
        };
        let done = |one: &Decided| if let Ok(Outcome::Done(seq)) = one { Some(seq.0) } else { None };
        if let Some(last) = answer.iter().flat_map(|answer| &answer.decided).filter_map(done).max() {
            self.desk.recorded.store(last, Ordering::Relaxed);
        }
        answer
    }
}
