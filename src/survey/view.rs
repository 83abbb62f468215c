//! Hits, facts, services and the repository as the values that rules speak of in CEL.

use super::Survey;
use crate::model::{Fact, File, Hit, Reach, Service, Value};
use crate::rule::expr::World;
use crate::source::Listing;
use globset::GlobBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// `hit` in CEL: what every hit knows, and its captures by name.
pub fn hit(hit: &Hit, file: &File, reach: Reach) -> Value {
    let mut map = hit.captures.clone();
    describe(&mut map, hit, file, reach);
    Value::Map(Arc::new(map))
}

/// A fact as `hit` in CEL: its attributes by name, and what every hit knows.
pub fn fact(fact: &Fact, file: &File, reach: Reach) -> Value {
    let mut map = fact.attributes.clone();
    describe(&mut map, &fact.hit, file, reach);
    Value::Map(Arc::new(map))
}

fn describe(map: &mut BTreeMap<Arc<str>, Value>, hit: &Hit, file: &File, reach: Reach) {
    // An attribute called `path` or `value` is the fact's own; the place has names of its own.
    let own = |map: &mut BTreeMap<Arc<str>, Value>, name: &str, value: Value| {
        map.entry(Arc::from(name)).or_insert(value);
    };
    own(map, "value", hit.value.clone());
    own(map, "path", Value::str(file.path.as_str()));
    own(map, "line", Value::Int(i64::from(hit.location.line())));
    own(map, "context", Value::str(hit.context.as_str()));
    own(map, "reach", Value::str(reach_word(reach)));
    own(
        map,
        "kind",
        Value::map(
            hit.kinds
                .iter()
                .map(|(name, kind)| (name.clone(), Value::str(*kind))),
        ),
    );
    map.insert(Arc::from("file"), file_view(file));
}

fn file_view(file: &File) -> Value {
    let tracked = match file.tracked {
        crate::model::Tracked::Tracked => "tracked",
        crate::model::Tracked::Untracked => "untracked",
        crate::model::Tracked::Ignored => "ignored",
        crate::model::Tracked::Unknown => "unknown",
    };
    Value::map([
        ("path", Value::str(file.path.as_str())),
        ("dir", Value::str(file.path.dir())),
        ("name", Value::str(file.path.name())),
        ("role", Value::str(file.role.as_str())),
        ("tracked", Value::str(tracked)),
        (
            "language",
            Value::str(file.language.map_or("", crate::model::Language::as_str)),
        ),
        (
            "size",
            Value::Int(i64::try_from(file.size).unwrap_or(i64::MAX)),
        ),
    ])
}

fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Reachable => "reachable",
        Reach::Orphan => "orphan",
        Reach::Unknown => "unknown",
    }
}

/// `service` in CEL.
pub fn service(service: &Service) -> Value {
    let texts =
        |set: &BTreeSet<String>| Value::list(set.iter().map(|text| Value::str(text.as_str())));
    Value::map([
        ("name", Value::str(service.name.as_str())),
        ("root", Value::str(service.root.as_str())),
        ("kind", Value::str(service.kind.as_str())),
        (
            "languages",
            Value::list(service.languages.iter().map(|l| Value::str(l.as_str()))),
        ),
        ("frameworks", texts(&service.frameworks)),
        ("serves", texts(&service.serves)),
        (
            "dependencies",
            Value::map(
                service
                    .dependencies
                    .iter()
                    .map(|(name, version)| (name.as_str(), Value::str(version.as_str()))),
            ),
        ),
        ("files", Value::Int(i64::from(service.files))),
        ("lines", Value::Int(i64::from(service.lines))),
        ("stub", Value::Bool(service.stub)),
    ])
}

