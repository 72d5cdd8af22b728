//! What a designer mended on the screens, each a test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::{Message, draw};
use koufen::domain::life::OutletStage;
use koufen::domain::{Command, Deduction, Measured, Outlet, Provider, Refusal, RequestKind, Standing};
use koufen::ids::OutletId;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::{parse_day, parse_moment};
use koufen::words::{self, Lang};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;
use screen::Screen;
use unicode_width::UnicodeWidthStr;

/// A provider with an outlet, a line of it, and a request whose answer was due days ago.
fn story(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
    did(Command::AddProvider(fixture::provider("P0007", "杭州捷达商贸")));
    did(Command::AddOutlet(fixture::outlet("O000001", "P0007")));
    did(Command::Deduct(line::brand("P0007", "O000001")));
    let (outlet, at) = ("O000001".parse().unwrap(), parse_moment("2011-03-14T10:00").ok());
    did(Command::OpenRequest { outlet, kind: RequestKind::Help, at, note: None });
    screen.refresh();
    screen
}

/// Regression: where something is chosen, snoozed or assigned, the button and the footer said "save".
#[test]
fn a_button_says_what_it_does() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let save = format!("[{}]", lang.say("form-save"));
        for (keys, does) in [("1r", "form-choose"), ("3s", "key-snooze"), ("3@", "key-assign")] {
            let does = lang.say(does);
            screen.keys(keys).shows(&format!("[{does}]")).shows_not(&save);
            let key = if keys == "1r" { "Enter" } else { "F2" };
            screen.shows(&format!("{key} {does}")).key(KeyCode::Esc);
        }
        screen.keys("1d").shows(&save);
    }
}

/// Regression: at 80 columns the journal cut what an entry is about after its article, and showed hashes.
#[test]
fn a_narrow_journal_says_what_an_entry_is_about() {
    for lang in Lang::ALL {
        let points = words::points(lang, Points(line::brand("P0007", "O000001").points.0));
        let book = Rulebook::shipped().unwrap();
        let title = lang.of(&book.article("brand-standard").unwrap().title);
        let about = format!("P0007 {title} {points}");
        for (columns, year) in [(80, false), (120, true)] {
            let mut screen = story(lang, (columns, 24));
            screen.keys("6").shows(&about).shows("03-18 14:02");
            // Columns are as wide as what is in them.
            let kind = format!(" ops-2 {} ", lang.say("event-deduction"));
            assert!(screen.rows().iter().any(|row| row.contains(&kind)), "{}", screen.rows().join("\n"));
            assert_eq!(screen.has("2011-03-18 14:02 ops-2"), year, "{}", screen.rows().join("\n"));
        }
    }
}

/// Regression: rows of the journal said kinds and moments as files have them.
#[test]
fn the_journal_speaks_the_language() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (120, 24));
        screen.keys("3a").refresh();
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        did(Command::AmendProvider(fixture::provider("P0007", "捷达")));
        screen.refresh();
        let request = [("what", lang.say("request-help")), ("due", "03-14 22:00".to_owned())];
        let (kind, done) = (lang.say("obligation-help-answer"), lang.say("alert-state-acknowledged"));
        screen.keys("6").shows(&lang.say_texts("about-request", &request)).shows(&format!("P0007 {kind} #4 · {done}"));
        let rows = screen.rows().join("\n");
        for raw in ["T10:00", "brand-standard", "due/", "+ ", "~ ", "* "] {
            assert!(!rows.contains(raw), "{raw}: {rows}");
        }
        // The whole entry has it to the letter.
        let alert = screen.rows().iter().position(|row| row.contains("· ")).unwrap();
        (3..alert).for_each(|_| screen.hear(Message::Key(KeyCode::Down.into())));
        screen.key(KeyCode::Enter).shows("due/4.help-answer");
    }
}

