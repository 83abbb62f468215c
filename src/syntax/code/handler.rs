//! Functions that a framework calls once for each request or event.
//!
//! Told by decorators, by the call they are passed to, by their parameters and by their names.
//! It is a judgement from one file: a handler that is registered elsewhere may be missed.

use super::enclosing::Function;
use super::{SyntaxNode, plain_string};
use ast_grep_language::SupportLang;

pub(super) fn is_handler(function: &Function<'_, '_>) -> bool {
    function
        .decorators
        .iter()
        .any(|text| is_route_decorator(text))
        || is_handler_name(&function.name)
        || is_view(function)
        || takes_a_request(function.node)
        || is_registered(function.node, function.outer)
}

/// `app.get("/x")`, `GetMapping("/x")`, `HttpGet`, `socketio.on("x")`.
fn is_route_decorator(text: &str) -> bool {
    let path = text.split(['(', '<', ' ']).next().unwrap_or_default();
    let mut parts = path.rsplit('.');
    let name = parts.next().unwrap_or_default();
    let has_receiver = parts.next().is_some();
    match name {
        "get" | "post" | "put" | "patch" | "delete" | "head" | "options" | "route"
        | "websocket" | "event" | "on" => has_receiver || name == "route",
        "api_route" | "websocket_route" | "middleware" | "exception_handler" | "errorhandler"
        | "before_request" | "after_request" | "api_view" | "action" | "receiver"
        | "view_config" | "subscriber" | "Get" | "Post" | "Put" | "Patch" | "Delete" | "Head"
        | "Options" | "All" | "Sse" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD"
        | "OPTIONS" => true,
        "Route"
        | "Query"
        | "Mutation"
        | "Subscription"
        | "SubscribeMessage"
        | "MessagePattern"
        | "EventPattern"
        | "OnEvent"
        | "EventListener"
        | "TransactionalEventListener"
        | "StreamListener"
        | "OnMessage"
        | "OnOpen"
        | "OnClose"
        | "Incoming"
        | "QueryMapping"
        | "MutationMapping"
        | "Function"
        | "FunctionName" => true,
        _ => {
            name.starts_with("Http") && name.len() <= "HttpOptions".len()
                || name.ends_with("Mapping")
                || name.ends_with("Listener")
        }
    }
}

fn is_handler_name(name: &str) -> bool {
    matches!(
        name,
        "onMessage"
            | "on_message"
            | "onmessage"
            | "doGet"
            | "doPost"
            | "doPut"
            | "doDelete"
            | "doPatch"
            | "doFilter"
            | "doFilterInternal"
            | "handleMessage"
            | "handleTextMessage"
            | "handleBinaryMessage"
            | "eachMessage"
            | "eachBatch"
            | "receive_json"
            | "websocket_receive"
            | "lambda_handler"
            | "ServeHTTP"
    )
}

/// Methods of class-based views, resources and controllers: told by the name of the class or of
/// one of its bases.
fn is_view(function: &Function<'_, '_>) -> bool {
    let suffixes: &[&str] = match function.name.as_str() {
        "get" | "post" | "put" | "patch" | "delete" | "dispatch" => {
            &["View", "Handler", "Resource", "Endpoint"]
        }
        "list" | "retrieve" | "create" | "update" | "partial_update" | "destroy" => &["ViewSet"],
        "receive" => &["Consumer"],
        _ if is_public_method(function.node) => &["Controller"],
        _ => return false,
    };
    let Some(class) = function.class else {
        return false;
    };
    let head = class_head(class);
    head.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| suffixes.iter().any(|suffix| word.ends_with(suffix)))
}

/// A method that Laravel, Symfony or Rails may route to when its class is a controller.
fn is_public_method(node: &SyntaxNode<'_>) -> bool {
    match (node.lang(), &*node.kind()) {
        (SupportLang::Php, "method_declaration") => {
            let name = node.field("name");
            name.is_some_and(|name| !name.text().starts_with("__"))
                && !node
                    .children()
                    .any(|part| part.kind() == "visibility_modifier" && part.text() != "public")
        }
        (SupportLang::Ruby, "method") => node
            .field("name")
            .is_some_and(|name| name.text() != "initialize"),
        _ => false,
    }
}

/// Sinatra's `get '/x' do … end`: a call with a path and the block `inner`.
pub(super) fn is_route_block(call: &SyntaxNode<'_>, inner: Option<&SyntaxNode<'_>>) -> bool {
    let is_block = |inner: &SyntaxNode<'_>| matches!(&*inner.kind(), "block" | "do_block");
    call.kind() == "call"
        && inner.is_some_and(is_block)
        && call.field("method").is_some_and(|method| {
            matches!(&*method.text(), "get" | "post" | "put" | "patch" | "delete")
        })
        && has_path(call)
}

