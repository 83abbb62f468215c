//! What is in force in each stage of a Dockerfile.

use super::lines::{Instruction, Word};
use crate::syntax::expand::{Escape, expand};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Variables that one stage remembers; those beyond are unknown.
const VARIABLES: usize = 500;

/// One stage.
pub(super) struct Stage<'i> {
    pub(super) from: &'i Instruction,
    pub(super) name: Option<&'i Word>,
    /// The word that names the image.
    pub(super) image: &'i Word,
    /// Image or earlier stage, as written but with defaults of arguments.
    pub(super) base: Option<String>,
    /// The earlier stage it builds on.
    pub(super) inherits: Option<&'i str>,
    pub(super) body: &'i [Instruction],
    pub(super) settings: Settings<'i>,
}

/// What instructions have set so far; copied into the stages that build on this one.
#[derive(Clone, Default)]
pub(super) struct Settings<'i> {
    /// The image outside the file that the first of these stages starts from.
    pub(super) image: Option<String>,
    user: Option<Setting<'i>>,
    workdir: Option<Setting<'i>>,
    healthcheck: Option<Setting<'i>>,
    cmd: Option<Setting<'i>>,
    entrypoint: Option<Setting<'i>>,
    variables: Variables,
}

/// An instruction in force, and its text with variables replaced where they are known.
#[derive(Clone)]
pub(super) struct Setting<'i> {
    pub(super) instruction: &'i Instruction,
    pub(super) text: Option<String>,
}

type Variables = Rc<BTreeMap<String, Option<String>>>;

impl<'i> Settings<'i> {
    /// All settings under the keys that rules know them by.
    pub(super) fn named(&self) -> [(&'static str, Option<&Setting<'i>>); 5] {
        [
            ("user", self.user.as_ref()),
            ("workdir", self.workdir.as_ref()),
            ("healthcheck", self.healthcheck.as_ref()),
            ("cmd", self.cmd.as_ref()),
            ("entrypoint", self.entrypoint.as_ref()),
        ]
    }

    fn run(&mut self, body: &'i [Instruction], globals: &Variables) {
        let own_cmd = body.iter().any(|instruction| instruction.name == "CMD");
        for instruction in body {
            let literal = || {
                Some(Setting {
                    instruction,
                    text: Some(instruction.text.text.clone()),
                })
            };
            match &*instruction.name {
                "USER" => self.user = Some(self.expanded(instruction)),
                "WORKDIR" => self.workdir = Some(self.expanded(instruction)),
                "HEALTHCHECK" => self.healthcheck = literal(),
                "CMD" => self.cmd = literal(),
                "ENTRYPOINT" => {
                    self.entrypoint = literal();
                    // A new entry point drops the command of the image below.
                    if !own_cmd {
                        self.cmd = None;
                    }
                }
                "ARG" => declare(&mut self.variables, &instruction.args, Some(globals)),
                "ENV" => declare(&mut self.variables, &instruction.args, None),
                _ => {}
            }
        }
    }

    fn expanded(&self, instruction: &'i Instruction) -> Setting<'i> {
        let words: Vec<_> = instruction.args.iter().map(|word| &*word.text).collect();
        Setting {
            instruction,
            text: replace(&words.join(" "), &self.variables),
        }
    }
}

/// Resolves all stages in order; `bodies` begin with their `FROM`.
pub(super) fn resolve<'i>(globals: &[Instruction], bodies: &[&'i [Instruction]]) -> Vec<Stage<'i>> {
    let mut arguments = Variables::default();
    for instruction in globals {
        declare(&mut arguments, &instruction.args, None);
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut stages: Vec<Stage<'i>> = Vec::new();
    for body in bodies {
        let Some((from, body)) = body.split_first() else {
            continue;
        };
        let stage = stage(from, body, &arguments, |name| stages.get(*names.get(name)?));
        if let Some(name) = stage.name {
            names.insert(name.text.to_lowercase(), stages.len());
        }
        stages.push(stage);
    }
    stages
}

fn stage<'i, 's>(
    from: &'i Instruction,
    body: &'i [Instruction],
    arguments: &Variables,
    earlier: impl Fn(&str) -> Option<&'s Stage<'i>>,
) -> Stage<'i>
where
    'i: 's,
{
    let image = from.args.first().unwrap_or(&from.text);
    let name = match &*from.args {
        [_, word, name, ..] if word.text.eq_ignore_ascii_case("as") => Some(name),
        _ => None,
    };
    let base =
        replace(&image.text, arguments).filter(|base| !base.is_empty() && !base.contains("{{"));
    let below = base.as_ref().and_then(|base| earlier(&base.to_lowercase()));
    let mut settings = match below {
        Some(stage) => stage.settings.clone(),
        None => Settings {
            image: base.clone(),
            ..Settings::default()
        },
    };
    let inherits = below.and_then(|stage| stage.name).map(|name| &*name.text);
    settings.run(body, arguments);
    Stage {
        from,
        name,
        image,
        base,
        inherits,
        body,
        settings,
    }
}

/// `NAME=value`, or `NAME` alone.
pub(super) fn split_assignment(word: &str) -> (&str, Option<&str>) {
    word.split_once('=')
        .map_or((word, None), |(name, value)| (name, Some(value)))
}

/// Declares variables. One without a value takes that of `outer`, or is not known.
fn declare(variables: &mut Variables, words: &[Word], outer: Option<&Variables>) {
    for word in words {
        let (name, value) = split_assignment(&word.text);
        let value = match value {
            Some(value) => replace(value, variables),
            None => outer.and_then(|outer| outer.get(name).cloned().flatten()),
        };
        if variables.contains_key(name) || variables.len() < VARIABLES {
            Rc::make_mut(variables).insert(name.to_owned(), value);
        }
    }
}

fn replace(text: &str, variables: &Variables) -> Option<String> {
    expand(text, Escape::Backslash, &|name| {
        variables.get(name).cloned().flatten()
    })
}
