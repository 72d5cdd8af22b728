//! What a score means: the standing of a provider (3.1, 3.2, and the warn marks).

use crate::points::Score;
use crate::rulebook::Marks;
use serde::{Deserialize, Serialize};

/// A provider's standing in a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Under every mark.
    Good,
    /// At the first warn mark or over it.
    Watch,
    /// 3.1: expansion suspended, rectification.
    Suspended,
    /// At the second warn mark or over it.
    Critical,
    /// 3.2: termination may be decided.
    Terminable,
}

impl Standing {
    /// All, from best to worst.
    pub const ALL: [Standing; 5] =
        [Standing::Good, Standing::Watch, Standing::Suspended, Standing::Critical, Standing::Terminable];

    /// The standing at a score.
    pub fn of(score: Score, marks: Marks) -> Standing {
        match score {
            s if s >= marks.terminable => Standing::Terminable,
            s if s >= marks.critical => Standing::Critical,
            s if s >= marks.suspended => Standing::Suspended,
            s if s >= marks.watch => Standing::Watch,
            _ => Standing::Good,
        }
    }

    /// The stable word in files and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Good => "good",
            Standing::Watch => "watch",
            Standing::Suspended => "suspended",
            Standing::Critical => "critical",
            Standing::Terminable => "terminable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3.1 and 3.2, with the warn marks 40 and 80.
    #[test]
    fn standings_begin_at_their_marks() {
        let marks = crate::rulebook::Rulebook::shipped().unwrap().marks;
        let table = [
            (0, "good"),
            (39, "good"),
            (40, "watch"),
            (49, "watch"),
            (50, "suspended"),
            (79, "suspended"),
            (80, "critical"),
            (99, "critical"),
            (100, "terminable"),
            (207, "terminable"),
        ];
        for (score, word) in table {
            assert_eq!(Standing::of(Score(score), marks).word(), word, "{score}");
        }
    }
}
