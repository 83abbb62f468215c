//! Weights, caps, coverage, gates and verdict.