/// Regression: at 80 columns the words of states that no alert had took the room of what an alert says.
#[test]
fn a_narrow_list_of_alerts_says_since_when() {
    let mut screen = story(Lang::En, (80, 24));
    let row = |screen: &Screen| screen.rows().into_iter().find(|row| row.contains("help answer")).unwrap();
    let loud = row(screen.keys("3"));
    assert!(loud.contains("▲ firing 2.2.2 "), "{loud}");
    let marked = row(screen.keys("a"));
    assert!(marked.contains("– acknowledged 2.2.2 "), "{marked}");
}

/// Regression: at 80 columns the words of states that no finding had took the room of the provider's name.
#[test]
fn a_narrow_list_of_findings_is_as_wide_as_its_states() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let (outlet, at) = ("O000001".parse().unwrap(), parse_moment("2011-03-10T10:00").ok());
        let open = Command::OpenRequest { outlet, kind: RequestKind::Exit, at, note: None };
        screen.desk.submit(&fixture::who("ops-2"), open).unwrap();
        screen.refresh();
        let rows = screen.keys("4").rows();
        let stands = format!("● {} P0007 ", lang.say("finding-open"));
        assert!(rows.iter().any(|row| row.contains(&stands)), "{}", rows.join("\n"));
    }
}

/// Regression: at 80 columns findings had room for two characters of a provider's name.
#[test]
fn a_narrow_list_of_findings_says_the_name() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        let outlet: OutletId = "O000001".parse().unwrap();
        let at = |text: &str| parse_moment(text).ok();
        did(Command::OpenRequest { outlet, kind: RequestKind::Exit, at: at("2011-03-07T10:00"), note: None });
        screen.refresh();
        let figures = screen.keys("4").model.shared.findings[0].finding.measured.clone();
        assert!(matches!(figures, Measured::Late { .. }), "{figures:?}");
        let row = screen.rows().into_iter().find(|row| row.contains("P0007")).unwrap();
        let whole = words::measured(lang, &figures);
        let figures = whole.replace("2011-", "");
        assert!(row.contains(" 杭州捷达商贸 2.2.4(1) ") && row.contains(&figures), "{row}");
        // Figures of another year have it.
        screen.clock.set(at("2012-01-05T10:00").unwrap());
        screen.hear(Message::Tick(at("2012-01-05T10:00").unwrap()));
        screen.shows(&whole);
    }
}

/// Regression: at 80 columns whose an alert is was said by an id alone, also where most of the row was empty; and a form
/// said what it is about by ids.
#[test]
fn an_alert_says_whose_it_is() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (120, 24));
        let row = screen.keys("3").rows().into_iter().find(|row| row.contains("P0007")).unwrap();
        assert!(row.contains("杭州捷达"), "{row}");
        let alert = screen.model.shared.alerts[0].clone();
        let says = words::alert(lang, &screen.model.shared.book, &alert);
        screen.keys("s").shows(&format!("{says} {} {} 杭州捷达商贸", words::field(lang, "alert"), alert.id()));
    }
    // Where one says too much for a column of names, those that say less have it at their end.
    let mut screen = story(Lang::En, (80, 24));
    let on = parse_day("2011-03-03").unwrap();
    let line = Deduction { evidence: Some("photo".into()), ..line::of("P0007", "competing-business", 100, on) };
    screen.desk.submit(&fixture::who("ops-2"), Command::TakeIn(line)).unwrap();
    screen.refresh();
    let rows = screen.keys("3").rows();
    assert!(
        rows.iter().any(|row| row.contains("termination may") && row.ends_with(" 杭州捷达商贸┃")),
        "{}",
        rows.join("\n")
    );
    assert!(rows.iter().any(|row| row.contains("P0007  help answer")), "{}", rows.join("\n"));
}

/// Regression: a provider's kind stood in its form by the word of files alone.
#[test]
fn a_kind_is_said_in_the_language() {
    let mut screen = story(Lang::ZhCn, (80, 24));
    screen.keys("1e").shows("third-party 第三方");
}

