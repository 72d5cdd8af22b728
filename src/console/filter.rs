//! The filter: words match id, name and city, by pinyin and by initials too, the best first; terms such as
//! `score>=50`, `city:杭州` and `standing:suspended` (or the word that is shown) match exactly.

use super::rank::{Fit, Typed};
use crate::exchange::clean::fold;
use crate::store::ProviderRow;
use crate::words::{self, Lang};
use std::sync::Arc;

/// Most characters of a filter: what is pasted there by mistake must not hold up the console.
pub const FILTER_MAX: usize = 200;

/// Which of the rows match: those that fit best first, equals in their order. An empty filter matches all.
pub fn matching(rows: &[Arc<ProviderRow>], filter: &str) -> Vec<usize> {
    let folded = fold(filter);
    if folded.trim().is_empty() {
        return (0..rows.len()).collect();
    }
    let (words, terms): (Vec<&str>, Vec<&str>) =
        folded.split_whitespace().partition(|word| Term::parse(word).is_none());
    let terms: Vec<Term> = terms.into_iter().filter_map(Term::parse).collect();
    let typed = Typed::new(&words.join(" "));
    let fit = |row: &ProviderRow| {
        let p = &row.provider;
        let fits = terms.iter().all(|term| term.fits(row));
        fits.then(|| typed.fit(p.id.as_str(), &[&p.name, &p.city])).flatten()
    };
    let mut found: Vec<(Fit, usize)> =
        rows.iter().enumerate().filter_map(|(at, row)| fit(row).map(|fit| (fit, at))).collect();
    found.sort();
    found.into_iter().map(|(_, at)| at).collect()
}

enum Term {
    Score(&'static str, u32),
    City(String),
    Standing(String),
}

impl Term {
    fn parse(word: &str) -> Option<Term> {
        for sign in [">=", "<=", ">", "<", "="] {
            if let Some(n) = word.strip_prefix("score").and_then(|w| w.strip_prefix(sign)).and_then(|n| n.parse().ok())
            {
                return Some(Term::Score(sign, n));
            }
        }
        match word.split_once(':') {
            Some(("city", city)) => Some(Term::City(city.to_owned())),
            // Where there is little room the word that is shown is an abbreviation.
            Some(("standing", standing)) => Some(Term::Standing(standing.trim_end_matches('.').to_lowercase())),
            _ => None,
        }
    }

    fn fits(&self, row: &ProviderRow) -> bool {
        match self {
            Term::Score(sign, n) => match *sign {
                ">=" => row.score.0 >= *n,
                "<=" => row.score.0 <= *n,
                ">" => row.score.0 > *n,
                "<" => row.score.0 < *n,
                _ => row.score.0 == *n,
            },
            Term::City(city) => row.provider.city.contains(city.as_str()),
            Term::Standing(word) => {
                let shown = Lang::ALL.map(|lang| words::standing(lang, row.standing));
                row.standing.word().starts_with(word) || shown.iter().any(|shown| shown.starts_with(word.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Provider;
    use crate::points::Score;

    fn row(id: &str, name: &str, city: &str, score: u32) -> Arc<ProviderRow> {
        let provider = Provider::sample(id.parse().unwrap(), name, city);
        let marks = crate::rulebook::Rulebook::shipped().unwrap().marks;
        let standing = marks.standing(Score(score));
        Arc::new(ProviderRow { provider, outlets: 0, year: 2011, score: Score(score), standing, lines: 0 })
    }

    #[test]
    fn words_pinyin_initials_and_terms() {
        let rows = [row("P0007", "杭州捷达商贸", "杭州", 62), row("P0011", "绍兴金星商贸", "绍兴", 44)];
        let table = [
            ("", vec![0, 1]),
            ("捷达", vec![0]),
            ("jieda", vec![0]),
            ("hzjd", vec![0]),
            ("sxjx", vec![1]),
            ("P0011", vec![1]),
            ("score>=50", vec![0]),
            ("score<50 city:绍兴", vec![1]),
            ("standing:suspended", vec![0]),
            ("standing:watch 商贸", vec![1]),
            ("standing:susp.", vec![0]),
            ("standing:关注", vec![1]),
            ("ｓｃｏｒｅ＜５０", vec![1]),
            ("没有", vec![]),
        ];
        for (filter, expected) in table {
            assert_eq!(matching(&rows, filter), expected, "{filter}");
        }
    }

    #[test]
    fn what_fits_better_comes_first_and_is_kept_in_order() {
        let rows = [
            row("P0002", "温州汇通商贸", "温州", 0),
            row("P0014", "温州华茂商贸", "温州", 0),
            row("P0031", "重庆渝通商贸", "重庆", 0),
        ];
        assert_eq!(matching(&rows, "wzhm"), [1, 0]);
        assert_eq!(matching(&rows, "14"), [1]);
        assert_eq!(matching(&rows, "chongqing"), [2]);
        assert_eq!(matching(&rows, "商贸"), [0, 1, 2]);
    }
}
