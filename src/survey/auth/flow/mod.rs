//! Whether a middleware asks who calls at a path: its code is followed for somebody without credentials.

mod caller;
mod condition;
mod door;
mod request;
mod statements;
mod switch;
#[cfg(test)]
mod tests;

pub(super) use door::{Door, Doors};
pub(super) use request::Request;

use super::read::Reader;
use super::words::Meaning;
use condition::{Bound, Conditions};
use statements::Statement;

/// What becomes of a request by somebody who shows no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// It is turned away.
    Refused,
    /// It is turned away, unless a setting lets everybody in.
    Switched,
    /// It is let in: because of a path that is written down, if `true`.
    Admitted(bool),
    /// That cannot be said.
    Unknown,
}

/// The ways on which a request may leave a function.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a way of its own, and any of them may be taken"
)]
struct Ways {
    refused: bool,
    admitted: bool,
    /// Admitted because of a path that is written down.
    named: bool,
    /// Admitted under a test of the path that was not decided.
    unsure: bool,
    /// Admitted under a condition that has nothing to do with the request.
    switched: bool,
}

/// Under which conditions a statement is reached.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    named: bool,
    unsure: bool,
    switched: bool,
}

impl Ways {
    fn admit(&mut self, reached: Reached) {
        if reached.unsure {
            self.unsure = true;
        } else if reached.switched {
            self.switched = true;
        } else {
            self.admitted = true;
            self.named |= reached.named;
        }
    }

    fn passage(self) -> Passage {
        match (self.refused, self.admitted, self.unsure, self.switched) {
            (true, false, false, false) => Passage::Refused,
            (true, false, false, true) => Passage::Switched,
            (false, true, _, _) | (false, _, true, _) | (false, _, _, true) => {
                Passage::Admitted(self.named)
            }
            _ => Passage::Unknown,
        }
    }
}

/// Follows the function of a door.
pub(super) fn follow(door: &Door<'_>, reader: &Reader<'_>, request: &Request) -> Passage {
    let follower = Follower {
        reader,
        conditions: Conditions { door, request },
    };
    let mut ways = Ways::default();
    let body = door.statements();
    let goes_on = follower.block(&body, Reached::default(), &mut Vec::new(), &mut ways);
    if goes_on && door.cut {
        return Passage::Unknown;
    }
    if goes_on {
        ways.admit(Reached::default());
    }
    ways.passage()
}

/// Does a condition hold in production, where nothing in the repository sets what it asks for?
pub(super) fn stands(doors: &Doors<'_>, file: &str, test: &str) -> Option<bool> {
    let (test, turned) = match test.strip_prefix("not ").or_else(|| test.strip_prefix('!')) {
        Some(rest) if !rest.starts_with('=') => (rest.trim(), true),
        _ => (test.trim(), false),
    };
    let holds = caller::in_production(test).or_else(|| doors.by_default(file, test))?;
    Some(holds != turned)
}

struct Follower<'d, 'x> {
    reader: &'d Reader<'d>,
    conditions: Conditions<'d, 'x>,
}

impl Follower<'_, '_> {
    /// Follows statements; does the request get past the last of them?
    fn block<'t>(
        &self,
        statements: &[Statement<'t>],
        reached: Reached,
        bound: &mut Bound<'t>,
        ways: &mut Ways,
    ) -> bool {
        statements
            .iter()
            .all(|statement| self.statement(statement, reached, bound, ways))
    }

