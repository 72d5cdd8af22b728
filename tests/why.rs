//! Why something is so, told to its end: the figures and the names, in both languages and in JSON, of each kind of line,
//! finding, obligation and entry; and that all of the sample can be told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "fixture/dice.rs"]
mod dice;
mod fixture;

use binary::Store;
use case::{Case, moment};
use koufen::desk::{Desk, DeskError, Explained, ManualClock};
use koufen::domain::why::{Ground, Target};
use koufen::domain::{Command, Deduction, LineKind, Measured, Refusal, RequestKind, Turnover};
use koufen::exchange::trace;
use koufen::ids::Seq;
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::parse_day;
use koufen::words::Lang;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is told, as text in both languages and as JSON.
struct Told {
    zh: String,
    en: String,
    json: Value,
}

impl Told {
    /// Both texts have all of these: figures and names are the same in every language.
    fn both(&self, words: &[&str]) -> &Told {
        for word in words {
            assert!(self.zh.contains(word), "no {word:?} in\n{}", self.zh);
            assert!(self.en.contains(word), "no {word:?} in\n{}", self.en);
        }
        self
    }

    fn says(&self, zh: &str, en: &str) -> &Told {
        assert!(self.zh.contains(zh), "no {zh:?} in\n{}", self.zh);
        assert!(self.en.contains(en), "no {en:?} in\n{}", self.en);
        self
    }

    /// The grounds of a kind.
    fn grounds(&self, kind: &str) -> Vec<&Value> {
        let all = self.json["grounds"].as_array().unwrap();
        all.iter().filter(|ground| ground["ground"] == kind).collect()
    }

    /// The one ground of a kind.
    fn ground(&self, kind: &str) -> &Value {
        let all = self.grounds(kind);
        assert_eq!(all.len(), 1, "{kind}: {all:?}");
        all[0]
    }

    /// The numbers of the entries in a role.
    fn entries(&self, role: &str) -> Vec<u64> {
        let all = self.grounds("entries").into_iter().filter(|ground| ground["role"] == role);
        all.flat_map(|ground| ground["entries"].as_array().unwrap()).map(|e| e["entry"].as_u64().unwrap()).collect()
    }
}

fn words(told: &Explained) -> Told {
    let book = Rulebook::shipped().unwrap();
    let text = |lang| {
        let rows = trace::rows(lang, &book, told);
        let unsaid = |text: &str| text.split([' ', '（', '：']).any(|word| word.starts_with("trace-"));
        rows.iter().for_each(|row| assert!(!unsaid(&row.label) && !unsaid(&row.text), "{row:?}"));
        rows.iter().map(|row| format!("{}  {}\n", row.label, row.text)).collect()
    };
    Told { zh: text(Lang::ZhCn), en: text(Lang::En), json: trace::json(&book, told) }
}

fn why(case: &Case, target: &str) -> Told {
    let target: Target = target.parse().unwrap();
    words(&case.desk.why(&target).unwrap_or_else(|e| panic!("{target}: {e}")))
}

fn refused(case: &Case, target: &str) -> Refusal {
    match case.desk.why(&target.parse().unwrap()) {
        Err(DeskError::Refused(refusal)) => refusal,
        other => panic!("{target}: {other:?}"),
    }
}

fn with_outlet(now: &str) -> Case {
    let case = Case::at(now);
    let outlet = koufen::domain::Outlet { name: "文三路便利店".into(), ..fixture::outlet("O1", "P0001") };
    case.ask(Command::AddOutlet(outlet)).unwrap();
    case
}

fn deduct(case: &Case, article: &str, points: u32, on: &str, problem: Option<&str>) -> u64 {
    let deduction = Deduction {
        provider: "P0001".parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: parse_day(on).unwrap(),
        outlet: Some("O1".parse().unwrap()),
        problem: problem.map(str::to_owned),
        note: Some("现场照片".into()),
        subject: None,
        evidence: None,
    };
    case.ask(Command::Deduct(deduction)).unwrap().seq.0
}

fn asks(case: &Case, outlet: &str, kind: RequestKind, at: &str) -> u64 {
    let command = Command::OpenRequest { outlet: outlet.parse().unwrap(), kind, at: Some(moment(at)), note: None };
    case.ask(command).unwrap().seq.0
}

fn answers(case: &Case, request: u64, at: &str) -> u64 {
    let command = Command::AnswerRequest { request: Seq(request), at: Some(moment(at)), note: None };
    case.ask(command).unwrap().seq.0
}

fn void(case: &Case, entry: u64) -> u64 {
    let command = Command::Void { entry: Seq(entry), dependents: false, reason: "误录".into() };
    case.ask(command).unwrap().seq.0
}

fn confirm(case: &Case, finding: &str) -> u64 {
    let command = Command::ConfirmFinding { finding: finding.parse().unwrap(), points: None, note: None };
    case.ask(command).unwrap().seq.0
}

/// 2.2.2, decision 6: who used up the cap, what is left, assessed beside effective.
#[test]
fn clause_2_2_2_a_line_that_the_cap_cuts() {
    let case = with_outlet("2011-03-20T09:00");
    let lines: Vec<u64> = [(1, "03-01"), (2, "03-02"), (2, "03-03"), (2, "03-04"), (2, "03-05")]
        .iter()
        .map(|(points, day)| deduct(&case, "outlet-complaint", *points, &format!("2011-{day}"), Some("发货慢")))
        .collect();
    let cut = deduct(&case, "outlet-complaint", 2, "2011-03-06", Some("发货慢"));
    deduct(&case, "outlet-complaint", 2, "2011-03-06", Some("无人接听"));
    let told = why(&case, &format!("#{cut}"));
    let cap = told.ground("cap");
    let before: Vec<u64> =
        cap["before"].as_array().unwrap().iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(before, lines, "the lines of the same problem, and no others");
    assert_eq!(
        (&cap["cap"], &cap["used"], &cap["left"], &cap["assessed"], &cap["effective"]),
        (&json!(10), &json!(9), &json!(1), &json!(2), &json!(1))
    );
    let score = told.ground("score");
    assert_eq!((&score["before"], &score["after"], &score["now"]), (&json!(9), &json!(10), &json!(12)));
    told.both(&["2.2.2", "1.5", "发货慢", "文三路便利店", "#3 · 2011-03-01 · 1", "现场照片", "tester"])
        .says("全年最多 10 分", "10 points a year")
        .says("此前已用 9，剩余 1", "used before it 9, left 1")
        .says("评定 2 分，计入 1 分", "assessed 2, counts 1");
    let whole = why(&case, &lines[0].to_string());
    whole.says("未受封顶", "the cap cuts nothing");
}

