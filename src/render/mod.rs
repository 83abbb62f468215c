//! One file a format: a pure function from a report to bytes.
use crate::model::Report;
use std::io;
/// f
#[derive(Clone, Copy, Debug)]
pub enum Format { /// t
 Terminal, /// j
 Json }
impl Format {
    /// all
    pub const ALL: [Self; 2] = [Self::Terminal, Self::Json];
    /// n
    pub fn as_str(self) -> &'static str { match self { Self::Terminal => "terminal", Self::Json => "json" } }
    /// n
    pub fn named(name: &str) -> Option<Self> { Self::ALL.into_iter().find(|f| f.as_str() == name) }
}
/// s
pub struct Style { /// c
 pub colour: bool, /// w
 pub width: usize }
/// r
pub fn render(report: &Report, _: Format, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{} score {:?} raw {:?} coverage {:?}", report.score.verdict.as_str(), report.score.score, report.score.raw, report.score.coverage)?;
    for f in report.findings() {
        writeln!(out, "{:8} {:6} {} {} — {}", f.severity, f.confidence, f.rule, f.location, f.message)?;
        for n in &f.notes { writeln!(out, "      note: {n}")?; }
        for r in &f.related { writeln!(out, "      {} {}", r.location, r.label)?; }
    }
    for r in &report.results { if r.outcome.as_str() == "unknown" { writeln!(out, "unknown {} [{}] {}", r.rule, r.scope, r.outcome.reason().unwrap_or(""))?; } }
    writeln!(out, "files {} read {} lines {} skipped {}", report.inventory.files, report.inventory.files_read, report.inventory.lines, report.skipped.len())?;
    Ok(())
}
/// e
pub mod escape {
    /// t
    pub fn line(text: &str) -> String { text.to_owned() }
}
