//! Cells as people and spreadsheets write them, made plain: folded widths, separators, units, stray spaces, characters
//! that nobody sees, and the signs that keep a text from being taken for a formula or a number.

use crate::ids::{is_hidden, is_invisible};
use crate::money::Fen;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Most characters of a value as it is shown in a report.
const SHOWN_MAX: usize = 80;

/// Folds full-width letters, digits and signs, trims, and takes off invisible characters and the signs that a
/// spreadsheet keeps a text by (`'8`, `="8"`): for ids, numbers, dates and words. Texts keep their own.
pub fn fold(cell: &str) -> String {
    let cell = cell.trim();
    let folded: Cow<'_, str> = match cell.is_ascii() || is_nfkc_quick(cell.chars()) == IsNormalized::Yes {
        true => cell.into(),
        false => cell.nfkc().collect::<String>().into(),
    };
    let unseen = |c: char| is_invisible(c) || matches!(c, '\u{200d}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}');
    let seen: Cow<'_, str> = match folded.is_ascii() || !folded.contains(unseen) {
        true => folded,
        false => folded.replace(unseen, "").into(),
    };
    let plain = seen.trim();
    let plain = plain.strip_prefix('\'').unwrap_or(plain);
    let quoted = plain.strip_prefix('=').unwrap_or(plain).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(plain).trim().to_owned()
}

/// A text without the invisible characters in it. A joiner and a selector stay where they make an emoji.
pub fn visible(text: &str) -> Cow<'_, str> {
    let joins = |c: char| matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    if text.is_ascii() || !text.contains(|c| is_invisible(c) || joins(c)) {
        return text.into();
    }
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let letter = before.is_alphabetic() || before == ' ';
        let unseen = is_invisible(c) || (joins(c) && letter);
        if !unseen {
            kept.push(c);
            before = c;
        }
    }
    if kept == text { text.into() } else { kept.into() }
}

/// Whether a folded cell says in a sign or a word that there is nothing to say. Only where a column may be blank.
pub fn says_nothing(folded: &str) -> bool {
    matches!(folded, "-" | "--" | "/" | "\\" | "无" | "暂无" | "—" | "——" | "–" | "N/A" | "n/a")
}

/// Whether a cell holds what a spreadsheet shows in place of a value: an error of a formula, or a column too narrow.
pub fn sheet_error(cell: &str) -> bool {
    let cell = cell.trim();
    let narrow = cell.len() >= 3 && cell.bytes().all(|b| b == b'#');
    let errors =
        ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"];
    narrow || (cell.starts_with('#') && errors.iter().any(|error| cell.eq_ignore_ascii_case(error)))
}

/// Whether a text was lost on its way here: what decoders write for bytes that they cannot read, and what becomes of
/// that when it is read wrongly once more.
pub fn lost(text: &str) -> bool {
    !text.is_ascii() && (text.contains('\u{fffd}') || text.contains("锟斤拷") || text.contains("锟斤"))
}

/// Why a folded cell is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// It does not look like one.
    Shape,
    /// It counts in units of ten thousand; what to write instead.
    TenThousands(String),
    /// A spreadsheet shortened it (`1.2E+05`): digits are gone.
    Shortened,
    /// An amount with more than two decimals.
    TooFine,
}

/// An amount in CNY: [`number`] with a sign of the currency or its unit before or behind it.
pub fn money(folded: &str) -> Result<Fen, NoNumber> {
    let mut plain = folded.trim();
    for sign in ["¥", "￥", "RMB", "rmb", "CNY", "cny", "人民币"] {
        plain = plain.strip_prefix(sign).or_else(|| plain.strip_suffix(sign)).unwrap_or(plain).trim();
    }
    plain = plain.strip_suffix(['元', '圆']).unwrap_or(plain).trim();
    let thousands = plain.strip_suffix('万').map(str::trim);
    let digits = read_number(thousands.unwrap_or(plain))?;
    if thousands.is_some() {
        return Err(ten_thousand_times(&digits).map_or(NoNumber::Shape, NoNumber::TenThousands));
    }
    let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
    let kept = decimals.trim_end_matches('0');
    if kept.len() > 2 {
        return Err(NoNumber::TooFine);
    }
    let exact = if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") };
    Fen::parse_cny(&exact).map_err(|_| NoNumber::Shape)
}

