//! Attaching to the koufen that has the store open, and what runs there for a guest.

use super::args::{Cli, Command, Global};
use super::kind::{Kind, kind};
use super::open::{notes, store_path};
use super::output::{Answer, Exit, Failure};
use super::screen::said;
use super::{after, again, on_desk_at, read, told};
use crate::console::session::{self, Sessions};
use crate::console::{Model, Theme};
use crate::desk::{Asking, Clock, Desk, SystemClock};
use crate::door::attach::drafts::Drafts;
use crate::door::attach::frame::{Hello, Named, Screen};
use crate::door::attach::guest::{Connection, Left};
use crate::door::attach::host::{Access, Guest, Host, WORK};
use crate::door::local::{self, ConsoleOptions};
use crate::exchange::clean::shown;
use crate::words::Lang;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Has a command carried out where the store is open. One whose answer is lost is asked again.
pub(super) fn command(
    there: Connection,
    (cli, command): (&Cli, &Command),
    args: &[OsString],
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let columns = || crossterm::terminal::size().map_or(80, |(columns, _)| columns);
    let (pid, since) = (there.pid, SystemClock.now());
    let hello = Hello { bar: answer.bar.then(columns), ask: asking(command), ..hello(args, answer.lang) };
    match (attend(there, &cli.global, (hello.clone(), None), answer)?, hello.ask) {
        (Left::Lost { drained, .. }, Some(first)) => {
            let ask = Asking { again: Some(since), ..first };
            again::ask((cli, command), pid, Hello { ask: Some(ask), look: drained, ..hello }, answer)
        }
        (Left::Lost { pending: 1.., last, .. }, _) if kind(command) == Kind::Imports => {
            let key = if last.is_some() { "attach-lost-import-after" } else { "attach-lost-import" };
            let args = [("pid", pid.to_string()), ("last", last.unwrap_or_default().to_string())];
            let text = answer.lang.say_texts(key, &args);
            Err(Failure::Own(Exit::Store, "gone", text))
        }
        (left, _) => ended(left, (pid, LOST), answer),
    }
}

/// What a command is asked under, if it records something by itself: a file that is taken in finds what is there.
pub(super) fn asking(command: &Command) -> Option<Asking> {
    // Without an id it is asked once, and what became of it is looked up by who asks.
    Some(command).filter(|command| kind(command) == Kind::Records).and_then(|_| Asking::first().ok())
}

/// Opens a console there, at this terminal.
pub(super) fn console(
    there: Connection,
    global: &Global,
    (options, args): (ConsoleOptions, &[OsString]),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let here = local::Screen::of(options.mouse, options.depth, options.keep);
    let screen = Screen {
        size: crossterm::terminal::size()?,
        lang: options.lang.tag().to_owned(),
        theme: (options.theme.0, serde_json::to_string(&options.theme.1)?),
        suspends: session::Door::suspends(&here),
        depth: options.depth,
    };
    let hello = Hello { screen: Some(screen), ..hello(args, answer.lang) };
    let pid = there.pid;
    // A console is no command that could be run again.
    let left = attend(there, global, (hello, Some(here)), answer)?;
    ended(left, (pid, "attach-lost-console"), answer)
}

fn hello(args: &[OsString], lang: Lang) -> Hello {
    let args = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
    Hello { args, lang: lang.tag().to_owned(), ..Hello::default() }
}

/// Attends until the command has ended there, or whoever ran it is gone.
pub(super) fn attend(
    there: Connection,
    global: &Global,
    (hello, here): (Hello, Option<local::Screen>),
    answer: &mut Answer<'_>,
) -> Result<Left, Failure> {
    let (lang, pid) = (answer.lang, there.pid.to_string());
    let wait = Duration::from_secs(global.wait);
    there.attend(hello, (lang, wait), here).map_err(|e| {
        // Not an output that nobody reads any more, which is no failure: nothing is known of what was asked.
        let text = lang.say_texts("attach-trouble", &[("pid", pid), ("why", shown(&e.to_string()))]);
        Failure::Own(Exit::Store, "gone", text)
    })
}

/// The text of a command whose owner is gone, before anything was recorded.
pub(super) const LOST: &str = "attach-lost";

