//! A roster as offices have it: providers, their outlets, and deductions in the order in which audits come in.

use koufen::time::Day;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// Providers.
pub const PROVIDERS: u64 = 1_000;
/// Outlets.
pub const OUTLETS: u64 = 140_000;
/// Days that deductions are of: four years.
const DAYS: u64 = 1_461;
const PROBLEMS: u64 = 50;
const CITIES: [&str; 5] = ["杭州", "宁波", "温州", "绍兴", "嘉兴"];

/// A number that looks random, and is the same at each run.
fn scattered(n: u64, salt: u64) -> u64 {
    let mut x = n.wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Writes `providers.csv`, `outlets.csv` and `deductions.csv`.
pub fn write(folder: &Path, rows: u64) {
    let mut text = String::from("provider_id,name,kind,city,population\n");
    for p in 0..PROVIDERS {
        let city = CITIES[(p % 5) as usize];
        writeln!(text, "P{p:04},{city}第{p}商贸有限公司,third-party,{city},8700373").expect("a row");
    }
    fs::write(folder.join("providers.csv"), &text).expect("a file");
    let start = Day::from_ymd_opt(2007, 1, 1).expect("a day");
    let mut file = BufWriter::new(File::create(folder.join("outlets.csv")).expect("a file"));
    writeln!(file, "outlet_id,provider_id,city,name,signed_on,staff").expect("a row");
    for o in 0..OUTLETS {
        // Outlets were signed before any deduction is of them.
        let day = start + chrono::Days::new(scattered(o, 1) % 365);
        let city = CITIES[(o % 5) as usize];
        writeln!(file, "O{o:06},P{:04},{city},{city}{o}号便利店,{day},{}", o % PROVIDERS, 1 + o % 3).expect("a row");
    }
    file.flush().expect("a write");
    let start = Day::from_ymd_opt(2008, 1, 1).expect("a day");
    let mut file = BufWriter::new(File::create(folder.join("deductions.csv")).expect("a file"));
    writeln!(file, "provider_id,article,points,occurred_on,outlet_id,problem,note").expect("a row");
    for n in 0..rows {
        let p = scattered(n, 2) % PROVIDERS;
        let day = start + chrono::Days::new(scattered(n, 3) % DAYS);
        let outlet = scattered(n, 4) % (OUTLETS / PROVIDERS) * PROVIDERS + p;
        let (article, points, at_outlet) = match scattered(n, 5) % 5 {
            0 => ("brand-standard", 5, true),
            1 => ("exit-response", 2, true),
            2 => ("outlet-complaint", 1, true),
            3 => ("unapproved-material", 8, false),
            _ => ("media-exposure", 10, false),
        };
        let outlet = if at_outlet { format!("O{outlet:06}") } else { String::new() };
        let problem = match article {
            "outlet-complaint" => format!("问题{}", scattered(n, 6) % PROBLEMS),
            _ => String::new(),
        };
        writeln!(file, "P{p:04},{article},{points},{day},{outlet},{problem},现场抽查 {n}").expect("a row");
    }
    file.flush().expect("a write");
}
