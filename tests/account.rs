//! Deposits (1.1(7), 1.2(8), 1.4.4(3), 2.1.1(3), 2.2.2, 3.3(3), decisions 23, 24 and 29): money is conserved, and a
//! balance is what its entries say, in the order of their days.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "fixture/exit.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod exit;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "model/money.rs"]
#[allow(dead_code, reason = "what is typed in any order uses the rest of it")]
mod money;

use binary::Store;
use case::Case;
use koufen::domain::case::{Hurdle, Stage};
use koufen::domain::deposit::{Account, Hold, Statement};
use koufen::domain::{Command, Refusal};
use koufen::ids::Seq;
use koufen::money::signed;
use koufen::time::{Day, parse_day};
use money::{Fact, Step};
use proptest::prelude::*;

const CITIES: [&str; 2] = ["杭州", "宁波"];

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn statement(case: &Case, to: &str) -> Statement {
    case.desk.account(&"P0001".parse().unwrap(), None, day(to)).unwrap()
}

/// What a city's deposit holds, in CNY.
fn holds(statement: &Statement, city: &str) -> String {
    let sheet = statement.accounts.iter().find(|sheet| sheet.account == Account::City(city.to_owned()));
    signed(sheet.map_or(0, |sheet| sheet.closing).into())
}

/// A provider with agreements for two cities, and deposits of 300,000 in both.
fn two_cities() -> Case {
    let case = Case::at("2011-03-01T09:00");
    case.with_city();
    case.open_outlet("O1");
    case.did("agreement-effective P0001 city=宁波");
    case.did("deposit-paid P0001 city=宁波");
    case.did("deposit-frozen P0001 city=宁波 amount=300000");
    case
}

fn today(case: &Case) -> Statement {
    statement(case, &case.desk.today().to_string())
}

/// Decision 23: from the city that is named, or from the fullest first; the statement says which.
#[test]
fn decision_23_the_city_that_is_named_or_the_fullest_first() {
    let case = two_cities();
    let both = |case: &Case| CITIES.map(|city| holds(&today(case), city));
    case.did("deposit-forfeited P0001 amount=100000 city=宁波 note=x");
    assert_eq!(both(&case), ["300000", "200000"]);
    let taken = case.did("deposit-forfeited P0001 amount=350000 note=x");
    assert_eq!(both(&case), ["0", "150000"], "the fullest is emptied first");
    let lines = today(&case)
        .accounts
        .into_iter()
        .flat_map(|sheet| sheet.lines.into_iter().map(move |l| (sheet.account.clone(), l)));
    let of: Vec<(String, String)> = lines
        .filter(|(_, line)| line.seq == Seq(taken))
        .map(|(account, line)| (account.word().to_owned(), signed(line.amount)))
        .collect();
    assert_eq!(of, [("宁波".into(), "-50000".into()), ("杭州".into(), "-300000".into())]);
    // No more is forfeited than there is; nothing is recorded by a refusal.
    let most = case.refused("deposit-forfeited P0001 amount=150000.01 note=x");
    assert!(
        matches!(most, Refusal::TooMuch { most, clause: "1.1(7)", .. } if most.to_string() == "150000"),
        "{most:?}"
    );
    assert!(matches!(case.refused("deposit-forfeited P0001 amount=1 city=杭州 note=x"), Refusal::TooMuch { .. }));
    assert!(matches!(case.refused("deposit-forfeited P0001 amount=1 city=温州 note=x"), Refusal::StepMissing { .. }));
    assert!(matches!(case.refused("deposit-forfeited P0001 amount=1 city=宁波"), Refusal::Missing { field: "note" }));
    assert!(matches!(case.refused("deposit-forfeited P0001 amount=0 note=x"), Refusal::Missing { field: "amount" }));
    assert_eq!(today(&case).forfeited.to_string(), "450000");
    case.is_sound();
}

