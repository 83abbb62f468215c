//! Envelope, spanned loading, and problems with excerpts.
