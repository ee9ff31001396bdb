//! Rows that are the same in every column: they are kept, since salvos are real, and said.
//!
//! Where every record has an id only repeated ids need a look. Else records of one date, which stand side by side, are told apart by a hash
//! of the columns that are cheap to read, and only the few that are not are compared as a whole. 8 bytes a record of one date while it runs.

use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

use super::column::Column;
use super::{ArticleId, ChainId, Dataset, Field, Issue, IssueKind, Listed, Row};
use crate::work::{map_parts, threads};

/// So many are listed one by one; all are counted.
const LISTED_MAX: usize = 1_000;
/// So many columns tell nearly all records of one date apart.
const CHEAP_COLUMNS: usize = 6;
/// A stretch of records that one thread looks at: some dates.
const STRETCH_ROWS: usize = 1 << 16;

impl Dataset {
    /// Says which rows of the file are the same in every column as one before; not of a file with columns that were not kept.
    pub fn report_alike(&mut self) {
        // Rows that differ in what was not kept are not the same.
        if self.issues.counts.contains_key(&IssueKind::TooManyColumns) {
            return;
        }
        let pairs = self.alike();
        let is_coded = self.is_coded();
        for (place, (row, first)) in pairs.iter().enumerate() {
            if place >= LISTED_MAX {
                self.issues.count_many(IssueKind::DuplicateRow, (pairs.len() - place) as u64);
                break;
            }
            let (own, other) = (self.records.file_row(*row), self.records.file_row(*first));
            let line = self.records.line_of_file_row(own);
            let (word, own_line, other_line) = match line.zip(self.records.line_of_file_row(other)) {
                Some((own, other)) => (self.origin.line_word(), own, other),
                None => ("row", own, other),
            };
            let issue = Issue {
                line,
                column: None,
                value: self.records.title(*row).unwrap_or_default().chars().take(120).collect(),
                kind: IssueKind::DuplicateRow,
                message: format!("{word} {own_line} is the same in every column as {word} {other_line}"),
                action: if is_coded { "kept; both count" } else { "kept" }.to_owned(),
            };
            let row = u32::try_from(own - 1).ok();
            self.issues.push(Listed { issue, row, file: None });
        }
    }

    /// Each record of a row that stands there once more with the first one like it; one for each row of the file.
    fn alike(&self) -> Vec<(Row, Row)> {
        let whole = Whole { dataset: self, columns: columns(self) };
        let ids = self.records.text(Field::ID);
        let mut pairs = if ids.is_some_and(|ids| ids.nulls() == 0) {
            self.records.repeats.values().flat_map(|rows| whole.alike(rows)).collect()
        } else {
            let stretches = stretches(self);
            let found = map_parts(stretches.len(), threads() * 4, |range| {
                stretches[range].iter().flat_map(|rows| whole.suspects(rows.clone())).collect::<Vec<_>>()
            });
            found.concat()
        };
        pairs.sort_by_cached_key(|(row, _)| self.records.file_row(*row));
        self.one_a_row(pairs)
    }

    /// Of rows that became several records only those of which all are alike, once each.
    fn one_a_row(&self, pairs: Vec<(Row, Row)>) -> Vec<(Row, Row)> {
        if pairs.is_empty() || self.records.len() as u64 == self.origin.taken() {
            return pairs;
        }
        let mut left: FxHashMap<u64, i64> = FxHashMap::default();
        for (row, _) in &pairs {
            *left.entry(self.records.file_row(*row)).or_insert(0) -= 1;
        }
        for row in 0..self.records.len() as Row {
            if let Some(left) = left.get_mut(&self.records.file_row(row)) {
                *left += 1;
            }
        }
        let mut kept: Vec<(Row, Row)> = pairs;
        kept.retain(|(row, _)| left.get(&self.records.file_row(*row)) == Some(&0));
        kept.dedup_by_key(|(row, _)| self.records.file_row(*row));
        kept
    }
}

/// The columns that are read from the file; others follow from them.
fn columns(dataset: &Dataset) -> Vec<&Column> {
    let own = dataset.records.own.iter().take(usize::from(Field::ORIGINATOR.0)).flatten();
    own.chain(dataset.records.extra.iter().map(|extra| &extra.1)).collect()
}

/// Records that can only be alike among themselves: those of one date or of some.
fn stretches(dataset: &Dataset) -> Vec<Range<usize>> {
    let len = dataset.records.len();
    let dates = dataset.records.dates(Field::WHEN);
    let is_apart = |row: usize| dates.is_some_and(|dates| dates.span(row - 1) != dates.span(row));
    let mut stretches = Vec::new();
    let mut start = 0;
    while start < len {
        let mut end = (start + STRETCH_ROWS).min(len);
        while end < len && !is_apart(end) {
            end += 1;
        }
        stretches.push(start..end);
        start = end;
    }
    stretches
}

/// A dataset whose records are compared as a whole.
struct Whole<'a> {
    dataset: &'a Dataset,
    columns: Vec<&'a Column>,
}

