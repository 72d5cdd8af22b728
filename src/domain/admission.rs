//! Admission and go-live (1.2 to 1.5, 4.4(2)): a case of named steps, from the application to the permission.

mod item;

pub use item::{ITEMS, Item, Roster};

use super::dossier::{Dossier, Taken};
use super::happening::{Draft, Happening};
use super::obligation::{About, ObligationKind};
use super::state::{Filed, State};
use super::{NAME_MAX, ProviderKind, Refusal, required};
use crate::money::Fen;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// A step of the admission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Admission {
    /// The provider applied (1.5(1)).
    Applied {
        /// For which scope.
        scope: Scope,
    },
    /// It accepted the rulebook's edition, and with it the online rules (1.3(2), 4.4(2)).
    RulesAccepted {
        /// Which.
        edition: String,
    },
    /// An item of the checklist is in order.
    Checked(Item),
    /// A group confirms (1.5(1)): expansion the admission, then operations and merchandise that it is feasible.
    Confirmed(Group),
    /// The company's payment account is open (1.5(2)).
    AccountOpened,
    /// The agreement for a city takes effect: the deposit is due (1.2(8)).
    AgreementEffective {
        /// The city.
        city: String,
    },
    /// A city's deposit was paid (1.5(2)).
    DepositPaid {
        /// The city.
        city: String,
    },
    /// A city's deposit was frozen (1.2(8), 1.5(2)); what a shortfall wants is frozen likewise.
    DepositFrozen {
        /// The city.
        city: String,
        /// How much.
        amount: Fen,
    },
    /// A department was informed (1.5(3)).
    Informed(Department),
    /// Permission is open: the provider is active (1.5(3)).
    PermissionOpened,
    /// The permission is put off (1.5(3)).
    Postponed {
        /// To the end of this day.
        until: Day,
    },
}

/// What the provider applied for (1.2(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Scope {
    National,
    Regional,
    City,
}

/// Who confirms (1.5(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Group {
    Expansion,
    Operations,
    Merchandise,
}

/// Who is informed of a freeze (1.5(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Department {
    Legal,
    Finance,
    SystemDevelopment,
    DepartmentHead,
    Expansion,
}

impl Department {
    /// All five.
    pub const ALL: [Department; 5] = [
        Department::Legal,
        Department::Finance,
        Department::SystemDevelopment,
        Department::DepartmentHead,
        Department::Expansion,
    ];
}

impl Admission {
    /// The stable word; an item, a group and a department are part of it.
    pub fn word(&self) -> String {
        match self {
            Admission::Applied { .. } => "applied".into(),
            Admission::RulesAccepted { .. } => "rules-accepted".into(),
            Admission::Checked(item) => format!("checked-{}", item.word()),
            Admission::Confirmed(Group::Expansion) => "confirmed-expansion".into(),
            Admission::Confirmed(Group::Operations) => "confirmed-operations".into(),
            Admission::Confirmed(Group::Merchandise) => "confirmed-merchandise".into(),
            Admission::AccountOpened => "account-opened".into(),
            Admission::AgreementEffective { .. } => "agreement-effective".into(),
            Admission::DepositPaid { .. } => "deposit-paid".into(),
            Admission::DepositFrozen { .. } => "deposit-frozen".into(),
            Admission::Informed(Department::Legal) => "informed-legal".into(),
            Admission::Informed(Department::Finance) => "informed-finance".into(),
            Admission::Informed(Department::SystemDevelopment) => "informed-system-development".into(),
            Admission::Informed(Department::DepartmentHead) => "informed-department-head".into(),
            Admission::Informed(Department::Expansion) => "informed-expansion".into(),
            Admission::PermissionOpened => "permission-opened".into(),
            Admission::Postponed { .. } => "permission-postponed".into(),
        }
    }
}

/// How far an admission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Stage {
    /// No case: the provider was there before the program.
    None,
    Applied,
    Admitted,
    Feasible,
    Agreed,
    Frozen,
    Active,
}

impl Stage {
    /// What steps come to.
    pub fn of(steps: &[Taken]) -> Stage {
        let has = |word: &str| steps.iter().any(|t| t.step.word() == word);
        if has("permission-opened") {
            Stage::Active
        } else if has("deposit-frozen") {
            Stage::Frozen
        } else if has("agreement-effective") {
            Stage::Agreed
        } else if has("confirmed-operations") && has("confirmed-merchandise") {
            Stage::Feasible
        } else if has("confirmed-expansion") {
            Stage::Admitted
        } else if has("applied") {
            Stage::Applied
        } else {
            Stage::None
        }
    }

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Stage::None => "none",
            Stage::Applied => "applied",
            Stage::Admitted => "admitted",
            Stage::Feasible => "feasible",
            Stage::Agreed => "agreed",
            Stage::Frozen => "frozen",
            Stage::Active => "active",
        }
    }
}

