//! Functions that hang routes on whatever calls them: `fun Route.patients()` of Ktor.

use super::modules::Resolver;
use super::routers::Node;
use super::{facts, repo};
use crate::model::{Fact, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Functions that hang routes, and the blocks of applications where routes begin.
pub(super) struct Hung<'a> {
    /// By file.
    blocks: BTreeMap<&'a str, Vec<(Span, String)>>,
    /// Files of functions by name.
    homes: BTreeMap<String, BTreeSet<&'a str>>,
    /// Blocks where routes begin.
    roots: BTreeSet<Node<'a>>,
}

impl<'a> Hung<'a> {
    /// Reads functions and blocks from facts.
    pub(super) fn new(resolver: &Resolver<'a>, all: &[Fact]) -> Self {
        let mut hung = Self {
            blocks: BTreeMap::new(),
            homes: BTreeMap::new(),
            roots: BTreeSet::new(),
        };
        for fact in facts::of(all, "route-function") {
            let place = &fact.hit.location;
            let Some(file) = resolver.repo.path(place.path.as_str()) else {
                continue;
            };
            let name = match (fact.text("name"), fact.text("root")) {
                (Some(name), _) => {
                    let homes = hung.homes.entry(name.to_owned()).or_default();
                    homes.insert(file);
                    name.to_owned()
                }
                // No function is called so.
                (None, Some(root)) => {
                    let name = format!("{root} {{");
                    hung.roots.insert((file, name.clone()));
                    name
                }
                (None, None) => continue,
            };
            let blocks = hung.blocks.entry(file).or_default();
            blocks.push((place.span, name));
        }
        hung
    }

    /// Do routes begin here?
    pub(super) fn is_root(&self, node: &Node<'a>) -> bool {
        self.roots.contains(node)
    }

    /// The function or block that hangs up what stands at `span`; nothing of that name if it is
    /// not known.
    pub(super) fn around(&self, file: &'a str, span: Span) -> Node<'a> {
        let blocks = self.blocks.get(file).into_iter().flatten();
        let around = blocks.filter(|(block, _)| block.contains(span) && *block != span);
        let inner = around.min_by_key(|(block, _)| block.end - block.start);
        (
            file,
            inner.map(|(_, name)| name.clone()).unwrap_or_default(),
        )
    }

    /// The function that a call in `file` means: one of the file, one that it imports, one beside
    /// it, or the only one of that name.
    pub(super) fn called(
        &self,
        resolver: &Resolver<'a>,
        file: &'a str,
        name: &str,
    ) -> Option<Node<'a>> {
        let homes = self.homes.get(name)?;
        let service = resolver.service(file).map(|(index, _)| index);
        let own = |path: &&&'a str| resolver.service(path).map(|(index, _)| index) == service;
        let homes: Vec<&'a str> = homes.iter().filter(own).copied().collect();
        let imports = resolver.repo.get(file)?.imports;
        let imported = |path: &str| {
            imports.iter().any(|import| {
                let (package, last) = import.module.rsplit_once('.').unwrap_or_default();
                let folder = package.replace('.', "/");
                let named = last == name || last == "*" || &*import.module == package;
                named && !folder.is_empty() && repo::parent(path).ends_with(&folder)
            })
        };
        let only = |found: Vec<&'a str>| match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let among = |wanted: &dyn Fn(&str) -> bool| {
            only(homes.iter().copied().filter(|path| wanted(path)).collect())
        };
        let found = among(&|path| path == file)
            .or_else(|| among(&imported))
            .or_else(|| among(&|path| repo::parent(path) == repo::parent(file)))
            .or_else(|| only(homes.clone()))?;
        Some((found, name.to_owned()))
    }
}
