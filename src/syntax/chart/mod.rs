//! Templates of Helm charts, read with the values that stand beside them.
//!
//! Nothing is rendered. A plain reference to a value is replaced by that value, and a block whose
//! condition the values decide is taken or left out. Everything else stays the template that it is,
//! and what depends on it stays unknown. Offsets lead back to the template as it is written.

mod block;
mod expression;
mod places;
mod write;

#[cfg(test)]
mod tests;

use super::bounds;
use super::template::{Region, regions};
use crate::model::{RepoPath, Span, Value};
use block::{Blocks, Tag};
use expression::Got;
use places::Places;
use std::sync::Arc;

/// What a chart gives to its templates.
#[derive(Clone, Debug)]
pub struct Chart {
    root: Value,
}

impl Chart {
    /// A chart with these values and this `Chart.yaml`.
    pub fn new(values: &Value, manifest: &Value) -> Self {
        let text = |key: &str| match manifest.get(key) {
            Some(text @ Value::Str(_)) => text.clone(),
            // A number is written as nobody can say here: `1.10` reads as 1.1.
            _ => Value::Unknown,
        };
        let about = Value::map([
            ("Name", text("name")),
            ("Version", text("version")),
            ("AppVersion", text("appVersion")),
        ]);
        let unknown = ["Release", "Capabilities", "Template", "Files", "Subcharts"];
        let known = [("Values", values.clone()), ("Chart", about)];
        let entries = unknown.into_iter().map(|name| (name, Value::Unknown));
        Self {
            root: Value::map(known.into_iter().chain(entries)),
        }
    }
}

/// The folder of the chart that a template belongs to: Helm renders what lies below `templates/`
/// before anybody reads it as YAML.
pub fn chart_of(path: &RepoPath) -> Option<&str> {
    let dir = path.dir();
    let top = dir == "templates" || dir.starts_with("templates/");
    dir.strip_suffix("/templates")
        .or_else(|| dir.get(..dir.rfind("/templates/")?))
        .or_else(|| top.then_some(""))
}

/// The text of a template with what the chart tells put in, and the way back to the template.
pub(super) struct Expansion {
    pub(super) text: String,
    /// The values that decided what stands there, by place in the template.
    pub(super) used: Vec<(Span, Arc<str>)>,
    places: Places,
}

impl Expansion {
    /// The place in the template that a place in the expanded text comes from.
    pub(super) fn origin(&self, span: Span) -> Span {
        self.places.origin(span)
    }
}

/// Puts in what the chart tells. Nothing when that changes nothing, or when blocks do not match.
pub(super) fn expand(text: &str, chart: &Chart) -> Option<Expansion> {
    let regions = regions(text);
    let blocks = Blocks::of(text, &regions)?;
    let mut writer = Writer {
        source: text,
        chart,
        blocks,
        open: Vec::new(),
        text: String::with_capacity(text.len()),
        places: Places::default(),
        used: Vec::new(),
        at: 0,
        changed: false,
    };
    for (index, region) in regions.iter().enumerate() {
        writer.region(index, region);
    }
    writer.copy(text.len());
    writer.changed.then_some(Expansion {
        text: writer.text,
        used: writer.used,
        places: writer.places,
    })
}

/// What is done with the part of a block that is being read.
#[derive(Clone, Debug, PartialEq)]
enum Branch {
    /// The values decide that it is there.
    Taken,
    /// The values decide that it is not.
    Left,
    /// Nobody knows, so it stays as written.
    Undecided,
}

/// A block that is open.
struct Open {
    branch: Branch,
    /// A branch was taken already.
    done: bool,
    /// What `.` is inside.
    dot: Value,
}

struct Writer<'t> {
    source: &'t str,
    chart: &'t Chart,
    blocks: Blocks,
    open: Vec<Open>,
    text: String,
    places: Places,
    used: Vec<(Span, Arc<str>)>,
    at: usize,
    changed: bool,
}

