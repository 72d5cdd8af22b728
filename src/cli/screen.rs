//! Opening the console: on the store that the options name, or on the demo's throw-away one.

use super::args::Global;
use super::open::{close, open_desk};
use super::output::{Answer, Exit, Failure};
use crate::console::Theme;
use crate::console::theme::BUILT_IN;
use crate::desk::Desk;
use crate::door::local::{self, ConsoleOptions};
use crate::exchange::clean::shown;
use crate::words::Lang;
use etcetera::BaseStrategy;
use std::io::IsTerminal;

/// The console on the user's own store.
pub fn console(global: &Global, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let options = options(global, answer, String::new())?;
    let desk = open_desk(global, answer)?;
    show(desk, options, answer)
}

/// The console on a sample that is gone afterwards.
pub fn demo(global: &Global, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let options = options(global, answer, answer.lang.say("demo-title"))?;
    let (_folder, desk) = crate::demo::open()?;
    show(desk, options, answer)
}

fn show(desk: Desk, options: ConsoleOptions, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let ran = local::run(&desk, options);
    crate::door::end_at_once_when_asked();
    close(desk, answer);
    ran?;
    Ok(Exit::Ok)
}

fn options(global: &Global, answer: &Answer<'_>, title: String) -> Result<ConsoleOptions, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::Usage(answer.lang.say("console-no-terminal")));
    }
    Ok(ConsoleOptions { lang: answer.lang, theme: theme(global, answer.lang)?, title })
}

/// The theme of the option: one that ships, or a file of that name in the user's `koufen/themes`, or a path.
/// `NO_COLOR` in the environment takes all colour away.
fn theme(global: &Global, lang: Lang) -> Result<(String, Theme), Failure> {
    let name = global.theme.clone().unwrap_or_else(|| "dark".to_owned());
    if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) {
        return Ok((name, Theme::plain()));
    }
    let own = etcetera::base_strategy::Xdg::new()
        .ok()
        .map(|xdg| xdg.config_dir().join("koufen/themes").join(format!("{name}.toml")));
    let file = own.filter(|p| p.exists()).or_else(|| name.ends_with(".toml").then(|| (&name).into()));
    let found = match file {
        Some(file) => super::open::read_text(&file).map_err(|e| e.to_string()).and_then(|text| Theme::parse(&text)),
        None => Theme::built_in(&name).ok_or_else(|| BUILT_IN.map(|(name, _)| name).join(", ")),
    };
    found
        .map(|theme| (name.clone(), theme))
        .map_err(|why| Failure::Usage(lang.say_texts("theme-bad", &[("name", shown(&name)), ("why", shown(&why))])))
}
