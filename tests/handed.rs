//! Transfers that were recorded by mistake (decisions 13 and 15): taken back, brought back, replaced.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;

use case::Case;
use koufen::domain::{Command, Deduction, Dossier, Refusal, Turnover};
use koufen::ids::Seq;
use koufen::money::Fen;
use koufen::time::{Day, parse_day, show_moment};

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn void(case: &Case, entry: u64) -> Result<u64, Refusal> {
    case.ask(Command::Void { entry: Seq(entry), dependents: false, reason: "误录".into() }).map(|receipt| receipt.seq.0)
}

/// What all providers come to: dossiers, outlets with their lives and those before, deadlines, findings.
fn comes_to(case: &Case) -> (Vec<Dossier>, Vec<String>) {
    let (mut dossiers, mut told) = (Vec::new(), Vec::new());
    for row in case.desk.providers(2011).unwrap() {
        let id = row.provider.id;
        dossiers.push(case.desk.dossier(&id).unwrap());
        let lives = case.desk.lives(&id, None, 100).unwrap();
        told.extend(lives.iter().map(|row| format!("{id} {:?} {:?}", row.outlet, row.life)));
    }
    let due = case.desk.deadlines(None).unwrap();
    told.extend(
        due.iter().map(|d| format!("{} {:?} {}", d.provider, d.obligation.kind, show_moment(d.obligation.due))),
    );
    told.extend(case.findings());
    (dossiers, told)
}

/// A transfer that never was: the outlet is its first provider's again, with all that both come to, and goes once more
/// when the void is voided; what the next provider has of it since is named.
#[test]
fn decision_13_a_transfer_is_taken_back() {
    let case = Case::at("2011-03-20T09:00");
    case.with_city();
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    case.did("territory-confirmed P0002 city=杭州 population=20000");
    case.open_outlet("O1");
    case.did("training-held P0001 city=杭州");
    let owner = || case.desk.outlet(&"O1".parse().unwrap()).unwrap().unwrap().provider.to_string();
    case.to("2011-04-20T09:00");
    let before = (comes_to(&case), owner());
    let moved = case.did("outlet-transferred O1 to=P0002 note=x on=2011-04-01");
    let handed = (comes_to(&case), owner());
    assert_ne!(handed, before);
    assert_eq!(handed.1, "P0002");
    let by = void(&case, moved).unwrap();
    assert_eq!((comes_to(&case), owner()), before, "void = never typed");
    case.is_sound();
    void(&case, by).unwrap();
    assert_eq!((comes_to(&case), owner()), handed);
    case.is_sound();
    // What the next provider has of it since is put right first: facts, lines, reports.
    let suspended = case.did("outlet-suspended O1 note=x on=2011-04-10");
    let line = case.ask(Command::Deduct(Deduction { occurred_on: day("2011-04-05"), ..line::brand("P0002", "O1") }));
    let line = line.unwrap().seq.0;
    let report = Turnover {
        outlet: "O1".parse().unwrap(),
        month: "2011-04".parse().unwrap(),
        amount: Fen(1),
        orders: None,
        with_final_status: None,
    };
    case.to("2011-05-03T09:00");
    let report = case.ask(Command::RecordTurnover(report)).unwrap().seq.0;
    let against = |seqs: &[u64]| Refusal::StandsAgainst { by: seqs.iter().map(|seq| Seq(*seq)).collect() };
    assert_eq!(void(&case, moved).unwrap_err(), against(&[suspended, report, line]));
    for entry in [suspended, report, line] {
        void(&case, entry).unwrap();
    }
    let by = void(&case, moved).unwrap();
    assert_eq!(owner(), "P0001");
    case.is_sound();
    // And what the first has of it since, before it goes once more.
    let checked = case.did("brand-checked O1 passed=yes on=2011-04-12");
    assert_eq!(void(&case, by).unwrap_err(), against(&[checked]));
    void(&case, checked).unwrap();
    void(&case, by).unwrap();
    assert_eq!(owner(), "P0002");
    case.is_sound();
}

/// A transfer to the wrong provider, or on the wrong day, is replaced: the same as the right one at once.
#[test]
fn decision_13_a_transfer_is_replaced() {
    let story = || {
        let case = Case::at("2011-03-20T09:00");
        case.with_city();
        for id in ["P0002", "P0003"] {
            case.ask(Command::AddProvider(fixture::provider(id, "中成"))).unwrap();
        }
        case.open_outlet("O1");
        case.did("training-held P0001 city=杭州");
        case.to("2011-04-20T09:00");
        case
    };
    let right = story();
    right.did("outlet-transferred O1 to=P0003 note=x on=2011-04-05");
    let case = story();
    let wrong = case.did("outlet-transferred O1 to=P0002 note=x on=2011-04-01");
    let with = Box::new(case.read("outlet-transferred O1 to=P0003 note=x on=2011-04-05").unwrap());
    case.ask(Command::Replace { entry: Seq(wrong), reason: "误录".into(), with }).unwrap();
    assert_eq!(comes_to(&case), comes_to(&right));
    let owner_on = |case: &Case, on: &str| {
        let line = Deduction { occurred_on: day(on), ..line::brand("P0001", "O1") };
        case.desk.preview(&fixture::who("ops"), &Command::Deduct(line)).is_ok()
    };
    for on in ["2011-04-03", "2011-04-05"] {
        assert_eq!(owner_on(&case, on), owner_on(&right, on), "{on}");
    }
    case.is_sound();
}

