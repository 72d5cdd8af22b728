//! The screens.

use super::super::held::Held;
use super::super::model::{Model, Over, Pane};
use super::super::paint::{bar, fit, fit_right, window};
use super::super::pick::range;
use super::{first_row, framed, ledger, panes};
use crate::domain::life::OutletStage;
use crate::domain::{Event, Fact, Standing, Subject};
use crate::exchange::entry;
use crate::journal::Chained;
use crate::rulebook::Article;
use crate::store::{OutletRow, ProviderRow};
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use std::borrow::Borrow;

/// Providers, outlets, ledger.
pub fn providers(model: &Model, frame: &mut Frame, body: Rect) {
    match &model.providers {
        None => sentence(model, frame, body, "loading"),
        Some(rows) if rows.is_empty() => sentence(model, frame, body, "empty-store"),
        Some(_) => {
            for (pane, area) in panes(model) {
                match pane {
                    Pane::Providers => provider_pane(model, frame, area),
                    Pane::Outlets => outlet_pane(model, frame, area),
                    Pane::Ledger => ledger::pane(model, frame, area),
                }
            }
        }
    }
}

/// A screen that only says something, and what to do next.
fn sentence(model: &Model, frame: &mut Frame, body: Rect, key: &str) {
    let block = framed(model, model.lang.say("tab-providers"), true);
    let lines: Vec<Line> = model.lang.say(key).lines().map(|l| Line::from(l.to_owned())).collect();
    frame.render_widget(Paragraph::new(lines).style(model.theme.base()).wrap(Wrap { trim: false }).block(block), body);
}

/// The colour of a standing; the word and a sign stand beside it.
pub fn standing_color(model: &Model, standing: Standing) -> Color {
    match standing {
        Standing::Good => model.theme.ok,
        Standing::Watch => model.theme.warning,
        Standing::Suspended | Standing::Critical | Standing::Terminable => model.theme.danger,
    }
}

fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => " ",
        Standing::Watch => "!",
        Standing::Suspended => "‖",
        Standing::Critical => "▲",
        Standing::Terminable => "✗",
    }
}

