//! HCL (Terraform) into the arena. Blocks are mappings by type and labels, lists of mappings where
//! a block of the same labels repeats; expressions that are no literals are unknown.

use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind};
use crate::model::Span;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use hcl_edit::template::Element;
use std::collections::BTreeMap;
use std::ops::Range;

/// Labels of one block that become levels; Terraform has at most two.
const LABELS: usize = 8;

pub(super) fn parse(text: &str) -> Result<Document, Unparsed> {
    bounds::check_brackets(text)?;
    let body = hcl_edit::parser::parse_body(text)
        .map_err(|error| bounds::malformed("HCL", text, error.location().offset()))?;
    let (mut document, root) = Document::mapping(Span::new(0, text.len()));
    add_body(&mut document, root, &body);
    Ok(document)
}

/// The type of a block and its labels, with their places.
fn levels(block: &Block) -> Vec<(&str, Span)> {
    let labels = block.labels.iter().take(LABELS).map(|label| match label {
        BlockLabel::Ident(ident) => (ident.as_str(), place(ident.span())),
        BlockLabel::String(text) => (text.as_str(), place(text.span())),
    });
    std::iter::once((block.ident.as_str(), place(block.ident.span())))
        .chain(labels)
        .collect()
}

/// Recursion is bounded by the parser, which stops at 64 levels.
fn add_body(document: &mut Document, map: NodeId, body: &Body) {
    let mut repeated: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for block in body.blocks() {
        *repeated
            .entry(levels(block).into_iter().map(|(name, _)| name).collect())
            .or_default() += 1;
    }
    let mut nodes: BTreeMap<Vec<&str>, NodeId> = BTreeMap::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let key = (attribute.key.as_str(), place(attribute.key.span()));
                let id =
                    document.insert(map, key, NodeKind::Unknown, place(attribute.value.span()));
                fill(document, id, &attribute.value);
            }
            Structure::Block(block) => {
                let span = place(block.span());
                let mut path = Vec::new();
                let mut parent = map;
                let levels = levels(block);
                for (depth, (name, key)) in levels.iter().enumerate() {
                    path.push(*name);
                    let last = depth + 1 == levels.len();
                    let list = last && repeated.get(&path).is_some_and(|times| *times > 1);
                    let kind = if list {
                        NodeKind::List(Vec::new())
                    } else {
                        NodeKind::Map(Vec::new())
                    };
                    parent = *nodes
                        .entry(path.clone())
                        .or_insert_with(|| document.insert(parent, (name, *key), kind, span));
                }
                if document
                    .nodes
                    .get(parent as usize)
                    .is_some_and(|node| matches!(node.kind, NodeKind::List(_)))
                {
                    parent = document.append(parent, NodeKind::Map(Vec::new()), span);
                }
                add_body(document, parent, &block.body);
            }
        }
    }
}

/// Gives node `id` the value of an expression.
fn fill(document: &mut Document, id: NodeId, expression: &Expression) {
    let kind = match expression {
        Expression::Null(_) => NodeKind::Null,
        Expression::Bool(value) => NodeKind::Bool(*value.value()),
        Expression::Number(_) => number(expression, 1).unwrap_or(NodeKind::Unknown),
        Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Neg => {
            number(&operation.expr, -1).unwrap_or(NodeKind::Unknown)
        }
        Expression::String(text) => NodeKind::Str(text.as_str().into()),
        Expression::StringTemplate(template) => text_of(template.iter()),
        Expression::HeredocTemplate(heredoc) => text_of(heredoc.template.iter()),
        Expression::Parenthesis(inside) => return fill(document, id, inside.inner()),
        Expression::Array(_) => NodeKind::List(Vec::new()),
        Expression::Object(_) => NodeKind::Map(Vec::new()),
        _ => NodeKind::Unknown,
    };
    if let Some(node) = document.nodes.get_mut(id as usize) {
        node.kind = kind;
    }
    match expression {
        Expression::Array(items) => {
            for item in items {
                let child = document.append(id, NodeKind::Unknown, place(item.span()));
                fill(document, child, item);
            }
        }
        Expression::Object(entries) => {
            for (key, value) in entries {
                let Some(name) = key_text(key) else {
                    // A computed key may be any key.
                    document.open.insert(id);
                    continue;
                };
                let expression = value.expr();
                let key = (name, place(key.span()));
                let child = document.insert(id, key, NodeKind::Unknown, place(expression.span()));
                fill(document, child, expression);
            }
        }
        _ => {}
    }
}

fn number(expression: &Expression, sign: i64) -> Option<NodeKind> {
    let Expression::Number(number) = expression else {
        return None;
    };
    let number = number.value();
    match number.as_i64() {
        Some(whole) => whole.checked_mul(sign).map(NodeKind::Int),
        None => number
            .as_f64()
            .map(|value| NodeKind::Float(if sign < 0 { -value } else { value })),
    }
}

