//! What the fields of an entry hold: as text in both languages, and as JSON.

use crate::domain::LineSubject;
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::{EditionHash, Rulebook};
use crate::time::{Day, Moment, Month, show_moment};
use crate::words::{self, Lang};

/// A field of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its stable name; the words for it are `field-*`.
    pub name: &'static str,
    /// What it holds.
    pub value: Value,
}

impl Field {
    /// A field.
    pub fn new(name: &'static str, value: impl Into<Value>) -> Field {
        Field { name, value: value.into() }
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Yes or no.
    Yes(bool),
    /// A number.
    Number(u64),
    /// The number of an entry.
    Entry(Seq),
    /// A text, an id, a day, an amount.
    Text(String),
    /// An article; its title and clause are said beside it.
    Article(String),
    /// A stable word, and what the key of its sentence begins with.
    Word(&'static str, String),
    /// What was recorded, by its word.
    Record(String),
    /// Several.
    List(Vec<Value>),
    /// Fields that belong together.
    Group(Vec<Field>),
}

impl Value {
    /// A stable word whose sentence is `KEY-WORD`.
    pub fn word(key: &'static str, word: impl Into<String>) -> Value {
        Value::Word(key, word.into())
    }

    /// Several of one kind.
    pub fn list<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }

    /// As people read it; empty where there is nothing.
    pub fn text(&self, lang: Lang, book: &Rulebook) -> String {
        match self {
            Value::Blank => String::new(),
            Value::Yes(yes) => lang.say(if *yes { "value-yes" } else { "value-no" }),
            Value::Number(n) => n.to_string(),
            Value::Entry(seq) => format!("#{seq}"),
            Value::Text(text) => text.clone(),
            Value::Article(id) => match book.article(id) {
                Some(article) => format!("{id} · {} ({})", lang.of(&article.title), article.clause),
                None => id.clone(),
            },
            Value::Record(word) => super::title_of(lang, word),
            Value::Word(key, word) => lang.say(&format!("{key}-{word}")),
            Value::List(values) => {
                let texts: Vec<String> = values.iter().map(|value| value.text(lang, book)).collect();
                // Groups are long: each has a line of its own.
                let long = values.iter().any(|value| matches!(value, Value::Group(_)));
                texts.join(if long { "\n" } else { ", " })
            }
            Value::Group(fields) => {
                let none = fields.iter().any(|field| field.name == "need" && field.value == Value::Number(0));
                // Which calendar counted, and that nothing is counted, say nothing to a reader; JSON has them.
                let says = |field: &&Field| !matches!((field.name, none), ("calendar", _) | ("need" | "have", true));
                let said = fields.iter().filter(says).map(|field| (field, field.value.text(lang, book)));
                let said = said.filter(|(_, text)| !text.is_empty()).map(|(field, text)| match field.name {
                    "obligation" => text,
                    name => format!("{} {text}", words::field(lang, name)),
                });
                said.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// By stable names.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Blank => serde_json::Value::Null,
            Value::Yes(yes) => (*yes).into(),
            Value::Number(n) | Value::Entry(Seq(n)) => (*n).into(),
            Value::Text(text) | Value::Article(text) | Value::Word(_, text) | Value::Record(text) => {
                text.clone().into()
            }
            Value::List(values) => values.iter().map(Value::json).collect::<Vec<_>>().into(),
            Value::Group(fields) => {
                let named = fields.iter().map(|field| (field.name.to_owned(), field.value.json()));
                serde_json::Value::Object(named.collect())
            }
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Blank, Into::into)
    }
}

impl From<Vec<Field>> for Value {
    fn from(fields: Vec<Field>) -> Value {
        Value::Group(fields)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Yes(yes)
    }
}

impl From<Seq> for Value {
    fn from(seq: Seq) -> Value {
        Value::Entry(seq)
    }
}

impl From<Points> for Value {
    fn from(points: Points) -> Value {
        Value::Number(points.0.into())
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        Value::Text(show_moment(moment))
    }
}

impl From<&ArticleId> for Value {
    fn from(article: &ArticleId) -> Value {
        Value::Article(article.to_string())
    }
}

macro_rules! shown {
    ($($of:ty),*) => {
        $(impl From<$of> for Value {
            fn from(value: $of) -> Value {
                Value::Text(value.to_string())
            }
        })*
    };
}

macro_rules! counted {
    ($($of:ty),*) => {
        $(impl From<$of> for Value {
            fn from(value: $of) -> Value {
                Value::Number(value.into())
            }
        })*
    };
}

shown!(&str, &String, Day, Month, Fen, &ProviderId, &OutletId, &LineSubject, EditionHash);
counted!(u8, u32, u64);
