//! Decision 14: two entries that say the same are asked about, not silently taken.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses use the rest")]
mod case;
#[path = "fixture/dice.rs"]
mod dice;
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use binary::Store;
use case::Case;
use crossterm::event::KeyCode;
use dice::Dice;
use koufen::console::update::update;
use koufen::console::{Effect, Message};
use koufen::desk::DeskError;
use koufen::domain::twice::{Earlier, ask};
use koufen::domain::{Command, Refusal};
use koufen::ids::Seq;
use koufen::store::StoreError;
use koufen::words::{Lang, refusal};
use screen::Screen;
use serde_json::Value;

/// A store with a provider and its outlet: entries 1 and 2.
fn store(folder: &tempfile::TempDir) -> Store {
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O000001", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    store
}

/// It is refused as said before by an entry, and taken with `--again`; the new entry.
fn asked_about(store: &Store, args: &[&str], earlier: u64) -> Value {
    let entries = || store.ok(&["stats"])["entries"].as_u64().unwrap();
    let before = entries();
    let (code, error) = store.fails(args);
    let error: Value = serde_json::from_str(error.lines().last().unwrap()).unwrap();
    assert_eq!((code, error["error"]["reason"].as_str().unwrap()), (1, "already recorded"), "{args:?}: {error}");
    assert_eq!(error["error"]["clause"], "decision 14");
    let who = store.ok(&["entry", &earlier.to_string()]);
    let detail = error["error"]["detail"].as_str().unwrap();
    let minute = who["recorded_at"].as_str().unwrap()[..16].to_owned();
    assert!(detail.contains(&format!("Already recorded as {earlier}, by {}, {minute}", who["by"].as_str().unwrap())));
    assert!(detail.contains("--again"), "{detail}");
    assert_eq!(entries(), before, "nothing was recorded");
    let again = store.ok(&[args, &["--again"]].concat());
    assert_eq!(entries(), before + 1, "{args:?} --again");
    again
}

#[test]
fn the_command_line_asks_about_what_is_said_already() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let deduct = ["deduct", "P0001", "brand-standard", "5", "--on", "2011-03-04", "--outlet", "O000001"];
    store.ok(&deduct);
    assert_eq!(asked_about(&store, &deduct, 3)["line"], 4);
    // The latest that says so is named.
    asked_about(&store, &deduct, 4);
    let help = ["request", "open", "O000001", "help", "--at", "2011-03-04T20:00"];
    assert_eq!(store.ok(&help)["request"], 6);
    asked_about(&store, &["request", "open", "O000001", "help", "--at", "2011-03-04T21:30"], 6);
    let complained =
        ["record", "complained", "O000001", "--from", "consumer", "--on", "2011-03-05", "--problem", "退货"];
    assert_eq!(store.ok(&complained)["entry"], 8);
    asked_about(&store, &complained, 8);
    let promotion = ["record", "promotion-held", "P0001", "--title", "年货", "--material-on", "2011-01-10", "--on"];
    store.ok(&[&promotion[..], &["2011-01-15"]].concat());
    asked_about(&store, &[&promotion[..], &["2011年1月15日"]].concat(), 10);
    let text = store.run(&["verify", "--remake"]);
    assert_eq!(text.status.code(), Some(0), "{}", String::from_utf8_lossy(&text.stderr));
}

/// The day, the content and the note each make another entry; so does a provider.
#[test]
fn what_differs_in_anything_is_not_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    store.ok(&["provider", "add", "P0002", "--name", "汇远", "--kind", "third-party", "--city", "宁波"]);
    let complained =
        ["record", "complained", "O000001", "--from", "consumer", "--on", "2011-03-05", "--problem", "发货"];
    store.ok(&complained);
    for other in [
        &["--note", "又一位顾客"][..],
        &["--confirmed-by", "王芳"],
        &["--confirmed-by", "王芳", "--note", "又一位顾客"],
    ] {
        store.ok(&[&complained[..], other].concat());
    }
    store.ok(&["record", "complained", "O000001", "--from", "consumer", "--on", "2011-03-05", "--problem", "退货"]);
    store.ok(&["record", "complained", "O000001", "--from", "outlet", "--on", "2011-03-05", "--problem", "发货"]);
    store.ok(&["record", "complained", "O000001", "--from", "consumer", "--on", "2011-03-06", "--problem", "发货"]);
    for provider in ["P0001", "P0002"] {
        for note in ["晚报", "日报"] {
            for points in ["12", "13"] {
                store.ok(&["deduct", provider, "media-exposure", points, "--on", "2011-03-02", "--note", note]);
            }
        }
    }
    store.ok(&["request", "open", "O000001", "help", "--at", "2011-03-04T20:00"]);
    store.ok(&["request", "open", "O000001", "help", "--at", "2011-03-05T20:00"]);
    store.ok(&["request", "open", "O000001", "exit", "--at", "2011-03-04T20:00"]);
}

