//! What goes over the store's socket, through the decoder that both sides read with: any bytes, in any pieces, and every
//! frame that there is.
//!
//! Nothing panics; the same bytes are the same frames however they come; what was sent is what is read, or was refused
//! by the side that sends; and no claim of a length makes more room than a frame may have.
#![no_main]

mod events;

use arbitrary::Arbitrary;
use events::Said;
use koufen::console::depth::Depth;
use koufen::door::attach::frame::{
    Asks, FRAME_MAX, Fault, Frames, Header, Hello, Named, Place, Saving, Screen, Tells, send,
};
use koufen::exchange::TargetFault;
use libfuzzer_sys::fuzz_target;
use rustix::cmsg_space;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::OsString;
use std::fmt::Debug;
use std::fs::File;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Counts what a thread allocates, and the most that it ever had.
struct Counted;

thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static COUNTED: Counted = Counted;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        NOW.set(NOW.get().saturating_add(layout.size()));
        MOST.set(MOST.get().max(NOW.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.set(NOW.get().saturating_sub(layout.size()));
        unsafe { System.dealloc(at, layout) }
    }
}

/// The most room that this thread took at once while something ran.
fn room<T>(run: impl FnOnce() -> T) -> (T, usize) {
    NOW.set(0);
    MOST.set(0);
    let done = run();
    (done, MOST.get())
}

#[derive(Arbitrary, Debug)]
enum Input {
    /// Bytes and where they are cut, to whoever reads.
    Bytes { bytes: Vec<u8>, cuts: Vec<u16> },
    /// What a guest says.
    Guest(Vec<Ask>, Vec<u16>),
    /// What an owner answers.
    Owner(Vec<Tell>, Vec<u16>),
    /// A frame of any length.
    Long(Long, u32),
    /// How a side introduces itself.
    Header { bytes: Vec<u8>, version: String, protocol: u32, pid: u32 },
}

#[derive(Arbitrary, Debug)]
enum Ask {
    Hello {
        args: Vec<Vec<u8>>,
        lang: String,
        bar: Option<u16>,
        screen: Option<((u16, u16), String, bool)>,
        rules: (Option<String>, Option<String>),
    },
    Event(Said),
    Redraw,
    Close,
    Ping,
    Opened(Option<Trouble>),
    Target(Result<Vec<u8>, u8>),
    Written(Option<Trouble>),
    Unwritten(Trouble),
}

#[derive(Arbitrary, Debug)]
enum Tell {
    Out(Vec<u8>),
    Err(Vec<u8>),
    Open(Vec<u8>),
    Target(Vec<u8>, bool),
    Begin(Vec<u8>),
    Data(Vec<u8>),
    Commit,
    Keep(String, String),
    Stop,
    Pending(u32, Option<u64>, Option<(String, u64)>),
    Pong,
    Exit(u8, bool),
    Heeds,
}

/// What can be long.
#[derive(Arbitrary, Debug)]
enum Long {
    Args,
    Arg,
    Paste,
    Theme,
    Piece,
    Path,
}

#[derive(Arbitrary, Debug)]
enum Trouble {
    System(i32),
    Own(String),
}

fn fault(trouble: &Trouble) -> Fault {
    match trouble {
        Trouble::System(code) => io::Error::from_raw_os_error(*code).into(),
        Trouble::Own(text) => io::Error::other(text.clone()).into(),
    }
}

fn result(trouble: &Option<Trouble>) -> Result<(), Fault> {
    trouble.as_ref().map_or(Ok(()), |trouble| Err(fault(trouble)))
}

fn place(bytes: &[u8]) -> Place {
    let path = PathBuf::from(OsString::from_vec(bytes.to_vec()));
    let place = Place::from(path.as_path());
    assert_eq!(PathBuf::from(place.clone()), path, "any name of a file goes over");
    place
}

