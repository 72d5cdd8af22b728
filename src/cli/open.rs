//! Finding and opening the store and the rulebook that the options name.

use super::args::Global;
use super::output::{Answer, Exit, Failure};
use crate::calendar::Calendar;
use crate::desk::{Accepted, Desk, Identity, Loss, OpenNote, OpenOptions, Opened, SystemClock};
use crate::door::attach::frame::Named;
use crate::door::attach::guest::Connection;
use crate::exchange::clean::shown;
use crate::ids::Seq;
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use crate::time::show_moment;
use crate::words::Lang;
use etcetera::BaseStrategy;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::error::Error;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long another koufen on the store is waited for without a word.
const SOON: Duration = Duration::from_millis(800);
/// How soon it is tried again.
const AGAIN: Duration = Duration::from_millis(10);
/// Most bytes of a rulebook, a calendar or a theme.
const TEXT_MAX: u64 = 4 << 20;

/// The store's folder: the option, the environment, or the XDG data directory.
pub fn store_path(global: &Global, answer: &Answer<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = &global.store {
        return Ok(path.clone());
    }
    let home = etcetera::base_strategy::Xdg::new();
    home.map(|xdg| xdg.data_dir().join("koufen")).map_err(|_| Failure::Usage(answer.lang.say("cli-no-home")))
}

/// Whether there is a store: what can be said without one makes none.
pub(super) fn is_there(global: &Global, answer: &Answer<'_>) -> Result<bool, Failure> {
    let path = store_path(global, answer)?;
    // One that is somebody else's cannot be looked into.
    let shut = std::fs::read_dir(&path).is_err_and(|e| e.kind() == io::ErrorKind::PermissionDenied);
    Ok(shut || ["journal", "reached", "view.seal"].iter().any(|part| path.join(part).exists()))
}

/// The rulebook: the file that the option names, or the shipped one.
pub fn rulebook(global: &Global, answer: &Answer<'_>) -> Result<Rulebook, Failure> {
    match &global.rulebook {
        Some(file) => rulebook_file(file, answer),
        None => Rulebook::shipped().map_err(|e| Failure::Own(Exit::Store, "bad rulebook", e.to_string())),
    }
}

/// The calendar: the file that the option names, or the shipped one.
pub(super) fn calendar(global: &Global, answer: &Answer<'_>) -> Result<Calendar, Failure> {
    let Some(file) = &global.calendar else {
        return Calendar::shipped().map_err(|e| Failure::Own(Exit::Store, "bad calendar", e.to_string()));
    };
    let text = read(file, answer)?;
    Calendar::parse(&text).map_err(|e| {
        let file = shown(&file.display().to_string());
        let args = [("file", file), ("line", e.line.to_string()), ("problem", shown(&e.problem))];
        Failure::Own(Exit::Refused, "bad calendar", answer.lang.say_texts("calendar-bad", &args))
    })
}

/// The text of a file that a person named, if it is of a sane size: it may be a device that never ends.
pub(super) fn read_text(file: std::fs::File) -> io::Result<String> {
    let mut text = String::new();
    file.take(TEXT_MAX + 1).read_to_string(&mut text)?;
    let long = text.len() as u64 > TEXT_MAX;
    if long { Err(io::Error::other(format!("over {TEXT_MAX} bytes"))) } else { Ok(text) }
}

/// The text of a file; a failure that names it.
pub(super) fn read(file: &Path, answer: &Answer<'_>) -> Result<String, Failure> {
    answer.caller.open(file).and_then(read_text).map_err(|e| {
        let args = [("file", shown(&file.display().to_string())), ("why", shown(&e.to_string()))];
        Failure::Usage(answer.lang.say_texts("file-io", &args))
    })
}

/// Reads and checks a rulebook file; errors name the line.
pub(super) fn rulebook_file(file: &Path, answer: &Answer<'_>) -> Result<Rulebook, Failure> {
    rulebook_text(file, answer).map(|(_, book)| book)
}

