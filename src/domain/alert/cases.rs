//! Alerts of cases: rectification, exit, and conferences that failed again.

use super::super::finding::{Breach, FindingState, Subject};
use super::super::notice::{Addressee, NoticeEvent};
use super::super::{conference, exit};
use super::{AlertSubject, Alerts};

impl Alerts<'_, '_> {
    /// 3.1: a case that waits for its plan, and one whose lines are under the mark (decision 4). Neither ends with the year
    /// (decision 10).
    pub(super) fn cases(&mut self) {
        let of = self.of;
        if let Some(case) = of.cases.open() {
            let seq = case.seq();
            let since = case.since().map(|on| on.to_string()).unwrap_or_default();
            let key = match case.state() {
                "open" => Some(("alert-rectification-open", "3.1(2)")),
                "in-question" => Some(("alert-rectification-question", "decision 4")),
                _ => None,
            };
            if let Some((key, clause)) = key {
                let says = (key, vec![("since", since), ("seq", seq.to_string())]);
                self.fire(AlertSubject::Rectification(seq), ([2, 1], clause), says, None);
            }
        }
    }

    /// 3.3: an exit that was decided and nobody proposed; its next step, and notices that were not given.
    pub(super) fn exit(&mut self) {
        let dossier = self.of.dossier;
        let Some(exit) = &dossier.exit else {
            let decided = dossier.terminations.iter().filter(|d| d.terminate).map(|d| d.seq);
            let failed = dossier.conferences.iter().filter(|c| c.decided == Some(true)).map(|c| c.seq);
            for seq in decided.chain(failed) {
                let says = ("alert-exit-owed", vec![("seq", seq.to_string())]);
                self.fire(AlertSubject::ProviderExit(seq), ([2, 1], "3.3(1)"), says, None);
            }
            return;
        };
        let (event, all): (_, &[Addressee]) = match exit.frozen {
            Some(_) => (NoticeEvent::ExitDone, &Addressee::ALL),
            None => (NoticeEvent::ExitProposed, &Addressee::DEPARTMENTS),
        };
        let missing = exit::not_notified(dossier, event, all);
        let step = exit.next().map(|(step, _)| step.word.to_owned());
        let (key, level) = match (missing.is_empty(), &step) {
            (false, _) => ("alert-exit-notices", 2),
            (true, Some(_)) => ("alert-exit-step", 1),
            (true, None) => return,
        };
        let clause = if exit.frozen.is_some() { "3.3(2)" } else { "3.3(1)" };
        let args =
            vec![("seq", exit.seq.to_string()), ("step", step.unwrap_or_default()), ("missing", missing.join(" "))];
        self.fire(AlertSubject::ProviderExit(exit.seq), ([1, level], clause), (key, args), None);
    }

    /// 1.6.1(1)6: failing again is judged; off the process as well, termination may be decided, until it is. A failure
    /// whose finding was dismissed is none, unless a line by hand charges it all the same.
    pub(super) fn failed_again(&mut self) {
        let dossier = self.of.dossier;
        for c in dossier.conferences.iter().filter(|c| conference::failed_again(dossier, c)) {
            let of = Subject::Of(Breach::Conference, c.seq);
            let found = self.of.findings.iter().find(|finding| finding.id.subject == of);
            let dismissed = found.is_some_and(|finding| matches!(finding.state, FindingState::Dismissed(_)));
            let (key, level) = match (c.judged, c.decided) {
                (None, _) => ("alert-failed-again", 1),
                (Some(true), None) => ("alert-off-process", 2),
                _ => continue,
            };
            if !dismissed || self.of.charged.contains(&c.seq) {
                let says = (key, vec![("city", c.held.city.clone()), ("seq", c.seq.to_string())]);
                self.fire(AlertSubject::FailedAgain(c.seq), ([2, level], "1.6.1(1)6"), says, None);
            }
        }
    }
}
