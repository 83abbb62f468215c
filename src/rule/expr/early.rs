//! What an expression answers as soon as the role of the file is known, before there is a hit.

use super::Expr;
use super::node::{Node, Operator, Root};
use crate::model::{Role, Value};

impl Expr {
    /// Is it false for every hit in a file of this role?
    pub fn refuses(&self, role: Role) -> bool {
        decide(&self.0.root, role.as_str()) == Some(false)
    }
}

/// The answer, where the role alone decides it.
fn decide(node: &Node, role: &str) -> Option<bool> {
    match node {
        Node::Literal(Value::Bool(answer)) => Some(*answer),
        Node::Not(inner) => decide(inner, role).map(|answer| !answer),
        Node::Logic(logic, sides) => {
            let [left, right] = sides.as_ref().each_ref().map(|side| decide(side, role));
            let decisive = Some(logic.absorbing());
            if left == decisive || right == decisive {
                decisive
            } else {
                left.and(right)
            }
        }
        Node::Binary(operator, sides) => {
            let [left, right] = sides.as_ref();
            match operator {
                Operator::Equal => Some(named(left, right)? == role),
                Operator::NotEqual => Some(named(left, right)? != role),
                Operator::In if is_role(left) => within(right, role),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The text that the role is compared with.
fn named<'n>(left: &'n Node, right: &'n Node) -> Option<&'n str> {
    let other = if is_role(left) {
        right
    } else if is_role(right) {
        left
    } else {
        return None;
    };
    text(other)
}

fn within(list: &Node, role: &str) -> Option<bool> {
    match list {
        Node::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(text).collect();
            Some(texts?.contains(&role))
        }
        Node::Literal(Value::List(items)) => Some(
            items
                .iter()
                .any(|item| matches!(item, Value::Str(text) if **text == *role)),
        ),
        _ => None,
    }
}

fn text(node: &Node) -> Option<&str> {
    match node {
        Node::Literal(Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// `hit.file.role`.
fn is_role(node: &Node) -> bool {
    let Node::Select { of, key } = node else {
        return false;
    };
    let Node::Select { of, key: file } = of.as_ref() else {
        return false;
    };
    matches!(of.as_ref(), Node::Root(Root::Hit)) && **file == *"file" && **key == *"role"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_refuses_only_what_no_hit_could_change() {
        let refuses = |source: &str| Expr::compile(source).unwrap().refuses(Role::Test);
        for source in [
            r#"hit.file.role == "production" && hit.reach != "orphan""#,
            r#"hit.value == "x" && !(hit.file.role in ["test", "docs"])"#,
            r#""test" != hit.file.role"#,
            r#"!(hit.file.role == "test" || has(hit.name))"#,
            r#"hit.file.role in ["production", "script"] && has(hit.name)"#,
        ] {
            assert!(refuses(source), "{source}");
        }
        for source in [
            r#"hit.file.role == "production" || has(hit.name)"#,
            r#"!(hit.file.role == "production" && has(hit.name))"#,
            r#"hit.file.role in [hit.value, "docs"]"#,
            r#"hit.file.role == "test""#,
            r#"hit.role == "production""#,
            r#"hit.file.role != "production" ? true : has(hit.name)"#,
        ] {
            assert!(!refuses(source), "{source}");
        }
    }
}
