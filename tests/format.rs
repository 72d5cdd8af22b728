//! The view's format is a digest of what the program makes of entries that use every record of the view and every field
//! of it. Whoever changes the shape of a record, or what is derived, is told here to change it too, and the view of an
//! older program is then made anew by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "fixture/exit.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod exit;
mod fixture;

use case::{Case, moment};
use koufen::calendar::Calendar;
use koufen::demo;
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::audit::Sheet;
use koufen::domain::discretion::Usage;
use koufen::domain::state::Kept;
use koufen::domain::{
    AlertState, Command, Deduction, Dossier, Filed, Mark, Marked, Obligation, Outlet, Provider, RequestKind, Turnover,
};
use koufen::ids::{OutletId, ProviderId, Seq};
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::store::{
    Charge, LineRow, LineText, Listed, OutletRow, Proposal, StoredFile, StoredLaws, StoredMonth, StoredMonths,
    StoredProvider, StoredScores, StoredYear, Top, seal,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A desk in a folder, by a calendar.
fn desk(folder: &Path, calendar: Calendar, now: &str) -> Case {
    let clock = Arc::new(ManualClock::at(moment(now)));
    let options = OpenOptions {
        path: folder.join("store"),
        rulebook: Rulebook::shipped().unwrap(),
        calendar,
        clock: clock.clone(),
        wait: std::time::Duration::ZERO,
        progress: &mut |_| {},
    };
    Case::on(Desk::open(options).unwrap().desk, clock)
}

/// Records of every kind, with every field.
fn written(folder: &Path) -> Case {
    let case = desk(folder, Calendar::shipped().unwrap(), "2011-01-24T09:00");
    let whole = |id: &str, name: &str| Provider {
        population: Some(199_999),
        registered_capital: Some(Fen(100_000_000)),
        agreement_on: Some(moment("2011-01-10T00:00").day()),
        email: Some("a@b.cn".into()),
        phone: Some("0571-1".into()),
        ..fixture::provider(id, name)
    };
    case.ask(Command::AddProvider(whole("P0001", "捷达"))).unwrap();
    case.ask(Command::AmendProvider(whole("P0001", "捷达商贸"))).unwrap();
    case.ask(Command::AddProvider(whole("P0002", "顺风"))).unwrap();
    for n in 0..40 {
        case.ask(Command::AddOutlet(fixture::outlet(&format!("Q{n:03}"), "P0002"))).unwrap();
    }
    admitted(&case);
    outlets(&case);
    lines(&case);
    months(&case);
    requests(&case);
    corrected(&case);
    editions(&case);
    // By another calendar, what is due moves.
    let (days, now) =
        (format!("{}2011-07-21,holiday,x\n", include_str!("../src/calendar/cn-days.csv")), case.desk.now());
    case.desk.close().unwrap();
    let case = desk(folder, Calendar::parse(&days).unwrap(), &koufen::time::show_moment(now));
    case.ask(Command::ReplayObligations { provider: "P0001".parse().unwrap() }).unwrap();
    // The last of its provider: nothing of it is what those who signed the exit saw.
    case.did("contract-ended P0006 note=x on=2011-06-19");
    case
}

const HELD: &str = "conference-held P0001 city=杭州 visits=9 outlets_visited=20 invited=100 publicity=abcd";

/// An admission, a city and its conferences, in which everything that can be decided was.
fn admitted(case: &Case) {
    case.active();
    case.did("agreement-effective P0001 city=宁波");
    case.did("deposit-agreed P0001 city=宁波 amount=200000 note=单城");
    case.did("deposit-paid P0001 city=宁波");
    case.did("deposit-frozen P0001 city=宁波 amount=200000");
    case.did("territory-confirmed P0001 city=杭州 population=25000");
    let good = case.did(&format!("{HELD} attended=60 signed=40"));
    case.to("2011-01-25T09:00");
    let failed = case.did(&format!("{HELD} attended=3 signed=1 confirmed_by=王芳 note=x"));
    case.did(&format!("conference-rectified P0001 conference={failed} note=x"));
    case.to("2011-01-26T09:00");
    let again = case.did(&format!("{HELD} attended=3 signed=1"));
    case.did(&format!("conference-judged P0001 conference={again} off_process=yes note=x"));
    case.did(&format!("failure-decided P0001 conference={again} terminate=yes note=x"));
    case.ask(Command::AddProvider(fixture::provider("P0003", "新来"))).unwrap();
    case.did("applied P0003 scope=city");
    case.did("rules-accepted P0003 edition=1.5");
    case.did("checked-service-hours P0003 weekday=09:00-22:00 day_off=10:00-18:00 declared=09:00-12:00,13:00-22:00");
    case.did("weed-out-agreed P0001 region=华东 standard=末位 complaints=1 turnover=2 members=3");
    for n in 1..=4 {
        let conference = if n % 2 == 1 { format!("conference={good}") } else { String::new() };
        case.did(&format!("outlet-proposed P0001 outlet_id=O{n} city=杭州 name=店 staff=1 {conference}"));
        case.did(&format!("outlet-reviewed O{n} passed=yes"));
        case.did(&format!("outlet-signed O{n} party=platform"));
        case.did(&format!("outlet-opened O{n} real_time=yes"));
    }
    case.did("first-batch-normal P0001 city=杭州");
    case.did("territory-confirmed P0002 city=杭州 population=199999");
    case.ask(Command::AddProvider(fixture::provider("P0005", "少"))).unwrap();
    case.did("territory-confirmed P0005 city=杭州 population=20000");
    case.did("outlet-proposed P0002 outlet_id=O9 city=杭州 name=店 staff=1");
    case.did("outlet-reviewed O9 passed=yes");
    case.did("outlet-signed O9 party=platform");
    case.did("outlet-opened O9 real_time=yes");
}

/// Editions adopted and withdrawn, what a provider agreed otherwise, and a line that is judged by both.
fn editions(case: &Case) {
    let adopt = |edition: &str, effective: &str| {
        let text = include_str!("../src/rulebook/rulebook.toml").replace("edition = \"1.5\"", edition);
        case.ask(Command::AdoptEdition { text, effective: moment(effective).day() }).unwrap().seq
    };
    adopt("edition = \"1.5b\"", "2011-02-01T00:00");
    let gone = adopt("edition = \"1.6\"", "2012-01-01T00:00");
    case.ask(Command::Void { entry: gone, dependents: false, reason: "误".into() }).unwrap();
    case.did("override-agreed P0001 rule_name=brand-standard value=2-8 note=协议 on=2011-03-01");
    case.did("override-agreed P0001 rule_name=exit-answer value=none note=协议 effective=2011-09-01");
    let line = Deduction {
        provider: "P0001".parse().unwrap(),
        article: "brand-standard".parse().unwrap(),
        points: Points(8),
        occurred_on: case.desk.today(),
        outlet: Some("O1".parse().unwrap()),
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    };
    audited(case, Deduction { outlet: Some("O4".parse().unwrap()), ..line.clone() });
    case.ask(Command::Deduct(line.clone())).unwrap();
    // From 9 points on a line takes a second person.
    let text = include_str!("../src/rulebook/rulebook.toml").replace("edition = \"1.5\"", "edition = \"1.7\"");
    let text = text.replace("# second_person_from = 30 ", "second_person_from = 9 ");
    let effective = moment("2011-02-02T00:00").day();
    case.ask(Command::AdoptEdition { text, effective }).unwrap();
    let held = || case.did("training-held P0001 city=杭州 outlets=O1,O4");
    let dear = |training: u64| Deduction {
        article: "training-failure".parse().unwrap(),
        points: Points(20),
        problem: Some("发货".into()),
        note: Some("备注".into()),
        subject: Some(koufen::domain::LineSubject::Named(training.to_string())),
        evidence: Some("照片".into()),
        ..line.clone()
    };
    let proposal = case.ask(Command::Deduct(dear(held()))).unwrap().seq;
    let other = fixture::who("王芳");
    case.desk.submit(&other, Command::ConfirmLine { proposal }).unwrap();
    case.to("2011-07-20T10:00");
    case.ask(Command::Deduct(dear(held()))).unwrap();
    let training = held();
    case.did(&format!("training-checked P0001 training={training} checked=2 failed=2"));
    let found = case.findings().into_iter().find(|id| id.starts_with("training-failure/")).unwrap();
    case.ask(Command::ConfirmFinding { finding: found.parse().unwrap(), points: None, note: None }).unwrap();
    // One that goes with its audit.
    let entry = audited(case, dear(held()));
    case.ask(Command::Void { entry, dependents: true, reason: "误".into() }).unwrap();
}

/// An audit with a line.
fn audited(case: &Case, line: Deduction) -> Seq {
    let sheet = Sheet {
        provider: line.provider.clone(),
        auditors: vec!["王芳".into(), "李雷".into()],
        scope: "门店".into(),
        on: None,
        note: Some("x".into()),
        lines: vec![line],
    };
    case.ask(Command::Audit(Box::new(sheet))).unwrap().seq
}

/// Training, promotion, complaints and claims; outlets that leave.
fn outlets(case: &Case) {
    case.to("2011-01-28T09:00");
    case.did("promotion-held P0001 title=春节 material_on=2011-01-10");
    let training = case.did("training-held P0001 city=杭州 outlets=O1,O2,O3,O4");
    case.did(&format!("training-guided P0001 training={training}"));
    let complaint = case.did("complained O1 from=consumer problem=退货");
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=10 correct=yes note=x"));
    case.did("complained O1 from=outlet problem=退货");
    case.did("brand-checked O1 passed=no");
    case.did("brand-checked O4 passed=yes");
    case.to("2011-02-20T09:00");
    case.did("outlet-closed O2 note=x");
    case.did("claim-opened O2 traded_on=2011-02-10");
    case.did("attrition-investigated P0001 city=杭州 fault=yes unmet_demand=十家 note=调查");
    case.did("exit-asked O3");
    case.did("outlet-deposit-frozen O3 amount=5000");
    case.did("outlet-transferred O3 to=P0002 note=x");
    case.did("outlet-exited O3 evidence=form,photos,statement");
}

/// Lines with all that they can have, capped, reversed and supported.
fn lines(case: &Case) {
    let line = |article: &str, points| Deduction {
        provider: "P0001".parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: case.desk.today(),
        outlet: Some("O1".parse().unwrap()),
        problem: Some("发货".into()),
        note: Some("多行\n备注".into()),
        subject: None,
        evidence: Some("照片".into()),
    };
    let first_line = case.ask(Command::Deduct(line("outlet-complaint", 2))).unwrap().seq;
    for _ in 0..79 {
        case.ask(Command::Deduct(line("outlet-complaint", 2))).unwrap();
    }
    let first = case.ask(Command::Deduct(line("outlet-complaint", 2))).unwrap().seq;
    case.ask(Command::Reverse { line: first, reason: "误记".into() }).unwrap();
    let objection = case.did(&format!("objection-opened P0001 against={first_line} grounds=x"));
    case.did(&format!("objection-heard P0001 objection={objection} note=x"));
    case.did(&format!("objection-answered P0001 objection={objection} upheld=yes note=x confirmed_by=王芳"));
    for article in ["brand-standard/", "outlet-complaint/"] {
        let found = case.findings().into_iter().find(|id| id.starts_with(article)).unwrap();
        case.ask(Command::ConfirmFinding { finding: found.parse().unwrap(), points: None, note: None }).unwrap();
    }
}

/// A line of a roll-out that fell short, supported later.
fn supported(case: &Case) {
    case.to("2011-06-19T09:00");
    let short = Deduction {
        provider: "P0005".parse().unwrap(),
        article: "rollout-shortfall".parse().unwrap(),
        points: Points(20),
        occurred_on: case.desk.today(),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: Some("照片".into()),
    };
    let line = case.ask(Command::TakeIn(short)).unwrap().seq;
    ends(case);
    case.ask(Command::Support { line, subject: Some("杭州/first".into()), evidence: None }).unwrap();
}

/// A self-operated provider from its hundredth point to its permissions, frozen.
fn ends(case: &Case) {
    let own = Provider { kind: koufen::domain::ProviderKind::SelfOperated, ..fixture::provider("P0006", "自营") };
    case.ask(Command::AddProvider(own)).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("S1", "P0006"))).unwrap();
    let line = Deduction {
        provider: "P0006".parse().unwrap(),
        article: "competing-business".parse().unwrap(),
        points: Points(100),
        occurred_on: case.desk.today(),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: Some("照片".into()),
    };
    let line = case.ask(Command::Deduct(line)).unwrap().seq;
    let plan = "advice=x deadline=2011-07-01 standard=y note=台风";
    case.did(&format!("rectification-planned P0006 {plan}"));
    case.did(&format!("rectification-extended P0006 {plan}"));
    case.did(&format!("rectification-failed P0006 points=20 {plan}"));
    case.did("rectification-passed P0006 points=10");
    case.did("termination-decided P0006 year=2011 terminate=yes note=x");
    let told = case.did(&format!("notice-sent P0006 event=deduction about={line} recipients=all via=email"));
    case.did(&format!("notice-entered P0006 notice={told} at=2011-06-19T09:00"));
    case.did(&format!("notice-proved P0006 notice={told} proof=回执"));
    case.did("notice-sent P0006 event=decision recipients=all via=system-message entered=2011-06-19T09:00");
    exit::did_by(case, "拓展", "provider-exit-proposed P0006 note=x");
    case.did("notice-sent P0006 event=exit-proposed recipients=departments via=courier");
    exit::did_by(case, "负责人", "provider-exit-confirmed P0006");
    exit::did_by(case, "系统", "provider-exit-signed P0006 role=system-manager");
    case.did("complained S1 from=consumer problem=发货");
    exit::did_by(case, "法务", "provider-exit-signed P0006 role=legal");
    // What is taken away of an exit changes nothing of what the others saw.
    let wrong = exit::did_by(case, "系统", "provider-exit-signed P0006 role=system-manager");
    case.ask(Command::Void { entry: Seq(wrong), dependents: false, reason: "误录".into() }).unwrap();
    exit::did_by(case, "系统", "provider-exit-signed P0006 role=system-manager");
    case.did("permissions-frozen P0006");
}

