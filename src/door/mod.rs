//! Doors: the ways in to a console session. A door turns its own events into a session's and carries its bytes.

pub mod attach;
pub mod caller;
pub mod local;

use rustix::fs::Mode;
use rustix::process::Signal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What every koufen process wants of the system: its files are nobody else's, a limit on the size of files is an
/// error where it is met and not the end of the program, and what sled says when it panics is nobody's business: the
/// store hears of it, and makes its view anew.
pub fn settle_process() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // What a guest's session meets is told to the guest: this terminal may be somebody's screen.
        let guests = std::thread::current().name().is_some_and(|name| name.starts_with(attach::host::THREAD));
        if !guests && !info.location().is_some_and(|at| at.file().contains("/sled-")) {
            before(info);
        }
    }));
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    // Without the handler the limit ends the program, as it does everywhere else.
    let _ = signal_hook::flag::register(Signal::XFSZ.as_raw(), Arc::default());
}

/// From now on an interrupt, a SIGTERM or a hangup ends the process at once: what is left to do can be left undone.
pub fn end_at_once_when_asked() {
    let always = Arc::new(AtomicBool::new(true));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        let status = 128 + signal;
        // Without the handler the signal does what it did before.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, status, Arc::clone(&always));
    }
}

/// A flag that an interrupt or a SIGTERM raises: what runs until then can close the store.
pub fn interrupted() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&flag))?;
    }
    Ok(flag)
}