/// `repo` in CEL.
pub fn repo(survey: &Survey, listing: &Listing) -> Value {
    let languages: BTreeSet<&str> = listing
        .files
        .iter()
        .filter_map(|file| file.language)
        .map(crate::model::Language::as_str)
        .collect();
    let frameworks: BTreeSet<&str> = survey
        .services
        .iter()
        .flat_map(|s| &s.frameworks)
        .map(String::as_str)
        .collect();
    let dependencies: BTreeMap<&str, Value> = survey
        .services
        .iter()
        .flat_map(|s| &s.dependencies)
        .map(|(name, version)| (name.as_str(), Value::str(version.as_str())))
        .collect();
    let serves: BTreeSet<&str> = survey
        .services
        .iter()
        .flat_map(|s| &s.serves)
        .map(String::as_str)
        .collect();
    Value::map([
        ("name", Value::str(listing.target.name.as_str())),
        (
            "files",
            Value::Int(i64::try_from(listing.files.len()).unwrap_or(i64::MAX)),
        ),
        (
            "languages",
            Value::list(languages.into_iter().map(Value::str)),
        ),
        (
            "frameworks",
            Value::list(frameworks.into_iter().map(Value::str)),
        ),
        ("serves", Value::list(serves.into_iter().map(Value::str))),
        ("dependencies", Value::map(dependencies)),
        ("git", Value::Bool(listing.git)),
        ("phi", Value::str(survey.phi.as_str())),
    ])
}

/// Answers the functions of CEL that look at the whole survey.
pub struct Panorama<'s> {
    survey: &'s Survey,
    listing: &'s Listing,
    formats: BTreeSet<&'static str>,
    facts: Mutex<BTreeMap<(String, Option<String>), Value>>,
    globs: Mutex<BTreeMap<String, bool>>,
}

impl<'s> Panorama<'s> {
    /// A view of this survey; `formats` are the document formats of the files read.
    pub fn new(survey: &'s Survey, listing: &'s Listing, formats: BTreeSet<&'static str>) -> Self {
        let facts = Mutex::default();
        Self {
            survey,
            listing,
            formats,
            facts,
            globs: Mutex::default(),
        }
    }

    fn fact_list(&self, kind: &str, service: Option<&str>) -> Value {
        let wanted = service.map(|name| self.survey.services.iter().position(|s| s.name == name));
        let facts = self.survey.facts.iter().filter(|fact| {
            &*fact.kind == kind
                && wanted.is_none_or(|index| index.is_some() && fact.service == index)
        });
        Value::list(facts.map(|one| {
            let path = &one.hit.location.path;
            let reach = self
                .survey
                .reach
                .get(path)
                .copied()
                .unwrap_or(Reach::Unknown);
            let mut map = one.attributes.clone();
            let name = one
                .service
                .and_then(|index| self.survey.services.get(index));
            let role = self.survey.roles.get(path).copied().unwrap_or_default();
            for (key, value) in [
                ("file", Value::str(path.as_str())),
                ("path", Value::str(path.as_str())),
                ("line", Value::Int(i64::from(one.hit.location.line()))),
                ("role", Value::str(role.as_str())),
                ("reach", Value::str(reach_word(reach))),
                (
                    "service",
                    Value::str(name.map_or("", |service| service.name.as_str())),
                ),
            ] {
                map.entry(Arc::from(key)).or_insert(value);
            }
            Value::Map(Arc::new(map))
        }))
    }
}

impl World for Panorama<'_> {
    fn facts(&self, kind: &str, service: Option<&str>) -> Value {
        let key = (kind.to_owned(), service.map(str::to_owned));
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts
            .entry(key)
            .or_insert_with(|| self.fact_list(kind, service))
            .clone()
    }

    fn has(&self, what: &str) -> bool {
        if self.formats.contains(what) {
            return true;
        }
        let mut globs = self.globs.lock().unwrap_or_else(PoisonError::into_inner);
        *globs.entry(what.to_owned()).or_insert_with(|| {
            let glob = GlobBuilder::new(what).literal_separator(true).build();
            glob.is_ok_and(|glob| {
                let matcher = glob.compile_matcher();
                self.listing
                    .files
                    .iter()
                    .any(|file| matcher.is_match(file.path.as_str()))
            })
        })
    }
}
