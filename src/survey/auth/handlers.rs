//! Where the code of a route's handler is.

use super::Asked;
use super::own;
use super::text;
use crate::model::{Fact, Language, Value};
use crate::survey::modules::{Family, Resolver, without_extension};
use crate::survey::routers::Routers;
use crate::survey::{facts, repo};
use std::collections::BTreeMap;

/// More places than this for one handler are not looked at.
const PLACES: usize = 6;

/// A function that answers a route, or a class that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject<'a> {
    /// The file.
    pub(super) file: &'a str,
    /// The class; `""` if none is known.
    pub(super) class: String,
    /// The function; `""` if none is known.
    pub(super) function: String,
}

/// Finds handlers.
pub(super) struct Handlers<'x, 'a> {
    resolver: &'x Resolver<'a>,
    routers: &'x Routers<'a, 'x>,
    /// Files of controllers, by their name without extension.
    stems: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'x, 'a> Handlers<'x, 'a> {
    pub(super) fn new(
        resolver: &'x Resolver<'a>,
        routers: &'x Routers<'a, 'x>,
        facts: &'x [Fact],
    ) -> Self {
        let mut stems: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let by_name = facts::of(facts, "route")
            .any(|fact| matches!(fact.text("framework"), Some("laravel" | "rails")));
        let files = by_name.then(|| resolver.repo.all()).into_iter().flatten();
        for (path, entry) in files {
            if matches!(entry.file.language, Some(Language::Php | Language::Ruby)) {
                stems
                    .entry(without_extension(repo::last(path)))
                    .or_default()
                    .push(path);
            }
        }
        Self {
            resolver,
            routers,
            stems,
        }
    }

    /// The functions that answer a route.
    pub(super) fn of(&self, asked: &Asked<'_, 'a>) -> Vec<Subject<'a>> {
        let mut found = match self.resolver.family(asked.file) {
            Some(Family::Python) if asked.framework == Some("django") => self.django(asked),
            Some(Family::Python) if asked.framework == Some("aiohttp") => {
                let handler = asked.fact.text("handler").unwrap_or_default();
                self.named(asked, handler)
            }
            Some(Family::Python) => vec![own_subject(asked)],
            Some(Family::Script) if asked.framework == Some("nest") => vec![own_subject(asked)],
            Some(Family::Script) => self.script(asked),
            Some(Family::Go) => self.named(asked, asked.fact.text("handler").unwrap_or_default()),
            Some(Family::Namespaced) => match asked.framework {
                Some("laravel") => self.by_stem(asked, asked.fact.text("handler")),
                Some("rails") => self.rails(asked),
                _ => vec![own_subject(asked)],
            },
            None => Vec::new(),
        };
        found.truncate(PLACES);
        found
    }

