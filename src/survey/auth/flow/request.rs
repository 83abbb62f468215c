//! A request for a route, and what tests of its path say.

use crate::survey::pattern;

/// A request for a route.
#[derive(Clone, Debug)]
pub(in crate::survey::auth) struct Request {
    /// The path with every parameter as `{}`.
    path: String,
    /// Nothing in front of the path is missing.
    whole: bool,
    /// In capitals; `None` if there are several.
    method: Option<String>,
    /// The name of the handler.
    handler: Option<String>,
    /// What a framework takes off the path for a middleware below it; `None` if that is not known.
    base: Option<String>,
}

impl Request {
    pub(in crate::survey::auth) fn new(
        path: &str,
        whole: bool,
        method: Option<&str>,
        handler: Option<&str>,
        base: Option<&str>,
    ) -> Self {
        let single = |name: &&str| {
            let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
            known.iter().any(|one| one.eq_ignore_ascii_case(name))
        };
        Self {
            path: pattern::normal(path),
            whole,
            method: method.filter(single).map(str::to_ascii_uppercase),
            handler: handler.map(str::to_owned),
            base: base.map(|base| base.trim_end_matches(['*', '/']).to_owned()),
        }
    }

    /// The path as a test sees it: all of it, or what is left below a mount.
    fn seen(&self, relative: bool) -> Option<&str> {
        if !self.whole {
            return None;
        }
        if !relative {
            return Some(&self.path);
        }
        let rest = self.path.strip_prefix(self.base.as_deref()?)?;
        Some(if rest.is_empty() { "/" } else { rest })
    }

    /// Does the path begin with the text?
    pub(super) fn starts(&self, text: &str, relative: bool) -> Option<bool> {
        let path = self.seen(relative)?;
        let (fixed, open) = path
            .split_once("{}")
            .map_or((path, false), |(fixed, _)| (fixed, true));
        // The path with its slash at the end is the same route.
        let slashed = !open && format!("{fixed}/") == text;
        if fixed.starts_with(text) || slashed {
            return Some(true);
        }
        if open && text.starts_with(fixed) {
            return None;
        }
        Some(false)
    }

    /// Is it the path?
    pub(super) fn is(&self, text: &str, relative: bool) -> Option<bool> {
        let path = self.seen(relative)?;
        let wanted: Vec<&str> = parts(text).collect();
        let given: Vec<&str> = parts(path).collect();
        if wanted.len() != given.len() {
            return Some(false);
        }
        let mut doubt = false;
        for (want, have) in wanted.iter().zip(&given) {
            if have.contains("{}") {
                doubt = true;
            } else if want != have {
                return Some(false);
            }
        }
        if doubt { None } else { Some(true) }
    }

    /// Does the path hold the text?
    pub(super) fn holds(&self, text: &str, relative: bool) -> Option<bool> {
        let path = self.seen(relative)?;
        if path.contains(text) || format!("{path}/").ends_with(text) {
            return Some(true);
        }
        // A parameter holds no slash.
        (text.contains('/') || !path.contains("{}")).then_some(false)
    }

    /// Does the path match a pattern? Decided by the texts around what is special in it.
    pub(in crate::survey::auth) fn matches(&self, pattern: &str, relative: bool) -> Option<bool> {
        let special = |c: char| "\\^$.|?*+()[]{}".contains(c);
        let Some(anchored) = pattern.strip_prefix('^') else {
            let plain = pattern.replace("\\/", "/");
            return (!plain.contains(special))
                .then(|| self.holds(&plain, relative))
                .flatten();
        };
        let plain = anchored.replace("\\/", "/");
        let fixed = plain.split(special).next().unwrap_or_default();
        let rest = plain.get(fixed.len()..).unwrap_or_default();
        // What comes before `?` and `*` may be missing.
        let fixed = match rest.chars().next() {
            Some('?' | '*' | '|' | '{') => return None,
            _ => fixed,
        };
        match (self.starts(fixed, relative)?, rest) {
            (false, _) => Some(false),
            (true, "" | ".*" | "/.*" | ".*$" | "(.*)" | "(.*)$") => Some(true),
            (true, "$") => self.is(fixed, relative),
            (true, _) => None,
        }
    }

    /// Is it a request with this method?
    pub(super) fn has_method(&self, name: &str) -> Option<bool> {
        let name = name.to_ascii_uppercase();
        match &self.method {
            Some(method) => Some(*method == name),
            // Nobody writes a route for them: they belong to every one.
            None => matches!(name.as_str(), "OPTIONS" | "HEAD").then_some(false),
        }
    }

    /// Is it answered by the function that Flask calls so?
    pub(super) fn has_endpoint(&self, name: &str) -> Option<bool> {
        let handler = self.handler.as_deref()?;
        Some(name == handler || name.rsplit('.').next() == Some(handler))
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}