/// Turnover, also of outlets that were not there all month, with a decided finding, a report that is voided, and orders
/// without a final status.
fn months(case: &Case) {
    supported(case);
    case.to("2011-06-20T09:00");
    let report = |outlet: String, month: &str, fen, status| Turnover {
        outlet: outlet.parse().unwrap(),
        month: month.parse().unwrap(),
        amount: Fen(fen),
        orders: Some(9),
        with_final_status: Some(status),
    };
    for n in 0..40 {
        let signed = Outlet {
            signed_on: Some(moment("2010-06-01T00:00").day()),
            ..fixture::outlet(&format!("Q{n:03}"), "P0002")
        };
        case.ask(Command::AmendOutlet(signed)).unwrap();
        for month in ["2011-03", "2011-04", "2011-05"] {
            case.ask(Command::RecordTurnover(report(format!("Q{n:03}"), month, n * 10, 3))).unwrap();
        }
    }
    case.did("outlet-suspended Q004 note=x on=2011-04-10");
    case.did("outlet-resumed Q004 note=x on=2011-04-20");
    case.did("outlet-closed Q005 note=x on=2011-05-15");
    let last = case.ask(Command::RecordTurnover(report("O4".into(), "2011-05", 1, 1))).unwrap().seq;
    case.ask(Command::Void { entry: last, dependents: false, reason: "误录".into() }).unwrap();
    let found = case.findings().into_iter().find(|id| id.starts_with("dormant-outlets/")).unwrap();
    case.ask(Command::ConfirmFinding { finding: found.parse().unwrap(), points: None, note: None }).unwrap();
}