/// 1.5(3): a provider that applied is active once its permission is open; one that was there before needs none.
pub(super) fn admitted(dossier: &Dossier) -> Result<(), Refusal> {
    match dossier.stage() {
        Stage::None | Stage::Active => Ok(()),
        _ => Err(Refusal::StepMissing { steps: vec!["permission-opened".into()], clause: "1.5(3)" }),
    }
}

/// Whether the facts allow a step: those that it goes on from were taken, by its day, and it was not (1.5).
pub(super) fn allowed(dossier: &Dossier, step: &Admission, on: Day) -> Result<(), Refusal> {
    let word = step.word();
    let feasible: &[&str] = &["confirmed-operations", "confirmed-merchandise"];
    if let Admission::Applied { .. } = step {
        return once(dossier, &word);
    }
    wants(dossier, "1.5(1)", &["applied"])?;
    let start = dossier.admission.first().map_or(on, |applied| applied.on);
    if on < start {
        return Err(Refusal::BeforeStart { on, start });
    }
    // 4.4(2): of whichever edition it was then.
    if !matches!(step, Admission::RulesAccepted { .. }) {
        wants(dossier, "4.4(2)", &["rules-accepted"])?;
    }
    match step {
        Admission::Applied { .. } | Admission::RulesAccepted { .. } | Admission::Checked(_) => Ok(()),
        Admission::Confirmed(Group::Expansion) => {
            once(dossier, &word)?;
            let items: Vec<String> = ITEMS.iter().map(|item| format!("checked-{item}")).collect();
            wants(dossier, "1.2", &items.iter().map(String::as_str).collect::<Vec<_>>())
        }
        Admission::Confirmed(_) => {
            once(dossier, &word)?;
            wants(dossier, "1.5(1)", &["confirmed-expansion"])
        }
        Admission::AccountOpened => {
            wants(dossier, "1.5(1)", feasible)?;
            once(dossier, &word)
        }
        Admission::AgreementEffective { city } => {
            wants(dossier, "1.5(1)", feasible)?;
            if agreed(dossier, city.trim()) { Err(Refusal::StepTaken { step: word }) } else { Ok(()) }
        }
        Admission::DepositPaid { city } => agreement(dossier, city),
        Admission::DepositFrozen { city, .. } => {
            agreement(dossier, city)?;
            wants(dossier, "1.5(2)", &["account-opened"])?;
            if dossier.has(&Admission::DepositPaid { city: city.clone() }) {
                return Ok(());
            }
            Err(Refusal::StepMissing { steps: vec!["deposit-paid".into()], clause: "1.5(2)" })
        }
        Admission::Informed(_) => {
            wants(dossier, "1.5(3)", &["deposit-frozen"])?;
            once(dossier, &word)
        }
        Admission::PermissionOpened => {
            let informed = Department::ALL.map(|d| Admission::Informed(d).word());
            let steps = ["account-opened", "deposit-paid", "deposit-frozen"].into_iter();
            wants(dossier, "1.5(3)", &steps.chain(informed.iter().map(String::as_str)).collect::<Vec<_>>())?;
            once(dossier, &word)
        }
        Admission::Postponed { .. } => {
            wants(dossier, "1.5(3)", &["deposit-frozen"])?;
            once(dossier, "permission-opened")
        }
    }
}

/// Decides a step, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &Admission) -> Result<Admission, Refusal> {
    if !matches!(step, Admission::Applied { .. } | Admission::RulesAccepted { .. }) {
        wants(&draft.state.dossier, "1.5(1)", &["applied"])?;
        accepted(draft)?;
    }
    if let Admission::Confirmed(Group::Expansion) = step {
        once(&draft.state.dossier, &step.word())?;
        confirm(draft)?;
    }
    if let Admission::DepositFrozen { city, amount } = step {
        deposit(draft, city, *amount)?;
    }
    draft.allowed()?;
    match step {
        Admission::RulesAccepted { edition } => {
            let current = draft.cx.rulebook.edition.clone();
            if *edition != current {
                return Err(Refusal::OtherEdition { edition: edition.clone(), current });
            }
        }
        Admission::Checked(item) => item::check(draft, item)?,
        Admission::AgreementEffective { city } => {
            let city = required("city", city, NAME_MAX)?;
            super::territory::expansion(draft.facts, (&draft.provider.id, &city), draft.on, draft.cx)?;
            draft.begin(ObligationKind::Deposit, About::City(city.clone()))?;
            if draft.provider.kind == ProviderKind::SelfOperated {
                draft.begin(ObligationKind::PilotBatch, About::City(city.clone()))?;
            }
            return Ok(Admission::AgreementEffective { city });
        }
        Admission::DepositFrozen { .. } => draft.begin(ObligationKind::Permission, About::Provider)?,
        Admission::Postponed { until } => {
            draft.reason()?;
            if *until < draft.on {
                return Err(Refusal::BeforeStart { on: *until, start: draft.on });
            }
            draft.begin_until(ObligationKind::Permission, About::Provider, *until)?;
        }
        Admission::Applied { .. }
        | Admission::Confirmed(_)
        | Admission::AccountOpened
        | Admission::DepositPaid { .. }
        | Admission::Informed(_)
        | Admission::PermissionOpened => {}
    }
    Ok(step.clone())
}