/// A line that was reversed does not stand: it is recorded anew without a question, as the reversal advises.
#[test]
fn a_line_that_was_reversed_is_recorded_anew_without_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let deduct = ["deduct", "P0001", "media-exposure", "12", "--on", "2011-03-02", "--note", "报纸"];
    store.ok(&deduct);
    store.ok(&["reverse", "3", "--reason", "误记"]);
    assert_eq!(store.ok(&deduct)["line"], 5);
    asked_about(&store, &deduct, 5);
}

/// A finding that is on record as a line already is asked about before it is charged a second time.
#[test]
fn a_finding_whose_line_was_recorded_by_hand_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let complained = ["record", "complained", "O000001", "--from", "outlet", "--on", "2011-03-05", "--problem", "发货"];
    let finding = store.ok(&complained)["finding"].as_str().unwrap().to_owned();
    let deduct = ["deduct", "P0001", "outlet-complaint", "2", "--on", "2011-03-05", "--outlet", "O000001"];
    let deduct = [&deduct[..], &["--problem", "发货"]].concat();
    store.ok(&[&deduct[..], &["--note", &finding]].concat());
    asked_about(&store, &["finding", "confirm", &finding, "--points", "2"], 4);
}

/// In a roster, rows of one file are lines of their own, and a second import knows them; nobody is asked.
#[test]
fn imports_are_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let file = folder.path().join("lines.csv");
    let row = "P0001,media-exposure,12,2011-03-02,报纸\n";
    std::fs::write(&file, format!("provider_id,article,points,occurred_on,note\n{row}{row}")).unwrap();
    let report = store.ok(&["import", "deductions", file.to_str().unwrap()]);
    assert_eq!((&report["accepted"], &report["rejected"]), (&Value::from(2), &serde_json::json!([])));
    assert_eq!(store.ok(&["import", "deductions", file.to_str().unwrap()])["already"], 2);
    asked_about(&store, &["deduct", "P0001", "media-exposure", "12", "--on", "2011-03-02", "--note", "报纸"], 4);
}

/// What is found does not hang on how the view came to be: followed entry by entry, or made anew.
#[test]
fn a_view_that_is_made_anew_is_the_same_and_finds_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let complained =
        ["record", "complained", "O000001", "--from", "consumer", "--on", "2011-03-05", "--problem", "发货"];
    store.ok(&complained);
    asked_about(&store, &complained, 3);
    let before = store.ok(&["rebuild"])["view"].clone();
    asked_about(&store, &complained, 4);
    std::fs::remove_dir_all(store.path.join("view")).unwrap();
    std::fs::remove_file(store.path.join("view.seal")).unwrap();
    asked_about(&store, &complained, 5);
    assert_ne!(store.ok(&["rebuild"])["view"], before);
    assert_eq!(store.run(&["verify", "--remake"]).status.code(), Some(0));
}