/// The text of a class before its body: its name, its bases, its decorators.
fn class_head(class: &SyntaxNode<'_>) -> String {
    let range = class.range();
    let body = class
        .field("body")
        .map_or(range.end, |body| body.range().start);
    class
        .text()
        .get(..body.saturating_sub(range.start))
        .unwrap_or_default()
        .to_owned()
}

/// `(w http.ResponseWriter, r *http.Request)`, `(req, res)`, `(c *gin.Context)`.
fn takes_a_request(function: &SyntaxNode<'_>) -> bool {
    let Some(parameters) = function.field("parameters") else {
        return false;
    };
    let names: Vec<String> = parameters
        .named_children()
        .filter(|part| part.kind() != "comment")
        .map(|part| part.text().into_owned())
        .collect();
    let typed = |types: &[&str]| {
        names
            .iter()
            .any(|name| types.iter().any(|wanted| name.ends_with(wanted)))
    };
    if typed(&[
        " http.ResponseWriter",
        "*http.Request",
        "*gin.Context",
        " echo.Context",
        "*fiber.Ctx",
    ]) {
        return true;
    }
    let word = |index: usize| {
        let name = names.get(index).map(String::as_str).unwrap_or_default();
        let end = name
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(name.len());
        name.get(..end)
            .unwrap_or_default()
            .trim_start_matches('_')
            .to_owned()
    };
    matches!(word(0).as_str(), "req" | "request")
        && matches!(word(1).as_str(), "res" | "response" | "reply" | "rep")
}

/// Is the function literal an argument of `app.get("/x", …)`, `socket.on("x", …)`, or of a
/// wrapper around it such as `asyncHandler(…)`?
fn is_registered(function: &SyntaxNode<'_>, outer: &[SyntaxNode<'_>]) -> bool {
    let mut inner = function.node_id();
    for holder in outer.iter().take(6) {
        match &*holder.kind() {
            "arguments" | "argument_list" | "value_arguments" | "argument" | "value_argument"
            | "call_suffix" | "annotated_lambda" | "array" => {}
            "call_expression"
            | "invocation_expression"
            | "method_invocation"
            | "member_call_expression"
            | "scoped_call_expression"
            | "function_call_expression" => {
                if registers(holder, function) {
                    return true;
                }
            }
            // An option such as `{ eachMessage: async () => … }` names the event itself.
            "pair" => {
                return holder
                    .field("value")
                    .is_some_and(|value| value.node_id() == inner)
                    && holder.field("key").is_some_and(|key| {
                        is_handler_name(&key.text()) || key.text() == "handler"
                    });
            }
            _ => return false,
        }
        inner = holder.node_id();
    }
    false
}

fn registers(call: &SyntaxNode<'_>, function: &SyntaxNode<'_>) -> bool {
    let callee = ["function", "name", "expression"]
        .into_iter()
        .find_map(|field| call.field(field));
    let Some(callee) = callee.or_else(|| call.children().next()) else {
        return false;
    };
    if callee.range().end > function.range().start {
        return false;
    }
    let head = call.text();
    let head = head
        .get(..callee.range().end - call.range().start)
        .unwrap_or_default();
    let mut parts = head.rsplit(['.', ':', '>']);
    let name = parts
        .next()
        .unwrap_or_default()
        .split(['<', '('])
        .next()
        .unwrap_or_default();
    let receiver = parts
        .find(|part| !part.is_empty())
        .unwrap_or_default()
        .trim_end_matches('-');
    match name {
        "get" | "post" | "put" | "patch" | "delete" | "all" | "head" | "options" | "use"
        | "route" => has_path(call) || is_router(receiver),
        "on" | "once" | "addEventListener" | "addListener" | "ws" | "subscribe" | "consume"
        | "HandleFunc" | "Handle" | "HandlerFunc" | "handle" | "eachMessage" | "onMessage"
        | "setRequestHandler" | "createServer" | "webSocket" | "MapGet" | "MapPost" | "MapPut"
        | "MapDelete" | "MapPatch" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => true,
        _ => false,
    }
}

/// Is the first argument of the call a URL path?
fn has_path(call: &SyntaxNode<'_>) -> bool {
    let arguments = call.field("arguments").or_else(|| call.children().last());
    let first = arguments.and_then(|list| list.named_children().next());
    let text = first.map(|first| plain_string(&first).unwrap_or_else(|| first.text().into_owned()));
    text.is_some_and(|text| {
        text.trim_start_matches(['(', '`', '"'])
            .starts_with(['/', '*'])
    })
}

fn is_router(receiver: &str) -> bool {
    let name = receiver
        .trim_end_matches("()")
        .trim_start_matches('$')
        .to_ascii_lowercase();
    [
        "app", "router", "server", "fastify", "api", "route", "routes", "r", "hono",
    ]
    .into_iter()
    .any(|known| name == known)
        || name.ends_with("router")
        || name.ends_with("app")
}
