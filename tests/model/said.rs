//! What can be said, and how it is asked for. References are places in the list of all that was said.

use koufen::domain::life::{Evidence, OutletStep, Party};
use koufen::domain::service::{Complainant, ServiceStep};
use koufen::domain::territory::{Held, TerritoryStep, WeedOut};
use koufen::domain::{Breach, Command, Fact, FindingId, Outlet, Recording, RequestKind, Subject};
use koufen::ids::{OutletId, ProviderId, Seq};
use koufen::money::Fen;
use koufen::time::{Day, Moment};

pub const CITIES: [&str; 2] = ["杭州", "宁波"];

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Confirmed {
        city: usize,
        people: u64,
    },
    Normal {
        city: usize,
    },
    Conference {
        city: usize,
        invited: u32,
        attended: u32,
        signed: u32,
    },
    Rectified {
        conference: usize,
    },
    Applied {
        conference: usize,
        entries: u32,
        errors: u32,
    },
    Investigated {
        city: usize,
        fault: bool,
        unmet: bool,
    },
    WeedOut {
        region: usize,
        complaints: u32,
    },
    /// On record with its signing, or as one that was always there.
    Imported {
        outlet: usize,
        city: usize,
        signed: bool,
    },
    Proposed {
        outlet: usize,
        city: usize,
        conference: Option<usize>,
    },
    Reviewed {
        outlet: usize,
        passed: bool,
    },
    Signed {
        outlet: usize,
    },
    Opened {
        outlet: usize,
    },
    Suspended {
        outlet: usize,
    },
    Resumed {
        outlet: usize,
    },
    Closed {
        outlet: usize,
    },
    Exited {
        outlet: usize,
    },
    Stayed {
        outlet: usize,
    },
    Transferred {
        outlet: usize,
        to: u8,
    },
    Brand {
        outlet: usize,
        passed: bool,
    },
    Material {
        outlet: usize,
        passed: bool,
    },
    Help {
        outlet: usize,
    },
    Exit {
        outlet: usize,
    },
    Answered {
        request: usize,
    },
    Trained {
        city: usize,
        outlets: Vec<usize>,
    },
    Guided {
        training: usize,
    },
    Checked {
        training: usize,
        checked: u32,
        failed: u32,
    },
    Promotion {
        provider: u8,
    },
    Complained {
        outlet: usize,
        consumer: bool,
        problem: u32,
    },
    Ordered {
        complaint: usize,
        correct: bool,
    },
    Corrected {
        order: usize,
    },
    Claimed {
        outlet: usize,
    },
    ClaimClosed {
        claim: usize,
        blocked: bool,
    },
    /// On the breach that something said is.
    Decided {
        of: Of,
        about: usize,
        dismiss: bool,
    },
}

/// Which breach of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Exit,
    Breach(Breach),
}

#[derive(Clone, Debug)]
pub struct Said {
    /// Its day as its first second, or its moment.
    pub at: Moment,
    pub what: What,
    /// The number that it is known by.
    pub seq: Seq,
    /// Its entry, of late in the place of the first.
    pub entry: Seq,
    /// Typed before another of its day or not.
    pub nth: usize,
    pub voided: bool,
}

impl What {
    pub fn outlet(&self) -> Option<usize> {
        use What::*;
        match self {
            Imported { outlet, .. }
            | Proposed { outlet, .. }
            | Reviewed { outlet, .. }
            | Signed { outlet }
            | Opened { outlet }
            | Suspended { outlet }
            | Resumed { outlet }
            | Closed { outlet }
            | Exited { outlet }
            | Stayed { outlet }
            | Transferred { outlet, .. }
            | Brand { outlet, .. }
            | Material { outlet, .. }
            | Help { outlet }
            | Exit { outlet }
            | Complained { outlet, .. }
            | Claimed { outlet } => Some(*outlet),
            _ => None,
        }
    }

