//! What lies over a screen: help, a line in full, an entry whole, why something is so, forms.

use super::super::keymap;
use super::super::model::{Model, Over};
use super::super::paint::fit;
use super::super::screens::ledger;
use crate::domain::LineKind;
use crate::rulebook::Needs;
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// Columns of the labels of a line.
const LABEL: usize = 20;

/// Draws what lies over.
pub fn draw(model: &Model, frame: &mut Frame, body: Rect) {
    match &model.over {
        Over::Nothing => {}
        Over::Help => help(model, frame, body),
        Over::Line(seq) => line(model, frame, body, *seq),
        Over::Entry(recorded, top) => super::entry::draw(model, frame, body, (recorded, *top)),
        Over::Audit(report, top) => super::entry::draw_audit(model, frame, body, (report, *top)),
        Over::Trace(shown, top) => super::entry::draw_trace(model, frame, body, (shown, *top)),
        Over::Form(form) => super::form::draw(model, form, frame, body),
    }
}

pub(super) fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect::new(body.x + (body.width - width) / 2, body.y + (body.height - height) / 2, width, height)
}

pub(super) fn window(model: &Model, frame: &mut Frame, area: Rect, title: String) -> Rect {
    let theme = &model.shared.theme;
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.fg(theme.accent))
        .title(Span::styled(format!(" {title} "), theme.fg(theme.accent).add_modifier(Modifier::BOLD)))
        .style(theme.base());
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    // A wide character whose second half the border takes would hide the border: it gives way.
    for y in area.top()..area.bottom() {
        let left = area.left().checked_sub(1).and_then(|x| frame.buffer_mut().cell_mut((x, y)));
        if let Some(cell) = left.filter(|cell| cell.symbol().width() > 1) {
            cell.set_symbol(" ");
        }
    }
    frame.render_widget(block, area);
    inner.inner(ratatui::layout::Margin::new(1, 0))
}

fn help(model: &Model, frame: &mut Frame, body: Rect) {
    let theme = &model.shared.theme;
    let inner = window(model, frame, centred(body, 76, 22), model.shared.lang.say("key-help"));
    let keys = keymap::all(model.screen().keys(&model.shared), model.rows);
    let half = keys.len().div_ceil(2);
    let cell = |at: usize| match keys.get(at) {
        Some(b) => vec![
            Span::styled(fit(&b.key, 10), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
            Span::styled(fit(&model.shared.lang.say(b.help), 26), theme.fg(theme.text)),
        ],
        None => Vec::new(),
    };
    let mut lines: Vec<Line> = (0..half).map(|at| Line::from([cell(at), cell(at + half)].concat())).collect();
    lines.push(Line::from(""));
    lines.extend(
        model.shared.lang.say("help-filter").lines().map(|l| Line::styled(l.to_owned(), theme.fg(theme.muted))),
    );
    frame.render_widget(Paragraph::new(lines).style(theme.base()), inner);
}

fn line(model: &Model, frame: &mut Frame, body: Rect, seq: crate::ids::Seq) {
    let theme = &model.shared.theme;
    let Some(line) = model.shared.lines.iter().find(|l| l.seq == seq) else { return };
    let lang = model.shared.lang;
    let article = model.shared.book.article(line.article.as_str());
    let title = article.map(|a| format!("{} · {} ({})", lang.of(&a.title), a.id, a.clause));
    let counted = counted(lang, line);
    let recorded = format!("{} · {}", line.recorded_at.civil().format("%Y-%m-%d %H:%M"), line.by);
    let supported = ledger::is_supported(&model.shared, line);
    let mend = || {
        let option = if line.needs == Needs::Evidence { "--evidence TEXT" } else { "--subject …" };
        lang.say_texts("line-mend", &[("line", seq.to_string()), ("option", option.to_owned())])
    };
    let support = match (supported, line.reversed_by) {
        (true, _) => String::new(),
        (false, None) => mend(),
        (false, Some(_)) => lang.say("line-unsupported"),
    };
    let rows = [
        ("article", title.unwrap_or_else(|| line.article.to_string())),
        ("points", counted),
        ("occurred_on", line.occurred_on.to_string()),
        ("outlet_id", line.outlet.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("subject", line.subject.as_ref().map(|subject| ledger::written(&model.shared, subject)).unwrap_or_default()),
        ("evidence", line.evidence.clone().unwrap_or_default()),
        ("support", support),
        ("problem", line.problem.clone().unwrap_or_default()),
        ("recorded", recorded),
    ];
    let inner = window(model, frame, centred(body, 76, 16), format!("{} #{seq}", lang.say("line-title")));
    let mut lines: Vec<Line> = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let label = words::field(lang, name);
            Line::from(vec![
                Span::styled(fit(&label, LABEL), theme.fg(theme.muted)),
                Span::styled(value, theme.fg(if name == "support" { theme.warning } else { theme.text })),
            ])
        })
        .collect();
    if let Some(note) = &line.note {
        lines.push(Line::from(""));
        lines.extend(note.lines().map(|l| Line::styled(l.replace('\t', " "), theme.fg(theme.text))));
    }
    frame.render_widget(Paragraph::new(lines).style(theme.base()).wrap(Wrap { trim: false }), inner);
}

/// What a line counts, and why.
fn counted(lang: words::Lang, line: &crate::domain::Line) -> String {
    match (line.kind, line.reversed_by) {
        (LineKind::Void, _) => lang.say_with("line-voids", &[("line", text(line.reverses.map(|s| s.to_string())))]),
        (LineKind::Reversal, _) => {
            lang.say_with("line-reverses", &[("line", text(line.reverses.map(|s| s.to_string())))])
        }
        (_, Some(by)) => lang.say_with(
            "line-reversed",
            &[("points", text(Some(line.points.to_string()))), ("by", text(Some(by.to_string())))],
        ),
        _ if line.effective != line.points => lang.say_with(
            "line-cut",
            &[
                ("points", text(Some(line.points.to_string()))),
                ("effective", text(Some(line.effective.to_string()))),
                ("cap", text(line.cap.map(|c| c.to_string()))),
            ],
        ),
        _ => line.effective.to_string(),
    }
}

fn text(value: Option<String>) -> fluent_templates::fluent_bundle::FluentValue<'static> {
    value.unwrap_or_default().into()
}
