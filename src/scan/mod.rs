//! One file → hits. A pure function of path, bytes and compiled rules.
