//! The engine over columns in memory.
