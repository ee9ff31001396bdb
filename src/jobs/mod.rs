//! Work in the background that can be watched and cancelled; it draws nothing and changes no state.

pub mod after;
pub mod engine;
pub mod examine;
pub mod excerpt;
pub mod load;
pub mod once;
pub mod slot;
pub mod watch;