/// What a person typed, in no order, of few words, so that much is said twice: asked about is what the whole journal
/// says already, and nothing else.
#[test]
fn what_is_asked_about_is_what_the_whole_journal_says() {
    let case = Case::at("2011-06-15T10:00");
    let outlets = ["O1", "O2"];
    for id in outlets {
        case.ask(Command::AddOutlet(fixture::outlet(id, "P0001"))).unwrap();
    }
    let mut dice = Dice(14);
    let mut pick = |of: &[&str]| of[usize::try_from(dice.below(of.len() as u64)).unwrap()].to_owned();
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..400 {
        let (outlet, on) = (pick(&outlets), pick(&["2011-05-31", "2011-06-01", "2011-06-02"]));
        let extra = pick(&["", " note=甲", " note=乙", " confirmed_by=王芳"]);
        let typed = match pick(&["brand", "complained", "help", "promotion"]).as_str() {
            "brand" => format!("brand-checked {outlet} passed={} on={on}{extra}", pick(&["yes", "no"])),
            "complained" => format!("complained {outlet} from=consumer problem={} on={on}{extra}", pick(&["a", "b"])),
            "promotion" => format!("promotion-held P0001 title={} material_on=2011-05-01 on={on}", pick(&["a", "b"])),
            _ => format!("help-asked {outlet} at={on}T{} note={}", pick(&["09:00", "15:00"]), pick(&["a", "b"])),
        };
        let command = case.read(&typed).unwrap();
        let event = case.desk.preview(&fixture::who("ops"), &command).unwrap().event;
        let earlier = case.desk.journal_tail(None, 10_000).unwrap().into_iter().find_map(|r| {
            let earlier = Earlier { seq: r.seq, by: r.entry.by, at: r.entry.at, event: r.entry.event };
            ask(&event, &earlier).err()
        });
        match (case.desk.submit_once(&fixture::who("tester"), command), earlier) {
            (Ok(_), None) => taken += 1,
            (Err(DeskError::Refused(refusal)), Some(wanted)) => {
                assert_eq!(refusal, wanted, "{typed}");
                refused += 1;
            }
            (done, wanted) => panic!("{typed}: {done:?}, the journal says {wanted:?}"),
        }
    }
    assert!(taken > 50 && refused > 50, "{taken} {refused}");
}

/// Two who say the same at the same time: one of them is asked.
#[test]
fn of_two_at_the_same_time_one_is_asked() {
    for _ in 0..20 {
        let case = Case::at("2011-06-15T10:00");
        case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
        let command = case.read("complained O1 from=consumer problem=发货").unwrap();
        let done: Vec<_> = std::thread::scope(|scope| {
            let one = || scope.spawn(|| case.desk.submit_once(&fixture::who("tester"), command.clone()));
            let threads = [one(), one(), one(), one()];
            threads.map(|thread| thread.join().unwrap()).into_iter().collect()
        });
        let said = |done: &Result<_, DeskError>| match done {
            Err(DeskError::Refused(Refusal::SaidBefore { seq, by, .. })) => (*seq, by.as_str()) == (Seq(3), "tester"),
            _ => false,
        };
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
        assert_eq!(done.iter().filter(|done| said(done)).count(), 3);
    }
}

#[test]
fn the_question_stands_in_both_languages() {
    let said = Refusal::SaidBefore { seq: Seq(17), by: "王芳".into(), at: koufen::time::Moment(1_300_000_000) };
    let at = koufen::time::show_moment(koufen::time::Moment(1_300_000_000));
    for lang in Lang::ALL {
        let text = refusal(lang, &said);
        assert!(["17", "王芳", at.as_str(), "14"].iter().all(|part| text.contains(part)), "{text}");
    }
}

/// A provider with an outlet, on the screen of providers.
fn screen(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    let who = fixture::who("王芳");
    let provider = fixture::provider("P0007", "杭州捷达商贸");
    screen.desk.submit(&who, Command::AddProvider(provider)).unwrap();
    screen.desk.submit(&who, Command::AddOutlet(fixture::outlet("O000007", "P0007"))).unwrap();
    screen.refresh();
    screen
}

/// A deduction as it is typed, ready to be saved.
fn media(screen: &mut Screen) -> &mut Screen {
    screen.keys("d").keys("media").key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Tab).keys("IMG_7");
    screen.key(KeyCode::BackTab).key(KeyCode::BackTab)
}

