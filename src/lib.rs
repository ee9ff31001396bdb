//! Dateline.
pub mod claims;
pub mod data;
pub mod engine;
pub mod export;
pub mod layout;
pub mod query;
pub mod sample;
pub mod session;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod view;
pub mod work;
