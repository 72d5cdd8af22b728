//! What is done whatever is on the screen: a form begins, another screen comes on, the keys of the session.

use super::super::draft;
use super::super::form::Form;
use super::super::keymap::Action;
use super::super::layer::Errand;
use super::super::message::Effect;
use super::super::model::Model;
use super::super::over::{Help, OpenForm};
use super::super::theme::{BUILT_IN, Theme};
use super::{follow, lay_out, show};
use crate::exchange::record::RecordKind;
use crate::ids::{ProviderId, Seq};
use crate::time::Year;
use crate::words::Lang;

/// Rows that PgUp and PgDn move.
const PAGE: usize = 10;

/// Lays a form over the screen. What the one before it would have done is no concern of this one.
pub fn open(model: &mut Model, mut form: Form) -> Vec<Effect> {
    form.now = model.shared.now;
    let open = OpenForm::of(&mut model.shared, form);
    model.lay(Box::new(open));
    draft::offer(model);
    catch_up(model)
}

/// Lays a form over the screen as it was kept: what `today` means in it stays, and so does what was selected below it.
pub fn place(model: &mut Model, form: Form, (year, provider): (Year, Option<ProviderId>)) -> Vec<Effect> {
    let open = OpenForm::of(&mut model.shared, form);
    if model.shared.year != year {
        model.shared.turn_year(year - model.shared.year);
    }
    if provider.is_some() {
        model.shared.select(provider);
    }
    model.lay(Box::new(open));
    catch_up(model)
}

/// Begins the form of a record, for what is selected.
pub fn record(model: &mut Model, kind: &'static RecordKind) -> Vec<Effect> {
    let seen = Some(model.shared.seen).filter(|seen| *seen > Seq(0));
    let outlet = model.screen().outlet(&model.shared);
    let form = Form::record(kind, (model.shared.provider_row().map(|row| &row.provider), outlet), seen);
    open(model, form)
}

fn catch_up(model: &mut Model) -> Vec<Effect> {
    let (top, shared) = model.top_mut();
    top.catch_up(shared)
}

/// Asks why what is selected is so; the keys where nothing is.
fn ask_why(model: &mut Model) -> Vec<Effect> {
    let Some(target) = model.explainable() else {
        let help = Help::of(&model.shared, model.keys());
        model.lay(Box::new(help));
        return Vec::new();
    };
    model.shared.wonders = Some(target.clone());
    vec![Effect::Why(target)]
}

fn go_to(model: &mut Model, at: usize) {
    if at < model.screens.len() {
        model.at = at;
        let (screen, shared) = model.seen();
        screen.enters(shared);
    }
}

/// Does what a key asks of the session.
pub fn session(model: &mut Model, action: Action) -> Vec<Effect> {
    let (screen, shared) = model.seen();
    match action {
        Action::Move(to) => screen.step(shared, to.rows(PAGE)),
        Action::Open => {
            let step = screen.open(shared);
            return follow(model, step, 0);
        }
        // Goes back one step; never quits, never loses input.
        Action::Back if screen.back(shared) => {}
        Action::Back => go_to(model, 0),
        Action::Help => return ask_why(model),
        // Only providers are filtered.
        Action::Filter => return show(model, &Errand::Filter),
        // One that is offered was restored before any other key is looked at.
        Action::Restore => {}
        Action::Reload => model.shared.fresh.touch_all(),
        Action::Language => {
            model.shared.lang = if model.shared.lang == Lang::En { Lang::ZhCn } else { Lang::En };
            lay_out(model);
            return keep(model);
        }
        Action::Theme => return next_theme(model),
        Action::Suspend if model.shared.suspends => return vec![Effect::Suspend],
        Action::Suspend => model.shared.say_not("status-no-shell"),
        Action::Screen(at) => go_to(model, at),
        Action::Quit if model.at == 0 => return vec![Effect::Quit],
        Action::Quit => go_to(model, 0),
    }
    Vec::new()
}

fn next_theme(model: &mut Model) -> Vec<Effect> {
    let at = BUILT_IN.iter().position(|(name, _)| *name == model.shared.theme_name).map_or(0, |at| at + 1);
    let name = BUILT_IN[at % BUILT_IN.len()].0;
    let Some(theme) = Theme::built_in(name) else { return Vec::new() };
    (model.shared.theme, model.shared.theme_name) = (theme.at(model.shared.depth), name.to_owned());
    model.shared.status = Some((true, model.shared.lang.say_with("status-theme", &[("name", name.into())])));
    keep(model)
}

/// What was chosen is there again at the next start.
fn keep(model: &Model) -> Vec<Effect> {
    vec![Effect::Keep(model.shared.lang, model.shared.theme_name.clone())]
}
