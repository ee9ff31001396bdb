//! Two releases of one dataset: which records were added, changed and removed, and what changed in them. It knows no files but their names.
//!
//! Records are the same when id, metric and item are, the n-th of them with the n-th. The newer values are the record; a record that is
//! only in the older release is removed, which is a status of its own, and enters no sum.

use std::fmt::Write as _;
use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::column::Column;
use super::together::{CHANGES, RELEASE, Taken};
use super::{Dataset, Field, FieldInfo, Row, SourceId, Together};
use crate::work::{map_parts, threads};

/// Of the records that share id and date, one of so many must be one and the same by its title or all its columns.
const ONE_AND_THE_SAME: usize = 4;
/// Releases of one dataset share at least this part of the ids of the smaller one, each with its date.
const SHARED_MIN: f64 = 0.5;
/// What changed in a record is told to about this many letters.
const CHANGES_CHARS_MAX: usize = 2_000;
/// What stands for a value that is not there.
const NOTHING: &str = "nothing";

/// What became of the records from one release to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Releases {
    /// The file of the older release.
    pub older: String,
    /// The file of the newer release.
    pub newer: String,
    /// Records that only the newer one has.
    pub added: u64,
    /// Records that say something else now.
    pub changed: u64,
    /// Records that only the older one has.
    pub removed: u64,
    /// Records that say the same.
    pub same: u64,
    /// Columns that only one of them has; they are not compared.
    pub columns_apart: Vec<String>,
}

/// Two releases beside each other.
#[derive(Debug)]
pub struct Comparison<'a> {
    older: (&'a str, &'a Dataset),
    newer: (&'a str, &'a Dataset),
    /// The records of the newer release in the order of its file, each with the one of the older release.
    pairs: Vec<(Row, Option<Row>)>,
    /// Records of the older release that the newer one lacks.
    removed: Vec<Row>,
}