/// Due at 80 columns: the entry's number gives its room to the name, and has it where there is more.
#[test]
fn a_deadline_says_whose_it_is() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let named = Command::AmendProvider(fixture::provider("P0007", "杭州捷达信息服务有限公司"));
        screen.desk.submit(&fixture::who("ops-2"), named).unwrap();
        screen.refresh();
        screen.keys("2").shows("P0007 O000001 杭州捷达信息服").shows_not("#4");
        screen.hear(Message::Resize(120, 24));
        screen.shows("P0007 O000001 杭州捷达信息服务有限公司").shows("#4");
    }
}

/// Regression: where what a row says ends before its pane does, the mark of the selected one ended too.
#[test]
fn the_selected_row_is_marked_to_its_end() {
    for at in ["1", "2", "3", "6", "7"] {
        let mut screen = story(Lang::En, (200, 24));
        screen.keys(at);
        let mut terminal = Terminal::new(TestBackend::new(200, 24)).unwrap();
        terminal.draw(|frame| draw::draw(&screen.model, frame)).unwrap();
        let (buffer, selected) = (terminal.backend().buffer(), screen.model.shared.theme.selected);
        let marked: Vec<u16> = (1..199).filter(|x| buffer[(*x, 3)].bg == selected).collect();
        assert!(marked.len() > 30, "{at}: {marked:?}");
        assert!(marked.last().is_none_or(|last| *last == 198 || buffer[(last + 1, 3)].symbol() == "┃"), "{at}");
    }
}

/// Regression: at 60 columns the last tabs had no room, the one that is seen neither, and the list of keys cut its words.
#[test]
fn the_narrowest_screen_has_all_tabs() {
    let mut screen = story(Lang::En, (60, 15));
    for (at, title) in (1..=7).zip(koufen::console::screens::SCREENS) {
        let tabs = screen.keys(&at.to_string()).rows().swap_remove(1);
        assert!(tabs.contains(&format!(" {at} {} ", Lang::En.say(title.title))), "{tabs}");
        assert!((1..=7).all(|n| tabs.contains(&format!(" {n} "))), "{tabs}");
    }
    screen.keys("?").shows("a page down").shows("back (never quits)");
}

/// Regression: on a small terminal the list of keys was cut, and nobody saw the rest of it.
#[test]
fn all_keys_can_be_seen_on_a_small_terminal() {
    for lang in Lang::ALL {
        let (mut large, mut small) = (story(lang, (120, 36)), story(lang, (60, 15)));
        large.keys("?").shows("score>=50").keys("j").shows_not("score>=50");
        let first = format!("{} · 1–9/", lang.say("key-help"));
        small.keys("?").shows(&first).shows_not("score>=50").shows(&lang.say("key-scroll"));
        small.keys("jjj").shows_not(&first).keys("G").shows("score>=50").keys("g").shows(&first);
        small.key(KeyCode::PageDown).shows(" · 10–18/").keys("x").shows_not(&lang.say("key-scroll"));
    }
}

/// Regression: what is late lost its red where it was selected.
#[test]
fn what_is_late_is_red_where_it_is_selected_too() {
    let mut screen = story(Lang::En, (80, 24));
    screen.keys("2").shows("Deadlines 1/1");
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| draw::draw(&screen.model, frame)).unwrap();
    let (buffer, theme) = (terminal.backend().buffer(), &screen.model.shared.theme);
    let cell = buffer.content.iter().find(|cell| cell.symbol() == "▲").unwrap();
    assert_eq!((cell.fg, cell.bg), (theme.danger, theme.selected));
}