/// 1.4.4(3), 2.2.2: a compensation pays what is there, and shows the rest as owed; what comes in pays it first.
#[test]
fn clause_1_4_4_3_a_compensation_over_the_balance_pays_what_is_there() {
    let case = two_cities();
    case.did("deposit-compensated P0001 payee=third-party amount=250000 city=杭州 note=x");
    case.did("deposit-compensated P0001 payee=consumer amount=80000 city=杭州 note=x");
    assert_eq!((holds(&today(&case), "杭州"), today(&case).owed.to_string()), ("0".into(), "30000".into()));
    assert_eq!(holds(&today(&case), "宁波"), "300000", "it was not named");
    let alert = case.alert("P0001/deposit");
    let says: Vec<&str> = alert.says.1.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(says, ["300000", "30000"], "short of, and owed");
    // Part of it comes: what is owed is paid first.
    case.did("deposit-topped-up P0001 city=杭州 amount=100000");
    assert_eq!((holds(&today(&case), "杭州"), today(&case).owed.to_string()), ("70000".into(), "0".into()));
    assert!(matches!(case.refused("deposit-topped-up P0001 city=杭州 amount=230000.01"), Refusal::TooMuch { .. }));
    case.did("deposit-topped-up P0001 city=杭州 amount=230000");
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()));
    // An order on a complaint names no city: the fullest, and of equal ones the first that was frozen.
    let complaint = case.did("complained O1 from=outlet problem=漏单");
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=1000 correct=no note=x"));
    assert_eq!(holds(&today(&case), "杭州"), "299000");
    let awarded: Vec<String> = today(&case).awarded.iter().map(|(to, sum)| format!("{} {sum}", to.word())).collect();
    assert_eq!(awarded, ["consumer 80000", "outlet 1000", "third-party 250000"]);
    case.is_sound();
}

/// Decision 29: of a provider that was there before the program nobody knows the deposit: it owes nothing by that.
#[test]
fn decision_29_an_unknown_deposit_is_not_a_debt() {
    let case = Case::at("2011-03-01T09:00");
    case.did("deposit-compensated P0001 payee=consumer amount=500 note=x");
    assert_eq!((today(&case).owed.to_string(), today(&case).awarded[0].1.to_string()), ("0".into(), "500".into()));
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()));
}

/// 3.3(3), decision 24: three calendar months after the contract's end, once all is closed, within ten working days.
#[test]
fn clause_3_3_3_a_deposit_goes_back_when_its_time_has_come_and_all_is_closed() {
    let case = two_cities();
    let release = "deposit-released P0001 city=杭州 amount=300000";
    assert!(matches!(case.refused(release), Refusal::StepMissing { .. }), "the contract runs");
    case.to("2011-06-30T09:00");
    let running = case.refused("contract-ended P0001 note=协议终止");
    assert!(matches!(running, Refusal::Case(Hurdle::Stage { at: Stage::None, .. })), "{running:?}");
    exit::exits(&case, "P0001");
    case.did("contract-ended P0001 note=协议终止");
    // Three months after 30 June is 30 September; ten working days later, over the holidays, 19 October.
    assert_eq!(case.due("deposit-release"), ["2011-10-19T23:59:59"]);
    case.to("2011-09-29T09:00");
    let Refusal::Held(Hold::TooEarly { from, .. }) = case.refused(release) else { panic!("not refused") };
    assert_eq!(from, day("2011-09-30"));
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()), "none is wanted any more");
    case.did("deposit-compensated P0001 payee=consumer amount=1000 city=杭州 note=x");
    let complaint = case.did("complained O1 from=consumer problem=漏单");
    assert!(case.due("deposit-release").is_empty(), "nothing goes back while it is open");
    case.to("2011-10-10T09:00");
    assert_eq!(case.refused(release), Refusal::Held(Hold::Open { by: vec![Seq(complaint)] }));
    case.did(&format!("complaint-ordered P0001 complaint={complaint} correct=no note=不成立"));
    assert_eq!(case.due("deposit-release"), ["2011-10-24T23:59:59"], "ten working days after it was closed");
    // What is left, exactly; then nothing.
    assert!(matches!(case.refused(release), Refusal::Amount { need, .. } if need.to_string() == "299000"));
    case.did("deposit-released P0001 city=杭州 amount=299000");
    assert!(!case.due("deposit-release").is_empty(), "the other city's is there still");
    case.did("deposit-released P0001 city=宁波 amount=300000");
    assert!(case.due("deposit-release").is_empty());
    assert!(matches!(case.refused("deposit-released P0001 city=宁波 amount=1"), Refusal::StepTaken { .. }));
    assert_eq!(CITIES.map(|city| holds(&today(&case), city)), ["0", "0"]);
    assert_eq!(today(&case).ended, Some((day("2011-06-30"), day("2011-09-30"))));
    case.is_sound();
}

