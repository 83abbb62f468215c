//! A Dockerfile as the image build sees it: stages with what is in force in each, inherited from
//! earlier stages and with defaults of `ARG` in place.

mod lines;
mod stage;

#[cfg(test)]
mod tests;

use self::lines::{Instruction, Word};
use self::stage::{Setting, Stage};
use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind};
use crate::model::{SkipReason, Span};

/// Stages of one Dockerfile.
const STAGES: usize = 1000;

/// Reads a Dockerfile. Lines that are no instruction are errors of the document, not its end.
pub(super) fn parse(text: &str) -> Result<Document, Unparsed> {
    let instructions = lines::instructions(text);
    let (known, unknown): (Vec<_>, Vec<_>) = instructions
        .into_iter()
        .partition(|instruction| instruction.known);
    let (document, root) = Document::mapping(Span::new(0, text.trim_end().len()));
    let mut builder = Builder { document };
    for instruction in unknown {
        builder.error(text, instruction.keyword, "unknown instruction");
    }
    let first = known
        .iter()
        .position(|instruction| instruction.name == "FROM")
        .unwrap_or(known.len());
    let (globals, rest) = known.split_at_checked(first).unwrap_or_default();
    for instruction in globals
        .iter()
        .filter(|instruction| instruction.name != "ARG")
    {
        builder.error(
            text,
            instruction.keyword,
            "instruction before the first FROM",
        );
    }
    let bodies: Vec<_> = rest.chunk_by(|_, next| next.name != "FROM").collect();
    if bodies.is_empty() {
        return Err(Unparsed {
            reason: SkipReason::Malformed,
            detail: "a Dockerfile without FROM".to_owned(),
        });
    }
    if bodies.len() > STAGES {
        return Err(Unparsed {
            reason: SkipReason::Budget,
            detail: format!("more than {STAGES} stages"),
        });
    }
    let stages = stage::resolve(globals, &bodies);
    builder.stages(root, &stages);
    builder.globals(root, globals);
    Ok(builder.document)
}

struct Builder {
    document: Document,
}

impl Builder {
    fn error(&mut self, text: &str, span: Span, what: &str) {
        if self.document.errors.len() >= bounds::ERRORS {
            return;
        }
        let line = bounds::line_of(text, span.start as usize);
        self.document
            .errors
            .push((span, format!("{what} at line {line}")));
    }

    fn stages(&mut self, root: NodeId, stages: &[Stage<'_>]) {
        let span =
            |stage: Option<&Stage<'_>>| stage.map_or(Span::new(0, 0), |stage| stage.from.span);
        let whole = Span {
            start: span(stages.first()).start,
            end: span(stages.last()).end,
        };
        let list = self
            .document
            .insert(root, ("stages", whole), NodeKind::List(Vec::new()), whole);
        for (index, stage) in stages.iter().enumerate() {
            self.stage(list, stage, index + 1 == stages.len());
        }
    }

    fn stage(&mut self, list: NodeId, stage: &Stage<'_>, last: bool) {
        let from = stage.from.span;
        let map = self.document.append(list, NodeKind::Map(Vec::new()), from);
        if let Some(name) = stage.name {
            self.text(map, "name", name.span(), &name.text);
        }
        let place = stage.image.span();
        self.optional(map, "base", place, stage.base.as_deref());
        if let Some(inherits) = stage.inherits {
            self.text(map, "inherits", place, inherits);
        }
        self.optional(map, "image", place, stage.settings.image.as_deref());
        self.document
            .insert(map, ("final", from), NodeKind::Bool(last), from);
        for (key, setting) in stage.settings.named() {
            if let Some(setting) = setting {
                self.setting(map, key, setting);
            }
        }
        let list = self.document.insert(
            map,
            ("instructions", from),
            NodeKind::List(Vec::new()),
            from,
        );
        for instruction in stage.body {
            self.instruction(list, instruction);
        }
    }

    fn text(&mut self, map: NodeId, key: &str, span: Span, text: &str) -> NodeId {
        self.document
            .insert(map, (key, span), NodeKind::Str(text.into()), span)
    }

    fn optional(&mut self, map: NodeId, key: &str, span: Span, text: Option<&str>) {
        let kind = text.map_or(NodeKind::Unknown, |text| NodeKind::Str(text.into()));
        self.document.insert(map, (key, span), kind, span);
    }

    fn setting(&mut self, map: NodeId, key: &str, setting: &Setting<'_>) {
        let instruction = setting.instruction;
        let key = (key, instruction.keyword);
        if instruction.exec {
            let list = self.document.insert(
                map,
                key,
                NodeKind::List(Vec::new()),
                instruction.text.span(),
            );
            self.words(list, &instruction.args);
            return;
        }
        let kind = setting
            .text
            .as_ref()
            .map_or(NodeKind::Unknown, |text| NodeKind::Str((&**text).into()));
        self.document
            .insert(map, key, kind, instruction.text.span());
    }

    fn words(&mut self, list: NodeId, words: &[Word]) {
        for word in words {
            self.document
                .append(list, NodeKind::Str((&*word.text).into()), word.span());
        }
    }

    fn instruction(&mut self, list: NodeId, instruction: &Instruction) {
        let map = self
            .document
            .append(list, NodeKind::Map(Vec::new()), instruction.span);
        self.text(map, "name", instruction.keyword, &instruction.name);
        for (key, words) in [("flags", &instruction.flags), ("args", &instruction.args)] {
            let span = words
                .first()
                .zip(words.last())
                .map_or(instruction.keyword, |(first, last)| {
                    Span::new(first.start, last.end)
                });
            let list = self
                .document
                .insert(map, (key, span), NodeKind::List(Vec::new()), span);
            self.words(list, words);
        }
        self.text(map, "text", instruction.text.span(), &instruction.text.text);
    }

    /// `args`: the arguments before the first stage, with their defaults.
    fn globals(&mut self, root: NodeId, globals: &[Instruction]) {
        let args: Vec<_> = globals
            .iter()
            .filter(|instruction| instruction.name == "ARG")
            .collect();
        let span = args
            .first()
            .zip(args.last())
            .map_or(Span::new(0, 0), |(first, last)| Span {
                start: first.span.start,
                end: last.span.end,
            });
        let list = self
            .document
            .insert(root, ("args", span), NodeKind::List(Vec::new()), span);
        for word in args.iter().flat_map(|instruction| &instruction.args) {
            let map = self
                .document
                .append(list, NodeKind::Map(Vec::new()), word.span());
            let (name, default) = stage::split_assignment(&word.text);
            self.text(map, "name", word.span(), name);
            if let Some(default) = default {
                self.text(map, "default", word.span(), default);
            }
        }
    }
}