/// The text of a template without interpolations.
fn text_of<'t>(elements: impl Iterator<Item = &'t Element>) -> NodeKind {
    let literals: Option<String> = elements
        .map(|element| element.as_literal().map(|text| text.value().as_str()))
        .collect();
    literals.map_or(NodeKind::Unknown, |text| NodeKind::Str(text.into()))
}

fn key_text(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.as_str()),
        // A variable alone names itself.
        ObjectKey::Expression(Expression::Variable(name)) => Some(name.as_str()),
        ObjectKey::Expression(_) => None,
    }
}

fn place(span: Option<Range<usize>>) -> Span {
    let span = span.unwrap_or_default();
    Span::new(span.start, span.end)
}

#[cfg(test)]
mod tests {
    use crate::model::{RepoPath, SkipReason};
    use crate::syntax::{Document, Format, Selector, Unparsed, parse};

    fn read(text: &str) -> Result<Document, Unparsed> {
        parse(Format::Hcl, &RepoPath::new("a.tf").unwrap(), text)
    }

    const MAIN: &str = r#"# é
resource "aws_db_instance" "main" {
  storage_encrypted = false
  password          = var.password
  name              = "db-${var.env}"
  port              = -5
  tags              = { Name = "x", (var.k) = 1 }
  ports             = [80, 443.5, null, (true)]
  policy            = <<-EOT
    a
      b
  EOT
  ingress { from = 1 }
  ingress { from = 2 }
  lifecycle { prevent_destroy = true }
}
resource "aws_db_instance" "other" {}
variable "x" {}
"#;

    #[test]
    fn blocks_are_mappings_and_expressions_are_unknown() {
        let document = read(MAIN).unwrap();
        let show = |path: &str| {
            let hits = Selector::compile(path).unwrap().select(&document);
            hits.iter()
                .map(|hit| document.value(hit.node, 99).display())
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (path, want) in [
            ("$.resource.aws_db_instance.main.storage_encrypted", "false"),
            ("$.resource.aws_db_instance.main.password", "?"),
            ("$.resource.aws_db_instance.main.name", "?"),
            ("$.resource.aws_db_instance.main.port", "-5"),
            ("$.resource.aws_db_instance.main.tags", "?"),
            ("$.resource.aws_db_instance.main.tags.Name", "x"),
            (
                "$.resource.aws_db_instance.main.ports",
                "[80,443.5,null,true]",
            ),
            ("$.resource.aws_db_instance.main.policy", "a\n  b\n"),
            ("$.resource.aws_db_instance.main.ingress[*].from", "1 2"),
            (
                "$.resource.aws_db_instance.main.lifecycle.prevent_destroy",
                "true",
            ),
            ("$.resource.aws_db_instance.other", "{}"),
            ("$.variable.x", "{}"),
        ] {
            assert_eq!(show(path), want, "{path}");
        }
    }

    #[test]
    fn places_are_exact() {
        for text in [MAIN.to_owned(), MAIN.replace('\n', "\r\n")] {
            let document = read(&text).unwrap();
            let place = |path: &str| {
                let hit = &Selector::compile(path).unwrap().select(&document)[0];
                text[hit.hit_span(&document).range()].to_owned()
            };
            assert_eq!(place("$..storage_encrypted"), "storage_encrypted = false");
            assert_eq!(
                place("$.resource.aws_db_instance.other"),
                "resource \"aws_db_instance\" \"other\" {}"
            );
            assert_eq!(place("$..ingress[1]"), "ingress { from = 2 }");
        }
    }

    #[test]
    fn hostile_files_are_refused() {
        for (text, reason) in [
            ("a = {\n".to_owned(), SkipReason::Malformed),
            (format!("a = {}", "[".repeat(100_000)), SkipReason::TooDeep),
            ("a {\n".repeat(100_000), SkipReason::TooDeep),
            ("a {\n".repeat(100), SkipReason::Malformed),
            (
                format!("a = \"{}", "${\"".repeat(10_000)),
                SkipReason::TooDeep,
            ),
            (
                format!("a = {}1", "!".repeat(100_000)),
                SkipReason::Malformed,
            ),
            (
                format!("a = 1{}", " + 1".repeat(100_000)),
                SkipReason::Malformed,
            ),
        ] {
            assert_eq!(
                read(&text).unwrap_err().reason,
                reason,
                "{}",
                &text[..20.min(text.len())]
            );
        }
        assert!(read(&format!("a {} {{}}\n", "\"b\" ".repeat(100_000))).is_ok());
    }
}