/// What it came to that a command was attended to by a process; and the text where that is gone, before anything was
/// recorded.
pub(super) fn ended(left: Left, (pid, lost): (i32, &str), answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (pid, lang) = (pid.to_string(), answer.lang);
    let own = |reason, key: &str, args: &[(&'static str, String)]| {
        Err(Failure::Own(Exit::Store, reason, lang.say_texts(key, args)))
    };
    match left {
        Left::Exit(code) => Ok(Exit::of(code)),
        // As by itself: what is recorded is, and told so.
        Left::Untold { recorded, why } => after(Failure::Output(why.into()), recorded, answer),
        Left::OtherVersion(theirs) => {
            let ours = env!("CARGO_PKG_VERSION").to_owned();
            own("other version", "attach-other-version", &[("pid", pid), ("theirs", shown(&theirs)), ("ours", ours)])
        }
        Left::Unanswered(wait) => {
            let args = [("pid", pid), ("seconds", wait.as_secs().to_string())];
            Err(Failure::Own(Exit::Busy, "busy", lang.say_texts("attach-unanswered", &args)))
        }
        Left::Lost { pending: 0, last: None, .. } => own("gone", lost, &[("pid", pid)]),
        Left::Lost { pending: 0, last: Some(last), .. } => {
            own("gone", "attach-lost-after", &[("pid", pid), ("last", last.to_string())])
        }
        Left::Lost { saving: Some(saving), .. } => {
            let (what, next) = (shown(&saving.what), saving.after.saturating_add(1).to_string());
            // Of an owner that no entry was heard of from yet, a number would only be the journal's first.
            let key = if saving.after == 0 { "attach-lost-saving-early" } else { "attach-lost-saving" };
            own("gone", key, &[("pid", pid), ("what", what), ("next", next)])
        }
        Left::Lost { .. } => own("gone", "attach-lost-unknown", &[("pid", pid)]),
    }
}

/// What the guests' consoles share.
struct Consoles {
    sessions: Sessions,
    drafts: Arc<Drafts>,
}

impl Consoles {
    fn new() -> Consoles {
        Consoles { sessions: Sessions::worked_by(WORK), drafts: Arc::default() }
    }
}

/// Guests of this process, and what is kept for those who may come again.
pub(super) struct Hosting {
    host: Host,
    drafts: Arc<Drafts>,
}

/// Listens for guests beside the store that is open here. Where there can be no socket nobody attaches.
pub(super) fn host(desk: &Desk, store: &Path, access: &Access) -> io::Result<Hosting> {
    let (there, consoles) = (desk.clone(), Consoles::new());
    let drafts = Arc::clone(&consoles.drafts);
    let host = Host::listen(store, access, Arc::new(move |guest| serve(&there.another(), &consoles, guest) as u8))?;
    Ok(Hosting { host, drafts })
}

/// That nobody attaches, and why.
pub(super) fn no_socket(e: &io::Error, lang: Lang) -> String {
    lang.say_texts("attach-no-socket", &[("why", shown(&e.to_string()))])
}

/// How often it is looked whether somebody asks for the end.
const LOOK: Duration = Duration::from_millis(100);
/// How long a form is kept for somebody whose connection was lost, when all others have left.
const KEPT: Duration = Duration::from_secs(600);

/// Serves guests on until the last has left, or somebody asks for the end; then nobody is served any more. Whose connection was
/// lost in the middle of a form has not left: the form is kept for a while.
pub(super) fn outlast(Hosting { host, drafts }: Hosting, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let stop = crate::door::interrupted()?;
    let is_over = || stop.load(Ordering::Relaxed);
    let guests = host.guests();
    if !guests.is_empty() {
        let args = [("count", guests.len().to_string()), ("guests", shown(&guests.join(", ")))];
        let text = answer.lang.say_texts("attach-guests", &args);
        answer.remark(&text);
    }
    loop {
        host.wait(&stop);
        let whose = drafts.whose();
        if whose.is_empty() || is_over() {
            break;
        }
        let names: Vec<String> = whose.into_iter().collect();
        let args = [("guests", shown(&names.join(", "))), ("minutes", (KEPT.as_secs() / 60).to_string())];
        let text = answer.lang.say_texts("attach-drafts", &args);
        answer.remark(&text);
        // Whoever comes takes the form; a visit can be shorter than this looks away.
        let waits = || host.guests().is_empty() && !drafts.whose().is_empty() && !is_over();
        let since = Instant::now();
        while waits() && since.elapsed() < KEPT {
            std::thread::sleep(LOOK);
        }
        if waits() {
            break;
        }
    }
    host.end();
    Ok(())
}

/// `koufen serve`: has the store open for guests, without a screen, until somebody asks for the end.
pub(super) fn served(
    desk: &Desk,
    global: &Global,
    group: Option<&str>,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let unknown = |name: &str| answer.lang.say_texts("serve-no-group", &[("group", shown(name))]);
    let group = match group {
        Some(name) => match nix::unistd::Group::from_name(name) {
            Ok(Some(group)) => Some(group),
            _ => return Err(Failure::Usage(unknown(name))),
        },
        None => None,
    };
    let stop = crate::door::interrupted()?;
    let hosting = host(desk, &store_path(global, answer)?, &Access { group });
    let Hosting { host, .. } =
        hosting.map_err(|e| Failure::Own(Exit::Store, "no socket", no_socket(&e, answer.lang)))?;
    let args = [("path", shown(&host.path().display().to_string())), ("pid", std::process::id().to_string())];
    let text = answer.lang.say_texts("serve-on", &args);
    answer.remark(&text);
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK);
    }
    host.end();
    Ok(Exit::Ok)
}