/// Regression: on an empty store the journal was blank, and the cases were of a provider without a name.
#[test]
fn an_empty_store_says_so_on_every_screen() {
    for lang in Lang::ALL {
        let mut screen = Screen::empty(lang, (80, 24));
        // The screens are told once what there is not.
        screen.refresh();
        let first = lang.say("empty-store").lines().next().unwrap().to_owned();
        let row = screen.keys("R").rows().into_iter().find(|row| row.contains(&first));
        assert!(row.is_some_and(|row| row.starts_with(&format!("┃ {first}"))), "{}", screen.rows().join("\n"));
        screen.keys("5").shows(&lang.say("no-provider")).shows_not(&lang.say("stage-none"));
        screen.keys("6R").shows(&lang.say("no-entries"));
        // A command stands in one row.
        for (keys, key) in [("2", "no-deadlines"), ("4", "no-findings")] {
            let rows = screen.keys(keys).rows().join("\n");
            for command in lang.say(key).split('`').skip(1).step_by(2) {
                assert!(rows.contains(&format!("`{command}`")), "{command} in\n{rows}");
            }
        }
    }
}

/// Regression: the footer of an empty store had keys that only said "select something first".
#[test]
fn an_empty_store_offers_what_can_be_done() {
    for lang in Lang::ALL {
        for size in [(80, 24), (200, 60)] {
            let mut screen = Screen::empty(lang, size);
            screen.refresh();
            for at in '1'..='7' {
                let footer = screen.keys(&at.to_string()).rows().pop().unwrap();
                let said = |key: &str, does: &str| format!(" {key} {}  ", lang.say(does));
                let add = if at == '1' { said("a", "key-add") } else { String::new() };
                let wanted = format!("{add}{}{}", said("?", "key-help"), said("q", "key-quit"));
                assert_eq!(footer.trim_end(), wanted.trim_end(), "{at}");
            }
            // Also where no provider's outlets have the focus.
            screen.keys("1").key(KeyCode::Tab).keys("a").shows(&lang.say("form-add-provider"));
        }
    }
}

/// Regression: at 80 columns the footer of the providers had no room for the filter, for keys of a ledger that is not seen.
#[test]
fn keys_of_a_pane_that_is_not_seen_are_not_offered() {
    let mut screen = story(Lang::En, (80, 24));
    let footer = |screen: &mut Screen| screen.rows().pop().unwrap();
    let first = footer(screen.keys("1"));
    assert!(!first.contains(" u reverse") && !first.contains(" v void") && first.contains(" / filter"), "{first}");
    let outlets = footer(screen.key(KeyCode::Tab));
    assert!(outlets.contains(" e edit") && outlets.contains(" u reverse") && outlets.contains(" v void"), "{outlets}");
    let ledger = footer(screen.key(KeyCode::Tab));
    assert!(!ledger.contains(" e edit") && ledger.contains(" u reverse"), "{ledger}");
}

/// Regression: the filter of the providers stood in the head of screens whose lists it does not narrow.
#[test]
fn the_filter_shows_where_it_narrows() {
    let mut screen = story(Lang::En, (80, 24));
    screen.keys("/P0007").key(KeyCode::Enter);
    let head = |screen: &mut Screen| screen.rows().swap_remove(1);
    assert!(head(&mut screen).contains("/ P0007"));
    for at in '2'..='7' {
        let head = head(screen.keys(&at.to_string()));
        assert!(!head.contains("/ P0007") && head.contains(" 3 Alerts "), "{at}: {head}");
    }
    assert!(head(screen.keys("1")).contains("/ P0007"));
}