/// What makes two records the same, as far as a hash tells.
fn key_hash(dataset: &Dataset, row: Row) -> Option<u64> {
    let mut hasher = FxHasher::default();
    for part in key(dataset, row)? {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    Some(hasher.finish())
}

/// A number of a row is no id: in another file it is another record's.
fn key(dataset: &Dataset, row: Row) -> Option<[&str; 3]> {
    let word = |field: Field| dataset.records.str(field, row);
    let id = word(Field::ID).filter(|id| dataset.records.behind_row_name(id, row).is_none())?;
    Some([id, word(Field::METRIC).unwrap_or_default(), word(Field::ITEM).unwrap_or_default()])
}

impl<'a> Comparison<'a> {
    /// Puts two datasets beside each other, each with the name of its file; `None` when they cannot be compared because records have no ids.
    pub fn of(older: (&'a str, &'a Dataset), newer: (&'a str, &'a Dataset)) -> Option<Self> {
        const NONE: Row = Row::MAX;
        let has_ids = |dataset: &Dataset| (0..dataset.records.len() as Row).any(|row| key(dataset, row).is_some());
        if !has_ids(older.1) || !has_ids(newer.1) {
            return None;
        }
        let mut heads: FxHashMap<u64, Row> = FxHashMap::default();
        let mut next = vec![NONE; older.1.records.len()];
        let rows = older.1.rows_in_file_order();
        for row in rows.iter().rev() {
            if let Some(hash) = key_hash(older.1, *row) {
                next[*row as usize] = heads.insert(hash, *row).unwrap_or(NONE);
            }
        }
        let mut is_used = vec![false; older.1.records.len()];
        let mut find = |row: Row| {
            let mut other = *heads.get(&key_hash(newer.1, row)?)?;
            while other != NONE {
                if !is_used[other as usize] && key(older.1, other) == key(newer.1, row) {
                    is_used[other as usize] = true;
                    return Some(other);
                }
                other = next[other as usize];
            }
            None
        };
        let pairs: Vec<(Row, Option<Row>)> = newer.1.rows_in_file_order().into_iter().map(|row| (row, find(row))).collect();
        let removed = rows.into_iter().filter(|row| !is_used[*row as usize]).collect();
        Some(Self { older, newer, pairs, removed })
    }

    /// Do they look like two releases of one dataset: the same columns or preset, and most ids shared, of records that are one? In parts of
    /// a dataset that count their records from 1 only the ids are the same, and where all are of the same days the dates too.
    pub fn is_likely(&self) -> bool {
        let (older, newer) = (&self.older.1.origin, &self.newer.1.origin);
        let is_known = older.preset.is_some() && older.preset == newer.preset;
        if !is_known && older.columns != newer.columns {
            return false;
        }
        let columns = Columns::of(self.older.1, self.newer.1);
        let span = |dataset: &Dataset, row: Row| dataset.records.span(Field::WHEN, row);
        let title = |dataset: &'a Dataset, row: Row| dataset.records.str(Field::TITLE, row);
        // What many records are called tells none of them apart.
        let titles: FxHashSet<&str> = self.pairs.iter().filter_map(|(row, _)| title(self.newer.1, *row)).collect();
        let has_own_titles = titles.len() * 2 > self.pairs.len();
        let is_of_one_date = |old: Row, new: Row| span(self.older.1, old) == span(self.newer.1, new);
        let is_one = |old: Row, new: Row| {
            let is_called_so = has_own_titles && title(self.older.1, old) == title(self.newer.1, new);
            is_known || is_called_so || columns.changes(old, new).is_none()
        };
        let counts = map_parts(self.pairs.len(), threads(), |range| {
            let of_one_date =
                self.pairs[range].iter().filter_map(|(row, other)| Some(((*other)?, *row))).filter(|pair| is_of_one_date(pair.0, pair.1));
            of_one_date.fold((0, 0), |(shared, own), (old, new)| (shared + 1, own + usize::from(is_one(old, new))))
        });
        let (shared, own) = counts.into_iter().fold((0, 0), |all, part| (all.0 + part.0, all.1 + part.1));
        let least = self.older.1.records.len().min(self.newer.1.records.len());
        shared > 0 && shared as f64 >= least as f64 * SHARED_MIN && own * ONE_AND_THE_SAME >= shared
    }

    /// Both as one, and what became of the records.
    pub fn together(self) -> (Together, Releases) {
        let columns = Columns::of(self.older.1, self.newer.1);
        let changes: Vec<Option<String>> = map_parts(self.pairs.len(), threads(), |range| {
            self.pairs[range].iter().map(|(row, other)| other.and_then(|other| columns.changes(other, *row))).collect::<Vec<_>>()
        })
        .into_iter()
        .flatten()
        .collect();
        let mut releases = Releases {
            older: self.older.0.to_owned(),
            newer: self.newer.0.to_owned(),
            removed: self.removed.len() as u64,
            columns_apart: columns.apart,
            ..Releases::default()
        };
        let mut standing = Vec::with_capacity(self.pairs.len());
        for ((_, other), changes) in self.pairs.iter().zip(&changes) {
            let (word, count) = match (other, changes) {
                (None, _) => ("added", &mut releases.added),
                (Some(_), Some(_)) => ("changed", &mut releases.changed),
                (Some(_), None) => ("same", &mut releases.same),
            };
            *count += 1;
            standing.push(Some(word.to_owned()));
        }
        let rows = self.pairs.iter().map(|pair| pair.0).collect();
        let newer = Taken { rows, further: vec![(RELEASE, standing), (CHANGES, changes)], is_removed: false };
        let status = |row: &Row| self.older.1.records.str(Field::STATUS, *row).map(str::to_owned);
        let further = vec![
            (RELEASE, vec![Some("removed".to_owned()); self.removed.len()]),
            ("status (as given)", self.removed.iter().map(status).collect()),
        ];
        let older = Taken { rows: self.removed, further, is_removed: true };
        let mut together = Together::of_releases();
        together.take(self.newer.0, self.newer.1, &newer);
        together.take(self.older.0, self.older.1, &older);
        (together, releases)
    }
}

/// The columns that are compared.
struct Columns<'a> {
    older: &'a Dataset,
    newer: &'a Dataset,
    pairs: Vec<(String, Field, Field)>,
    /// Further columns that only one of them has.
    apart: Vec<String>,
}

