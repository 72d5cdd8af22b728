//! Requests and their answers through the desk, with a clock that the test sets: what is overdue shows by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;

use koufen::desk::{Desk, Identity, ManualClock};
use koufen::domain::{Command, Event, FindingId, FindingState, Measured, ObligationKind, RequestKind, Subject};
use koufen::ids::{OutletId, ProviderId, Seq};
use koufen::points::{Points, Score};
use koufen::rulebook::Rulebook;
use koufen::store::Due;
use koufen::time::{Moment, parse_moment};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn moment(text: &str) -> Moment {
    parse_moment(text).unwrap()
}

fn provider() -> ProviderId {
    "P0001".parse().unwrap()
}

fn outlet(n: u32) -> OutletId {
    format!("O{n:04}").parse().unwrap()
}

fn who() -> Identity {
    fixture::who("tester")
}

/// A desk with a provider of four outlets, at a moment.
fn desk(now: &str) -> (Desk, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(moment(now)));
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
    let record = fixture::provider("P0001", "捷达");
    desk.submit(&who(), Command::AddProvider(record)).unwrap();
    for n in 0..4 {
        let record = fixture::outlet(outlet(n).as_str(), "P0001");
        desk.submit(&who(), Command::AddOutlet(record)).unwrap();
    }
    (desk, clock)
}

fn open(n: u32, kind: RequestKind) -> Command {
    Command::OpenRequest { outlet: outlet(n), kind, at: None, note: None }
}

fn answer(request: Seq) -> Command {
    Command::AnswerRequest { request, at: None, note: None }
}

/// 2.2.4(1): an exit application of the Friday before National Day; the finding comes by itself in the second after
/// its due moment, is confirmed for the outlet, and the late answer changes nothing about it.
#[test]
fn clause_2_2_4_1_an_exit_not_answered_is_found_at_the_right_second() {
    let (desk, clock) = desk("2011-09-30T16:00");
    let request = desk.submit(&who(), open(1, RequestKind::Exit)).unwrap().seq;
    // 8 and 9 October, a Saturday and a Sunday, were made up.
    let due = moment("2011-10-09T23:59:59");
    assert_eq!(desk.deadlines(None).unwrap()[0].obligation.due, due);
    clock.set(due);
    assert!(desk.findings(None).unwrap().is_empty(), "the last second is in time");
    clock.advance(1);
    let found = desk.findings(None).unwrap();
    let id = FindingId { provider: provider(), subject: Subject::Exit(request) };
    assert_eq!((&found[0].id, found[0].points), (&id, Points(1)));
    assert_eq!(found[0].measured, Measured::Late { outlet: outlet(1), due, answered: None });
    let confirm = |points| Command::ConfirmFinding { finding: id.clone(), points, note: None };
    assert!(desk.submit(&who(), confirm(Some(Points(4)))).is_err(), "exit-response takes 1 to 3");
    let preview = desk.preview(&who(), &confirm(None)).unwrap();
    assert_eq!(preview.after, Score(1), "the article's lowest where none are given");
    let line = desk.submit(&who(), confirm(Some(Points(2)))).unwrap().seq;
    let kept = desk.line(line).unwrap().unwrap().1;
    assert_eq!((kept.outlet, kept.occurred_on.to_string().as_str()), (Some(outlet(1)), "2011-10-10"), "decision 11");
    assert_eq!(desk.provider(&provider(), 2011).unwrap().unwrap().score, Score(2));
    desk.submit(&who(), answer(request)).unwrap();
    let left: Vec<_> = desk.deadlines(None).unwrap().iter().map(|due| due.obligation.kind).collect();
    assert_eq!(left, [ObligationKind::ExitEvidence], "the evidence comes with the exit");
    let found = desk.findings(None).unwrap();
    assert_eq!((found.len(), &found[0].state), (1, &FindingState::Confirmed(line)));
    assert!(desk.submit(&who(), answer(request)).is_err(), "answered once");
}

