//! The discretion mirror: how an article was scored before, by all and by the same person. What an article leaves open
//! between its least and its most points is a judgement; whoever judges sees the judgements before.

use crate::points::Points;
use serde::{Deserialize, Serialize};

/// How the lines of an article that stand were scored: how often with which points, by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// In the order of points, then of people.
    used: Vec<Used>,
}

/// So many lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    points: Points,
    by: String,
    count: u32,
}

/// How points are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many lines.
    pub count: u32,
    /// The fewest points.
    pub least: Points,
    /// The two in the middle; of an odd number of lines, the one twice.
    pub median: (Points, Points),
    /// The most points.
    pub most: Points,
}

impl Usage {
    /// A line begins to count, or counts no more.
    pub fn count(&mut self, points: Points, by: &str, counts: bool) {
        let place = self.used.binary_search_by(|used| (used.points, used.by.as_str()).cmp(&(points, by)));
        match place {
            Ok(at) if counts => self.used[at].count += 1,
            Ok(at) => {
                self.used[at].count = self.used[at].count.saturating_sub(1);
                if self.used[at].count == 0 {
                    self.used.remove(at);
                }
            }
            Err(at) if counts => self.used.insert(at, Used { points, by: by.to_owned(), count: 1 }),
            Err(_) => {}
        }
    }

    /// How they are spread, by all or by one person; none where there are none.
    pub fn spread(&self, by: Option<&str>) -> Option<Spread> {
        let of: Vec<&Used> = self.used.iter().filter(|used| by.is_none_or(|by| used.by == by)).collect();
        let count = of.iter().fold(0u32, |sum, used| sum.saturating_add(used.count));
        let (least, most) = (of.first()?.points, of.last()?.points);
        let nth = |n: u32| {
            let mut before = 0u32;
            let at = of.iter().find(|used| {
                before = before.saturating_add(used.count);
                before > n
            });
            at.map_or(most, |used| used.points)
        };
        let median = (nth((count - 1) / 2), nth(count / 2));
        Some(Spread { count, least, median, most })
    }
}

impl Spread {
    /// The middle, as it is shown: `5`, or `4–5` between two.
    pub fn middle(&self) -> String {
        let (low, high) = self.median;
        if low == high { low.to_string() } else { format!("{low}–{high}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against plain sorted lists.
        #[test]
        fn the_spread_is_that_of_the_lines_that_count(
            lines in prop::collection::vec((1..9u32, 0..3usize, any::<bool>()), 0..40),
        ) {
            let names = ["a", "b", "c"];
            let (mut usage, mut plain): (Usage, Vec<(u32, usize)>) = (Usage::default(), Vec::new());
            for (points, who, counts) in lines {
                if counts {
                    plain.push((points, who));
                } else if let Some(at) = plain.iter().position(|line| *line == (points, who)) {
                    plain.remove(at);
                } else {
                    continue;
                }
                usage.count(Points(points), names[who], counts);
            }
            for by in [None, Some(0), Some(1), Some(2)] {
                let mut of: Vec<u32> = plain.iter().filter(|(_, who)| by.is_none_or(|by| *who == by)).map(|(p, _)| *p).collect();
                of.sort_unstable();
                let is = usage.spread(by.map(|by| names[by]));
                let want = (!of.is_empty()).then(|| Spread {
                    count: u32::try_from(of.len()).unwrap(),
                    least: Points(of[0]),
                    median: (Points(of[(of.len() - 1) / 2]), Points(of[of.len() / 2])),
                    most: Points(of[of.len() - 1]),
                });
                prop_assert_eq!(is, want);
            }
        }
    }
}