/// 2.1.1(3): an outlet's deposit is frozen within three working days of signing, goes with it, and goes back.
#[test]
fn clause_2_1_1_3_an_outlets_deposit() {
    let case = two_cities();
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    let due = |case: &Case| case.due("outlet-deposit");
    assert_eq!(due(&case), ["O1 2011-03-04T23:59:59"]);
    case.did("outlet-deposit-frozen O1 amount=5000");
    assert!(due(&case).is_empty());
    let of = |id: &str| {
        let all = case.desk.account(&id.parse().unwrap(), None, case.desk.today()).unwrap().accounts;
        all.iter().find(|sheet| matches!(sheet.account, Account::Outlet(_))).map(|sheet| signed(sheet.closing.into()))
    };
    assert_eq!(of("P0001").as_deref(), Some("5000"));
    case.did("training-held P0001 city=杭州");
    case.to("2011-04-01T09:00").did("outlet-transferred O1 to=P0002 note=x");
    assert_eq!((of("P0001").as_deref(), of("P0002").as_deref()), (Some("0"), Some("5000")));
    assert!(matches!(case.refused("outlet-deposit-released O1 amount=5000.01 note=x"), Refusal::TooMuch { .. }));
    case.did("outlet-deposit-released O1 amount=5000 note=x");
    assert_eq!(of("P0002").as_deref(), Some("0"));
    case.is_sound();
}