/// 2.2.2: a help answered late makes no finding by itself: a confirmed complaint would be a deduction.
#[test]
fn clause_2_2_2_a_late_response_is_overdue_and_no_finding() {
    let (desk, clock) = desk("2011-03-04T20:00");
    let request = desk.submit(&who(), open(1, RequestKind::Help)).unwrap().seq;
    clock.set(moment("2011-03-07T08:01"));
    let Due { seq, obligation: open, .. } = desk.deadlines(Some(&provider())).unwrap().remove(0);
    assert!(seq == request && open.due == moment("2011-03-07T08:00") && desk.now() > open.due);
    assert!(desk.findings(None).unwrap().is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Open(u32, bool),
    Answer(usize),
    Confirm(usize),
    Dismiss(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1i64..200_000).prop_map(Step::Wait),
        4 => (0u32..4, any::<bool>()).prop_map(|(n, exit)| Step::Open(n, exit)),
        3 => (0usize..20).prop_map(Step::Answer),
        1 => (0usize..20).prop_map(Step::Confirm),
        1 => (0usize..20).prop_map(Step::Dismiss),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// 2.2.4(1): one open exit an outlet; a finding for each exit not answered in time and for no other; each decided
    /// once; and a view made anew is the same.
    #[test]
    fn clause_2_2_4_1_no_order_of_commands_breaks_the_rules(steps in prop::collection::vec(step(), 1..80)) {
        let (desk, clock) = desk("2011-01-20T09:00");
        let mut requests: BTreeMap<Seq, (RequestKind, u32, Moment, Option<Moment>)> = BTreeMap::new();
        let mut decided: BTreeMap<Seq, FindingState> = BTreeMap::new();
        for step in &steps {
            let nth = |n: usize| requests.keys().nth(n).copied().unwrap_or(Seq(999));
            let finding = |n: usize| FindingId { provider: provider(), subject: Subject::Exit(nth(n)) };
            let command = match step {
                Step::Wait(seconds) => {
                    clock.advance(*seconds);
                    continue;
                }
                Step::Open(n, exit) => open(*n, if *exit { RequestKind::Exit } else { RequestKind::Help }),
                Step::Answer(n) => answer(nth(*n)),
                Step::Confirm(n) => Command::ConfirmFinding { finding: finding(*n), points: None, note: None },
                Step::Dismiss(n) => Command::DismissFinding { finding: finding(*n), reason: "核实".into() },
            };
            let waits = |n: u32| {
                requests.values().any(|r| r.0 == RequestKind::Exit && r.1 == n && r.3.is_none())
            };
            let taken = matches!(step, Step::Open(n, true) if waits(*n));
            let Ok(receipt) = desk.submit(&who(), command) else {
                prop_assert!(!matches!(step, Step::Open(..)) || taken);
                continue;
            };
            prop_assert!(!taken, "a second open exit of one outlet");
            match (receipt.event, step) {
                (Event::RequestOpened(r), Step::Open(n, _)) => {
                    requests.insert(receipt.seq, (r.kind, *n, r.due, None));
                }
                (Event::RequestAnswered { request, at, .. }, _) => {
                    prop_assert!(requests.get_mut(&request).unwrap().3.replace(at).is_none());
                }
                (Event::FindingConfirmed { finding, .. }, _) => {
                    let Subject::Exit(request) = finding.subject else { panic!("an exit") };
                    prop_assert!(decided.insert(request, FindingState::Confirmed(receipt.seq)).is_none());
                }
                (Event::FindingDismissed { finding, .. }, _) => {
                    let Subject::Exit(request) = finding.subject else { panic!("an exit") };
                    prop_assert!(decided.insert(request, FindingState::Dismissed(receipt.seq)).is_none());
                }
                (other, _) => panic!("nobody asked for {other:?}"),
            }
        }
        let now = desk.now();
        let late = requests.iter().filter(|(_, r)| r.0 == RequestKind::Exit && r.3.unwrap_or(now) > r.2);
        let should: Vec<_> =
            late.map(|(seq, _)| (*seq, decided.get(seq).cloned().unwrap_or_default())).collect();
        let found = desk.findings(None).unwrap();
        let is: Vec<_> = found.iter().map(|f| match f.id.subject {
            Subject::Exit(seq) => (seq, f.state.clone()),
            other => panic!("nobody recorded {other}"),
        }).collect();
        prop_assert_eq!(is, should);
        let waiting: Vec<_> = desk.deadlines(None).unwrap();
        prop_assert!(waiting.is_sorted_by_key(|due| due.obligation.due));
        let answers = waiting.iter().filter(|due| due.obligation.kind != ObligationKind::ExitEvidence);
        prop_assert_eq!(answers.count(), requests.values().filter(|r| r.3.is_none()).count());
        let running = desk.view_digest().unwrap();
        desk.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, desk.view_digest().unwrap());
    }
}