/// The same with its text.
pub(super) fn rulebook_text(file: &Path, answer: &Answer<'_>) -> Result<(String, Rulebook), Failure> {
    let name = || ("file", shown(&file.display().to_string()).into());
    let text = read(file, answer)?;
    let book = Rulebook::parse(&text).map_err(|e| {
        let (line, problem) = (e.line.to_string().into(), shown(&e.problem).into());
        let text = answer.lang.say_with("rules-bad", &[name(), ("line", line), ("problem", problem)]);
        Failure::Own(Exit::Refused, "bad rulebook", text)
    })?;
    Ok((text, book))
}

/// A store that is open: here, or in another koufen that answers for it.
pub enum Entered {
    /// Here.
    Ours(Desk),
    /// There.
    Theirs(Connection),
}

/// Opens the store, with a bar where its view has to be made, and says what a person should know; or attaches to the
/// koufen that has it open. One that has it and answers nobody, as a command line does, is waited for.
pub fn enter(global: &Global, answer: &mut Answer<'_>) -> Result<Entered, Failure> {
    enter_within(global, Duration::from_secs(global.wait), answer)
}

/// The same, waiting for as long as that.
pub(super) fn enter_within(global: &Global, wait: Duration, answer: &mut Answer<'_>) -> Result<Entered, Failure> {
    let (path, rulebook) = (store_path(global, answer)?, rulebook(global, answer)?);
    let calendar = calendar(global, answer)?;
    let rules = Named {
        rulebook: global.rulebook.as_ref().map(|_| rulebook.hash.to_string()),
        calendar: global.calendar.as_ref().map(|_| calendar.version.clone()),
    };
    let bar = bar(answer, 0);
    let mut progress = |p: crate::desk::Progress| {
        bar.set_length(p.total.0);
        bar.set_position(p.done.0);
    };
    let mut open = || {
        let (path, rulebook, calendar) = (path.clone(), rulebook.clone(), calendar.clone());
        let (clock, wait) = (Arc::new(SystemClock), Duration::ZERO);
        Desk::open(OpenOptions { path, rulebook, calendar, clock, wait, progress: &mut progress })
    };
    let (since, mut said) = (Instant::now(), false);
    let opened = loop {
        match open() {
            // The lock is the authority: only who cannot have it asks who answers.
            Err(e) if is_anothers(&e) => match (Connection::to(&path), e) {
                (Ok(there), _) => return Ok(Entered::Theirs(there.by(rules))),
                (Err(_), StoreError::AlreadyOpen { holder, .. }) if since.elapsed() < wait => {
                    if since.elapsed() >= SOON && !std::mem::replace(&mut said, true) {
                        let holder = holder.map_or_else(String::new, |pid| format!(" ({pid})"));
                        let args = [("holder", holder), ("seconds", wait.as_secs().to_string())];
                        let text = answer.lang.say_texts("open-waiting", &args);
                        answer.remark(&text);
                    }
                    std::thread::sleep(AGAIN);
                }
                (Err(_), e) => break Err(e),
            },
            opened => break opened,
        }
    };
    bar.finish_and_clear();
    let Opened { desk, notes } = opened?;
    remark(&notes, answer);
    Ok(Entered::Ours(desk))
}

/// Whether somebody else has a store, or it is somebody else's.
fn is_anothers(e: &StoreError) -> bool {
    let denied = |e: &(dyn Error + 'static)| {
        e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::PermissionDenied)
    };
    let mut cause: Option<&(dyn Error + 'static)> = Some(e);
    while let Some(e) = cause {
        if denied(e) {
            return true;
        }
        cause = e.source();
    }
    matches!(e, StoreError::AlreadyOpen { .. })
}

/// Says what happened at open, where a person should know.
fn remark(notes: &[OpenNote], answer: &mut Answer<'_>) {
    notes.iter().for_each(|note| answer.remark(&note_text(note, answer.lang)));
}

