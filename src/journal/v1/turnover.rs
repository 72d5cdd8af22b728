//! What outlets turned over.

use super::declare::wire_struct;
use super::held::Text;
use crate::{domain, rulebook};

wire_struct! {
    /// What an outlet reported for a month.
    Turnover<'a> is domain::Turnover {
        outlet: Text<'a>,
        month: i32,
        amount: u64,
        orders: Option<u32>,
        with_final_status: Option<u32>,
    }
}

wire_struct! {
    /// When outlets are dormant.
    DormantRule is rulebook::DormantRule {
        low_under: u64,
        low_percent: u8,
        zero_percent: u8,
        after_months: u8,
    }
}

wire_struct! {
    /// What a month comes to.
    Dormancy is domain::turnover::Dormancy {
        tested: u32,
        low: u32,
        zero: u32,
    }
}
