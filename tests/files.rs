//! Files as offices send them: what is taken for what, what is refused and how it is named. Each bug has a test of its
//! name.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets the unexpected should stop there")]

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const HEADER: &str = "provider_id,article,points,occurred_on,outlet_id,problem,note";

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// A store with two providers, the first with two outlets.
    fn new() -> Home {
        let home = Home { folder: tempfile::tempdir().unwrap() };
        let providers =
            "provider_id,name,kind,city\nP0001,杭州示例,third-party,杭州\nP0002,宁波样本,third-party,宁波\n";
        let outlets = "outlet_id,provider_id,city,name\nO000001,P0001,杭州,一号店\nO000002,P0001,杭州,二号店\n";
        assert_eq!(home.import("providers", providers.as_bytes())["accepted"], 2);
        assert_eq!(home.import("outlets", outlets.as_bytes())["accepted"], 2);
        home
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.env("KOUFEN_STORE", self.folder.path().join("store")).args(["--lang", "en"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        let out = self.command(args).output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.code().is_some_and(|code| code < 4) && !err.contains("panicked"), "{args:?}: {err}");
        out
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("file.csv");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn import_at(&self, kind: &str, path: &Path, more: &[&str]) -> (i32, Value, String) {
        let out = self.run(&[&["--json", "import", kind, path.to_str().unwrap()], more].concat());
        let report = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
        (out.status.code().unwrap(), report, String::from_utf8(out.stderr).unwrap())
    }

    /// The report of an import; the rows that it read are all accounted for.
    fn import(&self, kind: &str, bytes: &[u8]) -> Value {
        let (_, report, err) = self.import_at(kind, &self.file(bytes), &[]);
        assert!(!report.is_null(), "{err}");
        let rows = |field: &str| report[field].as_array().unwrap().len() as u64;
        let sum = report["accepted"].as_u64().unwrap() + report["already"].as_u64().unwrap();
        assert_eq!(report["read"], sum + rows("rejected") + rows("named"), "{report}");
        report
    }

    /// What a file is refused with; nothing of it went in.
    fn refused(&self, kind: &str, bytes: &[u8]) -> String {
        let before = self.stats();
        let (code, report, err) = self.import_at(kind, &self.file(bytes), &[]);
        assert_eq!((code, report), (1, Value::Null), "{err}");
        assert_eq!(self.stats(), before);
        let error: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
        assert_eq!(error["error"]["reason"], "bad file");
        error["error"]["detail"].as_str().unwrap().to_owned()
    }

    fn stats(&self) -> Value {
        let out = self.run(&["--json", "stats"]);
        let mut stats: Value = serde_json::from_slice(&out.stdout).unwrap();
        stats.as_object_mut().unwrap().remove("view_bytes");
        stats
    }

    fn ledger(&self) -> Value {
        serde_json::from_slice(&self.run(&["--json", "ledger", "P0001", "--year", "2011"]).stdout).unwrap()
    }

    fn score(&self) -> Value {
        let out = self.run(&["--json", "standing", "P0001", "--year", "2011"]);
        serde_json::from_slice::<Value>(&out.stdout).unwrap()[0]["score"].take()
    }

    fn export(&self, what: &str) -> Vec<u8> {
        self.run(&["export", what]).stdout
    }
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let marked = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    marked.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn reasons(report: &Value) -> Vec<(u64, &str, &str)> {
    let row = |r: &'_ Value| r["row"].as_u64().unwrap();
    let rejected = report["rejected"].as_array().unwrap();
    rejected.iter().map(|r| (row(r), r["column"].as_str().unwrap(), r["reason"].as_str().unwrap())).collect()
}

/// Regression: the decoder was asked again after its end, in the middle of an import.
#[test]
fn a_gb18030_file_without_a_last_line_break_panicked_after_part_of_it_was_in() {
    for end in ["", "\r\n", "\n", "\u{1a}", "\r\n\u{1a}", "\r", "\n\n\n\u{1a}\u{1a}"] {
        let home = Home::new();
        let mut text = format!("{HEADER}\r\n");
        for n in 0..3_499 {
            text += &format!("P0001,dormant-outlets,1,2011-{:02}-{:02},,,巡查{n}\r\n", n % 12 + 1, n % 28 + 1);
        }
        text += &format!("P0002,media-exposure,12,2011-03-05,,,报纸{end}");
        let report = home.import("deductions", &gb(&text));
        assert_eq!(report["accepted"], 3_500, "{end:?}");
        assert_eq!(report["taken"]["encoding"], "GB18030");
        let last: Value =
            serde_json::from_slice(&home.run(&["--json", "ledger", "P0002", "--year", "2011"]).stdout).unwrap();
        assert_eq!(last[0]["note"], "报纸");
    }
}

/// Regression: "1 row accepted, 0 rejected", and three deductions lay inside its note.
#[test]
fn an_unclosed_quote_swallowed_the_rows_after_it() {
    let home = Home::new();
    let rows = "P0001,unapproved-material,9,2011-03-03,,,二\nP0002,media-exposure,12,2011-03-05,,,三\n";
    let open = format!(
        "{HEADER}\nP0001,unapproved-material,7,2011-03-02,,,好\nP0001,unapproved-material,8,2011-03-02,,,\"未完\n{rows}"
    );
    for bytes in [open.clone().into_bytes(), gb(&open), utf16(&open, false, true), open.replace(',', ";").into_bytes()]
    {
        let detail = home.refused("deductions", &bytes);
        assert!(detail.contains("line 3") && detail.contains("row 2") && detail.contains("never closed"), "{detail}");
    }
    // Closed by a mark that was meant to open another: the cell holds what are rows by themselves.
    let late = format!("{open}P0001,unapproved-material,6,2011-03-06,,,完\"\n");
    let report = home.import("deductions", late.as_bytes());
    assert_eq!(report["accepted"], 1);
    assert_eq!(reasons(&report), [(2, "note", "unclosed quotation")]);
    assert_eq!(report["rejected"][0]["line"], 3);
    // A note of several lines is none of that.
    let lines = format!("{HEADER}\nP0001,unapproved-material,8,2011-03-02,,,\"一,二\n三,四,五,六,七,八,九\"\n");
    assert_eq!(home.import("deductions", lines.as_bytes())["accepted"], 1);
}

/// Regression: the UTF-8 row of a file came in as mojibake.
#[test]
fn two_encodings_in_one_file_came_in_as_mojibake() {
    let home = Home::new();
    let row = "P0001,unapproved-material,8,2011-03-02,,,巡查\n";
    let mixed = [HEADER.as_bytes(), b"\n", row.as_bytes(), &gb(row)].concat();
    for bytes in [mixed.clone(), [b"\xef\xbb\xbf", &mixed[..]].concat()] {
        let detail = home.refused("deductions", &bytes);
        assert!(detail.contains("line 2 is UTF-8, line 3 is GB18030"), "{detail}");
    }
    let marked = [b"\xef\xbb\xbf", HEADER.as_bytes(), b"\n", &gb(row)].concat();
    assert!(home.refused("deductions", &marked).contains("line 2 is GB18030"));
    let broken = [HEADER.as_bytes(), b"\nP0001,\xff\xff,8,2011-03-02,,,\n"].concat();
    assert!(home.refused("deductions", &broken).contains("Line 2"));
    let cut = [HEADER.as_bytes(), b"\n", row.as_bytes(), &row.as_bytes()[..row.len() - 2]].concat();
    assert!(home.refused("deductions", &cut).contains("Line 3"));
    // Few characters of GB18030 are UTF-8 too, by chance: such a line is no second encoding.
    let chance = format!(
        "{HEADER}\nP0001,unapproved-material,8,2011-03-02,,,\u{3bb}\u{3bb}\nP0001,unapproved-material,8,2011-03-02,,,巡查\n"
    );
    assert_eq!(home.import("deductions", &gb(&chance))["accepted"], 2);
}

#[test]
fn lost_characters_and_errors_of_formulas_are_never_stored() {
    let home = Home::new();
    let rows = [
        "P0101,锟斤拷锟斤拷,third-party,杭州,,",
        "P0102,a\u{fffd}b,third-party,杭州,,",
        "P0103,#N/A,third-party,杭州,,",
        "P0104,甲,third-party,#REF!,,",
        "P0105,甲,third-party,杭州,#VALUE!,",
        "P0106,????,third-party,杭州,,",
        "P0107,甲,third-party,杭州,########,",
        "P0108,甲,third-party,杭州,,1.39E+10",
        "P0109,甲#1,third-party,杭州,,",
    ];
    let text = format!("provider_id,name,kind,city,agreement_on,phone\n{}\n", rows.join("\n"));
    let report = home.import("providers", text.as_bytes());
    let want = [
        (1, "name", "lost text"),
        (2, "name", "lost text"),
        (3, "name", "error of a formula"),
        (4, "city", "error of a formula"),
        (5, "agreement_on", "error of a formula"),
        (6, "name", "lost text"),
        (7, "agreement_on", "error of a formula"),
        (8, "phone", "shortened number"),
    ];
    assert_eq!(reasons(&report), want);
    assert_eq!(report["accepted"], 1);
}

#[test]
fn invisible_characters_are_taken_out_and_it_is_said() {
    let home = Home::new();
    let text = "\u{feff}provider_id,na\u{200b}me,kind,city\nP\u{200b}0201,杭\u{200b}州\u{ad}甲\u{3164},third-party,杭州\n\
                P0202,👩‍👩‍👧店,third-party,杭州\n";
    let report = home.import("providers", text.as_bytes());
    assert_eq!((&report["accepted"], &report["cleaned"]), (&2.into(), &json!({"rows": 1, "first_line": 2})));
    let shown: Value = serde_json::from_slice(&home.run(&["--json", "provider", "show", "P0201"]).stdout).unwrap();
    assert_eq!(shown["name"], "杭州甲");
    let shown: Value = serde_json::from_slice(&home.run(&["--json", "provider", "show", "P0202"]).stdout).unwrap();
    assert_eq!(shown["name"], "👩‍👩‍👧店");
    // By hand they are refused.
    let add = ["provider", "add", "P0203", "--kind", "third-party", "--city", "杭州", "--name", "甲\u{200b}"];
    let out = home.run(&add);
    assert!(out.status.code() == Some(1) && String::from_utf8_lossy(&out.stderr).contains("U+200B"));
}

/// Regression: p0001 beside P0001 made a second provider, and deductions went to the other one.
#[test]
fn ids_that_differ_in_case_only_made_a_second_provider() {
    let home = Home::new();
    let providers = "provider_id,name,kind,city\np0001,杭州示例,third-party,杭州\nP0300,甲,third-party,杭州\np0300,乙,third-party,杭州\n";
    let report = home.import("providers", providers.as_bytes());
    let reason = "id differs in case only";
    assert_eq!(reasons(&report), [(1, "provider_id", reason), (3, "provider_id", reason)]);
    assert!(report["rejected"][0]["detail"].as_str().unwrap().contains("P0001"));
    let outlets = "outlet_id,provider_id,city,name\no000001,P0001,杭州,一号店\nO000003,p0001,杭州,三号店\n";
    let report = home.import("outlets", outlets.as_bytes());
    assert_eq!(reasons(&report), [(1, "outlet_id", reason), (2, "provider_id", "unknown provider")]);
    assert!(report["rejected"][1]["detail"].as_str().unwrap().contains("Write P0001"));
    let lines = format!(
        "{HEADER}\np0001,unapproved-material,8,2011-03-02,,,\nP0001,brand-standard,4,2011-03-02,o000001,,\np0001,unapproved-material,many,2011-03-02,,,\n"
    );
    let report = home.import("deductions", lines.as_bytes());
    let want = [
        (1, "provider_id", "unknown provider"),
        (2, "outlet_id", "unknown outlet"),
        (3, "provider_id", "unknown provider"),
    ];
    assert_eq!(reasons(&report), want);
    assert!(report["rejected"].as_array().unwrap().iter().all(|r| r["detail"].as_str().unwrap().contains("Write ")));
    let names = ["--name", "甲", "--city", "杭州"];
    for (args, like) in [
        ([&["provider", "add", "p0001", "--kind", "third-party"], &names[..]].concat(), "P0001"),
        ([&["outlet", "add", "o000002", "--provider", "P0001"], &names[..]].concat(), "O000002"),
        (vec!["deduct", "p0001", "unapproved-material", "5", "--on", "2011-03-02"], "P0001"),
        (vec!["turnover", "record", "o000001", "2011-01", "5"], "O000001"),
    ] {
        let out = home.run(&args);
        let err = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(1) && err.contains(like), "{args:?}: {err}");
    }
}

#[test]
fn the_header_is_found_below_titles_by_any_separator_and_in_any_encoding() {
    let titles = ["服务商编号*", "扣分项（必填）", "扣分", "发生日期", "备注", "序号"];
    let cells = ["P0001", "物料未经审批", "8分", "2011年3月2日 星期三", "巡查，复查", "1"];
    for (name, sign) in [("comma", ","), ("tab", "\t"), ("semicolon", ";"), ("bar", "|"), ("wide-comma", "，")] {
        let quoted = cells.map(|cell| if cell.contains(sign) { format!("\"{cell}\"") } else { cell.to_owned() });
        let text = format!("2011年3月扣分汇总\r\n\r\n制表人：甲\r\n{}\r\n{}\r\n", titles.join(sign), quoted.join(sign));
        for (encoding, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8 (BOM)", format!("\u{feff}{text}").into_bytes()),
            ("GB18030", gb(&text)),
            ("UTF-16LE (BOM)", utf16(&text, false, true)),
            ("UTF-16BE (BOM)", utf16(&text, true, true)),
            ("UTF-16LE", utf16(&text, false, false)),
            ("UTF-16BE", utf16(&text, true, false)),
        ] {
            let home = Home::new();
            let report = home.import("deductions", &bytes);
            assert_eq!(report["accepted"], 1, "{name} {encoding}: {report}");
            let taken = &report["taken"];
            assert_eq!((&taken["encoding"], &taken["separator"]), (&encoding.into(), &name.into()));
            assert_eq!((&taken["header_line"], &taken["ignored"]), (&4.into(), &json!(["序号"])));
            assert_eq!(taken["columns"][0], json!({"column": "provider_id", "title": "服务商编号*"}));
            assert_eq!(home.ledger()[0]["note"], "巡查，复查");
        }
    }
}

#[test]
fn a_sep_line_says_the_separator_and_a_preamble_of_thirty_lines_is_too_long() {
    let home = Home::new();
    let table = "provider_id;article;points;occurred_on\nP0001;unapproved-material;8;2011-03-02\n";
    let report = home.import("deductions", format!("sep=;\n{table}").as_bytes());
    assert_eq!((&report["accepted"], &report["taken"]["header_line"]), (&1.into(), &2.into()));
    let comma = table.replace(';', ",");
    let report = home.import("deductions", format!("\u{feff}\"sep=,\",,,\n{comma}").as_bytes());
    assert_eq!(report["already"], 1);
    let deep = home.import("deductions", format!("{}{comma}", "说明\n".repeat(29)).as_bytes());
    assert_eq!((&deep["already"], &deep["taken"]["header_line"]), (&1.into(), &30.into()));
    let detail = home.refused("deductions", format!("{}{comma}", "说明\n".repeat(30)).as_bytes());
    assert!(detail.contains("provider_id") && detail.contains("UTF-8"), "{detail}");
    // A column in units of ten thousand is never taken for yuan.
    let wan = "网点编号,月份,交易额（万元）\nO000001,2011-01,0.5\n";
    assert!(home.refused("turnover", wan.as_bytes()).contains("交易额（万元）"));
}

#[test]
fn totals_remarks_and_headers_below_are_named_and_rows_that_broke_are_rejected() {
    let home = Home::new();
    let text = "网点编号,月份,交易额\nO000001,Jan-11,￥820\n小计,,820\n网点编号,月份,交易额\nO000001,Feb-11,\"1,640.500元\"\n\
                ------,,\n合 计,,2460.50\n制表：甲\n";
    let report = home.import("turnover", text.as_bytes());
    assert_eq!((&report["read"], &report["accepted"]), (&7.into(), &2.into()));
    let named: Vec<_> = report["named"].as_array().unwrap().iter().map(|n| (&n["line"], &n["what"])).collect();
    let want = [(3, "total"), (4, "header"), (6, "rule"), (7, "total"), (8, "remark")];
    let want: Vec<(Value, Value)> = want.iter().map(|(line, what)| ((*line).into(), (*what).into())).collect();
    assert_eq!(named, want.iter().map(|(line, what)| (line, what)).collect::<Vec<_>>());
    // A cell alone above more data is a row that broke, and rejected.
    let broken = "outlet_id,month,turnover\nO000002,2011-01,8\n备注换行了\nO000002,2011-02,8\n";
    let report = home.import("turnover", broken.as_bytes());
    assert_eq!(reasons(&report), [(2, "outlet_id", "bad id")]);
}

#[test]
fn signs_for_nothing_are_blank_only_where_a_column_may_be_blank() {
    let home = Home::new();
    let text = "outlet_id,month,turnover,orders\nO000001,2011-01,-,\nO000001,2011-02,无,\nO000001,2011-03,5,—\nO000001,2011-04,5,/\n";
    let report = home.import("turnover", text.as_bytes());
    assert_eq!(reasons(&report), [(1, "turnover", "missing"), (2, "turnover", "missing")]);
    // Two complaints of "no problem" have no problem in common.
    let text = format!(
        "{HEADER}\nP0001,outlet-complaint,2,2011-03-02,O000001,无,\nP0001,outlet-complaint,2,2011-03-03,O000001,-,\n"
    );
    assert_eq!(home.import("deductions", text.as_bytes())["accepted"], 2);
    assert_eq!(home.ledger()[0]["problem"], Value::Null);
}

#[test]
fn numbers_in_other_units_say_what_to_write() {
    let home = Home::new();
    let text = "outlet_id,month,turnover\nO000001,2011-01,100万\nO000001,2011-02,0.1万元\nO000001,2011-03,8.2E+05\nO000001,2011-04,820.505\n";
    let report = home.import("turnover", text.as_bytes());
    let want = ["in ten thousands", "in ten thousands", "shortened number", "too many decimals"];
    assert_eq!(reasons(&report).iter().map(|r| r.2).collect::<Vec<_>>(), want);
    assert!(report["rejected"][0]["detail"].as_str().unwrap().contains("write 1000000"));
    assert!(report["rejected"][1]["detail"].as_str().unwrap().contains("write 1000"));
}

#[test]
fn blank_ids_below_an_id_are_said_to_look_like_merged_cells() {
    let home = Home::new();
    let text = format!(
        "{HEADER}\n,media-exposure,12,2011-03-04,,,\nP0001,unapproved-material,8,2011-03-02,,,\n,brand-standard,5,2011-03-03,O000001,,\n"
    );
    let report = home.import("deductions", text.as_bytes());
    assert_eq!(reasons(&report), [(1, "provider_id", "missing"), (3, "provider_id", "missing")]);
    assert!(!report["rejected"][0]["detail"].as_str().unwrap().contains("merged"));
    assert!(report["rejected"][1]["detail"].as_str().unwrap().contains("merged"));
}

/// Regression: file lines 6 and 8 were reported as rows 2 and 4 alone.
#[test]
fn rows_are_given_by_their_line_too_with_all_lines_counted() {
    let home = Home::new();
    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            HEADER,
            "",
            "P0001,unapproved-material,8,2011-03-02,,,\"a",
            "b\"",
            "",
            "P0404,unapproved-material,8,2011-03-03,,,",
        ];
        let text = [&lines[..], &[",,,,,,", "P0405,unapproved-material,8,2011-03-04,,,"]].concat().join(end);
        let report = home.import("deductions", text.as_bytes());
        let places: Vec<_> = report["rejected"].as_array().unwrap().iter().map(|r| (&r["row"], &r["line"])).collect();
        assert_eq!(places, [(&json!(2), &json!(6)), (&json!(4), &json!(8))], "{end:?}");
    }
}

