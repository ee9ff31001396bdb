//! Dateline.
pub mod claims;
pub mod data;
pub mod engine;
pub mod query;
pub mod sample;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod work;