/// Requests answered late and not at all, and marks on alerts, one taken back.
fn requests(case: &Case) {
    let ask = |outlet: &str, kind| {
        let note = Some("x".into());
        case.ask(Command::OpenRequest { outlet: outlet.parse().unwrap(), kind, at: None, note }).unwrap().seq
    };
    let help = ask("O1", RequestKind::Help);
    ask("O4", RequestKind::Exit);
    case.to("2011-07-20T09:00");
    case.ask(Command::AnswerRequest { request: help, at: None, note: Some("好".into()) }).unwrap();
    let alerts = case.desk.alerts(None).unwrap();
    let alerts: Vec<_> = alerts.into_iter().filter(|alert| alert.state == AlertState::Firing).collect();
    let marks = [Mark::Acknowledged, Mark::Assigned { to: "李雷".into() }, Mark::Acknowledged];
    for (alert, mark) in alerts.into_iter().zip(marks) {
        let mark = Command::MarkAlert { provider: alert.provider, subject: alert.subject, mark };
        let seq = case.ask(mark).unwrap().seq;
        if alert.level > 1 {
            case.ask(Command::Void { entry: seq, dependents: false, reason: "误录".into() }).unwrap();
        }
    }
}

/// Entries of every kind of record that are taken away, brought back and replaced.
fn corrected(case: &Case) {
    let void = |entry| case.ask(Command::Void { entry, dependents: false, reason: "误录".into() }).unwrap().seq;
    let gone = case.ask(Command::AddOutlet(fixture::outlet("O99", "P0001"))).unwrap().seq;
    void(gone);
    let amended = case.ask(Command::AmendProvider(fixture::provider("P0002", "顺风二"))).unwrap().seq;
    void(amended);
    case.ask(Command::AmendOutlet(Outlet { staff: Some(0), ..fixture::outlet("Q039", "P0002") })).unwrap();
    let training = Seq(case.did("training-held P0001 city=杭州 outlets=O1"));
    let with = Box::new(case.read("training-held P0001 city=杭州 outlets=O1,O4").unwrap());
    case.ask(Command::Replace { entry: training, reason: "笔误".into(), with }).unwrap();
    let suspended = Seq(case.did("outlet-suspended Q003 note=x"));
    let by = void(suspended);
    void(by);
    case.ask(Command::AddProvider(fixture::provider("P0004", "后来"))).unwrap();
    case.did("territory-confirmed P0004 city=杭州 population=199999");
    case.did("outlet-proposed P0004 outlet_id=O8 city=杭州 name=店 staff=1");
    case.did("outlet-reviewed O8 passed=yes");
    case.did("outlet-signed O8 party=platform");
    case.did("outlet-opened O8 real_time=yes");
}