/// Regression: providers' names were cut while other panes had room to give, and cities of three characters always.
#[test]
fn names_have_the_room_that_is_there() {
    let name = "杭州捷达信息服务有限公司";
    for (lang, columns) in Lang::ALL.into_iter().flat_map(|lang| [80, 120, 200].map(|columns| (lang, columns))) {
        let mut screen = story(lang, (columns, 24));
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        did(Command::AddProvider(fixture::provider("P0008", name)));
        let outlet =
            Outlet { city: "嘉峪关".into(), name: "中山路1号".into(), ..fixture::outlet("O000002", "P0008") };
        did(Command::AddOutlet(outlet));
        screen.refresh();
        screen.key(KeyCode::Down);
        let rows = screen.rows();
        let row = rows.iter().find(|row| row.contains(name)).unwrap_or_else(|| panic!("{}", rows.join("\n")));
        let good = words::standing(lang, Standing::Good);
        assert!(row.contains(&good), "{columns}: {row}");
        screen.shows("O000002 中山路1号");
        screen.key(KeyCode::Tab).shows("嘉峪关").shows("O000002 中山路1号").key(KeyCode::Esc);
        // Where a panes' room ends, the word of the standing gives up its own, and the sign stays.
        screen.hear(Message::Resize(60, 24));
        screen.shows_not(&format!("{good}│")).shows("杭州捷达信息服");
    }
}

/// Regression: at 80 columns standings stood as `suspe…` and `termi…` in English. A word that has no room gives way to a
/// shorter one, and that to the sign alone; none is cut, and the pane takes no more room than it makes use of.
#[test]
fn no_word_of_a_standing_is_cut() {
    for (lang, columns) in Lang::ALL.into_iter().flat_map(|lang| [60, 80, 100, 120, 200].map(|size| (lang, size))) {
        let mut screen = story(lang, (columns, 24));
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        let standings = [
            ("P0008", 2, "!", Standing::Watch),
            ("P0009", 3, "‖", Standing::Suspended),
            ("P0010", 5, "✗", Standing::Terminable),
        ];
        for (provider, lines, ..) in standings {
            did(Command::AddProvider(fixture::provider(provider, "湖州百川电子商务有限公司")));
            for day in 1..=lines {
                let on = parse_day(&format!("2011-03-0{day}")).unwrap();
                let evidence = Some("晚报".to_owned());
                did(Command::Deduct(Deduction { evidence, ..line::of(provider, "media-exposure", 20, on) }));
            }
        }
        screen.refresh();
        let rows = screen.rows();
        for (provider, _, sign, standing) in standings {
            let row = rows.iter().find(|row| row.contains(provider)).unwrap_or_else(|| panic!("{}", rows.join("\n")));
            let said: String = row.split(sign).nth(1).unwrap().chars().take_while(|c| !"┃│".contains(*c)).collect();
            let word = match columns {
                60 => String::new(),
                80 => words::standing_short(lang, standing),
                _ => words::standing(lang, standing),
            };
            assert_eq!(said.trim(), word, "{columns}: {row}");
            // The widest of them ends at the frame: what the list does not need, its neighbours have.
            let blanks = said.len() - said.trim_end().len();
            assert!(columns == 60 || standing != Standing::Terminable || blanks == 0, "{columns}: {row}");
        }
    }
}

/// Where there is no room for the days on which outlets signed, one that is not simply open still says so.
#[test]
fn where_an_outlet_stands_is_always_said() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        let signed_on = parse_day("2010-03-01").ok();
        let name = "滨海大道441号便利店".to_owned();
        did(Command::AddOutlet(Outlet { name, signed_on, ..fixture::outlet("O000002", "P0007") }));
        let at = parse_moment("2011-03-18T10:00").ok();
        did(Command::OpenRequest { outlet: "O000001".parse().unwrap(), kind: RequestKind::Exit, at, note: None });
        screen.refresh();
        let exiting = words::stage(lang, OutletStage::Exiting);
        let rows = screen.rows();
        let row = rows.iter().find(|row| row.contains("O000001")).unwrap();
        assert!(row.trim_end_matches('│').ends_with(&format!(" {exiting}")), "{row}");
        screen.shows_not("2010-03-01").key(KeyCode::Tab).shows(&exiting).keys("+").shows("2010-03-01").shows(&exiting);
    }
}

