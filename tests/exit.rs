//! A provider's exit (3.2, 3.3) and notices (4.3, decision 25), through the desk.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "fixture/exit.rs"]
mod exit;
#[path = "model/exits.rs"]
mod exits;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;

use case::Case;
use exit::{asked_by, did_by};
use exits::{Step, Taken};
use koufen::domain::case::{Hurdle, Role, Stage};
use koufen::domain::exit::Exit;
use koufen::domain::life::OutletStage;
use koufen::domain::notice::Notice;
use koufen::domain::{Command, Mark, Refusal};
use koufen::ids::Seq;
use koufen::time::show_moment;
use koufen::words::{self, Lang};
use proptest::prelude::*;

fn id() -> koufen::ids::ProviderId {
    "P0001".parse().unwrap()
}

fn provider_exit(case: &Case) -> Exit {
    case.desk.dossier(&id()).unwrap().exit.unwrap()
}

fn stage(case: &Case, outlet: &str) -> OutletStage {
    case.desk.life(&outlet.parse().unwrap()).unwrap().unwrap().stage
}

fn notices(case: &Case) -> Vec<Notice> {
    case.desk.dossier(&id()).unwrap().notices
}

const PROPOSED: &str = "provider-exit-proposed P0001 note=到期不续";
const TOLD: &str = "notice-sent P0001 event=exit-proposed recipients=departments via=email";
const CONFIRMED: &str = "provider-exit-confirmed P0001";
const SYSTEM: &str = "provider-exit-signed P0001 role=system-manager";
const LEGAL: &str = "provider-exit-signed P0001 role=legal";
const FROZEN: &str = "permissions-frozen P0001";

