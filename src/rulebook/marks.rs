//! What a score means: the standing of a provider, and the marks at which each begins (3.1, 3.2, and the warn marks).

use crate::points::Score;
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

/// Scores at which a standing begins, ascending: by default 40 (watch, the program's own), 50 (3.1), 80 (critical, the
/// program's own) and 100 (3.2). A standing that a rulebook has no mark for is one that no score reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks(Vec<(Score, Standing)>);

impl Marks {
    /// Marks in the order of their scores; none where two do not rise, or where a worse standing would begin earlier.
    pub fn new(marks: Vec<(Score, Standing)>) -> Option<Marks> {
        let rise = marks.iter().all(|(score, _)| score.0 > 0) && marks.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1);
        rise.then_some(Marks(marks))
    }

    /// The scores with what begins at each, ascending.
    pub fn each(&self) -> impl DoubleEndedIterator<Item = (Score, Standing)> {
        self.0.iter().copied()
    }

    /// Where a standing begins.
    pub fn of(&self, standing: Standing) -> Option<Score> {
        self.each().find(|(_, begins)| *begins == standing).map(|(score, _)| score)
    }

    /// Whether a score has come to where a standing begins.
    pub fn reached(&self, score: Score, standing: Standing) -> bool {
        self.of(standing).is_some_and(|mark| score >= mark)
    }

    /// The standing at a score.
    pub fn standing(&self, score: Score) -> Standing {
        self.each().rev().find(|(mark, _)| score >= *mark).map_or(Standing::Good, |(_, standing)| standing)
    }

    /// The marks that a score comes to on its way up from another, ascending.
    pub fn crossed(&self, before: Score, after: Score) -> Vec<Score> {
        self.each().map(|(mark, _)| mark).filter(|mark| before < *mark && *mark <= after).collect()
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
            assert_eq!(marks.standing(Score(score)).word(), word, "{score}");
        }
    }
    /// A rulebook of another kind: no warn marks, and scores that pass what 16 bits hold.
    #[test]
    fn warn_marks_can_be_left_out_and_marks_can_be_high() {
        let text = include_str!("rulebook.toml");
        let text = text.replace("watch = 40\n", "").replace("critical = 80\n", "");
        let text = text.replace("terminable = 100 ", "terminable = 100_000 ");
        let marks = crate::rulebook::Rulebook::parse(&text).unwrap().marks;
        let words = [49, 50, 99_999, 100_000].map(|score| marks.standing(Score(score)).word());
        assert_eq!(words, ["good", "suspended", "suspended", "terminable"]);
        assert_eq!(marks.crossed(Score(0), Score(99_999)), [Score(50)]);
        assert!(!marks.reached(Score(u32::MAX), Standing::Watch), "no score reaches a mark that is not there");
    }

    /// Marks rise, and so do the standings that they begin.
    #[test]
    fn marks_that_do_not_rise_are_refused() {
        let wrong = [
            vec![(Score(0), Standing::Watch)],
            vec![(Score(50), Standing::Suspended), (Score(50), Standing::Critical)],
            vec![(Score(50), Standing::Terminable), (Score(100), Standing::Suspended)],
        ];
        for marks in wrong {
            assert_eq!(Marks::new(marks.clone()), None, "{marks:?}");
        }
    }
}