/// Regression: the form of an audit began with a fault, and its word on the columns of the sheet was never seen.
#[test]
fn an_audit_that_was_not_begun_has_no_fault() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let missing = words::refusal(lang, &Refusal::Missing { field: "auditors" });
        let columns = lang.say_texts("sheet-columns", &[("columns", "article,".into())]);
        let columns = columns.split_once(',').unwrap().0;
        screen.keys("1A").shows(columns).shows_not(&missing);
        let entries = screen.entries();
        screen.key(KeyCode::F(2)).shows(&missing);
        assert_eq!(screen.entries(), entries);
    }
}

/// Regression: a third of the row stood empty while what the case is was cut.
#[test]
fn a_narrow_case_says_its_target() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        screen.keys("5r").keys("territory-confirmed").key(KeyCode::Enter).key(KeyCode::Tab).keys("8700373");
        screen.key(KeyCode::F(2)).keys("5");
        let told = [("city", "杭州"), ("opened", "1"), ("first", "567"), ("target", "871")];
        let told = told.map(|(name, value)| (name, value.to_owned()));
        screen.shows(&lang.say_texts("case-rollout", &told));
    }
}

/// Regression: columns of kinds that no case had, and second blanks, took the room of what a case is.
#[test]
fn the_columns_of_cases_are_as_wide_as_what_is_in_them() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let provider =
            Provider { city: "呼和浩特市新城区".into(), ..fixture::provider("P0007", "杭州捷达商贸") };
        screen.desk.submit(&fixture::who("ops-2"), Command::AmendProvider(provider)).unwrap();
        screen.refresh();
        screen.keys("5r").keys("territory-confirmed").key(KeyCode::Enter).key(KeyCode::Tab);
        screen.keys("8700373").key(KeyCode::F(2)).keys("5");
        let told = [("city", "呼和浩特市新城区"), ("opened", "0"), ("first", "567"), ("target", "871")];
        let told = told.map(|(name, value)| (name, value.to_owned()));
        let (kind, rows) = (lang.say("case-territory"), screen.rows().join("\n"));
        let row = format!("┃{kind} 2011-03-18 {} ", lang.say_texts("case-rollout", &told));
        assert!(rows.contains(&row), "{row} in\n{rows}");
    }
}

/// Regression: beside words with a capital letter stood `deposit` and `contract`, and `Ledger` beside `outlets`.
#[test]
fn words_beside_each_other_are_written_alike() {
    let kinds = ["admission", "territory", "conference", "deposit", "contract", "training", "objection", "exit"];
    for kind in kinds {
        let word = Lang::En.say(&format!("case-{kind}"));
        assert!(word.starts_with(char::is_uppercase), "{word}");
    }
    let mut screen = story(Lang::En, (120, 24));
    screen.shows("P0007 outlets 1").shows("P0007 ledger 2011");
    // Of what a form would do each line begins with what it is of.
    let alert = ["alert", "what"].map(|name| (name, name.to_owned()));
    let says = ["", "-other", "-over"].map(|key| Lang::En.say_texts(&format!("change-alert{key}"), &alert));
    assert_eq!(says, ["Alert: alert: what", "Alert changes: alert: what", "Alert over: alert: what"]);
}

/// The rows of the window over a screen, from its title on.
fn over(screen: &Screen) -> Vec<String> {
    screen.rows().into_iter().skip_while(|row| !row.starts_with('╭')).take_while(|row| !row.starts_with('╰')).collect()
}

