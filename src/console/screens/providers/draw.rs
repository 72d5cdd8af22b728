//! How the panes are drawn.

use super::super::super::held::Held;
use super::super::super::paint::{self, cell, fit, fit_right};
use super::super::super::shared::Shared;
use super::super::list::{chosen, filled, framed, hint, marked, point};
use super::measure::Columns;
use super::{Pane, Providers, ledger};
use crate::domain::Standing;
use crate::domain::life::OutletStage;
use crate::store::{OutletRow, ProviderRow};
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Padding, Paragraph, Wrap};

impl Providers {
    pub(super) fn draw_panes(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        match &shared.providers {
            None => sentence(shared, frame, body, "loading"),
            Some(rows) if rows.is_empty() => sentence(shared, frame, body, "empty-store"),
            Some(_) => {
                for (pane, area) in self.panes(shared) {
                    match pane {
                        Pane::Providers => self.provider_pane(shared, frame, area, top),
                        Pane::Outlets => self.outlet_pane(shared, frame, area, top),
                        Pane::Ledger => ledger::pane(self, shared, frame, (area, top)),
                    }
                }
            }
        }
    }

    fn provider_pane(&self, shared: &Shared, frame: &mut Frame, area: Rect, top: bool) {
        let all = shared.providers.as_ref().map_or(0, Vec::len);
        let title = format!("{} {}/{all} · {}", shared.lang.say("tab-providers"), self.shown.len(), shared.year);
        let row = |row: &ProviderRow, width: usize| provider_row(shared, row, self.widest.0.columns(width));
        rows((self, shared), frame, (Pane::Providers, area, top), title, self.visible(shared), row);
        if self.shown.is_empty() {
            hint(shared, frame, area, shared.lang.say("no-match"));
        }
    }

    fn outlet_pane(&self, shared: &Shared, frame: &mut Frame, area: Rect, top: bool) {
        let theme = &shared.theme;
        let count = shared.provider_row().map_or(0, |r| r.outlets);
        let title =
            format!("{} {} {count}", shared.provider_id(), shared.lang.say("pane-outlets")).trim_start().to_owned();
        let row = |row: &OutletRow, width: usize| {
            let OutletRow { outlet, life, .. } = row;
            let signed = outlet.signed_on.map(|d| d.to_string()).unwrap_or_default();
            // Where it stands says more than when it signed, unless it is simply open.
            let (says, color) = match life.stage {
                OutletStage::Open => (signed, theme.muted),
                stage if stage.is_gone() => (words::stage(shared.lang, stage), theme.muted),
                stage => (words::stage(shared.lang, stage), theme.warning),
            };
            let (id, city, last) = self.widest.1.columns(shared, row, width);
            let name = width.saturating_sub(id + city + last);
            let spans = vec![
                Span::styled(cell(outlet.id.as_str(), id), theme.fg(theme.muted)),
                Span::styled(fit(&outlet.name, name), theme.fg(theme.text)),
                Span::styled(fit_right(&fit(&outlet.city, city.saturating_sub(1)), city), theme.fg(theme.muted)),
                Span::styled(fit_right(&says, last), theme.fg(color)),
            ];
            (self.outlet.as_ref() == Some(&outlet.id), spans)
        };
        rows((self, shared), frame, (Pane::Outlets, area, top), title, shared.outlets.rows.iter(), row);
        // Where no provider is selected there is nobody who could have any.
        if shared.outlets.rows.is_empty() && shared.provider.is_some() && shared.fresh.is_there(Held::Outlets) {
            hint(shared, frame, area, shared.lang.say("no-outlets"));
        }
    }
}

/// A screen that only says something, and what to do next.
fn sentence(shared: &Shared, frame: &mut Frame, body: Rect, key: &str) {
    let block = framed(shared, shared.lang.say("tab-providers"), true).padding(Padding::new(1, 1, 1, 0));
    let lines: Vec<Line> = shared.lang.say(key).lines().map(|l| Line::from(l.to_owned())).collect();
    frame.render_widget(Paragraph::new(lines).style(shared.theme.base()).wrap(Wrap { trim: false }).block(block), body);
}

/// Draws the rows of a pane from its first visible one.
pub(super) fn rows<T>(
    (screen, shared): (&Providers, &Shared),
    frame: &mut Frame,
    (pane, area, top): (Pane, Rect, bool),
    title: String,
    all: impl Iterator<Item = T>,
    row: impl Fn(T, usize) -> (bool, Vec<Span<'static>>),
) {
    let focus = screen.pane == pane;
    let block = framed(shared, title, focus);
    let inner = block.inner(area);
    let width = usize::from(inner.width);
    let first = screen.first_row(shared, pane, area);
    let mut at = None;
    let lines = all.skip(first).take(usize::from(inner.height)).enumerate().map(|(n, item)| {
        let (selected, spans) = row(item, width);
        let line = Line::from(spans);
        at = at.or((selected && focus).then_some(n));
        match (selected, focus) {
            (true, true) => chosen(shared, filled(line, width)),
            (true, false) => marked(line, Style::new().add_modifier(Modifier::UNDERLINED)),
            _ => line,
        }
    });
    let lines: Vec<Line> = lines.collect();
    frame.render_widget(Paragraph::new(lines).style(shared.theme.base()).block(block), area);
    at.into_iter().filter(|_| top).for_each(|at| point(frame, inner, at));
}

fn provider_row(shared: &Shared, row: &ProviderRow, columns: Columns) -> (bool, Vec<Span<'static>>) {
    let theme = &shared.theme;
    let Columns { id, name, bar, score, standing, word } = columns;
    let color = shared.theme.standing(row.standing);
    let spans = vec![
        Span::styled(cell(row.provider.id.as_str(), id), theme.fg(theme.muted)),
        Span::styled(cell(&row.provider.name, name), theme.fg(theme.text)),
        Span::styled(paint::bar(row.score, &shared.book.marks, bar), theme.fg(color)),
        Span::styled(fit_right(&row.score.to_string(), score), theme.fg(theme.text).add_modifier(Modifier::BOLD)),
        Span::styled(format!(" {} ", sign(row.standing)), theme.fg(color)),
        Span::styled(fit(&word.of(shared.lang, row.standing), standing), theme.fg(color)),
    ];
    (shared.provider.as_ref() == Some(&row.provider.id), spans)
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
