//! Fuzzing of the import reader: seeds in every encoding, separator and kind of header, changed by a small generator that
//! gives the same files in each run. Nothing panics; every row is accounted for; a file that is refused leaves the
//! store as it was; what went in once is known the second time.
//!
//! A few seconds by default; `KOUFEN_FUZZ_SECONDS=60 KOUFEN_FUZZ_SEED=7 cargo test --test fuzz_files` for more.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/dice.rs"]
mod dice;
mod fixture;

use dice::Dice;
use koufen::calendar::Calendar;
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::Command;
use koufen::exchange::{ImportError, Kind, Options, Report, Source, import};
use koufen::rulebook::Rulebook;
use koufen::time::Moment;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A place below `n`, and 0 where there is none.
fn below(dice: &mut Dice, n: usize) -> usize {
    usize::try_from(dice.below(n.max(1) as u64)).unwrap()
}

/// One of several.
fn one_of<'a, T: ?Sized>(dice: &mut Dice, all: &[&'a T]) -> &'a T {
    all[below(dice, all.len())]
}

/// Tables of each kind, cell by cell.
fn tables() -> Vec<(Kind, Vec<Vec<&'static str>>)> {
    let split = |rows: &[&'static str]| rows.iter().map(|row| row.split(';').collect()).collect();
    vec![
        (
            Kind::Deductions,
            split(&[
                "provider_id;article;points;occurred_on;outlet_id;problem;note",
                "P0001;unapproved-material;8;2011-03-02;;;巡查",
                "P0002;媒体负面曝光;12分;2011年3月5日 星期六;;;\"两行\n的备注\"",
                "P0001;1.6.2(1);'5;40604;O000001;3-2;他说\"没审批\"",
                "合计;;25;;;;",
            ]),
        ),
        (
            Kind::Deductions,
            split(&[
                "扣分明细",
                "序号;*服务商编号;扣分项（必填）;扣分;发生日期;备注",
                "1;P0001;物料未经审批;８;20110302;无",
                "2;P0002;outlet-complaint;2;2011/3/2 0:00;",
                "导出时间：2011-04-01",
            ]),
        ),
        (
            Kind::Deductions,
            split(&[
                "line;kind;provider_id;article;points;effective;occurred_on;outlet_id;problem;note;reverses;recorded_at;by",
                "7;deduction;P0001;unapproved-material;8;0;2011-03-02;;;巡查;;;甲",
                "8;reversal;P0001;unapproved-material;8;0;2011-03-02;;;误;7;;甲",
            ]),
        ),
        (
            Kind::Providers,
            split(&[
                "服务商编号;名称;类型;城市;人口;注册资本;协议日期;邮箱;电话",
                "P0100;甲公司;第三方;杭州;8,700,000;￥1,000,000;2011-01-05;a@example.com;0571-1",
                "p0001;乙公司;自营;宁波;-;/;;;—",
                "P0101;🏪 便利👩‍👩‍👧店;third-party;杭州;;;;;",
            ]),
        ),
        (
            Kind::Outlets,
            split(&[
                "Outlet ID;Provider;City;Outlet name;Signed on;Staff",
                "O000100;P0001;杭州;三号店;Feb-11;2",
                "o000001;P0001;杭州;一号店;;",
            ]),
        ),
        (
            Kind::Turnover,
            split(&[
                "网点;月份;交易额（元）;订单数",
                "O000001;Feb-11;￥820.500;12",
                "O000001;201103;100万;",
                "O000002;2011年1月份;.5;—",
            ]),
        ),
    ]
}

const SEPARATORS: [&str; 5] = [",", "\t", ";", "|", "，"];
const ENDS: [&str; 4] = ["\r\n", "\n", "\r", "\n\n"];

fn text_of(table: &[Vec<&str>], dice: &mut Dice) -> String {
    let (separator, end) = (one_of(dice, &SEPARATORS), one_of(dice, &ENDS));
    let mut text = if below(dice, 6) == 0 { format!("sep={separator}{end}") } else { String::new() };
    for row in table {
        let quote = |cell: &&str| match cell.contains(separator) && !cell.starts_with('"') {
            true => format!("\"{cell}\""),
            false => (*cell).to_owned(),
        };
        text += &row.iter().map(quote).collect::<Vec<_>>().join(separator);
        text += end;
    }
    if below(dice, 3) == 0 {
        text.truncate(text.trim_end().len());
    }
    text
}

fn encoded(text: &str, dice: &mut Dice) -> Vec<u8> {
    let wide = |big: bool| {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect::<Vec<u8>>()
    };
    match below(dice, 7) {
        0 | 1 => text.as_bytes().to_vec(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        3 => encoding_rs::GB18030.encode(text).0.into_owned(),
        4 => [b"\xff\xfe", &wide(false)[..]].concat(),
        5 => [b"\xfe\xff", &wide(true)[..]].concat(),
        _ => wide(below(dice, 2) == 0),
    }
}

const PIECES: [&[u8]; 22] = [
    b"\"",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\0",
    b"\x1a",
    b"\x1f",
    b"\xff",
    b"\xfe",
    b"\xef\xbb\xbf",
    b"#N/A",
    b"=\"x\"",
    b"sep=;\n",
    "\u{200b}".as_bytes(),
    "，".as_bytes(),
    "锟斤拷".as_bytes(),
    "\u{fffd}".as_bytes(),
    b"\xb2\xe9",
    b"\x81",
    b"9999999999999999999999",
];

/// Bytes put in, taken out, turned over, doubled.
fn changed(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..below(dice, 5) {
        let at = below(dice, bytes.len() + 1);
        let to = (at + below(dice, 12)).min(bytes.len());
        match below(dice, 6) {
            0 => {
                bytes.splice(at..at, one_of(dice, &PIECES).iter().copied());
            }
            1 => {
                bytes.drain(at..to);
            }
            2 => bytes.truncate(at),
            3 if at < bytes.len() => bytes[at] ^= 1 << below(dice, 8),
            4 => {
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let from = below(dice, bytes.len() + 1);
                let part = bytes[from..].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

struct Bench {
    desk: Desk,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let day = koufen::time::parse_day("2011-12-15").unwrap();
        let options = OpenOptions {
            path: folder.path().join("store"),
            rulebook: Rulebook::shipped().unwrap(),
            calendar: Calendar::shipped().unwrap(),
            clock: Arc::new(ManualClock::at(Moment::start_of(day))),
            progress: &mut |_| {},
            wait: Duration::ZERO,
        };
        let desk = Desk::open(options).unwrap().desk;
        let who = fixture::who("fuzz");
        for id in ["P0001", "P0002"] {
            desk.submit(&who, Command::AddProvider(fixture::provider(id, "甲"))).unwrap();
        }
        for id in ["O000001", "O000002"] {
            desk.submit(&who, Command::AddOutlet(fixture::outlet(id, "P0001"))).unwrap();
        }
        Bench { desk, folder }
    }

    fn import(&self, path: &Path, kind: Kind, dry_run: bool) -> Option<Report> {
        let source = Source::open(path, kind).ok()?;
        let done =
            import(&self.desk, &fixture::who("fuzz"), &source, kind, Options { dry_run, stop: None }, &mut |_| {});
        let report = done.unwrap_or_else(|ImportError { why, .. }| panic!("{why} after it was looked through"));
        let apart = report.rejected.len() + report.named.len();
        assert_eq!(report.read, report.accepted + report.already + apart as u64, "{report:?}");
        assert!(report.rejected.iter().all(|r| r.at.line > source.header_line()));
        Some(report)
    }

    /// One file: a trial, the import, and the import once more.
    fn try_file(&self, bytes: &[u8], kind: Kind) -> bool {
        let path = self.folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        let before = self.desk.stats().unwrap().head;
        let trial = self.import(&path, kind, true);
        assert_eq!(self.desk.stats().unwrap().head, before, "a trial or a refused file keeps nothing");
        let Some(trial) = trial else { return false };
        let report = self.import(&path, kind, false).unwrap();
        let counts = |r: &Report| (r.read, r.accepted, r.already, r.rejected.len(), r.named.len());
        assert_eq!(counts(&trial), counts(&report), "a trial says what then happens");
        let again = self.import(&path, kind, false).unwrap();
        assert_eq!((again.accepted, again.already), (0, report.accepted + report.already), "{report:?}\n{again:?}");
        true
    }
}

#[test]
fn no_file_makes_it_panic_or_lose_a_row() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let length = Duration::from_secs(number("KOUFEN_FUZZ_SECONDS").unwrap_or(4));
    let mut dice = Dice(number("KOUFEN_FUZZ_SEED").unwrap_or(20_110_302));
    let (tables, start) = (tables(), Instant::now());
    let (mut tried, mut taken, mut bench) = (0_u32, 0_u32, Bench::new());
    while start.elapsed() < length {
        let (kind, table) = &tables[below(&mut dice, tables.len())];
        let seed = dice.0;
        let bytes = changed(encoded(&text_of(table, &mut dice), &mut dice), &mut dice);
        // Seldom as another kind than it is.
        let kind = if below(&mut dice, 10) == 0 { Kind::ALL[below(&mut dice, 4)] } else { *kind };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| bench.try_file(&bytes, kind)));
        let Ok(read) = result else {
            panic!("seed {seed}, {kind:?}: {}", bytes.escape_ascii());
        };
        tried += 1;
        taken += u32::from(read);
        if tried.is_multiple_of(200) {
            bench = Bench::new();
        }
    }
    assert!(taken > 10 && taken * 5 > tried, "{taken} of {tried} files could be read");
}
