//! Steps in a city.

use super::declare::{wire_enum, wire_struct};
use super::held::Text;
use crate::domain;

wire_enum! {
    /// A step.
    Step<'a> is domain::territory::TerritoryStep {
        Confirmed { city: Text<'a>, population: u64, plan: (u32, u32) },
        FirstBatchNormal { city: Text<'a> },
        ConferenceHeld(held: Held<'a>),
        ConferenceRectified { conference: u64 },
        ConferenceJudged { conference: u64, off_process: bool },
        FailureDecided { conference: u64, terminate: bool },
        FreezeApplied { conference: u64, entries: u32, errors: u32 },
        PilotDone { city: Text<'a> },
        WeedOutAgreed(weed_out: WeedOut<'a>),
        AttritionInvestigated { city: Text<'a>, fault: bool, unmet_demand: Option<Text<'a>> },
    }
}

wire_struct! {
    /// A conference.
    Held<'a> is domain::territory::Held {
        city: Text<'a>,
        visits: u32,
        outlets_visited: u32,
        invited: u32,
        attended: u32,
        signed: u32,
        publicity: [bool; 4],
    }
}

wire_struct! {
    /// A standard that outlets are weeded out by.
    WeedOut<'a> is domain::territory::WeedOut {
        region: Text<'a>,
        standard: Text<'a>,
        complaints: Option<u32>,
        turnover: Option<u32>,
        members: Option<u32>,
    }
}
