//! Admission and go-live (1.2 to 1.5, 4.4(2)): a case of named steps, from the application to the permission.

pub(super) mod deposit;
mod item;

pub use item::{ITEMS, Item, Roster};

use super::dossier::{Dossier, Taken};
use super::happening::{Draft, Happening};
use super::obligation::{About, ObligationKind};
use super::state::{Filed, State};
use super::{NAME_MAX, ProviderKind, Refusal, required};
use crate::money::Fen;
use crate::time::Day;
use deposit::{agree, agreed, agreement, freeze, none_wanted};
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
    /// The sum of a city's deposit was agreed: for a single city it is not fixed, and may be none (1.2(8)).
    DepositAgreed {
        /// The city.
        city: String,
        /// How much.
        amount: Fen,
    },
    /// The application was turned down (1.5(3)).
    Rejected,
    /// The applicant took it back (1.5(3)).
    Withdrawn,
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
            Admission::DepositAgreed { .. } => "deposit-agreed".into(),
            Admission::Rejected => "application-rejected".into(),
            Admission::Withdrawn => "application-withdrawn".into(),
        }
    }
}

/// How far an admission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum AdmissionStage {
    /// No case: the provider was there before the program.
    None,
    /// The application was rejected or withdrawn.
    Ended,
    Applied,
    Admitted,
    Feasible,
    Agreed,
    Frozen,
    Active,
}

impl AdmissionStage {
    /// What steps come to.
    pub fn of(steps: &[Taken]) -> AdmissionStage {
        let has = |word: &str| steps.iter().any(|t| t.step.word() == word);
        if !has("applied") {
            AdmissionStage::None
        } else if has("application-rejected") || has("application-withdrawn") {
            AdmissionStage::Ended
        } else if has("permission-opened") {
            AdmissionStage::Active
        } else if has("deposit-frozen") {
            AdmissionStage::Frozen
        } else if has("agreement-effective") {
            AdmissionStage::Agreed
        } else if has("confirmed-operations") && has("confirmed-merchandise") {
            AdmissionStage::Feasible
        } else if has("confirmed-expansion") {
            AdmissionStage::Admitted
        } else {
            AdmissionStage::Applied
        }
    }

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            AdmissionStage::None => "none",
            AdmissionStage::Ended => "ended",
            AdmissionStage::Applied => "applied",
            AdmissionStage::Admitted => "admitted",
            AdmissionStage::Feasible => "feasible",
            AdmissionStage::Agreed => "agreed",
            AdmissionStage::Frozen => "frozen",
            AdmissionStage::Active => "active",
        }
    }
}

/// 1.5(3): a provider that applied is active once its permission is open; one that was there before needs none.
pub(super) fn admitted(dossier: &Dossier) -> Result<(), Refusal> {
    match dossier.stage() {
        AdmissionStage::None | AdmissionStage::Active => Ok(()),
        _ => Err(Refusal::StepMissing { steps: vec!["permission-opened".into()], clause: "1.5(3)" }),
    }
}

/// Whether the facts allow a step: those that it goes on from were taken, by its day, and it was not (1.5).
pub(super) fn allowed(dossier: &Dossier, step: &Admission, on: Day) -> Result<(), Refusal> {
    let word = step.word();
    let feasible: &[&str] = &["confirmed-operations", "confirmed-merchandise"];
    let stage = dossier.stage();
    if let Admission::Applied { .. } = step {
        let may_apply = matches!(stage, AdmissionStage::None | AdmissionStage::Ended);
        return if may_apply { Ok(()) } else { once(dossier, &word) };
    }
    if stage == AdmissionStage::Ended {
        // A new application begins anew.
        return Err(Refusal::StepMissing { steps: vec!["applied".into()], clause: "1.5(1)" });
    }
    if stage == AdmissionStage::None && step.keeps() {
        return kept(dossier, step);
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
            listed(dossier, &[])
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
        Admission::DepositPaid { city } | Admission::DepositAgreed { city, .. } => agreement(dossier, city),
        Admission::Rejected | Admission::Withdrawn => once(dossier, "permission-opened"),
        Admission::DepositFrozen { city, .. } => {
            agreement(dossier, city)?;
            wants(dossier, "1.5(2)", &["account-opened"])?;
            if dossier.has(&Admission::DepositPaid { city: city.clone() }) {
                return Ok(());
            }
            Err(Refusal::StepMissing { steps: vec!["deposit-paid".into()], clause: "1.5(2)" })
        }
        Admission::Informed(_) => {
            if !none_wanted(dossier) {
                wants(dossier, "1.5(3)", &["deposit-frozen"])?;
            }
            once(dossier, &word)
        }
        Admission::PermissionOpened => {
            ready(dossier)?;
            once(dossier, &word)
        }
        Admission::Postponed { .. } => {
            wants(dossier, "1.5(3)", &["deposit-frozen"])?;
            once(dossier, "permission-opened")
        }
    }
}

