//! `record`: what happened at a provider or an outlet. Its subcommands are the kinds of [`crate::exchange::record`].

use super::output::{Answer, Exit, Failure};
use crate::desk::{Desk, Identity, Receipt};
use crate::domain::gap::{Gap, gaps};
use crate::domain::state::{Act, Kept};
use crate::domain::why::does;
use crate::domain::{Event, FindingId, Follows, Happening, Obligation};
use crate::exchange::clean::shown;
use crate::exchange::record::{KINDS, RecordError, RecordField, RecordKind};
use crate::ids::ProviderId;
use crate::time::{Moment, show_moment};
use crate::words::{self, Lang};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::json;

/// A kind of record and what was typed for its fields.
#[derive(Clone, Debug)]
pub struct RecordAction {
    kind: &'static RecordKind,
    values: Vec<(&'static str, String)>,
    /// It happened once more, whatever is on record.
    pub(super) again: bool,
}

/// The argument of a field; ids of records' fields begin with this, so that help knows them.
pub(super) const FIELD: &str = "field_";

/// The argument that takes what is on record already.
const AGAIN: &str = "again";

impl clap::FromArgMatches for RecordAction {
    fn from_arg_matches(matches: &ArgMatches) -> Result<RecordAction, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (word, matches) = matches.subcommand().ok_or_else(missing)?;
        let kind = KINDS.iter().find(|kind| kind.word == word).ok_or_else(missing)?;
        let typed = |field: &RecordField| {
            let value: Option<&String> = matches.get_one(&format!("{FIELD}{}", field.name));
            value.map(|value| (field.name, value.clone()))
        };
        let again = matches.get_flag(AGAIN);
        Ok(RecordAction { kind, values: kind.all_fields().filter_map(typed).collect(), again })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = RecordAction::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Subcommand for RecordAction {
    fn augment_subcommands(tree: clap::Command) -> clap::Command {
        KINDS.iter().fold(tree, |tree, kind| tree.subcommand(command_of(kind))).subcommand_required(true)
    }

    fn augment_subcommands_for_update(tree: clap::Command) -> clap::Command {
        RecordAction::augment_subcommands(tree)
    }

    fn has_subcommand(name: &str) -> bool {
        KINDS.iter().any(|kind| kind.word == name)
    }
}

fn command_of(kind: &'static RecordKind) -> clap::Command {
    let arg = |(at, field): (usize, &'static RecordField)| {
        let arg = Arg::new(format!("{FIELD}{}", field.name)).required(field.required);
        let arg = match (at, field.words) {
            (0, _) => return arg.value_name(if kind.is_outlets() { "OUTLET" } else { "PROVIDER" }),
            (_, []) => arg.value_name(field.name.to_uppercase()),
            (_, words) => arg.value_name(words.join("|")),
        };
        arg.long(field.name.replace('_', "-"))
    };
    let again = Arg::new(AGAIN).long(AGAIN).action(ArgAction::SetTrue);
    clap::Command::new(kind.word).args(kind.all_fields().enumerate().map(arg)).arg(again)
}

/// `koufen record`.
pub fn record(desk: &Desk, who: &Identity, action: &RecordAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let command = command_of_action(desk, action, answer)?;
    let receipt = super::ledger::submit(desk, who, command, action.again)?;
    told(action, &receipt, answer)
}

/// What was typed, as a command.
pub(super) fn command_of_action(
    desk: &Desk,
    action: &RecordAction,
    answer: &Answer<'_>,
) -> Result<crate::domain::Command, Failure> {
    let typed = |name: &str| {
        let found = action.values.iter().find(|(field, _)| *field == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let owner = |id: &crate::ids::OutletId| desk.outlet(id).ok().flatten().map(|outlet| outlet.provider);
    action.kind.read(&typed, desk.now(), &owner).map_err(|e| bad(answer.lang, e))
}

/// What a record came to.
pub(super) fn told(action: &RecordAction, receipt: &Receipt, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let Event::Happened(h) = &receipt.event else { return Ok(Exit::Ok) };
    say(action.kind, h, receipt, answer)?;
    Ok(Exit::Ok)
}

/// What was recorded, what is due now, what was done, and what was found.
fn say(kind: &RecordKind, h: &Happening, receipt: &Receipt, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let (seq, follows) = (receipt.seq, &receipt.follows);
    let late = |o: &Obligation| Moment::start_of(h.on) > o.due;
    let act = Act::Happened(Box::new(h.clone()));
    let name = |kept: &Kept| FindingId { provider: h.provider.clone(), subject: kept.subject }.to_string();
    if answer.json {
        let opens = follows.opened.iter().map(|(_, o)| {
            let due = show_moment(o.due);
            json!({ "obligation": o.kind.word(), "about": o.about.to_string(), "clause": o.kind.clause(), "due": due })
        });
        let closes = follows.closed.iter().map(|(seq, o)| {
            let done = does(&act, o.kind);
            json!({ "obligation": o.kind.word(), "entry": seq.0, "late": late(o), "done": done })
        });
        return answer.json(&json!({
            "entry": seq.0,
            "record": kind.word,
            "clause": kind.clause,
            "provider": h.provider.as_str(),
            "on": h.on.to_string(),
            "opens": opens.collect::<Vec<_>>(),
            "closes": closes.collect::<Vec<_>>(),
            "finding": follows.found.first().map(name),
            "gaps": gaps(h).iter().map(|gap| gap.what).collect::<Vec<_>>(),
        }));
    }
    let lang = answer.lang;
    let what = words::record_title(lang, kind.word);
    let args = [("seq", seq.to_string()), ("what", what), ("provider", h.provider.to_string())];
    answer.line(&lang.say_texts("record-done", &args))?;
    let ends = |o: &Obligation| match does(&act, o.kind) {
        false => "record-ends",
        true if late(o) => "record-closes-late",
        true => "record-closes",
    };
    said(lang, follows, &h.provider, &ends).iter().try_for_each(|text| answer.line(text))?;
    gaps(h).iter().try_for_each(|gap| answer.line(&lang.say_texts("record-gap", &[("what", short(lang, *gap))])))
}

/// What a gap is, in words.
fn short(lang: Lang, gap: Gap) -> String {
    let args = [("need", gap.need.to_string()), ("have", gap.have.to_string())];
    lang.say_texts(&format!("gap-{}", gap.what), &args)
}

/// What follows from a change, line by line; `ends` says how what is due no more is told.
pub fn said(
    lang: Lang,
    follows: &Follows,
    provider: &ProviderId,
    ends: &dyn Fn(&Obligation) -> &'static str,
) -> Vec<String> {
    let line = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    let name = |kept: &Kept| FindingId { provider: provider.clone(), subject: kept.subject }.to_string();
    let mut lines = Vec::new();
    for (seq, o) in &follows.closed {
        let args = [("what", words::obligation(lang, o.kind)), ("seq", seq.to_string()), ("due", show_moment(o.due))];
        lines.push(line(ends(o), &args));
    }
    for (_, o) in &follows.opened {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (due, clause) = (show_moment(o.due), o.kind.clause().to_owned());
        lines.push(line("record-opens", &[("due", due), ("what", what), ("about", about), ("clause", clause)]));
    }
    lines.extend(follows.found.iter().map(|kept| line("record-found", &[("finding", name(kept))])));
    lines.extend(follows.gone.iter().map(|kept| line("record-gone", &[("finding", name(kept))])));
    lines
}

fn bad(lang: Lang, error: RecordError) -> Failure {
    match error {
        RecordError::Refused(refusal) => Failure::Refused(refusal),
        RecordError::Field { name, value, want } => {
            let args = [("field", words::field(lang, name)), ("value", shown(&value)), ("want", want)];
            Failure::Usage(lang.say_texts("record-bad", &args))
        }
    }
}