/// A statement: opening, lines, closing; as of a day, and from one; in both languages.
#[test]
fn the_command_prints_a_statement() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let record = |args: &[&str]| store.ok(&[&["record"], args].concat());
    record(&["agreement-effective", "P0001", "--city", "杭州", "--on", "2011-01-04"]);
    record(&["deposit-paid", "P0001", "--city", "杭州", "--on", "2011-01-05"]);
    let frozen = record(&["deposit-frozen", "P0001", "--city", "杭州", "--amount", "300000", "--on", "2011-01-06"]);
    let taken = record(&["deposit-forfeited", "P0001", "--amount", "1200.50", "--note", "x", "--on", "2011-02-01"]);
    let all = store.ok(&["account", "P0001"]);
    let sheet = &all["accounts"][0];
    assert_eq!(
        (&sheet["of"]["city"], &sheet["opening"], &sheet["closing"]),
        (&"杭州".into(), &"0".into(), &"298799.50".into())
    );
    let lines: Vec<(u64, &str)> = sheet["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["entry"].as_u64().unwrap(), l["amount"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [(frozen["entry"].as_u64().unwrap(), "300000"), (taken["entry"].as_u64().unwrap(), "-1200.50")]);
    assert_eq!(store.ok(&["account", "P0001", "--as-of", "2011-01-31"])["accounts"][0]["closing"], "300000");
    let later = store.ok(&["account", "P0001", "--city", "杭州", "--from", "2011-02-01"]);
    assert_eq!(
        (&later["accounts"][0]["opening"], later["accounts"][0]["lines"].as_array().unwrap().len()),
        (&"300000".into(), 1)
    );
    assert_eq!(store.ok(&["account", "P0001", "--city", "宁波"])["accounts"], serde_json::json!([]));
    for (lang, words) in [("en", ["opening", "closing", "Balance"]), ("zh-CN", ["期初", "期末", "余额"])] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        let output =
            command.arg("--store").arg(&store.path).args(["--lang", lang, "account", "P0001"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
    assert_eq!(store.fails(&["account", "P0009"]).0, 1);
}

fn told(sums: &[u64]) -> Vec<String> {
    sums.iter().map(|sum| sum.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Typed in any order, voided and brought back: money is conserved, every balance is explained by its lines, nothing
    /// is below its least, and as of a day is what was said to happen by then.
    #[test]
    fn deposits_come_to_what_plain_sums_say(
        things in prop::collection::vec((0..9u8, 0..60i64, 0..3usize, 0..9u64), 1..40),
        at in 0..60i64,
    ) {
        let case = Case::at("2011-03-10T09:00");
        let first = day("2011-01-05");
        let on = |after: i64| first + chrono::Duration::days(after);
        case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
        for city in CITIES {
            case.did(&format!("agreement-effective P0001 city={city} on=2011-01-05"));
            case.did(&format!("deposit-paid P0001 city={city} on=2011-01-05"));
        }
        let complaint = case.did("complained O1 from=consumer problem=x on=2011-01-05");
        let mut said: Vec<Fact> = Vec::new();
        let mut away: Vec<(u64, Fact)> = Vec::new();
        for (kind, after, which, n) in things {
            let amount = n * 45_000;
            let city = CITIES.get(which).map(|city| format!(" city={city}")).unwrap_or_default();
            let named = (which < 2).then_some(which);
            let to = which % 3;
            let payee = ["consumer", "outlet", "third-party"][to];
            let (typed, step) = match kind {
                0 | 1 if which < 2 => {
                    (format!("deposit-frozen P0001{city} amount=300000"), Step::Freeze(which, 300_000))
                }
                2 if which < 2 => (format!("deposit-topped-up P0001{city} amount={amount}"), Step::TopUp(which, amount)),
                3 | 4 => (
                    format!("deposit-compensated P0001 payee={payee} amount={amount}{city} note=x"),
                    Step::Award(named, amount, to),
                ),
                5 => (format!("deposit-forfeited P0001 amount={amount}{city} note=x"), Step::Forfeit(named, amount)),
                6 => (
                    format!("complaint-ordered P0001 complaint={complaint} compensation={amount} correct=no note=x"),
                    Step::Award(None, amount, 0),
                ),
                7 if !said.is_empty() => {
                    let nth = (n as usize * 7 + which) % said.len();
                    let void = Command::Void { entry: Seq(said[nth].seq), dependents: false, reason: "误".into() };
                    if let Ok(receipt) = case.ask(void) {
                        away.push((receipt.seq.0, said.remove(nth)));
                    }
                    continue;
                }
                8 if !away.is_empty() => {
                    let nth = (n as usize) % away.len();
                    let void = Command::Void { entry: Seq(away[nth].0), dependents: false, reason: "误".into() };
                    if case.ask(void).is_ok() {
                        said.push(away.remove(nth).1);
                    }
                    continue;
                }
                _ => continue,
            };
            let Ok(command) = case.read(&format!("{typed} on={}", on(after))) else { continue };
            if let Ok(receipt) = case.ask(command) {
                said.push(Fact { on: on(after), seq: receipt.seq.0, step });
            }
        }
        for until in [at, 64] {
            let by: Vec<Fact> = said.iter().filter(|fact| fact.on <= on(until)).cloned().collect();
            let sums = money::sums(&by, CITIES.len());
            prop_assert!(sums.stands, "no more is forfeited than there is: {:?}", by);
            let is = case.desk.account(&"P0001".parse().unwrap(), None, on(until)).unwrap();
            prop_assert_eq!(CITIES.map(|city| holds(&is, city)).to_vec(), told(&sums.held), "{:?}", by);
            prop_assert_eq!((is.owed.to_string(), is.forfeited.to_string()), (sums.owed.to_string(), sums.forfeited.to_string()));
            let awarded: Vec<String> = is.awarded.iter().map(|(_, sum)| sum.to_string()).collect();
            prop_assert_eq!(awarded, told(&sums.awarded));
            for sheet in &is.accounts {
                let moved: i128 = sheet.lines.iter().map(|line| line.amount).sum();
                prop_assert_eq!(i128::from(sheet.opening) + moved, i128::from(sheet.closing));
                let least = if sheet.account == Account::Debt { i64::MIN } else { 0 };
                prop_assert!(sheet.lines.iter().all(|line| line.balance >= least));
            }
            let from = case.desk.account(&"P0001".parse().unwrap(), Some(on(until / 2)), on(until)).unwrap();
            prop_assert!(from.accounts.iter().zip(&is.accounts).all(|(a, b)| a.closing == b.closing));
        }
        // What is kept is what the statement says.
        let money = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().money;
        let now = today(&case);
        prop_assert_eq!((money.owed(), money.awarded().0), (now.owed, now.awarded.iter().map(|(_, sum)| sum.0).sum()));
        prop_assert_eq!(money.book.balances().map(|(.., held)| held).sum::<i64>(), 0, "nothing is made or lost");
        let checked = case.desk.check(true, &mut |_| {}).unwrap();
        prop_assert!(checked.is_sound(), "{:?}", checked.recount);
    }
}

/// Late: what was forfeited stands, so a compensation of a day before it that would leave too little is refused, and says
/// what stands against it.
#[test]
fn decision_12_what_was_forfeited_stands() {
    let case = two_cities();
    case.to("2011-04-01T09:00");
    let taken = case.did("deposit-forfeited P0001 amount=600000 note=x");
    let late = case.refused("deposit-compensated P0001 payee=consumer amount=1 note=x on=2011-03-15");
    assert_eq!(late, Refusal::StandsAgainst { by: vec![Seq(taken)] });
    // Of a later day it is owed.
    case.did("deposit-compensated P0001 payee=consumer amount=1 note=x");
    assert_eq!(today(&case).owed.to_string(), "1");
}
