//! Deposits (1.2(8), 1.4.4(3), 2.2.2, 3.3(3), decisions 12, 23 and 24): plain sums, from nothing for each question.

use koufen::time::Day;

/// What is done with deposits; cities and payees by their places in lists of the tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// 1.2(8): into a city's deposit.
    Freeze(usize, u64),
    /// What is missing comes in.
    TopUp(usize, u64),
    /// Somebody is compensated (1.4.4(3), 2.2.2): from a city that is named or not.
    Award(Option<usize>, u64, usize),
    /// 罚没.
    Forfeit(Option<usize>, u64),
    /// 3.3(3).
    Release(usize, u64),
}

/// A step that stands.
#[derive(Clone, Debug)]
pub struct Fact {
    pub on: Day,
    pub seq: u64,
    pub step: Step,
}

/// What it comes to.
#[derive(Debug, PartialEq, Eq)]
pub struct Sums {
    /// By city.
    pub held: Vec<u64>,
    pub owed: u64,
    pub forfeited: u64,
    /// By payee.
    pub awarded: Vec<u64>,
    pub released: u64,
    /// Whether all that was forfeited, or released, was there when it was.
    pub stands: bool,
}

/// Takes from the city that is named, or from the fullest first, of equal ones the one that was frozen first (decision
/// 23); says what was not there.
fn take(held: &mut [u64], frozen: &[usize], city: Option<usize>, amount: u64) -> u64 {
    let mut cities = city.map_or(frozen.to_vec(), |city| vec![city]);
    cities.sort_by_key(|city| std::cmp::Reverse(held[*city]));
    let mut left = amount;
    for city in cities {
        let part = left.min(held[city]);
        held[city] -= part;
        left -= part;
    }
    left
}

/// In the order of days, then of recording.
pub fn sums(facts: &[Fact], cities: usize) -> Sums {
    let mut ordered: Vec<&Fact> = facts.iter().collect();
    ordered.sort_by_key(|fact| (fact.on, fact.seq));
    let mut s = Sums { held: vec![0; cities], owed: 0, forfeited: 0, awarded: vec![0; 3], released: 0, stands: true };
    // In the order in which they were frozen first.
    let mut frozen: Vec<usize> = Vec::new();
    for fact in ordered {
        match fact.step {
            Step::Freeze(city, amount) | Step::TopUp(city, amount) => {
                if !frozen.contains(&city) {
                    frozen.push(city);
                }
                s.held[city] += amount;
                // What is owed is paid first (1.4.4(3)).
                let paid = s.owed.min(s.held[city]);
                s.held[city] -= paid;
                s.owed -= paid;
            }
            Step::Award(city, amount, to) => {
                s.awarded[to] += amount;
                // Nobody knows the deposit of one that has frozen none here (decision 29).
                if !frozen.is_empty() {
                    s.owed += take(&mut s.held, &frozen, city, amount);
                }
            }
            Step::Forfeit(city, amount) => {
                s.forfeited += amount;
                s.stands &= take(&mut s.held, &frozen, city, amount) == 0;
            }
            Step::Release(city, amount) => {
                s.released += amount;
                // 3.3(3): what is left, less the compensations, no more and no less.
                s.stands &= s.held[city] == amount;
                take(&mut s.held, &frozen, Some(city), amount);
            }
        }
    }
    s
}
