//! What comes through a guest's pipe, or is typed at its terminal. The guest has passed what it reads from, and whoever goes
//! on reading there when it is gone takes what is meant for others: at a terminal that is the next command.

use crate::exchange::source::kept;
use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;

/// All that comes, in a file of its own. The error says that the guest went before the end ([`io::ErrorKind::ConnectionAborted`]),
/// or what [`kept`] says.
pub fn take_in(from: File, guest: &UnixStream) -> io::Result<File> {
    kept(WhileThere { from, guest })
}

/// What can be read as long as a guest is there.
struct WhileThere<'a> {
    from: File,
    guest: &'a UnixStream,
}

impl Read for WhileThere<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            await_more(&self.from, self.guest)?;
            match self.from.read(into) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}

/// Waits until there is more, or the end.
fn await_more(from: &File, guest: &UnixStream) -> io::Result<()> {
    let mut either = [PollFd::new(guest, PollFlags::RDHUP), PollFd::new(from, PollFlags::IN)];
    while let Err(e) = poll(&mut either, None) {
        if e != rustix::io::Errno::INTR {
            return Err(e.into());
        }
    }
    let [guest, _] = either;
    if guest.revents().is_empty() { Ok(()) } else { Err(io::ErrorKind::ConnectionAborted.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::OwnedFd;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// Regression: at a terminal whose guest was gone the owner went on reading, and took the commands that were typed there.
    /// Nothing is read once the guest is gone, and the pipe is closed.
    #[test]
    fn nothing_is_taken_in_for_a_guest_that_is_gone() {
        let (mut typed, terminal) = UnixStream::pair().unwrap();
        let (here, there) = UnixStream::pair().unwrap();
        let (tell, told) = channel();
        let from = File::from(OwnedFd::from(terminal));
        std::thread::spawn(move || tell.send(take_in(from, &here).map(drop).map_err(|e| e.kind())));
        typed.write_all(b"provider_id,article\n").unwrap();
        assert!(told.recv_timeout(Duration::from_millis(50)).is_err(), "the end has not come");
        drop(there);
        let ended = told.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(ended, Err(io::ErrorKind::ConnectionAborted));
        assert_eq!(typed.write(b"sudo").map_err(|e| e.kind()), Err(io::ErrorKind::BrokenPipe), "nobody reads it");
    }

    /// All of it is there, from its first byte on.
    #[test]
    fn what_came_is_there_whole() {
        let (mut typed, terminal) = UnixStream::pair().unwrap();
        let (here, _there) = UnixStream::pair().unwrap();
        let text: String = (0..200_000).map(|n| format!("{n} ")).collect();
        let all = std::thread::scope(|scope| {
            let taken = scope.spawn(|| take_in(File::from(OwnedFd::from(terminal)), &here).unwrap());
            text.as_bytes().chunks(999).for_each(|piece| typed.write_all(piece).unwrap());
            drop(typed);
            taken.join().unwrap()
        });
        assert_eq!(io::read_to_string(all).unwrap(), text);
    }
}