#[test]
fn the_format_is_what_the_program_makes() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(moment("2010-01-01T09:00")));
    let sample = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
    demo::fill(&sample, &clock).unwrap();
    let mut hash = blake3::Hasher::new();
    for desk in [&sample, &written(folder.path()).desk] {
        hash.update(&desk.view_digest().unwrap());
    }
    let is = u64::from_be_bytes(hash.finalize().as_bytes()[..8].try_into().unwrap());
    assert!(
        seal::FORMAT == is,
        "the view that this program makes is another one than FORMAT says: in src/store/seal.rs, set FORMAT to {is:#018x}"
    );
}

/// Fields of records by name, and whether any record has something there.
type Fields = BTreeMap<String, bool>;

fn look(at: &str, value: &Value, fields: &mut Fields) {
    let empty = match value {
        Value::Null => true,
        Value::Bool(yes) => !yes,
        Value::Number(n) => n.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
    };
    *fields.entry(at.to_owned()).or_default() |= !empty;
    match value {
        Value::Array(all) => all.iter().for_each(|value| look(at, value, fields)),
        Value::Object(all) => all.iter().for_each(|(name, value)| look(&format!("{at}.{name}"), value, fields)),
        _ => {}
    }
}

fn read<T: DeserializeOwned + Serialize>(name: &str, bytes: &[u8], fields: &mut Fields) -> T {
    let (value, used): (T, _) = bincode::serde::decode_from_slice(bytes, bincode::config::standard()).unwrap();
    assert_eq!(used, bytes.len(), "{name}");
    if let Ok(json) = serde_json::to_value(&value) {
        look(name, &json, fields);
    }
    value
}

