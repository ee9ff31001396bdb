//! Documents: formats of their own kind, not tables, each recognised by its build and read by one file beside this one.
//!
//! To add one, write a file with a [`Document`] and a [`Reader`], and name it in [`ALL`]. A reader gets the elements of the lists
//! that it names one by one, so that a long document is never held as a whole; what stands beside the lists comes as one value.

mod beside;
mod desk;
pub(super) mod feed;
pub(super) mod geojson;
mod glimpse;
mod html;
mod jsonfeed;
mod jsonld;
mod keys;
mod misp;
mod stix;
mod timelinejs;
mod timemap;
mod walk;

use serde_json::{Map, Value};

pub(super) use self::beside::state as state_beside;
use self::desk::Desk;
pub(super) use self::glimpse::Glimpse;
pub(super) use self::walk::{Walked, walk};
use super::Input;
use super::presets::NONE;
use super::scan::Enough;

/// Why a pass over a document ends before its end.
type Stop = super::scan::Stop<Enough>;

/// A known format of documents.
pub(super) struct Document {
    /// Its name in reports and on the command line.
    pub(super) key: &'static str,
    /// What its records are, for the error of a document that has none.
    pub(super) records: &'static str,
    /// Do other things have its build too? Then one without records of this kind is read as a table.
    pub(super) is_loose: bool,
    /// Is this its build?
    fits: fn(&Glimpse) -> bool,
    reader: fn(&Input) -> Box<dyn Reader>,
}

/// Takes the parts of one document. Every part is seen twice: first all of them to learn what they refer to by name, then once
/// more to become records.
trait Reader {
    /// The lists that are read element by element, by their paths; a list that is the document itself has an empty path.
    fn lists(&self) -> &'static [&'static str];

    /// Learns from an element of a list.
    fn learn(&mut self, list: &str, element: &Value);

    /// Learns from what stands beside the lists, before any element is taken.
    fn learn_head(&mut self, head: &Map<String, Value>);

    /// Takes an element of a list as a row, or several.
    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value);

    /// Takes what stands beside the lists, behind all elements. `is_alone` when there was no list.
    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, is_alone: bool);
}

/// Every format; the first that fits is taken.
const ALL: &[&Document] = &[&timelinejs::TIMELINEJS, &stix::STIX, &misp::MISP, &jsonfeed::JSON_FEED, &jsonld::JSON_LD, &timemap::TIMEMAP];

/// The names of the formats.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|document| document.key)
}

/// The format that was asked for, or the one that fits what is seen of a document when nobody asked.
pub(super) fn choose(asked: Option<&str>, seen: &Glimpse) -> Option<&'static Document> {
    match asked {
        Some(NONE) => None,
        Some(key) => ALL.iter().copied().find(|document| document.key == key),
        None => ALL.iter().copied().find(|document| (document.fits)(seen)),
    }
}

#[cfg(test)]
mod tests;
