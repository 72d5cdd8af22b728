//! Many consoles at one store: key to first byte, and what the koufen that has the store open takes for it.
//!
//!     cargo bench --bench sessions                                      # 50 sessions for a minute
//!     KOUFEN_MINUTES=10 KOUFEN_SESSIONS=50 cargo bench --bench sessions
//!     KOUFEN_CHANGES=0 cargo bench --bench sessions                     # nobody records anything
//!     KOUFEN_IMPORT=200000 KOUFEN_SESSIONS=20 cargo bench --bench sessions
//!                                             # while a file of so many rows is imported through the owner, the second
//!
//! The owner is the real program (`koufen serve`) in a process of its own, on a store of a thousand providers with twenty
//! outlets each. The sessions are not processes in terminals but connections of this one that speak what a guest speaks:
//! fifty guests and their terminals would take more of the two cores than the owner that is measured, and a guest only
//! carries bytes. Each pings as a guest does. Ten times a second somebody else attaches with a command line and records a
//! line, as `koufen deduct` does. Nothing is asserted on time: what else runs on the machine is in the figures.

#[path = "parts/number.rs"]
mod number;
#[path = "parts/store.rs"]
mod store;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use koufen::console::Theme;
use koufen::console::depth::Depth;
use koufen::desk::Asked;
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind};
use koufen::door::attach::frame::{Asks, Frames, Header, Hello, Screen, Tells, send};
use koufen::door::attach::socket_of;
use koufen::points::Points;
use koufen::time::Day;
use number::number;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PROVIDERS: u64 = 1_000;
const OUTLETS: u64 = 20;
const LINES: u64 = 10_000;
/// Commands in one durable block of the store that is made.
const BATCH: usize = 1_000;
/// Changes in a second.
const CHANGES: u64 = 10;
/// Between two keys of all sessions together.
const KEY: Duration = Duration::from_millis(20);
/// How often a guest pings.
const PING: Duration = Duration::from_millis(500);
/// A key that nothing comes of is waited for no longer. There should be none: the next frame, whatever it came of, would be
/// taken for its answer.
const NOTHING: Duration = Duration::from_secs(10);

fn main() {
    let mut args = std::env::args().skip(1);
    // `cargo test --benches` and filters come here, too: nothing to do.
    if args.next().as_deref() != Some("--bench") || args.next().is_some() {
        return;
    }
    let (minutes, sessions) = (number("KOUFEN_MINUTES", 1), number("KOUFEN_SESSIONS", 50));
    let rows = number("KOUFEN_IMPORT", 0);
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    roster(&store);
    println!("a store of {PROVIDERS} providers, {} outlets, {LINES} lines; load {}", PROVIDERS * OUTLETS, load());
    let owner = Owner::serve(&store);
    if rows > 0 {
        println!("{rows} rows imported in {:?}, alone", import(&store, &file(folder.path(), 0, rows)));
    }
    let second = (rows > 0).then(|| file(folder.path(), 1, rows));
    let alone = owner.resident();
    let all: Vec<Arc<Session>> = (0..sessions).map(|_| Session::attach(&store)).collect();
    std::thread::sleep(Duration::from_secs(5));
    let attached = owner.resident();
    println!(
        "resident: {alone} KB alone, {attached} KB with {sessions} sessions, {} KB each (goal: 1,000); {} threads",
        attached.saturating_sub(alone) / sessions.max(1),
        owner.status("Threads:")
    );
    match second {
        Some(second) => beside(&owner, &all, || import(&store, &second)),
        None => work(&owner, &store, &all, minutes),
    }
    println!("load {}", load());
}