/// The rows of a page: how many, how long each is and how its place begins, then each behind its fingerprint, the length
/// of its place and how that goes on.
fn rows<T: DeserializeOwned + Serialize>(name: &str, bytes: &[u8], fields: &mut Fields) {
    let (page, _): (Vec<u8>, _) = bincode::serde::decode_from_slice(bytes, bincode::config::standard()).unwrap();
    let number = |at: usize| u32::from_le_bytes(page[at..at + 4].try_into().unwrap()) as usize;
    let count = number(0);
    let mut body = &page[4 + 8 * count..];
    for at in 0..count {
        let (row, rest) = body.split_at(number(4 + 8 * at));
        read::<T>(name, &row[5 + usize::from(row[4]).saturating_sub(4)..], fields);
        body = rest;
    }
    assert!(body.is_empty(), "{name}");
}

/// A record as it was before it was packed.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    match bytes[0] {
        0 => bytes[1..].to_vec(),
        _ => lz4_flex::decompress_size_prepended(&bytes[1..]).unwrap(),
    }
}

/// What is empty in every view, and why.
const NEVER: &[(&str, &str)] = &[
    ("Scores.years.peaks.more", "a score that rises so often takes a hundred lines"),
    ("Top.lost", "only a loss that was accepted at open makes it"),
    ("Filed.act.Happened.terms.have", "what an entry begins has nothing done yet"),
    ("Filed.act.Arrived.terms.have", "what is due of one outlet is not counted"),
    ("Dossier.money.ended.term.have", "a release is not counted"),
    ("Dossier.money.ended.term.need", "a release is not counted"),
    ("Filed.act.Arrived.terms.need", "what is due of one outlet is not counted"),
    ("Filed.act.Happened.fact.Outlet.Proposed.outlet.signed_on", "a proposal comes before the signing"),
];

