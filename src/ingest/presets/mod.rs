//! Presets: the known datasets of the field, each recognised by its header or its shape. A preset is a mapping made for a header.
//!
//! To add one, write a file beside the others with a [`Preset`], and name it in [`ALL`].

mod acled;
mod daily_totals;
mod gdelt;
mod oryx;
mod plaso;
mod sheet;
mod sipri_register;
#[cfg(test)]
mod tests;
mod timelinejs;
mod timemap;
mod timesketch;
mod ucdp;
mod viina;

use super::guess::Sample;
use super::mapping::Mapping;
use super::names::plain_name;

/// The word that asks for no preset at all.
pub(super) const NONE: &str = "table";

/// A known dataset.
pub(super) struct Preset {
    /// Its name in reports and on the command line.
    pub(super) key: &'static str,
    /// Is this a table of it? The mapping is what was guessed.
    fits: fn(&Seen<'_>, &Mapping) -> bool,
    /// Sets what its columns mean.
    apply: fn(&mut Mapping, &Seen<'_>),
}

/// What was seen of a table.
pub(super) struct Seen<'a> {
    /// The plain names of its columns.
    names: Vec<String>,
    /// The first cells of every column.
    sample: &'a Sample,
    has_header: bool,
}

impl<'a> Seen<'a> {
    pub(super) fn new(header: &[String], sample: &'a Sample, has_header: bool) -> Self {
        Self { names: header.iter().map(|name| plain_name(name)).collect(), sample, has_header }
    }

    /// Is there a column of this plain name?
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.has(name))
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The cells of a column that are not blank.
    fn filled(&self, column: usize) -> impl Iterator<Item = &'a str> {
        self.sample.get(column).into_iter().flatten().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// Every preset of tables; the first that fits is taken. The surer ones come first.
pub(super) const ALL: &[&Preset] = &[
    &ucdp::UCDP,
    &acled::ACLED,
    &gdelt::GDELT,
    &viina::VIINA,
    &sipri_register::SIPRI,
    &oryx::ORYX,
    &plaso::PLASO,
    &timesketch::TIMESKETCH,
    &timelinejs::TIMELINEJS,
    &timemap::TIMEMAP,
    &daily_totals::DAILY_TOTALS,
];

/// Applies the preset that was asked for, or the one that fits when nobody asked, to what was guessed.
pub(super) fn choose(asked: Option<&str>, seen: &Seen<'_>, mapping: &mut Mapping) -> Option<&'static Preset> {
    let preset = match asked {
        Some(key) => ALL.iter().copied().find(|preset| preset.key == key),
        None => ALL.iter().copied().find(|preset| (preset.fits)(seen, mapping)),
    }?;
    (preset.apply)(mapping, seen);
    Some(preset)
}
