//! The rows of a provider's records, laid out.

mod ends;

use super::super::super::shared::Shared;
use crate::domain::Dossier;
use crate::domain::admission::AdmissionStage;
use crate::domain::audit::Audited;
use crate::domain::deposit::Account;
use crate::domain::objection::Objection;
use crate::ids::Seq;
use crate::money::Fen;
use crate::words::{self, Lang};

/// A row: what kind it is, what it says, when, and who or how many.
pub struct Record {
    pub kind: String,
    pub what: String,
    pub on: String,
    pub by: String,
    pub good: bool,
    /// The entry that it is of.
    pub entry: Option<Seq>,
}

/// Lays the rows out: they are drawn as often as anything else changes.
pub fn rows(shared: &Shared) -> Vec<Record> {
    let (lang, dossier) = (shared.lang, &shared.dossier);
    let kind = |key: &str| lang.say(key);
    let mut rows = ends::rows(shared);
    if dossier.stage() != AdmissionStage::None {
        rows.extend(dossier.admission.iter().map(|t| Record {
            kind: kind("case-admission"),
            what: words::step(lang, &t.step.word()),
            on: t.on.to_string(),
            by: t.by.clone(),
            good: true,
            entry: Some(t.seq),
        }));
    }
    rows.extend(dossier.territories.iter().map(|t| Record {
        kind: kind("case-territory"),
        what: lang.say_texts(
            "case-rollout",
            &[
                ("city", t.city.clone()),
                ("opened", t.opened.to_string()),
                ("first", t.plan.1.to_string()),
                ("target", t.plan.0.to_string()),
            ],
        ),
        on: t.confirmed_on.to_string(),
        by: lang.say_texts("case-left", &[("left", t.left_early.to_string())]),
        good: true,
        entry: Some(t.seq),
    }));
    rows.extend(dossier.conferences.iter().map(|c| Record {
        kind: kind("case-conference"),
        what: lang.say_texts(
            "case-held",
            &[
                ("city", c.held.city.clone()),
                ("seq", c.seq.to_string()),
                ("invited", c.held.invited.to_string()),
                ("attended", c.held.attended.to_string()),
                ("signed", c.held.signed.to_string()),
            ],
        ),
        on: c.on.to_string(),
        by: match (c.failed, c.rectified_on) {
            (false, _) => kind("result-passed"),
            (true, None) => kind("result-failed"),
            (true, Some(_)) => kind("result-rectified"),
        },
        good: !c.waits(),
        entry: Some(c.seq),
    }));
    rows.extend(dossier.trainings.iter().map(|t| Record {
        kind: kind("case-training"),
        what: format!("#{} {} · {}", t.seq, t.city, t.outlets),
        on: t.on.to_string(),
        by: t.guided.map(|(_, on)| on.to_string()).unwrap_or_default(),
        good: true,
        entry: Some(t.seq),
    }));
    rows.extend(objections(lang, dossier));
    rows.extend(audits(lang, dossier));
    rows.extend(ends::notices(shared));
    rows.extend(deposits(lang, dossier));
    rows.extend(weed_out(lang, dossier));
    rows
}

/// What deposits hold, what is owed, and the end of the contract.
fn deposits(lang: Lang, dossier: &Dossier) -> Vec<Record> {
    let blank = |key: &str, what: String, good: bool| Record {
        kind: lang.say(key),
        what,
        on: String::new(),
        by: String::new(),
        good,
        entry: None,
    };
    let (money, over) = (&dossier.money, dossier.money.ended.is_some());
    let deposit = |(city, frozen): &(String, Fen)| {
        let held = money.held(&Account::City(city.clone()));
        let amounts = [("city", city.clone()), ("held", held.to_string()), ("frozen", frozen.to_string())];
        blank("case-deposit", lang.say_texts("case-held-deposit", &amounts), held > Fen(0) || over)
    };
    let mut rows: Vec<Record> = dossier.deposits.iter().map(deposit).collect();
    let owed = money.owed();
    rows.extend((owed > Fen(0)).then(|| blank("account-owed", owed.to_string(), false)));
    rows.extend(money.ended.iter().map(|ended| {
        let what = lang.say_texts("case-contract-ended", &[("from", ended.from.to_string())]);
        Record { on: ended.on.to_string(), entry: Some(ended.seq), ..blank("case-contract", what, true) }
    }));
    rows
}

/// What the provider protests against.
fn objections(lang: Lang, dossier: &Dossier) -> Vec<Record> {
    let row = |o: &Objection| Record {
        kind: lang.say("case-objection"),
        what: format!("{}: {}", o.against, o.grounds.replace('\n', " ")),
        on: o.on.to_string(),
        by: lang.say(&format!("objection-{}", o.state())),
        good: o.answered.is_some(),
        entry: Some(o.seq),
    };
    dossier.objections.iter().map(row).collect()
}

/// Audits, with the number of lines that each brought.
fn audits(lang: Lang, dossier: &Dossier) -> Vec<Record> {
    let row = |a: &Audited| Record {
        kind: lang.say("case-audit"),
        what: format!("#{} {} · {}", a.seq, a.audit.scope, a.audit.lines),
        on: a.on.to_string(),
        by: a.audit.auditors.join(", "),
        good: true,
        entry: Some(a.seq),
    };
    dossier.audits.iter().map(row).collect()
}

/// Weed-out standards that were agreed.
fn weed_out(lang: Lang, dossier: &Dossier) -> Vec<Record> {
    dossier
        .weed_out
        .iter()
        .map(|w| Record {
            kind: lang.say("case-weed-out"),
            what: format!("{}: {}", w.region, w.standard.replace('\n', " ")),
            on: String::new(),
            by: String::new(),
            good: true,
            entry: None,
        })
        .collect()
}