impl Writer<'_> {
    /// Writes what stands before byte `end` and is not written yet.
    fn copy(&mut self, end: usize) {
        let part = self.source.get(self.at..end).unwrap_or_default();
        if self.open.iter().any(|block| block.branch == Branch::Left) {
            // Line breaks stay, so that what follows stands where it stood.
            let breaks: String = part.chars().filter(|c| *c == '\n').collect();
            self.put(&breaks, self.at, end);
        } else {
            self.places.copied(self.text.len(), self.at, part.len());
            self.text.push_str(part);
            self.at = end;
        }
    }

    /// Writes `text` in place of the bytes from `start` to `end`.
    fn put(&mut self, text: &str, start: usize, end: usize) {
        self.places.replaced(self.text.len(), start, end);
        self.text.push_str(text);
        self.at = end;
        self.changed = true;
    }

    /// Writes `text` in place of a template.
    fn replace(&mut self, text: &str, region: &Region) {
        let span = Span::new(region.start, region.end);
        let names = expression::values(self.template(region));
        let used: Vec<_> = names.map(|name| (span, Arc::from(name))).collect();
        self.used.extend(used);
        self.put(text, region.start, region.end);
    }

    fn region(&mut self, index: usize, region: &Region) {
        let dropped = self.open.iter().any(|block| block.branch == Branch::Left);
        self.copy(region.start);
        match self.blocks.tag(index) {
            Tag::Open => self.enter(index, region),
            Tag::Else => self.switch(index, region),
            Tag::End => self.leave(region),
            Tag::Output if dropped => self.put("", region.start, region.end),
            Tag::Output => self.output(region),
        }
    }

    fn template(&self, region: &Region) -> &str {
        let text = self.source.get(region.start..region.end);
        expression::inside(text.unwrap_or_default())
    }

    /// Is everything around taken?
    fn is_plain(&self) -> bool {
        let mut open = self.open.iter();
        open.all(|block| block.branch == Branch::Taken)
    }

    fn dot(&self) -> Value {
        let dot = self.open.last().map(|block| block.dot.clone());
        dot.unwrap_or_else(|| self.chart.root.clone())
    }

    fn enter(&mut self, index: usize, region: &Region) {
        let dot = self.dot();
        let undecided = Open {
            branch: Branch::Undecided,
            done: false,
            dot: dot.clone(),
        };
        let block = if self.is_plain() {
            self.decide(index, region, &dot).unwrap_or(undecided)
        } else {
            undecided
        };
        self.tag(&block.branch, region);
        self.open.push(block);
    }

    /// The branch that begins here, if the values tell.
    fn decide(&self, index: usize, region: &Region, dot: &Value) -> Option<Open> {
        let condition = block::condition(self.template(region))?;
        let got = expression::evaluate(condition.test, dot, &self.chart.root);
        let open = |branch: Branch, dot: Value| Open {
            done: branch == Branch::Taken,
            branch,
            dot,
        };
        match got.truth()? {
            true if condition.rebinds => {
                let Got::Known(value) = got else { return None };
                Some(open(Branch::Taken, value))
            }
            true => Some(open(Branch::Taken, dot.clone())),
            // What a switch leaves out is there as soon as somebody sets the switch: it is judged.
            false if got.is_collection() || self.blocks.has_else(index) => {
                Some(open(Branch::Left, dot.clone()))
            }
            false => None,
        }
    }

    fn switch(&mut self, index: usize, region: &Region) {
        let Some(block) = self.open.pop() else { return };
        if block.branch == Branch::Undecided {
            self.open.push(block);
            return self.copy(region.end);
        }
        let around = self.dot();
        let next = if block.done {
            Open {
                branch: Branch::Left,
                done: true,
                dot: around,
            }
        } else if block::is_bare_else(self.template(region)) {
            Open {
                branch: Branch::Taken,
                done: true,
                dot: around,
            }
        } else {
            let undecided = Open {
                branch: Branch::Undecided,
                done: false,
                dot: around.clone(),
            };
            self.decide(index, region, &around).unwrap_or(undecided)
        };
        self.replace("", region);
        self.open.push(next);
    }

    fn leave(&mut self, region: &Region) {
        if let Some(block) = self.open.pop() {
            self.tag(&block.branch, region);
        }
    }

    /// The tag of a decided block vanishes.
    fn tag(&mut self, branch: &Branch, region: &Region) {
        match branch {
            Branch::Undecided => self.copy(region.end),
            Branch::Taken | Branch::Left => self.replace("", region),
        }
    }

    fn output(&mut self, region: &Region) {
        let written = (self.is_plain() && self.text.len() < bounds::BYTES)
            .then(|| expression::written(self.template(region), &self.dot(), &self.chart.root))
            .flatten();
        let line = self.text.rsplit('\n').next().unwrap_or_default();
        let after = self.source.get(region.end..).unwrap_or_default();
        let around = write::Around {
            line,
            before: &self.text,
            after: after.split('\n').next().unwrap_or_default(),
        };
        match written.and_then(|written| write::text(&written, &around)) {
            Some(text) => self.replace(&text, region),
            None => self.copy(region.end),
        }
    }
}
