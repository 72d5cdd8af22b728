//! `verify`, `rebuild`, `stats` and `demo --fill`: about the store as such.

use super::args::Global;
use super::open::{bar, close, is_there, no_store, store_path};
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use crate::desk::Desk;
use crate::exchange::clean::shown;
use crate::ids::Seq;
use crate::recount::Difference;
use serde_json::json;
use std::path::Path;

/// Refuses to verify a store that is not there: opening it would make one.
pub fn must_be_there(global: &Global, answer: &mut Answer<'_>) -> Result<(), Failure> {
    if is_there(global, answer)? { Ok(()) } else { Err(no_store(&store_path(global, answer)?, answer)) }
}

/// `koufen verify`: every byte of the journal, the ledger counted again from it, and if asked for the view beside one
/// made anew.
pub fn verify(desk: &Desk, remake: bool, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let spinner = bar(answer, desk.stats()?.head.seq.0);
    let checked = desk.check(remake, &mut |seq: Seq| spinner.set_position(seq.0));
    spinner.finish_and_clear();
    let checked = checked?;
    let (journal, recount) = (&checked.journal, &checked.recount);
    let sound = checked.is_sound();
    if answer.json {
        answer.json(&json!({
            "ok": sound,
            "entries": journal.entries,
            "segments": journal.segments,
            "bytes": journal.bytes,
            "head": hex(&journal.head.hash),
            "view": hex(&checked.digest),
            "remade": checked.remade.as_ref().map(|digest| hex(digest)),
            "providers": recount.providers,
            "outlets": recount.outlets,
            "lines": recount.lines,
            "reports": recount.reports,
            "differing": recount.differing,
            "differences": recount.differences.iter().map(difference).collect::<Vec<_>>(),
        }))?;
    } else if sound {
        let counts = [
            ("entries", journal.entries.to_string()),
            ("segments", journal.segments.to_string()),
            ("bytes", journal.bytes.to_string()),
            ("head", hex(&journal.head.hash)),
            ("providers", recount.providers.to_string()),
            ("outlets", recount.outlets.to_string()),
            ("lines", recount.lines.to_string()),
            ("reports", recount.reports.to_string()),
        ];
        let text = answer.lang.say_texts("verify-good", &counts);
        answer.line(&text)?;
    } else if recount.differing > 0 {
        let text = answer.lang.say_texts("recount-differs", &[("count", recount.differing.to_string())]);
        answer.line(&text)?;
        let header = titles(&["provider", "recount_at", "recount_what", "recount_journal", "recount_view"], answer);
        let cells = |d: &Difference| {
            let provider = d.provider.as_ref().map(ToString::to_string).unwrap_or_default();
            vec![provider, d.at.clone(), d.what.to_owned(), shown(&d.journal), shown(&d.view)]
        };
        answer.table(&header, &recount.differences.iter().map(cells).collect::<Vec<_>>(), &[])?;
    }
    match sound {
        true if remake && checked.remade.is_none() => {
            Err(Failure::Own(Exit::Store, "not remade", answer.lang.say("verify-not-remade")))
        }
        true => Ok(Exit::Ok),
        false => Err(Failure::Own(Exit::Store, "view differs", answer.lang.say("verify-view-differs"))),
    }
}

fn difference(d: &Difference) -> serde_json::Value {
    let provider = d.provider.as_ref().map(ToString::to_string);
    json!({ "provider": provider, "at": d.at, "what": d.what, "journal": d.journal, "view": d.view })
}

/// `koufen rebuild`.
pub fn rebuild(desk: &Desk, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let digest = rebuilt(desk, answer)?;
    let entries = desk.stats()?.entries;
    if answer.json {
        answer.json(&json!({ "entries": entries, "view": hex(&digest) }))?;
    } else {
        let args = [("entries", entries.to_string().into()), ("digest", hex(&digest).into())];
        let text = answer.lang.say_with("rebuild-done", &args);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}

fn rebuilt(desk: &Desk, answer: &Answer<'_>) -> Result<[u8; 32], Failure> {
    let bar = bar(answer, 0);
    let done = desk.rebuild(&mut |p| {
        bar.set_length(p.total.0);
        bar.set_position(p.done.0);
    });
    bar.finish_and_clear();
    done?;
    Ok(desk.view_digest()?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// `koufen stats`.
pub fn stats(desk: &Desk, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let stats = desk.stats()?;
    if answer.json {
        answer.json(&stats)?;
        return Ok(Exit::Ok);
    }
    let names = ["entries", "providers", "outlets", "lines", "journal_bytes", "view_bytes"];
    let values = [stats.entries, stats.providers, stats.outlets, stats.lines, stats.journal_bytes, stats.view_bytes];
    let rows: Vec<Vec<String>> =
        titles(&names, answer).into_iter().zip(values).map(|(title, n)| vec![title, n.to_string()]).collect();
    let (first, rest) = rows.split_first().map_or((&[][..], &[][..]), |(f, r)| (f.as_slice(), r));
    answer.table(first, rest, &[1])?;
    Ok(Exit::Ok)
}

/// `koufen demo --fill`: the sample, kept. A store that holds something is not touched.
pub fn fill(path: &Path, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let name = || ("path", shown(&path.display().to_string()).into());
    let occupied = std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let text = answer.lang.say_with("demo-not-empty", &[name()]);
        return Err(Failure::Own(Exit::Refused, "store not empty", text));
    }
    let desk = crate::demo::filled(path)?;
    let stats = desk.stats()?;
    close(desk, answer);
    if answer.json {
        answer.json(&stats)?;
    } else {
        let lines = stats.lines.to_string();
        let text = answer.lang.say_with("demo-filled", &[name(), ("lines", lines.into())]);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}
