//! A command whose answer was lost is asked again under its id, of whoever has the store open next, or of the store
//! itself: what was recorded before is said and not recorded twice, what was not is recorded now.

use super::args::{Cli, Command};
use super::attach;
use super::entry;
use super::on_desk_at;
use super::open::{Entered, close, enter_within};
use super::output::{Answer, Exit, Failure};
use super::written;
use crate::desk::{Asking, Desk, Identity};
use crate::door::attach::frame::Hello;
use crate::door::attach::guest::Left;
use crate::words;
use std::io;
use std::time::Duration;

/// How long the store is waited for at least: one that was killed can have the lock for a moment more.
const GRACE: Duration = Duration::from_secs(3);
/// How often it is asked again: each time somebody else who had the store open is gone.
const TIMES: usize = 5;

/// Asks again what the koufen of a process did not answer.
pub(super) fn ask(
    (cli, command): (&Cli, &Command),
    mut pid: i32,
    mut hello: Hello,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let Some(ask) = hello.ask else { return Err(unknown(pid, None, answer)) };
    let wait = Duration::from_secs(cli.global.wait).max(GRACE);
    for _ in 0..TIMES {
        match enter_within(&cli.global, wait, answer) {
            Err(why) => return Err(unknown(pid, Some(why), answer)),
            Ok(Entered::Ours(desk)) => {
                let done = here(&desk, &Identity::local(), (ask, hello.look), (cli, command), answer);
                // What ends well is recorded, now or before.
                let recorded = done.is_ok();
                let done = written(done, recorded, answer);
                close(desk, answer);
                return done;
            }
            Ok(Entered::Theirs(there)) => {
                pid = there.pid;
                match attach::attend(there, &cli.global, (hello.clone(), None), answer)? {
                    Left::Lost { drained, .. } => hello.look |= drained,
                    // What the one before did with it is not known for that.
                    left @ Left::Unanswered(_) => {
                        let why = attach::ended(left, (pid, attach::LOST), answer).err();
                        return Err(unknown(pid, why, answer));
                    }
                    left => return attach::ended(left, (pid, attach::LOST), answer),
                }
            }
        }
    }
    Err(unknown(pid, None, answer))
}

/// Says that nobody can be asked.
fn unknown(pid: i32, why: Option<Failure>, answer: &Answer<'_>) -> Failure {
    let why = match why {
        Some(Failure::Store(e)) => words::store_error(answer.lang, &e),
        Some(Failure::Own(_, _, text) | Failure::Usage(text)) => text,
        _ => String::new(),
    };
    let mut text = answer.lang.say_texts("attach-lost-unknown", &[("pid", pid.to_string())]);
    if !why.is_empty() {
        text = format!("{text} {why}");
    }
    Failure::Own(Exit::Store, "gone", text)
}

/// Answers a command that is asked again, on the desk that is open. `look`: it is only said what became of it.
pub(super) fn here(
    desk: &Desk,
    who: &Identity,
    (ask, look): (Asking, bool),
    (cli, command): (&Cli, &Command),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let lang = answer.lang;
    let asking = desk.asking(ask);
    let Some(seq) = desk.became(who, ask)? else {
        if look {
            return Err(Failure::Own(Exit::Store, "gone", lang.say("again-not")));
        }
        let exit = on_desk_at((cli, command), &asking, who, answer)?;
        if let Some(seq) = asking.last_recorded() {
            answer.remark(&lang.say_texts("again-now", &[("seq", seq.to_string())]));
        }
        return Ok(exit);
    };
    answer.remark(&lang.say_texts("again-was", &[("seq", seq.to_string())]));
    if !look {
        let (mut out, mut none) = (Vec::new(), io::sink());
        let mut quiet =
            Answer { out: &mut out, err: &mut none, lang, json: answer.json, bar: false, caller: answer.caller };
        if let Ok(exit) = on_desk_at((cli, command), &asking, who, &mut quiet) {
            answer.out.write_all(&out)?;
            return Ok(exit);
        }
    }
    // What it would say before it records is refused by now: what it asks for is there. So the entry is shown.
    entry::entry(desk, seq, answer)
}
