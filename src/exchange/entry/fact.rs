//! All fields of what a record says happened, by the names that they are typed under.

use super::case;
use super::event::of_outlet;
use super::value::{Field, Value};
use crate::domain::Fact;
use crate::domain::admission::{Admission, Department, Group, Item, Roster, Scope};
use crate::domain::audit::Audit;
use crate::domain::deposit::DepositStep;
use crate::domain::edition::Otherwise;
use crate::domain::life::{Evidence, OutletStep};
use crate::domain::objection::ObjectionStep;
use crate::domain::service::{Complainant, ServiceStep};
use crate::domain::territory::{Held, TerritoryStep, WeedOut};
use crate::rulebook::{Contacts, Staffing};
use crate::time::hours_and_minutes;

fn f(name: &'static str, value: impl Into<Value>) -> Field {
    Field::new(name, value)
}

/// What happened.
pub fn fields(fact: &Fact) -> Vec<Field> {
    match fact {
        Fact::Admission(step) => of_admission(step),
        Fact::Territory(step) => of_territory(step),
        // A candidate's record has its id.
        Fact::Outlet(_, step @ OutletStep::Proposed { .. }) => of_life(step),
        Fact::Outlet(outlet, step) => [vec![f("outlet", outlet)], of_life(step)].concat(),
        Fact::Service(step) => of_service(step),
        Fact::Deposit(step) => of_deposit(step),
        Fact::Objection(step) => of_objection(step),
        Fact::Case(step) => case::of_case(step),
        Fact::Notice(step) => case::of_notice(step),
        Fact::Audit(Audit { auditors, scope, lines }) => {
            vec![f("auditors", Value::list(auditors)), f("scope", scope), f("audit_lines", *lines)]
        }
        Fact::Otherwise(Otherwise { rule, value, effective }) => {
            vec![f("rule_name", rule), f("value", value.as_ref()), f("effective", *effective)]
        }
    }
}

fn of_objection(step: &ObjectionStep) -> Vec<Field> {
    match step {
        ObjectionStep::Opened { against, grounds } => {
            vec![f("against", &against.to_string()), f("grounds", grounds)]
        }
        ObjectionStep::Heard { objection } => vec![f("objection", *objection)],
        ObjectionStep::Answered { objection, upheld } => vec![f("objection", *objection), f("upheld", *upheld)],
    }
}

fn of_deposit(step: &DepositStep) -> Vec<Field> {
    match step {
        DepositStep::ToppedUp { city, amount } | DepositStep::Released { city, amount } => {
            vec![f("city", city), f("amount", *amount)]
        }
        DepositStep::Forfeited { city, amount } => vec![f("amount", *amount), f("city", city.as_ref())],
        DepositStep::Compensated { city, amount, to } => {
            let payee = Value::word("payee", to.word());
            vec![f("payee", payee), f("amount", *amount), f("city", city.as_ref())]
        }
        DepositStep::ContractEnded => Vec::new(),
        DepositStep::OutletFrozen { outlet, amount } | DepositStep::OutletReleased { outlet, amount } => {
            vec![f("outlet", outlet), f("amount", *amount)]
        }
    }
}

fn of_admission(step: &Admission) -> Vec<Field> {
    match step {
        Admission::Applied { scope } => {
            let word = match scope {
                Scope::National => "national",
                Scope::Regional => "regional",
                Scope::City => "city",
            };
            vec![f("scope", Value::word("scope", word))]
        }
        Admission::RulesAccepted { edition } => vec![f("edition", edition)],
        Admission::Checked(item) => [vec![f("item", Value::word("step-checked", item.word()))], of_item(item)].concat(),
        Admission::Confirmed(group) => {
            let word = match group {
                Group::Expansion => "expansion",
                Group::Operations => "operations",
                Group::Merchandise => "merchandise",
            };
            vec![f("group", Value::word("group", word))]
        }
        Admission::Informed(department) => {
            let word = match department {
                Department::Legal => "legal",
                Department::Finance => "finance",
                Department::SystemDevelopment => "system-development",
                Department::DepartmentHead => "department-head",
                Department::Expansion => "expansion",
            };
            vec![f("department", Value::word("step-informed", word))]
        }
        Admission::AgreementEffective { city } | Admission::DepositPaid { city } => vec![f("city", city)],
        Admission::DepositFrozen { city, amount } | Admission::DepositAgreed { city, amount } => {
            vec![f("city", city), f("amount", *amount)]
        }
        Admission::Postponed { until } => vec![f("until", *until)],
        Admission::AccountOpened | Admission::PermissionOpened | Admission::Rejected | Admission::Withdrawn => {
            Vec::new()
        }
    }
}

fn of_item(item: &Item) -> Vec<Field> {
    match item {
        Item::Capital(capital) => vec![f("capital", *capital)],
        Item::Commitment { years } => vec![f("years", *years)],
        Item::DaigouId(id) => vec![f("daigou_id", id)],
        Item::TechnicalContacts { own_system, contacts } => {
            vec![f("own_system", *own_system), f("contacts", *contacts)]
        }
        Item::Staff(staff) => {
            let Staffing { project_managers, channel_staff, service_advisers, daily_operations, telephone, marketing } =
                staff;
            vec![
                f("project_managers", *project_managers),
                f("channel_staff", *channel_staff),
                f("service_advisers", *service_advisers),
                f("daily_operations", *daily_operations),
                f("telephone", *telephone),
                f("marketing", *marketing),
            ]
        }
        Item::Contacts(contacts) => {
            let Contacts { channel, technical, operations, customer_service } = contacts;
            vec![
                f("channel", *channel),
                f("technical", *technical),
                f("operations", *operations),
                f("customer_service", *customer_service),
            ]
        }
        Item::ServiceHours(Roster { weekday, day_off, declared }) => {
            vec![f("weekday", shifts(weekday)), f("day_off", shifts(day_off)), f("declared", shifts(declared))]
        }
        Item::LegalCapacity
        | Item::Premises
        | Item::NoCheating
        | Item::ConsumerProtection
        | Item::FixedPremises
        | Item::RealTimeService
        | Item::NoticeAddress
        | Item::Mandate => Vec::new(),
    }
}