/// Points as offices write them: `8`, `8分`, `扣8分`.
pub fn points(folded: &str) -> Result<u64, NoNumber> {
    let plain = folded.strip_suffix('分').map_or(folded, |rest| rest.strip_prefix('扣').unwrap_or(rest)).trim();
    count(plain)
}

/// A whole number of 0 or more, or why it is none.
pub fn count(folded: &str) -> Result<u64, NoNumber> {
    if let Some(thousands) = folded.strip_suffix('万') {
        let digits = read_number(thousands.trim())?;
        return Err(ten_thousand_times(&digits).map_or(NoNumber::Shape, NoNumber::TenThousands));
    }
    read_number(folded)?;
    whole(folded).ok_or(NoNumber::Shape)
}

fn read_number(folded: &str) -> Result<String, NoNumber> {
    if let Some(plain) = number(folded) {
        return Ok(plain);
    }
    Err(if is_shortened(folded) { NoNumber::Shortened } else { NoNumber::Shape })
}

/// Whether a cell holds a number that a spreadsheet has shortened: `1.38E+10`, of which the last digits are gone.
pub fn is_shortened(folded: &str) -> bool {
    let Some((mantissa, exponent)) = folded.split_once(['E', 'e']) else { return false };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    mantissa.split('.').all(digits) && mantissa.matches('.').count() <= 1 && digits(exponent)
}

/// A plain number times ten thousand, exactly; `None` where decimals are left or it is too long to be one.
fn ten_thousand_times(plain: &str) -> Option<String> {
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > 4 || whole.len() > 12 {
        return None;
    }
    let all = format!("{whole}{decimals:0<4}");
    let trimmed = all.trim_start_matches('0');
    Some(if trimmed.is_empty() { "0" } else { trimmed }.to_owned())
}

/// A folded number without its thousands separators; `None` where it is no plain number of 0 or more.
/// `1,5` is nobody's fifteen: a separator must stand before each three digits.
pub fn number(folded: &str) -> Option<String> {
    let (whole, decimals) = folded.split_once('.').map_or((folded, None), |(w, d)| (w, Some(d)));
    let whole = if whole.is_empty() && decimals.is_some() { "0" } else { whole };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|g| g.len() == 3 && digits(g)));
    if !digits(first) || !grouped || !decimals.is_none_or(digits) {
        return None;
    }
    let mut plain = first.to_owned();
    rest.iter().for_each(|group| plain.push_str(group));
    if let Some(decimals) = decimals {
        plain.push('.');
        plain.push_str(decimals);
    }
    Some(plain)
}

/// A whole number of 0 or more; decimals that are all zero are a spreadsheet's habit and stand for none.
pub fn whole(folded: &str) -> Option<u64> {
    let plain = number(folded)?;
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if decimals.bytes().any(|b| b != b'0') {
        return None;
    }
    whole.parse().ok()
}

/// A text cell: line ends made one, trimmed, invisible characters and the formula apostrophe taken off; `None` where it
/// is blank.
pub fn text(cell: &str) -> Option<String> {
    let cell = visible(cell);
    let cell = cell.as_ref();
    let unified = if cell.contains('\r') { cell.replace("\r\n", "\n").replace('\r', "\n") } else { cell.to_owned() };
    let cell = unguard(unified.trim()).trim();
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// Whether a spreadsheet would take a cell for a formula, not counting apostrophes before it.
fn formula(cell: &str) -> bool {
    let first = cell.trim_start_matches('\'').chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'))
}

/// A text as it is safe to open in a spreadsheet: one apostrophe more before what would be a formula.
pub fn guard(text: &str) -> Cow<'_, str> {
    if formula(text) { format!("'{text}").into() } else { text.into() }
}

/// Takes off the one apostrophe that [`guard`] puts on.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if formula(rest) => rest,
        _ => cell,
    }
}

