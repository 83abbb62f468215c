//! The sections of the audit report as a document, by name, and a choice of them.

/// A section of the Markdown report, in the order in which it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the headings")]
pub enum Section {
    Summary,
    Scorecard,
    Critical,
    High,
    Rest,
    Architecture,
    Capacity,
    Security,
    Compliance,
    Reliability,
    Observability,
    Impact,
    Checklist,
    Plan,
    Timeline,
    Priorities,
    Risk,
    Decision,
    Rollback,
    Unknowns,
    Metrics,
    Launch,
    SignOff,
    NextReview,
    Appendix,
}

impl Section {
    /// Every section with the name people type.
    pub const ALL: [(Self, &'static str); 25] = [
        (Self::Summary, "summary"),
        (Self::Scorecard, "scorecard"),
        (Self::Critical, "critical"),
        (Self::High, "high"),
        (Self::Rest, "rest"),
        (Self::Architecture, "architecture"),
        (Self::Capacity, "capacity"),
        (Self::Security, "security"),
        (Self::Compliance, "compliance"),
        (Self::Reliability, "reliability"),
        (Self::Observability, "observability"),
        (Self::Impact, "impact"),
        (Self::Checklist, "checklist"),
        (Self::Plan, "plan"),
        (Self::Timeline, "timeline"),
        (Self::Priorities, "priorities"),
        (Self::Risk, "risk"),
        (Self::Decision, "decision"),
        (Self::Rollback, "rollback"),
        (Self::Unknowns, "unknowns"),
        (Self::Metrics, "metrics"),
        (Self::Launch, "launch"),
        (Self::SignOff, "sign-off"),
        (Self::NextReview, "next-review"),
        (Self::Appendix, "appendix"),
    ];

    /// The section of that name.
    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|(_, known)| *known == name);
        known.map(|(section, _)| section)
    }
}

/// Which sections are written. Title and banner always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sections(u32);

impl Default for Sections {
    /// All of them.
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Sections {
    /// Only these.
    pub fn only(sections: &[Section]) -> Self {
        let bits = sections.iter().map(|section| 1 << *section as u32);
        Self(bits.fold(0, |all, bit: u32| all | bit))
    }

    /// Is the section written?
    pub fn has(self, section: Section) -> bool {
        self.0 & (1 << section as u32) != 0
    }
}