/// Draws the rows of a pane from its first visible one.
pub(super) fn rows<T>(
    model: &Model,
    frame: &mut Frame,
    (pane, area): (Pane, Rect),
    title: String,
    all: impl Iterator<Item = T>,
    row: impl Fn(T, usize) -> (bool, Vec<Span<'static>>),
) {
    let focus = model.pane == pane;
    let block = framed(model, title, focus);
    let inner = block.inner(area);
    let width = usize::from(inner.width);
    let first = first_row(model, pane, area);
    let mut at = None;
    let lines = all.skip(first).take(usize::from(inner.height)).enumerate().map(|(n, item)| {
        let (selected, spans) = row(item, width);
        let line = Line::from(spans);
        at = at.or((selected && focus).then_some(n));
        match (selected, focus) {
            (true, true) => marked(line, model.theme.selection()),
            (true, false) => marked(line, Style::new().add_modifier(Modifier::UNDERLINED)),
            _ => line,
        }
    });
    let lines: Vec<Line> = lines.collect();
    frame.render_widget(Paragraph::new(lines).style(model.theme.base()).block(block), area);
    at.into_iter().for_each(|at| point(model, frame, inner, at));
}

/// The terminal's cursor stands at the selected row, for screen readers and magnifiers; the caret of a form or of the
/// filter goes before it.
pub(super) fn point(model: &Model, frame: &mut Frame, inner: Rect, row: usize) {
    if matches!(model.over, Over::Nothing) && !model.filtering {
        frame.set_cursor_position((inner.x, inner.y + u16::try_from(row).unwrap_or(0)));
    }
}

/// A row with another style over all of it: spans bring their own background.
pub fn marked(line: Line<'_>, style: Style) -> Line<'_> {
    Line::from(line.spans.into_iter().map(|span| span.patch_style(style)).collect::<Vec<_>>())
}

fn provider_pane(model: &Model, frame: &mut Frame, area: Rect) {
    let all = model.providers.as_ref().map_or(0, Vec::len);
    let title = format!("{} {}/{all} · {}", model.lang.say("tab-providers"), model.shown.len(), model.year);
    rows(model, frame, (Pane::Providers, area), title, model.visible(), |row, width| provider_row(model, row, width));
    if model.shown.is_empty() {
        hint(model, frame, area, model.lang.say("no-match"));
    }
}

fn provider_row(model: &Model, row: &ProviderRow, width: usize) -> (bool, Vec<Span<'static>>) {
    let theme = &model.theme;
    let word = words::standing(model.lang, row.standing);
    let word_columns = if model.lang == words::Lang::En { 10 } else { 6 };
    let bar_columns = if width >= 52 { 10 } else { 5 };
    // id, name, bar, score, sign and word, with a blank between each.
    let name = width.saturating_sub(6 + bar_columns + 1 + 4 + 3 + word_columns);
    let color = standing_color(model, row.standing);
    let spans = vec![
        Span::styled(fit(row.provider.id.as_str(), 6), theme.fg(theme.muted)),
        Span::styled(fit(&row.provider.name, name.saturating_sub(1)) + " ", theme.fg(theme.text)),
        Span::styled(bar(row.score, &model.book.marks, bar_columns), theme.fg(color)),
        Span::styled(fit_right(&row.score.to_string(), 5), theme.fg(theme.text).add_modifier(Modifier::BOLD)),
        Span::styled(format!(" {} ", sign(row.standing)), theme.fg(color)),
        Span::styled(fit(&word, word_columns), theme.fg(color)),
    ];
    (model.provider.as_ref() == Some(&row.provider.id), spans)
}

fn outlet_pane(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.theme;
    let count = model.provider_row().map_or(0, |r| r.outlets);
    let id = model.provider.as_ref().map(ToString::to_string).unwrap_or_default();
    let title = format!("{id} {} {count}", model.lang.say("pane-outlets"));
    rows(model, frame, (Pane::Outlets, area), title, model.outlets.iter(), |OutletRow { outlet, life, .. }, width| {
        let signed = outlet.signed_on.map(|d| d.to_string()).unwrap_or_default();
        // Where it stands says more than when it signed, unless it is simply open.
        let (last, color) = match life.stage {
            OutletStage::Open => (signed, theme.muted),
            stage if stage.is_gone() => (words::stage(model.lang, stage), theme.muted),
            stage => (words::stage(model.lang, stage), theme.warning),
        };
        let name = width.saturating_sub(9 + 5 + 11);
        let spans = vec![
            Span::styled(fit(outlet.id.as_str(), 8) + " ", theme.fg(theme.muted)),
            Span::styled(fit(&outlet.name, name), theme.fg(theme.text)),
            Span::styled(" ".to_owned() + &fit(&outlet.city, 4), theme.fg(theme.muted)),
            Span::styled(fit_right(&last, 11), theme.fg(color)),
        ];
        (model.outlet.as_ref() == Some(&outlet.id), spans)
    });
    if model.outlets.is_empty() && (model.fresh.is_there(Held::Outlets) || model.provider.is_none()) {
        hint(model, frame, area, model.lang.say("no-outlets"));
    }
}

/// A sentence inside an empty pane.
pub(super) fn hint(model: &Model, frame: &mut Frame, area: Rect, text: String) {
    let inner = area.inner(ratatui::layout::Margin::new(2, 2));
    let text = Paragraph::new(text).style(model.theme.fg(model.theme.muted)).wrap(Wrap { trim: true });
    frame.render_widget(text, inner);
}

/// A screen of rows in one frame, with the selected one marked; `empty` says what to do where there are
/// none, once that is known.
pub(super) fn list<T, B: Borrow<T>>(
    model: &Model,
    frame: &mut Frame,
    (body, title): (Rect, String),
    (all, selected): (&[B], usize),
    row: impl Fn(&T, usize) -> Vec<Span<'static>>,
    empty: Option<(Held, &str)>,
) {
    let theme = &model.theme;
    let block = framed(model, title, true);
    let inner = block.inner(body);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let first = window(all.len(), selected, height);
    let rows = all.iter().enumerate().skip(first).take(height).map(|(at, item)| {
        let line = Line::from(row(item.borrow(), width));
        if at == selected { marked(line, theme.selection()) } else { line }
    });
    let rows: Vec<Line> = rows.collect();
    frame.render_widget(Paragraph::new(rows).style(theme.base()).block(block), body);
    if selected < all.len() {
        point(model, frame, inner, selected - first);
    }
    if let Some((_, empty)) = empty.filter(|(held, _)| all.is_empty() && model.fresh.is_there(*held)) {
        hint(model, frame, body, model.lang.say(empty));
    }
}

/// Every event, newest first.
pub fn journal(model: &Model, frame: &mut Frame, body: Rect) {
    let title = model.lang.say("tab-journal");
    let row = |recorded: &Chained, width| journal_row(model, recorded, width);
    list(model, frame, (body, title), (&model.journal, model.row), row, None);
}

fn journal_row(model: &Model, r: &Chained, width: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let hash: String = r.hash[..4].iter().map(|b| format!("{b:02x}")).collect();
    let at_moment = r.entry.at.civil().format("%Y-%m-%d %H:%M").to_string();
    let kind = model.lang.say(&format!("event-{}", r.entry.event.kind()));
    let text = width.saturating_sub(8 + 17 + 12 + 14 + 9);
    vec![
        Span::styled(fit_right(&r.seq.to_string(), 7) + " ", theme.fg(theme.muted)),
        Span::styled(fit(&at_moment, 17), theme.fg(theme.muted)),
        Span::styled(fit(&r.entry.by, 11) + " ", theme.fg(theme.text)),
        Span::styled(fit(&kind, 13) + " ", theme.fg(theme.accent)),
        Span::styled(fit(&about(model.lang, &r.entry.event), text), theme.fg(theme.text)),
        Span::styled(format!(" {hash}"), theme.fg(theme.muted)),
    ]
}

/// What a finding is about in a row of the journal: a month, or an entry by its number.
fn found(lang: words::Lang, subject: Subject) -> String {
    match subject {
        Subject::Dormant(month) => month.to_string(),
        other => format!("#{}", words::subject(lang, &other.to_string())),
    }
}

pub(super) fn about(lang: words::Lang, event: &Event) -> String {
    match event {
        Event::ProviderAdded(p) | Event::ProviderAmended(p) => format!("{} {}", p.id, p.name),
        Event::OutletAdded(o) | Event::OutletAmended(o) => format!("{} {} {}", o.provider, o.id, o.name),
        Event::Deducted { deduction: d, .. } => {
            let outlet = d.outlet.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} {} {} {outlet}", d.provider, d.article, words::points(lang, d.points), d.occurred_on)
        }
        Event::TurnoverRecorded { turnover: t, provider, .. }
        | Event::TurnoverAmended { turnover: t, provider, .. } => {
            format!("{provider} {} {} {}", t.outlet, t.month, t.amount)
        }
        Event::Happened(h) => {
            let outlet = match &h.fact {
                Fact::Outlet(outlet, _) => format!(" {outlet}"),
                _ => String::new(),
            };
            let what = entry::title_of(lang, &h.fact.word());
            format!("{}{outlet} {what} {} {}", h.provider, h.on, h.note.as_deref().unwrap_or_default())
        }
        Event::ObligationsMoved { provider, calendar, moved } => format!("{provider} {calendar} {}", moved.len()),
        Event::AlertMarked { provider, subject, .. } => format!("{provider}/{subject}"),
        Event::FindingConfirmed { finding, deduction, .. } => {
            let subject = found(lang, finding.subject);
            format!("{} {subject} {}", finding.provider, words::points(lang, deduction.points))
        }
        Event::FindingDismissed { finding, reason, .. } => {
            format!("{} {} {reason}", finding.provider, found(lang, finding.subject))
        }
        Event::RequestOpened(r) => {
            format!("{} {} {} {}", r.provider, r.outlet, r.kind.word(), crate::time::show_moment(r.due))
        }
        Event::RequestAnswered { request, provider, at, .. } => {
            format!("{provider} #{request} {}", crate::time::show_moment(*at))
        }
        Event::LossAccepted { from, to, reason } => format!("#{from}–#{to} {reason}"),
        Event::LineProposed(proposed) => {
            let d = &proposed.deduction;
            format!("{} {} {}", d.provider, d.article, words::points(lang, d.points))
        }
        Event::ProposalWithdrawn { proposal, provider, reason } => format!("{provider} #{proposal} {reason}"),
        Event::EditionAdopted(edition) => format!("{} {}", edition.number, edition.effective),
        Event::EditionWithdrawn { edition, number, reason } => format!("{number} #{edition} {reason}"),
        Event::Voided { entries, provider, reason, .. } | Event::Restored { entries, provider, reason, .. } => {
            let entries: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
            format!("{provider} {} {reason}", entries.join(" "))
        }
        Event::Supported { line, provider, is, .. } => {
            let subject = is.subject.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{provider} #{line} {subject} {}", is.evidence.as_deref().unwrap_or_default())
        }
        Event::Reversed { line, provider, reason, .. } => format!("{provider} #{line} {reason}"),
    }
}

/// The articles, and the selected one in full.
pub fn rulebook(model: &Model, frame: &mut Frame, body: Rect) {
    let theme = &model.theme;
    let title = format!("{} {}", model.lang.say("tab-rulebook"), model.book.edition);
    let block = framed(model, title, true);
    let inner = block.inner(body);
    let list = usize::from(inner.height).saturating_sub(5);
    let first = window(model.book.articles.len(), model.row, list);
    let width = usize::from(inner.width);
    let row = |(at, a): (usize, &Article)| {
        let line = Line::from(vec![
            Span::styled(fit(&a.clause, 10), theme.fg(theme.muted)),
            Span::styled(fit(a.id.as_str(), 22), theme.fg(theme.accent)),
            Span::styled(fit(model.lang.of(&a.title), width.saturating_sub(42)), theme.fg(theme.text)),
            Span::styled(fit_right(&range(a), 10), theme.fg(theme.text).add_modifier(Modifier::BOLD)),
        ]);
        if at == model.row { marked(line, theme.selection()) } else { line }
    };
    let mut lines: Vec<Line> = model.book.articles.iter().enumerate().skip(first).take(list).map(row).collect();
    if let Some(article) = model.book.articles.get(model.row) {
        lines.push(Line::from(""));
        lines.push(Line::styled(model.lang.of(&article.help).to_owned(), theme.fg(theme.text)));
        if let Some(cap) = article.cap {
            lines.push(Line::styled(
                model.lang.say_with("article-cap", &[("cap", cap.to_string().into())]),
                theme.fg(theme.warning),
            ));
        }
    }
    frame.render_widget(Paragraph::new(lines).style(theme.base()).wrap(Wrap { trim: false }).block(block), body);
    point(model, frame, inner, model.row.saturating_sub(first));
}
