//! `notices` and `notice`: what was sent, whether it counts as delivered, and its text (4.3, decision 25).

use super::output::{Answer, Exit, Failure};
use super::roster::{asked_about, titles};
use crate::desk::Desk;
use crate::domain::Refusal;
use crate::domain::notice::Notice;
use crate::ids::{ProviderId, Seq};
use crate::time::show_moment;
use crate::words;
use serde_json::{Value, json};

/// `koufen notices`: all, or those of one provider.
pub fn notices(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let ids = asked_about(desk, provider)?;
    let (lang, mut all) = (answer.lang, Vec::new());
    for id in ids {
        all.extend(desk.dossier(&id)?.notices.into_iter().map(|notice| (id.clone(), notice)));
    }
    if answer.json {
        answer.json(&all.iter().map(|(id, notice)| told(id, notice)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        answer.line(&lang.say("notices-none"))?;
        return Ok(Exit::Ok);
    }
    let rows = all.iter().map(|(id, n)| {
        let to = words::recipients(lang, &n.to);
        let channel = lang.say(&format!("channel-{}", n.channel.word()));
        let event = lang.say(&format!("notice-{}", n.event.word()));
        let (on, proof) = (n.on.to_string(), n.proof.clone().unwrap_or_default());
        vec![n.seq.to_string(), id.to_string(), event, to, channel, on, words::delivered(lang, n), proof]
    });
    let header =
        titles(&["entry", "provider", "event", "recipients", "channel", "posted", "delivered", "proof"], answer);
    answer.table(&header, &rows.collect::<Vec<_>>(), &[0])?;
    Ok(Exit::Ok)
}

fn told(id: &ProviderId, n: &Notice) -> Value {
    json!({
        "entry": n.seq.0,
        "provider": id.as_str(),
        "event": n.event.word(),
        "about": n.about.map(|seq| seq.0),
        "recipients": n.to.iter().map(|to| to.word()).collect::<Vec<_>>(),
        "channel": n.channel.word(),
        "posted": n.on.to_string(),
        "entered": n.entered.map(show_moment),
        "delivered": n.delivered().map(show_moment),
        "proof": n.proof,
    })
}

/// `koufen notice`: the text of one, in the language of the command.
pub fn text(desk: &Desk, entry: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let unknown = || Failure::Refused(Refusal::UnknownEntry { what: "notice", seq: entry });
    let known = desk.known(entry)?;
    let told = desk.entry(known)?.0.ok_or_else(unknown)?;
    let provider = told.entry.event.provider().cloned().ok_or_else(unknown)?;
    let notice = desk.dossier(&provider)?.notices.into_iter().find(|n| n.seq == known).ok_or_else(unknown)?;
    let text = words::notice(answer.lang, &desk.rulebook(), &notice);
    if answer.json {
        let mut json = told_with(&provider, &notice);
        json["text"] = text.into();
        answer.json(&json)?;
        return Ok(Exit::Ok);
    }
    answer.line(&text)?;
    Ok(Exit::Ok)
}

fn told_with(provider: &ProviderId, notice: &Notice) -> Value {
    let mut all = told(provider, notice);
    let says: serde_json::Map<String, Value> =
        notice.says.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    all["says"] = says.into();
    all
}