/// Regression: problem 3-2 became 3月2日 in a spreadsheet, and the line was recorded once more.
#[test]
fn an_edited_export_came_back_as_a_second_deduction() {
    let home = Home::new();
    home.run(&["deduct", "P0001", "media-exposure", "12", "--on", "2011-03-02", "--note", "报纸"]);
    let deduct =
        ["deduct", "P0001", "brand-standard", "5", "--on", "2011-03-04", "--outlet", "O000001", "--problem", "3-2"];
    home.run(&deduct);
    let export = String::from_utf8(home.export("ledger")).unwrap();
    let edited = export.replace("3-2", "3月2日").replace("2011-03-0", "2011/3/");
    let report = home.import("deductions", &gb(edited.trim_start_matches('\u{feff}')));
    assert_eq!((&report["accepted"], &report["already"]), (&0.into(), &1.into()));
    assert_eq!(reasons(&report), [(2, "problem", "recorded otherwise")]);
    assert!(report["rejected"][0]["detail"].as_str().unwrap().contains("line 6"));
    assert_eq!(report["already_lines"], json!([{"row": 1, "line": 2, "recorded": 5}]));
    assert_eq!(home.score(), 17);
    // Also when the line is reversed: the label says which line it is, and its reversal is known.
    home.run(&["reverse", "6", "--reason", "误"]);
    let edited = String::from_utf8(home.export("ledger")).unwrap().replace("报纸", "日报").replace("3-2", "3月2日");
    let report = home.import("deductions", edited.as_bytes());
    assert_eq!(reasons(&report).len(), 2);
    assert_eq!((&report["accepted"], &report["already"]), (&0.into(), &1.into()));
    assert_eq!(home.score(), 12);
    // Nor is a line of this store that was given other points, another day or another provider a new one.
    let export = String::from_utf8(home.export("ledger")).unwrap();
    for (is, changed, column) in [(",12,", ",13,", "points"), ("2011-03-02", "2011-03-05", "occurred_on")] {
        let report = home.import("deductions", export.replacen(is, changed, 1).as_bytes());
        assert_eq!(reasons(&report)[0], (1, column, "recorded otherwise"));
        assert_eq!((&report["accepted"], home.score()), (&0.into(), 12.into()));
    }
}