    /// The name of the handler that a route of a script hands over.
    fn handed<'t>(&self, asked: &'t Asked<'_, 'a>) -> Option<&'t str> {
        asked.fact.text("receiver")?;
        let entry = self.resolver.repo.get(asked.file)?;
        let text = asked.fact.hit.value.as_str()?;
        let last = text::arguments(&entry.file.path, entry.file.language, text).pop()?;
        own::handler_name(last)
    }

    fn script(&self, asked: &Asked<'_, 'a>) -> Vec<Subject<'a>> {
        let named = self.handed(asked);
        named.map_or_else(Vec::new, |name| self.named(asked, name))
    }

    /// The places that a dotted name may stand for.
    fn named(&self, asked: &Asked<'_, 'a>, name: &str) -> Vec<Subject<'a>> {
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$'));
        if name.is_empty() || !plain {
            return Vec::new();
        }
        let (head, _) = name.split_once('.').unwrap_or((name, ""));
        let function = name.rsplit('.').next().unwrap_or(name);
        let mut places = self.routers.sources_of(asked.file, head);
        if places.is_empty() && head != name {
            // `patientController.list`: an instance of the class that is called the same.
            let class: String = head
                .chars()
                .enumerate()
                .map(|(at, letter)| {
                    if at == 0 {
                        letter.to_ascii_uppercase()
                    } else {
                        letter
                    }
                })
                .collect();
            places = self.routers.sources_of(asked.file, &class);
        }
        let here = (places.is_empty() && head == name).then_some(asked.file);
        let files = places.into_iter().map(|(file, _)| file).chain(here);
        files
            .map(|file| Subject {
                file,
                class: String::new(),
                function: function.to_owned(),
            })
            .collect()
    }

    fn django(&self, asked: &Asked<'_, 'a>) -> Vec<Subject<'a>> {
        let handler = asked.fact.text("handler").unwrap_or_default();
        let inner = handler
            .rsplit('(')
            .find(|part| part.contains(char::is_alphabetic));
        let name = if handler.contains(".as_view(") {
            handler
                .split(".as_view(")
                .next()
                .unwrap_or_default()
                .rsplit('(')
                .next()
        } else {
            inner
        };
        let name = name.unwrap_or_default().trim_end_matches([')', ' ']);
        let named = self.named(asked, name);
        let class = |subject: Subject<'a>| Subject {
            class: subject.function.clone(),
            ..subject
        };
        named.into_iter().map(class).collect()
    }

    fn by_stem(&self, asked: &Asked<'_, 'a>, handler: Option<&str>) -> Vec<Subject<'a>> {
        let Some(handler) = handler else {
            return Vec::new();
        };
        let (class, function) = handler.split_once('@').unwrap_or((handler, ""));
        let class = class.rsplit('\\').next().unwrap_or(class);
        let function = asked.fact.text("action").unwrap_or(function);
        let files = self.stems.get(class).into_iter().flatten();
        files
            .map(|file| Subject {
                file,
                class: class.to_owned(),
                function: function.to_owned(),
            })
            .collect()
    }

    fn rails(&self, asked: &Asked<'_, 'a>) -> Vec<Subject<'a>> {
        let own = asked.fact.text("path").unwrap_or_default();
        let handler = asked.fact.text("handler").filter(|text| text.contains('#'));
        let (controller, action) = handler
            .and_then(|text| text.split_once('#'))
            .unwrap_or_else(|| {
                let own = own.trim_start_matches('/');
                own.split_once('/').unwrap_or((own, ""))
            });
        let stem = format!(
            "{}_controller",
            controller.rsplit('/').next().unwrap_or(controller)
        );
        let files = self.stems.get(stem.as_str()).into_iter().flatten();
        let wanted = format!("{controller}_controller.rb");
        let mut found: Vec<_> = files
            .copied()
            .filter(|file| file.ends_with(&wanted))
            .collect();
        // A namespace around the routes is a folder around the controllers.
        let space = asked.path.trim_start_matches('/');
        if found.len() > 1 {
            let closest =
                |file: &&str| space.starts_with(folder_of(file)) && !folder_of(file).is_empty();
            let inside: Vec<_> = found.iter().copied().filter(closest).collect();
            if !inside.is_empty() {
                found = inside;
            }
        }
        found
            .into_iter()
            .map(|file| Subject {
                file,
                class: String::new(),
                function: action.to_owned(),
            })
            .collect()
    }

    /// Does the route name a handler whose code is not among those found?
    pub(super) fn is_lost(&self, asked: &Asked<'_, 'a>, subjects: &[Subject<'a>]) -> bool {
        let named = match self.resolver.family(asked.file) {
            Some(Family::Script) => self.handed(asked).is_some(),
            Some(Family::Python) => matches!(asked.framework, Some("django" | "aiohttp")),
            Some(Family::Go) => asked
                .fact
                .text("handler")
                .is_some_and(|name| !name.contains('(')),
            Some(Family::Namespaced) => matches!(asked.framework, Some("laravel" | "rails")),
            None => false,
        };
        named && subjects.is_empty()
    }
}

/// The function or class that a route stands at.
fn own_subject<'a>(asked: &Asked<'_, 'a>) -> Subject<'a> {
    let capture = |name: &str| {
        let value = asked.fact.hit.captures.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Subject {
        file: asked.file,
        class: capture("class"),
        function: asked
            .fact
            .text("handler")
            .map_or_else(|| capture("function"), str::to_owned),
    }
}

/// The folder of a controller below the folder of all controllers.
fn folder_of(file: &str) -> &str {
    let inside = file
        .split_once("controllers/")
        .map_or("", |(_, inside)| inside);
    inside.rsplit_once('/').map_or("", |(folder, _)| folder)
}