    fn statement<'t>(
        &self,
        statement: &Statement<'t>,
        reached: Reached,
        bound: &mut Bound<'t>,
        ways: &mut Ways,
    ) -> bool {
        match statement {
            Statement::If { test, then, other } => {
                self.condition(test, [then, other], reached, bound, ways)
            }
            Statement::Each { header, body } => {
                let item = item(header);
                bound.extend(item);
                let goes_on = self.block(body, reached, bound, ways);
                if item.is_some() {
                    bound.pop();
                }
                goes_on
            }
            Statement::Catch(body) => {
                // What is tried before it fails without credentials, if this turns people away.
                let mut inside = Ways::default();
                self.block(body, reached, bound, &mut inside);
                ways.refused |= inside.refused;
                !inside.refused
            }
            Statement::Leave(text) | Statement::Plain(text) => {
                let leaves = matches!(statement, Statement::Leave(_));
                self.simple(text, leaves, reached, ways)
            }
        }
    }

    fn condition<'t>(
        &self,
        test: &str,
        [then, other]: [&[Statement<'t>]; 2],
        reached: Reached,
        bound: &mut Bound<'t>,
        ways: &mut Ways,
    ) -> bool {
        let answer = self.conditions.ask(test, bound);
        match answer.holds {
            Some(true) => {
                let named = reached.named || answer.named;
                self.block(then, Reached { named, ..reached }, bound, ways)
            }
            Some(false) => self.block(other, reached, bound, ways),
            None => {
                let reached = Reached {
                    unsure: reached.unsure || answer.path,
                    switched: reached.switched || !answer.path,
                    ..reached
                };
                let mut first = Ways::default();
                let goes_on = self.block(then, reached, bound, &mut first);
                // A check of any name: nobody comes past it without credentials.
                let refuses = first.refused && !first.admitted && !first.unsure && !first.switched;
                if refuses && !goes_on && !answer.path && self.asks(test) {
                    ways.refused = true;
                    return false;
                }
                ways.add(first);
                let goes_on_too = self.block(other, reached, bound, ways);
                goes_on || goes_on_too
            }
        }
    }

    fn simple(&self, text: &str, leaves: bool, reached: Reached, ways: &mut Ways) -> bool {
        if refuses(text) || self.asks(text) {
            ways.refused = true;
            return false;
        }
        let door = self.conditions.door;
        // An answer of Next that goes on is made in one place and given back in another.
        let given = text.strip_prefix("return").filter(|_| leaves);
        if admits(text) || given.is_some_and(|value| door.goes_on(value)) {
            ways.admit(reached);
            return false;
        }
        let nothing = matches!(
            text.trim_end_matches(';').trim(),
            "return" | "return None" | "return undefined" | "return null"
        );
        if nothing {
            ways.admit(reached);
        }
        !leaves
    }

    /// Is somebody without credentials turned away by what is called here?
    fn asks(&self, text: &str) -> bool {
        let guards = self.reader.body(text);
        guards
            .iter()
            .any(|guard| matches!(guard.meaning, Meaning::Check(level) if level >= crate::model::Level::Authenticated))
    }
}

impl Ways {
    fn add(&mut self, other: Self) {
        self.refused |= other.refused;
        self.admitted |= other.admitted;
        self.named |= other.named;
        self.unsure |= other.unsure;
        self.switched |= other.switched;
    }
}

/// The name and the list in the header of a loop.
fn item(header: &str) -> Option<(&str, &str)> {
    let (name, list) = header
        .split_once(" in ")
        .or_else(|| header.split_once(" of "))?;
    let name = name.rsplit(' ').next()?;
    Some((name, list.trim()))
}

/// Does the statement turn somebody away?
pub(super) fn refuses(text: &str) -> bool {
    let marks = [
        "401",
        "403",
        "nauthorized",
        "NAUTHORIZED",
        "nauthenticated",
        "otAuthenticated",
        "orbidden",
        "FORBIDDEN",
        "AuthenticationFailed",
        "PermissionDenied",
        "redirect(",
        "Redirect(",
        "edirect_to",
        "login_url",
    ];
    let handed = ["next(new ", "next(err", "next(create", "next(Boom"];
    marks.iter().any(|mark| text.contains(mark)) || handed.iter().any(|mark| text.contains(mark))
}

/// Does the statement hand the request on?
fn admits(text: &str) -> bool {
    // That makes an answer, which may be given back or not.
    let text = text.replace("NextResponse.next(", "");
    [
        "call_next(",
        "get_response(",
        "next()",
        "next(c)",
        "handler(request",
        "self.app(",
        "resolve(event",
        "resolve({",
    ]
    .iter()
    .any(|call| text.contains(call))
}
