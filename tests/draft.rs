//! A form that was being filled in when its console's connection was lost is offered to the same person, and to nobody
//! else, until it is submitted or left.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::draft::{self, Draft};
use koufen::console::over::OpenForm;
use koufen::domain::Command;
use koufen::door::attach::drafts::Drafts;
use koufen::words::Lang;
use screen::Screen;

/// A console at which P0001 and P0002 are on record.
fn console(lang: Lang) -> Screen {
    let mut screen = Screen::empty(lang, (80, 24));
    for id in ["P0001", "P0002"] {
        let command = Command::AddProvider(fixture::provider(id, "捷达"));
        screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
    }
    screen.refresh();
    screen
}

/// Half a deduction of the second provider.
fn half(screen: &mut Screen) {
    screen.keys("jd");
    screen.keys("media").key(KeyCode::Tab).keys("12").key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Tab);
    screen.keys("晚报").key(KeyCode::Enter).keys("第三版");
}

/// The connection is lost: what is left of it.
fn lost(screen: &mut Screen) -> Vec<Draft> {
    draft::left(&mut screen.model, true, |_| false)
}

/// The person is there again.
fn back(screen: &mut Screen, drafts: Vec<Draft>) {
    screen.model.shared.drafts = drafts;
    draft::offer(&mut screen.model);
}

fn typed(screen: &Screen) -> Vec<String> {
    let Some(open) = screen.model.over_of::<OpenForm>() else { return Vec::new() };
    open.form.fields.iter().map(|field| field.text()).collect()
}

#[test]
fn half_a_form_is_offered_again_and_restored_as_it_was() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut first = console(lang);
        half(&mut first);
        let (before, at) = (typed(&first), first.model.shared.now);
        assert_eq!(before[0], "P0002");
        let drafts = lost(&mut first);
        let mut again = console(lang);
        back(&mut again, drafts);
        let args = [("at", at.civil().format("%Y-%m-%d %H:%M").to_string()), ("form", lang.say("form-deduct"))];
        again.shows(&lang.say_texts("draft-offer", &args));
        again.shows(&lang.say("draft-restore"));
        // The line goes with the next key; the key stays in the footer.
        again.key(KeyCode::Char('k')).shows(&lang.say("draft-restore"));
        again.key(KeyCode::F(4));
        assert_eq!(typed(&again), before);
        assert_eq!(again.model.shared.provider.as_ref().unwrap().as_str(), "P0002");
        assert!(again.model.over_of::<OpenForm>().unwrap().preview.is_some(), "what it would do is asked");
        again.key(KeyCode::F(2));
        let line = again.desk.ledger(&"P0002".parse().unwrap(), 2011, None, 9).unwrap();
        assert_eq!((line.len(), line[0].note.as_deref()), (1, Some("第三版")));
        assert!(lost(&mut again).is_empty(), "it was submitted");
    }
}

/// A form of the same kind offers it too, until something is typed there; one of another kind does not.
#[test]
fn the_same_form_offers_it_too() {
    let mut first = console(Lang::En);
    half(&mut first);
    let (before, drafts) = (typed(&first), lost(&mut first));
    let mut again = console(Lang::En);
    back(&mut again, drafts);
    again.key(KeyCode::Char('a')).shows_not("restore draft");
    again.key(KeyCode::F(4));
    assert_eq!(typed(&again)[0], "", "it is another form");
    again.key(KeyCode::Esc).key(KeyCode::Char('d'));
    again.shows("F4 restores a form cut off at");
    again.keys("x").shows_not("restore draft");
    again.key(KeyCode::F(4));
    assert!(typed(&again).contains(&"x".to_owned()), "what is typed is not thrown away");
    again.key(KeyCode::Esc).keys("y").key(KeyCode::Char('d')).key(KeyCode::F(4));
    assert_eq!(typed(&again), before);
    // Left by the person, it is gone.
    again.key(KeyCode::Esc).keys("y").shows_not("restore draft");
    assert!(lost(&mut again).is_empty());
}

