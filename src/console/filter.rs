//! The filter: words match id, name and city, fuzzily, by pinyin and by pinyin initials too; terms such as
//! `score>=50`, `city:杭州` and `standing:suspended` match exactly.

use crate::store::ProviderRow;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use pinyin::ToPinyin;

/// Which of the rows match, in their order. An empty filter matches all.
pub fn matching(rows: &[ProviderRow], filter: &str) -> Vec<usize> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let terms: Vec<Term> = filter.split_whitespace().map(Term::parse).collect();
    let fits = |row: &ProviderRow, matcher: &mut Matcher| terms.iter().all(|term| term.fits(row, matcher));
    rows.iter().enumerate().filter(|(_, row)| fits(row, &mut matcher)).map(|(at, _)| at).collect()
}

enum Term {
    Words(Pattern),
    Score(&'static str, u32),
    City(String),
    Standing(String),
}

impl Term {
    fn parse(word: &str) -> Term {
        for sign in [">=", "<=", ">", "<", "="] {
            if let Some(n) = word.strip_prefix("score").and_then(|w| w.strip_prefix(sign)).and_then(|n| n.parse().ok())
            {
                return Term::Score(sign, n);
            }
        }
        match word.split_once(':') {
            Some(("city", city)) => Term::City(city.to_owned()),
            Some(("standing", standing)) => Term::Standing(standing.to_owned()),
            _ => Term::Words(Pattern::parse(word, CaseMatching::Ignore, Normalization::Smart)),
        }
    }

    fn fits(&self, row: &ProviderRow, matcher: &mut Matcher) -> bool {
        match self {
            Term::Score(sign, n) => match *sign {
                ">=" => row.score.0 >= *n,
                "<=" => row.score.0 <= *n,
                ">" => row.score.0 > *n,
                "<" => row.score.0 < *n,
                _ => row.score.0 == *n,
            },
            Term::City(city) => row.provider.city.contains(city.as_str()),
            Term::Standing(standing) => row.standing.word().starts_with(standing.as_str()),
            Term::Words(pattern) => {
                let p = &row.provider;
                let texts = [p.id.to_string(), p.name.clone(), p.city.clone(), pinyin_of(&p.name), initials(&p.name)];
                let mut buffer = Vec::new();
                texts.iter().any(|t| pattern.score(Utf32Str::new(t, &mut buffer), matcher).is_some())
            }
        }
    }
}

fn pinyin_of(text: &str) -> String {
    text.to_pinyin().flatten().map(|p| p.plain()).collect()
}

fn initials(text: &str) -> String {
    text.to_pinyin().flatten().map(|p| p.first_letter()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Provider, ProviderKind, Standing};
    use crate::points::Score;

    fn row(id: &str, name: &str, city: &str, score: u32) -> ProviderRow {
        let provider = Provider {
            id: id.parse().unwrap(),
            name: name.into(),
            kind: ProviderKind::ThirdParty,
            city: city.into(),
            population: None,
            registered_capital: None,
            agreement_on: None,
            email: None,
            phone: None,
        };
        let marks = crate::rulebook::Rulebook::shipped().unwrap().marks;
        let standing = Standing::of(Score(score), marks);
        ProviderRow { provider, outlets: 0, year: 2011, score: Score(score), standing, lines: 0 }
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
            ("没有", vec![]),
        ];
        for (filter, expected) in table {
            assert_eq!(matching(&rows, filter), expected, "{filter}");
        }
    }
}