    /// The provider to which an outlet goes by it.
    pub fn goes_to(&self) -> Option<u8> {
        if let What::Transferred { to, .. } = self { Some(*to) } else { None }
    }

    /// What it refers to.
    pub fn refers(&self) -> Option<usize> {
        use What::*;
        match self {
            Rectified { conference: id }
            | Applied { conference: id, .. }
            | Guided { training: id }
            | Checked { training: id, .. }
            | Answered { request: id }
            | Ordered { complaint: id, .. }
            | Corrected { order: id }
            | ClaimClosed { claim: id, .. }
            | Decided { about: id, .. } => Some(*id),
            Proposed { conference, .. } => *conference,
            _ => None,
        }
    }

    /// Whether it happens at a moment of its day.
    pub fn has_moment(&self) -> bool {
        matches!(self, What::Help { .. } | What::Exit { .. } | What::Answered { .. })
    }

    /// What ends something on a day comes last on it; what has a moment before, what begins something first.
    pub fn class(&self) -> i8 {
        use What::*;
        match self {
            Exited { .. }
            | Closed { .. }
            | Stayed { .. }
            | Transferred { .. }
            | Claimed { .. }
            | ClaimClosed { .. }
            | Decided { .. } => 2,
            Help { .. } | Exit { .. } | Answered { .. } => 1,
            _ => 0,
        }
    }
}

impl Said {
    /// One on record without its signing was always there.
    pub fn day(&self) -> Day {
        match self.what {
            What::Imported { signed: false, .. } => koufen::domain::state::LONG_AGO,
            _ => self.at.day(),
        }
    }
}

pub fn id(outlet: usize) -> OutletId {
    format!("O{outlet}").parse().unwrap()
}

pub fn provider(n: u8) -> ProviderId {
    format!("P000{n}").parse().unwrap()
}

