//! Documents with spans, and the lexical shape of program text. Knows nothing of rules.

mod bicep;
mod bounds;
mod chart;
pub mod code;
mod compose;
mod dockerfile;
mod document;
mod expand;
mod format;
mod hcl;
mod json;
mod keyvalue;
mod kubernetes;
mod lexer;
mod parse;
mod scalar;
mod selector;
mod template;
mod toml;
mod xml;
mod yaml;

#[cfg(test)]
mod tests;

pub use bounds::Unparsed;
pub use chart::{Chart, chart_of};
pub use compose::interpolate;
pub use document::{Document, Node, NodeId, NodeKind};
pub use format::Format;
pub use lexer::Contexts;
pub use parse::{parse, parse_with};
pub use selector::{SelectError, Selected, Selection, Selector};
