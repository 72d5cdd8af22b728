//! What a field stands for, beside it: whose id it is, which weekday, which range. What a form writes is to be seen
//! before it is saved, however it was typed.

use super::super::super::form::{Field, Form, Purpose, read};
use super::super::super::pick::range;
use super::super::super::shared::Shared;
use crate::domain::ProviderKind;
use crate::ids::Seq;
use crate::time::show_moment;
use crate::words;

/// What stands beside a field.
pub enum Echo {
    /// What it stands for.
    Sure(String),
    /// What it takes.
    Hint(String),
}

/// What stands beside a field that has no error.
pub fn echo(shared: &Shared, form: &Form, field: &Field, focus: bool) -> Echo {
    let text = field.text();
    let sure = |text: Option<String>| text.map(Echo::Sure);
    let found = match field.name {
        "provider_id" | "outlet_id" | "article" | "to" | "record" if !text.is_empty() || form.pick.is_some() => {
            sure(chosen(shared, form, field, &text))
        }
        "subject" if !text.is_empty() || form.pick.is_some() => sure(chosen(shared, form, field, &text)),
        "subject" => wanted(shared, form),
        "points" => sure(plain(&text, read::points(&text))).or_else(|| points(shared, form)),
        "occurred_on" | "agreement_on" | "signed_on" | "on" | "material_on" | "effective" => {
            sure(day(shared, form, &text))
        }
        "until" if matches!(form.purpose, Purpose::Record(_)) => sure(day(shared, form, &text)),
        "until" | "at" => sure(moment(shared, form, &text)),
        // Picked from the list, whatever was typed.
        "request" | "order" | "claim" | "complaint" | "training" | "conference" if focus && form.pick.is_some() => {
            sure(chosen(shared, form, field, &text))
        }
        "request" | "order" | "claim" | "complaint" | "training" | "conference" => sure(entry(shared, &text)),
        "population" => sure(plain(&text, read::whole::<u64>(&text))),
        "registered_capital" | "capital" | "amount" | "turnover" | "compensation" => {
            sure(plain(&text, read::money(&text)))
        }
        "finding" | "alert" => sure(whose(shared, form)),
        "kind" if !focus => sure(kind(shared, &text)),
        "rule_name" | "value" if text.is_empty() => {
            Some(Echo::Hint(shared.lang.say(&format!("takes-{}", field.name.replace('_', "-")))))
        }
        _ => None,
    };
    let word = |word: &&str| match field.name {
        "dependents" => shared.lang.say(&format!("value-{word}")),
        _ => (*word).to_owned(),
    };
    let words = || field.words.iter().map(word).collect::<Vec<_>>().join(" | ");
    let turns = || (focus && field.words.len() > 1).then(|| Echo::Hint(format!("◂ {} ▸", words())));
    found.or_else(turns).unwrap_or(Echo::Hint(String::new()))
}

/// A number that was typed in another way than it is shown.
fn plain(text: &str, read: Option<impl ToString>) -> Option<String> {
    let read = read?.to_string();
    (read != text).then(|| format!("= {read}"))
}

/// What a deduction is to stand for, by its article.
fn wanted(shared: &Shared, form: &Form) -> Option<Echo> {
    let article = shared.judged_by(form).article(&form.text("article"))?;
    Some(Echo::Hint(shared.lang.say(&format!("pick-{}", article.needs.word()))))
}

fn points(shared: &Shared, form: &Form) -> Option<Echo> {
    let named = match &form.purpose {
        Purpose::Deduct => form.meant("article", &shared.choices(form)).map(|choice| choice.value.into_owned())?,
        _ => form.text("article"),
    };
    let book = shared.judged_by(form);
    let article = book.article(&named)?;
    let cap = article.cap.map(|cap| format!("{} {cap}", shared.lang.say("column-cap")));
    // What the provider agreed otherwise, and where that stands: the desk judges by it (4.4(3)).
    let agreed = book.agreed(&named).map(|entry| {
        let provider = match &form.purpose {
            Purpose::Confirm(finding) => finding.provider.to_string(),
            _ => form.text("provider_id"),
        };
        shared.lang.say_texts("points-agreed", &[("provider", provider), ("entry", entry.to_string())])
    });
    let all: Vec<String> = [Some(range(article)), cap, agreed].into_iter().flatten().collect();
    Some(Echo::Hint(all.join(" · ")))
}

fn chosen(shared: &Shared, form: &Form, field: &Field, text: &str) -> Option<String> {
    let Some(choice) = form.meant(field.name, &shared.choices(form)) else {
        // One that an id is given in, perhaps in full width; or a field that cannot be changed.
        let free = !form.chooses(field.name);
        let folded = free.then(|| plain(text, text.parse::<crate::ids::OutletId>().ok())).flatten();
        if folded.is_some() {
            return folded;
        }
        let row = shared.row_named(text)?;
        return (field.name == "provider_id").then(|| row.provider.name.clone());
    };
    let fact = if field.name == "article" { &choice.place } else { &choice.fact };
    let facts = format!("{} {fact}", choice.title);
    let facts = facts.trim();
    Some(if choice.value == text { facts.to_owned() } else { format!("→ {} {facts}", choice.value) })
}

fn day(shared: &Shared, form: &Form, text: &str) -> Option<String> {
    let day = read::day(text, form.now)?;
    let weekday = words::weekday(shared.lang, day);
    Some(if day.to_string() == text { weekday } else { format!("= {day} {weekday}") })
}

fn moment(shared: &Shared, form: &Form, text: &str) -> Option<String> {
    let moment = read::moment(text, form.now)?;
    let weekday = words::weekday(shared.lang, moment.day());
    let shown = show_moment(moment);
    Some(if shown == text { weekday } else { format!("= {shown} {weekday}") })
}

/// Whose entry a number is: a request that is open, a conference, a training.
fn entry(shared: &Shared, text: &str) -> Option<String> {
    let seq = Seq(read::whole(text.trim_start_matches(['#', '＃']))?);
    let name = |id: &crate::ids::ProviderId| shared.row_of(id).map(|row| row.provider.name.clone()).unwrap_or_default();
    let number = plain(text.trim_start_matches('#'), Some(seq)).map(|number| number + " ").unwrap_or_default();
    if let Some(due) = shared.deadlines.iter().find(|due| due.seq == seq) {
        let (o, id) = (&due.obligation, &due.provider);
        let about = words::about(&o.about);
        return Some(format!("{number}{id} {}{about} {}", name(id), words::obligation(shared.lang, o.kind)));
    }
    let id = shared.provider.as_ref()?;
    let conference = shared.dossier.conferences.iter().find(|c| c.seq == seq).map(|c| (&c.held.city, c.on));
    let training = shared.dossier.trainings.iter().find(|t| t.seq == seq).map(|t| (&t.city, t.on));
    let (city, on) = conference.or(training)?;
    Some(format!("{number}{id} {} {city} {on}", name(id)))
}

/// A kind of provider in the language, where that is another word than the typed one.
fn kind(shared: &Shared, text: &str) -> Option<String> {
    let kind = ProviderKind::ALL.into_iter().find(|kind| kind.word() == text)?;
    Some(words::provider_kind(shared.lang, kind)).filter(|word| word != text)
}

/// Whose finding or alert a form is about. What it says stands over the fields, whole.
fn whose(shared: &Shared, form: &Form) -> Option<String> {
    let provider = match &form.purpose {
        Purpose::Confirm(finding) | Purpose::Dismiss(finding) => &finding.provider,
        Purpose::Snooze(alert) | Purpose::Assign(alert) => &alert.provider,
        _ => return None,
    };
    Some(shared.name_of(provider))
}
