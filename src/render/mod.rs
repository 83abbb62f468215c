//! One file a format: a pure function from a report to bytes.