impl Whole<'_> {
    /// Of these records those that are like one before, each with that one.
    fn alike(&self, rows: &[Row]) -> Vec<(Row, Row)> {
        let mut firsts: FxHashMap<u64, Vec<Row>> = FxHashMap::default();
        let mut pairs = Vec::new();
        for row in rows {
            let known = firsts.entry(self.hash(*row)).or_default();
            match known.iter().find(|first| self.is_like(**first, *row)) {
                Some(first) => pairs.push((*row, *first)),
                None => known.push(*row),
            }
        }
        pairs
    }

    /// Of a stretch of records those that are like one before.
    fn suspects(&self, rows: Range<usize>) -> Vec<(Row, Row)> {
        let mut hashes = vec![0_u64; rows.len()];
        let first = rows.start;
        for column in self.cheap() {
            let mut mix = |row: usize, bits: u64| {
                let hash = &mut hashes[row - first];
                *hash = (hash.rotate_left(5) ^ bits).wrapping_mul(0x517c_c1b7_2722_0a95);
            };
            match column {
                Column::Category(column) => column.for_each_code(rows.clone(), |row, code| mix(row, code.map_or(u64::MAX, u64::from))),
                Column::Number(column) => column.for_each(rows.clone(), |row, number| mix(row, number.map_or(u64::MAX, f64::to_bits))),
                Column::Dates(column) => {
                    column.for_each_span(rows.clone(), |row, span| mix(row, span.map_or(u64::MAX, |span| span.start.0 as u64)));
                }
                Column::Text(column) => {
                    for row in rows.clone() {
                        mix(row, self.text(column.get(row), row as Row).map_or(u64::MAX, hash_of));
                    }
                }
            }
        }
        let mut seen: FxHashMap<u64, Row> = FxHashMap::default();
        seen.reserve(rows.len());
        let mut groups: FxHashMap<u64, Vec<Row>> = FxHashMap::default();
        for (row, hash) in (first as Row..).zip(&hashes) {
            match seen.get(hash) {
                None => drop(seen.insert(*hash, row)),
                Some(first) => groups.entry(*hash).or_insert_with(|| vec![*first]).push(row),
            }
        }
        let mut groups: Vec<Vec<Row>> = groups.into_values().collect();
        groups.sort_unstable();
        for rows in &mut groups {
            rows.sort_by_cached_key(|row| self.dataset.records.file_row(*row));
        }
        groups.iter().flat_map(|rows| self.alike(rows)).collect()
    }

    /// The few columns that tell most records apart and cost least to read; the date among them.
    fn cheap(&self) -> Vec<&Column> {
        let worth = |column: &Column| match column {
            Column::Dates(_) => u32::MAX,
            Column::Number(_) => u32::MAX - 1,
            Column::Category(column) => column.words(),
            Column::Text(_) => 0,
        };
        let mut cheap: Vec<&Column> = self.columns.clone();
        cheap.sort_by_key(|column| std::cmp::Reverse(worth(column)));
        cheap.truncate(CHEAP_COLUMNS);
        cheap
    }

    /// Of all by which rows can differ, so that only rows that are alike meet: a table of ten thousand addresses of one day has no other
    /// difference.
    fn hash(&self, row: Row) -> u64 {
        let mut hasher = FxHasher::default();
        let (chain, article) = self.links(row);
        hasher.write_u32(chain.map_or(u32::MAX, |chain| chain.0));
        hasher.write_u32(article.map_or(u32::MAX, |article| article.0));
        for column in &self.columns {
            match column {
                Column::Category(column) => hasher.write_u32(column.code(row as usize).unwrap_or(u32::MAX)),
                Column::Number(column) => hasher.write_u64(column.get(row as usize).map_or(u64::MAX, f64::to_bits)),
                Column::Dates(column) => {
                    let span = column.span(row as usize);
                    hasher.write_i64(span.map_or(i64::MAX, |span| span.start.0));
                    hasher.write_i64(span.map_or(i64::MAX, |span| span.end.0));
                    hasher.write_u64(column.kept_text(row as usize).map_or(0, hash_of));
                }
                Column::Text(column) => hasher.write_u64(self.text(column.get(row as usize), row).map_or(0, hash_of)),
            }
        }
        hasher.finish()
    }

    fn links(&self, row: Row) -> (Option<ChainId>, Option<ArticleId>) {
        (self.dataset.records.chain(row), self.dataset.records.article(row))
    }

    fn is_like(&self, one: Row, other: Row) -> bool {
        let (a, b) = (one as usize, other as usize);
        self.links(one) == self.links(other)
            && self.columns.iter().all(|column| match column {
                Column::Category(column) => column.code(a) == column.code(b),
                Column::Number(column) => column.get(a) == column.get(b),
                Column::Dates(column) => column.when(a) == column.when(b) && column.kept_text(a) == column.kept_text(b),
                Column::Text(column) => self.text(column.get(a), one) == self.text(column.get(b), other),
            })
    }

    /// A text without the number of its row, which stands for an id where a row became several records.
    fn text<'t>(&self, text: Option<&'t str>, row: Row) -> Option<&'t str> {
        let text = text?;
        Some(self.dataset.records.behind_row_name(text, row).unwrap_or(text))
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ingest::{Input, Options, load};
    use crate::work::{Cancel, Progress};

    /// Rows of one hash are compared one with all others.
    #[test]
    fn whatever_tells_two_rows_apart_is_in_their_hash() {
        let row = |place: usize| {
            let (number, letter) = (place + 1, char::from(b'a' + place as u8));
            [
                ("date,url", format!("2024-01-01,https://a.example/{letter}")),
                ("date,source", format!("2024-01-01,{letter}")),
                ("date,title", format!("2024-01-{number:02},a")),
                ("date,end_date", format!("2024-01-{number:02},2024-02-01")),
                ("date,title", if place < 4 { format!("2024-01-0{number},a") } else { format!("unknown {letter},a") }),
            ]
        };
        for table in 0..row(0).len() {
            let mut text = format!("{}\n", row(0)[table].0);
            for place in 0..9 {
                text.push_str(&row(place)[table].1);
                text.push('\n');
            }
            let input = Input::Bytes { name: "a.csv".to_owned(), bytes: text.as_bytes().into() };
            let dataset = load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
            let whole = Whole { dataset: &dataset, columns: columns(&dataset) };
            let hashes: BTreeSet<u64> = (0..9).map(|row| whole.hash(row)).collect();
            assert_eq!(hashes.len(), 9, "{text}");
        }
    }
}