#[test]
fn every_record_of_the_view_and_every_field_is_in_what_the_format_is_made_of() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).desk.close().unwrap();
    let halves = ["records", "pages"].map(|half| sled::open(folder.path().join("store/view").join(half)).unwrap());
    let (mut fields, mut tags) = (Fields::new(), BTreeSet::new());
    for row in halves.iter().flat_map(|half| half.iter()) {
        let (key, bytes) = row.unwrap();
        let bytes = unpacked(&bytes);
        tags.insert(key[0] as char);
        let f = &mut fields;
        match key[0] {
            b'H' => drop(read::<Top>("Top", &bytes, f)),
            b'G' => drop(read::<StoredLaws>("Laws", &bytes, f)),
            b'P' => drop(read::<StoredProvider>("Provider", &bytes, f)),
            b'Y' => drop(read::<StoredYear>("Year", &bytes, f)),
            b'L' => rows::<LineRow>("Line", &bytes, f),
            b'K' => rows::<LineText>("Text", &bytes, f),
            b'O' => rows::<OutletRow>("Outlet", &bytes, f),
            b'N' => drop(read::<StoredMonths>("Months", &bytes, f)),
            b'M' => drop(read::<StoredMonth>("Month", &bytes, f)),
            b'T' => rows::<Turnover>("Turnover", &bytes, f),
            b'W' => drop(read::<Vec<(OutletId, Seq, Option<Seq>)>>("Spoken", &bytes, f)),
            b'X' => drop(read::<Vec<OutletRow>>("Outlet", &bytes, f)),
            b'R' => drop(read::<StoredFile>("File", &bytes, f)),
            b'E' => rows::<Filed>("Filed", &bytes, f),
            b'Z' => drop(read::<StoredScores>("Scores", &bytes, f)),
            b'C' => {
                let [due, kept, dossier]: [Vec<u8>; 3] = read("State", &bytes, f);
                read::<Vec<(Seq, Obligation)>>("Obligations.open", &due, f);
                read::<Vec<Kept>>("Findings.kept", &kept, f);
                read::<Dossier>("Dossier", &dossier, f);
            }
            b'S' => drop(read::<Vec<(u64, Seq)>>("Said", &bytes, f)),
            b'A' => drop(read::<Vec<Marked>>("Marked", &bytes, f)),
            b'V' => drop(read::<Vec<Charge>>("Charge", &bytes, f)),
            b'B' => drop(read::<Vec<Proposal>>("Proposal", &bytes, f)),
            b'U' => drop(read::<Usage>("Usage", &bytes, f)),
            b'D' => rows::<Listed>("Listed", &bytes, f),
            b'I' => drop(read::<Vec<ProviderId>>("Id", &bytes, f)),
            tag => panic!("tests/format.rs does not know the records of {:?}", tag as char),
        }
    }
    let keys = include_str!("../src/store/keys.rs");
    let listed = keys.lines().filter_map(|line| line.strip_prefix("//! | `")?.chars().next());
    assert_eq!(tags, listed.collect(), "the kinds of records of src/store/keys.rs");
    let empty: Vec<&str> = fields.iter().filter(|(_, some)| !**some).map(|(name, _)| name.as_str()).collect();
    let never: BTreeSet<&str> = NEVER.iter().map(|(name, _)| *name).collect();
    assert_eq!(empty, never.into_iter().collect::<Vec<_>>(), "fields that no record has anything in");
    let acts = ["There", "Happened", "Asked", "Answered", "Decided", "Moved", "Arrived", "EndedElsewhere"];
    let without = acts.into_iter().find(|act| !fields.contains_key(&format!("Filed.act.{act}")));
    assert_eq!(without, None, "what a fact can be");
    assert!(fields.len() > 450, "{} fields", fields.len());
}
