//! Reads that never wait: a console asks again for what a change touched of what it shows, and for nothing else; and
//! what it shows is what the desk says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/dice.rs"]
mod dice;
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dice::Dice;
use koufen::console::held::{About, Answer, Held, Query, Reach, Rows, Whose, is_shown};
use koufen::console::over::OpenForm;
use koufen::console::screens::{Deadlines, Journal};
use koufen::console::session::answer;
use koufen::console::update::update;
use koufen::console::{Effect, Message, Model, Theme, Wanted};
use koufen::desk::Desk;
use koufen::domain::{AlertState, Command, Deduction, FindingState, Mark, RequestKind};
use koufen::ids::{ProviderId, Seq};
use koufen::points::Points;
use koufen::store::StoreError;
use koufen::words::Lang;
use screen::Screen;
use std::sync::Arc;

fn id(text: &str) -> ProviderId {
    text.parse().unwrap()
}

/// Three providers with two outlets each; the second is selected.
fn street(size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(Lang::En, size);
    for n in 1..=3 {
        let provider = fixture::provider(&format!("P000{n}"), &format!("捷达{n}"));
        did(&screen.desk, Command::AddProvider(provider));
        for at in 1..=2 {
            did(&screen.desk, Command::AddOutlet(fixture::outlet(&format!("O{n}{at}"), &format!("P000{n}"))));
        }
    }
    screen.refresh();
    // All was looked at.
    screen.keys("2345671j");
    screen
}

fn did(desk: &Desk, command: Command) -> Seq {
    desk.submit(&fixture::who("王芳"), command).unwrap().seq
}

fn deduct(provider: &str) -> Command {
    let outlet = format!("O{}1", &provider[4..]);
    Command::Deduct(Deduction { points: Points(4), ..line::brand(provider, &outlet) })
}

/// What a message makes a console ask for: nothing of it is answered.
fn asks(model: &mut Model, message: Message) -> Vec<Query> {
    let effects = update(model, message).into_iter();
    let load = |effect| match effect {
        Effect::Load { query, .. } => query,
        other => panic!("{other:?}"),
    };
    effects.map(load).collect()
}

/// What a command that somebody else does makes it ask for.
fn asked_after(screen: &mut Screen, command: Command) -> Vec<Query> {
    let changes = screen.desk.subscribe();
    did(&screen.desk, command);
    asks(&mut screen.model, Message::Changed(changes.try_recv().unwrap()))
}

fn of(provider: &str) -> Whose {
    Whose::of([id(provider)]).unwrap()
}

/// Work item 1 of issue 12: the ledger of one provider is nothing to who looks at the outlets of another.
#[test]
fn a_change_that_is_not_shown_asks_for_nothing() {
    let mut screen = street((80, 24));
    screen.key(KeyCode::Tab).keys("+");
    assert_eq!(asked_after(&mut screen, deduct("P0001")), []);
    // What it does show it asks again, and that alone.
    let outlet = fixture::outlet("O23", "P0002");
    let outlets = Query::Of(id("P0002"), About::Outlets(Reach::All));
    assert_eq!(asked_after(&mut screen, Command::AddOutlet(outlet)), [outlets]);
    // A list shows the score of each.
    let mut screen = street((80, 24));
    assert_eq!(asked_after(&mut screen, deduct("P0001")), [Query::Providers(2011, of("P0001"))]);
    // At 80 columns the ledger is not on the screen; at 120 it is.
    let lines = Query::Of(id("P0002"), About::Lines(2011, Reach::Top(36)));
    assert!(!asked_after(&mut screen, deduct("P0002")).contains(&lines));
    assert!(asked_after(&mut street((120, 36)), deduct("P0002")).contains(&lines));
}

