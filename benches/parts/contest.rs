//! Contestants in processes of their own, so that peak memory is their own, and what each turn took.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// What one turn took.
#[derive(Clone)]
pub struct Turn {
    /// Its parts.
    pub times: Vec<Duration>,
    /// Most memory that it had.
    pub peak_mb: u64,
    /// Bytes on disk after it.
    pub disk: u64,
}

/// Says what a turn took: called by a contestant at its end.
pub fn report(times: &[Duration], disk: u64) {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel's account of this process");
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("a peak");
    let kb: u64 = peak.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number");
    let times: Vec<String> = times.iter().map(|time| time.as_nanos().to_string()).collect();
    println!("{} {disk} {}", kb / 1024, times.join(" "));
}

/// One turn of a contestant.
pub fn contest(who: &str, folder: &Path) -> Turn {
    let exe = std::env::current_exe().expect("this program");
    let out = std::process::Command::new(exe).arg(who).arg(folder).output().expect("a turn");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    let mut words = text.split_whitespace().map(|n| n.parse::<u64>().expect("a number"));
    let (peak_mb, disk) = (words.next().expect("a peak"), words.next().expect("a size"));
    Turn { times: words.map(Duration::from_nanos).collect(), peak_mb, disk }
}

/// The turn in the middle, by one of its parts.
pub fn median(turns: &[Turn], at: usize) -> Turn {
    let mut turns = turns.to_vec();
    turns.sort_by_key(|turn| turn.times[at]);
    turns[turns.len() / 2].clone()
}

/// Bytes of a file, or of all files below a folder.
pub fn disk(path: &Path) -> u64 {
    let meta = fs::metadata(path).expect("a file");
    match meta.is_dir() {
        true => fs::read_dir(path).expect("a folder").map(|entry| disk(&entry.expect("an entry").path())).sum(),
        false => meta.len(),
    }
}
