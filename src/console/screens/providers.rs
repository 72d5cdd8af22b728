//! Providers, the outlets of the selected one, and its ledger, in three panes. Forms begin for what is selected, and only
//! for what is on the screen: what a filter or a pane hides is not meant.

mod draw;
mod filter;
mod forms;
pub mod ledger;
mod measure;
mod select;

use super::super::draw::body;
use super::super::form::Form;
use super::super::held::{Held, Whose};
use super::super::keymap::{Own, find, hints, hints_where, listed, shown};
use super::super::layer::{Errand, Hint, Layer, Screen, Step};
use super::super::over::LineWindow;
use super::super::shared::{News, Shared};
use super::cases::audit;
use crate::domain::why::Target;
use crate::ids::{OutletId, Seq};
use crate::store::ProviderRow;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

/// A pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// Providers.
    #[default]
    Providers,
    /// Outlets of the selected provider.
    Outlets,
    /// Ledger of the selected provider.
    Ledger,
}

impl Pane {
    /// All, from left to right.
    pub const ALL: [Pane; 3] = [Pane::Providers, Pane::Outlets, Pane::Ledger];

    /// Its place.
    fn place(self) -> usize {
        Pane::ALL.iter().position(|p| *p == self).unwrap_or(0)
    }

    /// What it shows.
    const fn uses(self) -> &'static [Held] {
        match self {
            Pane::Providers => &[Held::Providers],
            Pane::Outlets => &[Held::Outlets],
            Pane::Ledger => &[Held::Lines, Held::Proposals, Held::Chargeables],
        }
    }
}

/// The screen.
#[derive(Default)]
pub struct Providers {
    /// The pane with the focus.
    pub pane: Pane,
    /// The selected line, or the entry that proposed one.
    pub line: Option<Seq>,
    /// The row of a pane that is gone to as soon as it is there; until then none of it is selected.
    goes_to: Option<(Pane, select::Goal)>,
    /// The selected outlet.
    outlet: Option<OutletId>,
    /// The pane with the focus has all the room.
    zoom: bool,
    /// Which providers match the filter.
    shown: Vec<usize>,
    /// The filter of providers.
    filter: String,
    /// It is being typed.
    filtering: bool,
    /// The widest of what is in the columns, of all providers and of the outlets of the selected one.
    widest: (measure::Widest, measure::Outlets),
    /// What was typed into it last has not been looked up yet.
    typed: bool,
    /// What waited for a second person when that was heard last, by its entry.
    waited: Vec<Seq>,
}

/// What is done with what is selected.
const DOES: &[Own<Providers>] = &[
    shown(Providers::deduct, &[KeyCode::Char('d')], "d", "key-deduct"),
    shown(Providers::reverse, &[KeyCode::Char('u')], "u", REVERSE),
    shown(Providers::add, &[KeyCode::Char('a')], "a", ADD),
    shown(Providers::edit, &[KeyCode::Char('e')], "e", EDIT),
    shown(Providers::confirm, &[KeyCode::Char('c')], "c", CONFIRM),
    shown(Providers::void, &[KeyCode::Char('v')], "v", VOID),
    shown(|_, _| Step::Begins(Box::new(Form::choose_record())), &[KeyCode::Char('r')], "r", "key-record"),
    shown(|_, shared| audit(shared), &[KeyCode::Char('A')], "A", "key-audit"),
];

/// Those that need something else than a provider.
const ADD: &str = "key-add";
const EDIT: &str = "key-edit";
const REVERSE: &str = "key-reverse";
const VOID: &str = "key-void";
const CONFIRM: &str = "key-confirm";

/// How it is looked at.
const LOOKS: &[Own<Providers>] = &[
    shown(|screen, _| screen.turn(1), &[KeyCode::Tab], "Tab", "key-pane"),
    listed(|screen, _| screen.turn(2), &[KeyCode::BackTab], "Shift-Tab", "key-pane-back"),
    shown(Providers::zoom, &[KeyCode::Char('+'), KeyCode::Char('=')], "+", "key-zoom"),
    shown(|_, shared| year(shared, -1), &[KeyCode::Char('<'), KeyCode::Char(',')], "<", "key-year-back"),
    listed(|_, shared| year(shared, 1), &[KeyCode::Char('>'), KeyCode::Char('.')], ">", "key-year-on"),
];