/// Regression: a form that handles an alert or a finding cut what that says, though it had blank rows.
#[test]
fn a_form_says_whole_what_it_handles() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| [(80, 24), (60, 15)].map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        let did = |command| screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
        did(Command::AmendProvider(fixture::provider("P0007", "杭州捷达信息服务有限公司")));
        let (outlet, at) = ("O000001".parse().unwrap(), parse_moment("2011-03-10T10:00").ok());
        did(Command::OpenRequest { outlet, kind: RequestKind::Exit, at, note: None });
        // An alert of an outlet with a long id says more than there is room for in a row of the narrowest screen.
        let (id, at) = ("O000000000000002", parse_moment("2011-03-07T10:00").ok());
        did(Command::AddOutlet(fixture::outlet(id, "P0007")));
        did(Command::OpenRequest { outlet: id.parse().unwrap(), kind: RequestKind::Help, at, note: None });
        screen.refresh();
        let book = Rulebook::shipped().unwrap();
        screen.keys("3");
        let at = screen.model.shared.alerts.iter().position(|a| words::alert(lang, &book, a).contains(id)).unwrap();
        (0..at).for_each(|_| screen.hear(Message::Key(KeyCode::Down.into())));
        let alert = words::alert(lang, &book, &screen.model.shared.alerts[at]);
        let finding = lang.of(&book.article("exit-response").unwrap().title).to_owned();
        for (keys, says) in [("3s", &alert), ("3@", &alert), ("4c", &finding), ("4x", &finding)] {
            let form = over(screen.keys(keys)).join("\n");
            let plain = |text: &str| text.replace([' ', '│', '\n'], "");
            assert!(plain(&form).contains(&plain(says)), "{size:?} {keys}: {says} in\n{form}");
            screen.key(KeyCode::Esc);
        }
    }
}

/// Regression: at 80 columns titles and labels of forms were cut, some at any width, and what a field takes with them.
#[test]
fn every_form_says_whole_what_it_asks_for() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        for kind in koufen::exchange::record::KINDS {
            screen.keys("1r").keys(kind.word).key(KeyCode::Enter);
            let form = over(&screen).join("\n");
            assert!(form.contains(&words::record(lang, kind.word)), "{}:\n{form}", kind.word);
            let cut = |row: &str| row.split_once('…').is_some_and(|(label, _)| label.width() < 34);
            assert!(!form.lines().any(cut), "{}:\n{form}", kind.word);
            screen.key(KeyCode::Esc);
        }
        screen.keys("1r").keys("override-agreed").key(KeyCode::Enter);
        let rule = format!("{}    {}", words::field(lang, "rule_name"), lang.say("takes-rule-name"));
        screen.shows(&rule).shows(&lang.say("takes-value"));
    }
}

/// Regression: the longest label of a form ran into what was typed beside it, and `no` was underlined.
#[test]
fn a_label_is_told_from_what_stands_beside_it() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        screen.key(KeyCode::Tab).key(KeyCode::Tab).keys("v");
        let label = format!("{}  {}", words::field(lang, "dependents"), lang.say("value-no"));
        let rows = screen.rows();
        let y = rows.iter().position(|row| row.contains(&label)).unwrap_or_else(|| panic!("{}", rows.join("\n")));
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| draw::draw(&screen.model, frame)).unwrap();
        let lined =
            |x| terminal.backend().buffer()[(x, u16::try_from(y).unwrap())].modifier.contains(Modifier::UNDERLINED);
        assert!(!(0..80).any(lined), "{}", rows[y]);
    }
}

/// Regression: in the list of what can be recorded a column of nothing took the room of the titles, which were cut, and
/// decisions were named in English whatever the language.
#[test]
fn a_picker_spends_no_room_on_nothing() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let (clause, title) = (words::clause(lang, "decision 27"), words::record_title(lang, "objection-heard"));
        screen.keys("1r").keys("objection-heard");
        let row = format!("objection-heard  {clause}  {title}");
        let form = over(&screen).join("\n");
        assert!(form.contains(&row), "{row} in\n{form}");
        // It is found by either name.
        for typed in ["decision 27", &clause] {
            screen.key(KeyCode::Esc).keys("y").keys("1r").keys(typed).shows(&format!("objection-heard {clause}"));
        }
    }
}

