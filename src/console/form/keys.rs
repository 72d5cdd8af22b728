//! What a key does to a form.

use super::super::pick::Choices;
use super::{Field, Form, Pressed, Purpose, check};
use crate::rulebook::Rulebook;
use crate::time::Moment;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

impl Form {
    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent, from: &Choices<'_>, now: Moment) -> Pressed {
        if self.leaving {
            self.leaving = false;
            let yes = matches!(key.code, KeyCode::Char('y' | 'Y' | 'ｙ' | 'Ｙ'));
            return if yes { Pressed::Close } else { Pressed::Stay };
        }
        self.go_to_reason(key);
        if let Some(c) = self.plain(key) {
            self.push(c);
            return Pressed::Stay;
        }
        self.flush();
        let on_note = self.fields.get(self.focus).is_some_and(|f| f.lines);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return self.leave(),
            KeyCode::Char('u') if control => self.clear(),
            KeyCode::Esc => return self.leave(),
            KeyCode::F(2) => return self.save(false, from, now),
            KeyCode::F(3) => return self.save(true, from, now),
            // Over a slow line an Esc and an Enter that follow each other come as one key: what was to be left is not saved.
            KeyCode::Enter if alt => return self.leave(),
            KeyCode::Tab => self.go(true, from, now),
            KeyCode::BackTab => self.go(false, from, now),
            KeyCode::Down | KeyCode::Up if !self.choices(from).choices.is_empty() => self.turn(key.code, from),
            KeyCode::Down if !on_note => self.go(true, from, now),
            KeyCode::Up if !on_note => self.go(false, from, now),
            KeyCode::Enter if self.purpose == Purpose::ChooseRecord => return self.save(false, from, now),
            KeyCode::Enter if self.focus == usize::MAX => return self.leave(),
            KeyCode::Enter if self.focus == self.fields.len() => return self.save(false, from, now),
            KeyCode::Enter if !on_note => self.go(true, from, now),
            KeyCode::Char('+' | '＋') if self.nudges() => self.nudge(1, from.book),
            KeyCode::Right if self.on("points") => self.nudge(1, from.book),
            KeyCode::Char('-' | '－') | KeyCode::Left if self.on("points") => self.nudge(-1, from.book),
            KeyCode::Char(' ' | '\u{3000}') | KeyCode::Left | KeyCode::Right if self.on_words() => {
                self.turn_word(if key.code == KeyCode::Left { -1 } else { 1 });
            }
            _ => self.edit(key),
        }
        Pressed::Stay
    }

    /// Text that is typed while a button has the focus is the reason that is asked for, and not lost.
    fn go_to_reason(&mut self, key: KeyEvent) {
        let held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let typed = matches!(key.code, KeyCode::Char(_)) && !held && self.focus >= self.fields.len();
        if let Some(at) = self.fields.iter().position(|f| f.name == "reason" && typed) {
            self.move_to(at);
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.flush();
        self.leaving = false;
        if let Some(field) = self.fields.get_mut(self.focus).filter(|f| !f.locked) {
            field.insert(text);
            field.error = None;
            (self.touched, self.pick, self.refused) = (true, None, None);
            self.say_long();
        }
    }

    /// A character that is only typed into the field with the focus: many of them go in at once.
    fn plain(&self, key: KeyEvent) -> Option<char> {
        let KeyCode::Char(c) = key.code else { return None };
        let held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let nudges = matches!(c, '+' | '＋') && self.nudges() || matches!(c, '-' | '－') && self.on("points");
        let turns = matches!(c, ' ' | '\u{3000}') && self.on_words();
        let open = self.fields.get(self.focus).is_some_and(|f| !f.locked);
        (open && !held && !nudges && !turns).then_some(c)
    }

    fn push(&mut self, c: char) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.push(c);
            field.error = None;
            (self.touched, self.pick, self.refused) = (true, None, None);
        }
    }

    /// The characters that were typed go into their field.
    pub(super) fn flush(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.flush();
            self.say_long();
        }
    }

    /// As it is kept while nobody is there: what was typed, without what was said of it and how it came about.
    pub fn at_rest(mut self) -> Form {
        self.flush();
        for field in self.fields.iter_mut() {
            let text = field.area.lines().join("\n");
            field.set(&text);
        }
        (self.leaving, self.refused, self.saving, self.asked, self.after) = (false, None, None, None, None);
        self
    }

    /// Closes an untouched form; asks whether to throw away what was typed.
    fn leave(&mut self) -> Pressed {
        self.leaving = self.touched;
        if self.touched { Pressed::Stay } else { Pressed::Close }
    }

    /// Whether the field with the focus is the one of that name.
    pub fn on(&self, name: &str) -> bool {
        self.fields.get(self.focus).is_some_and(|f| f.name == name)
    }

    /// Whether `+` is for the points: no outlet's id or name has one in it.
    fn nudges(&self) -> bool {
        self.on("points") || (self.purpose == Purpose::Deduct && self.on("outlet_id"))
    }

    fn on_words(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|f| !f.locked && !f.words.is_empty())
    }

    fn clear(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus).filter(|f| !f.locked) {
            field.set("");
            (self.touched, self.pick, self.refused) = (true, None, None);
        }
    }

    fn edit(&mut self, key: KeyEvent) {
        let Some(field) = self.fields.get_mut(self.focus).filter(|f| !f.locked) else { return };
        let before = field.area.lines().to_vec();
        field.area.input(key);
        if field.area.lines() != before {
            (self.touched, self.pick, self.refused) = (true, None, None);
            field.over = 0;
            field.error = None;
            self.say_long();
        }
    }

    /// A text that is longer than its field takes is said as soon as it is in: nothing of it is lost.
    fn say_long(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.long = check::long(field);
        }
    }

    /// The next of a field's words, or the one before.
    fn turn_word(&mut self, by: isize) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        let (is, words) = (field.text(), field.words);
        let at = words.iter().position(|word| *word == is).map_or(0, |at| at.cast_signed() + by);
        if let Some(word) = words.get(at.rem_euclid(words.len().cast_signed()).cast_unsigned()) {
            field.set(word);
            field.enter();
            (self.touched, self.refused) = (true, None);
        }
    }

    /// Points stop at the ends of the article's range.
    fn nudge(&mut self, by: i64, book: &Rulebook) {
        let Some(article) = book.article(&self.text("article")) else { return };
        let (min, max) = (i64::from(article.min.0), i64::from(article.max.0));
        let now = check::points(&self.text("points")).map_or(min - by, i64::from);
        let points = (now + by).clamp(min, max).to_string();
        let fresh = self.on("points");
        (self.touched, self.refused) = (true, None);
        if let Some(field) = self.field("points") {
            field.set(&points);
            if fresh {
                field.enter();
            }
        }
    }

    /// Moves on or back, over locked fields; the field that is left is settled and checked.
    fn go(&mut self, on: bool, from: &Choices<'_>, now: Moment) {
        self.settle(from);
        self.check(from, now, false);
        let stops = self.fields.len() + 1;
        let reversal = matches!(self.purpose, Purpose::Reverse { .. });
        let mut focus = self.focus;
        for _ in 0..stops {
            focus = match (focus, on) {
                (usize::MAX, true) => 0,
                (usize::MAX, false) => stops - 1,
                (0, false) if reversal => usize::MAX,
                (0, false) => stops - 1,
                (at, true) if at + 1 >= stops && reversal => usize::MAX,
                (at, true) => (at + 1) % stops,
                (at, false) => at - 1,
            };
            if self.fields.get(focus).is_none_or(|f| !f.locked) {
                break;
            }
        }
        self.move_to(focus);
    }

    /// Gives a field the focus, and selects what is in it.
    pub(super) fn move_to(&mut self, focus: usize) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.leave();
        }
        self.focus = focus;
        self.fields.get_mut(focus).into_iter().for_each(Field::enter);
    }

    fn save(&mut self, next: bool, from: &Choices<'_>, now: Moment) -> Pressed {
        if (self.follows || self.corrects()) && !self.touched {
            return Pressed::Untouched { next };
        }
        self.settle(from);
        match self.check(from, now, true) {
            true => Pressed::Save { next },
            false => Pressed::Stay,
        }
    }

    /// Says beside each field what is wrong; empty fields only when it is to be saved. Whether all is well.
    fn check(&mut self, from: &Choices<'_>, now: Moment, saving: bool) -> bool {
        let article = from.book.article(&self.text("article")).cloned();
        let noted = !self.text("note").is_empty();
        let errors: Vec<Option<String>> = self
            .fields
            .iter()
            .map(|field| {
                let text = field.text();
                let long = || check::long(field).map(|long| check::say_long(from.lang, long));
                if text.is_empty() && field.name == "evidence" {
                    return (saving && !noted).then(|| from.lang.say("form-evidence"));
                }
                if text.is_empty() {
                    let needed = saving && check::required(&self.purpose, field.name, article.as_ref());
                    return needed.then(|| check::missing(from.lang, field.name));
                }
                let wrong = || check::wrong(&self.purpose, field.name, &text, article.as_ref(), from.lang, now);
                self.no_choice(field.name, from).or_else(long).or_else(wrong)
            })
            .collect();
        for (field, error) in self.fields.iter_mut().zip(errors) {
            field.error = error;
        }
        let recorded = self.check_record(from.lang, now, saving);
        let first = self.fields.iter().position(|field| field.error.is_some());
        if let (true, Some(at)) = (saving, first)
            && at != self.focus
        {
            self.move_to(at);
        }
        first.is_none() && recorded
    }
}