#[test]
fn a_form_shows_the_question_and_a_second_save_takes_it() {
    for (lang, size) in [(Lang::En, (120, 36)), (Lang::ZhCn, (80, 24)), (Lang::En, (60, 15))] {
        let mut screen = screen(lang, size);
        media(&mut screen).key(KeyCode::F(2));
        assert_eq!(screen.entries(), 3);
        let at = "2011-03-18T14:02".to_owned();
        let args = [("seq", "3".to_owned()), ("by", "ops-2".to_owned()), ("at", at)];
        let question = lang.say_texts("refusal-said-before", &args) + &lang.say("form-again");
        media(&mut screen).key(KeyCode::F(2)).shows(&question);
        assert_eq!(screen.entries(), 3, "asked about, not taken");
        screen.key(KeyCode::F(2)).shows_not(&question);
        assert_eq!(screen.entries(), 4);
        media(&mut screen).key(KeyCode::F(2)).shows(&question.replacen('3', "4", 1)).key(KeyCode::Esc).keys("y");
        assert_eq!(screen.entries(), 4, "who leaves records nothing");
    }
}

#[test]
fn what_is_changed_after_the_question_is_asked_anew() {
    let mut screen = screen(Lang::En, (120, 36));
    media(&mut screen).key(KeyCode::F(2));
    media(&mut screen).key(KeyCode::F(2)).shows("Already recorded as 3");
    // Another number is another deduction: it is taken without a question.
    screen.keys("+").shows_not("Already recorded").key(KeyCode::F(2));
    assert_eq!(screen.entries(), 4);
    // Changed and changed back, the question is put again before anything is taken.
    media(&mut screen).key(KeyCode::F(2)).shows("Already recorded as 3").keys("+").keys("-").key(KeyCode::F(2));
    screen.shows("Already recorded as 3");
    assert_eq!(screen.entries(), 4);
    // Changed to what another entry says, that one is named.
    screen.keys("+").key(KeyCode::F(2)).shows("Already recorded as 4");
    assert_eq!(screen.entries(), 4);
    screen.key(KeyCode::F(2));
    assert_eq!(screen.entries(), 5);
}

/// A save that failed for another reason is no answer to the question, which was not asked: meanwhile somebody else may
/// have recorded the same.
#[test]
fn a_save_that_failed_answers_no_question() {
    let mut screen = screen(Lang::En, (120, 36));
    media(&mut screen);
    let press = |screen: &mut Screen| {
        let key = crossterm::event::KeyEvent::new(KeyCode::F(2), crossterm::event::KeyModifiers::NONE);
        match update(&mut screen.model, Message::Key(key)).as_slice() {
            [Effect::Submit(number, command, again)] => (*number, command.clone(), *again),
            other => panic!("{other:?}"),
        }
    };
    let (number, command, again) = press(&mut screen);
    assert!(!again);
    screen.hear(Message::Saved(number, Err(StoreError::Unanswered.into())));
    screen.desk.submit(&fixture::who("王芳"), command).unwrap();
    let entries = screen.entries();
    screen.key(KeyCode::F(2)).shows("Already recorded");
    assert_eq!(screen.entries(), entries);
    screen.key(KeyCode::F(2));
    assert_eq!(screen.entries(), entries + 1);
}

#[test]
fn save_and_next_asks_too_and_goes_on_after_the_second() {
    let mut screen = screen(Lang::En, (120, 36));
    media(&mut screen).key(KeyCode::F(2));
    media(&mut screen).key(KeyCode::F(3)).shows("Already recorded as 3").key(KeyCode::F(3));
    assert_eq!(screen.entries(), 4);
    screen.shows("Record a deduction").shows("article media-exposure").shows_not("Already recorded");
}

#[test]
fn forms_of_records_and_requests_ask_too() {
    let mut screen = screen(Lang::En, (120, 36));
    for (word, save) in [("brand-checked", 4), ("help-asked", 6)] {
        for (at, entries) in [(1, save - 1), (2, save - 1), (3, save)] {
            if at < 3 {
                screen.keys("r").keys(word).key(KeyCode::Enter).keys("O000007");
            }
            screen.key(KeyCode::F(2));
            assert_eq!(screen.entries(), entries, "{word} {at}: {}", screen.rows().join("\n"));
            if at == 2 {
                screen.shows(&format!("Already recorded as {}, by ops-2", save - 1));
            }
        }
    }
}
