//! The long story of one provider (parts 3 and 4), against a table written by hand from the clauses: 50 points, a
//! rectification failed and one passed, an objection won, 100 points, the exit, and the deposit's way back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "fixture/dormant.rs"]
mod dormant;
#[path = "fixture/exit.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod exit;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;

use case::Case;
use exit::{asked_by, did_by};
use koufen::domain::case::Hurdle;
use koufen::domain::deposit::{Account, Hold};
use koufen::domain::{Command, Refusal};
use koufen::ids::{ProviderId, Seq};
use koufen::money::signed;
use koufen::time::{Day, show_moment};

/// The provider, and what it comes to after each step.
struct Story(Case);

impl Story {
    fn id() -> ProviderId {
        "P0001".parse().unwrap()
    }

    /// A line of today, of dormant outlets of a month of its own.
    fn charge(&self, points: u32, month: &str) -> Seq {
        self.0.ask(Command::TakeIn(dormant::line(points, self.0.desk.today(), month))).unwrap().seq
    }

    /// Score of 2011, standing, the last rectification, alerts by their kinds, and what the deposit holds in CNY.
    fn is(&self, score: u32, standing: &str, rectification: &str, alerts: &[&str], held: &str) {
        let (desk, id) = (&self.0.desk, Story::id());
        let row = desk.provider(&id, 2011).unwrap().unwrap();
        let last = desk.cases(&id).unwrap().all.last().map_or("none", |case| case.state());
        let kind = |alert: &String| alert.trim_start_matches("P0001/").split('/').next().unwrap().to_owned();
        let mut fired: Vec<String> =
            self.0.alerts().iter().filter(|alert| alert.starts_with("P0001/")).map(kind).collect();
        fired.sort_unstable();
        let account = desk.account(&id, None, desk.today()).unwrap();
        let sheet = account.accounts.iter().find(|sheet| sheet.account == Account::City("杭州".into()));
        let holds = signed(sheet.map_or(0, |sheet| sheet.closing).into());
        let is = (row.score.0, row.standing.word(), last, fired, holds);
        let wanted: Vec<String> = alerts.iter().map(|alert| (*alert).to_owned()).collect();
        assert_eq!(is, (score, standing, rectification, wanted, held.to_owned()), "{}", show_moment(desk.now()));
        self.0.is_sound();
    }

    /// When the last notice counts as delivered.
    fn delivered(&self) -> String {
        let notice = self.0.desk.dossier(&Story::id()).unwrap().notices.pop().unwrap();
        notice.delivered().map(show_moment).unwrap_or_default()
    }
}

