//! The messy roster: what must come out of it, as its own `expected.json` says, through the real binary.
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected should stop there")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn koufen(store: &Path, args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_koufen"))
        .args(["--lang", "en", "--store"])
        .arg(store)
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

fn json(store: &Path, args: &[&str]) -> Value {
    let (code, out, err) = koufen(store, &[&["--json"], args].concat());
    assert_eq!(code, 0, "{args:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

fn roster(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/roster").join(file)
}

fn import(store: &Path, kind: &str, file: &Path) -> Value {
    json(store, &["import", kind, file.to_str().unwrap()])
}

/// All standings of three years, as one value to compare.
fn standings(store: &Path) -> Vec<Value> {
    ["2010", "2011", "2012"].map(|year| json(store, &["standing", "--year", year])).to_vec()
}

const KINDS: [&str; 3] = ["providers", "outlets", "deductions"];

#[test]
fn the_roster_gives_what_is_expected_of_it_and_comes_back_from_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(roster("expected.json")).unwrap()).unwrap();
    for kind in KINDS {
        let file = roster(&format!("{kind}.csv"));
        let trial = json(&store, &["import", kind, file.to_str().unwrap(), "--dry-run"]);
        let report = import(&store, kind, &file);
        assert_eq!(trial, report, "a trial says what then happens");
        let rejected: Vec<Value> = report["rejected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| serde_json::json!([row["row"], row["reason"]]))
            .collect();
        let want = &expected[kind];
        assert_eq!(report["read"], want["read"], "{kind}");
        assert_eq!(report["accepted"], want["accepted"], "{kind}");
        assert_eq!(report["already"], 0, "{kind}");
        assert_eq!(Value::Array(rejected), want["rejected"], "{kind}");
    }
    let mut compared = 0;
    for (year, providers) in expected["standing"].as_object().unwrap() {
        for row in json(&store, &["standing", "--year", year]).as_array().unwrap() {
            let want = &providers[row["provider"].as_str().unwrap()];
            for field in ["score", "standing", "lines"] {
                assert_eq!(row[field], want[field], "{year} {row}");
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 72);

    // 2.2.3(3): the turnover gives the findings that are expected, and no others.
    let report = import(&store, "turnover", &roster("turnover.csv"));
    let counts = serde_json::json!({ "read": report["read"], "accepted": report["accepted"] });
    assert_eq!(counts, expected["turnover"]);
    assert_eq!(import(&store, "turnover", &roster("turnover.csv"))["already"], report["accepted"]);
    assert_eq!(dormant(&store, &expected), 14);

    // Once more adds nothing, and says so.
    for kind in KINDS {
        let again = import(&store, kind, &roster(&format!("{kind}.csv")));
        assert_eq!(again["accepted"], 0, "{kind}");
        assert_eq!(again["already"], expected[kind]["accepted"], "{kind}");
    }
    round_trip(folder.path(), &store);
    assert_eq!(koufen(&store, &["verify"]).0, 0);
}

/// Holds the findings of dormant outlets against those expected; how many there are.
fn dormant(store: &Path, expected: &Value) -> usize {
    let found = json(store, &["findings"]);
    let is = found.as_array().unwrap().iter().filter(|f| f["article"] == "dormant-outlets").map(|f| {
        let m = &f["measured"];
        assert_eq!(f["state"], "open");
        (
            f["provider"].clone(),
            f["subject"].clone(),
            [&m["tested"], &m["low"], &m["zero"], &f["points"]].map(Value::clone),
        )
    });
    let should = expected["dormant"].as_array().unwrap().iter().filter(|d| d["points"] != 0).map(|d| {
        (d["provider"].clone(), d["month"].clone(), ["tested", "low", "zero", "points"].map(|field| d[field].clone()))
    });
    let is: Vec<_> = is.collect();
    assert_eq!(is, should.collect::<Vec<_>>());
    is.len()
}

/// An export goes into a fresh store with the same scores and the same text, and into its own as known already.
fn round_trip(folder: &Path, store: &Path) {
    let line = json(store, &["ledger", "P0004", "--year", "2011"])[0]["line"].to_string();
    assert_eq!(koufen(store, &["reverse", &line, "--reason", "'=a quarrel\nsettled"]).0, 0);
    let fresh = folder.join("fresh");
    for (what, kind) in
        [("providers", "providers"), ("outlets", "outlets"), ("ledger", "deductions"), ("turnover", "turnover")]
    {
        let file = folder.join(format!("{what}.csv"));
        let path = file.to_str().unwrap();
        assert_eq!(koufen(store, &["export", what, "--out", path]).0, 0);
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(b"\xef\xbb\xbf"));
        let trial = json(&fresh, &["import", kind, path, "--dry-run"]);
        let there = import(&fresh, kind, &file);
        assert_eq!(trial, there);
        assert_eq!(there["read"], there["accepted"], "{there}");
        let here = import(store, kind, &file);
        assert_eq!(here["read"], here["already"], "{here}");
        let (_, again, _) = koufen(&fresh, &["export", what]);
        if kind != "deductions" {
            assert_eq!(again.as_bytes(), bytes, "{what} comes back byte for byte");
        }
        no_formula(&bytes);
    }
    assert_eq!(standings(store), standings(&fresh));
    assert_eq!(json(store, &["findings"]), json(&fresh, &["findings"]));
}

fn no_formula(csv: &[u8]) {
    let mut reader = csv::Reader::from_reader(&csv[3..]);
    for record in reader.records() {
        for cell in record.unwrap().iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{cell:?}");
        }
    }
}

/// Decision 15: an export carries transfers, so that an import gives the same again: lines and reports go to the
/// provider of their day.
#[test]
fn decision_15_an_export_carries_transfers() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ok = |store: &Path, args: &[&str]| {
        let (code, out, err) = koufen(store, args);
        assert_eq!(code, 0, "{args:?}: {err}");
        out
    };
    for (id, name) in [("P0001", "捷达"), ("P0002", "汇远"), ("P0003", "中成")] {
        ok(&store, &["provider", "add", id, "--name", name, "--kind", "third-party", "--city", "杭州"]);
    }
    let outlet = ["--provider", "P0001", "--city", "杭州", "--name", "店", "--staff", "2", "--signed-on", "2010-09-01"];
    for id in ["O1", "O2"] {
        ok(&store, &[&["outlet", "add", id][..], &outlet].concat());
    }
    for (to, on) in [("P0002", "2011-04-01"), ("P0003", "2011-06-02")] {
        ok(&store, &["record", "outlet-transferred", "O1", "--to", to, "--note", "交接", "--on", on]);
    }
    for (provider, on) in [("P0001", "2011-03-31"), ("P0002", "2011-04-01"), ("P0003", "2011-06-02")] {
        ok(&store, &["deduct", provider, "brand-standard", "5", "--on", on, "--outlet", "O1"]);
    }
    for (month, cny) in [("2011-03", "10"), ("2011-04", "20"), ("2011-07", "30")] {
        ok(&store, &["turnover", "record", "O1", month, cny]);
    }
    // One that closed stays closed, and a candidate is in no roster.
    ok(&store, &["record", "outlet-closed", "O2", "--note", "关店", "--on", "2011-08-01"]);
    ok(
        &store,
        &["record", "territory-confirmed", "P0001", "--city", "杭州", "--population", "20000", "--on", "2011-02-01"],
    );
    let candidate = ["outlet-proposed", "P0001", "--outlet-id", "O9", "--city", "杭州", "--name", "店", "--staff", "1"];
    ok(&store, &[&["record"][..], &candidate, &["--on", "2011-02-02"]].concat());
    let fresh = folder.path().join("fresh");
    for (what, kind) in
        [("providers", "providers"), ("outlets", "outlets"), ("ledger", "deductions"), ("turnover", "turnover")]
    {
        let file = folder.path().join(format!("{what}.csv"));
        ok(&store, &["export", what, "--out", file.to_str().unwrap()]);
        let trial = json(&fresh, &["import", kind, file.to_str().unwrap(), "--dry-run"]);
        let there = import(&fresh, kind, &file);
        assert_eq!((&there["read"], &trial["accepted"]), (&there["accepted"], &there["accepted"]), "{there}");
        assert_eq!(import(&fresh, kind, &file)["already"], there["read"], "once more adds nothing");
        assert_eq!(import(&store, kind, &file)["already"], there["read"], "nor at home");
        if what != "ledger" {
            assert_eq!(koufen(&fresh, &["export", what]).1, std::fs::read_to_string(&file).unwrap(), "{what}");
        }
    }
    assert!(
        std::fs::read_to_string(folder.path().join("outlets.csv"))
            .unwrap()
            .contains("P0001 2011-04-01; P0002 2011-06-02")
    );
    assert_eq!(standings(&store), standings(&fresh));
    ok(&fresh, &["verify"]);
    // A transfer that the rules refuse is named, and so is one that cannot be read.
    let file = folder.path().join("bad.csv");
    let rows = "outlet_id,provider_id,city,name,transfers\nO8,P0002,杭州,店,P0001 2011-13-01\nO9,P0404,杭州,店,P0001 2011-02-01\n";
    std::fs::write(&file, rows).unwrap();
    let (code, out, _) = koufen(&fresh, &["--json", "import", "outlets", file.to_str().unwrap()]);
    assert_eq!(code, 1, "not a row is in as it says");
    let rejected = serde_json::from_str::<Value>(&out).unwrap()["rejected"].clone();
    let said: Vec<_> =
        rejected.as_array().unwrap().iter().map(|r| (r["column"].clone(), r["reason"].clone())).collect();
    assert_eq!(said, [("transfers".into(), "not transfers".into()), ("transfers".into(), "unknown provider".into())]);
}
