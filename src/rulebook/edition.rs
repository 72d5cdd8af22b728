//! What an edition is known by beside its number: the hash of its text (decision 26).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The BLAKE3 hash of a rulebook's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EditionHash(pub [u8; 32]);

impl EditionHash {
    /// That of a text.
    pub fn of(text: &str) -> EditionHash {
        EditionHash(*blake3::hash(text.as_bytes()).as_bytes())
    }
}

impl fmt::Display for EditionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
