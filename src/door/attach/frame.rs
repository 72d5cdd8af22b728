//! What goes over the socket: a header that every version of the protocol has, and then frames, each with its length in
//! front. A guest can pass an open file along with a frame.

use crate::console::depth::Depth;
use crate::desk::Asking;
use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use crossterm::event::Event;
use rustix::cmsg_space;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// What a koufen's socket begins with.
const MAGIC: &[u8; 8] = b"koufen@\n";
/// The protocol: raised whenever a frame changes.
pub const PROTOCOL: u32 = 5;
/// Most bytes of one frame: an argument list, or a piece of output.
pub const FRAME_MAX: usize = 1 << 20;
/// Most bytes of a piece of output.
pub const PIECE: usize = 1 << 16;

/// How the other side introduces itself, whatever its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its protocol.
    pub protocol: u32,
    /// Its process.
    pub pid: u32,
    /// The program's version.
    pub version: String,
}

impl Header {
    /// This program's.
    pub fn own() -> Header {
        Header { protocol: PROTOCOL, pid: std::process::id(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }

    /// Whether the two understand each other.
    pub fn matches(&self, other: &Header) -> bool {
        (self.protocol, &self.version) == (other.protocol, &other.version)
    }

    /// Writes it.
    pub fn send(&self, out: &mut impl Write) -> io::Result<()> {
        let version = self.version.as_bytes();
        let length = u16::try_from(version.len()).map_err(io::Error::other)?;
        let parts: [&[u8]; 5] =
            [MAGIC, &self.protocol.to_le_bytes(), &self.pid.to_le_bytes(), &length.to_le_bytes(), version];
        out.write_all(&parts.concat())
    }

    /// Reads it; what is no koufen's is an error.
    pub fn read(from: &mut impl Read) -> io::Result<Header> {
        let mut fixed = [0; 18];
        from.read_exact(&mut fixed)?;
        let number = |at: usize| u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
        if &fixed[..8] != MAGIC {
            return Err(io::Error::other("this is no koufen"));
        }
        let mut version = vec![0; usize::from(u16::from_le_bytes([fixed[16], fixed[17]])).min(64)];
        from.read_exact(&mut version)?;
        let version = String::from_utf8_lossy(&version).chars().filter(|c| !c.is_control()).collect();
        Ok(Header { protocol: number(8), pid: number(12), version })
    }
}

/// What a guest is and wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The command line, as bytes of the system.
    pub args: Vec<Vec<u8>>,
    /// The language's tag.
    pub lang: String,
    /// Columns of the terminal that a progress bar shows on, if it does.
    pub bar: Option<u16>,
    /// The terminal, if the console is asked for.
    pub screen: Option<Screen>,
    /// What it is asked under, if it records something.
    pub ask: Option<Asking>,
    /// Whether it is only to be said what became of it: it is asked again, and what it read cannot be read again.
    pub look: bool,
    /// What it wants to go by.
    pub rules: Named,
}

/// The rulebook and the calendar that a command line names; none where it leaves them to whoever has the store open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The hash of the rulebook.
    pub rulebook: Option<String>,
    /// The version of the calendar.
    pub calendar: Option<String>,
}

impl Named {
    /// Whether they are these.
    pub fn are(&self, rulebook: &str, calendar: &str) -> bool {
        self.rulebook.as_deref().is_none_or(|named| named == rulebook)
            && self.calendar.as_deref().is_none_or(|named| named == calendar)
    }
}

/// A guest's terminal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The language's tag.
    pub lang: String,
    /// The theme's name, and the theme as JSON.
    pub theme: (String, String),
    /// Whether there is a shell that it can be given back to.
    pub suspends: bool,
    /// How many colours it can show.
    pub depth: Depth,
}

/// An error of the system, as far as it can be carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    code: Option<i32>,
    text: String,
}