fn year(shared: &mut Shared, by: i32) -> Step {
    shared.turn_year(by);
    Step::took()
}

impl Providers {
    /// The filter, and whether it is being typed.
    pub fn filter(&self) -> (&str, bool) {
        (&self.filter, self.filtering)
    }

    fn turn(&mut self, by: usize) -> Step {
        self.pane = Pane::ALL[(self.pane.place() + by) % Pane::ALL.len()];
        Step::took()
    }

    fn zoom(&mut self, _shared: &mut Shared) -> Step {
        self.zoom = !self.zoom;
        Step::took()
    }

    /// Where the panes are: three in a wide terminal; two, or one, slide to the focus in a narrow one. The providers have
    /// the room that their names need, as far as the others can give it. Drawing uses it, and so does the mouse.
    pub fn panes(&self, shared: &Shared) -> Vec<(Pane, Rect)> {
        let body = body(shared);
        let at = self.pane.place();
        let wanted = |most: u16| u16::try_from(self.widest.0.pane(most.into())).unwrap_or(most);
        let providers = |most: u16| Constraint::Length(wanted(most));
        let (shown, widths): (&[Pane], &[Constraint]) = match body.width {
            _ if self.zoom => (&Pane::ALL[at..=at], &[Constraint::Fill(1)]),
            0..110 if at == 0 => (&Pane::ALL[..2], &[providers(body.width * 16 / 25), Constraint::Fill(1)]),
            0..110 => (&Pane::ALL[1..], &[Constraint::Fill(1), Constraint::Fill(1)]),
            110..160 => (&Pane::ALL, &[providers(body.width - 65), Constraint::Fill(6), Constraint::Fill(7)]),
            _ => (&Pane::ALL, &[providers(body.width - 65), Constraint::Fill(9), Constraint::Fill(13)]),
        };
        let areas = Layout::horizontal(widths).split(body);
        shown.iter().copied().zip(areas.iter().copied()).collect()
    }

    /// Whether a pane is on the screen: narrow terminals show one or two.
    fn shows(&self, shared: &Shared, pane: Pane) -> bool {
        self.panes(shared).iter().any(|(shown, _)| *shown == pane)
    }

    /// Whether a key has something to do here, as the footer says it.
    fn has_to_do(&self, shared: &Shared, help: &str) -> bool {
        match help {
            ADD => true,
            EDIT => match self.pane {
                Pane::Providers => shared.provider.is_some(),
                Pane::Outlets => self.outlet.is_some(),
                Pane::Ledger => false,
            },
            REVERSE | VOID => self.line.is_some() && self.shows(shared, Pane::Ledger),
            CONFIRM => self.waiting(shared).is_some(),
            _ => shared.provider.is_some(),
        }
    }

    /// The providers that the filter shows.
    fn visible<'a>(&'a self, shared: &'a Shared) -> impl Iterator<Item = &'a ProviderRow> {
        let rows = shared.providers.as_deref().unwrap_or_default();
        self.shown.iter().filter_map(|at| rows.get(*at)).map(AsRef::as_ref)
    }
}

impl Layer for Providers {
    fn uses(&self, shared: &Shared, held: Held) -> bool {
        Pane::ALL.into_iter().any(|pane| pane.uses().contains(&held) && self.shows(shared, pane))
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        self.draw_panes(shared, frame, body, top && !self.filtering);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        if self.filtering {
            self.type_filter(shared, key);
            return Step::took();
        }
        find(DOES, key).or_else(|| find(LOOKS, key)).map_or(Step::Falls, |does| does(self, shared))
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.widest.0 = measure::Widest::default();
        self.widest.0.measure(shared, &Whose::All);
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        let typing = [Hint::new("Enter", "filter-keep"), Hint::new("Esc", "filter-clear")];
        typing.into_iter().filter(|_| self.filtering).collect()
    }