/// Each screen against each of some changes: what it asks.
#[test]
fn each_screen_asks_for_what_it_shows() {
    let alert = |screen: &Screen| {
        let (outlet, kind) = ("O11".parse().unwrap(), RequestKind::Help);
        did(&screen.desk, Command::OpenRequest { outlet, kind, at: None, note: None });
        let alert = screen.desk.alerts(Some(&id("P0001"))).unwrap().remove(0);
        Command::MarkAlert { provider: alert.provider, subject: alert.subject, mark: Mark::Acknowledged }
    };
    let list = Query::Providers(2011, of("P0001"));
    let (alerts, findings, due) =
        (Query::Alerts(of("P0001")), Query::Findings(of("P0001")), Query::Deadlines(of("P0001")));
    for (key, after_line, after_mark) in [
        ("1", vec![list.clone()], vec![]),
        ("2", vec![list.clone(), due.clone()], vec![]),
        ("3", vec![list.clone(), due.clone(), findings.clone(), alerts.clone()], vec![alerts.clone()]),
        ("4", vec![list.clone(), due, findings], vec![]),
        ("5", vec![list], vec![]),
        ("6", vec![Query::Journal], vec![Query::Journal]),
        ("7", vec![], vec![]),
    ] {
        let mut screen = street((80, 24));
        screen.keys(key);
        assert_eq!(asked_after(&mut screen, deduct("P0001")), after_line, "screen {key}");
        let mut screen = street((80, 24));
        screen.keys(key);
        let mark = alert(&screen);
        screen.refresh();
        assert_eq!(asked_after(&mut screen, mark), after_mark, "screen {key}");
    }
}

/// A screen that comes on asks for what changed meanwhile, once; where nothing did, for nothing.
#[test]
fn a_screen_that_comes_on_asks_for_what_changed_meanwhile() {
    let mut screen = street((80, 24));
    let key = |c| Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    screen.keys("7");
    for provider in ["P0001", "P0003", "P0001"] {
        assert_eq!(asked_after(&mut screen, deduct(provider)), []);
    }
    let both = Whose::of([id("P0001"), id("P0003")]).unwrap();
    let asked = asks(&mut screen.model, key('2'));
    assert_eq!(asked, [Query::Providers(2011, both.clone()), Query::Deadlines(both)]);
    assert_eq!(asks(&mut screen.model, key('7')), []);
    assert_eq!(asks(&mut screen.model, key('2')), [], "it is on its way");
    let mut screen = street((80, 24));
    for c in "2345671".chars() {
        assert_eq!(asks(&mut screen.model, key(c)), [], "{c}");
    }
}

/// What a key brings on the screen is waited for; what is there already, and changed, is not.
#[test]
fn what_a_key_brings_on_the_screen_is_wanted_first() {
    let mut screen = street((120, 36));
    let wanted = |effects: Vec<Effect>| -> Vec<(Held, Wanted)> {
        let held = |effect: &Effect| match effect {
            Effect::Load { query: Query::Of(_, About::Outlets(_)), .. } => Held::Outlets,
            Effect::Load { query: Query::Of(_, About::Lines(..)), .. } => Held::Lines,
            Effect::Load { query: Query::Of(_, About::Chargeables), .. } => Held::Chargeables,
            Effect::Load { query: Query::Of(_, About::Dossier), .. } => Held::Dossier,
            Effect::Load { query: Query::Providers(..), .. } => Held::Providers,
            Effect::Load { query: Query::Journal, .. } => Held::Journal,
            other => panic!("{other:?}"),
        };
        effects.iter().map(|effect| (held(effect), effect.wanted())).collect()
    };
    let key = |c| Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let [outlets, lines, chargeables] = [Held::Outlets, Held::Lines, Held::Chargeables].map(|held| (held, Wanted::Now));
    let asked = update(&mut screen.model, key('j'));
    assert_eq!(wanted(asked), [outlets, lines, chargeables, (Held::Dossier, Wanted::Ahead)]);
    let changes = screen.desk.subscribe();
    did(&screen.desk, deduct("P0001"));
    let asked = update(&mut screen.model, Message::Changed(changes.try_recv().unwrap()));
    assert_eq!(wanted(asked), [(Held::Providers, Wanted::Again)]);
    let asked = update(&mut screen.model, key('6'));
    assert_eq!(wanted(asked), [(Held::Journal, Wanted::Now)]);
}