impl Admission {
    /// Whether a provider that kept its admission takes the step too: agreements and deposits of further cities
    /// (decision 29).
    fn keeps(&self) -> bool {
        use Admission::{AgreementEffective, DepositAgreed, DepositFrozen, DepositPaid};
        matches!(self, AgreementEffective { .. } | DepositAgreed { .. } | DepositFrozen { .. } | DepositPaid { .. })
    }
}

/// What a step of a provider that kept its admission goes on from.
fn kept(dossier: &Dossier, step: &Admission) -> Result<(), Refusal> {
    match step {
        Admission::AgreementEffective { city } if agreed(dossier, city.trim()) => {
            Err(Refusal::StepTaken { step: step.word() })
        }
        Admission::DepositPaid { city } | Admission::DepositAgreed { city, .. } => agreement(dossier, city),
        Admission::DepositFrozen { city, .. } if !dossier.has(&Admission::DepositPaid { city: city.clone() }) => {
            agreement(dossier, city)?;
            Err(Refusal::StepMissing { steps: vec!["deposit-paid".into()], clause: "1.5(2)" })
        }
        _ => Ok(()),
    }
}

/// Decides a step, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &Admission) -> Result<Admission, Refusal> {
    let kept = draft.state.dossier.stage() == AdmissionStage::None && step.keeps();
    if !kept && !matches!(step, Admission::Applied { .. } | Admission::RulesAccepted { .. }) {
        wants(&draft.state.dossier, "1.5(1)", &["applied"])?;
        accepted(draft)?;
    }
    if let Admission::Confirmed(Group::Expansion) = step {
        once(&draft.state.dossier, &step.word())?;
        confirm(draft)?;
    }
    if let Admission::DepositFrozen { city, amount } = step {
        freeze(draft, city, *amount)?;
    }
    draft.allowed()?;
    match step {
        Admission::RulesAccepted { edition } => {
            let current = draft.rules().edition.clone();
            if *edition != current && !draft.cx.laws.names(edition) {
                return Err(Refusal::OtherEdition { edition: edition.clone(), current });
            }
        }
        Admission::Checked(item) => item::check(draft, item)?,
        Admission::AgreementEffective { city } => {
            let city = required("city", city, NAME_MAX)?;
            super::territory::expansion(draft.on_record, (&draft.provider.id, &city), draft.on, draft.cx)?;
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
        Admission::DepositAgreed { city, amount } => {
            agree(draft)?;
            return Ok(Admission::DepositAgreed { city: city.trim().to_owned(), amount: *amount });
        }
        Admission::Rejected | Admission::Withdrawn => draft.reason()?,
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
    let (seq, on) = (filed.known(), h.on);
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
            if before < AdmissionStage::Frozen && before != AdmissionStage::None {
                state.begin_of(seq, h, ObligationKind::Permission);
            }
        }
        Admission::DepositAgreed { city, amount } => {
            state.dossier.agreed_deposits.retain(|(c, _)| c != city);
            state.dossier.agreed_deposits.push((city.clone(), *amount));
            if *amount == Fen(0) {
                state.end(ObligationKind::Deposit, &About::City(city.clone()), on);
            }
        }
        // Nothing is owed for an application that is no more.
        Admission::Rejected | Admission::Withdrawn => {
            for kind in [ObligationKind::Deposit, ObligationKind::Permission, ObligationKind::PilotBatch] {
                state.end_all(kind, on);
            }
        }
        // A new application after one that ended begins anew.
        Admission::Applied { .. } if before == AdmissionStage::Ended => state.dossier.admission.clear(),
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
    let current = &draft.rules().edition;
    if draft.state.dossier.accepts(current) {
        return Ok(());
    }
    Err(Refusal::RulesNotAccepted { edition: current.clone() })
}

/// 1.2: expansion confirms only a full checklist; a third party's has its mandate too.
fn confirm(draft: &Draft<'_, '_>) -> Result<(), Refusal> {
    let third_party = draft.provider.kind == ProviderKind::ThirdParty;
    listed(&draft.state.dossier, if third_party { &["checked-mandate"] } else { &[] })
}

/// 1.5(3): permission opens once all is paid and frozen, where a deposit is wanted, and all are informed.
fn ready(dossier: &Dossier) -> Result<(), Refusal> {
    let informed = Department::ALL.map(|d| Admission::Informed(d).word());
    let steps: &[&str] = match none_wanted(dossier) {
        true => &["account-opened", "agreement-effective"],
        false => &["account-opened", "deposit-paid", "deposit-frozen"],
    };
    let steps = steps.iter().copied();
    wants(dossier, "1.5(3)", &steps.chain(informed.iter().map(String::as_str)).collect::<Vec<_>>())
}

/// The items of the checklist that any provider needs, and others.
fn listed(dossier: &Dossier, others: &[&str]) -> Result<(), Refusal> {
    let items: Vec<String> = ITEMS.iter().map(|item| format!("checked-{item}")).collect();
    let words: Vec<&str> = items.iter().map(String::as_str).chain(others.iter().copied()).collect();
    wants(dossier, "1.2", &words)
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