/// A provider with an outlet, a proposal of one, and the departments told by another.
fn proposed() -> Case {
    let case = Case::at("2011-05-02T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    did_by(&case, "拓展", PROPOSED);
    did_by(&case, "文员", TOLD);
    case
}

/// 3.3(1): four confirmations, by four people, in their order; nobody twice, and nobody for another.
#[test]
fn clause_3_3_1_four_different_people_confirm() {
    let case = proposed();
    let early = asked_by(&case, "系统", SYSTEM).unwrap_err();
    assert!(matches!(early, Refusal::Case(Hurdle::Stage { at: Stage::Proposed, .. })), "{early:?}");
    let same = asked_by(&case, "拓展", CONFIRMED).unwrap_err();
    assert!(matches!(&same, Refusal::Case(Hurdle::SamePerson { who, .. }) if who == "拓展"), "{same:?}");
    let other = asked_by(&case, "拓展", &format!("{CONFIRMED} confirmed_by=负责人")).unwrap_err();
    assert_eq!(other, Refusal::Case(Hurdle::OwnHand));
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    assert_eq!(provider_exit(&case).stage, Stage::Confirmed, "one signature is not both");
    assert_eq!(provider_exit(&case).next().unwrap().1, [Role::Legal]);
    let frozen = asked_by(&case, "系统", FROZEN).unwrap_err();
    assert!(matches!(frozen, Refusal::Case(Hurdle::Stage { at: Stage::Confirmed, .. })), "{frozen:?}");
    for before in ["拓展", "负责人", "系统"] {
        let same = asked_by(&case, before, LEGAL).unwrap_err();
        assert!(matches!(same, Refusal::Case(Hurdle::SamePerson { .. })), "{before}: {same:?}");
    }
    did_by(&case, "法务", LEGAL);
    assert_eq!(provider_exit(&case).stage, Stage::Signed);
    did_by(&case, "系统", FROZEN);
    assert_eq!(provider_exit(&case).stage, Stage::Frozen);
    let people: std::collections::BTreeSet<String> = provider_exit(&case).confirmed.into_iter().map(|c| c.by).collect();
    assert_eq!(people.len(), 4);
    case.is_sound();
}

/// 3.3(1): the head confirms once the five departments were told.
#[test]
fn clause_3_3_1_five_departments_are_told_first() {
    let case = Case::at("2011-05-02T09:00");
    did_by(&case, "拓展", PROPOSED);
    did_by(&case, "文员", "notice-sent P0001 event=exit-proposed recipients=legal,finance via=email");
    let missing = vec!["expansion", "product-support", "customer-satisfaction"];
    assert_eq!(asked_by(&case, "负责人", CONFIRMED).unwrap_err(), Refusal::Case(Hurdle::NotNotified { missing }));
    did_by(&case, "文员", TOLD);
    did_by(&case, "负责人", CONFIRMED);
    // 3.3(2): and those and the provider once it is done.
    did_by(&case, "系统", SYSTEM);
    did_by(&case, "法务", LEGAL);
    did_by(&case, "系统", FROZEN);
    let alert = case.alert(&format!("P0001/provider-exit/{}", provider_exit(&case).seq));
    assert_eq!((alert.clause.as_str(), alert.says.0), ("3.3(2)", "alert-exit-notices"));
    did_by(&case, "文员", "notice-sent P0001 event=exit-done recipients=all via=email entered=2011-05-02T08:59");
    let alert = case.alert(&format!("P0001/provider-exit/{}", provider_exit(&case).seq));
    assert_eq!(alert.says.0, "alert-exit-step");
    case.did("contract-ended P0001 note=协议终止");
    assert!(!case.alerts().iter().any(|id| id.contains("provider-exit")));
    case.is_sound();
}

/// A confirmation binds to what was seen; one whose ground changed before the other came lapses.
#[test]
fn clause_3_3_1_a_confirmation_binds_to_what_was_seen() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    let seen = case.desk.stats().unwrap().entries;
    let first = did_by(&case, "系统", &format!("{SYSTEM} seen={seen}"));
    // Steps of the exit and notices are none of what was seen.
    did_by(&case, "文员", TOLD);
    let complaint = case.did("complained O1 from=consumer problem=漏单");
    let stale = asked_by(&case, "法务", &format!("{LEGAL} seen={seen}")).unwrap_err();
    assert_eq!(stale, Refusal::Case(Hurdle::Changed { seen: Seq(seen), head: Seq(complaint) }));
    did_by(&case, "法务", &format!("{LEGAL} seen={complaint}"));
    let exit = provider_exit(&case);
    assert_eq!((exit.stage, exit.next().unwrap().1), (Stage::Confirmed, vec![Role::SystemManager]), "the first lapsed");
    assert!(!exit.confirmed.iter().any(|c| c.seq == Seq(first)));
    did_by(&case, "系统", SYSTEM);
    assert_eq!(provider_exit(&case).stage, Stage::Signed);
    case.is_sound();
}

/// 3.3(1), 3.2: outlets that nobody took over are frozen with it; those of a self-operated one end with it.
#[test]
fn clause_3_2_outlets_go_to_receivers_or_are_frozen_or_end() {
    let case = proposed();
    case.ask(Command::AddOutlet(fixture::outlet("O2", "P0001"))).unwrap();
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    case.ask(Command::AddProvider(fixture::provider("P0003", "远")).clone()).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O3", "P0002"))).unwrap();
    // 3.2: the plan names who serves there first.
    let plan = case.desk.leaving(&id()).unwrap();
    assert_eq!((plan.len(), plan[0].outlets.len()), (1, 2));
    let names: Vec<&str> = plan[0].receivers.iter().map(|r| r.provider.as_str()).collect();
    assert_eq!((names, plan[0].receivers[0].serves), (vec!["P0002", "P0003"], true));
    case.did("outlet-transferred O1 to=P0002 note=接收");
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    did_by(&case, "法务", LEGAL);
    did_by(&case, "系统", FROZEN);
    assert_eq!((stage(&case, "O1"), stage(&case, "O2")), (OutletStage::Open, OutletStage::Suspended));
    case.to("2011-05-03T09:00");
    let begun = [
        case.refused("outlet-resumed O2 note=x"),
        case.refused("promotion-held P0001 title=x material_on=2011-05-01"),
        case.ask(Command::AddOutlet(fixture::outlet("O9", "P0001"))).unwrap_err(),
    ];
    for refusal in begun {
        assert!(matches!(refusal, Refusal::Case(Hurdle::Frozen { .. })), "{refusal:?}");
    }
    // A receiver that is found later takes it all the same.
    case.did("outlet-transferred O2 to=P0003 note=接收");
    case.did("outlet-resumed O2 note=接收");
    case.is_sound();
    let own = Case::self_operated("2011-05-02T09:00");
    own.ask(Command::AddOutlet(fixture::outlet("S1", "P0001"))).unwrap();
    exit::exits(&own, "P0001");
    assert_eq!(stage(&own, "S1"), OutletStage::Closed);
    own.is_sound();
}

