//! Which findings a person has accepted: inline comments, configuration, baseline.
