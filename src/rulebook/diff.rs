//! What differs between two rulebooks, value by value.

use std::collections::BTreeMap;

/// A value that is in one rulebook and not, or otherwise, in the other.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Where it stands: `limits.exit-answer`, `article.brand-standard.max`.
    pub what: String,
    /// In the first.
    pub before: Option<String>,
    /// In the second.
    pub after: Option<String>,
}

/// What differs between the texts of two rulebooks, in the order of the places; nothing where a text is no TOML.
pub fn diff(before: &str, after: &str) -> Vec<Difference> {
    let (before, after) = (values(before), values(after));
    let places: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |what: &String| {
        let (before, after) = (before.get(what).cloned(), after.get(what).cloned());
        (before != after).then(|| Difference { what: what.clone(), before, after })
    };
    places.into_iter().filter_map(differs).collect()
}

/// All values by their places.
fn values(text: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        take(&toml::Value::Table(table), "", &mut all);
    }
    all
}

fn take(value: &toml::Value, place: &str, all: &mut BTreeMap<String, String>) {
    let under = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(name, value)| take(value, &under(name), all)),
        toml::Value::Array(rows) if rows.iter().any(toml::Value::is_table) => {
            for (at, row) in rows.iter().enumerate() {
                take(row, &under(&name_of(row).unwrap_or_else(|| (at + 1).to_string())), all);
            }
        }
        toml::Value::String(text) => drop(all.insert(place.to_owned(), text.clone())),
        other => drop(all.insert(place.to_owned(), other.to_string())),
    }
}

/// What a row of a list is known by: an article by its id, a decision by its number.
fn name_of(row: &toml::Value) -> Option<String> {
    let text = row.get("id").and_then(toml::Value::as_str).map(str::to_owned);
    text.or_else(|| row.get("number").and_then(toml::Value::as_integer).map(|n| n.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Articles are told by their ids wherever they stand, limits by their names.
    #[test]
    fn what_differs_is_named_by_its_place() {
        let before = "edition = \"1.5\"\n[limits]\nexit-answer = \"2wd\"\n[[article]]\nid = \"a\"\nmax = 4\n[[article]]\nid = \"b\"\nmax = 6\n";
        let after = "edition = \"1.6\"\n[limits]\nexit-answer = \"3wd\"\n[[article]]\nid = \"b\"\nmax = 6\n[[article]]\nid = \"c\"\nmax = 1\n";
        let told: Vec<(String, Option<String>, Option<String>)> =
            diff(before, after).into_iter().map(|d| (d.what, d.before, d.after)).collect();
        let row = |what: &str, before: Option<&str>, after: Option<&str>| {
            (what.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
        };
        let want = [
            row("article.a.id", Some("a"), None),
            row("article.a.max", Some("4"), None),
            row("article.c.id", None, Some("c")),
            row("article.c.max", None, Some("1")),
            row("edition", Some("1.5"), Some("1.6")),
            row("limits.exit-answer", Some("2wd"), Some("3wd")),
        ];
        assert_eq!(told, want);
        assert_eq!(diff(before, before), Vec::new());
    }
}
