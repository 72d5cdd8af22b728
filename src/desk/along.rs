//! Commands that become several entries, in one block or not at all: a transfer with what goes along (decisions 12 and
//! 15), an answer that upholds an objection with what it does (decision 21), an outcome with its line (3.1(3), 3.1(4)), an audit with
//! its lines.

use super::core::{Core, Decided, Group};
use super::{Asked, Outcome};
use crate::domain::correction::along::{self, Step};
use crate::domain::correction::brought;
use crate::domain::{Command, Context, Follows, Recording, Refusal, State};
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;

impl Core {
    /// One command, with what goes along where it is a transfer that was asked about.
    pub(super) fn decide_whole(
        &mut self,
        group: &mut Group,
        asked: &Asked,
        cx: Context<'_>,
    ) -> Result<Decided, StoreError> {
        if let Command::Audit(sheet) = &asked.command {
            let decided = self.decide_audit(group, sheet, cx)?;
            return Ok(decided.and_then(|(seq, refused)| match refused.into_iter().next() {
                Some((_, refusal)) => Err(refusal),
                None => Ok(Outcome::Done(seq)),
            }));
        }
        match (self.decide_alone(group, asked, cx)?, &asked.command) {
            (Err(Refusal::GoesAlong { .. }), Command::Record(transfer)) if group.together && !group.once => {
                group.replacing = None;
                self.hand_over(group, transfer, cx)
            }
            (Ok(Outcome::Done(seq)), _) => self.bring(group, seq, cx),
            (decided, _) => Ok(decided),
        }
    }

    /// What an entry brings comes with it, or neither does.
    fn bring(&mut self, group: &mut Group, seq: Seq, cx: Context<'_>) -> Result<Decided, StoreError> {
        let Some(event) = group.event(seq).filter(|event| event.brings()).cloned() else {
            return Ok(Ok(Outcome::Done(seq)));
        };
        group.replacing = None;
        let Some(command) = self.look_on_record(|facts| brought::brought(facts, &event, seq))? else {
            return Ok(Ok(Outcome::Done(seq)));
        };
        let follows = std::mem::take(&mut group.follows);
        let decided = self.decide_alone(group, &Asked { command, nth: None }, cx)?;
        group.follows = follows;
        Ok(decided.map(|_| Outcome::Done(seq)))
    }

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
        let after = self.due_of(plan.providers())?;
        // What is found is of one of them or another: the list of findings names it.
        group.follows = Follows { found: Vec::new(), gone: Vec::new(), ..Follows::between(&before, &after, cx.now) };
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
