//! Documents with spans, and the lexical shape of program text. Knows nothing of rules.

pub mod code;
mod document;
mod lexer;

pub use document::{Document, Node, NodeId, NodeKind};
pub use lexer::Contexts;
