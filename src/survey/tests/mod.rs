//! Small repositories built by hand: files with imports, and facts as manifests would emit them.

mod auth;
mod dependencies;
mod deprecated;
mod environment;
mod reach;
mod routes;
mod services;

use super::{Input, Survey, survey};
use crate::model::{
    Context, Fact, File, FileHits, Hit, Import, Language, Location, Position, Reach, RepoPath,
    Role, Service, Span, Tracked, Value,
};
use crate::source::Listing;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A repository under construction.
#[derive(Default)]
struct World {
    files: Vec<FileHits>,
    facts: Vec<Fact>,
}

impl World {
    /// Adds a file; its role follows from its folder, well enough for tests.
    fn file(mut self, path: &str, imports: &[&str]) -> Self {
        let path = RepoPath::new(path).unwrap();
        let role = if path.is_below("tests") || path.as_str().contains(".test.") {
            Role::Test
        } else if path.is_below("scripts") {
            Role::Script
        } else {
            Role::Production
        };
        let language = Language::of(&path);
        let file = File {
            path,
            size: 1,
            role,
            tracked: Tracked::Tracked,
            language,
            executable: false,
        };
        let mut hits = FileHits::empty(file);
        hits.lines = 200;
        hits.imports = imports.iter().map(|text| import(text)).collect();
        self.files.push(hits);
        self
    }

    /// Adds a fact at the file's next line.
    fn fact(self, kind: &str, path: &str, attributes: &[(&str, &str)]) -> Self {
        let at = self.facts.len() * 100;
        self.fact_at(kind, path, at, at + 10, attributes)
    }

    /// Adds a fact on the bytes `start..end`. `true`, `false` and `?` are no texts.
    fn fact_at(
        self,
        kind: &str,
        path: &str,
        start: usize,
        end: usize,
        attributes: &[(&str, &str)],
    ) -> Self {
        let value = |text: &str| match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "?" => Value::Unknown,
            text => Value::str(text),
        };
        let attributes = attributes.iter().map(|(name, text)| (*name, value(text)));
        self.put(kind, path, Span::new(start, end), attributes.collect())
    }

    /// Adds a fact with attributes that are more than texts.
    fn values(self, kind: &str, path: &str, attributes: Vec<(&str, Value)>) -> Self {
        let at = self.facts.len() * 100;
        self.put(kind, path, Span::new(at, at + 10), attributes)
    }

    fn put(mut self, kind: &str, path: &str, span: Span, attributes: Vec<(&str, Value)>) -> Self {
        let hit = Hit {
            location: Location {
                path: RepoPath::new(path).unwrap(),
                span,
                start: Position::START,
                end: Position::START,
            },
            value: Value::Null,
            captures: BTreeMap::new(),
            kinds: BTreeMap::new(),
            context: Context::Code,
            excerpt: Arc::from(""),
            excerpt_line: 1,
            digest: [0; 16],
        };
        let kind = Arc::from(kind);
        self.facts.push(Fact {
            kind,
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (Arc::from(name), value))
                .collect(),
            hit: Arc::new(hit),
            service: None,
        });
        self
    }

    fn manifest(self, path: &str, ecosystem: &str) -> Self {
        self.file(path, &[])
            .fact("manifest", path, &[("ecosystem", ecosystem)])
    }

    fn depends(self, path: &str, ecosystem: &str, names: &[&str]) -> Self {
        names.iter().fold(self, |world, name| {
            let attributes = [
                ("ecosystem", ecosystem),
                ("name", *name),
                ("version", "1"),
                ("dev", "false"),
            ];
            world.fact("dependency", path, &attributes)
        })
    }

    fn survey(mut self) -> Survey {
        self.files.sort_by(|a, b| a.file.path.cmp(&b.file.path));
        let files = self.files.iter().map(|hits| hits.file.clone()).collect();
        let mut listing = Listing {
            files,
            ..Listing::default()
        };
        listing.target.name = "clinic".to_owned();
        survey(Input {
            listing: &listing,
            hits: &self.files,
            facts: self.facts,
        })
    }
}

/// `module` or `module: name, name`.
fn import(text: &str) -> Import {
    let (module, names) = text.split_once(": ").unwrap_or((text, ""));
    let names = names
        .split(", ")
        .filter(|name| !name.is_empty())
        .map(Arc::from)
        .collect();
    Import {
        module: Arc::from(module),
        names,
        line: 1,
        at: 0,
        shown: Arc::from(text),
    }
}

impl Survey {
    fn service(&self, root: &str) -> &Service {
        self.services
            .iter()
            .find(|service| service.root == root)
            .unwrap()
    }

    fn reach_of(&self, path: &str) -> Reach {
        self.reach[&RepoPath::new(path).unwrap()]
    }

    /// Methods, paths and whether they are whole, sorted.
    fn routes(&self) -> Vec<String> {
        let routes = self.facts.iter().filter(|fact| &*fact.kind == "route");
        let mut texts: Vec<String> = routes
            .map(|fact| {
                let whole = fact.attributes["resolved"] == Value::Bool(true);
                let mark = if whole { "" } else { " (unresolved)" };
                format!(
                    "{} {}{mark}",
                    fact.text("method").unwrap_or("ANY"),
                    fact.text("path").unwrap()
                )
            })
            .collect();
        texts.sort();
        texts
    }
}
