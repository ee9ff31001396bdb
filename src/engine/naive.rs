//! The slow truth: plain loops, for tests.
