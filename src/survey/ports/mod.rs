//! Does anybody listen on the ports that manifests offer? What a program listens on follows from the
//! command of its image, from its code and from its settings; where one of them cannot be read,
//! nothing is said.

mod read;

use super::repo::{self, Repo};
use super::{facts, units};
use crate::model::{Fact, Language, RepoPath, Role, Service, Value};
use read::{command, last_number, line, named, number, plain};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Servers whose command names the port.
const SERVERS: [&str; 8] = [
    "daphne",
    "flask",
    "gunicorn",
    "http-server",
    "hypercorn",
    "serve",
    "streamlit",
    "uvicorn",
];
/// What starts a program of the JVM, of Node and of Python.
const NODE: [&str; 5] = ["bun", "node", "npm", "pnpm", "yarn"];
/// Where ASP.NET listens by itself: up to version 7, and from version 8 on.
const ASPNET: [i64; 2] = [80, 8080];
/// Where Spring Boot listens by itself.
const SPRING: i64 = 8080;
/// Words in names of variables that choose a port.
const CHOOSING: [&str; 8] = [
    "PORT", "BIND", "ADDR", "LISTEN", "URL", "SERVER", "HOST", "OPT",
];

/// Tells of every `port-offered` whether somebody listens there: `served` and `unit`. Without
/// `served` nobody can know.
pub(super) fn settle(repo: &Repo<'_>, services: &[Service], facts: &mut [Fact]) {
    if facts::of(facts, "port-offered").next().is_none() {
        return;
    }
    let code = Code {
        repo,
        services,
        facts,
    };
    let found: Vec<Option<(String, bool)>> = facts::of(facts, "port-offered")
        .map(|fact| code.served(fact))
        .collect();
    let offered = facts
        .iter_mut()
        .filter(|fact| &*fact.kind == "port-offered");
    for (fact, found) in offered.zip(found) {
        for scaffold in ["keys", "manifest"] {
            fact.attributes.remove(scaffold);
        }
        if let Some((unit, served)) = found {
            let mut add = |name: &str, value| fact.attributes.insert(Arc::from(name), value);
            add("unit", Value::str(unit));
            add("served", Value::Bool(served));
        }
    }
}

struct Code<'f> {
    repo: &'f Repo<'f>,
    services: &'f [Service],
    facts: &'f [Fact],
}

/// One process and the service whose code it runs.
struct Process {
    name: String,
    service: usize,
    /// The command that takes the place of the image's.
    command: Option<String>,
    environment: Vec<(String, Option<String>)>,
}

