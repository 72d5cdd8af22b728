//! Ids as newtypes, and the one place where text from outside is made safe to keep.

use arrayvec::ArrayString;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// Position of an entry in the journal, from 1. A ledger line is known by the seq of the entry that made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The seq after this one.
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }

    /// The seq before this one, if there is one.
    pub fn before(self) -> Option<Seq> {
        self.0.checked_sub(1).filter(|seq| *seq > 0).map(Seq)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads a line number as people write it: `123`, `L123`, `#123`.
impl FromStr for Seq {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Seq, BadId> {
        let digits = text.trim().trim_start_matches(['L', 'l', '#']);
        match digits.parse() {
            Ok(n) if n > 0 => Ok(Seq(n)),
            _ => Err(BadId { text: text.to_owned() }),
        }
    }
}

/// The id of an ask: who asks makes it, of 128 random bits, and asks again by it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub [u8; 16]);

impl AskId {
    /// The id of the n-th thing (from 0) that one ask asks for.
    pub fn nth(self, n: u64) -> AskId {
        AskId(u128::from_le_bytes(self.0).wrapping_add(n.into()).to_le_bytes())
    }
}

impl fmt::Display for AskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no id: 1 to 32 ASCII letters, digits, `-` or `_`, starting with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id: 1 to 32 letters, digits, - or _")]
pub struct BadId {
    /// What was given.
    pub text: String,
}

/// Most bytes of an id: it is kept in place, and copied as a number is.
const ID_MAX: usize = 32;

/// Reads an id from a text.
struct IdText<T>(PhantomData<T>);

impl<T: FromStr<Err = BadId>> Visitor<'_> for IdText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! id {
    ($name:ident, $what:literal) => {
        #[doc = $what]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ArrayString<ID_MAX>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                // Folding is for what people type; ids that are plain already, as in every record read back, skip it.
                let folded: Cow<'_, str> =
                    if text.is_ascii() { Cow::Borrowed(text) } else { text.nfkc().collect::<String>().into() };
                let id = folded.trim();
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                let starts = id.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
                match ArrayString::from(id) {
                    Ok(id) if starts && id.bytes().all(plain) => Ok(Self(id)),
                    _ => Err(BadId { text: text.to_owned() }),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(IdText(PhantomData))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

id!(ProviderId, "A provider's id, for example `P0007`.");
id!(OutletId, "An outlet's id, for example `O000012`.");
id!(ArticleId, "An article of the penalty schedule, for example `brand-standard`.");

/// Text from outside, made safe to show: no control or bidirectional-override characters (a line break
/// and a tab may stay in notes), trimmed, at most `max` characters.
pub fn safe_text(text: &str, max: usize, lines: bool) -> Result<String, UnsafeText> {
    // Mostly there is none.
    let text = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    };
    let text = text.trim();
    let allowed = |c: char| !is_hidden(c) || (lines && (c == '\n' || c == '\t'));
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        return Err(UnsafeText::Control(bad));
    }
    match text.chars().count() {
        n if n > max => Err(UnsafeText::Long { max, is: n }),
        _ => Ok(text.to_owned()),
    }
}

/// What tells problems apart (2.2.2): spelling makes no second problem. Width, case, spaces and a final punctuation
/// mark are spelling.
pub fn problem_key(problem: &str) -> String {
    let folded: String = problem.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect();
    let ends = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '~' | '。' | '、' | '…' | '·');
    let bare = folded.trim_end_matches(ends);
    if bare.is_empty() { folded } else { bare.to_owned() }
}

/// Whether a character steers a terminal or hides from a reader: controls, Unicode's direction and line marks, and
/// what [`is_invisible`].
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || is_invisible(c)
}

/// Whether a character takes no room and says nothing: zero-width spaces and marks, soft hyphens, fillers, tags. Two
/// names that differ only in these cannot be told apart. Joiners and selectors, which make emoji, are none of them.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200c}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Why a text from outside is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeText {
    /// It carries a control character.
    #[error("control character U+{:04X}", *.0 as u32)]
    Control(char),
    /// It is longer than it may be, in characters.
    #[error("{is} characters, at most {max}")]
    Long {
        /// The limit.
        max: usize,
        /// What was given.
        is: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_folded_and_bounded() {
        assert_eq!(" Ｐ０００７ ".parse::<ProviderId>().unwrap().as_str(), "P0007");
        for bad in ["", "-x", "a b", "\u{1b}[2J", "杭州", &"x".repeat(33)] {
            assert!(bad.parse::<ProviderId>().is_err(), "{bad:?}");
        }
        assert_eq!("L12".parse::<Seq>(), Ok(Seq(12)));
        assert!("0".parse::<Seq>().is_err());
    }

    #[test]
    fn escape_sequences_and_overrides_never_get_in() {
        assert_eq!(safe_text("\u{1b}[31mred", 60, false), Err(UnsafeText::Control('\u{1b}')));
        assert_eq!(safe_text("a\u{202e}b", 60, true), Err(UnsafeText::Control('\u{202e}')));
        assert_eq!(safe_text("a\r\nb", 60, true).unwrap(), "a\nb");
        assert_eq!(safe_text("a\nb", 60, false), Err(UnsafeText::Control('\n')));
        assert_eq!(safe_text(&"扣".repeat(200), 200, false).unwrap().chars().count(), 200);
        assert_eq!(safe_text("abc", 2, false), Err(UnsafeText::Long { max: 2, is: 3 }));
    }
}