/// Regression: the number that a reversal's row reverses was believed, whatever line its own cells said.
#[test]
fn an_edited_export_reversed_another_line_than_its_row_said() {
    let home = Home::new();
    home.run(&["deduct", "P0001", "media-exposure", "12", "--on", "2011-03-02", "--note", "报纸"]);
    home.run(&["deduct", "P0001", "media-exposure", "20", "--on", "2011-03-04", "--note", "电视"]);
    home.run(&["reverse", "5", "--reason", "误"]);
    let export = String::from_utf8(home.export("ledger")).unwrap();
    let row = export.lines().find(|row| row.contains(",reversal,")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    assert_eq!(cells[12], "5", "{row}");
    let moved: Vec<&str> = cells.iter().enumerate().map(|(n, cell)| if n == 12 { "6" } else { *cell }).collect();
    let edited = export.replace(row, &moved.join(","));
    for dry in [true, false] {
        let other = Home::new();
        let path = other.file(edited.as_bytes());
        let (_, report, _) = other.import_at("deductions", &path, if dry { &["--dry-run"] } else { &[] });
        assert_eq!(reasons(&report), [(3, "reverses", "reverses another line")], "dry run: {dry}");
        let detail = report["rejected"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("points, occurred on"), "{detail}");
        let want: Value = if dry { 0 } else { 32 }.into();
        assert_eq!((&report["accepted"], other.score()), (&2.into(), want));
    }
    // As it is, it comes in.
    let other = Home::new();
    assert_eq!(other.import("deductions", export.as_bytes())["accepted"], 3);
    assert_eq!(other.score(), 20);
}

/// Regression: the month's file again with one note corrected doubled the points.
#[test]
fn a_corrected_note_in_the_months_file_doubled_its_points() {
    let home = Home::new();
    let row = |note: &str| format!("P0001,unapproved-material,5,2011-03-02,,,{note}\n");
    let file = |notes: &[&str]| format!("{HEADER}\n{}", notes.iter().map(|n| row(n)).collect::<String>()).into_bytes();
    // Rows of one file are lines of their own, equal ones and those that differ in their notes.
    assert_eq!(home.import("deductions", &file(&["甲", "甲", "乙"]))["accepted"], 3);
    let report = home.import("deductions", &file(&["甲", "甲", "丙"]));
    assert_eq!((&report["accepted"], &report["already"]), (&0.into(), &2.into()));
    assert_eq!(reasons(&report), [(3, "note", "recorded otherwise")]);
    // One of two equal ones corrected is that one.
    assert_eq!(reasons(&home.import("deductions", &file(&["甲", "丁", "乙"]))), [(2, "note", "recorded otherwise")]);
    assert_eq!(home.score(), 15);
    // All as they were and one more: that one is new, wherever it stands.
    let report = home.import("deductions", &file(&["戊", "甲", "甲", "乙"]));
    assert_eq!((&report["accepted"], &report["already"]), (&1.into(), &3.into()));
    // The trial says the same as the import.
    let path = home.file(&file(&["己"]));
    let trial = home.import_at("deductions", &path, &["--dry-run"]);
    assert_eq!(trial, home.import_at("deductions", &path, &[]));
    assert_eq!(trial.0, 1, "not a row went in");
    // Reversed and recorded anew is no second one.
    home.run(&["reverse", "5", "--reason", "误"]);
    home.run(&["reverse", "6", "--reason", "误"]);
    let report = home.import("deductions", &file(&["甲", "甲", "乙", "戊", "己"]));
    assert_eq!((&report["accepted"], &report["already"]), (&1.into(), &4.into()));
}

/// Regression: counting the rows of a file while they were read moved the place that both read from.
#[test]
fn a_long_file_is_completed_and_compared_while_it_is_read() {
    let home = Home::new();
    let row = |n: usize| format!("P0001,dormant-outlets,1,2011-{:02}-{:02},,,巡查{}\n", n % 12 + 1, n % 28 + 1, n / 2);
    let file = |n: std::ops::Range<usize>| format!("{HEADER}\n{}", n.map(row).collect::<String>());
    assert_eq!(home.import("deductions", file(0..2_500).as_bytes())["accepted"], 2_500);
    let report = home.import("deductions", file(0..6_000).as_bytes());
    assert_eq!((&report["accepted"], &report["already"]), (&3_500.into(), &2_500.into()));
    let corrected = file(0..6_000).replacen("巡查0\n", "复查0\n", 1);
    let report = home.import("deductions", corrected.as_bytes());
    assert_eq!((&report["accepted"], &report["already"]), (&0.into(), &5_999.into()));
    assert_eq!(reasons(&report), [(1, "note", "recorded otherwise")]);
}

/// Regression: an import of which every row was refused ended with 0.
#[test]
fn the_exit_code_says_when_nothing_went_in() {
    let home = Home::new();
    let path = home.file(format!("{HEADER}\nP0404,unapproved-material,8,2011-03-02,,,\n").as_bytes());
    assert_eq!(home.import_at("deductions", &path, &[]).0, 1);
    assert_eq!(home.import_at("deductions", &path, &["--dry-run"]).0, 1);
    let good = "P0001,unapproved-material,8,2011-03-02,,,\n";
    let path = home.file(format!("{HEADER}\nP0404,unapproved-material,8,2011-03-02,,,\n{good}").as_bytes());
    assert_eq!(home.import_at("deductions", &path, &[]).0, 0);
    assert_eq!(home.import_at("deductions", &path, &[]).0, 0, "the other is there already");
    assert_eq!(home.import_at("deductions", &path, &["--strict"]).0, 1);
}

/// Regression: "nothing was recorded" while 21,000 of 29,000 rows were. A limit on the size of files stands for a disk
/// that is full.
#[test]
fn an_import_that_stopped_said_nothing_was_recorded() {
    let home = Home::new();
    let rows: String =
        (1_000..30_000).map(|n| format!("O{n:06},P0001,杭州,文三路很长很长很长的店名{n}号店\n")).collect();
    let path = home.file(format!("outlet_id,provider_id,city,name\n{rows}").as_bytes());
    let file = path.to_str().unwrap();
    let limited = format!(
        "trap '' XFSZ; ulimit -f 2000; exec {} --json --lang en import outlets {file}",
        env!("CARGO_BIN_EXE_koufen")
    );
    let store = home.folder.path().join("store");
    let out = Command::new("sh").args(["-c", &limited]).env("KOUFEN_STORE", store).output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(3), "{err}");
    let so_far: Value = serde_json::from_slice(&out.stdout).unwrap();
    let accepted = so_far["accepted"].as_u64().unwrap();
    assert!(accepted > 0 && accepted < 29_000, "{so_far}");
    assert!(err.contains(&format!("at least {accepted} rows")) && !err.contains("nothing was recorded"), "{err}");
    let (code, rest, _) = home.import_at("outlets", &path, &[]);
    assert_eq!(code, 0);
    assert!(rest["already"].as_u64().unwrap() >= accepted);
    assert_eq!(rest["accepted"].as_u64().unwrap() + rest["already"].as_u64().unwrap(), 29_000);
}