/// Why a store that is open elsewhere is not served here.
pub(super) fn served_already(there: &Connection, answer: &Answer<'_>) -> Failure {
    let text = answer.lang.say_texts("serve-open", &[("pid", there.pid.to_string())]);
    Failure::Own(Exit::Busy, "busy", text)
}

/// What runs here for a guest. A console's command line has nothing that is not said beside it: to read it once more would
/// take more memory than the console does.
fn serve(desk: &Desk, consoles: &Consoles, guest: &mut Guest) -> Exit {
    let lang = Lang::parse(&guest.hello.lang).unwrap_or(Lang::En);
    let (mut out, mut err) = (BufWriter::new(guest.out()), guest.err());
    let ruled = ruled(desk, &guest.hello.rules, lang);
    // Where there is a screen they are shown when it is gone, as by itself.
    notes(desk, lang).iter().for_each(|text| drop(writeln!(err, "koufen: {text}")));
    if let Some(screen) = guest.hello.screen.clone() {
        let done = ruled.and_then(|()| at_screen(desk, consoles, guest, screen));
        let mut answer = Answer { out: &mut out, err: &mut err, lang, json: false, bar: false, caller: &*guest };
        return told(done, false, &mut answer);
    }
    let guest = &*guest;
    let args: Vec<OsString> = guest.hello.args.iter().map(|arg| OsString::from_vec(arg.clone())).collect();
    let read = read(&args, lang);
    let json = read.as_ref().is_ok_and(|cli| cli.global.json);
    let bar = guest.hello.bar.is_some() && !json;
    let mut answer = Answer { out: &mut out, err: &mut err, lang, json, bar, caller: guest };
    let done = match &read {
        Ok(cli) => {
            ruled.and_then(|()| command_of(cli)).and_then(|command| commanded(desk, guest, (cli, command), &mut answer))
        }
        // The guest has read it by itself, with this very version.
        Err(e) => Err(Failure::Usage(e.to_string())),
    };
    if done.is_err() {
        guest.fails();
    }
    let exit = told(done, desk.has_recorded(), &mut answer);
    desk.last_recorded().into_iter().for_each(|last| guest.recorded(last));
    exit
}

/// Refuses a guest that wants to go by another rulebook or calendar than the desk was opened with.
fn ruled(desk: &Desk, named: &Named, lang: Lang) -> Result<(), Failure> {
    if named.are(&desk.loaded().hash.to_string(), &desk.calendar().version) {
        return Ok(());
    }
    let pid = std::process::id().to_string();
    Err(Failure::Usage(lang.say_texts("attach-other-rules", &[("pid", pid)])))
}

/// Carries out a guest's command.
fn commanded(
    desk: &Desk,
    guest: &Guest,
    (cli, command): (&Cli, &Command),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if matches!(kind(command), Kind::Records | Kind::Imports | Kind::Store) {
        guest.begins();
    }
    match guest.hello.ask {
        Some(ask) if ask.again.is_some() => {
            again::here(desk, &guest.who, (ask, guest.hello.look), (cli, command), answer)
        }
        Some(ask) => on_desk_at((cli, command), &desk.asking(ask), &guest.who, answer),
        None => on_desk_at((cli, command), desk, &guest.who, answer),
    }
}

fn command_of(cli: &Cli) -> Result<&Command, Failure> {
    cli.command.as_ref().ok_or_else(|| Failure::Usage("no command".to_owned()))
}

fn at_screen(desk: &Desk, consoles: &Consoles, guest: &mut Guest, screen: Screen) -> Result<Exit, Failure> {
    let lang = Lang::parse(&screen.lang).unwrap_or(Lang::En);
    let theme: Theme = serde_json::from_str(&screen.theme.1)?;
    let (ear, mut door) = (guest.ear(), guest.door(Arc::clone(&consoles.drafts)));
    let (title, note) = said(desk, lang, None);
    let mut model = Model::new(lang, (&screen.theme.0, theme), &guest.who.name, &title, desk.rulebook(), desk.now());
    model.shared.status = note.map(|note| (false, note));
    consoles.sessions.run(model, screen.size, (desk, &guest.who), ear, (guest.out(), &mut door))?;
    Ok(Exit::Ok)
}
