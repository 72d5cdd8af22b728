//! Cells as people and spreadsheets write them, made plain: folded widths, separators, stray spaces, and the
//! apostrophe that keeps a text from being taken for a formula.

use crate::ids::is_hidden;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Most characters of a value as it is shown in a report.
const SHOWN_MAX: usize = 80;

/// Folds full-width letters, digits and signs and trims: for ids, numbers, dates and words. Texts keep their own.
pub fn fold(cell: &str) -> String {
    let cell = cell.trim();
    if cell.is_ascii() || is_nfkc_quick(cell.chars()) == IsNormalized::Yes {
        return cell.to_owned();
    }
    cell.nfkc().collect::<String>().trim().to_owned()
}

/// A folded number without its thousands separators; `None` where it is no plain number of 0 or more.
/// `1,5` is nobody's fifteen: a separator must stand before each three digits.
pub fn number(folded: &str) -> Option<String> {
    let (whole, decimals) = folded.split_once('.').map_or((folded, None), |(w, d)| (w, Some(d)));
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

/// A text cell: line ends made one, trimmed, the formula apostrophe taken off; `None` where it is blank.
pub fn text(cell: &str) -> Option<String> {
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
pub fn guard(text: &str) -> std::borrow::Cow<'_, str> {
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