/// Takes a step in, with what it begins and ends.
pub(super) fn follow(state: &mut State, filed: &Filed, h: &Happening, step: &Admission) {
    let (seq, on) = (filed.seq, h.on);
    let before = state.dossier.stage();
    match step {
        Admission::AgreementEffective { .. } => {
            state.begin_of(seq, h, ObligationKind::Deposit);
            state.begin_of(seq, h, ObligationKind::PilotBatch);
        }
        // 1.2(8): the provider's duty is to pay; the freeze is the platform's own step.
        Admission::DepositPaid { city } => {
            state.end(ObligationKind::Deposit, &About::City(city.clone()), on);
        }
        Admission::DepositFrozen { city, amount } => {
            match state.dossier.deposits.iter_mut().find(|(c, _)| c == city) {
                Some((_, frozen)) => frozen.0 = frozen.0.saturating_add(amount.0),
                None => state.dossier.deposits.push((city.clone(), *amount)),
            }
            if before < Stage::Frozen {
                state.begin_of(seq, h, ObligationKind::Permission);
            }
        }
        Admission::PermissionOpened => {
            state.end(ObligationKind::Permission, &About::Provider, on);
        }
        Admission::Postponed { .. } => {
            state.end(ObligationKind::Permission, &About::Provider, on);
            state.begin_of(seq, h, ObligationKind::Permission);
        }
        Admission::Applied { .. }
        | Admission::RulesAccepted { .. }
        | Admission::Checked(_)
        | Admission::Confirmed(_)
        | Admission::AccountOpened
        | Admission::Informed(_) => {}
    }
    let by = h.confirmed_by.clone().unwrap_or_else(|| filed.by.clone());
    state.dossier.admission.push(Taken { seq, step: step.clone(), on, by, note: h.note.clone() });
}

/// 4.4(2): after the application nothing goes on before the current edition is accepted.
fn accepted(draft: &Draft<'_, '_>) -> Result<(), Refusal> {
    let current = &draft.cx.rulebook.edition;
    if draft.state.dossier.accepts(current) {
        return Ok(());
    }
    Err(Refusal::RulesNotAccepted { edition: current.clone() })
}

/// 1.2: expansion confirms only a full checklist.
fn confirm(draft: &Draft<'_, '_>) -> Result<(), Refusal> {
    let mut items: Vec<String> = ITEMS.iter().map(|item| format!("checked-{item}")).collect();
    if draft.provider.kind == ProviderKind::ThirdParty {
        items.push("checked-mandate".into());
    }
    wants(&draft.state.dossier, "1.2", &items.iter().map(String::as_str).collect::<Vec<_>>())
}

/// 1.2(8): an agreement for the city is in effect.
fn agreement(dossier: &Dossier, city: &str) -> Result<(), Refusal> {
    if agreed(dossier, city) {
        return Ok(());
    }
    Err(Refusal::StepMissing { steps: vec!["agreement-effective".into()], clause: "1.2(8)" })
}

/// 1.2(8): frozen once for each city, and again only for what is missing.
fn deposit(draft: &Draft<'_, '_>, city: &str, amount: Fen) -> Result<(), Refusal> {
    let dossier = &draft.state.dossier;
    agreement(dossier, city)?;
    let wanted = draft.cx.rulebook.measures.deposit;
    let frozen = dossier.deposits.iter().any(|(c, _)| c == city);
    let need = if frozen { dossier.shortfall(wanted) } else { wanted };
    if need == Fen(0) {
        return Err(Refusal::StepTaken { step: "deposit-frozen".into() });
    }
    if amount == need { Ok(()) } else { Err(Refusal::Amount { need, have: amount, clause: "1.2(8)" }) }
}

fn agreed(dossier: &Dossier, city: &str) -> bool {
    dossier.has(&Admission::AgreementEffective { city: city.to_owned() })
}

fn taken(dossier: &Dossier, word: &str) -> bool {
    dossier.admission.iter().any(|t| t.step.word() == word)
}

fn once(dossier: &Dossier, word: &str) -> Result<(), Refusal> {
    if taken(dossier, word) { Err(Refusal::StepTaken { step: word.to_owned() }) } else { Ok(()) }
}

/// The steps that have to be taken before.
fn wants(dossier: &Dossier, clause: &'static str, words: &[&str]) -> Result<(), Refusal> {
    let steps: Vec<String> = words.iter().filter(|w| !taken(dossier, w)).map(|w| (*w).to_owned()).collect();
    if steps.is_empty() { Ok(()) } else { Err(Refusal::StepMissing { steps, clause }) }
}
