//! 4.4(1): who would cross 50 or 100 by another edition, before anybody adopts it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;

use binary::Store;

const SHIPPED: &str = include_str!("../src/rulebook/rulebook.toml");

/// The part of the rulebook that an article is.
fn article(id: &str) -> &'static str {
    SHIPPED.split("[[article]]").find(|part| part.contains(&format!("id = \"{id}\""))).unwrap()
}

#[test]
fn clause_4_4_1_who_would_cross_a_mark_by_another_edition() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["provider", "add", "P0002", "--name", "中成", "--kind", "third-party", "--city", "杭州"]);
    let media = |id: &str, points: &str, on: &str| {
        store.ok(&["deduct", id, "media-exposure", points, "--on", on, "--note", on]);
    };
    // P0001: 48 in 2011 and 20 in 2012; P0002: 52, of which 20 are reversed.
    for (points, on) in [("20", "2011-03-01"), ("18", "2011-04-01"), ("10", "2011-05-01"), ("20", "2012-03-01")] {
        media("P0001", points, on);
    }
    for on in ["2011-03-02", "2011-03-03"] {
        media("P0002", "16", on);
    }
    media("P0002", "20", "2011-03-04");
    let last = store.ok(&["ledger", "P0002", "--year", "2011"])[0]["line"].to_string();
    store.ok(&["reverse", &last, "--reason", "误录"]);
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let same = store.ok(&["rules", "impact", &file("same.toml", SHIPPED)]);
    assert_eq!((&same["crosses"], &same["changed"]), (&serde_json::json!([]), &0.into()));
    // At least 15 for the press: P0001 comes to 20 + 18 + 15, P0002's 16 stay, and its reversed line counts nothing.
    let old = article("media-exposure");
    let dearer = file("dearer.toml", &SHIPPED.replace(old, &old.replace("min = 10", "min = 15")));
    let told = store.ok(&["rules", "impact", &dearer]);
    let row = serde_json::json!({
        "provider": "P0001", "year": 2011, "changed": 1, "gone": 0,
        "before": { "score": 48, "standing": "watch" }, "after": { "score": 53, "standing": "suspended" },
    });
    assert_eq!((&told["crosses"], &told["changed"]), (&serde_json::json!([row]), &1.into()));
    assert_eq!(store.ok(&["rules", "impact", &dearer, "--year", "2012"])["crosses"], serde_json::json!([]));
    // Other marks.
    let stricter = file("stricter.toml", &SHIPPED.replace("suspended = 50 ", "suspended = 48 "));
    assert_eq!(store.ok(&["rules", "impact", &stricter])["crosses"].as_array().unwrap().len(), 1);
    assert_eq!(store.ok(&["provider", "show", "P0001"])["provider"], "P0001", "nothing is changed");
    let text = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
    let mut text = text;
    let out =
        text.arg("--store").arg(&store.path).args(["--lang", "zh-CN", "rules", "impact", &dearer]).output().unwrap();
    assert!(String::from_utf8(out.stdout).unwrap().contains("P0001"));
}
