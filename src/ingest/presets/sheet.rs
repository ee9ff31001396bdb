//! The hand that presets write a mapping with: columns by their plain names.

use super::Seen;
use crate::data::Basis;
use crate::ingest::cells::DateStyle;
use crate::ingest::mapping::{ColumnMap, Mapping, Measured, Role, TitlePart};

/// A mapping in the making, and the plain names of its columns.
pub(super) struct Sheet<'m> {
    pub(super) mapping: &'m mut Mapping,
    names: Vec<String>,
}

/// A part of a title, by the names that the column may have.
pub(super) enum Part {
    Of(&'static [&'static str]),
    Between(&'static str),
    Otherwise(&'static [&'static str]),
}

impl<'m> Sheet<'m> {
    /// Forgets what was guessed of meanings, and keeps how dates and numbers are written. Codes are those of the dataset's code book.
    pub(super) fn over(mapping: &'m mut Mapping, seen: &Seen<'_>) -> Self {
        for column in &mut mapping.columns {
            column.role = Role::Extra;
            column.words.clear();
        }
        mapping.measured.clear();
        Self { mapping, names: seen.names.clone() }
    }

    /// Gives the columns their names, in a file that has none.
    pub(super) fn name(&mut self, names: &[&str]) {
        for (column, name) in self.mapping.columns.iter_mut().zip(names) {
            (*name).clone_into(&mut column.name);
        }
        self.names = self.mapping.columns.iter().map(|column| crate::ingest::names::plain_name(&column.name)).collect();
    }

    /// The column of the first of these names that there is.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|known| known == name))
    }

    /// Gives a role to the column of the first of these names that there is.
    pub(super) fn role(&mut self, role: Role, names: &[&str]) -> Option<&mut ColumnMap> {
        let column = self.find(names)?;
        let map = &mut self.mapping.columns[column];
        map.role = role;
        Some(map)
    }

    pub(super) fn roles(&mut self, roles: &[(Role, &[&str])]) {
        for (role, names) in roles {
            self.role(*role, names);
        }
    }

    /// A column whose dates are written in one way, whatever its first cells look like.
    pub(super) fn dates(&mut self, role: Role, names: &[&str], style: DateStyle) {
        if let Some(map) = self.role(role, names) {
            map.dates = style;
            map.is_order_known = true;
        }
    }

    /// A column whose codes stand for words.
    pub(super) fn words(&mut self, role: Role, names: &[&str], words: &[(&str, &str)]) {
        if let Some(map) = self.role(role, names) {
            map.words = words.iter().map(|(code, word)| ((*code).to_owned(), (*word).to_owned())).collect();
        }
    }

    /// A column whose cells are lists.
    pub(super) fn list(&mut self, role: Role, names: &[&str], separator: char) {
        if let Some(map) = self.role(role, names) {
            map.separator = Some(separator);
        }
    }

    pub(super) fn title(&mut self, parts: &[Part]) {
        let part = |part: &Part| match part {
            Part::Of(names) => self.find(names).map(TitlePart::Column),
            Part::Between(text) => Some(TitlePart::Between((*text).to_owned())),
            Part::Otherwise(names) => self.find(names).map(TitlePart::Otherwise),
        };
        self.mapping.title = parts.iter().filter_map(part).collect();
    }

    /// A metric, with the columns of its number and bounds.
    pub(super) fn measured(
        &mut self,
        (metric, unit): (&str, Option<&str>),
        basis: Basis,
        columns: [Option<usize>; 3],
    ) -> Option<&mut Measured> {
        let [value, low, high] = columns;
        value.or(low).or(high)?;
        for column in columns.into_iter().flatten() {
            self.mapping.columns[column].role = Role::Measured;
        }
        let unit = unit.map(str::to_owned);
        self.mapping.measured.push(Measured { metric: metric.to_owned(), unit, basis, value, low, high, ..Measured::default() });
        self.mapping.measured.last_mut()
    }

    pub(super) fn counted_by(&mut self, counter: &str) {
        self.mapping.counter = Some(counter.to_owned());
    }

    /// Marks that stand for nothing in this dataset, besides those that were guessed.
    pub(super) fn missing(&mut self, marks: &[&str]) {
        for mark in marks {
            if !self.mapping.missing.iter().any(|known| known == mark) {
                self.mapping.missing.push((*mark).to_owned());
            }
        }
    }
}