impl<'a> Columns<'a> {
    fn of(older: &'a Dataset, newer: &'a Dataset) -> Self {
        // Columns behind this one follow from sources and articles.
        let own = Field::OWN.iter().take_while(|own| own.0 != Field::ORIGINATOR);
        let mut pairs: Vec<(String, Field, Field)> = own.map(|own| (own.1.to_owned(), own.0, own.0)).collect();
        let extra = |dataset: &'a Dataset| dataset.records.extra_fields().collect::<Vec<&FieldInfo>>();
        let (olds, news) = (extra(older), extra(newer));
        let mut apart = Vec::new();
        for new in &news {
            match olds.iter().find(|old| old.key == new.key) {
                Some(old) => pairs.push((new.key.clone(), old.field, new.field)),
                None => apart.push(new.key.clone()),
            }
        }
        apart.extend(olds.iter().filter(|old| news.iter().all(|new| new.key != old.key)).map(|old| old.key.clone()));
        Self { older, newer, pairs, apart }
    }

    /// What is otherwise in the newer record; `None` when nothing is.
    fn changes(&self, old: Row, new: Row) -> Option<String> {
        let mut text = String::new();
        let mut more = 0;
        let mut tell = |key: &str, old: Option<String>, new: Option<String>| {
            if text.len() > CHANGES_CHARS_MAX {
                more += 1;
                return;
            }
            let word = |word: Option<String>| word.filter(|word| !word.is_empty()).unwrap_or_else(|| NOTHING.to_owned());
            let gap = if text.is_empty() { "" } else { "; " };
            write!(text, "{gap}{key}: {} → {}", word(old), word(new)).unwrap_or_default();
        };
        for (key, own, other) in &self.pairs {
            let (one, two) = (self.older.records.column(*own), self.newer.records.column(*other));
            if !is_same((one, old as usize), (two, new as usize)) {
                let was = self.older.records.display(*own, old);
                let is = self.newer.records.display(*other, new);
                if was != is {
                    tell(key, was, is);
                }
            }
        }
        if !self.chain(self.older, old).eq(self.chain(self.newer, new)) {
            let named = |dataset: &'a Dataset, row| self.chain(dataset, row).collect::<Vec<_>>().join(", ");
            tell("chain", Some(named(self.older, old)), Some(named(self.newer, new)));
        }
        let article = |dataset: &'a Dataset, row| dataset.records.article(row).and_then(|id| dataset.articles.get(id.0 as usize));
        let (was, is) = (article(self.older, old).map(|article| &article.id), article(self.newer, new).map(|article| &article.id));
        if was != is {
            tell("article", was.cloned(), is.cloned());
        }
        if more > 0 {
            write!(text, "; and {more} more").unwrap_or_default();
        }
        (!text.is_empty()).then_some(text)
    }

    #[allow(clippy::unused_self, reason = "ties the lifetimes of both datasets together")]
    fn chain(&self, dataset: &'a Dataset, row: Row) -> impl Iterator<Item = &'a str> {
        let id = |id: &SourceId| dataset.sources.get(id.0 as usize).map_or("", |source| source.id.as_str());
        dataset.chain_sources(row).iter().map(id)
    }
}

/// Do both say the same? A column that nobody has filled is not there.
fn is_same((one, row): (Option<&Column>, usize), (two, other): (Option<&Column>, usize)) -> bool {
    match (one, two) {
        (None, None) => true,
        (Some(column), None) => column.is_null(row) && text(column, row).is_none(),
        (None, Some(column)) => column.is_null(other) && text(column, other).is_none(),
        (Some(Column::Category(one)), Some(Column::Category(two))) => one.get(row) == two.get(other),
        (Some(Column::Text(one)), Some(Column::Text(two))) => one.get(row) == two.get(other),
        (Some(Column::Number(one)), Some(Column::Number(two))) => one.get(row) == two.get(other),
        (Some(Column::Dates(one)), Some(Column::Dates(two))) => {
            one.when(row) == two.when(other) && one.kept_text(row) == two.kept_text(other)
        }
        // Kept in different ways: their words are compared.
        (Some(_), Some(_)) => false,
    }
}

/// The text of a date that could not be read.
fn text(column: &Column, row: usize) -> Option<&str> {
    match column {
        Column::Dates(dates) => dates.kept_text(row),
        Column::Category(_) | Column::Text(_) | Column::Number(_) => None,
    }
}