/// Decision 13: a reversed line says by which entry, whose, why; its reversal says what it did to the score.
#[test]
fn a_reversed_line_and_its_reversal() {
    let case = with_outlet("2011-03-20T09:00");
    let line = deduct(&case, "brand-standard", 5, "2011-03-02", None);
    let reversal = case.ask(Command::Reverse { line: Seq(line), reason: "申诉成立".into() }).unwrap().seq.0;
    let told = why(&case, &line.to_string());
    assert_eq!(told.entries("taken-by"), [reversal]);
    assert_eq!((&told.ground("line")["effective"], &told.ground("score")["after"]), (&json!(0), &json!(0)));
    told.both(&["1.6.2(1)", "申诉成立", &format!("#{reversal}")]).says("评定 5 分，计入 0 分", "assessed 5, counts 0");
    let told = why(&case, &reversal.to_string());
    assert_eq!(told.entries("takes"), [line]);
    assert_eq!((&told.ground("score")["before"], &told.ground("score")["after"]), (&json!(5), &json!(0)));
    told.says("未冲正为 5 分，冲正后 0 分", "5 without it, 0 with it");
    let undone = void(&case, reversal);
    let told = why(&case, &reversal.to_string());
    assert_eq!(told.entries("taken-by"), [undone]);
    assert_eq!(why(&case, &line.to_string()).entries("taken-by"), [0; 0]);
}

/// 1.1(7): a line counts in the year in which it occurred, and says so where it was typed in another.
#[test]
fn clause_1_1_7_a_line_of_december_typed_in_january() {
    let case = with_outlet("2012-01-05T09:00");
    let line = deduct(&case, "brand-standard", 5, "2011-12-28", None);
    let told = why(&case, &line.to_string());
    let year = told.ground("year");
    assert_eq!(
        (&year["year"], &year["occurred_on"], &year["typed_on"]),
        (&json!(2011), &json!("2011-12-28"), &json!("2012-01-05"))
    );
    told.says("计入 2011 年：发生于 2011-12-28，虽于 2012-01-05 录入", "counts in 2011")
        .says("1.1(7)", "though it was typed 2012-01-05");
}

/// 1.6.1(1)6, decision 8: both shares in whole numbers, and which of them is broken.
#[test]
fn clause_1_6_1_1_6_the_shares_of_a_conference() {
    let case = Case::at("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    let held = case.did(
        "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=39 signed=24 publicity=abcd",
    );
    let told = why(&case, &format!("conference-results/P0001/{held}"));
    let ratios = told.grounds("ratio");
    assert_eq!(
        (&ratios[0]["left"], &ratios[0]["right"], &ratios[0]["broken"]),
        (&json!(3900), &json!(4000), &json!(true))
    );
    assert_eq!(
        (&ratios[1]["left"], &ratios[1]["right"], &ratios[1]["broken"]),
        (&json!(2400), &json!(2340), &json!(false))
    );
    assert_eq!(told.entries("began"), [held]);
    told.both(&["1.6.1(1)", "39 × 100 = 3900 < 100 × 40 = 4000", "24 × 100 = 2400 > 39 × 60 = 2340"])
        .says("低于 40 %", "under 40 %")
        .says("不低于 60 %", "not under 60 %");
    let rectified = case.did(&format!("conference-rectified P0001 conference={held} note=已整改"));
    assert_eq!(why(&case, &format!("conference-results/P0001/{held}")).entries("rests-on"), [rectified]);
}

/// 1.6.1(2): the target from the people, the 45 days, and by name each outlet that was counted open on the day.
#[test]
fn clause_1_6_1_2_a_roll_out_that_fell_short() {
    let case = Case::at("2011-01-20T09:00");
    let city = case.did("territory-confirmed P0001 city=杭州 population=199999");
    for (id, name) in [("O11", "解放路书店"), ("O12", "人民路超市")] {
        case.did(&format!("outlet-proposed P0001 outlet_id={id} city=杭州 name={name} staff=1"));
        case.did(&format!("outlet-reviewed {id} passed=yes"));
        case.did(&format!("outlet-signed {id} party=platform"));
    }
    let opened = case.did("outlet-opened O11 real_time=yes");
    case.to("2011-03-10T09:00");
    case.did("outlet-opened O12 real_time=yes");
    let id = format!("rollout-shortfall/P0001/{city}.first");
    let told = why(&case, &id);
    let served = told.ground("served");
    assert_eq!((&served["on"], &served["need"], &served["have"]), (&json!("2011-03-06"), &json!(13), &json!(1)));
    assert_eq!(
        served["outlets"],
        json!([{
            "outlet": "O11", "name": "解放路书店", "since": "2011-01-20",
            "entry": opened, "by": "tester", "recorded_at": "2011-01-20T09:00",
        }])
    );
    assert_eq!(told.ground("measured")["now"]["have"], served["have"], "the list is the number");
    assert_eq!(told.ground("line-on")["year"], 2011);
    let plan = told.ground("plan");
    assert_eq!((&plan["target"], &plan["first_batch"]), (&json!(20), &json!(13)));
    assert_eq!(told.ground("broken")["on"], "2011-03-07", "decision 11");
    // 4.4(1): the first edition is of February; what was confirmed before is judged by it all the same, and says so.
    assert_eq!(
        (&told.ground("clause")["in_force"], &told.ground("clause")["on"]),
        (&json!(true), &json!("2011-03-07"))
    );
    let early = why(&case, &format!("{city}/first-batch"));
    assert_eq!(
        (&early.ground("clause")["in_force"], &early.ground("clause")["on"]),
        (&json!(false), &json!("2011-01-20"))
    );
    early.says("未载入更早的版本", "no older edition is loaded");
    told.both(&["O11 解放路书店 · 2011-01-20", "199999", "10000", "20 × 65 %", "2011-03-06 23:59:59"])
        .says("计入 1 家，应有 13 家", "1 counted open, 13 wanted")
        .says("首批网点 杭州：", "first batch 杭州: 45 calendar days");
    assert!(!told.en.contains("人民路超市"), "it opened later");
    let all = why(&case, &format!("{city}/all-outlets"));
    assert_eq!((&all.ground("served")["have"], &all.ground("outcome")["outcome"]), (&json!(2), &json!("open")));
}

