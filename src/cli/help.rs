//! Help in the chosen language: clap's command tree with its texts taken from the fluent files.

use super::args::Cli;
use crate::words::Lang;
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::sync::{Mutex, PoisonError};

/// The command tree, with help in a language.
pub fn command(lang: Lang) -> Command {
    localised(bare(), lang, "help-cmd")
}

/// The command tree without a text: what is typed is read by it, and the texts, which take a third of the time of a small
/// command, are made for who is told something.
pub fn bare() -> Command {
    let own = |id: &'static str, short, action| Arg::new(id).short(short).long(id).action(action).global(id == "help");
    Cli::command().disable_help_flag(true).disable_version_flag(true).arg(own("help", 'h', ArgAction::Help)).arg(own(
        "version",
        'V',
        ArgAction::Version,
    ))
}

/// More than any command has options of its own.
const GLOBALS: usize = 100;

fn localised(tree: Command, lang: Lang, key: &str) -> Command {
    let (arguments, options) = (heading(lang.say("help-arguments")), heading(lang.say("help-options")));
    let template =
        format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}", lang.say("help-usage"));
    let mut place = 0;
    tree.about(lang.say(key))
        .help_template(template)
        .subcommand_help_heading(heading(lang.say("help-commands")))
        .subcommand_value_name(heading(lang.say("help-command")))
        .mut_args(|arg| {
            // Under a heading of our own clap would sort positions by name.
            place += 1;
            let heading = if arg.is_positional() { arguments } else { options };
            let help = lang.say(&arg_key(&arg));
            // What every command has stands after what is this command's own.
            let order = if arg.is_global_set() { GLOBALS + place } else { place };
            arg.help(help).help_heading(heading).display_order(order)
        })
        .mut_subcommands(|sub| {
            let key = sub_key(key, sub.get_name());
            localised(sub, lang, &key)
        })
}

/// Where the help of a subcommand stands. What replaces an entry is recorded like any other.
fn sub_key(key: &str, name: &str) -> String {
    let key = match (key, name) {
        ("help-cmd-replace", "deduct") => "help-cmd",
        ("help-cmd-replace", "answer") => "help-cmd-request",
        ("help-cmd-replace", "request") => return "help-cmd-request-open".to_owned(),
        ("help-cmd-replace", "turnover") => return "help-cmd-turnover-record".to_owned(),
        ("help-cmd-replace", "provider" | "outlet") => return format!("help-cmd-{name}-edit"),
        ("help-cmd-replace", "confirm" | "dismiss") => "help-cmd-finding",
        ("help-cmd-replace", _) => "help-cmd-record",
        _ => key,
    };
    format!("{key}-{name}")
}

/// clap keeps headings for as long as the program runs; each text is kept once, however often help is made.
fn heading(text: String) -> &'static str {
    static KEPT: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| **known == text) {
        return known;
    }
    let new: &'static str = text.leak();
    kept.push(new);
    new
}

fn arg_key(arg: &Arg) -> String {
    let id = arg.get_id().as_str().replace('_', "-");
    match id.as_str() {
        // Fields of every record have a sentence; their own ones are said by their names.
        "field-on" | "field-confirmed-by" | "field-note" => id.replace("field", "help-arg-record"),
        id if id.starts_with("field-") => id.to_owned(),
        id => format!("help-arg-{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(tree: &Command, key: &str, all: &mut Vec<String>) {
        all.push(key.to_owned());
        all.extend(tree.get_arguments().map(arg_key));
        tree.get_subcommands().for_each(|sub| keys(sub, &sub_key(key, sub.get_name()), all));
    }

    #[test]
    fn every_command_and_argument_has_help_in_both_languages() {
        let mut all = Vec::new();
        keys(&command(Lang::En), "help-cmd", &mut all);
        for text in [
            [include_str!("../words/zh-CN/cli.ftl"), include_str!("../words/zh-CN/domain.ftl")].concat(),
            [include_str!("../words/en/cli.ftl"), include_str!("../words/en/domain.ftl")].concat(),
        ] {
            let missing: Vec<_> = all.iter().filter(|k| !text.contains(&format!("\n{k} = "))).collect();
            assert!(missing.is_empty(), "{missing:?}");
        }
        command(Lang::En).debug_assert();
        command(Lang::ZhCn).debug_assert();
    }
}