/// 3.3(1): what is voided of it is as if it had never been: stages are read off the steps that stand.
#[test]
fn clause_3_3_1_a_void_takes_the_case_back() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    let legal = did_by(&case, "法务", LEGAL);
    let frozen = did_by(&case, "系统", FROZEN);
    let void = |entry: u64, dependents| {
        case.ask(Command::Void { entry: Seq(entry), dependents, reason: "误录".into() }).map(|receipt| receipt.seq.0)
    };
    let by = vec![Seq(frozen)];
    assert_eq!(void(legal, false).unwrap_err(), Refusal::StoodOn { entry: Seq(legal), by });
    let gone = void(frozen, false).unwrap();
    assert_eq!((provider_exit(&case).stage, stage(&case, "O1")), (Stage::Signed, OutletStage::Open));
    case.is_sound();
    void(gone, false).unwrap();
    assert_eq!((provider_exit(&case).stage, stage(&case, "O1")), (Stage::Frozen, OutletStage::Suspended));
    case.is_sound();
    let other = Case::at("2011-05-02T09:00");
    did_by(&other, "拓展", PROPOSED);
    other.did("provider-exit-withdrawn P0001 note=续约");
    assert!(other.desk.dossier(&id()).unwrap().exit.is_none());
    did_by(&other, "拓展", PROPOSED);
    other.is_sound();
}

fn void(case: &Case, entry: u64) -> Result<u64, Refusal> {
    case.ask(Command::Void { entry: Seq(entry), dependents: false, reason: "误录".into() }).map(|receipt| receipt.seq.0)
}

fn confirmed_by(case: &Case) -> Vec<String> {
    provider_exit(case).confirmed.into_iter().map(|c| c.by).collect()
}

/// 3.3(1), decision 12. Regression: what the departments were told of an exit that was withdrawn counted as told of the next
/// one of the same day.
#[test]
fn clause_3_3_1_departments_are_told_of_each_proposal() {
    let case = proposed();
    case.did("provider-exit-withdrawn P0001 note=续约");
    did_by(&case, "拓展", PROPOSED);
    let untold = asked_by(&case, "负责人", CONFIRMED).unwrap_err();
    assert!(matches!(&untold, Refusal::Case(Hurdle::NotNotified { missing }) if missing.len() == 5), "{untold:?}");
    did_by(&case, "文员", TOLD);
    did_by(&case, "负责人", CONFIRMED);
    case.is_sound();
}

/// 3.3(1), decision 13. Regression: a notice could be taken away under the confirmation that stands on it.
#[test]
fn clause_3_3_1_a_confirmation_stands_on_the_notices() {
    let case = Case::at("2011-05-02T09:00");
    did_by(&case, "拓展", PROPOSED);
    let told = did_by(&case, "文员", TOLD);
    let confirmed = did_by(&case, "负责人", CONFIRMED);
    assert_eq!(void(&case, told).unwrap_err(), Refusal::StoodOn { entry: Seq(told), by: vec![Seq(confirmed)] });
    case.is_sound();
}