/// 2.2.3(1): who left, when they had opened, and the share of the plan.
#[test]
fn clause_2_2_3_1_early_attrition_by_name() {
    let case = Case::at("2011-01-20T09:00");
    let city = case.did("territory-confirmed P0001 city=杭州 population=199999");
    for n in 1..=4 {
        case.did(&format!("outlet-proposed P0001 outlet_id=O{n} city=杭州 name=第{n}店 staff=1"));
        case.did(&format!("outlet-reviewed O{n} passed=yes"));
        case.did(&format!("outlet-signed O{n} party=platform"));
        case.did(&format!("outlet-opened O{n} real_time=yes"));
    }
    case.to("2011-03-31T09:00");
    let left: Vec<u64> = (1..=3).map(|n| case.did(&format!("outlet-closed O{n} note=x"))).collect();
    let looked = case.did("attrition-investigated P0001 city=杭州 fault=yes unmet_demand=十家 note=调查");
    let told = why(&case, &format!("early-attrition/P0001/{city}"));
    let rows = told.ground("left")["outlets"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["entry"].as_u64().unwrap()).collect::<Vec<_>>(), left);
    assert_eq!((&rows[0]["opened_on"], &rows[0]["left_on"]), (&json!("2011-01-20"), &json!("2011-03-31")));
    assert_eq!(told.entries("rests-on"), [looked]);
    told.both(&["第1店", "第2店", "第3店", "3 × 100 = 300 > 20 × 10 = 200", "调查"])
        .says("2011-01-20 开通，2011-03-31 离开", "opened 2011-01-20, left 2011-03-31");
    assert!(!told.zh.contains("第4店"));
}

/// 2.2.3(3), decision 7: each dormant outlet with its amounts and entries, and both allowances rounded down.
#[test]
fn clause_2_2_3_3_a_dormant_month_counted_out() {
    let case = Case::at("2011-06-01T09:00");
    let signed_on = parse_day("2010-11-01").unwrap();
    let turnover = |n: u32, month: &str, yuan: u64| Turnover {
        outlet: format!("O{n}").parse().unwrap(),
        month: month.parse().unwrap(),
        amount: Fen(yuan * 100),
        orders: None,
        with_final_status: None,
    };
    let mut entries = Vec::new();
    for n in 1..=7 {
        let name = format!("第{n}店");
        let outlet =
            koufen::domain::Outlet { signed_on: Some(signed_on), name, ..fixture::outlet(&format!("O{n}"), "P0001") };
        case.ask(Command::AddOutlet(outlet)).unwrap();
        for (month, yuan) in [("2011-04", 900 + u64::from(n)), ("2011-05", if n <= 3 { 990 } else { 5_000 })] {
            entries.push(case.ask(Command::RecordTurnover(turnover(n, month, yuan))).unwrap().seq.0);
        }
    }
    let reason = "复核".to_owned();
    let amended = case.ask(Command::AmendTurnover { turnover: turnover(2, "2011-05", 0), reason }).unwrap().seq.0;
    let told = why(&case, "dormant-outlets/P0001/2011-05");
    let d = told.ground("dormant");
    assert_eq!((&d["tested"], &d["points"]), (&json!(7), &json!(2)), "3 - floor(1.05) = 2; 1 - floor(0.14) = 1");
    assert_eq!((&d["low"]["count"], &d["low"]["allowed"], &d["low"]["over"]), (&json!(3), &json!(1), &json!(2)));
    assert_eq!((&d["zero"]["count"], &d["zero"]["allowed"], &d["zero"]["over"]), (&json!(1), &json!(0), &json!(1)));
    assert_eq!(
        d["low"]["outlets"][0],
        json!({
            "outlet": "O1", "name": "第1店", "signed_on": "2010-11-01",
            "before": { "turnover": "901", "entry": entries[0], "by": "tester", "recorded_at": "2011-06-01T09:00" },
            "this": { "turnover": "990", "entry": entries[1], "by": "tester", "recorded_at": "2011-06-01T09:00" },
        })
    );
    assert_eq!(d["zero"]["outlets"][0]["this"]["entry"], amended, "the amended one");
    told.both(&["7 × 15 % = 105 / 100", "7 × 2 % = 14 / 100", "O1 第1店 · 901", "第3店"])
        .says("舍去小数 1 家；超出 2 家", "rounded down 1; over 2")
        .says("2 与 1 取大：2 分", "The larger of 2 and 1 is charged: 2");
    // Decided, and another amount since: the line tells the month, and what it was decided on.
    let line = confirm(&case, "dormant-outlets/P0001/2011-05");
    let right = Command::AmendTurnover { turnover: turnover(3, "2011-05", 5_000), reason: "漏报".into() };
    case.ask(right).unwrap();
    let told = why(&case, &line.to_string());
    assert_eq!((&told.ground("line")["points"], &told.ground("dormant")["points"]), (&json!(2), &json!(1)));
    assert_eq!((&told.ground("changed")["then"]["low"], &told.ground("changed")["now"]["low"]), (&json!(3), &json!(2)));
    assert_eq!(told.ground("decided")["by"]["entry"], line);
    let old = why(&case, &entries[3].to_string());
    assert_eq!((&old.ground("report")["said"], &old.ground("report")["now"]), (&json!("990"), &json!("0")));
    old.says("现为 0 元", "CNY 0 on record now").both(&["dormant-outlets/P0001/2011-05"]);
}

