//! Opening the console: on the store that the options name, or on the demo's throw-away one.

use super::args::Global;
use super::attach;
use super::open::{Entered, close, enter, notes, store_path};
use super::output::{Answer, Exit, Failure};
use crate::console::Theme;
use crate::console::depth::Depth;
use crate::console::theme::BUILT_IN;
use crate::desk::{Desk, OpenNote};
use crate::door::attach::host::Access;
use crate::door::local::{self, ConsoleOptions};
use crate::exchange::clean::shown;
use crate::words::Lang;
use etcetera::BaseStrategy;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The console on the user's own store.
pub fn console(global: &Global, args: &[OsString], answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let options = options(global, answer, String::new())?;
    let desk = match enter(global, answer)? {
        Entered::Theirs(there) => return attach::console(there, global, (options, args), answer),
        Entered::Ours(desk) => desk,
    };
    let host = attach::host(&desk, &store_path(global, answer)?, &Access::default());
    let alone = |lang| host.as_ref().err().map(|e| attach::no_socket(e, lang));
    alone(answer.lang).into_iter().for_each(|text| answer.remark(&text));
    let (title, note) = said(&desk, options.lang, alone(options.lang));
    let ran = local::run(&desk, ConsoleOptions { title, note, ..options });
    if let Ok(host) = host {
        attach::outlast(host, answer)?;
    }
    leave(desk, ran, answer)
}

/// What a console says of its store when it begins: a word that stays, and a text that goes with the next key.
pub(super) fn said(desk: &Desk, lang: Lang, more: Option<String>) -> (String, Option<String>) {
    let is_read_only = desk.notes().any(|note| matches!(note, OpenNote::ReadOnly { .. }));
    let title = if is_read_only { lang.say("title-read-only") } else { String::new() };
    let notes: Vec<String> = notes(desk, lang).into_iter().chain(more).collect();
    (title, Some(notes.join("  ")).filter(|text| !text.is_empty()))
}

/// The console on a sample that is gone afterwards.
pub fn demo(global: &Global, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let options = options(global, answer, answer.lang.say("demo-title"))?;
    let (_folder, desk) = crate::demo::open()?;
    let ran = local::run(&desk, options);
    leave(desk, ran, answer)
}

fn leave(desk: Desk, ran: std::io::Result<()>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    crate::door::end_at_once_when_asked();
    close(desk, answer);
    ran?;
    Ok(Exit::Ok)
}

fn options(global: &Global, answer: &Answer<'_>, title: String) -> Result<ConsoleOptions, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::Usage(answer.lang.say("console-no-terminal")));
    }
    let (kept_lang, kept_theme) = kept();
    // What was asked for goes before what was picked last; the rest of the command line speaks by the locale.
    let lang = if global.lang.is_some() { answer.lang } else { kept_lang.unwrap_or(answer.lang) };
    let theme = match theme(global.theme.clone().or(kept_theme), lang) {
        // A theme that was kept may be gone since.
        Err(_) if global.theme.is_none() => theme(None, lang)?,
        theme => theme?,
    };
    // What this terminal can show its own environment says, also where the console runs elsewhere.
    let depth = Depth::told(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()));
    Ok(ConsoleOptions { lang, theme, depth, title, note: None, mouse: !global.no_mouse, keep: keep() })
}

/// Where the language and the theme that were picked last are kept.
fn keep() -> Option<PathBuf> {
    Some(etcetera::base_strategy::Xdg::new().ok()?.state_dir()?.join("koufen/console.toml"))
}

/// What was picked last. A file that cannot be read was not picked.
fn kept() -> (Option<Lang>, Option<String>) {
    let text = keep().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
    (word("lang").and_then(Lang::parse), word("theme").map(str::to_owned))
}

/// The theme of the option: one that ships, or a file of that name in the user's `koufen/themes`, or a path.
fn theme(name: Option<String>, lang: Lang) -> Result<(String, Theme), Failure> {
    let name = name.unwrap_or_else(|| "dark".to_owned());
    let own = etcetera::base_strategy::Xdg::new()
        .ok()
        .map(|xdg| xdg.config_dir().join("koufen/themes").join(format!("{name}.toml")));
    let file = own.filter(|p| p.exists()).or_else(|| name.ends_with(".toml").then(|| (&name).into()));
    let found = match file {
        Some(file) => std::fs::File::open(&file)
            .and_then(super::open::read_text)
            .map_err(|e| e.to_string())
            .and_then(|text| Theme::parse(&text)),
        None => Theme::built_in(&name).ok_or_else(|| BUILT_IN.map(|(name, _)| name).join(", ")),
    };
    found
        .map(|theme| (name.clone(), theme))
        .map_err(|why| Failure::Usage(lang.say_texts("theme-bad", &[("name", shown(&name)), ("why", shown(&why))])))
}
