//! The compiled tree, and how a part of it reads in a sentence.

use super::functions::{self, Function};
use crate::model::Value;
use globset::GlobMatcher;
use regex::Regex;
use std::sync::{Arc, OnceLock};

/// One operation.
pub(super) enum Node {
    Literal(Value),
    Root(Root),
    /// A variable of a comprehension, by its depth.
    Local {
        depth: usize,
        name: Arc<str>,
    },
    Select {
        of: Box<Self>,
        key: Arc<str>,
    },
    Index {
        of: Box<Self>,
        at: Box<Self>,
    },
    /// `has(…)`: the node is a `Select` or an `Index`.
    Has(Box<Self>),
    Not(Box<Self>),
    Negate(Box<Self>),
    Logic(Logic, Box<[Self; 2]>),
    Choice(Box<[Self; 3]>),
    Binary(Operator, Box<[Self; 2]>),
    List(Box<[Self]>),
    Map(Box<[(Self, Self)]>),
    Each(Box<Each>),
    Call {
        function: &'static Function,
        arguments: Box<[Self]>,
    },
    /// `matches` with a literal pattern.
    Matches {
        text: Box<Self>,
        pattern: Pattern,
    },
    /// `glob` with a literal pattern.
    Glob {
        path: Box<Self>,
        matcher: Box<GlobMatcher>,
    },
    /// A question about the service or the repository.
    Ask {
        question: Question,
        of: Root,
        about: Box<Self>,
    },
}

/// A literal regex, compiled when it is first asked.
pub(super) struct Pattern {
    source: Arc<str>,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    /// The error is a sentence about the syntax.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        regex_syntax::parse(source).map_err(|error| functions::broken(&error))?;
        Ok(Self {
            source: source.into(),
            compiled: OnceLock::new(),
        })
    }

    /// The regex; the error is a sentence about its size.
    pub(super) fn regex(&self) -> Result<&Regex, &str> {
        self.compiled
            .get_or_init(|| functions::regex(&self.source))
            .as_ref()
            .map_err(String::as_str)
    }
}

/// A variable that every expression may name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Hit,
    Service,
    Repo,
}

/// An operator that one side may decide.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Logic {
    And,
    Or,
}

impl Logic {
    /// The value that decides, whatever the other side is.
    pub(super) fn absorbing(self) -> bool {
        self == Self::Or
    }
}

/// An operator that needs both sides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    In,
}

/// A loop over the items of a list, or over the keys of a mapping.
pub(super) struct Each {
    pub(super) quantifier: Quantifier,
    pub(super) over: Node,
    /// Of `map` with three arguments: which items.
    pub(super) only: Option<Node>,
    pub(super) body: Node,
}

/// What a loop asks of its items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// A member function of `service` or `repo`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Serves,
    Uses,
    Depends,
    Facts,
    Has,
}

impl Root {
    pub(super) const ALL: [Self; 3] = [Self::Hit, Self::Service, Self::Repo];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Service => "service",
            Self::Repo => "repo",
        }
    }

    /// What may be asked of it.
    pub(super) fn questions(self) -> &'static [Question] {
        match self {
            Self::Hit => &[],
            Self::Service => &[
                Question::Serves,
                Question::Uses,
                Question::Depends,
                Question::Facts,
            ],
            Self::Repo => &[Question::Has, Question::Facts],
        }
    }
}

impl Question {
    pub(super) const ALL: [Self; 5] = [
        Self::Serves,
        Self::Uses,
        Self::Depends,
        Self::Facts,
        Self::Has,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Serves => "serves",
            Self::Uses => "uses",
            Self::Depends => "depends",
            Self::Facts => "facts",
            Self::Has => "has",
        }
    }
}

impl Quantifier {
    /// The quantifier of this name, unless the number of arguments is another's.
    pub(super) fn named(name: &str, arguments: usize) -> Option<Self> {
        match (name, arguments) {
            ("all", 2) => Some(Self::All),
            ("exists", 2) => Some(Self::Exists),
            ("exists_one" | "existsOne", 2) => Some(Self::ExistsOne),
            ("filter", 2) => Some(Self::Filter),
            ("map", 2 | 3) => Some(Self::Map),
            _ => None,
        }
    }
}

impl Node {
    /// The list whose items the node counts: `size(…)`.
    pub(super) fn counted(&self) -> Option<&Self> {
        match self {
            Self::Call {
                function,
                arguments,
            } if function.name == "size" => arguments.first(),
            _ => None,
        }
    }

    /// Is it a number of items, or a sum, a difference or a product with one?
    pub(super) fn counts(&self) -> bool {
        match self {
            Self::Binary(Operator::Add | Operator::Subtract | Operator::Multiply, sides) => {
                sides.iter().any(Self::counts)
            }
            _ => self.counted().is_some(),
        }
    }

    /// Does it, or a part of it, name this variable?
    pub(super) fn speaks_of(&self, root: Root) -> bool {
        let any = |nodes: &[Self]| nodes.iter().any(|node| node.speaks_of(root));
        match self {
            Self::Literal(_) | Self::Local { .. } => false,
            Self::Root(name) => *name == root,
            Self::Select { of, .. } => of.speaks_of(root),
            Self::Index { of, at } => of.speaks_of(root) || at.speaks_of(root),
            Self::Has(node) | Self::Not(node) | Self::Negate(node) => node.speaks_of(root),
            Self::Logic(_, sides) | Self::Binary(_, sides) => any(sides.as_slice()),
            Self::Choice(parts) => any(parts.as_slice()),
            Self::List(nodes) => any(nodes),
            Self::Map(entries) => entries
                .iter()
                .any(|(key, value)| key.speaks_of(root) || value.speaks_of(root)),
            Self::Each(each) => {
                each.over.speaks_of(root)
                    || each.body.speaks_of(root)
                    || each.only.as_ref().is_some_and(|only| only.speaks_of(root))
            }
            Self::Call { arguments, .. } => any(arguments),
            Self::Matches { text, .. } => text.speaks_of(root),
            Self::Glob { path, .. } => path.speaks_of(root),
            Self::Ask { of, about, .. } => *of == root || about.speaks_of(root),
        }
    }

    /// How the node reads in a sentence; what is not a path is shortened to `…`.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Literal(Value::Str(text)) => format!("{text:?}"),
            Self::Literal(value) => value.display(),
            Self::Root(root) => root.name().to_owned(),
            Self::Local { name, .. } => name.to_string(),
            Self::Select { of, key } => format!("{}.{key}", of.describe()),
            Self::Index { of, at } => format!("{}[{}]", of.describe(), at.describe()),
            Self::Has(node) => format!("has({})", node.describe()),
            Self::Call {
                function,
                arguments,
            } => {
                let arguments: Vec<_> = arguments.iter().map(Self::describe).collect();
                format!("{}({})", function.name, arguments.join(", "))
            }
            Self::Ask {
                question,
                of,
                about,
            } => {
                format!("{}.{}({})", of.name(), question.name(), about.describe())
            }
            Self::Each(each) => each.over.describe(),
            _ => "…".to_owned(),
        }
    }
}