/// Regression: a key that went to another screen waited, beside an import, for a list that took longer to read than a frame
/// may take; it is drawn as it was, and again when the answer is there. What is nothing yet is waited for.
#[test]
fn what_is_there_as_it_was_before_a_change_is_drawn_at_once() {
    let mut screen = street((120, 36));
    let key = |c| Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let mut asked = |c: char, command: Option<Command>| {
        command.into_iter().for_each(|command| drop(asked_after(&mut screen, command)));
        let effects = update(&mut screen.model, key(c));
        let awaited = screen.model.shared.fresh.is_awaited();
        let wanted = effects.iter().any(|effect| effect.wanted() == Wanted::Now);
        let heard = effects.into_iter().filter_map(|effect| answer(&screen.desk, &fixture::who("x"), effect));
        let heard: Vec<Message> = heard.collect();
        heard.into_iter().for_each(|message| drop(update(&mut screen.model, message)));
        (wanted, awaited, screen.model.shared.fresh.is_awaited())
    };
    assert_eq!(asked('7', None), (false, false, false));
    assert_eq!(asked('2', Some(deduct("P0001"))), (true, false, false), "of all providers");
    assert_eq!(asked('1', Some(deduct("P0002"))), (true, true, false), "of the selected one");
    assert_eq!(asked('j', None), (true, true, false));
    let theme = ("dark", Theme::built_in("dark").unwrap());
    let mut begins = Model::new(Lang::En, theme, "ops", "", screen.desk.rulebook(), screen.desk.now());
    assert!(!update(&mut begins, Message::Resize(80, 24)).is_empty() && begins.shared.fresh.is_awaited());
}

/// One query of a kind is on its way at a time: what changes meanwhile is asked when the answer is there.
#[test]
fn what_changes_while_a_query_is_on_its_way_is_asked_after_it() {
    let mut screen = street((80, 24));
    let changes = screen.desk.subscribe();
    did(&screen.desk, deduct("P0001"));
    let mut first = update(&mut screen.model, Message::Changed(changes.try_recv().unwrap()));
    for provider in ["P0003", "P0002", "P0003"] {
        did(&screen.desk, deduct(provider));
        let asked = update(&mut screen.model, Message::Changed(changes.try_recv().unwrap()));
        assert!(asked.is_empty(), "{asked:?}");
    }
    let first = answer(&screen.desk, &fixture::who("x"), first.remove(0)).unwrap();
    let both = Whose::of([id("P0002"), id("P0003")]).unwrap();
    assert_eq!(asks(&mut screen.model, first), [Query::Providers(2011, both)]);
}

/// The answer to an older query is nobody's, whatever it is about.
#[test]
fn an_answer_that_was_overtaken_is_dropped() {
    let mut screen = street((80, 24));
    let key = |c| Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let who = fixture::who("x");
    let load = |asked: &[Effect], desk: &Desk| {
        let outlets =
            asked.iter().find(|effect| matches!(effect, Effect::Load { query: Query::Of(_, About::Outlets(_)), .. }));
        answer(desk, &who, outlets.unwrap().clone()).unwrap()
    };
    let there = update(&mut screen.model, key('j'));
    let old = load(&there, &screen.desk);
    did(&screen.desk, Command::AddOutlet(fixture::outlet("O33", "P0003")));
    // Away and back: it is the same provider, and another query.
    update(&mut screen.model, key('k'));
    let again = update(&mut screen.model, key('j'));
    let new = load(&again, &screen.desk);
    update(&mut screen.model, new);
    assert_eq!(screen.model.shared.outlets.rows.len(), 3);
    update(&mut screen.model, old);
    assert_eq!(screen.model.shared.outlets.rows.len(), 3);
}

/// What others record comes above or below what is selected, and the cursor stays on that; at the top it stays there.
#[test]
fn the_cursor_stays_on_its_row_of_the_journal_and_of_what_is_due() {
    let mut screen = street((80, 24));
    let ask = |screen: &Screen, outlet: &str, at: &str| {
        let at = Some(koufen::time::parse_moment(at).unwrap());
        let (outlet, kind) = (outlet.parse().unwrap(), RequestKind::Exit);
        did(&screen.desk, Command::OpenRequest { outlet, kind, at, note: None })
    };
    let (first, second) = (ask(&screen, "O11", "2011-03-16T10:00"), ask(&screen, "O12", "2011-03-17T10:00"));
    screen.refresh();
    screen.keys("2");
    let row = |screen: &Screen| screen.model.screen_of::<Deadlines>().unwrap().row();
    let selected = |screen: &Screen| screen.model.shared.deadlines[row(screen)].seq;
    while selected(&screen) != second {
        screen.keys("j");
    }
    let was = row(&screen);
    ask(&screen, "O21", "2011-03-16T11:00");
    screen.refresh();
    assert!(selected(&screen) == second && row(&screen) > was, "{was}");
    let (was, due) = (row(&screen), screen.model.shared.deadlines.len());
    did(&screen.desk, Command::AnswerRequest { request: second, at: None, note: None });
    screen.refresh();
    assert_eq!((row(&screen), screen.model.shared.deadlines.len()), (was, due - 1), "the next slides under the cursor");
    screen.keys("6jj");
    let row = |screen: &Screen| screen.model.screen_of::<Journal>().unwrap().row();
    let selected = |screen: &Screen| screen.model.shared.journal[row(screen)].seq;
    let was = selected(&screen);
    did(&screen.desk, deduct("P0003"));
    screen.refresh();
    assert_eq!((selected(&screen), row(&screen)), (was, 3));
    screen.keys("g");
    let last = did(&screen.desk, Command::AnswerRequest { request: first, at: None, note: None });
    screen.refresh();
    assert_eq!(selected(&screen), last);
}