impl Ask {
    fn frame(&self) -> Asks {
        match self {
            Ask::Hello { args, lang, bar, screen, rules: (rulebook, calendar) } => {
                let rules = Named { rulebook: rulebook.clone(), calendar: calendar.clone() };
                let screen = screen.as_ref().map(|(size, theme, suspends)| Screen {
                    size: *size,
                    lang: lang.clone(),
                    theme: ("dark".to_owned(), theme.clone()),
                    suspends: *suspends,
                    depth: Depth::True,
                });
                let (args, lang) = (args.clone(), lang.clone());
                Asks::Hello(Box::new(Hello { args, lang, bar: *bar, screen, rules, ..Hello::default() }))
            }
            Ask::Event(said) => Asks::Event(said.event()),
            Ask::Redraw => Asks::Redraw,
            Ask::Close => Asks::Close,
            Ask::Ping => Asks::Ping,
            Ask::Opened(done) => Asks::Opened(result(done)),
            Ask::Target(Ok(bytes)) => Asks::Target(Ok(place(bytes))),
            Ask::Target(Err(n)) => Asks::Target(Err([
                TargetFault::NoFolder,
                TargetFault::InStore,
                TargetFault::NotAFile,
                TargetFault::Exists,
            ][usize::from(n % 4)])),
            Ask::Written(done) => Asks::Written(result(done)),
            Ask::Unwritten(why) => Asks::Unwritten(fault(why)),
        }
    }
}

impl Tell {
    fn frame(&self) -> Tells {
        match self {
            Tell::Out(bytes) => Tells::Out(bytes.clone()),
            Tell::Err(bytes) => Tells::Err(bytes.clone()),
            Tell::Open(bytes) => Tells::Open(place(bytes)),
            Tell::Target(bytes, force) => Tells::Target(place(bytes), *force),
            Tell::Begin(bytes) => Tells::Begin(place(bytes)),
            Tell::Data(bytes) => Tells::Data(bytes.clone()),
            Tell::Commit => Tells::Commit,
            Tell::Keep(lang, theme) => Tells::Keep(lang.clone(), theme.clone()),
            Tell::Stop => Tells::Stop,
            Tell::Pending(waiting, last, saving) => {
                let saving = saving.clone().map(|(what, after)| Saving { what, after });
                Tells::Pending(*waiting, *last, saving)
            }
            Tell::Pong => Tells::Pong,
            Tell::Exit(code, known) => Tells::Exit(*code, *known),
            Tell::Heeds => Tells::Heeds,
        }
    }
}

/// Most bytes and pieces that go into a socket that nobody reads yet.
const BYTES: usize = 1 << 15;
const PIECES: usize = 40;

/// What comes along with a piece.
static ALONG: LazyLock<File> = LazyLock::new(|| File::open("/dev/null").expect("a file"));

/// Puts bytes into a socket in pieces. A file comes with each piece but the first: a read goes no further than that, so
/// that the pieces are what is read, without threads and their chances.
fn cut(bytes: &[u8], cuts: &[u16], from: &UnixStream) {
    let mut places: Vec<usize> = cuts.iter().take(PIECES).map(|at| usize::from(*at) % (bytes.len() + 1)).collect();
    places.sort_unstable();
    places.dedup();
    let mut start = 0;
    for end in places.into_iter().chain([bytes.len()]).filter(|end| *end > 0) {
        let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let files = [ALONG.as_fd()];
        assert!(start == 0 || control.push(SendAncillaryMessage::ScmRights(&files)));
        let sent = sendmsg(from, &[IoSlice::new(&bytes[start..end])], &mut control, SendFlags::NOSIGNAL);
        assert_eq!(sent.expect("room in the socket"), end - start);
        start = end;
    }
}

/// All frames of bytes in pieces, and how they end.
fn read<T: DeserializeOwned>(bytes: &[u8], cuts: &[u16]) -> (Vec<T>, Option<String>) {
    let (from, to) = UnixStream::pair().expect("a socket");
    cut(bytes, cuts, &from);
    drop(from);
    let mut frames = Frames::of(to);
    let mut all = Vec::new();
    loop {
        let (taken, room) = room(|| frames.take::<T>());
        assert!(room <= 3 * FRAME_MAX, "{room} bytes for one frame");
        // What came along is this one's or nobody's.
        drop(frames.file());
        match taken {
            Ok(Some(frame)) => all.push(frame),
            Ok(None) => return (all, None),
            Err(e) => return (all, Some(e.to_string())),
        }
    }
}

