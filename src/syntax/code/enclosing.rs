//! Where in the program a node stands: its function, class and loop.
//!
//! One table of node kinds serves all grammars. Kinds of different grammars that share a name
//! mean the same thing, so the table needs no language.

use super::handler;
use super::{SyntaxNode, plain_string};

/// The surroundings of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosing {
    /// Name of the nearest enclosing function that has one; `""` at module level.
    pub function: String,
    /// The nearest enclosing function, named or not, is asynchronous.
    pub is_async: bool,
    /// A loop in that function runs the node repeatedly.
    pub in_loop: bool,
    /// Name of the nearest enclosing class; `""` outside.
    pub class: String,
    /// Decorators, annotations or attributes of the named function, without their sigils.
    pub decorators: Vec<String>,
    /// An enclosing function is called once for each request or event.
    pub is_handler: bool,
}

impl Enclosing {
    /// Looks outwards from `node`. A node that is a function itself counts as inside itself.
    pub fn of(node: &SyntaxNode<'_>) -> Self {
        let mut chain = vec![node.clone()];
        chain.extend(node.ancestors());
        let mut here = Self::default();
        let mut left_function = false;
        for (index, node) in chain.iter().enumerate() {
            let (inner, outer) = chain.split_at(index);
            let outer = outer.get(1..).unwrap_or_default();
            if let Some(function) = function_at(node, inner.last()) {
                if !left_function {
                    here.is_async = is_async(&function);
                }
                left_function = true;
                here.enter_function(&function, outer);
            } else if !left_function && is_repeated(node, inner) {
                here.in_loop = true;
            }
            here.is_handler = here.is_handler || handler::is_route_block(node, inner.last());
            if here.class.is_empty() && is_class(&node.kind()) {
                here.class = class_name(node);
            }
        }
        here
    }

    fn enter_function<'t>(&mut self, node: &SyntaxNode<'t>, outer: &[SyntaxNode<'t>]) {
        let function = Function {
            node,
            name: function_name(node, outer),
            decorators: decorators(node),
            class: outer.iter().find(|node| is_class(&node.kind())),
            outer,
        };
        self.is_handler = self.is_handler || handler::is_handler(&function);
        if self.function.is_empty() && !function.name.is_empty() {
            self.function = function.name;
            self.decorators = function.decorators;
            if self.class.is_empty() {
                self.class = receiver(node).unwrap_or_default();
            }
        }
    }
}

/// A function with what surrounds it.
pub(super) struct Function<'a, 't> {
    pub(super) node: &'a SyntaxNode<'t>,
    /// Its name, or the name of what it is assigned to; `""` if it has neither.
    pub(super) name: String,
    pub(super) decorators: Vec<String>,
    /// The class it is a method of, or that it stands in.
    pub(super) class: Option<&'a SyntaxNode<'t>>,
    /// Its ancestors, nearest first.
    pub(super) outer: &'a [SyntaxNode<'t>],
}

/// The function that `node` is, or whose decorators `node` holds.
fn function_at<'t>(
    node: &SyntaxNode<'t>,
    inner: Option<&SyntaxNode<'t>>,
) -> Option<SyntaxNode<'t>> {
    let kind = node.kind();
    if is_function(&kind) {
        return Some(node.clone());
    }
    match &*kind {
        // A decorator stands beside its function; entered from the function it is already seen.
        "decorated_definition" if inner.is_none_or(|inner| inner.kind() == "decorator") => node
            .field("definition")
            .filter(|definition| is_function(&definition.kind())),
        "decorator" => {
            let method = node
                .next_all()
                .find(|next| next.is_named() && next.kind() != "decorator")?;
            is_function(&method.kind()).then_some(method)
        }
        _ => None,
    }
}

fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_definition"
            | "lambda"
            | "function_declaration"
            | "function_expression"
            | "generator_function"
            | "generator_function_declaration"
            | "arrow_function"
            | "method_definition"
            | "method_declaration"
            | "constructor_declaration"
            | "compact_constructor_declaration"
            | "lambda_expression"
            | "lambda_literal"
            | "anonymous_function"
            | "secondary_constructor"
            | "local_function_statement"
            | "anonymous_method_expression"
            | "accessor_declaration"
            | "func_literal"
            | "method"
            | "singleton_method"
    )
}

fn is_class(kind: &str) -> bool {
    matches!(
        kind,
        "class_definition"
            | "class_declaration"
            | "abstract_class_declaration"
            | "class"
            | "interface_declaration"
            | "enum_declaration"
            | "record_declaration"
            | "struct_declaration"
            | "object_declaration"
            | "trait_declaration"
            | "module"
    )
}

/// The name of a class; `""` for anonymous ones, and for Python's file node, also a `module`.
fn class_name(node: &SyntaxNode<'_>) -> String {
    let name = node
        .field("name")
        .or_else(|| child(node, "type_identifier"));
    name.map(|name| name.text().into_owned())
        .unwrap_or_default()
}

