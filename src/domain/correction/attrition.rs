//! 2.2.3(1): a line for early attrition stands on its investigation; whoever takes that away, or puts another result in
//! its place, is told of the line.

use crate::domain::finding::{Breach, Subject};
use crate::domain::state::{Act, Filed, State};
use crate::domain::territory::investigated;
use crate::ids::Seq;
use std::sync::Arc;

/// Whether a decision among facts made a line of early attrition.
pub(super) fn is_charged(filed: &[Arc<Filed>]) -> bool {
    filed.iter().any(|f| charges(f).is_some())
}

fn charges(filed: &Filed) -> Option<Seq> {
    match filed.act {
        Act::Decided { subject: Subject::Of(Breach::Attrition, territory), line: Some(_), .. } => {
            filed.void.is_none().then_some(territory)
        }
        _ => None,
    }
}

/// The decisions among facts that made a line of early attrition, which the investigation allowed before and allows no
/// more.
pub(super) fn uninvestigated(before: &State, after: &State, filed: &[Arc<Filed>]) -> Vec<Seq> {
    let allows = |state: &State, territory: Seq| investigated(&state.dossier, territory).is_ok();
    let lost =
        |f: &&Arc<Filed>| charges(f).is_some_and(|territory| allows(before, territory) && !allows(after, territory));
    filed.iter().filter(lost).map(|f| f.seq).collect()
}