fn any_bytes<T: DeserializeOwned + Serialize + PartialEq + Debug + Sync + Send>(bytes: &[u8], cuts: &[u16]) {
    let whole = read::<T>(bytes, &[]);
    assert_eq!(whole, read::<T>(bytes, cuts), "the pieces that bytes come in are no part of what they say");
    for frame in &whole.0 {
        assert_eq!(sent(frame).as_ref(), Some(frame), "what is read can be said again");
    }
}

/// What is read of a frame that is sent; none where the side that sends refuses it.
fn sent<T: DeserializeOwned + Serialize + Sync + Send>(frame: &T) -> Option<T> {
    let (mut from, to) = UnixStream::pair().expect("a socket");
    std::thread::scope(|scope| {
        let sends = scope.spawn(move || send(&mut from, frame, None).is_ok());
        let (taken, room) = room(|| Frames::of(to).take::<T>());
        // The frame, what it says (an empty argument takes three times what it is in the frame), and what grew into that.
        assert!(room <= 8 * FRAME_MAX, "{room} bytes");
        match sends.join() {
            Ok(true) => Some(taken.expect("what is sent can be read").expect("and is there")),
            _ => {
                assert!(matches!(taken, Ok(None)), "what is refused is not begun");
                None
            }
        }
    })
}

/// Frames one after another, in any pieces.
fn round<T: DeserializeOwned + Serialize + PartialEq + Debug>(frames: Vec<T>, cuts: &[u16]) {
    let (mut from, mut to) = UnixStream::pair().expect("a socket");
    let mut bytes = Vec::new();
    for frame in &frames {
        if bytes.len() < BYTES {
            send(&mut from, frame, None).expect("a frame of a few bytes goes out");
            to.set_nonblocking(true).expect("a socket");
            let _ = io::Read::read_to_end(&mut to, &mut bytes);
        }
    }
    let (read, end) = read::<T>(&bytes, cuts);
    assert_eq!(end, None);
    assert_eq!(read[..], frames[..read.len()]);
    assert!(read.len() == frames.len() || bytes.len() >= BYTES);
}

fn long(what: &Long, length: usize) {
    let text = || "扣a".repeat(length / 4);
    let hello = |args, theme| {
        let screen = Screen {
            size: (80, 24),
            lang: "en".into(),
            theme: ("dark".into(), theme),
            suspends: true,
            depth: Depth::True,
        };
        let (lang, screen) = ("en".into(), Some(screen));
        Asks::Hello(Box::new(Hello { args, lang, screen, ..Hello::default() }))
    };
    let asks = match what {
        Long::Args => hello(vec![Vec::new(); length], String::new()),
        Long::Arg => hello(vec![vec![b'x'; length]], String::new()),
        Long::Theme => hello(Vec::new(), text()),
        Long::Paste => Asks::Event(crossterm::event::Event::Paste(text())),
        Long::Path => Asks::Target(Ok(place(&vec![0xb9; length]))),
        Long::Piece => {
            let frame = Tells::Data(vec![0xff; length]);
            assert!(sent(&frame).is_none_or(|read| read == frame));
            return;
        }
    };
    assert!(sent(&asks).is_none_or(|read| read == asks));
}

fuzz_target!(|input: Input| {
    match input {
        Input::Bytes { mut bytes, cuts } => {
            bytes.truncate(BYTES);
            any_bytes::<Asks>(&bytes, &cuts);
            any_bytes::<Tells>(&bytes, &cuts);
        }
        Input::Guest(asks, cuts) => round(asks.iter().map(Ask::frame).collect(), &cuts),
        Input::Owner(tells, cuts) => round(tells.iter().map(Tell::frame).collect(), &cuts),
        Input::Long(what, length) => long(&what, length as usize % (2 * FRAME_MAX)),
        Input::Header { bytes, version, protocol, pid } => {
            let _ = Header::read(&mut &bytes[..]);
            let version: String = version.chars().filter(|c| !c.is_control()).collect();
            let (header, mut out) = (Header { protocol, pid, version }, Vec::new());
            if header.send(&mut out).is_ok() && header.version.len() <= 64 {
                assert_eq!(Header::read(&mut &out[..]).expect("what is sent can be read"), header);
            }
        }
    }
});
