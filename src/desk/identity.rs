//! Who asks.

use crate::journal::Door;

/// Who asks, and through which door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name that goes into the journal.
    pub name: String,
    /// How they came in.
    pub door: Door,
}

impl Identity {
    /// The person at this terminal, by the system's user database.
    pub fn local() -> Identity {
        let name = whoami::username().unwrap_or_else(|_| "unknown".to_owned());
        Identity::of(&name, Door::Local)
    }

    /// A person whom the system knows by a name.
    pub fn of(name: &str, door: Door) -> Identity {
        let name = name.chars().filter(|c| !crate::ids::is_hidden(*c)).take(64).collect();
        Identity { name, door }
    }
}