/// `09:00-12:00,13:00-22:00`, as it is typed.
fn shifts(shifts: &[(u16, u16)]) -> Value {
    let time = |minutes: u16| format!("{:0>5}", hours_and_minutes(minutes.into()));
    let shift = |(from, to): &(u16, u16)| format!("{}-{}", time(*from), time(*to));
    Value::Text(shifts.iter().map(shift).collect::<Vec<_>>().join(","))
}

fn of_territory(step: &TerritoryStep) -> Vec<Field> {
    match step {
        TerritoryStep::Confirmed { city, population, plan: (target, first_batch) } => {
            vec![f("city", city), f("population", *population), f("target", *target), f("first_batch", *first_batch)]
        }
        TerritoryStep::FirstBatchNormal { city } | TerritoryStep::PilotDone { city } => vec![f("city", city)],
        TerritoryStep::ConferenceHeld(held) => {
            let Held { city, visits, outlets_visited, invited, attended, signed, publicity } = held;
            let letters = ['a', 'b', 'c', 'd'].into_iter().zip(publicity).filter(|(_, done)| **done);
            vec![
                f("city", city),
                f("visits", *visits),
                f("outlets_visited", *outlets_visited),
                f("invited", *invited),
                f("attended", *attended),
                f("signed", *signed),
                f("publicity", Value::Text(letters.map(|(letter, _)| letter).collect())),
            ]
        }
        TerritoryStep::ConferenceRectified { conference } => vec![f("conference", *conference)],
        TerritoryStep::ConferenceJudged { conference, off_process } => {
            vec![f("conference", *conference), f("off_process", *off_process)]
        }
        TerritoryStep::FailureDecided { conference, terminate } => {
            vec![f("conference", *conference), f("terminate", *terminate)]
        }
        TerritoryStep::FreezeApplied { conference, entries, errors } => {
            vec![f("conference", *conference), f("entries", *entries), f("errors", *errors)]
        }
        TerritoryStep::WeedOutAgreed(agreed) => {
            let WeedOut { region, standard, complaints, turnover, members } = agreed;
            vec![
                f("region", region),
                f("standard", standard),
                f("complaints", *complaints),
                f("turnover", *turnover),
                f("members", *members),
            ]
        }
        TerritoryStep::AttritionInvestigated { city, fault, unmet_demand } => {
            vec![f("city", city), f("fault", *fault), f("unmet_demand", unmet_demand.as_ref())]
        }
    }
}

fn of_life(step: &OutletStep) -> Vec<Field> {
    match step {
        OutletStep::Proposed { outlet, conference } => [of_outlet(outlet), vec![f("conference", *conference)]].concat(),
        OutletStep::Reviewed { passed }
        | OutletStep::BrandChecked { passed }
        | OutletStep::MaterialChecked { passed } => {
            vec![f("passed", *passed)]
        }
        OutletStep::Signed { party } => vec![f("party", Value::word("party", party.word()))],
        OutletStep::Opened { real_time } => vec![f("real_time", *real_time)],
        OutletStep::Exited { evidence } => {
            let Evidence { form, photos, statement } = *evidence;
            let all = [("form", form), ("photos", photos), ("statement", statement)];
            let there = all.into_iter().filter(|(_, there)| *there).map(|(word, _)| Value::word("evidence", word));
            vec![f("evidence", Value::List(there.collect()))]
        }
        OutletStep::Transferred { to } => vec![f("to", to)],
        OutletStep::Suspended | OutletStep::Resumed | OutletStep::Closed | OutletStep::Stayed => Vec::new(),
    }
}

fn of_service(step: &ServiceStep) -> Vec<Field> {
    match step {
        ServiceStep::TrainingHeld { city, outlets } => vec![f("city", city), f("outlets", Value::list(outlets))],
        ServiceStep::TrainingGuided { training } => vec![f("training", *training)],
        ServiceStep::TrainingChecked { training, checked, failed } => {
            vec![f("training", *training), f("checked", *checked), f("failed", *failed)]
        }
        ServiceStep::PromotionHeld { title, material_on } => vec![f("title", title), f("material_on", *material_on)],
        ServiceStep::Complained { outlet, from, problem } => {
            let word = match from {
                Complainant::Outlet => "outlet",
                Complainant::Consumer => "consumer",
            };
            vec![f("outlet", outlet), f("from", Value::word("complainant", word)), f("problem", problem.as_ref())]
        }
        ServiceStep::ComplaintOrdered { complaint, compensation, correct } => {
            vec![f("complaint", *complaint), f("compensation", *compensation), f("correct", *correct)]
        }
        ServiceStep::Corrected { order } => vec![f("order", *order)],
        ServiceStep::ClaimOpened { outlet, traded_on } => vec![f("outlet", outlet), f("traded_on", *traded_on)],
        ServiceStep::ClaimClosed { claim, blocked } => vec![f("claim", *claim), f("blocked", *blocked)],
    }
}