/// 2.2.4(1), decisions 1 and 11: a late answer, every day of the count with why it is skipped, and the second in which
/// it was broken; confirmed, its line tells the same.
#[test]
fn clause_2_2_4_1_a_late_exit_answer_day_by_day() {
    let case = with_outlet("2011-09-30T16:00");
    let request = asks(&case, "O1", RequestKind::Exit, "2011-09-30T16:00");
    case.to("2011-10-12T09:00");
    let answer = answers(&case, request, "2011-10-12T08:30");
    let id = format!("exit-response/P0001/{request}");
    let told = why(&case, &id);
    let count = told.ground("count");
    assert_eq!((&count["term"], &count["due"]), (&json!("2wd"), &json!("2011-10-09T23:59:59")));
    let days: Vec<(String, bool)> = count["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| (day["day"].as_str().unwrap().to_owned(), day["works"].as_bool().unwrap()))
        .collect();
    assert_eq!(days.len(), 9);
    assert_eq!(days[6..], [("2011-10-07".into(), false), ("2011-10-08".into(), true), ("2011-10-09".into(), true)]);
    let outcome = told.ground("outcome");
    assert_eq!((&outcome["outcome"], &outcome["by"]["entry"]), (&json!("late"), &json!(answer)));
    assert_eq!(told.ground("broken")["on"], "2011-10-10");
    told.both(&["2.2.4(1)", "文三路便利店", "2011-10-10 00:00", &format!("#{answer}")])
        .says("2011-10-03 周一  –  国庆节", "2011-10-03 Mon  –  National Day")
        .says("2011-10-08 周六  1  为国庆节补班", "2011-10-08 Sat  1  made up for National Day")
        .says("逾期 3 天完成，2011-10-12 08:30", "done late by 3 d, 2011-10-12 08:30");
    let line = confirm(&case, &id);
    let told = why(&case, &line.to_string());
    assert_eq!(told.grounds("clause").len(), 1, "the clause is said once");
    assert_eq!((&told.ground("line")["effective"], &told.ground("decided")["by"]["entry"]), (&json!(1), &json!(line)));
    assert_eq!(told.ground("count")["days"], *count.get("days").unwrap(), "it is told after it was decided too");
    told.both(&["2011-10-10", "exit-response"]).says("评定 1 分，计入 1 分", "assessed 1, counts 1");
}

/// An obligation to its end: done in time, done late, ended without being done, or void.
#[test]
fn an_obligation_is_told_after_it_was_closed() {
    let case = with_outlet("2011-03-01T09:00");
    let request = asks(&case, "O1", RequestKind::Help, "2011-03-01T09:00");
    let id = format!("{request}/help-answer");
    assert_eq!(why(&case, &id).ground("outcome")["outcome"], "open");
    let answer = answers(&case, request, "2011-03-01T09:00");
    let told = why(&case, &id);
    assert_eq!(
        (&told.ground("outcome")["outcome"], &told.ground("outcome")["by"]["entry"]),
        (&json!("done"), &json!(answer))
    );
    told.says("按期完成，2011-03-01 09:00", "done in time, 2011-03-01 09:00").both(&["2.2.2", &format!("#{answer}")]);
    // The answer is taken away: it is open again; then the request itself.
    void(&case, answer);
    assert_eq!(why(&case, &id).ground("outcome")["outcome"], "open");
    let gone = void(&case, request);
    let told = why(&case, &id);
    assert_eq!(
        (&told.ground("outcome")["outcome"], &told.ground("outcome")["by"]["entry"]),
        (&json!("void"), &json!(gone))
    );
    told.says("其起因已作废", "what began it was taken away").both(&["误录"]);
    let told = why(&case, &answer.to_string());
    assert_eq!(
        (told.entries("taken-by").len(), told.entries("replaced-by")),
        (1, vec![]),
        "what came next is no answer"
    );

    case.to("2011-03-02T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    let proposed = case.did("outlet-proposed P0001 outlet_id=O2 city=杭州 name=店 staff=1");
    case.to("2011-03-15T09:00");
    let late = case.did("outlet-reviewed O2 passed=yes");
    let told = why(&case, &format!("{proposed}/review"));
    assert_eq!(
        (&told.ground("outcome")["outcome"], &told.ground("outcome")["due"]),
        (&json!("late"), &json!("2011-03-11T23:59:59"))
    );
    told.says("逾期 4 天完成，2011-03-15", "done late by 4 d, 2011-03-15");
    let refused_on = case.did("outlet-reviewed O2 passed=no note=不愿签");
    let told = why(&case, &format!("{late}/signing"));
    assert_eq!(
        (&told.ground("outcome")["outcome"], &told.ground("outcome")["by"]["entry"]),
        (&json!("ended"), &json!(refused_on))
    );
    told.says("未办而终止", "ended without being done");
    assert!(matches!(refused(&case, &format!("{late}/promotion")), Refusal::NeverDue { seq, .. } if seq == Seq(late)));
}

/// 1.6.1(1): the next conference is planned: it is never late, whenever it is held.
#[test]
fn clause_1_6_1_1_what_is_planned_is_never_late() {
    let case = Case::at("2011-03-01T09:00");
    let city = case.did("territory-confirmed P0001 city=杭州 population=199999");
    assert_eq!(why(&case, &format!("{city}/next-conference")).ground("outcome")["outcome"], "planned");
    case.to("2011-06-01T09:00");
    case.did("conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=90 signed=80");
    let told = why(&case, &format!("{city}/next-conference"));
    assert_eq!(told.ground("outcome")["outcome"], "done");
    told.says("原计划 2011-03-21", "was planned for 2011-03-21");
}

/// Decision 12: what was decided stays; the facts under it are others now, told before and after. Decision 20: the
/// history of decisions stays too.
#[test]
fn a_decided_finding_whose_facts_changed() {
    let case = with_outlet("2011-03-01T09:00");
    let request = asks(&case, "O1", RequestKind::Exit, "2011-03-01T09:00");
    case.to("2011-03-08T09:00");
    let id = format!("exit-response/P0001/{request}");
    let dismissed = case
        .ask(Command::DismissFinding { finding: id.parse().unwrap(), reason: "首次，已约谈".into() })
        .unwrap()
        .seq
        .0;
    let reopened = void(&case, dismissed);
    let line = confirm(&case, &id);
    answers(&case, request, "2011-03-02T10:00");
    let told = why(&case, &id);
    let decided = told.grounds("decided");
    assert_eq!(decided.len(), 2);
    assert_eq!((&decided[0]["state"], &decided[0]["void"]["entry"]), (&json!("dismissed"), &json!(reopened)));
    assert_eq!((&decided[1]["state"], &decided[1]["by"]["entry"]), (&json!("confirmed"), &json!(line)));
    assert_eq!(
        (&told.ground("changed")["then"]["due"], &told.ground("changed")["now"]),
        (&json!("2011-03-03T23:59:59"), &Value::Null)
    );
    assert_eq!(told.ground("outcome")["outcome"], "done", "it was answered in time, as it turned out");
    told.both(&["首次，已约谈"]).says("现在：不构成违约", "now: no breach").says("决定 12", "decision 12");
    assert_eq!(told.entries("began"), [request]);
    // What was dismissed is told with its finding.
    why(&case, &dismissed.to_string()).both(&[&format!("#{reopened}"), "误录", "首次，已约谈"]);
}

/// Decision 13: a void says what it takes, and what undid it; what was replaced says by what.
#[test]
fn a_void_and_a_replacement() {
    let case = with_outlet("2011-03-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    let held = case.did("conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=30 signed=24");
    let told = why(&case, &held.to_string());
    let opened = told.ground("opened")["obligations"].as_array().unwrap();
    assert_eq!(opened[1]["id"], format!("{held}/freeze-application"));
    assert_eq!(told.ground("found")["findings"][0]["finding"], format!("conference-results/P0001/{held}"));
    told.both(&["30", "100", &format!("{held}/next-conference")]);
    assert_eq!(told.entries("stands-on"), [0; 0]);
    let applied = case.did(&format!("freeze-applied P0001 conference={held} entries=100 errors=0"));
    assert_eq!(why(&case, &held.to_string()).entries("stands-on"), [applied]);
    self::void(&case, applied);
    let command =
        case.read("conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=80 signed=70");
    let receipt = case.desk.replace(&fixture::who("王芳"), Seq(held), "数字录反", command.unwrap()).unwrap();
    let told = why(&case, &held.to_string());
    let void = receipt.seq.0 - 1;
    assert_eq!((told.entries("taken-by"), told.entries("replaced-by")), (vec![void], vec![receipt.seq.0]));
    told.both(&["数字录反", "王芳"]).says("被替换", "replaced by");
    let told = why(&case, &void.to_string());
    assert_eq!((told.entries("takes"), told.entries("brought-back-by")), (vec![held], vec![]));
    let told = why(&case, &format!("conference-results/P0001/{held}"));
    assert_eq!(told.ground("measured")["now"], Value::Null);
    // A void of its own that is undone.
    let other = asks(&case, "O1", RequestKind::Help, "2011-03-10T08:00");
    let gone = self::void(&case, other);
    let back = self::void(&case, gone);
    assert_eq!(why(&case, &gone.to_string()).entries("brought-back-by"), [back]);
    assert_eq!(why(&case, &back.to_string()).entries("brings-back"), [other]);
    assert_eq!(why(&case, &other.to_string()).entries("taken-by"), [0; 0]);
}

/// Decision 2: working hours stand still on other days, each of which says why.
#[test]
fn decision_2_a_help_request_over_a_weekend() {
    let case = with_outlet("2011-03-04T20:00");
    let request = asks(&case, "O1", RequestKind::Help, "2011-03-04T20:00");
    let told = why(&case, &format!("{request}/help-answer"));
    let days = told.ground("count")["days"].as_array().unwrap();
    let minutes: Vec<Option<u64>> = days.iter().map(|day| day["ran"]["minutes"].as_u64()).collect();
    assert_eq!(minutes, [Some(240), None, None, Some(480)]);
    assert_eq!(told.ground("count")["due"], "2011-03-07T08:00");
    told.both(&["20:00–24:00  4:00", "00:00–08:00  8:00", "2011-03-07 08:00"])
        .says("2011-03-05 周六  –  周末", "2011-03-05 Sat  –  weekend")
        .says("12 个工作小时", "12 working hours");
}

/// Why it was so on a day: what happened later is not told, what was typed later is; a day before it is refused.
#[test]
fn why_as_of_a_day_leaves_out_what_happened_later() {
    let case = with_outlet("2011-09-30T16:00");
    let request = asks(&case, "O1", RequestKind::Exit, "2011-09-30T16:00");
    case.to("2011-10-12T09:00");
    let answer = answers(&case, request, "2011-10-12T08:30");
    let on = |target: &str, on: &str| case.desk.why_on(&target.parse().unwrap(), parse_day(on).unwrap());
    let (due, finding) = (format!("{request}/exit-answer"), format!("exit-response/P0001/{request}"));
    for (day, is) in [("2011-10-09", "open"), ("2011-10-11", "overdue"), ("2011-10-12", "late")] {
        let told = words(&on(&due, day).unwrap());
        assert_eq!(told.ground("outcome")["outcome"], is, "{day}");
        assert_eq!(told.ground("outcome")["by"]["entry"] == json!(answer), is == "late", "{day}");
    }
    let told = words(&on(&finding, "2011-10-09").unwrap());
    assert_eq!(told.ground("outcome")["outcome"], "open", "nothing is broken on the last day of the term");
    assert!(told.grounds("broken").is_empty());
    assert_eq!(words(&on(&finding, "2011-10-10").unwrap()).ground("broken")["on"], "2011-10-10");
    // Two lines of one problem: the later one is not there yet, and takes nothing from the earlier one.
    let early = deduct(&case, "outlet-complaint", 2, "2011-10-08", Some("发货"));
    let late = deduct(&case, "outlet-complaint", 2, "2011-10-10", Some("发货"));
    assert!(words(&on(&early.to_string(), "2011-10-09").unwrap()).en.contains("counts 2"));
    let refusal = match on(&late.to_string(), "2011-10-09") {
        Err(DeskError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let [when, as_of] = ["2011-10-10", "2011-10-09"].map(|day| parse_day(day).unwrap());
    assert_eq!(refusal, Refusal::Later { seq: Seq(late), on: when, as_of });
    // The outlet was typed today, and nothing says that it was there before; the provider was there all along.
    assert!(on(&due, "2011-09-29").is_err());
}

/// What is not there is refused by name.
#[test]
fn what_is_not_there_is_refused() {
    let case = with_outlet("2011-03-10T09:00");
    assert!(matches!(refused(&case, "99"), Refusal::UnknownEntry { what: "entry", seq: Seq(99) }));
    assert_eq!(refused(&case, "exit-response/P0001/2").reason(), "unknown finding");
    assert_eq!(refused(&case, "dormant-outlets/P0001/2011-02").reason(), "unknown finding");
    assert_eq!(refused(&case, "2/help-answer").reason(), "never due");
    for bad in ["", "x", "12/", "12/nothing", "a/b/c", "0"] {
        assert!(bad.parse::<Target>().is_err(), "{bad:?}");
    }
    for good in ["12", "12/exit-answer", "exit-response/P0001/12", "rollout-shortfall/P0001/3.first"] {
        assert_eq!(good.parse::<Target>().unwrap().to_string(), good);
    }
}

/// On the command line: what `deadlines` prints as an id is taken by `why`; control characters reach no terminal.
#[test]
fn why_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--name", "书店", "--city", "杭州"]);
    let request = store.ok(&["request", "open", "O1", "exit", "--at", "2011-03-01T09:00"]);
    let due = store.ok(&["deadlines"]);
    let id = due[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(id, format!("{}/exit-answer", request["request"].as_u64().or(request["entry"].as_u64()).unwrap()));
    let told = store.ok(&["why", &id]);
    assert_eq!((&told["of"], &told["kind"], &told["provider"]), (&json!(id), &json!("obligation"), &json!("P0001")));
    let finding = store.ok(&["findings"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(store.ok(&["why", &finding])["kind"], "finding");
    assert_eq!(store.ok(&["why", "#1"])["entry"]["kind"], "provider-added");
    for (lang, words) in [("en", ["clause", "outcome"]), ("zh-CN", ["条款", "结果"])] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.arg("--store").arg(&store.path).args(["--lang", lang, "why", &finding]);
        let text = String::from_utf8(binary::finish(command).stdout).unwrap();
        assert!(words.iter().all(|word| text.contains(word)) && text.contains("O1 书店"), "{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    }
    assert!(store.ok(&["why", &id, "--as-of", "today"])["grounds"].is_array());
    assert!(store.fails(&["why", &id, "--as-of", "2011-02-01"]).1.contains("not there by then"));
    assert_eq!(store.fails(&["why", "99"]).0, 1);
    assert!(store.fails(&["why", "1/review"]).1.contains("never due"));
    assert_eq!(store.fails(&["why", "x"]).0, 2);
}

/// Every line, finding, obligation and entry of the sample is told; what is told of a line sums to what it counts.
#[test]
fn all_of_the_sample_can_be_told() {
    let clock = Arc::new(ManualClock::at(koufen::demo::begins()));
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
    koufen::demo::fill(&desk, &clock).unwrap();
    let today = desk.now().day();
    let tell = |target: Target| {
        let told = desk.why(&target).unwrap_or_else(|e| panic!("{target}: {e}"));
        // As of today is now; of entries that are thousands and alike, some.
        if !matches!(target, Target::Entry(seq) if seq.0 % 20 > 0) {
            assert_eq!(desk.why_on(&target, today).as_ref().ok(), Some(&told), "{target}");
        }
        told
    };
    let (mut lines, mut cuts) = (0, 0);
    for row in desk.providers(2011).unwrap() {
        for year in [2010, 2011] {
            for line in desk.ledger(&row.provider.id, year, None, 10_000).unwrap() {
                let told = tell(Target::Entry(line.seq));
                lines += 1;
                for ground in &told.trace.grounds {
                    match ground {
                        Ground::Score { before, after, .. } if line.kind == LineKind::Deduction => {
                            assert_eq!(after.0 - before.0, line.effective.0, "{}", line.seq);
                        }
                        Ground::Cap { cap, before, used, left, .. } => {
                            let sum: u32 = before.iter().map(|(_, _, points)| points.0).sum();
                            assert_eq!((sum, used.0 + left.0), (used.0, cap.0), "{}", line.seq);
                            let counts = if line.reversed_by.is_some() { 0 } else { line.points.0.min(left.0) };
                            assert_eq!(counts, line.effective.0, "{}", line.seq);
                            cuts += u32::from(line.points > *left);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    assert!(lines > 500 && cuts > 10, "{lines} lines, {cuts} of them cut");
    let found = desk.findings(None).unwrap();
    for finding in &found {
        words(&tell(Target::Finding(finding.id.clone())));
        for ground in tell(Target::Finding(finding.id.clone())).trace.grounds {
            if let (Ground::Served { outlets, .. }, Some(Measured::Missed { have, .. })) = (&ground, &finding.now) {
                assert_eq!(outlets.len(), *have as usize, "{}", finding.id);
            }
            if let Ground::Dormant(dormant) = ground {
                assert_eq!(dormant.points, u64::from(finding.points.0), "{}", finding.id);
                let mut said = dormant.low.outlets.iter().flat_map(|row| [&row.before, &row.this]).flatten();
                assert!(said.clone().count() > 0 && said.all(|(_, source)| source.is_some()));
            }
        }
    }
    let due = desk.deadlines(None).unwrap();
    due.iter().for_each(|due| drop(words(&tell(Target::Obligation((due.seq, due.obligation.kind))))));
    assert!(found.len() > 3 && due.len() > 5);
    // Outlets and reports are thousands and alike: all are told, every hundredth of them in words.
    let last = desk.stats().unwrap().head.seq.0;
    for seq in 1..=last {
        let told = tell(Target::Entry(Seq(seq)));
        if seq % 100 == 0 || seq > last - 200 {
            words(&told);
        }
    }
}

/// Records of three months in any order of their days, some taken away again.
fn at_random(seed: u64) -> Case {
    let case = Case::at("2011-01-20T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=39999");
    case.to("2011-05-20T09:00");
    let mut dice = dice::Dice(seed);
    let mut taken: Vec<u64> = Vec::new();
    for _ in 0..60 {
        let (o, n) = (dice.below(4) + 1, dice.below(20));
        let on = parse_day("2011-01-20").unwrap() + chrono::Duration::days(i64::try_from(dice.below(100)).unwrap());
        let known = |dice: &mut dice::Dice| {
            let pick = dice.below(taken.len().max(1) as u64);
            taken.get(usize::try_from(pick).unwrap()).copied().unwrap_or(1)
        };
        let lives = [
            format!("outlet-proposed P0001 outlet_id=O{o} city=杭州 name=第{o}店 staff=1 on={on}"),
            format!("outlet-reviewed O{o} passed={} on={on}", if n < 17 { "yes" } else { "no" }),
            format!("outlet-signed O{o} party=platform on={on}"),
            format!("outlet-opened O{o} real_time=yes on={on}"),
        ];
        let texts: Vec<String> = match dice.below(12) {
            0..=3 => lives.to_vec(),
            4 => vec![format!(
                "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=20 attended={n} signed={} on={on}",
                n / 2
            )],
            5 => vec![format!("promotion-held P0001 title=p{n} material_on=2011-01-01 on={on}")],
            6 => vec![format!("outlet-closed O{o} note=x on={on}")],
            7 => vec![format!("training-held P0001 city=杭州 outlets=O{o} on={on}")],
            8 => vec![format!(
                "freeze-applied P0001 conference={} entries=100 errors={} on={on}",
                known(&mut dice),
                n % 4
            )],
            9 => {
                let kind = if n % 2 == 0 { RequestKind::Help } else { RequestKind::Exit };
                let at = Some(moment(&format!("{on}T10:00")));
                let outlet = format!("O{o}").parse().unwrap();
                let asked = case.ask(Command::OpenRequest { outlet, kind, at, note: None });
                taken.extend(asked.ok().map(|receipt| receipt.seq.0));
                vec![]
            }
            10 => {
                let (request, at) = (Seq(known(&mut dice)), Some(moment(&format!("{on}T18:00"))));
                taken.extend(case.ask(Command::AnswerRequest { request, at, note: None }).ok().map(|r| r.seq.0));
                vec![]
            }
            _ => {
                let entry = Seq(known(&mut dice));
                let _ = case.ask(Command::Void { entry, dependents: n % 2 == 0, reason: "误录".into() });
                vec![]
            }
        };
        for text in texts {
            let command = case.read(&text).ok();
            taken.extend(command.and_then(|command| case.ask(command).ok()).map(|receipt| receipt.seq.0));
        }
    }
    case
}

/// What is told of any obligation is what the deadlines and the findings say, open or closed; a list of outlets is as long
/// as the number that it is behind; nothing on record cannot be told.
#[test]
fn what_is_told_is_what_the_desk_answers() {
    let mut told_of: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for seed in 0..60 {
        let case = at_random(seed);
        let due = case.desk.deadlines(None).unwrap();
        let found = case.desk.findings(None).unwrap();
        let last = case.desk.stats().unwrap().head.seq.0;
        for seq in (1..=last).map(Seq) {
            words(&case.desk.why(&Target::Entry(seq)).unwrap());
            for kind in koufen::domain::ObligationKind::ALL {
                let target = Target::Obligation((seq, kind));
                let open = due.iter().find(|due| (due.seq, due.obligation.kind) == (seq, kind));
                let Ok(told) = case.desk.why(&target) else {
                    assert!(open.is_none(), "seed {seed}: {target}");
                    continue;
                };
                let outcome = told.trace.grounds.iter().find_map(|ground| match ground {
                    Ground::Outcome(outcome) => Some(outcome),
                    _ => None,
                });
                let word = outcome.unwrap().word();
                *told_of.entry(word).or_default() += 1;
                assert_eq!(
                    open.is_some(),
                    ["open", "overdue", "planned"].contains(&word),
                    "seed {seed}: {target} {word}"
                );
                let missed = kind.missed(seq).is_some_and(|subject| {
                    found.iter().any(|finding| finding.id.subject == subject && late(finding.now.as_ref()))
                });
                if kind.missed(seq).is_some() && word != "ended" {
                    assert_eq!(missed, ["late", "overdue"].contains(&word), "seed {seed}: {target} {word}");
                }
                let served = told.trace.grounds.iter().find_map(|ground| match ground {
                    Ground::Served { outlets, .. } => Some(outlets.len()),
                    _ => None,
                });
                if let (Some(served), Some(open)) = (served, open) {
                    assert_eq!(served, open.obligation.have as usize, "seed {seed}: {target}");
                }
            }
        }
        for finding in &found {
            words(&case.desk.why(&Target::Finding(finding.id.clone())).unwrap());
        }
        let territory = &case.desk.dossier(&"P0001".parse().unwrap()).unwrap().territories[0];
        let id = format!("early-attrition/P0001/{}", territory.seq);
        let left = why(&case, &id).ground("left")["count"].as_u64().unwrap();
        assert_eq!(left, u64::from(territory.left_early), "seed {seed}");
    }
    for word in ["open", "overdue", "planned", "done", "late", "ended", "void", "not-begun"] {
        assert!(told_of.get(word).is_some_and(|times| *times > 5), "{word}: {told_of:?}");
    }
}

/// Whether a term was missed, by what is measured.
fn late(measured: Option<&Measured>) -> bool {
    matches!(measured, Some(Measured::Missed { .. } | Measured::Late { .. } | Measured::LateAndFaulty { .. }))
}

/// 2.1.1(4), 2.1.3(3), 2.2.1(4), 1.6.2, 2.2.2, 2.2.4(2): the facts of the other findings, and their shares.
#[test]
fn the_other_findings_are_told_with_their_facts() {
    let case = Case::at("2011-03-01T09:00");
    let conference = case.with_city();
    case.open_outlet("O1");
    let promotion = case.desk.deadlines(None).unwrap();
    let promotion = promotion.iter().find(|due| due.obligation.kind.word() == "promotion").unwrap().seq;
    let training = case.did("training-held P0001 city=杭州 outlets=O1");
    case.to("2011-05-10T09:00");
    let applied = case.did(&format!("freeze-applied P0001 conference={conference} entries=100 errors=2"));
    let checked = case.did(&format!("training-checked P0001 training={training} checked=20 failed=4"));
    let held = case.did("promotion-held P0001 title=春装 material_on=2011-05-01");
    let brand = case.did("brand-checked O1 passed=no");
    let complaint = case.did("complained O1 from=outlet problem=发货慢");
    let told = why(&case, &format!("signing-delay/P0001/{conference}"));
    assert_eq!((told.entries("rests-on"), &told.ground("outcome")["outcome"]), (vec![applied], &json!("late")));
    told.both(&["2 × 100 = 200 > 100 × 1 = 100", "2011-03-22 23:59:59"]).says("超过 1 %", "over 1 %");
    let told = why(&case, &format!("training-failure/P0001/{training}"));
    assert_eq!((told.entries("began"), told.entries("rests-on")), (vec![training], vec![checked]));
    told.both(&["4 × 100 = 400 > 20 × 15 = 300"]).says("超过 15 %", "over 15 %");
    let told = why(&case, &format!("promotion-gap/P0001/{promotion}"));
    assert_eq!(
        (&told.ground("outcome")["by"]["entry"], &told.ground("broken")["on"]),
        (&json!(held), &json!("2011-04-02"))
    );
    told.says("1 个自然月", "1 calendar month");
    assert_eq!(why(&case, &format!("brand-standard/P0001/{brand}")).entries("began"), [brand]);
    let told = why(&case, &format!("outlet-complaint/P0001/{complaint}"));
    assert_eq!(told.ground("problem")["problem"], "发货慢");
    let at = Some(moment("2011-05-10T08:00"));
    case.ask(Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Exit, at, note: None }).unwrap();
    case.did("outlet-exited O1 evidence=form,photos,statement");
    let claim = case.did("claim-opened O1");
    let closed = case.did(&format!("claim-closed P0001 claim={claim} blocked=yes note=x"));
    let told = why(&case, &format!("after-exit-dispute/P0001/{claim}"));
    assert_eq!((told.entries("began"), told.entries("rests-on")), (vec![claim], vec![closed]));
    told.both(&["2.2.4(2)"]);
    let told = why(&case, &format!("{conference}/freeze-application"));
    let days = told.ground("count")["days"].as_array().unwrap();
    assert_eq!(days.iter().filter(|day| day["works"] == true).count(), 15);
    assert_eq!(days.last().unwrap()["day"], "2011-03-22");
}

/// Decision 15: an outlet that is handed over is a fact of both providers: told of the one that it left and of the one
/// that it came to, and counted by name where it serves.
#[test]
fn decision_15_a_transfer_is_told_for_both_providers() {
    let case = Case::at("2011-03-01T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "汇远"))).unwrap();
    let outlet = koufen::domain::Outlet { name: "解放路书店".into(), ..fixture::outlet("O1", "P0001") };
    case.ask(Command::AddOutlet(outlet)).unwrap();
    let city = case.did("territory-confirmed P0002 city=杭州 population=9999");
    let moved = case.did("outlet-transferred O1 to=P0002 note=调整");
    let told = why(&case, &moved.to_string());
    let closed = told.ground("closed")["obligations"].as_array().unwrap();
    let outcomes: Vec<String> =
        closed.iter().map(|o| format!("{} {}", o["id"], o["outcome"]).replace('"', "")).collect();
    assert_eq!(
        outcomes,
        [
            format!("{city}/next-conference ended"),
            format!("{city}/first-batch done"),
            format!("{city}/all-outlets done")
        ],
        "it is the one outlet that P0002 needs"
    );
    let told = why(&case, &format!("{city}/first-batch"));
    assert_eq!(told.ground("served")["outlets"][0]["entry"], moved);
    told.both(&["O1 解放路书店 · 2011-03-01"]);
}

/// What came from outside brings nothing to the terminal that it does not show.
#[test]
fn no_control_character_is_told() {
    let case = with_outlet("2011-03-10T09:00");
    let command = Command::Record(Box::new(koufen::domain::Recording {
        provider: "P0001".parse().unwrap(),
        fact: koufen::domain::Fact::Territory(koufen::domain::territory::TerritoryStep::Confirmed {
            city: "杭州".into(),
            population: 9_999,
            plan: (0, 0),
        }),
        on: None,
        confirmed_by: None,
        note: Some("一\n二\t三".into()),
    }));
    let seq = case.desk.submit(&fixture::who("e\u{1b}[31mvil"), command).unwrap().seq;
    for target in [format!("{seq}"), format!("{seq}/first-batch")] {
        let told = why(&case, &target);
        assert!(!told.en.chars().chain(told.zh.chars()).any(|c| c.is_control() && c != '\n'), "{:?}", told.en);
        told.both(&["e[31mvil", "三"]);
    }
}

/// Decision 13: after a replacement either number tells the story of the record that stands now: what is due by it, its
/// findings with their arithmetic, the line that stands on it.
#[test]
fn decision_13_either_number_tells_the_record_that_stands_now() {
    let case = with_outlet("2011-06-20T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=50000 on=2011-02-20");
    let held = "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=30 signed=20";
    let old = case.did(&format!("{held} on=2011-03-01"));
    let line = confirm(&case, &format!("conference-results/P0001/{old}"));
    let right = case.read(&format!("{held} on=2011-03-05")).unwrap();
    let new = case.desk.replace(&fixture::who("王芳"), Seq(old), "日期有误", right).unwrap().seq.0;
    for seq in [old, new] {
        let told = why(&case, &format!("{seq}/freeze-application"));
        assert_eq!((told.entries("began"), &told.ground("outcome")["outcome"]), (vec![new], &json!("overdue")));
        assert!(told.ground("count")["due"].as_str().unwrap().starts_with("2011-03-25"));
        let told = why(&case, &format!("signing-delay/P0001/{seq}"));
        assert_eq!((told.entries("began"), &told.ground("outcome")["outcome"]), (vec![new], &json!("overdue")));
        assert_eq!(told.ground("broken")["on"], "2011-03-26");
        let told = why(&case, &format!("conference-results/P0001/{seq}"));
        assert_eq!((told.entries("began"), told.grounds("ratio").len()), (vec![new], 2));
        assert_eq!(told.grounds("decided").len(), 1);
        told.both(&["2011-03-05", "30 × 100 = 3000"]);
    }
    let told = why(&case, &line.to_string());
    assert_eq!(told.ground("stands-on")["entry"], new);
    told.says(&format!("#{old} · 现为 #{new} · 2011-03-05"), &format!("#{old} · now #{new} · 2011-03-05"));
    let told = why(&case, &new.to_string());
    let opened = told.ground("opened")["obligations"].as_array().unwrap();
    assert_eq!((&opened[0]["outcome"], &opened[1]["outcome"]), (&json!("planned"), &json!("overdue")));
    assert_eq!(told.entries("stands-on"), [line]);
    assert_eq!(why(&case, &old.to_string()).entries("replaced-by"), [new]);
    // The decision stands on it: it does not go without that.
    let command = Command::Void { entry: Seq(new), dependents: false, reason: "误录".into() };
    assert_eq!(case.ask(command).unwrap_err(), Refusal::StoodOn { entry: Seq(new), by: vec![Seq(line)] });
}

/// Decision 13: what is due is asked for by either number.
#[test]
fn decision_13_deadlines_why_takes_either_number() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::with_provider(dir.path());
    let confirmed = ["record", "territory-confirmed", "P0001", "--city", "杭州", "--population", "50000"];
    store.ok(&[&confirmed[..], &["--on", "2011-02-20"]].concat());
    let replace = ["replace", "2", "--reason", "x"];
    store.ok(&[&replace[..], &confirmed[1..], &["--on", "2011-02-21"]].concat());
    let [old, new] = ["2", "4"].map(|seq| store.ok(&["deadlines", "--why", seq]));
    assert_eq!(old, new);
    assert_eq!(old[0]["entry"], 2);
}

/// Section 2: the outlet of a line is what it stands on, where its article asks for one.
#[test]
fn an_outlets_line_stands_on_its_outlet() {
    let case = with_outlet("2011-03-20T09:00");
    let line = deduct(&case, "brand-standard", 5, "2011-03-02", None);
    let told = why(&case, &line.to_string());
    assert_eq!(told.ground("stands-on")["outlet"], "O1");
    told.says("O1 文三路便利店（条款所需：", "O1 文三路便利店 (the article asks for: outlet)");
}