/// The name of a function, or of what it is assigned to.
fn function_name(function: &SyntaxNode<'_>, outer: &[SyntaxNode<'_>]) -> String {
    let own = function
        .field("name")
        .or_else(|| child(function, "simple_identifier"));
    if let Some(name) = own {
        return name.text().into_owned();
    }
    if function.kind() == "secondary_constructor" {
        return "constructor".to_owned();
    }
    let Some(holder) = outer.first() else {
        return String::new();
    };
    let name = match &*holder.kind() {
        "variable_declarator" | "public_field_definition" => holder.field("name"),
        "field_definition" => holder.field("property"),
        "pair" => holder.field("key"),
        "assignment_expression" | "assignment" => holder.field("left"),
        _ => None,
    };
    let text = name.map(|name| plain_string(&name).unwrap_or_else(|| name.text().into_owned()));
    let text = text.unwrap_or_default();
    text.rsplit('.')
        .next()
        .unwrap_or_default()
        .trim_start_matches('$')
        .to_owned()
}

/// The type a Go method belongs to.
fn receiver(function: &SyntaxNode<'_>) -> Option<String> {
    let parameter = function
        .field("receiver")
        .filter(|list| list.kind() == "parameter_list")?;
    let text = parameter.text();
    let name = text
        .trim_matches(['(', ')', ' '])
        .rsplit([' ', '*'])
        .next()?;
    Some(name.split('[').next()?.to_owned())
}

fn is_async(function: &SyntaxNode<'_>) -> bool {
    let body = function.field("body").map(|body| body.range().start);
    for part in function.children() {
        if body.is_some_and(|body| part.range().start >= body) {
            break;
        }
        match &*part.kind() {
            "async" => return true,
            "modifier" | "modifiers" => {
                let text = part.text();
                if text
                    .split_whitespace()
                    .any(|word| word == "async" || word == "suspend")
                {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Is `node` a loop that runs the last of its parts `inside` again and again?
fn is_repeated(node: &SyntaxNode<'_>, inside: &[SyntaxNode<'_>]) -> bool {
    let Some((inner, deeper)) = inside.split_last() else {
        return false;
    };
    let is = |field: &str| is_field(node, field, inner);
    match &*node.kind() {
        "for_statement" | "foreach_statement" | "enhanced_for_statement" | "for_in_statement" => {
            let once = ["init", "initializer", "initialize"];
            match &*inner.kind() {
                "control_structure_body" => true,
                "for_clause" => deeper
                    .last()
                    .is_none_or(|part| !is_field(inner, "initializer", part)),
                _ => is("body") || (node.field("condition").is_some() && !once.into_iter().any(is)),
            }
        }
        "while_statement" => !is("alternative"),
        "do_statement" | "do_while_statement" | "while" | "until" | "while_modifier"
        | "until_modifier" => true,
        "for" => is("body"),
        "list_comprehension"
        | "set_comprehension"
        | "dictionary_comprehension"
        | "generator_expression" => !is_first_source(node, inner),
        "call" => is("block") && is_iteration(node),
        _ => false,
    }
}

fn is_field(node: &SyntaxNode<'_>, field: &str, part: &SyntaxNode<'_>) -> bool {
    node.field(field)
        .is_some_and(|found| found.node_id() == part.node_id())
}

/// The first `for … in …` of a comprehension is evaluated once.
fn is_first_source(node: &SyntaxNode<'_>, inner: &SyntaxNode<'_>) -> bool {
    child(node, "for_in_clause").is_some_and(|first| first.node_id() == inner.node_id())
}

/// Ruby's loops are calls with a block.
fn is_iteration(call: &SyntaxNode<'_>) -> bool {
    let Some(method) = call.field("method") else {
        return false;
    };
    matches!(
        &*method.text(),
        "each"
            | "each_with_index"
            | "each_with_object"
            | "each_pair"
            | "each_slice"
            | "find_each"
            | "find_in_batches"
            | "map"
            | "flat_map"
            | "select"
            | "reject"
            | "times"
            | "loop"
            | "upto"
            | "downto"
            | "step"
            | "inject"
            | "reduce"
            | "collect"
    )
}

/// Decorators, annotations and attributes of a function, in order of the text.
fn decorators(function: &SyntaxNode<'_>) -> Vec<String> {
    let mut found = Vec::new();
    match function.parent() {
        Some(parent) if parent.kind() == "decorated_definition" => {
            found.extend(parent.children().filter(|part| part.kind() == "decorator"));
        }
        _ => {
            let before = function.prev_all();
            let mut above: Vec<_> = before
                .take_while(|part| part.kind() == "decorator")
                .collect();
            above.reverse();
            found.extend(above);
        }
    }
    for part in function.children() {
        match &*part.kind() {
            "decorator" | "annotation" | "marker_annotation" => found.push(part),
            "modifiers" => found.extend(
                part.children()
                    .filter(|part| matches!(&*part.kind(), "annotation" | "marker_annotation")),
            ),
            "attribute_list" | "attribute_group" => found.extend(attributes(&part)),
            _ => {}
        }
    }
    found
        .iter()
        .map(|part| part.text().trim_start_matches('@').trim().to_owned())
        .collect()
}

/// The attributes of a C# or PHP attribute list.
fn attributes<'t>(list: &SyntaxNode<'t>) -> Vec<SyntaxNode<'t>> {
    let groups = list.named_children().flat_map(|part| match &*part.kind() {
        "attribute_group" => part.named_children().collect(),
        _ => vec![part],
    });
    groups.filter(|part| part.kind() == "attribute").collect()
}

fn child<'t>(node: &SyntaxNode<'t>, kind: &str) -> Option<SyntaxNode<'t>> {
    node.children().find(|part| part.kind() == kind)
}