impl From<io::Error> for Fault {
    fn from(e: io::Error) -> Fault {
        Fault { code: e.raw_os_error(), text: e.to_string() }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> io::Error {
        fault.code.map_or_else(|| io::Error::other(fault.text), io::Error::from_raw_os_error)
    }
}

/// A path, as bytes of the system: the name of a file need not be text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(Vec<u8>);

impl From<&Path> for Place {
    fn from(path: &Path) -> Place {
        Place(path.as_os_str().as_bytes().to_vec())
    }
}

impl From<Place> for PathBuf {
    fn from(place: Place) -> PathBuf {
        OsString::from_vec(place.0).into()
    }
}

/// From a guest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Asks {
    /// The first frame.
    Hello(Box<Hello>),
    /// Something was typed, or the window has another size.
    Event(Event),
    /// Another program had the terminal.
    Redraw,
    /// The program is asked to end.
    Close,
    /// Whether anybody is there.
    Ping,
    /// The answer to [`Tells::Open`]; the file comes along.
    Opened(Result<(), Fault>),
    /// The answer to [`Tells::Target`].
    Target(Result<Place, crate::exchange::TargetFault>),
    /// The answer to [`Tells::Commit`].
    Written(Result<(), Fault>),
    /// Its standard output cannot be written, and why.
    Unwritten(Fault),
}

/// What is being saved at a guest's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    /// What the person calls it.
    pub what: String,
    /// The last entry that was heard of before: it is a later one, if it is recorded.
    pub after: u64,
}

/// To a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tells {
    /// For its standard output.
    Out(Vec<u8>),
    /// For its standard error.
    Err(Vec<u8>),
    /// To open a file; `-` is the standard input.
    Open(Place),
    /// To say where an export may go.
    Target(Place, bool),
    /// To begin a file beside its place.
    Begin(Place),
    /// What stands in it.
    Data(Vec<u8>),
    /// To move it to its place.
    Commit,
    /// To keep the language and the theme.
    Keep(String, String),
    /// To stop, as Ctrl-Z does.
    Stop,
    /// How many commands wait for their answer, the last entry that was acknowledged, and what a console saves.
    Pending(u32, Option<u64>, Option<Saving>),
    /// Somebody is there.
    Pong,
    /// The end, with the exit code; and whether that is the last word, though the standard output could not be written.
    Exit(u8, bool),
    /// The command comes to an end of its own when it is asked to: signals that ask for that are passed on.
    Heeds,
}

/// How a frame's value is coded. What claims to be longer than any frame is refused before room is made for it; numbers
/// have their whole length, for that is what they are counted with: what is short enough to be sent can be read.
const CODING: Configuration<LittleEndian, Fixint, Limit<FRAME_MAX>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<FRAME_MAX>();

/// Writes a frame, with an open file if there is one to pass.
pub fn send<T: Serialize>(stream: &mut UnixStream, frame: &T, file: Option<BorrowedFd<'_>>) -> io::Result<()> {
    let body = bincode::serde::encode_to_vec(frame, CODING).map_err(io::Error::other)?;
    if body.len() > FRAME_MAX {
        return Err(io::Error::other("a frame is too long"));
    }
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    let bytes = [&length.to_le_bytes()[..], &body].concat();
    let Some(file) = file else { return stream.write_all(&bytes) };
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let files = [file];
    if !control.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(io::Error::other("a file cannot be passed"));
    }
    let sent = sendmsg(stream.as_fd(), &[IoSlice::new(&bytes)], &mut control, SendFlags::NOSIGNAL)?;
    stream.write_all(&bytes[sent..])
}

/// Reads frames, and the files that came along.
pub struct Frames {
    stream: UnixStream,
    files: VecDeque<OwnedFd>,
}

impl Frames {
    /// The frames of a stream.
    pub fn of(stream: UnixStream) -> Frames {
        Frames { stream, files: VecDeque::new() }
    }

    /// The next frame; none where the other side is gone.
    pub fn take<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        let mut length = [0; 4];
        match self.read_exact(&mut length) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > FRAME_MAX {
            return Err(io::Error::other("a frame is too long"));
        }
        let mut body = vec![0; length];
        self.read_exact(&mut body)?;
        decode(&body).map(Some)
    }

    /// The file that came with the frame that was read last.
    pub fn file(&mut self) -> Option<File> {
        self.files.pop_front().map(File::from)
    }
}

/// A frame's value; all of its bytes are one.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    let (value, used) = bincode::serde::decode_from_slice(body, CODING).map_err(io::Error::other)?;
    if used == body.len() { Ok(value) } else { Err(io::Error::other("a frame has more than its value")) }
}

/// Reads by `recvmsg`: a plain read would close the files that come along.
impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC;
        let read = recvmsg(self.stream.as_fd(), &mut [IoSliceMut::new(into)], &mut control, flags)?;
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(files) = message {
                self.files.extend(files);
            }
        }
        // One file is asked for at a time; more are nobody's.
        self.files.truncate(1);
        Ok(read.bytes)
    }
}