/// Regression: a candidate that was typed with the wrong name or day could not be replaced; what was typed since stands
/// on the right one.
#[test]
fn decision_13_a_candidate_is_replaced() {
    let story = |name: &str, on: &str| {
        let case = Case::at("2011-03-01T09:00");
        case.with_city();
        case.to("2011-03-20T09:00");
        let proposed = case.did(&format!("outlet-proposed P0001 outlet_id=O1 city=杭州 name={name} staff=1 on={on}"));
        case.did("outlet-reviewed O1 passed=yes on=2011-03-04");
        case.did("outlet-signed O1 party=platform on=2011-03-07");
        case.did("outlet-opened O1 real_time=yes on=2011-03-08");
        (case, proposed)
    };
    let replace = |case: &Case, entry: u64, typed: &str| {
        let with = Box::new(case.read(typed).unwrap());
        case.ask(Command::Replace { entry: Seq(entry), reason: "误录".into(), with }).map(|receipt| receipt.seq.0)
    };
    let (right, _) = story("西湖店", "2011-03-03");
    let (case, wrong) = story("西河店", "2011-03-02");
    let typed = "outlet-proposed P0001 outlet_id=O1 city=杭州 name=西湖店 staff=1 on=2011-03-03";
    let now = replace(&case, wrong, typed).unwrap();
    assert_eq!(comes_to(&case), comes_to(&right));
    case.is_sound();
    // A step that is taken away since is the right one's too, and comes back to it.
    let opened = case.desk.stats().unwrap().entries;
    let closed = case.did("outlet-closed O1 note=x");
    assert!(closed > opened);
    let by = void(&case, closed).unwrap();
    case.is_sound();
    void(&case, by).unwrap();
    case.is_sound();
    // Another id is another outlet: what stands on the first is named.
    let other = typed.replace("O1", "O2");
    assert!(matches!(replace(&case, now, &other).unwrap_err(), Refusal::StandsAgainst { .. }));
    // What names it goes first.
    let (case, wrong) = story("西河店", "2011-03-02");
    let line = Deduction { occurred_on: day("2011-03-10"), ..line::brand("P0001", "O1") };
    let line = case.ask(Command::Deduct(line)).unwrap().seq.0;
    assert_eq!(replace(&case, wrong, typed).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(line)] });
    case.is_sound();
}

/// A provider that was added by mistake is off the record once nothing of it stands, and comes back.
#[test]
fn decision_13_an_added_provider_is_taken_off_the_record() {
    let case = Case::at("2011-03-20T09:00");
    let listed =
        || case.desk.providers(2011).unwrap().iter().map(|row| row.provider.id.to_string()).collect::<Vec<_>>();
    let wrong = fixture::provider("P0009", "误");
    let added = case.ask(Command::AddProvider(wrong.clone())).unwrap().seq.0;
    let amended = case.ask(Command::AmendProvider(fixture::provider("P0009", "误录"))).unwrap().seq.0;
    let stood = Refusal::StoodOn { entry: Seq(added), by: vec![Seq(amended)] };
    assert_eq!(void(&case, added).unwrap_err(), stood);
    let all = Command::Void { entry: Seq(added), dependents: true, reason: "误录".into() };
    let by = case.ask(all.clone()).unwrap().seq.0;
    assert_eq!(listed(), ["P0001"]);
    assert_eq!(case.desk.stats().unwrap().providers, 1);
    case.is_sound();
    let of = |id: &str| Deduction { outlet: None, note: Some("报纸".into()), ..line::brand(id, "O1") };
    let exposed = |id: &str| {
        Command::Deduct(Deduction {
            article: "media-exposure".parse().unwrap(),
            points: koufen::points::Points(12),
            ..of(id)
        })
    };
    assert_eq!(case.ask(exposed("P0009")).unwrap_err().reason(), "unknown provider");
    // Its id is free, in any case; then it does not come back beside the other.
    let other = case.ask(Command::AddProvider(fixture::provider("p0009", "新"))).unwrap().seq.0;
    assert!(matches!(void(&case, by).unwrap_err(), Refusal::ProviderCaseTaken { .. }));
    void(&case, other).unwrap();
    void(&case, by).unwrap();
    assert_eq!(listed(), ["P0001", "P0009"]);
    assert_eq!(case.desk.provider(&wrong.id, 2011).unwrap().unwrap().provider.name, "误录", "as it was amended");
    case.is_sound();
    // What stands of it goes first; a line that is reversed stays in the ledger and counts nothing.
    let charged = case.ask(exposed("P0009")).unwrap().seq.0;
    let confirmed = case.did("territory-confirmed P0009 city=杭州 population=20000 on=2011-03-01");
    assert_eq!(case.ask(all.clone()).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(charged), Seq(confirmed)] });
    void(&case, charged).unwrap();
    void(&case, confirmed).unwrap();
    case.ask(all).unwrap();
    assert_eq!(listed(), ["P0001"]);
    case.is_sound();
    // The same id anew is a record of its own.
    case.ask(Command::AddProvider(wrong)).unwrap();
    assert_eq!(listed(), ["P0001", "P0009"]);
    case.is_sound();
}
