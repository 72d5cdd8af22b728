//! Values as offices write them: words of both languages, articles by id, title or clause, numbers with their units,
//! dates and months as spreadsheets leave them. Each takes a folded cell.

use super::clean::{self, NoNumber, number};
use super::rows::Why;
use crate::domain::{LineKind, ProviderKind};
use crate::ids::ArticleId;
use crate::money::Fen;
use crate::rulebook::Rulebook;
use crate::time::{DateError, Day, Month, day_of_serial, parse_day};

const PROVIDER_KINDS: &[&str] = &["third-party", "self-operated", "第三方", "自营"];
const LINE_KINDS: &[&str] = &["deduction", "credit", "reversal", "扣分", "减分", "冲正"];

/// Letters and digits only, in lower case: `Third party` is `third-party`.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The kind of a provider.
pub fn provider_kind(cell: &str) -> Result<ProviderKind, Why> {
    let word = bare(cell);
    let word = word.strip_suffix("服务商").unwrap_or(&word);
    match word {
        "thirdparty" | "第三方" | "三方" | "第三方运营" => Ok(ProviderKind::ThirdParty),
        "selfoperated" | "自营" | "直营" | "自运营" | "自营店" => Ok(ProviderKind::SelfOperated),
        _ => Err(Why::UnknownKind(PROVIDER_KINDS)),
    }
}

/// What a line of a ledger does.
pub fn line_kind(cell: &str) -> Result<LineKind, Why> {
    match bare(cell).as_str() {
        "deduction" | "扣分" => Ok(LineKind::Deduction),
        "credit" | "减分" => Ok(LineKind::Credit),
        "reversal" | "冲正" => Ok(LineKind::Reversal),
        _ => Err(Why::UnknownKind(LINE_KINDS)),
    }
}

/// An article, by its id, its title in either language, or the number of its clause.
pub fn article(cell: &str, book: &Rulebook) -> Option<ArticleId> {
    if let Some(article) = book.article(cell) {
        return Some(article.id.clone());
    }
    let word = bare(cell);
    let clause = cell.trim_start_matches('第').trim_end_matches(['条', '款', '项']).replace(' ', "");
    let is = |article: &&crate::rulebook::Article| {
        let titles = [&article.title.zh, &article.title.en];
        article.clause == clause || bare(article.id.as_str()) == word || titles.iter().any(|title| bare(title) == word)
    };
    let mut fits = book.articles.iter().filter(is);
    match (fits.next(), fits.next()) {
        (Some(article), None) => Some(article.id.clone()),
        _ => None,
    }
}

/// A whole number of 0 or more.
pub fn count(cell: &str) -> Result<u64, Why> {
    clean::count(cell).map_err(Why::from)
}

/// Points of a line.
pub fn points(cell: &str) -> Result<u64, Why> {
    clean::points(cell).map_err(Why::from)
}

/// An amount in CNY.
pub fn money(cell: &str) -> Result<Fen, Why> {
    clean::money(cell).map_err(Why::from)
}

/// A day, also as the number that a spreadsheet keeps it by.
pub fn day(cell: &str) -> Result<Day, Why> {
    let by_date = parse_day(cell).map_err(|e| match e {
        DateError::NoSuchDay => Why::NoSuchDate,
        DateError::Shape => Why::NotADate,
    });
    by_date.or_else(|why| serial(cell).ok_or(why))
}

/// The day of a spreadsheet's number; a part of a day behind the point is the time of day.
fn serial(cell: &str) -> Option<Day> {
    let plain = number(cell).filter(|_| !cell.contains(','))?;
    let whole = plain.split_once('.').map_or(plain.as_str(), |(whole, _)| whole);
    day_of_serial(whole.parse().ok()?)
}

/// A month, or its first or last day, as spreadsheets make of months. Any other day is a day's turnover, and no month's.
pub fn month(cell: &str) -> Result<Month, Why> {
    cell.parse().or_else(|_| {
        let day = day(cell)?;
        let month = Month::of(day);
        if day == month.first() || day == month.last() { Ok(month) } else { Err(Why::NotADate) }
    })
}

impl From<NoNumber> for Why {
    fn from(why: NoNumber) -> Why {
        match why {
            NoNumber::Shape => Why::NotANumber,
            NoNumber::TenThousands(write) => Why::TenThousands { write },
            NoNumber::Shortened => Why::Shortened,
            NoNumber::TooFine => Why::TooFine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_are_taken() {
        for word in ["third-party", "Third Party", "第三方", "第三方服务商", "三方"] {
            assert_eq!(provider_kind(word), Ok(ProviderKind::ThirdParty), "{word}");
        }
        assert_eq!(provider_kind("自营"), Ok(ProviderKind::SelfOperated));
        assert!(provider_kind("其他").is_err() && provider_kind("服务商").is_err());
        assert_eq!(line_kind("冲正"), Ok(LineKind::Reversal));
    }

    #[test]
    fn articles_are_known_by_id_title_and_clause() {
        let book = Rulebook::shipped().unwrap();
        for cell in [
            "brand-standard",
            "Brand-Standard",
            "标识不合模板",
            "Branding off the template",
            "1.6.2(1)",
            "第1.6.2(1)条",
        ] {
            assert_eq!(article(cell, &book).map(|id| id.to_string()).as_deref(), Some("brand-standard"), "{cell}");
        }
        for article in &book.articles {
            assert_eq!(super::article(&article.clause, &book).as_ref(), Some(&article.id));
            assert_eq!(super::article(&article.title.zh, &book).as_ref(), Some(&article.id));
        }
        assert_eq!(article("没有", &book), None);
        assert_eq!(article("1.6.2", &book), None);
    }

    #[test]
    fn days_and_months_by_their_numbers() {
        let is = "2011-03-02".parse().unwrap();
        assert_eq!((day("40604"), day("40604.5")), (Ok(is), Ok(is)));
        assert_eq!((day("4060"), day("40,604")), (Err(Why::NotADate), Err(Why::NotADate)));
        for cell in ["40575", "2011-02-01", "2011/2/1 0:00", "Feb-11"] {
            assert_eq!(month(cell).map(|m| m.to_string()), Ok("2011-02".to_owned()), "{cell}");
        }
    }
}
