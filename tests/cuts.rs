//! Simulated power cuts: a file system in a file is shut down under the program (the ioctl of ext4 that throws away
//! what was not written), then mounted again. What was acknowledged is there, the store is sound, and whoever was
//! running came to an end. `KOUFEN_CUTS=100` by hand. Where nobody may mount a file (no root, no loop device) or
//! there is no Python for the ioctl, it says so and checks nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/dice.rs"]
mod dice;

use binary::{Store, finish};
use dice::Dice;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Flushes nothing: what is in memory only is gone.
const SHUTDOWN: &str = "import fcntl,os,struct,sys,time
fd=os.open(sys.argv[1],os.O_RDONLY); time.sleep(float(sys.argv[2])); fcntl.ioctl(fd,0x8004587d,struct.pack('I',2))";

/// An image with a file system, mounted; unmounted when it goes out of scope.
struct Disk<'a> {
    image: &'a Path,
    mount: &'a Path,
}

impl Disk<'_> {
    fn mount(&self) -> bool {
        runs(Command::new("mount").args(["-o", "loop"]).args([self.image, self.mount]))
    }

    fn unmount(&self) {
        // Whoever was cut off needs a moment to let go.
        for _ in 0..200 {
            if runs(Command::new("umount").arg(self.mount)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{} stays busy: somebody did not come to an end", self.mount.display());
    }
}

fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// A fresh file system; false where that is not allowed here.
fn format(image: &Path) -> bool {
    let _ = fs::remove_file(image);
    fs::File::create(image).unwrap().set_len(96 << 20).unwrap();
    runs(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image)) && runs(Command::new("python3").args(["-c", ""]))
}

#[test]
fn what_was_acknowledged_survives_a_cut_and_whoever_ran_comes_to_an_end() {
    let cuts: u64 = std::env::var("KOUFEN_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let (folder, mut dice) = (tempfile::tempdir().unwrap(), Dice(8));
    let (image, mount, file) = (folder.path().join("image"), folder.path().join("m"), folder.path().join("d.csv"));
    fs::create_dir(&mount).unwrap();
    let mut text = String::from("provider_id,article,points,occurred_on,note\n");
    for n in 0..20_000 {
        let (month, day) = (dice.below(12) + 1, dice.below(28) + 1);
        text.push_str(&format!("P0001,dormant-outlets,1,2010-{month:02}-{day:02},{n}\n"));
    }
    fs::write(&file, text).unwrap();
    let disk = Disk { image: &image, mount: &mount };
    let mut acknowledged = 0;
    for cut in 0..cuts {
        if !format(&image) || !disk.mount() {
            println!("no file system in a file can be mounted and shut down here: nothing checked");
            return;
        }
        let store = Store::with_provider(&mount.join("s"));
        let import = cut % 2 == 1;
        let delay = format!("0.{:03}", 30 + dice.below(500));
        let mut cutter = Command::new("python3").args(["-c", SHUTDOWN]).arg(&mount).arg(delay).spawn().unwrap();
        let mut told = Vec::new();
        if import {
            // It ends by itself, and says that something was wrong, or was done before the cut.
            finish(store.command(&["import", "deductions", file.to_str().unwrap()]));
        } else {
            told = acknowledged_until_the_cut(&store);
        }
        assert!(cutter.wait().unwrap().success());
        disk.unmount();
        assert!(disk.mount(), "cut {cut}: the file system comes back");
        assert_eq!(store.ok(&["verify", "--remake"])["ok"], true, "cut {cut}");
        let lines = store.ok(&["ledger", "P0001", "--year", "2011"]);
        let there: Vec<u64> = lines.as_array().unwrap().iter().map(|l| l["line"].as_u64().unwrap()).collect();
        assert!(told.iter().all(|line| there.contains(line)), "cut {cut}: {told:?} in {there:?}");
        acknowledged += told.len();
        disk.unmount();
    }
    assert!(acknowledged > 0, "nothing was acknowledged before a cut");
}

/// One command after another until the disk is gone; the lines that were acknowledged.
fn acknowledged_until_the_cut(store: &Store) -> Vec<u64> {
    let mut told = Vec::new();
    loop {
        let out = store.deduct("1", "2011-03-02", &told.len().to_string());
        if !out.status.success() {
            return told;
        }
        let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        told.push(said["line"].as_u64().unwrap());
    }
}
