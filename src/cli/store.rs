//! `verify`, `rebuild`, `stats` and `demo --fill`: about the store as such.

use super::args::Global;
use super::open::{bar, open_desk, store_path};
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use crate::desk::Desk;
use crate::exchange::clean::shown;
use crate::ids::Seq;
use crate::store::StoreError;
use serde_json::json;
use std::path::Path;

/// `koufen verify`: reads the whole journal first, for a damaged one cannot be opened, and then holds the view
/// against one made anew.
pub fn verify(global: &Global, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let path = store_path(global, answer)?;
    let journal = path.join("journal");
    if !journal.exists() {
        let name = shown(&path.display().to_string());
        let text = answer.lang.say_with("verify-no-store", &[("path", name.into())]);
        return Err(Failure::Own(Exit::Store, "no store", text));
    }
    let spinner = bar(answer, 0);
    let checked = crate::journal::verify(&journal, &mut |seq: Seq| spinner.set_position(seq.0));
    spinner.finish_and_clear();
    let checked = checked.map_err(StoreError::from)?;
    let desk = open_desk(global, answer)?;
    let was = desk.view_digest()?;
    let made = rebuilt(&desk, answer)?;
    desk.close()?;
    let same = was == made;
    if answer.json {
        answer.json(&json!({
            "ok": same,
            "entries": checked.entries,
            "segments": checked.segments,
            "bytes": checked.bytes,
            "head": hex(&checked.head.hash),
            "view": hex(&made),
        }))?;
    } else {
        let counts = [
            ("entries", checked.entries.to_string().into()),
            ("segments", checked.segments.to_string().into()),
            ("bytes", checked.bytes.to_string().into()),
            ("head", hex(&checked.head.hash).into()),
        ];
        let text = answer.lang.say_with("verify-good", &counts);
        answer.line(&text)?;
    }
    if !same {
        return Err(Failure::Own(Exit::Store, "view differs", answer.lang.say("verify-view-differs")));
    }
    Ok(Exit::Ok)
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
    desk.close()?;
    if answer.json {
        answer.json(&stats)?;
    } else {
        let lines = stats.lines.to_string();
        let text = answer.lang.say_with("demo-filled", &[name(), ("lines", lines.into())]);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}