/// 3.1 to 3.3, 4.3, decisions 3, 4, 21, 22, 24, 25 and 27.
#[test]
fn from_fifty_points_to_the_release_of_the_deposit() {
    let case = Case::at("2011-01-10T09:00");
    case.active();
    for outlet in ["O1", "O2"] {
        case.ask(Command::AddOutlet(fixture::outlet(outlet, "P0001"))).unwrap();
    }
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O3", "P0002"))).unwrap();
    let story = Story(case);
    let case = &story.0;
    story.is(0, "good", "none", &[], "300000");

    // Fifty points open a case; the provider is told by registered mail.
    case.to("2011-03-01T09:00");
    story.charge(45, "2010-01");
    story.is(45, "watch", "none", &["score"], "300000");
    case.to("2011-03-10T09:00");
    story.charge(10, "2010-02");
    story.is(55, "suspended", "open", &["rectification", "score"], "300000");
    case.to("2011-03-11T09:00").did("notice-sent P0001 event=suspended recipients=provider via=registered-mail");
    assert_eq!(story.delivered(), "2011-03-18T23:59:59");

    // A plan that is not met: ten more, and another plan, which is met: twenty go back.
    case.to("2011-03-14T09:00").did("rectification-planned P0001 advice=培训 deadline=2011-04-15 standard=抽检合格");
    assert_eq!(case.due("rectification-deadline"), ["2011-04-15T23:59:59"]);
    story.is(55, "suspended", "planned", &["score"], "300000");
    case.to("2011-04-18T09:00");
    story.is(55, "suspended", "planned", &["due", "score"], "300000");
    case.did("rectification-failed P0001 points=10 advice=再培训 deadline=2011-05-31 standard=抽检合格 note=未改");
    story.is(65, "suspended", "planned", &["score"], "300000");
    case.to("2011-05-20T09:00").did("rectification-passed P0001 points=20 note=复查合格");
    story.is(45, "watch", "passed", &["score"], "300000");

    // A line that is objected to, and reversed by the answer: the case that it opened is none.
    case.to("2011-06-01T09:00");
    let wrong = story.charge(20, "2010-03");
    story.is(65, "suspended", "open", &["rectification", "score"], "300000");
    case.to("2011-06-02T09:00");
    let objection = case.did(&format!("objection-opened P0001 against={wrong} grounds=网点已退出"));
    story.is(65, "suspended", "open", &["objection", "rectification", "score"], "300000");
    case.to("2011-06-08T09:00");
    let answer = format!("objection-answered P0001 objection={objection} upheld=yes note=属实");
    assert!(matches!(asked_by(case, "tester", &answer), Err(Refusal::Hindered(_))), "decision 27");
    did_by(case, "王芳", &answer);
    story.is(45, "watch", "passed", &["score"], "300000");

    // A hundred points: a decision is owed, and made.
    case.to("2011-07-01T09:00");
    story.charge(55, "2010-04");
    story.is(100, "terminable", "open", &["rectification", "score"], "300000");
    assert_eq!(case.alert("P0001/score/2011").says.0, "alert-score-terminable");
    case.to("2011-07-04T09:00").did("termination-decided P0001 year=2011 terminate=yes note=屡改无效");
    assert_eq!(case.alert("P0001/score/2011").says.0, "alert-score-decided");
    story.is(100, "terminable", "open", &["provider-exit", "rectification", "score"], "300000");

    // The exit: told, confirmed and signed by four people; one outlet finds a receiver, the other is frozen.
    case.to("2011-07-05T09:00");
    did_by(case, "拓展", "provider-exit-proposed P0001 note=终止");
    let early = asked_by(case, "负责人", "provider-exit-confirmed P0001");
    assert!(matches!(early, Err(Refusal::Case(Hurdle::NotNotified { .. }))), "{early:?}");
    did_by(
        case,
        "文员",
        "notice-sent P0001 event=exit-proposed recipients=departments via=email entered=2011-07-05T08:50",
    );
    assert_eq!(story.delivered(), "2011-07-05T08:50");
    case.did("outlet-transferred O1 to=P0002 note=接收");
    case.to("2011-07-06T09:00");
    did_by(case, "负责人", "provider-exit-confirmed P0001");
    did_by(case, "系统", "provider-exit-signed P0001 role=system-manager");
    did_by(case, "法务", "provider-exit-signed P0001 role=legal");
    story.is(100, "terminable", "open", &["provider-exit", "rectification", "score"], "300000");
    case.to("2011-07-08T09:00");
    did_by(case, "系统", "permissions-frozen P0001");
    let stage = |id: &str| case.desk.life(&id.parse().unwrap()).unwrap().unwrap().stage.word();
    assert_eq!((stage("O1"), stage("O2")), ("open", "suspended"));
    assert_eq!(case.desk.outlet(&"O1".parse().unwrap()).unwrap().unwrap().provider.as_str(), "P0002");
    story.is(100, "terminable", "ended", &["provider-exit", "score"], "300000");
    did_by(
        case,
        "文员",
        "notice-sent P0001 event=exit-done recipients=all via=system-message entered=2011-07-08T08:55",
    );
    story.is(100, "terminable", "ended", &["provider-exit", "score"], "300000");

    // The contract ends on 29 July: the deposit goes back from 29 October on, within ten working days, less what a
    // consumer was paid.
    case.to("2011-07-29T09:00").did("contract-ended P0001 note=协议终止");
    assert_eq!(case.due("deposit-release"), ["2011-11-11T23:59:59"]);
    story.is(100, "terminable", "ended", &["score"], "300000");
    case.to("2011-09-01T09:00").did("deposit-compensated P0001 payee=consumer amount=1200 city=杭州 note=漏发");
    story.is(100, "terminable", "ended", &["score"], "298800");
    case.to("2011-10-28T09:00");
    let early = case.refused("deposit-released P0001 city=杭州 amount=298800");
    let from: Day = "2011-10-29".parse().unwrap();
    assert!(matches!(early, Refusal::Held(Hold::TooEarly { from: day, .. }) if day == from), "{early:?}");
    case.to("2011-10-31T09:00").did("deposit-released P0001 city=杭州 amount=298800");
    story.is(100, "terminable", "ended", &["score"], "0");
    assert!(case.due("deposit-release").is_empty());
    // The year's end clears the score; nothing else is open.
    case.to("2012-01-01T09:00");
    assert!(!case.alerts().iter().any(|id| id.starts_with("P0001/")), "{:?}", case.alerts());
    assert_eq!(case.desk.provider(&Story::id(), 2012).unwrap().unwrap().score.0, 0);
}