/// What is asked for, given the entry of what it refers to and whose outlet it is.
pub fn command(at: Moment, what: &What, seq: impl Fn(usize) -> Seq, owner: ProviderId) -> Command {
    use What::*;
    let fact = match what.clone() {
        Confirmed { city, people } => {
            Fact::Territory(TerritoryStep::Confirmed { city: CITIES[city].into(), population: people, plan: (0, 0) })
        }
        Normal { city } => Fact::Territory(TerritoryStep::FirstBatchNormal { city: CITIES[city].into() }),
        Conference { city, invited, attended, signed } => Fact::Territory(TerritoryStep::ConferenceHeld(Held {
            city: CITIES[city].into(),
            visits: 100,
            outlets_visited: 2000,
            invited,
            attended,
            signed,
            publicity: [true; 4],
        })),
        Rectified { conference } => Fact::Territory(TerritoryStep::ConferenceRectified { conference: seq(conference) }),
        Applied { conference, entries, errors } => {
            Fact::Territory(TerritoryStep::FreezeApplied { conference: seq(conference), entries, errors })
        }
        Investigated { city, fault, unmet } => Fact::Territory(TerritoryStep::AttritionInvestigated {
            city: CITIES[city].into(),
            fault,
            unmet_demand: unmet.then(|| "x".into()),
        }),
        WeedOut { region, complaints } => Fact::Territory(TerritoryStep::WeedOutAgreed(weed_out(region, complaints))),
        Imported { outlet, city, signed } => {
            return Command::AddOutlet(Outlet { signed_on: signed.then(|| at.day()), ..record(outlet, city, owner) });
        }
        Proposed { outlet, city, conference } => Fact::Outlet(
            id(outlet),
            OutletStep::Proposed { outlet: record(outlet, city, owner.clone()), conference: conference.map(&seq) },
        ),
        Reviewed { outlet, passed } => Fact::Outlet(id(outlet), OutletStep::Reviewed { passed }),
        Signed { outlet } => Fact::Outlet(id(outlet), OutletStep::Signed { party: Party::Platform }),
        Opened { outlet } => Fact::Outlet(id(outlet), OutletStep::Opened { real_time: true }),
        Suspended { outlet } => Fact::Outlet(id(outlet), OutletStep::Suspended),
        Resumed { outlet } => Fact::Outlet(id(outlet), OutletStep::Resumed),
        Closed { outlet } => Fact::Outlet(id(outlet), OutletStep::Closed),
        Exited { outlet } => {
            let evidence = Evidence { form: true, photos: true, statement: true };
            Fact::Outlet(id(outlet), OutletStep::Exited { evidence })
        }
        Stayed { outlet } => Fact::Outlet(id(outlet), OutletStep::Stayed),
        Transferred { outlet, to } => Fact::Outlet(id(outlet), OutletStep::Transferred { to: provider(to) }),
        Brand { outlet, passed } => Fact::Outlet(id(outlet), OutletStep::BrandChecked { passed }),
        Material { outlet, passed } => Fact::Outlet(id(outlet), OutletStep::MaterialChecked { passed }),
        Help { outlet } => return asked(outlet, RequestKind::Help, at),
        Exit { outlet } => return asked(outlet, RequestKind::Exit, at),
        Answered { request } => {
            return Command::AnswerRequest { request: seq(request), at: Some(at), note: None };
        }
        Trained { city, outlets } => Fact::Service(ServiceStep::TrainingHeld {
            city: CITIES[city].into(),
            outlets: outlets.into_iter().map(id).collect(),
        }),
        Guided { training } => Fact::Service(ServiceStep::TrainingGuided { training: seq(training) }),
        Checked { training, checked, failed } => {
            Fact::Service(ServiceStep::TrainingChecked { training: seq(training), checked, failed })
        }
        Promotion { .. } => {
            Fact::Service(ServiceStep::PromotionHeld { title: "p".into(), material_on: at.day().pred_opt().unwrap() })
        }
        Complained { outlet, consumer, problem } => Fact::Service(ServiceStep::Complained {
            outlet: id(outlet),
            from: if consumer { Complainant::Consumer } else { Complainant::Outlet },
            problem: Some(format!("p{problem}")),
        }),
        Ordered { complaint, correct } => {
            Fact::Service(ServiceStep::ComplaintOrdered { complaint: seq(complaint), compensation: Fen(0), correct })
        }
        Corrected { order } => Fact::Service(ServiceStep::Corrected { order: seq(order) }),
        Claimed { outlet } => Fact::Service(ServiceStep::ClaimOpened { outlet: id(outlet), traded_on: None }),
        ClaimClosed { claim, blocked } => Fact::Service(ServiceStep::ClaimClosed { claim: seq(claim), blocked }),
        Decided { of, about, dismiss } => {
            let subject = match of {
                Of::Exit => Subject::Exit(seq(about)),
                Of::Breach(breach) => Subject::Of(breach, seq(about)),
            };
            let finding = FindingId { provider: owner, subject };
            return if dismiss {
                Command::DismissFinding { finding, reason: "x".into() }
            } else {
                Command::ConfirmFinding { finding, points: None, note: Some("x".into()) }
            };
        }
    };
    Command::Record(Box::new(Recording {
        provider: owner,
        fact,
        on: Some(at.day()),
        confirmed_by: None,
        note: Some("x".into()),
    }))
}

fn asked(outlet: usize, kind: RequestKind, at: Moment) -> Command {
    Command::OpenRequest { outlet: id(outlet), kind, at: Some(at), note: None }
}

fn weed_out(region: usize, complaints: u32) -> WeedOut {
    let (turnover, members) = (None, None);
    WeedOut { region: format!("r{region}"), standard: "s".into(), complaints: Some(complaints), turnover, members }
}

fn record(outlet: usize, city: usize, provider: ProviderId) -> Outlet {
    let name = "店".to_owned();
    Outlet { id: id(outlet), provider, city: CITIES[city].into(), name, signed_on: None, staff: Some(1) }
}