/// 3.3(1), decisions 12 and 13. Regression: one person came to stand for both signatures, once one that was in between was
/// taken away, or by a signature that was typed of an earlier day: permissions were frozen on three people.
#[test]
fn clause_3_3_1_nobody_signs_as_two_whatever_is_taken_away_or_typed_late() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "甲", LEGAL);
    let instead = did_by(&case, "乙", LEGAL);
    let system = did_by(&case, "甲", SYSTEM);
    assert_eq!(void(&case, instead).unwrap_err(), Refusal::StoodOn { entry: Seq(instead), by: vec![Seq(system)] });
    assert_eq!(confirmed_by(&case), ["拓展", "负责人", "乙", "甲"]);
    case.is_sound();
    let late = proposed();
    did_by(&late, "负责人", CONFIRMED);
    late.to("2011-05-06T09:00");
    let system = did_by(&late, "甲", SYSTEM);
    let twice = asked_by(&late, "甲", &format!("{LEGAL} on=2011-05-04")).unwrap_err();
    assert_eq!(twice, Refusal::StandsAgainst { by: vec![Seq(system)] });
    did_by(&late, "乙", &format!("{LEGAL} on=2011-05-04"));
    assert_eq!(provider_exit(&late).stage, Stage::Signed);
    late.is_sound();
}

/// 3.3(1), decision 13. Regression: who took a signature away made the other one lapse, though nothing of what it saw had
/// changed; and one that lapsed came back beside the one in its place.
#[test]
fn clause_3_3_1_a_signature_that_is_taken_away_leaves_the_others_as_they_were() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    let wrong = did_by(&case, "法务", LEGAL);
    void(&case, wrong).unwrap();
    did_by(&case, "法务", LEGAL);
    assert_eq!(provider_exit(&case).stage, Stage::Signed, "the system manager saw the same");
    case.is_sound();
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "甲", LEGAL);
    let between = did_by(&case, "乙", LEGAL);
    did_by(&case, "丙", LEGAL);
    void(&case, between).unwrap();
    assert_eq!(confirmed_by(&case), ["拓展", "负责人", "丙"]);
    case.is_sound();
}

/// 3.3(1), decision 13. Regression: who took a mark on an alert away made a signature lapse; putting it there did not.
#[test]
fn clause_3_3_1_a_mark_that_is_taken_away_is_none_of_what_was_seen() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    let alert = case.alert(&format!("P0001/provider-exit/{}", provider_exit(&case).seq));
    let (provider, subject) = (alert.provider, alert.subject);
    let mark = case.ask(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged }).unwrap().seq.0;
    let gone = void(&case, mark).unwrap();
    void(&case, gone).unwrap();
    void(&case, mark).unwrap();
    did_by(&case, "法务", LEGAL);
    assert_eq!(provider_exit(&case).stage, Stage::Signed, "the system manager saw the same");
    case.is_sound();
}

/// 3.3(1), decision 12. Regression: the contract's end, a step of the exit itself, counted as something that who signed had
/// not seen: a signature that was typed late, in the place of the first, made the other one lapse and was refused.
#[test]
fn clause_3_3_1_the_contracts_end_is_none_of_what_was_seen() {
    let case = proposed();
    did_by(&case, "负责人", CONFIRMED);
    did_by(&case, "系统", SYSTEM);
    case.to("2011-05-03T09:00");
    did_by(&case, "法务", LEGAL);
    did_by(&case, "系统", FROZEN);
    let ended = case.did("contract-ended P0001 note=协议终止");
    did_by(&case, "甲", &format!("{SYSTEM} on=2011-05-02"));
    assert_eq!((provider_exit(&case).stage, confirmed_by(&case)[2].as_str()), (Stage::Ended, "甲"));
    // Nor does who takes the end away, or back.
    let gone = void(&case, ended).unwrap();
    did_by(&case, "乙", &format!("{SYSTEM} on=2011-05-02"));
    void(&case, gone).unwrap();
    did_by(&case, "丙", &format!("{SYSTEM} on=2011-05-02"));
    assert_eq!((provider_exit(&case).stage, confirmed_by(&case)[2].as_str()), (Stage::Ended, "丙"));
    // What else is recorded is to be seen: who signs then did, and the other did not.
    case.did("complained O1 from=consumer problem=漏单");
    let unseen = asked_by(&case, "丁", &format!("{SYSTEM} on=2011-05-02")).unwrap_err();
    assert!(matches!(unseen, Refusal::StandsAgainst { .. }), "{unseen:?}");
    case.is_sound();
}

