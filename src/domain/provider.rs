//! A provider (代购服务商): the company that runs outlets under the regulation.

use super::{Context, NAME_MAX, OnRecord, Refusal, not_in_the_future, required, text};
use crate::ids::ProviderId;
use crate::money::Fen;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// A provider's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// The company's name.
    pub name: String,
    /// Whose outlets it runs.
    pub kind: ProviderKind,
    /// The city of its agreement.
    pub city: String,
    /// People in that city, from which targets are made (1.6.1(2)).
    pub population: Option<u64>,
    /// Registered capital (1.2(5)).
    pub registered_capital: Option<Fen>,
    /// The day the agreement was made.
    pub agreement_on: Option<Day>,
    /// The company address for notices (1.4.4(2)).
    pub email: Option<String>,
    /// After-sales phone (1.4.4(2)).
    pub phone: Option<String>,
}

#[cfg(test)]
impl Provider {
    /// One of which only the id, the name and the city matter: for tests.
    pub(crate) fn sample(id: ProviderId, name: &str, city: &str) -> Provider {
        Provider {
            id,
            name: name.into(),
            kind: ProviderKind::ThirdParty,
            city: city.into(),
            population: None,
            registered_capital: None,
            agreement_on: None,
            email: None,
            phone: None,
        }
    }
}

/// Whose outlets a provider runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// Outlets that are not its own.
    ThirdParty,
    /// Its own outlets.
    SelfOperated,
}

impl ProviderKind {
    /// Both, in the order of the regulation.
    pub const ALL: [ProviderKind; 2] = [ProviderKind::ThirdParty, ProviderKind::SelfOperated];

    /// The word in files and screens.
    pub fn word(self) -> &'static str {
        match self {
            ProviderKind::ThirdParty => "third-party",
            ProviderKind::SelfOperated => "self-operated",
        }
    }
}

/// Reads `third-party` or `self-operated`.
impl std::str::FromStr for ProviderKind {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let known = ProviderKind::ALL.into_iter().find(|k| k.word() == word);
        known.ok_or_else(|| format!("{word:?} is neither third-party nor self-operated"))
    }
}

/// Adds a provider whose id is free.
pub(super) fn add(on_record: &mut dyn OnRecord, asked: &Provider, cx: Context<'_>) -> Result<Provider, Refusal> {
    let provider = checked(asked, cx)?;
    match on_record.provider(&provider.id) {
        None => match on_record.provider_like(&provider.id) {
            Some(like) => Err(Refusal::ProviderCaseTaken { provider: provider.id, like }),
            None => Ok(provider),
        },
        Some(old) => Err(Refusal::ProviderExists { provider: old.id.clone(), differs: old.differs(&provider) }),
    }
}

/// Corrects a provider that is there.
pub(super) fn amend(on_record: &mut dyn OnRecord, asked: &Provider, cx: Context<'_>) -> Result<Provider, Refusal> {
    let provider = checked(asked, cx)?;
    let known = on_record.has_provider(&provider.id);
    if known { Ok(provider) } else { Err(unknown(on_record, &asked.id)) }
}

/// Why there is no provider of an id: the one that is meant is named where only the case differs.
pub(super) fn unknown(on_record: &mut dyn OnRecord, id: &ProviderId) -> Refusal {
    match on_record.provider_like(id) {
        Some(like) => Refusal::ProviderInOtherCase { provider: id.clone(), like },
        None => Refusal::UnknownProvider { provider: id.clone() },
    }
}

fn checked(asked: &Provider, cx: Context<'_>) -> Result<Provider, Refusal> {
    if let Some(day) = asked.agreement_on {
        not_in_the_future("agreement_on", day, cx)?;
    }
    Ok(Provider {
        name: required("name", &asked.name, NAME_MAX)?,
        city: required("city", &asked.city, NAME_MAX)?,
        email: text("email", asked.email.as_deref(), NAME_MAX, false)?,
        phone: text("phone", asked.phone.as_deref(), NAME_MAX, false)?,
        ..asked.clone()
    })
}

impl Provider {
    /// The fields in which two records differ, in the words of the import files; none means equal.
    pub fn differs(&self, other: &Provider) -> Vec<&'static str> {
        super::differing([
            ("name", self.name != other.name),
            ("kind", self.kind != other.kind),
            ("city", self.city != other.city),
            ("population", self.population != other.population),
            ("registered_capital", self.registered_capital != other.registered_capital),
            ("agreement_on", self.agreement_on != other.agreement_on),
            ("email", self.email != other.email),
            ("phone", self.phone != other.phone),
        ])
    }
}