/// Keys and changes for some minutes.
fn work(owner: &Owner, store: &Path, all: &[Arc<Session>], minutes: u64) {
    let over = AtomicBool::new(false);
    let (cpu, own, since) = (owner.cpu(), cpu_of("self"), Instant::now());
    let changes = std::thread::scope(|scope| {
        let changing = scope.spawn(|| change(store, &over));
        scope.spawn(|| press(all, &over));
        scope.spawn(|| ping(all, &over));
        for minute in 1..=minutes {
            let before = owner.cpu();
            std::thread::sleep((since + Duration::from_secs(60 * minute)).saturating_duration_since(Instant::now()));
            let share = (owner.cpu() - before).as_secs_f64() / 60.0;
            println!("after {minute} min: resident {} KB, {share:.2} of a core in the last", owner.resident());
        }
        over.store(true, Ordering::Relaxed);
        changing.join().expect("the changes")
    });
    let seconds = since.elapsed().as_secs_f64();
    let (frames, bytes) = say_times(all);
    println!(
        "owner: {:.2} of a core (goal: 0.5); this bench: {:.2}",
        (owner.cpu() - cpu).as_secs_f64() / seconds,
        (cpu_of("self") - own).as_secs_f64() / seconds
    );
    let each = seconds * all.len() as f64;
    println!(
        "to a session: {:.0} bytes a second, {:.2} frames a second that no key asked for",
        bytes as f64 / each,
        frames as f64 / each
    );
    let mut changes = changes;
    changes.sort_unstable();
    let median = changes.get(changes.len() / 2).copied().unwrap_or_default();
    let worst = changes.get(changes.len() * 99 / 100).copied().unwrap_or_default();
    println!(
        "{:.1} changes a second, from attaching to the answer p50 {median:?}, p99 {worst:?}",
        changes.len() as f64 / seconds
    );
}