/// Decision 25: mail and courier are delivered at the end of the 7th day after posting; e-mail and system messages when
/// they enter, and while that is not known they are sent, not served.
#[test]
fn decision_25_when_a_notice_counts_as_delivered() {
    let case = Case::at("2011-05-20T09:00");
    did_by(&case, "拓展", PROPOSED);
    let sent = |rest: &str| case.did(&format!("notice-sent P0001 event=exit-proposed recipients=provider {rest}"));
    let delivered = |seq: u64| {
        let all = notices(&case);
        all.iter().find(|n| n.seq == Seq(seq)).unwrap().delivered().map(show_moment)
    };
    let (mail, courier) = (sent("via=registered-mail"), sent("via=courier"));
    let (email, system) = (sent("via=email"), sent("via=system-message entered=2011-05-20T08:30"));
    assert_eq!(delivered(mail).as_deref(), Some("2011-05-27T23:59:59"));
    assert_eq!(delivered(courier).as_deref(), Some("2011-05-27T23:59:59"));
    assert_eq!((delivered(email), delivered(system).as_deref()), (None, Some("2011-05-20T08:30")));
    assert_eq!(words::delivered(Lang::En, &notices(&case)[2]), "sent, not served");
    let posted = case.refused(&format!("notice-entered P0001 notice={mail} at=2011-05-20T08:00"));
    assert_eq!(posted, Refusal::Case(Hurdle::ByPost { notice: Seq(mail) }));
    case.to("2011-05-21T09:00");
    let future = case.refused(&format!("notice-entered P0001 notice={email} at=2011-05-22T08:00"));
    assert!(matches!(future, Refusal::FutureMoment { .. }), "{future:?}");
    let before = case.refused(&format!("notice-entered P0001 notice={email} at=2011-05-19T08:00"));
    assert!(matches!(before, Refusal::BeforeStart { .. }), "{before:?}");
    case.did(&format!("notice-entered P0001 notice={email} at=2011-05-20T10:00"));
    assert_eq!(delivered(email).as_deref(), Some("2011-05-20T10:00"));
    case.did(&format!("notice-proved P0001 notice={mail} proof=RA123"));
    assert_eq!(notices(&case)[0].proof.as_deref(), Some("RA123"));
    case.is_sound();
}

/// 4.3: a notice tells the figures of its day, in both languages; what is not on record is not told.
#[test]
fn clause_4_3_a_notice_keeps_the_figures_of_its_day() {
    let case = Case::at("2011-05-20T09:00");
    for event in ["suspended", "plan", "passed", "failed", "decision", "exit-proposed", "exit-done"] {
        let nothing = case.refused(&format!("notice-sent P0001 event={event} recipients=provider via=email"));
        assert!(matches!(nothing, Refusal::Case(Hurdle::NothingToTell { .. })), "{event}: {nothing:?}");
    }
    case.deducted(40);
    case.deducted(15);
    let suspended = case.did("notice-sent P0001 event=suspended recipients=provider via=email");
    let text = |lang| {
        let all = notices(&case);
        words::notice(lang, &case.desk.rulebook(), all.iter().find(|n| n.seq == Seq(suspended)).unwrap())
    };
    let (zh, en) = (text(Lang::ZhCn), text(Lang::En));
    assert!(zh.contains("2011-05-20 累计达 55 分") && en.contains("On 2011-05-20 the score reached 55"), "{zh}\n{en}");
    case.deducted(40);
    assert_eq!((text(Lang::ZhCn), text(Lang::En)), (zh, en), "as it was sent");
    case.is_sound();
}

