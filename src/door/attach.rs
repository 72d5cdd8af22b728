//! Several at one store: the process that has it open listens on a socket beside it, and others attach through that.
//!
//! The lock of the store is the authority: only who holds it unlinks the socket or binds it, so that a stale one is no
//! race. Who a guest is, the system says ([`host`]), never the guest. A guest's command runs where the store is open; its
//! terminal, its files and its signals stay with it ([`guest`]).

pub mod drafts;
pub mod frame;
pub mod guest;
pub mod host;
mod pipe;
mod stream;
pub mod terminal;

use std::ffi::OsString;
use std::io;
use std::os::linux::fs::MetadataExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Where the socket of a store stands: beside its folder, which is closed to everybody else.
pub fn socket_of(store: &Path) -> PathBuf {
    let whole = store.canonicalize().unwrap_or_else(|_| store.to_owned());
    let mut name = whole.file_name().map_or_else(|| OsString::from("koufen"), OsString::from);
    name.push(".sock");
    whole.with_file_name(name)
}

/// Whose a store is: nobody else answers for it.
fn owner_of(store: &Path) -> io::Result<u32> {
    std::fs::metadata(store).map(|meta| meta.st_uid())
}

/// The user at the other end of a socket.
fn peer(stream: &UnixStream) -> io::Result<u32> {
    Ok(rustix::net::sockopt::socket_peercred(stream)?.uid.as_raw())
}

/// An address of any length: one that is too long for the system is reached through its open folder.
struct Address {
    at: SocketAddr,
    _folder: Option<std::fs::File>,
}

impl Address {
    fn of(path: &Path) -> io::Result<Address> {
        use std::os::fd::AsRawFd;
        if let Ok(at) = SocketAddr::from_pathname(path) {
            return Ok(Address { at, _folder: None });
        }
        let (folder, name) = path.parent().zip(path.file_name()).ok_or(io::ErrorKind::InvalidInput)?;
        let folder = std::fs::File::open(folder)?;
        let through = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Address { at: SocketAddr::from_pathname(through)?, _folder: Some(folder) })
    }

    fn bind(&self) -> io::Result<UnixListener> {
        UnixListener::bind_addr(&self.at)
    }

    fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect_addr(&self.at)
    }
}