#[test]
fn what_is_no_file_is_refused_and_a_pipe_is_read_up_to_a_bound() {
    let home = Home::new();
    for device in ["/dev/zero", "/dev/urandom", "/dev/null", "/"] {
        let (code, _, err) = home.import_at("deductions", Path::new(device), &[]);
        assert!(code == 1 && err.contains("is no file"), "{device}: {err}");
    }
    let pipe = |bytes: &[u8]| {
        let mut child = home
            .command(&["--json", "import", "deductions", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut to = child.stdin.take().unwrap();
        // Who is refused early stops listening.
        let _ = to.write_all(bytes);
        drop(to);
        child.wait_with_output().unwrap()
    };
    let out = pipe(format!("{HEADER}\nP0001,unapproved-material,8,2011-03-02,,,\n").as_bytes());
    assert_eq!(serde_json::from_slice::<Value>(&out.stdout).unwrap()["accepted"], 1);
    let yes = Command::new("yes").stdout(Stdio::piped()).spawn().unwrap();
    let mut yes = yes;
    let out = home.command(&["import", "deductions", "-"]).stdin(yes.stdout.take().unwrap()).output().unwrap();
    let _ = yes.wait();
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(1) && err.contains("256 MiB"), "{err}");
}

/// What each row of the README's table of files says is so.
#[test]
fn the_readme_says_what_files_are_taken() {
    let readme = include_str!("../README.md");
    let from = readme.find("| what offices write | kind | example |").unwrap();
    let rows: Vec<Vec<&str>> = readme[from..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert!(rows.len() > 15, "{rows:#?}");
    for row in rows {
        let [what, kind, example, encoding, taken] = row[..] else { panic!("{row:?}") };
        let text = example.trim_matches('`').replace('⏎', "\r\n").replace('⇥', "\t").replace('¦', "|");
        let bytes = match encoding {
            "GB18030" => gb(&text),
            "UTF-16" => utf16(&text, false, true),
            "UTF-16, no mark" => utf16(&text, false, false),
            "UTF-8, mark" => format!("\u{feff}{text}").into_bytes(),
            "UTF-8" => text.clone().into_bytes(),
            other => panic!("{other}"),
        };
        let home = Home::new();
        let path = home.file(&bytes);
        if let Some(rows) = taken.strip_suffix(" in") {
            let (_, report, err) = home.import_at(kind, &path, &["--dry-run"]);
            assert_eq!(report["accepted"].to_string(), rows, "{what}: {report}{err}");
            assert_eq!(report["rejected"], json!([]), "{what}");
            let out = home.run(&["import", kind, path.to_str().unwrap(), "--dry-run"]);
            assert!(String::from_utf8_lossy(&out.stderr).contains("Read as "), "{what}");
        } else if let Some(reason) = taken.strip_prefix("row: ") {
            let (_, report, err) = home.import_at(kind, &path, &["--dry-run"]);
            assert_eq!(report["rejected"][0]["reason"], reason, "{what}: {report}{err}");
        } else {
            let word = taken.strip_prefix("file: ").unwrap();
            assert!(home.refused(kind, &bytes).contains(word), "{what}");
        }
    }
}
