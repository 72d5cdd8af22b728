//! What a provider's facts come to, in one record: its parts are written together, and whoever looks at all providers
//! reads one record of each. A part is decoded when somebody asks for it: what is due of all is listed without decoding
//! their dossiers.

use super::cache::{Stored, decode, encode};
use super::{StoreError, View, keys};
use crate::domain::state::Kept;
use crate::domain::{Dossier, Obligation, State};
use crate::ids::{ProviderId, Seq};
use serde::de::{DeserializeOwned, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What a provider's facts come to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StoredState {
    /// Open obligations with the entry that began each, the next due first.
    due: Part<Vec<(Seq, Obligation)>>,
    /// Breaches that facts are, and what was decided on them, in the order that they were kept.
    kept: Part<Vec<Kept>>,
    /// The rest.
    dossier: Part<Dossier>,
}

impl Stored for StoredState {}

impl StoredState {
    /// What is due.
    pub fn due(&mut self) -> Result<&mut Vec<(Seq, Obligation)>, StoreError> {
        self.due.held()
    }

    /// The breaches.
    pub fn kept(&mut self) -> Result<&mut Vec<Kept>, StoreError> {
        self.kept.held()
    }

    /// The dossier.
    pub fn dossier(&mut self) -> Result<&mut Dossier, StoreError> {
        self.dossier.held()
    }
}

/// A part of a record: as it was read, until somebody asks for it.
#[derive(Clone, Debug)]
enum Part<T> {
    Read(Vec<u8>),
    Held(T),
}

impl<T: DeserializeOwned> Part<T> {
    fn held(&mut self) -> Result<&mut T, StoreError> {
        if let Part::Read(bytes) = self {
            *self = Part::Held(decode(bytes)?);
        }
        match self {
            Part::Held(value) => Ok(value),
            Part::Read(_) => Err(StoreError::view("a part of a record is not decoded")),
        }
    }
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        Part::Held(T::default())
    }
}

impl<T: Serialize> Serialize for Part<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Part::Read(bytes) => to.serialize_bytes(bytes),
            Part::Held(value) => to.serialize_bytes(&encode(value).map_err(S::Error::custom)?),
        }
    }
}

impl<'de, T> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a part of a record")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        from.deserialize_bytes(Bytes).map(Part::Read)
    }
}

impl View {
    /// What a provider's facts come to, as it is on record.
    pub(super) fn state_record(&mut self, provider: &ProviderId) -> Result<Option<&mut StoredState>, StoreError> {
        self.cache.get(&keys::state(provider))
    }

    /// Takes it out, to be put back with what comes next.
    pub(super) fn take_state(&mut self, provider: &ProviderId) -> Result<State, StoreError> {
        let record = self.cache.edit::<StoredState>(&keys::state(provider))?;
        Ok(State {
            dossier: std::mem::take(record.dossier()?),
            due: std::mem::take(record.due()?),
            kept: std::mem::take(record.kept()?),
            ..State::default()
        })
    }

    /// Puts it in.
    pub(super) fn put_state(&mut self, provider: &ProviderId, state: State) {
        let State { dossier, due, kept, .. } = state;
        let record = StoredState { due: Part::Held(due), kept: Part::Held(kept), dossier: Part::Held(dossier) };
        self.cache.put(keys::state(provider), record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Two = (Part<Vec<u32>>, Part<Vec<u32>>);

    /// A part that nobody asked for is written as it was read, beside one that changed; one that is no such part is noticed
    /// by whoever asks for it.
    #[test]
    fn a_part_that_nobody_asked_for_stays_as_it_was() {
        let bytes = encode::<Two>(&(Part::Held(vec![1, 2]), Part::Held(vec![300]))).unwrap();
        let mut read: Two = decode(&bytes).unwrap();
        assert!(matches!(read, (Part::Read(_), Part::Read(_))), "nothing is decoded yet");
        assert_eq!(encode(&read).unwrap(), bytes);
        read.1.held().unwrap().push(4);
        let mut again: Two = decode(&encode(&read).unwrap()).unwrap();
        assert_eq!((again.0.held().unwrap(), again.1.held().unwrap()), (&mut vec![1, 2], &mut vec![300, 4]));
        assert!(Part::<Vec<u32>>::Read(vec![3, 1]).held().is_err());
    }
}