/// Who records the same in another form has no use for it any more.
#[test]
fn a_form_of_its_kind_that_is_submitted_ends_it() {
    let mut first = console(Lang::En);
    half(&mut first);
    let drafts = lost(&mut first);
    let mut again = console(Lang::En);
    back(&mut again, drafts);
    again.keys("a").keys("P0003").key(KeyCode::Tab).keys("宁波").key(KeyCode::Tab).key(KeyCode::Tab).keys("宁波");
    again.key(KeyCode::F(2)).shows("restore draft");
    half(&mut again);
    again.key(KeyCode::F(2)).shows_not("restore draft");
    assert!(lost(&mut again).is_empty());
}

/// What was left on purpose, what was recorded after all, and what nobody typed is no draft.
#[test]
fn only_what_was_lost_is_kept() {
    let kept = |lost: bool, recorded: bool, touch: &dyn Fn(&mut Screen)| {
        let mut screen = console(Lang::En);
        touch(&mut screen);
        draft::left(&mut screen.model, lost, |_| recorded).len()
    };
    let saving = |screen: &mut Screen| {
        half(screen);
        if let Some(OpenForm { form, .. }) = screen.model.over_of_mut() {
            form.saving = Some(1);
        }
    };
    assert_eq!(kept(true, false, &half), 1);
    assert_eq!(kept(false, false, &half), 0, "its operator left");
    assert_eq!(kept(true, true, &half), 1, "it had handed in nothing");
    assert_eq!((kept(true, true, &saving), kept(true, false, &saving)), (0, 1));
    assert_eq!(kept(true, false, &|screen| _ = screen.keys("d")), 0, "nothing was typed");
    assert_eq!(kept(true, false, &|screen| _ = screen.keys("r").keys("x")), 0, "nothing is lost of a choice");
    // One that could not be taken any more is not kept.
    let long = |screen: &mut Screen| {
        screen.keys("A");
        if let Some(OpenForm { form, .. }) = screen.model.over_of_mut() {
            for at in 1..form.fields.len() {
                form.focus = at;
                form.paste(&"长".repeat(20_000));
            }
        }
    };
    assert_eq!(kept(true, false, &long), 0);
}

/// The owner keeps each person's drafts apart, one of a kind of form, and not without end.
#[test]
fn drafts_are_their_persons_own_and_bounded() {
    let drafts = Drafts::default();
    let half = |note: &str| {
        let mut screen = console(Lang::En);
        half(&mut screen);
        screen.keys(note);
        lost(&mut screen)
    };
    let last = |drafts: Vec<Draft>| {
        let mut screen = console(Lang::En);
        back(&mut screen, drafts);
        screen.key(KeyCode::F(4));
        typed(&screen).pop().unwrap()
    };
    drafts.keep("ops", half("one"));
    drafts.keep("eve", half("hers"));
    drafts.keep("ops", half("two"));
    assert!(drafts.take("kim").is_empty());
    let mine = drafts.take("ops");
    assert_eq!(mine.len(), 1, "the last of a kind");
    assert!(last(mine).ends_with("two"));
    assert!(drafts.take("ops").is_empty(), "a session has it now");
    assert!(last(drafts.take("eve")).ends_with("hers"));
    // Forms of many kinds, of many people.
    let of_kind = |kind: &str| {
        let mut screen = console(Lang::En);
        screen.keys("r").keys(kind).key(KeyCode::Enter).keys("x");
        lost(&mut screen)
    };
    let kinds: Vec<&str> = koufen::exchange::record::KINDS.iter().map(|kind| kind.word).take(12).collect();
    kinds.iter().for_each(|kind| drafts.keep("ops", of_kind(kind)));
    assert_eq!(drafts.take("ops").len(), 8);
    (0..80).for_each(|n| drafts.keep(&format!("p{n}"), half("x")));
    let there: Vec<usize> = (0..80).map(|n| drafts.take(&format!("p{n}")).len()).collect();
    assert_eq!((there.iter().sum::<usize>(), there[15], there[16]), (64, 0, 1), "the oldest go");
}