/// What a picker offers is listed when it opens, and when what was typed or what there is changes; not for a frame.
#[test]
fn a_picker_is_listed_when_something_changed() {
    let mut screen = street((80, 24));
    screen.key(KeyCode::Tab).keys("dbrand-s").key(KeyCode::BackTab);
    let offered = |screen: &Screen| {
        let form = &screen.model.over_of::<OpenForm>().unwrap().form;
        form.choices(&screen.model.shared.choices(form))
    };
    let first = offered(&screen);
    assert_eq!(first.choices.len(), 2);
    let now = screen.desk.now();
    screen.shows("O21").hear(Message::Tick(now));
    assert!(Arc::ptr_eq(&first, &offered(&screen)), "nothing changed");
    screen.keys("2");
    assert!(!Arc::ptr_eq(&first, &offered(&screen)));
    screen.key(KeyCode::Backspace);
    did(&screen.desk, Command::AddOutlet(fixture::outlet("O25", "P0002")));
    screen.refresh();
    assert_eq!(offered(&screen).choices.len(), 3);
    screen.shows("O25");
}

/// What cannot be answered is not asked again and again, but after the next change.
#[test]
fn what_fails_is_asked_again_after_a_change() {
    let mut screen = street((80, 24));
    let changes = screen.desk.subscribe();
    did(&screen.desk, deduct("P0001"));
    let asked = update(&mut screen.model, Message::Changed(changes.try_recv().unwrap()));
    let [Effect::Load { number, .. }] = asked[..] else { panic!("{asked:?}") };
    assert_eq!(asks(&mut screen.model, Message::Loaded(number, Err(StoreError::Closed))), []);
    assert!(screen.model.shared.status.as_ref().is_some_and(|(good, _)| !good));
    assert_eq!(asks(&mut screen.model, Message::Resize(80, 24)), []);
    did(&screen.desk, Command::AddOutlet(fixture::outlet("O24", "P0002")));
    let asked = asks(&mut screen.model, Message::Changed(changes.try_recv().unwrap()));
    let both = Whose::of([id("P0001"), id("P0002")]).unwrap();
    assert_eq!(asked, [Query::Providers(2011, both), Query::Of(id("P0002"), About::Outlets(Reach::All))]);
}

/// Whatever others record, and whatever keys are pressed: what is on the screen is what the desk says.
#[test]
fn what_is_shown_is_what_the_desk_says() {
    let mut pressed = 0;
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let mut screen = street(pick(&mut dice, &[(80, 24), (120, 36)]));
        for step in 0..60 {
            if dice.below(3) == 0 {
                let keys = ["1", "2", "3", "4", "5", "6", "7", "j", "k", "\t", "+", "[", "]", "R"];
                let key = pick(&mut dice, &keys);
                if key == "\t" {
                    screen.key(KeyCode::Tab)
                } else {
                    screen.keys(key)
                };
                pressed += 1;
            } else {
                // What is refused changes nothing.
                drop(screen.desk.submit(&fixture::who("王芳"), command(&mut dice, &screen.desk, step)));
                screen.refresh();
            }
            is_as_the_desk_says(&screen, (seed, step));
        }
    }
    assert!(pressed > 50);
}

fn pick<T: Copy>(dice: &mut Dice, of: &[T]) -> T {
    of[usize::try_from(dice.below(of.len() as u64)).unwrap()]
}

