//! Small pieces of drawing: text cut and padded by columns, score bars, list windows.

use crate::points::Score;
use crate::rulebook::Marks;
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

/// The same, to the right.
pub fn fit_right(text: &str, columns: usize) -> String {
    let width = text.width();
    if width > columns { fit(text, columns) } else { " ".repeat(columns - width) + text }
}

/// A score as a bar of `columns` columns that ends at 100 points, with the mark at 50 drawn.
pub fn bar(score: Score, marks: Marks, columns: usize) -> String {
    let end = marks.terminable.0.max(1) as usize;
    // A point is always seen.
    let eighths = ((score.0 as usize).min(end) * columns * 8 / end).max(usize::from(score.0 > 0));
    let mark = marks.suspended.0 as usize * columns / end;
    let part = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    (0..columns)
        .map(|at| match eighths.saturating_sub(at * 8) {
            0 if at == mark => '|',
            0 => '·',
            n if n >= 8 => '█',
            n => part[n - 1],
        })
        .collect()
}

/// The first row that a list of `len` rows shows in `height`, with `selected` in view.
pub fn window(len: usize, selected: usize, height: usize) -> usize {
    selected.saturating_sub(height / 2).min(len.saturating_sub(height))
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
    fn bars_show_the_mark_and_the_end() {
        let marks = crate::rulebook::Rulebook::shipped().unwrap().marks;
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
    }
}