/// A value from outside as it may be shown: without control characters, line breaks as spaces, at a sane length.
pub fn shown(value: &str) -> String {
    let plain = |c: char| if c == '\n' || c == '\t' { ' ' } else { c };
    let mut kept = value.chars().map(plain).filter(|c| !is_hidden(*c));
    let mut shown: String = kept.by_ref().take(SHOWN_MAX).collect();
    if kept.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_spreadsheets_write_them() {
        for (cell, is) in [
            ("1,000,000", Some(1_000_000)),
            ("１，０００", Some(1000)),
            (" ３ ", Some(3)),
            ("3.00", Some(3)),
            ("0", Some(0)),
            ("1,5", None),
            ("1,,000", None),
            ("3.5", None),
            ("三", None),
            ("-3", None),
            ("", None),
            ("1e3", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(whole(&fold(cell)), is, "{cell}");
        }
        assert_eq!(number("1,000.50").as_deref(), Some("1000.50"));
        assert_eq!(number("."), None);
    }

    #[test]
    fn amounts_and_points_with_their_units() {
        for (cell, fen) in [
            ("￥820", 82_000),
            ("¥820.50", 82_050),
            ("￥1,000", 100_000),
            ("820元", 82_000),
            ("RMB820", 82_000),
            ("CNY 820", 82_000),
            ("1，000", 100_000),
            ("820.500", 82_050),
            (".500", 50),
            ("'820", 82_000),
        ] {
            assert_eq!(money(&fold(cell)), Ok(Fen(fen)), "{cell}");
        }
        for (cell, why) in [
            ("100万", NoNumber::TenThousands("1000000".into())),
            ("0.1万元", NoNumber::TenThousands("1000".into())),
            ("8.2E+02", NoNumber::Shortened),
            ("820.505", NoNumber::TooFine),
            ("-820", NoNumber::Shape),
            ("(820)", NoNumber::Shape),
            ("1 000", NoNumber::Shape),
            ("∞", NoNumber::Shape),
            ("元", NoNumber::Shape),
        ] {
            assert_eq!(money(&fold(cell)), Err(why), "{cell}");
        }
        for cell in ["8分", "8 分", "扣8分", "'8", "=\"8\"", "８", "8.0"] {
            assert_eq!(points(&fold(cell)), Ok(8), "{cell}");
        }
        for cell in ["-8", "8,0", "8.5", "八", "O8", "扣8"] {
            assert!(points(&fold(cell)).is_err(), "{cell}");
        }
    }

    #[test]
    fn characters_that_nobody_sees_go_and_emoji_stay() {
        for cell in
            ["P0001\u{200b}", "\u{feff}P0001", "P0001\u{200e}", "'P0001", "=\"P0001\"", "P\u{ad}0001", "P0001\t"]
        {
            assert_eq!(fold(cell), "P0001", "{cell:?}");
        }
        assert_eq!(visible("杭\u{200b}州\u{3164}一\u{200d}店"), "杭州一店");
        assert!(matches!(visible("🏪 便利👩‍👩‍👧店 1️⃣"), Cow::Borrowed(_)));
        assert!(lost("锟斤拷锟斤拷") && lost("a\u{fffd}") && !lost("杭州"));
        assert!(sheet_error(" #N/A ") && sheet_error("#ref!") && sheet_error("######") && !sheet_error("#5"));
    }

    #[test]
    fn values_are_shown_without_control_characters_and_cut() {
        assert_eq!(shown("\u{1b}[31mred\u{7}\nx"), "[31mred x");
        assert_eq!(shown(&"扣".repeat(200)).chars().count(), SHOWN_MAX + 1);
    }

    proptest! {
        #[test]
        fn a_guarded_text_is_no_formula_and_comes_back(text in "['=+@＝－\\-a中 ]{0,6}") {
            let text = text.trim();
            let cell = guard(text);
            prop_assert!(!matches!(cell.chars().next(), Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')));
            prop_assert_eq!(unguard(&cell), text);
        }
    }
}
