//! Points: what a deduction costs. Whole numbers; a score is the sum of a year's effective points.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Points of one ledger line, as wide as a score: a rulebook's articles bound them (clauses, section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub u32);

/// Points deducted from one provider in one calendar year (1.1(7)). Starts at 0 and may pass 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(pub u32);

impl Score {
    /// The score after `points` more.
    pub fn plus(self, points: Points) -> Score {
        Score(self.0.saturating_add(points.0))
    }

    /// The score after giving `points` back; never below 0 (decision 5).
    pub fn minus(self, points: Points) -> Score {
        Score(self.0.saturating_sub(points.0))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
