//! Presets: the known datasets of the field, each recognised by its header and mapped by its code book.
//!
//! To add one, write a file beside the others with a [`Preset`], and name it in [`ALL`].

pub(super) mod ucdp;

use super::mapping::Mapping;

/// The word that asks for no preset at all.
pub(super) const NONE: &str = "table";

/// A known dataset.
pub(super) struct Preset {
    /// Its name in reports and on the command line.
    pub(super) key: &'static str,
    /// Who counted, where the rows are distinct coded events; otherwise the file itself.
    pub(super) counter: Option<&'static str>,
    /// Is this its header?
    pub(super) fits: fn(&[String]) -> bool,
    /// Sets what its columns mean.
    pub(super) apply: fn(&mut Mapping),
}

/// Every preset of tables; the first that fits is taken.
pub(super) const ALL: &[&Preset] = &[&ucdp::UCDP];

/// The preset that was asked for, or the one that fits a header when nobody asked.
pub(super) fn choose(asked: Option<&str>, header: &[String]) -> Option<&'static Preset> {
    match asked {
        Some(key) => ALL.iter().copied().find(|preset| preset.key == key),
        None => ALL.iter().copied().find(|preset| (preset.fits)(header)),
    }
}
