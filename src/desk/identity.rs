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
        Identity::of_user(rustix::process::geteuid().as_raw(), Door::Local)
    }

    /// A user of the system, by the name that it has there, or else by the number: two of whom no name is known are two.
    pub fn of_user(uid: u32, door: Door) -> Identity {
        let user = nix::unistd::User::from_uid(uid.into()).ok().flatten();
        Identity::of(&user.map_or_else(|| format!("uid {uid}"), |user| user.name), door)
    }

    /// A person whom the system knows by a name.
    pub fn of(name: &str, door: Door) -> Identity {
        let name = name.chars().filter(|c| !crate::ids::is_hidden(*c)).take(64).collect();
        Identity { name, door }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: of whom the system knows no name, all were "unknown" where the store was open, and could confirm attached
    /// what they themselves had proposed (decision 28).
    #[test]
    fn who_has_no_name_has_a_number() {
        let name = |uid, door| Identity::of_user(uid, door).name;
        assert_eq!(name(0, Door::Local), "root");
        assert_eq!([Door::Local, Door::Attached].map(|door| name(4_123_456_789, door)), ["uid 4123456789"; 2]);
        assert_eq!(Identity::local().name, name(rustix::process::geteuid().as_raw(), Door::Local));
    }
}
