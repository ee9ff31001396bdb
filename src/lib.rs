//! Dateline.
pub mod data;
pub mod engine;
pub mod query;
pub mod time;
pub mod work;
