//! Sources and the chains that attributions make of them.

use super::{Reliability, SourceKind};

/// The index of a source in its dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct SourceId(pub u32);

/// The index of a chain in its dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ChainId(pub u32);

/// Who can say something.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// The id as given.
    pub id: String,
    /// The full name.
    pub name: String,
    /// A short name for labels, where one is known.
    pub short: Option<String>,
    /// Government, outlet, person …
    pub kind: Option<SourceKind>,
    /// ISO 3166 two-letter code, or text as given.
    pub country: Option<String>,
    /// Set only where somebody rated it.
    pub reliability: Option<Reliability>,
}

impl Source {
    /// The short name where there is one, else the name.
    pub fn label(&self) -> &str {
        self.short.as_deref().unwrap_or(&self.name)
    }
}

/// An attribution: publisher first, carriers between, originator last.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Chain(pub Vec<SourceId>);
