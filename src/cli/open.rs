//! Finding and opening the store and the rulebook that the options name.

use super::args::Global;
use super::output::{Answer, Exit, Failure};
use crate::calendar::Calendar;
use crate::desk::{Desk, OpenNote, OpenOptions, SystemClock};
use crate::exchange::clean::shown;
use crate::rulebook::Rulebook;
use etcetera::BaseStrategy;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The store's folder: the option, the environment, or the XDG data directory.
pub fn store_path(global: &Global, answer: &Answer<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = &global.store {
        return Ok(path.clone());
    }
    let home = etcetera::base_strategy::Xdg::new();
    home.map(|xdg| xdg.data_dir().join("koufen")).map_err(|_| Failure::Usage(answer.lang.say("cli-no-home")))
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

/// The text of a file.
fn read(file: &Path, answer: &Answer<'_>) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| {
        let args = [("file", shown(&file.display().to_string())), ("why", shown(&e.to_string()))];
        Failure::Usage(answer.lang.say_texts("file-io", &args))
    })
}

/// Reads and checks a rulebook file; errors name the line.
pub(super) fn rulebook_file(file: &Path, answer: &Answer<'_>) -> Result<Rulebook, Failure> {
    let name = || ("file", shown(&file.display().to_string()).into());
    let text = read(file, answer)?;
    Rulebook::parse(&text).map_err(|e| {
        let (line, problem) = (e.line.to_string().into(), shown(&e.problem).into());
        let text = answer.lang.say_with("rules-bad", &[name(), ("line", line), ("problem", problem)]);
        Failure::Own(Exit::Refused, "bad rulebook", text)
    })
}

/// Opens the store, with a bar where its view has to be made, and says what a person should know.
pub fn open_desk(global: &Global, answer: &mut Answer<'_>) -> Result<Desk, Failure> {
    let (path, rulebook) = (store_path(global, answer)?, rulebook(global, answer)?);
    let calendar = calendar(global, answer)?;
    let bar = bar(answer, 0);
    let mut progress = |p: crate::desk::Progress| {
        bar.set_length(p.total.0);
        bar.set_position(p.done.0);
    };
    let options = OpenOptions { path, rulebook, calendar, clock: Arc::new(SystemClock), progress: &mut progress };
    let opened = Desk::open(options);
    bar.finish_and_clear();
    let opened = opened?;
    for note in &opened.notes {
        if let Some(text) = note_text(note, answer) {
            answer.remark(&text);
        }
    }
    Ok(opened.desk)
}

/// A progress bar that shows on a terminal only.
pub(super) fn bar(answer: &Answer<'_>, total: u64) -> ProgressBar {
    let target = if answer.bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} {per_sec} {eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style)
}

/// What happened at open, where it is worth a line.
fn note_text(note: &OpenNote, answer: &Answer<'_>) -> Option<String> {
    let lang = answer.lang;
    let path = |path: &Path| shown(&path.display().to_string()).into();
    Some(match note {
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
        OpenNote::ViewAhead { view, journal, aside } => lang.say_with(
            "open-ahead",
            &[("view", view.to_string().into()), ("journal", journal.to_string().into()), ("aside", path(aside))],
        ),
        OpenNote::ViewDamaged { what, aside } => {
            lang.say_with("open-damaged", &[("what", shown(what).into()), ("aside", path(aside))])
        }
        OpenNote::Unclosed => lang.say("open-unclosed"),
        OpenNote::ViewMade => lang.say("open-made"),
        OpenNote::CaughtUp { from } => lang.say_with("open-caught-up", &[("seq", from.to_string().into())]),
    })
}
