//! Variables that are set many at a time: by `envFrom` of a container, and by a list in a command.

use super::{Together, Unit};
use crate::model::{Fact, Value};
use crate::survey::{facts, units};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What may stand between two variables of a list: `A=1,B=2`, `^|^A=1|B=2`.
const BETWEEN: [char; 12] = [',', '|', '^', ';', '@', '#', '~', '%', ' ', '"', '\'', '\t'];

/// Splits `names` attributes, lists as commands give them, into one fact for each variable.
pub(in crate::survey) fn split(all: Vec<Fact>) -> Vec<Fact> {
    let mut out = Vec::with_capacity(all.len());
    for mut fact in all {
        match fact.attributes.remove("names") {
            None => out.push(fact),
            Some(list) => out.extend(names(list.as_str().unwrap_or_default()).map(|name| {
                let mut one = fact.clone();
                let name = Value::str(name);
                one.attributes.insert(Arc::from("name"), name);
                one
            })),
        }
    }
    out
}

/// The names before the equals signs of a list.
fn names(list: &str) -> impl Iterator<Item = &str> {
    let parts = list.split(BETWEEN);
    parts.filter_map(|part| {
        let (name, _) = part.split_once('=')?;
        let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let first = name.chars().next()?;
        (first.is_ascii_uppercase() && name.chars().all(upper)).then_some(name)
    })
}

/// Where containers take all entries of an object from.
pub(super) struct Sources {
    /// The units of containers, and the `ConfigMap`s from which they take variables; `None` for what is
    /// no `ConfigMap`, or has another name inside.
    taken: BTreeMap<Unit, Vec<Option<String>>>,
    /// The services that read each `ConfigMap`; `None` for a container that runs no code of here.
    readers: BTreeMap<String, BTreeSet<Option<usize>>>,
    /// The units of `ConfigMap`s by name.
    maps: BTreeMap<String, Vec<Unit>>,
}

impl Sources {
    pub(super) fn new(all: &[Fact], reader: impl Fn(&Fact) -> Option<usize>) -> Self {
        let mut out = Self {
            taken: BTreeMap::new(),
            readers: BTreeMap::new(),
            maps: BTreeMap::new(),
        };
        for fact in facts::of(all, "env-source") {
            let mut keys = units::keys(fact);
            keys.truncate(keys.len().saturating_sub(2));
            // The variables of a container stand in its list `env`.
            keys.push("env".to_owned());
            let unit = (fact.hit.location.path.as_str().to_owned(), keys);
            let name = fact.attributes.get("source").and_then(config_map);
            if let Some(name) = &name {
                let readers = out.readers.entry(name.clone()).or_default();
                readers.insert(reader(fact));
            }
            out.taken.entry(unit).or_default().push(name);
        }
        for fact in facts::of(all, "env-set") {
            if let Some(name) = map_name(fact) {
                let unit = super::unit(fact);
                let units = out.maps.entry(name).or_default();
                if !units.contains(&unit) {
                    units.push(unit);
                }
            }
        }
        out
    }

    /// Adds to what is set for a container what it takes from `ConfigMap`s, and to a `ConfigMap` what else
    /// is set for the containers that take it.
    pub(super) fn join(&self, set: &mut BTreeMap<Unit, Together>) {
        let written = set.clone();
        let at = |unit: &Unit| written.get(unit).cloned().unwrap_or_default();
        for (unit, sources) in &self.taken {
            let mut all = at(unit);
            for source in sources {
                let maps = source.as_ref().and_then(|name| self.maps.get(name));
                all.open |= maps.is_none();
                for map in maps.into_iter().flatten() {
                    all.names.extend(at(map).names);
                }
            }
            let maps = sources.iter().flatten();
            for map in maps.filter_map(|name| self.maps.get(name)).flatten() {
                let known = set.entry(map.clone()).or_default();
                known.names.extend(all.names.iter().cloned());
                known.open |= all.open;
            }
            set.insert(unit.clone(), all);
        }
    }

    /// The only service that takes the `ConfigMap` of this entry.
    pub(super) fn reader(&self, fact: &Fact) -> Option<usize> {
        let readers = self.readers.get(&map_name(fact)?)?;
        match readers.iter().collect::<Vec<_>>().as_slice() {
            [only] => **only,
            _ => None,
        }
    }
}

/// The name of the `ConfigMap` that an entry of `envFrom` takes as it is.
fn config_map(source: &Value) -> Option<String> {
    let name = source.get("configMapRef")?.get("name")?.as_str()?;
    let plain = source.get("prefix").is_none();
    plain.then(|| name.to_owned())
}

/// The name of the `ConfigMap` that an entry stands in.
pub(super) fn map_name(fact: &Fact) -> Option<String> {
    if fact.text("how") != Some("config-map") {
        return None;
    }
    let metadata = fact.attributes.get("manifest")?.get("metadata")?;
    Some(metadata.get("name")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn lists_name_their_variables() {
        for (list, want) in [
            ("A=1,B_2=x=y,C=", "A B_2 C"),
            ("^|^APP_ENV=a,b|WARD_SIZE=$X", "APP_ENV WARD_SIZE"),
            ("^||^A=1||B=2", "A B"),
            ("${VARS},lower=1,9=2,=3,D", ""),
            (
                "URL=https://a.example.org/?KEY=1 --set-secrets=T=a:1",
                "URL",
            ),
        ] {
            assert_eq!(names(list).collect::<Vec<_>>().join(" "), want, "{list}");
        }
    }
}
