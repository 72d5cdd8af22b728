//! Steps of the admission and what they owe (1.2(8), 1.5, 2.1.2, 4.4(2)).

use super::calendar::Days;
use super::said::provider;
use koufen::domain::admission::{Admission, Department, Group, Item, Roster, Scope};
use koufen::domain::{Command, Fact, ObligationKind, Recording, State};
use koufen::ids::Seq;
use koufen::money::Fen;
use koufen::rulebook::{Contacts, Staffing};
use koufen::time::{Day, Moment, show_moment};
use std::collections::BTreeMap;

/// A step that was taken on a day.
#[derive(Clone, Debug)]
pub struct Step {
    pub on: Day,
    pub step: Admission,
    pub seq: Seq,
}

/// The way to a permission, in its order; then what may come beside it: another city's agreement, payment and freeze,
/// and a permission put off by some days.
pub fn way() -> (Vec<Admission>, Vec<Admission>) {
    let mut way =
        vec![Admission::Applied { scope: Scope::National }, Admission::RulesAccepted { edition: "1.5".into() }];
    let roster = Roster { weekday: vec![(540, 1320)], day_off: vec![(600, 1080)], declared: Vec::new() };
    let staff = Staffing {
        project_managers: 1,
        channel_staff: 10,
        service_advisers: 4,
        daily_operations: 3,
        telephone: 2,
        marketing: 2,
    };
    let items = [
        Item::LegalCapacity,
        Item::Premises,
        Item::NoCheating,
        Item::ConsumerProtection,
        Item::FixedPremises,
        Item::RealTimeService,
        Item::Mandate,
        Item::Capital(Some(Fen(100_000_000))),
        Item::Commitment { years: 3 },
        Item::DaigouId("jieda".into()),
        Item::TechnicalContacts { own_system: true, contacts: 2 },
        Item::Staff(staff),
        Item::Contacts(Contacts { channel: 1, technical: 1, operations: 1, customer_service: 1 }),
        Item::ServiceHours(roster),
        Item::NoticeAddress,
    ];
    way.extend(items.map(Admission::Checked));
    way.extend([Group::Expansion, Group::Operations, Group::Merchandise].map(Admission::Confirmed));
    way.push(Admission::AccountOpened);
    way.extend(deposit("杭州"));
    way.extend(Department::ALL.map(Admission::Informed));
    way.push(Admission::PermissionOpened);
    (way, deposit("宁波").into())
}

fn deposit(city: &str) -> [Admission; 3] {
    let city = || city.to_owned();
    [
        Admission::AgreementEffective { city: city() },
        Admission::DepositPaid { city: city() },
        Admission::DepositFrozen { city: city(), amount: Fen(30_000_000) },
    ]
}

/// A step as it is asked for.
pub fn command(on: Day, step: &Admission) -> Command {
    Command::Record(Box::new(Recording {
        provider: provider(1),
        fact: Fact::Admission(step.clone()),
        on: Some(on),
        confirmed_by: None,
        note: Some("x".into()),
    }))
}

/// What is due and frozen by steps in the order of their days.
pub fn picture(steps: &[Step], days: &Days, self_operated: bool) -> Vec<String> {
    let mut steps: Vec<&Step> = steps.iter().collect();
    steps.sort_by_key(|s| (s.on, s.seq));
    let mut all: Vec<String> = Vec::new();
    let mut frozen: BTreeMap<&str, u64> = BTreeMap::new();
    let first = |fits: &dyn Fn(&Admission) -> bool| steps.iter().find(|s| fits(&s.step)).map(|s| s.on);
    for s in &steps {
        match &s.step {
            Admission::AgreementEffective { city } => {
                let paid = first(&|step| matches!(step, Admission::DepositPaid { city: c } if c == city));
                if paid.is_none() {
                    all.push(format!("due deposit {city} {}", show_moment(days.working(s.on, 5))));
                }
                if self_operated {
                    all.push(format!("due pilot-batch {city} {}", show_moment(days.working(s.on, 15))));
                }
            }
            Admission::DepositFrozen { city, amount } => *frozen.entry(city).or_default() += amount.0,
            _ => {}
        }
    }
    let begun = first(&|step| matches!(step, Admission::DepositFrozen { .. }));
    let opened = first(&|step| matches!(step, Admission::PermissionOpened));
    // One that kept its admission waits for no permission (decision 29).
    let applied = first(&|step| matches!(step, Admission::Applied { .. }));
    if let (Some(from), None, Some(_)) = (begun, opened, applied) {
        let put_off = steps.iter().rev().find_map(|s| match s.step {
            Admission::Postponed { until } => Some(Moment::end_of(until)),
            _ => None,
        });
        let due = put_off.unwrap_or_else(|| days.working(from, 5));
        all.push(format!("due permission  {}", show_moment(due)));
    }
    all.extend(frozen.iter().map(|(city, amount)| format!("frozen {city} {amount}")));
    all.extend(steps.iter().map(|s| format!("step {} {}", s.step.word(), s.on)));
    all.push(format!("stage {}", stage(&steps)));
    all.sort();
    all
}

type Fits = fn(&Admission) -> bool;

/// 1.5: how far it came.
fn stage(steps: &[&Step]) -> &'static str {
    let has = |fits: Fits| steps.iter().any(|s| fits(&s.step));
    let all: [(&str, Fits); 6] = [
        ("active", |s| matches!(s, Admission::PermissionOpened)),
        ("frozen", |s| matches!(s, Admission::DepositFrozen { .. })),
        ("agreed", |s| matches!(s, Admission::AgreementEffective { .. })),
        ("feasible", |s| matches!(s, Admission::Confirmed(Group::Operations))),
        ("admitted", |s| matches!(s, Admission::Confirmed(Group::Expansion))),
        ("applied", |s| matches!(s, Admission::Applied { .. })),
    ];
    // One that was there before the program never applied; its agreements are no steps of an admission (decision 29).
    if !has(|s| matches!(s, Admission::Applied { .. })) {
        return "none";
    }
    let both = has(|s| matches!(s, Admission::Confirmed(Group::Merchandise)));
    let is = |(word, fits): &&(&str, Fits)| has(*fits) && (*word != "feasible" || both);
    all.iter().find(is).map_or("none", |(word, _)| word)
}

/// The engine's.
pub fn of_engine(state: &State) -> Vec<String> {
    let kinds = [ObligationKind::Deposit, ObligationKind::Permission, ObligationKind::PilotBatch];
    let due = state.due.iter().filter(|(_, o)| kinds.contains(&o.kind));
    let mut all: Vec<String> =
        due.map(|(_, o)| format!("due {} {} {}", o.kind.word(), o.about, show_moment(o.due))).collect();
    all.extend(state.dossier.deposits.iter().map(|(city, amount)| format!("frozen {city} {}", amount.0)));
    all.extend(state.dossier.admission.iter().map(|taken| format!("step {} {}", taken.step.word(), taken.on)));
    all.push(format!("stage {}", state.dossier.stage().word()));
    all.sort();
    all
}