/// What is typed of a step, beside its day.
const TYPED: [(Step, &str); 9] = [
    (Step::Proposed, PROPOSED),
    (Step::Told, TOLD),
    (Step::Confirmed, CONFIRMED),
    (Step::SystemSigned, SYSTEM),
    (Step::LegalSigned, LEGAL),
    (Step::Frozen, FROZEN),
    (Step::Withdrawn, "provider-exit-withdrawn P0001 note=续约"),
    (Step::Ended, "contract-ended P0001 note=协议终止"),
    (Step::Other, "complained O1 from=consumer problem=漏单"),
];
const PEOPLE: [&str; 5] = ["甲", "乙", "丙", "丁", "戊"];

/// Who tries what, mostly what comes next, so many days after the last, on a day so many before today; and what is taken
/// away instead.
type Try = (usize, usize, (i64, i64), Option<usize>);

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let days = (prop_oneof![3 => Just(0), 1 => 1..3i64], prop_oneof![3 => Just(0), 1 => 0..6i64]);
    prop::collection::vec((0..PEOPLE.len(), 0..16usize, days, prop::option::weighted(0.12, 0..20usize)), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    /// 3.3(1), decisions 12 and 13: whoever tries whatever, of whatever day and in whatever order, or takes it away: it is
    /// taken just where a clerk's sheet has room for it, it stands where the sheet says, and nothing is frozen but after
    /// four confirmations by four people.
    #[test]
    fn clause_3_3_1_an_exit_goes_as_a_clerks_sheet_says(tries in tries()) {
        let case = Case::at("2011-05-09T09:00");
        case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
        let (mut today, mut sheet) = (case.desk.today(), Vec::<Taken>::new());
        let next = |sheet: &[Taken]| match exits::read(sheet).unwrap().stage {
            "none" => vec![0],
            "proposed" => vec![1, 2],
            "confirmed" => vec![3, 4],
            "signed" => vec![5],
            _ => vec![7],
        };
        for (who, what, (passed, ago), taken_away) in tries {
            today += chrono::Duration::days(passed);
            case.to(&format!("{today}T09:00"));
            let mut asked = sheet.clone();
            if let Some(pick) = taken_away {
                let of_exit: Vec<usize> = (0..sheet.len()).filter(|at| sheet[*at].step != Step::Other).collect();
                let Some(at) = of_exit.get(pick % of_exit.len().max(1)).copied() else { continue };
                asked.remove(at);
                let void = Command::Void { entry: Seq(sheet[at].seq), dependents: false, reason: "误录".into() };
                let done = case.ask(void);
                prop_assert_eq!(done.is_ok(), exits::may(&asked), "{:?} without {:?}: {:?}", sheet, sheet[at], done);
                if done.is_ok() {
                    sheet = asked;
                }
            } else {
                let likely = next(&sheet);
                let (step, typed) = TYPED[if what < TYPED.len() { what } else { likely[what % likely.len()] }];
                let on = today - chrono::Duration::days(ago);
                let done = asked_by(&case, PEOPLE[who], &format!("{typed} on={on}"));
                let seq = done.as_ref().copied().unwrap_or(u64::MAX);
                asked.push(Taken { on, seq, who, step });
                // A notice tells what there is (4.3), and after the freeze other clauses stop what is else recorded.
                if !matches!(step, Step::Told | Step::Other) {
                    prop_assert_eq!(done.is_ok(), exits::may(&asked), "{:#?}: {:?}", asked, done);
                }
                if done.is_ok() {
                    sheet = asked;
                }
            }
            let clerk = exits::read(&sheet).unwrap();
            let exit = case.desk.dossier(&id()).unwrap().exit;
            prop_assert_eq!(exit.as_ref().map_or("none", |e| e.stage.word()), clerk.stage, "{:#?}", sheet);
            let by = exit.iter().flat_map(|e| &e.confirmed).map(|c| PEOPLE.iter().position(|p| *p == c.by).unwrap());
            prop_assert_eq!(by.collect::<Vec<_>>(), clerk.confirmed.clone(), "{:#?}", sheet);
            if matches!(clerk.stage, "signed" | "frozen" | "ended") {
                let people: std::collections::BTreeSet<usize> = clerk.confirmed.iter().copied().collect();
                prop_assert_eq!((people.len(), clerk.confirmed.len()), (4, 4));
            }
        }
        case.is_sound();
    }
}
