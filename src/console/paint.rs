//! Small pieces of drawing: text cut and padded by columns, score bars, list windows.

use crate::points::Score;
use crate::rulebook::{Marks, Standing};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A text in exactly `columns` columns: cut with `…`, or padded. Wide characters are never cut in two, and
/// line breaks become a mark.
pub fn fit(text: &str, columns: usize) -> String {
    let text = text.replace(['\n', '\t'], " ");
    let width = text.width();
    if width <= columns {
        return text + &" ".repeat(columns - width);
    }
    let (mut out, mut used) = (String::new(), 0);
    for part in text.graphemes(true) {
        let wide = part.width();
        if used + wide + 1 > columns {
            break;
        }
        out.push_str(part);
        used += wide;
    }
    if columns > 0 {
        out.push('…');
        used += 1;
    }
    out + &" ".repeat(columns.saturating_sub(used))
}

/// The same with at least one blank behind it: a cell of a row.
pub fn cell(text: &str, columns: usize) -> String {
    fit(&fit(text, columns.saturating_sub(1)), columns)
}

/// The text fitted to the right.
pub fn fit_right(text: &str, columns: usize) -> String {
    let width = text.width();
    if width > columns { fit(text, columns) } else { " ".repeat(columns - width) + text }
}

/// What does not begin a line, and what does not end one.
const CLOSING: &str = "，。；：、！？）”》";
const OPENING: &str = "（“《#";

/// A line in the pieces between which it may be broken: after blanks, and beside wide characters.
fn pieces(line: &str) -> Vec<&str> {
    let (mut all, mut start, mut last) = (Vec::new(), 0, "");
    for (at, part) in line.grapheme_indices(true) {
        let wide = (last.width() > 1 || part.width() > 1) && !CLOSING.contains(part) && !OPENING.contains(last);
        if at > 0 && part != " " && (last == " " || wide) {
            all.push(&line[start..at]);
            start = at;
        }
        last = part;
    }
    all.push(&line[start..]);
    all
}

/// A text in as many lines of at most `columns` columns as it needs, broken at blanks and between wide characters; what
/// has none, as a hash, in parts of one length. No character is lost or cut in two.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for whole in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0);
        for word in pieces(whole) {
            if used > 0 && used + word.trim_end().width() > columns && word.trim_end().width() <= columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            let whole = word.trim_end().width().max(1);
            let most = if used == 0 { whole.div_ceil(whole.div_ceil(columns)) } else { columns };
            for part in word.graphemes(true) {
                // A blank at the end takes no room.
                if used + part.width() > most && part != " " {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(part);
                used += part.width();
            }
        }
        lines.push(line);
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// A score as a bar of `columns` columns that ends at 100 points, with the mark at 50 drawn.
pub fn bar(score: Score, marks: &Marks, columns: usize) -> String {
    let end = marks.of(Standing::Terminable).map_or(100, |mark| mark.0.max(1)) as usize;
    // A point is always seen.
    let eighths = ((score.0 as usize).min(end) * columns * 8 / end).max(usize::from(score.0 > 0));
    let mark = marks.of(Standing::Suspended).map(|mark| mark.0 as usize * columns / end);
    let part = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    (0..columns)
        .map(|at| match eighths.saturating_sub(at * 8) {
            0 if Some(at) == mark => '|',
            0 => '·',
            n if n >= 8 => '█',
            n => part[n - 1],
        })
        .collect()
}

/// The first row that a list of `len` rows shows in `height`, with `selected` in view and a quarter of them before and
/// behind it. It goes on by half of them at once: a list that moves is sent whole.
pub fn window(len: usize, selected: usize, height: usize) -> usize {
    let step = (height / 2).max(1);
    let first = selected.saturating_sub(height / 4) / step * step;
    first.min(len.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_columns() {
        for (text, columns, expected) in
            [("abc", 5, "abc  "), ("杭州捷达", 5, "杭州…"), ("杭州捷达", 6, "杭州… "), ("a\nb", 3, "a b"), ("x", 0, "")]
        {
            assert_eq!(fit(text, columns), expected, "{text} in {columns}");
            assert_eq!(fit(text, columns).width(), columns);
        }
        assert_eq!(fit(&"扣".repeat(200), 9).width(), 9);
        assert_eq!(fit("👩‍👩‍👧 家", 4).width(), 4);
        assert_eq!(fit_right("62", 4), "  62");
    }

    #[test]
    fn long_texts_are_broken_and_nothing_of_them_is_lost() {
        for (text, columns, lines) in [
            ("一二三四五", 4, vec!["一二", "三四", "五"]),
            ("one two three", 8, vec!["one two", "three"]),
            ("abcdefgh", 5, vec!["abcd", "efgh"]),
            ("abcdefg", 3, vec!["abc", "def", "g"]),
            ("a abcdef", 5, vec!["a abc", "def"]),
            ("a\n\nb", 5, vec!["a", "", "b"]),
            ("见 https://example.org/报告", 10, vec!["见 https:/", "/example.o", "rg/报告"]),
            ("", 5, vec![""]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text} in {columns}");
        }
    }

    #[test]
    fn bars_show_the_mark_and_the_end() {
        let marks = &crate::rulebook::Rulebook::shipped().unwrap().marks;
        assert_eq!(bar(Score(0), marks, 8), "····|···");
        assert_eq!(bar(Score(50), marks, 8), "████|···");
        assert_eq!(bar(Score(207), marks, 8), "████████");
        assert_eq!(bar(Score(1), marks, 8), "▏···|···");
    }

    #[test]
    fn the_selection_stays_in_view() {
        assert_eq!(window(100, 0, 10), 0);
        assert_eq!(window(100, 99, 10), 90);
        assert_eq!(window(3, 2, 10), 0);
        for (len, height) in [(100, 10), (100, 1), (100, 2), (100, 3), (100, 31), (7, 5), (0, 4), (4, 0)] {
            let shown = |at| (window(len, at, height), at);
            for (first, at) in (0..len).filter(|_| height > 0).map(shown) {
                assert!(
                    first <= at && at < first + height && first + height.min(len) <= len,
                    "{at} of {len} in {height}"
                );
                let around = height / 4;
                assert!(first == 0 || at >= first + around, "{at} of {len} in {height}");
                assert!(first + height >= len || at + around < first + height, "{at} of {len} in {height}");
            }
            let moves = (1..len).filter(|at| window(len, *at, height) != window(len, at - 1, height)).count();
            assert!(moves <= len / (height / 2).max(1), "{len} in {height}");
        }
    }
}