/// Says how long keys took; frames that no key asked for, and bytes.
fn say_times(all: &[Arc<Session>]) -> (u64, u64) {
    let mut times: Vec<Duration> = Vec::new();
    let (mut frames, mut bytes, mut nothing) = (0, 0, 0);
    for session in all {
        let heard = session.heard.lock().expect("a session");
        times.extend(&heard.times);
        (frames, bytes) = (frames + heard.unasked, bytes + heard.bytes);
        nothing += session.nothing.load(Ordering::Relaxed);
    }
    times.sort_unstable();
    let at =
        |share: f64| times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or_default();
    println!(
        "key to first byte of {} keys: p50 {:?}, p99 {:?} (goal: 5 ms), most {:?}; {nothing} keys changed nothing",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    (frames, bytes)
}

/// Keys while a file is imported.
fn beside(owner: &Owner, all: &[Arc<Session>], import: impl FnOnce() -> Duration) {
    let (over, cpu) = (AtomicBool::new(false), owner.cpu());
    let took = std::thread::scope(|scope| {
        scope.spawn(|| press(all, &over));
        scope.spawn(|| ping(all, &over));
        let took = import();
        over.store(true, Ordering::Relaxed);
        took
    });
    println!("imported in {took:?}, resident {} KB", owner.resident());
    say_times(all);
    println!("owner: {:.2} of a core", (owner.cpu() - cpu).as_secs_f64() / took.as_secs_f64());
}

/// A file of lines, each file with days of its own.
fn file(folder: &Path, number: u64, rows: u64) -> PathBuf {
    let path = folder.join(format!("{number}.csv"));
    let mut text = String::from("provider_id,article,points,occurred_on,outlet_id,problem,note\n");
    let days = rows.div_ceil(PROVIDERS * OUTLETS);
    for n in 0..rows {
        let (provider, outlet) = (n % PROVIDERS, n % (PROVIDERS * OUTLETS));
        let day = today() - chrono::Days::new(1 + days * number + n / (PROVIDERS * OUTLETS));
        text += &format!("{},brand-standard,5,{day},O{outlet:06},,file {number} row {n}\n", id(provider));
    }
    std::fs::write(&path, text).expect("a file");
    path
}

/// Imports a file by a command line that attaches; how long it took.
fn import(store: &Path, file: &Path) -> Duration {
    let begun = Instant::now();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
    command.arg("--store").arg(store).args(["--json", "import", "deductions"]).arg(file);
    let out = command.stdin(Stdio::null()).output().expect("koufen");
    let took = begun.elapsed();
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
    println!("accepted {}, already {}, exit {:?}", told["accepted"], told["already"], out.status.code());
    took
}

/// The program that has the store open.
struct Owner(Child);

impl Owner {
    fn serve(store: &Path) -> Owner {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.arg("--store").arg(store).arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let owner = Owner(command.spawn().expect("koufen"));
        while UnixStream::connect(socket_of(store)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_secs(1));
        owner
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("the owner runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of its status");
        line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    }

    /// In KB.
    fn resident(&self) -> u64 {
        self.status("VmRSS:")
    }

    fn cpu(&self) -> Duration {
        cpu_of(&self.0.id().to_string())
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a process has had of the cores; Linux counts in hundredths of a second.
fn cpu_of(pid: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").expect("the kernel's account");
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// A console that is attached.
struct Session {
    asks: Mutex<UnixStream>,
    heard: Mutex<Heard>,
    nothing: AtomicU64,
    /// The keys that were pressed, and whether the last of them went to another screen.
    keys: Mutex<(u64, bool)>,
}

#[derive(Default)]
struct Heard {
    /// A key that nothing has come of yet.
    pressed: Option<Instant>,
    times: Vec<Duration>,
    /// Frames that came of no key.
    unasked: u64,
    bytes: u64,
}

/// Connects, and says what is wanted.
fn greet(store: &Path, hello: Hello) -> (UnixStream, Frames) {
    let mut stream = UnixStream::connect(socket_of(store)).expect("the socket");
    Header::own().send(&mut stream).expect("a header");
    assert!(Header::read(&mut stream).expect("a header").matches(&Header::own()));
    send(&mut stream, &Asks::Hello(Box::new(hello)), None).expect("a hello");
    let frames = Frames::of(stream.try_clone().expect("a stream"));
    (stream, frames)
}

impl Session {
    fn attach(store: &Path) -> Arc<Session> {
        let theme = serde_json::to_string(&Theme::built_in("dark").expect("a theme")).expect("JSON");
        let screen = Screen {
            size: (120, 36),
            lang: "zh-CN".into(),
            theme: ("dark".into(), theme),
            suspends: false,
            depth: Depth::True,
        };
        let hello =
            Hello { args: vec![b"koufen".to_vec()], lang: "zh-CN".into(), screen: Some(screen), ..Hello::default() };
        let (stream, mut frames) = greet(store, hello);
        let session = Arc::new(Session {
            asks: Mutex::new(stream),
            heard: Mutex::default(),
            nothing: AtomicU64::new(0),
            keys: Mutex::default(),
        });
        let hears = Arc::clone(&session);
        std::thread::spawn(move || {
            while let Ok(Some(tells)) = frames.take::<Tells>() {
                let Tells::Out(bytes) = tells else { continue };
                let mut heard = hears.heard.lock().expect("a session");
                heard.bytes += bytes.len() as u64;
                match heard.pressed.take() {
                    Some(at) => heard.times.push(at.elapsed()),
                    None => heard.unasked += 1,
                }
            }
        });
        session
    }

    fn ask(&self, asks: &Asks) {
        send(&mut self.asks.lock().expect("a session"), asks, None).expect("the owner is there");
    }

    /// Presses a key that changes what is shown, unless the one before is waited for: to another screen and back, or the
    /// selection of the first down and up again.
    fn press(&self, screen: Option<char>) {
        let mut heard = self.heard.lock().expect("a session");
        match heard.pressed {
            Some(at) if at.elapsed() < NOTHING => return,
            Some(_) => drop(self.nothing.fetch_add(1, Ordering::Relaxed)),
            None => {}
        }
        heard.pressed = Some(Instant::now());
        drop(heard);
        let mut keys = self.keys.lock().expect("a session");
        let key = match (*keys, screen) {
            ((_, true), _) => '1',
            (_, Some(screen)) => screen,
            ((pressed, _), None) => {
                if pressed % 2 == 0 {
                    'j'
                } else {
                    'k'
                }
            }
        };
        match key {
            'j' | 'k' => keys.0 += 1,
            screen => keys.1 = screen != '1',
        }
        drop(keys);
        self.ask(&Asks::Event(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE))));
    }
}

/// Numbers that look random and are the same each time.
fn scattered(n: u64) -> u64 {
    n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

/// Moves the selection in random sessions, and now and then goes to another screen and back.
fn press(all: &[Arc<Session>], over: &AtomicBool) {
    let since = Instant::now();
    for n in 0_u32.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let dice = scattered(u64::from(n));
        let session = &all[(dice % all.len().max(1) as u64) as usize];
        session.press((dice / 64).is_multiple_of(10).then(|| char::from(b'2' + (dice / 2_048 % 6) as u8)));
        std::thread::sleep((since + KEY * (n + 1)).saturating_duration_since(Instant::now()));
    }
}

fn ping(all: &[Arc<Session>], over: &AtomicBool) {
    let each = PING / u32::try_from(all.len().max(1)).expect("not so many");
    while !over.load(Ordering::Relaxed) {
        for session in all {
            session.ask(&Asks::Ping);
            std::thread::sleep(each);
        }
    }
}

/// Records lines as a command line that attaches does; how long each took.
fn change(store: &Path, over: &AtomicBool) -> Vec<Duration> {
    let (since, mut times) = (Instant::now(), Vec::new());
    let Some(between) = 1_000_u64.checked_div(number("KOUFEN_CHANGES", CHANGES)).map(Duration::from_millis) else {
        return times;
    };
    for n in 0_u32.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let (provider, day) = (scattered(n.into()) % PROVIDERS, today() - chrono::Days::new(u64::from(n) % 300));
        let line =
            ["koufen", "--store", &store.display().to_string(), "--json", "deduct", &id(provider)].map(String::from);
        let rest =
            ["media-exposure", "10", "--on", &day.to_string(), "--note", &format!("change {n}")].map(String::from);
        let args = line.into_iter().chain(rest).map(String::into_bytes).collect();
        let begun = Instant::now();
        let (_stream, mut frames) = greet(store, Hello { args, lang: "en".into(), ..Hello::default() });
        let mut said = Vec::new();
        loop {
            match frames.take::<Tells>().expect("a frame") {
                Some(Tells::Out(bytes) | Tells::Err(bytes)) => said.extend(bytes),
                Some(Tells::Exit(0, _)) => break times.push(begun.elapsed()),
                Some(Tells::Exit(..)) | None => {
                    println!("not recorded: {}", String::from_utf8_lossy(&said).trim());
                    break;
                }
                Some(_) => {}
            }
        }
        std::thread::sleep((since + between * (n + 1)).saturating_duration_since(Instant::now()));
    }
    times
}

fn today() -> Day {
    chrono::Utc::now().date_naive()
}

fn id(provider: u64) -> String {
    format!("P{provider:04}")
}

/// A store as an office has it, made through the library.
fn roster(path: &Path) {
    let desk = store::open(path);
    let mut commands: Vec<Command> = (0..PROVIDERS).map(|n| Command::AddProvider(provider(n))).collect();
    commands.extend((0..PROVIDERS * OUTLETS).map(|n| Command::AddOutlet(outlet(n))));
    commands.extend((0..LINES).map(|n| Command::TakeIn(line(n))));
    let who = store::who();
    while !commands.is_empty() {
        let block = commands.drain(..commands.len().min(BATCH)).map(|command| Asked { command, nth: None }).collect();
        for done in desk.submit_all(&who, block).expect("a store that takes it") {
            done.expect("nothing of it is refused");
        }
    }
    desk.close().expect("a close");
}

fn provider(n: u64) -> Provider {
    Provider {
        id: id(n).parse().expect("an id"),
        name: format!("杭州服务商{n}有限公司"),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: Some(8_700_373),
        registered_capital: None,
        agreement_on: None,
        email: None,
        phone: None,
    }
}

fn outlet(n: u64) -> Outlet {
    Outlet {
        id: format!("O{n:06}").parse().expect("an id"),
        provider: id(n % PROVIDERS).parse().expect("an id"),
        city: "杭州".into(),
        name: format!("文三路{n}号便利店"),
        signed_on: Some(today() - chrono::Days::new(400 + n % 700)),
        staff: Some(2),
    }
}

fn line(n: u64) -> Deduction {
    let provider = scattered(n) % PROVIDERS;
    Deduction {
        provider: id(provider).parse().expect("an id"),
        article: "brand-standard".parse().expect("an article"),
        points: Points(5),
        occurred_on: today() - chrono::Days::new(scattered(n + 7) % 700),
        outlet: Some(format!("O{:06}", provider + PROVIDERS * (n % OUTLETS)).parse().expect("an id")),
        problem: None,
        note: Some(format!("现场抽查 {n}")),
        subject: None,
        evidence: None,
    }
}
