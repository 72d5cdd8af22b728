//! A transfer with what goes along (decisions 12 and 15): entry by entry, in one block.

use super::Outcome;
use super::core::{Core, Decided, Group};
use crate::domain::correction::along::{self, Step};
use crate::domain::{Command, Context, Follows, Recording, State};
use crate::ids::ProviderId;
use crate::store::StoreError;

impl Core {
    /// Takes the steps of a transfer. Where one is refused, so is all of it, and the group is taken back.
    pub(super) fn hand_over(
        &mut self,
        group: &mut Group,
        recording: &Recording,
        cx: Context<'_>,
    ) -> Result<Decided, StoreError> {
        let place = Command::Record(Box::new(recording.clone())).place(cx.now, None);
        let planned = self.look(group, place, |facts| along::hand_over(facts, recording, cx))?;
        let plan = match planned {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let before = self.due_of(plan.providers())?;
        let mut done = None;
        for step in &plan.steps {
            match step {
                Step::Gone(event) => drop(self.take_in(group, event.clone(), cx)?),
                Step::Said(command) => {
                    let place = command.place(cx.now, self.view.instead_of(group.next()));
                    match self.look(group, place, |facts| along::decide(facts, command, cx))? {
                        Ok(event) => {
                            let seq = self.take_in(group, event, cx)?;
                            done.get_or_insert(seq);
                        }
                        Err(refusal) => return Ok(Err(refusal)),
                    }
                }
            }
        }
        self.view.freshen_all()?;
        if let Err(refusal) = self.look(group, place, |facts| plan.stands(facts))? {
            return Ok(Err(refusal));
        }
        // What goes along is due as before, of another provider.
        group.follows = Follows::between(&before, &self.due_of(plan.providers())?, cx.now);
        Ok(Ok(Outcome::Done(done.unwrap_or(group.next()))))
    }

    /// What is due of providers, all together.
    fn due_of<'a>(&mut self, providers: impl Iterator<Item = &'a ProviderId>) -> Result<State, StoreError> {
        let mut all = State::default();
        for id in providers {
            all.due.extend(self.view.state(id, &[])?.due);
        }
        Ok(all)
    }
}
