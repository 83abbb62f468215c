//! Which service of the repository a part of a manifest runs.

use super::repo::{self, Repo};
use crate::model::{Fact, Service, Value};

/// Words behind a name that say only that it is a service.
const WORDS: [&str; 3] = ["-service", "-svc", "-app"];

/// The keys from the root of the manifest to the fact.
pub(super) fn keys(fact: &Fact) -> Vec<String> {
    let keys = fact.attributes.get("keys").map_or(&[][..], Value::items);
    keys.iter()
        .map(|key| {
            key.as_str()
                .map_or_else(|| key.display(), ToOwned::to_owned)
        })
        .collect()
}

/// What stands under the first `depth` keys of the manifest.
pub(super) fn around(fact: &Fact, depth: usize) -> Option<Value> {
    let mut at = fact.attributes.get("manifest")?;
    for key in keys(fact).iter().take(depth) {
        at = match at {
            Value::List(items) => items.get(key.parse::<usize>().ok()?)?,
            other => other.get(key)?,
        };
    }
    Some(at.clone())
}

/// The service of exactly this folder.
pub(super) fn rooted(services: &[Service], dir: &str) -> Option<usize> {
    services.iter().position(|service| service.root == dir)
}

/// The service that Compose builds; `dir` is the folder of the file.
pub(super) fn built(services: &[Service], dir: &str, service: &Value) -> Option<usize> {
    let build = service.get("build")?;
    let context = match build {
        Value::Str(context) => context,
        Value::Map(_) => match build.get("context") {
            None => ".",
            Some(context) => context.as_str()?,
        },
        _ => return None,
    };
    let context = repo::join(dir, context)?;
    if let Some(file) = build.get("dockerfile") {
        let place = repo::join(&context, file.as_str()?)?;
        let own = repo::parent(&place);
        if own != context {
            return rooted(services, own);
        }
    }
    rooted(services, &context)
}

/// The service that a container of Kubernetes or ECS runs, by the name of its image or its own.
pub(super) fn container(repo: &Repo<'_>, services: &[Service], container: &Value) -> Option<usize> {
    let image = container.get("image").and_then(Value::as_str);
    let name = container.get("name").and_then(Value::as_str);
    let names: Vec<&str> = image.map(bare).into_iter().chain(name).collect();
    names.iter().find_map(|name| named(repo, services, name))
}

/// The service that a chart runs: a component of the values, the image beside the variables, or the
/// chart itself.
pub(super) fn charted(repo: &Repo<'_>, services: &[Service], fact: &Fact) -> Option<usize> {
    let keys = keys(fact);
    let depth = keys
        .iter()
        .position(|key| key.to_lowercase().contains("env"))?;
    let image = around(fact, depth).and_then(|around| {
        let image = around.get("image")?;
        let text = image.get("repository").unwrap_or(image).as_str()?;
        Some(bare(text).to_owned())
    });
    let component = depth.checked_sub(1).and_then(|at| keys.get(at)).cloned();
    let chart = repo::last(fact.hit.location.path.dir()).to_owned();
    let names = image.into_iter().chain(component).chain([chart]);
    names
        .into_iter()
        .find_map(|name| named(repo, services, &name))
}

/// The only service of that name, with or without the name of the repository before it and the
/// word for a service behind it.
pub(super) fn named(repo: &Repo<'_>, services: &[Service], name: &str) -> Option<usize> {
    let repository = repo.name.to_ascii_lowercase();
    let core = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let rest = lower.strip_prefix(&repository);
        let short = rest.and_then(|rest| rest.strip_prefix(['-', '_']));
        let short = short.unwrap_or(&lower);
        let bare = WORDS.iter().find_map(|word| short.strip_suffix(word));
        bare.unwrap_or(short).to_owned()
    };
    let wanted = core(name);
    let is = |service: &Service| {
        let own = [service.name.as_str(), repo::last(&service.root)];
        own.iter().any(|own| !own.is_empty() && core(own) == wanted)
    };
    let mut all = services.iter().enumerate().filter(|(_, one)| is(one));
    let (index, _) = all.next()?;
    all.next().is_none().then_some(index)
}

/// The name of an image without registry, tag and digest.
fn bare(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = repo::last(image);
    last.split(':').next().unwrap_or(last)
}