    fn paste(&mut self, shared: &mut Shared, text: &str) {
        if self.filtering {
            self.paste_filter(shared, text);
        }
    }

    fn catch_up(&mut self, shared: &mut Shared) -> Vec<super::super::Effect> {
        self.look_up(shared);
        Vec::new()
    }

    fn explains(&self, _shared: &Shared) -> Option<Target> {
        self.line.filter(|_| self.pane == Pane::Ledger).map(Target::Entry)
    }

    fn is_typed_into(&self) -> bool {
        self.filtering
    }
}

impl Screen for Providers {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        match news {
            News::Loaded(query) => self.loaded(shared, query),
            News::Turned => (self.outlet, self.line, self.goes_to) = (None, None, None),
            News::OtherYear => (self.line, self.goes_to) = (None, None),
            News::Recorded(receipt, follows) => self.recorded(shared, receipt, *follows),
            News::Answered(..) => {}
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        let does = hints(DOES).into_iter().map(|hint| Hint { footer: self.has_to_do(shared, hint.help), ..hint });
        (does.collect(), hints_where(!shared.is_empty(), LOOKS))
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        self.move_by(shared, by);
    }

    fn open(&mut self, shared: &mut Shared) -> Step {
        match (self.pane, self.line) {
            (Pane::Ledger, _) if self.waiting(shared).is_some() => self.confirm(shared),
            (Pane::Ledger, Some(line)) => Step::Opens(Box::new(LineWindow::of(line))),
            (Pane::Ledger, None) => Step::took(),
            (pane, _) => {
                self.pane = Pane::ALL[pane.place() + 1];
                Step::took()
            }
        }
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        if self.zoom {
            self.zoom = false;
        } else if self.pane != Pane::Providers {
            self.pane = Pane::ALL[self.pane.place() - 1];
        } else if !self.filter.is_empty() {
            self.filter.clear();
            self.refilter(shared);
        } else {
            return false;
        }
        true
    }

    fn show(&mut self, shared: &mut Shared, errand: &Errand) -> Option<Step> {
        match errand {
            // What is typed next is a filter wherever one was, and never a command.
            Errand::Filter => (self.filtering, self.pane) = (true, Pane::Providers),
            Errand::Provider(id) => {
                if !self.visible(shared).any(|row| row.provider.id == *id) {
                    // The filter gives way: what it hides is never selected.
                    self.filter.clear();
                    self.refilter(shared);
                }
                shared.select(Some(id.clone()));
            }
            Errand::Finding(_) => return None,
        }
        Some(Step::took())
    }

    fn click(&mut self, shared: &mut Shared, at: (u16, u16)) {
        self.clicked(shared, at);
    }

    /// The wheel moves the selection of the list under it, which gets the focus.
    fn wheel(&mut self, shared: &mut Shared, at: (u16, u16), by: isize) {
        if let Some((pane, _)) = self.panes(shared).into_iter().find(|(_, area)| area.contains(at.into())) {
            self.pane = pane;
            self.step(shared, by);
        }
    }

    fn narrowed(&self) -> Option<(&str, bool)> {
        (self.filtering || !self.filter.is_empty()).then_some((&self.filter, self.filtering))
    }

    fn reads_on(&self, shared: &Shared, held: Held) -> bool {
        let pane = if held == Held::Outlets { Pane::Outlets } else { Pane::Ledger };
        let is_looked_at = self.pane == pane || self.goes_to.is_some_and(|(of, _)| of == pane);
        is_looked_at || self.is_further_down(shared, pane)
    }

    /// The selected one, where somebody went to it: the first of a list that nobody looked at is nobody's choice.
    fn outlet(&self, shared: &Shared) -> Option<&OutletId> {
        self.outlet.as_ref().filter(|_| self.pane == Pane::Outlets && self.shows(shared, Pane::Outlets))
    }
}