/// Regression: at 80 columns the last character of an entry's hash stood alone on a line of its own.
#[test]
fn a_hash_that_has_no_room_is_broken_in_halves() {
    let mut screen = story(Lang::En, (80, 24));
    screen.keys("6").key(KeyCode::Enter);
    let hash: String = screen.model.shared.journal[0].hash.iter().map(|b| format!("{b:02x}")).collect();
    let rows = screen.rows();
    let at = rows.iter().position(|row| row.contains(&hash[..32])).unwrap_or_else(|| panic!("{}", rows.join("\n")));
    assert!(rows[at].contains(&format!("hash         {} ", &hash[..32])), "{}", rows[at]);
    assert!(rows[at + 1].contains(&format!("             {} ", &hash[32..])), "{}", rows[at + 1]);
}

/// Regression: the window of a line was half blank, and what went on in it stood under the label.
#[test]
fn a_line_in_full_is_as_high_as_what_it_says() {
    for (lang, columns) in Lang::ALL.into_iter().flat_map(|lang| [60, 80].map(|columns| (lang, columns))) {
        let mut screen = story(lang, (columns, 24));
        let line = Deduction { note: Some("照片两张".into()), ..line::brand("P0007", "O000001") };
        screen.desk.submit(&fixture::who("ops-2"), Command::Deduct(line)).unwrap();
        screen.refresh();
        screen.key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Up).key(KeyCode::Enter);
        let (rows, edge) = (screen.rows(), |row: &String, edge| row.contains(edge));
        let [top, end] = ['╭', '╰'].map(|edges| rows.iter().position(|row| edge(row, edges)).unwrap());
        // Article, points, day, outlet, who; a blank and the note.
        let (wrapped, rest) = ((lang, columns) == (Lang::En, 60), "(1.6.2(1)) ");
        assert_eq!(end - top - 1, 7 + usize::from(wrapped), "{}", rows.join("\n"));
        let title = Rulebook::shipped().unwrap().article("brand-standard").unwrap().title.clone();
        let begins = format!("  {} · brand-standard ", lang.of(&title));
        let under = format!("│ {}{rest}", " ".repeat("occurred on  ".len()));
        let shows = if wrapped { rows[top + 2].contains(&under) } else { rows[top + 1].contains(&(begins + rest)) };
        assert!(shows, "{}", rows.join("\n"));
    }
}

/// What a line lacks stands out in its window.
#[test]
fn what_a_line_lacks_is_a_warning() {
    let mut screen = story(Lang::En, (120, 24));
    let line = line::of("P0007", "media-exposure", 12, parse_day("2011-03-04").unwrap());
    screen.desk.submit(&fixture::who("ops-2"), Command::TakeIn(line)).unwrap();
    screen.refresh();
    screen.key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Up).key(KeyCode::Enter);
    let rows = screen.rows();
    let y = rows.iter().position(|row| row.contains("koufen support")).unwrap_or_else(|| panic!("{}", rows.join("\n")));
    let mut terminal = Terminal::new(TestBackend::new(120, 24)).unwrap();
    terminal.draw(|frame| draw::draw(&screen.model, frame)).unwrap();
    let warning = screen.model.shared.theme.warning;
    let warns = |x: u16| terminal.backend().buffer()[(x, u16::try_from(y).unwrap())].fg == warning;
    assert!((0..120).filter(|x| warns(*x)).count() > 20, "{}", rows[y]);
}

/// Regression: where the filter fits nobody, one was asked to add outlets to nobody.
#[test]
fn nobody_has_no_outlets() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        // The sentences are wrapped in their panes: how they begin is in one row.
        let begins = |key: &str| lang.say(key).chars().take(5).collect::<String>();
        screen.keys("1/zzz").shows(&begins("no-match")).shows_not(&begins("no-outlets"));
        let title = format!("┌ {} 0 ", lang.say("pane-outlets"));
        assert!(screen.rows()[2].contains(&title), "{}", screen.rows().join("\n"));
    }
}