fn command(dice: &mut Dice, desk: &Desk, step: usize) -> Command {
    let provider = pick(dice, &["P0001", "P0002", "P0003"]);
    let outlet = format!("O{}1", &provider[4..]).parse().unwrap();
    match dice.below(8) {
        0 => Command::AddOutlet(fixture::outlet(&format!("O{}9{step}", &provider[4..]), provider)),
        1 => Command::OpenRequest { outlet, kind: RequestKind::Exit, at: None, note: None },
        2 => Command::AmendProvider(fixture::provider(provider, &format!("名{step}"))),
        3 => match desk.deadlines(Some(&id(provider))).unwrap().first() {
            Some(due) => Command::AnswerRequest { request: due.seq, at: None, note: None },
            None => deduct(provider),
        },
        4 => match desk.alerts(Some(&id(provider))).unwrap().into_iter().find(|a| a.state == AlertState::Firing) {
            Some(a) => Command::MarkAlert { provider: a.provider, subject: a.subject, mark: Mark::Acknowledged },
            None => deduct(provider),
        },
        5 => {
            let entry = Seq(1 + dice.below(desk.stats().unwrap().entries));
            Command::Void { entry, dependents: true, reason: "误录".into() }
        }
        6 => match desk.findings(Some(&id(provider))).unwrap().into_iter().find(|f| f.state == FindingState::Open) {
            Some(finding) => Command::DismissFinding { finding: finding.id, reason: "误报".into() },
            None => deduct(provider),
        },
        _ => deduct(provider),
    }
}

/// Whether a list is one that is asked for to its end, as far as it reaches.
fn is_begun<T: PartialEq>(rows: &Rows<T>, all: &Rows<T>, top: usize) -> bool {
    let enough = if rows.reach == Reach::All { all.rows.len() } else { top };
    rows.of == all.of && rows.rows.len() >= enough && all.rows.starts_with(&rows.rows)
}

fn is_as_the_desk_says(screen: &Screen, at: (u64, usize)) {
    let (model, desk) = (&screen.model, &screen.desk);
    let of = model.shared.provider.clone();
    for held in Held::ALL.into_iter().filter(|held| is_shown(model, *held)) {
        let query = match (held, of.clone()) {
            (Held::Providers, _) => Query::Providers(model.shared.year, Whose::All),
            (Held::Proposals, _) => Query::Proposals(Whose::All),
            (Held::Deadlines, _) => Query::Deadlines(Whose::All),
            (Held::Findings, _) => Query::Findings(Whose::All),
            (Held::Alerts, _) => Query::Alerts(Whose::All),
            (Held::Journal, _) => Query::Journal,
            (Held::Outlets, Some(of)) => Query::Of(of, About::Outlets(Reach::All)),
            (Held::Lines, Some(of)) => Query::Of(of, About::Lines(model.shared.year, Reach::All)),
            (Held::Dossier, Some(of)) => Query::Of(of, About::Dossier),
            (Held::Chargeables, Some(of)) => Query::Of(of, About::Chargeables),
            _ => continue,
        };
        let effect = Effect::Load { number: 0, query, wanted: Wanted::Now };
        let Some(Message::Loaded(_, Ok(says))) = answer(desk, &fixture::who("x"), effect) else { panic!("{held:?}") };
        let same = match says {
            Answer::Providers(rows, years) => model.shared.providers == Some(rows) && model.shared.years == years,
            Answer::Outlets(all) => is_begun(&model.shared.outlets, &all, model.shared.top()),
            Answer::Lines(all) => is_begun(&model.shared.lines, &all, model.shared.top()),
            Answer::Dossier(both) => (&model.shared.dossier, &model.shared.cases) == (&both.0, &both.1),
            Answer::Chargeables(rows) => of.as_ref().and_then(|of| model.shared.chargeables.get(of)) == Some(&rows),
            Answer::Proposals(rows) => model.shared.proposals == rows,
            Answer::Deadlines(rows) => model.shared.deadlines == rows,
            Answer::Findings(mut rows) => {
                rows.sort_by_key(|row| row.finding.state != FindingState::Open);
                model.shared.findings == rows
            }
            Answer::Alerts(rows) => model.shared.alerts == rows,
            Answer::Journal(rows) => model.shared.journal == rows,
            Answer::Laws(_) => true,
        };
        assert!(same, "{held:?} at {at:?} on {:?}", model.at());
    }
}