/// What whoever comes to a store that is open should know of it, as it was said when it was opened.
pub(super) fn notes(desk: &Desk, lang: Lang) -> Vec<String> {
    desk.notes().map(|note| note_text(note, lang)).collect()
}

/// `koufen accept-loss`: nothing else opens a store whose journal lost what it had acknowledged.
pub(super) fn accept_loss(
    global: &Global,
    (from, reason): (Seq, &str),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let (path, rulebook) = (store_path(global, answer)?, rulebook(global, answer)?);
    if !path.is_dir() {
        return Err(no_store(&path, answer));
    }
    let calendar = calendar(global, answer)?;
    let (clock, who) = (Arc::new(SystemClock), Identity::local());
    let options =
        OpenOptions { path, rulebook, calendar, clock, wait: Duration::from_secs(global.wait), progress: &mut |_| {} };
    let (opened, accepted) = Desk::accept_loss(options, &Loss { by: &who.name, from, reason })?;
    remark(&opened.notes, answer);
    close(opened.desk, answer);
    let Accepted { seq, from, to, gap } = accepted;
    if answer.json {
        answer.json(&serde_json::json!({ "seq": seq.0, "from": from.0, "to": to.0, "replaced": !gap }))?;
    } else {
        let args = [("seq", seq.to_string()), ("from", from.to_string()), ("to", to.to_string())];
        let text = answer.lang.say_texts(if gap { "accept-loss-done" } else { "accept-replaced-done" }, &args);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}

/// Refuses to speak of a store that is not there.
pub(super) fn no_store(path: &Path, answer: &Answer<'_>) -> Failure {
    let text = answer.lang.say_texts("verify-no-store", &[("path", shown(&path.display().to_string()))]);
    Failure::Own(Exit::Store, "no store", text)
}

/// Closes a store. What was recorded is, and what was answered was: a view that cannot be closed is a remark.
pub(super) fn close(desk: Desk, answer: &mut Answer<'_>) {
    if let Err(e) = desk.close() {
        let text = answer.lang.say_texts("close-unsealed", &[("why", shown(&e.to_string()))]);
        answer.remark(&text);
    }
}

/// A progress bar that shows on a terminal only.
pub(super) fn bar(answer: &Answer<'_>, total: u64) -> ProgressBar {
    let target = if answer.bar { answer.caller.bar() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} {per_sec} {eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style)
}

/// What happened at open.
fn note_text(note: &OpenNote, lang: Lang) -> String {
    let path = |path: &Path| shown(&path.display().to_string()).into();
    match note {
        OpenNote::TornTail(torn) => lang.say_with(
            "open-torn",
            &[
                ("seq", torn.first_seq.to_string().into()),
                ("bytes", torn.bytes.to_string().into()),
                ("offset", torn.offset.to_string().into()),
                ("segment", path(&torn.segment)),
                ("kept", path(&torn.kept_in)),
            ],
        ),
        OpenNote::TailKept(torn) => lang.say_texts(
            "open-tail-kept",
            &[("bytes", torn.bytes.to_string()), ("kept", shown(&torn.kept_in.display().to_string()))],
        ),
        OpenNote::ReadOnly { why } => lang.say_texts("open-read-only", &[("why", shown(why))]),
        OpenNote::InMemory { why } => lang.say_texts("open-in-memory", &[("why", shown(why))]),
        OpenNote::ClockBack { last } => lang.say_texts("open-clock-back", &[("last", show_moment(*last))]),
        OpenNote::ViewDamaged { what, aside } => {
            lang.say_with("open-damaged", &[("what", shown(what).into()), ("aside", path(aside))])
        }
        OpenNote::Unclosed => lang.say("open-unclosed"),
        OpenNote::ViewMade => lang.say("open-made"),
        OpenNote::CaughtUp { from } => lang.say_with("open-caught-up", &[("seq", from.to_string().into())]),
    }
}
