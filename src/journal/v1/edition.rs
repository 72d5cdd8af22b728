//! Editions of the rulebook, and what a provider agreed otherwise.

use super::declare::wire_struct;
use super::held::Text;
use crate::domain;

wire_struct! {
    /// An edition.
    Edition<'a> is domain::Edition {
        number: Text<'a>,
        effective: i32,
        hash: [u8; 32],
        text: Text<'a>,
    }
}

wire_struct! {
    /// What a provider agreed otherwise.
    Otherwise<'a> is domain::edition::Otherwise {
        rule: Text<'a>,
        value: Option<Text<'a>>,
        effective: Option<i32>,
    }
}