impl Code<'_> {
    fn served(&self, fact: &Fact) -> Option<(String, bool)> {
        let port = last_number(&fact.attributes.get("port")?.display())?;
        let process = match fact.text("how")? {
            "compose" => self.composed(fact)?,
            "container" => {
                let depth = units::keys(fact).len().checked_sub(3)?;
                self.contained(&units::around(fact, depth)?)?
            }
            "service" => return self.selected(fact, port),
            _ => return None,
        };
        let served = self.listens(&process, port)?;
        Some((process.name, served))
    }

    /// The only workload behind a service of Kubernetes: one of its containers must listen.
    fn selected(&self, fact: &Fact, port: i64) -> Option<(String, bool)> {
        let selector = fact
            .attributes
            .get("manifest")?
            .get("spec")?
            .get("selector")?;
        let Value::Map(selector) = selector else {
            return None;
        };
        let behind = |fact: &&Fact| {
            let labels =
                template(fact).and_then(|template| template.get("metadata")?.get("labels"));
            labels.is_some_and(|labels| {
                selector
                    .iter()
                    .all(|(key, value)| labels.get(key) == Some(value))
            })
        };
        let mut workloads = facts::of(self.facts, "kubernetes-object").filter(behind);
        let workload = workloads.next()?;
        if workloads.next().is_some() || selector.is_empty() {
            return None;
        }
        let containers = template(workload)?.get("spec")?.get("containers")?.items();
        let mut served = false;
        let mut name = String::new();
        for container in containers {
            let process = self.contained(container)?;
            served |= self.listens(&process, port)?;
            name = process.name;
        }
        (!name.is_empty()).then_some((name, served))
    }

    fn composed(&self, fact: &Fact) -> Option<Process> {
        let service = units::around(fact, 2)?;
        let open = ["env_file", "network_mode", "entrypoint", "extends"];
        if open.iter().any(|key| service.get(key).is_some()) {
            return None;
        }
        let dir = fact.hit.location.path.dir();
        let environment = match service.get("environment") {
            None => Vec::new(),
            Some(Value::Map(entries)) => entries
                .iter()
                .map(|(name, value)| (name.to_string(), plain(Some(value))))
                .collect(),
            Some(_) => return None,
        };
        Some(Process {
            name: units::keys(fact).get(1)?.clone(),
            service: units::built(self.services, dir, &service)?,
            command: service.get("command").map(line),
            environment,
        })
    }

    fn contained(&self, container: &Value) -> Option<Process> {
        let entries = container.get("env").map_or(&[][..], Value::items);
        let open = ["envFrom", "volumeMounts"];
        if *container == Value::Unknown || open.iter().any(|key| container.get(key).is_some()) {
            return None;
        }
        let environment = entries
            .iter()
            .map(|entry| {
                Some((
                    entry.get("name")?.as_str()?.to_owned(),
                    plain(entry.get("value")),
                ))
            })
            .collect::<Option<Vec<_>>>()?;
        let command: Vec<String> = ["command", "args"]
            .iter()
            .filter_map(|key| container.get(key).map(line))
            .collect();
        Some(Process {
            name: container
                .get("name")
                .map_or_else(String::new, Value::display),
            service: units::container(self.repo, self.services, container)?,
            command: (!command.is_empty()).then(|| command.join(" ")),
            environment,
        })
    }

    /// Does the process listen on the port?
    fn listens(&self, process: &Process, port: i64) -> Option<bool> {
        let digits = port.to_string();
        for (name, value) in &process.environment {
            let chooses = CHOOSING
                .iter()
                .any(|word| name.to_uppercase().contains(word));
            match value {
                Some(value) if value.contains(&digits) => return Some(true),
                None if chooses => return None,
                // What a variable chooses comes before what the code falls back to.
                Some(value) if chooses && last_number(value).is_some() => return None,
                _ => {}
            }
        }
        let service = self.services.get(process.service)?;
        let image = self.image(service);
        if image
            .iter()
            .any(|fact| &*fact.kind == "port" && number(fact) == Some(port))
        {
            return Some(true);
        }
        let command = match &process.command {
            Some(command) => command.clone(),
            None => command(&image)?,
        };
        let known = self.known(process.service, service, &image, &command)?;
        Some(known.contains(&port))
    }

    /// What is known of the only image that is built from the folder of the service.
    fn image(&self, service: &Service) -> Vec<&Fact> {
        let path = repo::join(&service.root, "Dockerfile");
        let own = |fact: &&Fact| {
            Some(fact.hit.location.path.as_str()) == path.as_deref()
                && matches!(&*fact.kind, "image-final" | "port" | "port-setting")
        };
        self.facts.iter().filter(own).collect()
    }

    /// All ports that the command can listen on.
    fn known(
        &self,
        index: usize,
        service: &Service,
        image: &[&Fact],
        command: &str,
    ) -> Option<BTreeSet<i64>> {
        if command.contains('$') || command.contains(".sh") || command.contains('?') {
            return None;
        }
        let mut words = command.split_whitespace();
        let first = repo::last(words.next()?);
        if SERVERS.contains(&first) {
            return named(command);
        }
        if NODE.contains(&first) {
            return self.written(index, Language::JavaScript);
        }
        match first {
            "python" | "python3" => self.written(index, Language::Python),
            "java" => self.spring(index, service, command),
            "dotnet" => self.aspnet(index, image),
            _ if service.languages.contains(&Language::Go) => self.written(index, Language::Go),
            _ => None,
        }
    }

    /// The ports that code names, if it names all of them.
    fn written(&self, index: usize, language: Language) -> Option<BTreeSet<i64>> {
        let own = |fact: &&Fact| {
            let path = &fact.hit.location.path;
            let spoken = match Language::of(path) {
                Some(Language::TypeScript) => Some(Language::JavaScript),
                other => other,
            };
            fact.service == Some(index) && spoken == Some(language) && self.is_production(path)
        };
        if facts::of(self.facts, "port-open").any(|fact| own(&fact)) {
            return None;
        }
        let ports = facts::of(self.facts, "port").filter(own);
        let ports: Option<BTreeSet<i64>> = ports.map(number).collect();
        ports.filter(|ports| !ports.is_empty())
    }

    fn spring(&self, index: usize, service: &Service, command: &str) -> Option<BTreeSet<i64>> {
        let mut names = service.dependencies.keys();
        let web = names.any(|name| {
            name.ends_with("spring-boot-starter-web")
                || name.ends_with("spring-boot-starter-webflux")
        });
        if !web || command.contains("server.port") || command.contains("spring.config") {
            return None;
        }
        self.set(index, SPRING)
    }

    fn aspnet(&self, index: usize, image: &[&Fact]) -> Option<BTreeSet<i64>> {
        let base = image
            .iter()
            .find(|fact| fact.text("what") == Some("image"))?;
        let tag = base.text("is")?.split_once("dotnet/aspnet:")?.1;
        let major: i64 = tag.split(['.', '-']).next()?.parse().ok()?;
        let [older, newer] = ASPNET;
        self.set(index, if major >= 8 { newer } else { older })
    }

    /// The ports that settings choose, or else what the framework does.
    fn set(&self, index: usize, or: i64) -> Option<BTreeSet<i64>> {
        let own = |fact: &&Fact| {
            fact.service == Some(index) && self.is_production(&fact.hit.location.path)
        };
        let settings = facts::of(self.facts, "port-setting").filter(own);
        let chosen: Option<BTreeSet<i64>> = settings.map(number).collect();
        let mut chosen = chosen?;
        // A profile that is not active leaves the framework's choice.
        chosen.insert(or);
        Some(chosen)
    }

    fn is_production(&self, path: &RepoPath) -> bool {
        let entry = self.repo.get(path.as_str());
        entry.is_some_and(|entry| matches!(entry.file.role, Role::Production | Role::DevConfig))
    }
}

fn template(fact: &Fact) -> Option<&Value> {
    let spec = fact.attributes.get("manifest")?.get("spec")?;
    spec.get("template")
}
