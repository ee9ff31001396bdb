//! Dateline: a viewer of event records. One library with a thin program on it; this page is the map of the house and its rules.
//!
//! Data flows one way. `ingest` turns the bytes of a file into snapshots of a [`data::Dataset`], with an issue for
//! whatever could not be taken as it stood. An [`engine::Engine`] is built over a snapshot and answers a [`query::Query`] with a
//! [`query::Answer`]: plain values, bounded by pixels and limits, so that rows need not be in memory. The rules of
//! arithmetic, which decide what may be added to what, are pure functions in [`claims`]. The window ([`view`]) draws the answers by
//! pure geometry ([`layout`]) and returns commands; [`session`] holds everything a person has chosen and is the only place that changes it.
//! The command line asks the same engine the same questions, and writes the answers out instead of drawing them.
//!
//! Below all of it lie [`time`] (whole microseconds in UTC, EDTF, the calendar) and [`work`] (threads, cancelling, progress).
//!
//! # What is absent
//!
//! The walls matter more than the rooms, so a test (`tests/tidy.rs`) holds them:
//!
//! - egui outside view, export and app, because everything else must run, and be tested, without a screen;
//! - chrono outside time, and threads outside work, so that there is one calendar and one way to cancel;
//! - a view that reads a dataset, an engine or the disk: it gets answers and returns commands;
//! - a colour outside the theme; a socket anywhere; `unsafe` outside the mapping of kept copies and the giving back of memory;
//! - a panic for bad input, an `unwrap` outside tests, a row dropped in silence. Bad input gives data and issues.
//!
//! Modules know only what lies below them; the table of arrows stands in the same test. Everything has a limit, a named constant that
//! says what happens beyond it.

pub mod app;
pub mod claims;
pub mod cli;
pub mod data;
pub mod engine;
pub mod export;
pub mod ingest;
pub mod jobs;
pub mod layout;
pub mod query;
pub mod sample;
pub mod session;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod view;
pub mod work;
