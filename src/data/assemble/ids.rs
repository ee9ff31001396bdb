//! Repeated ids: each is kept as given, its n-th record is addressed `ID#n`, and that is an issue.
//!
//! Most files have none. A sieve of bits that the hashes of the ids fall through finds the few ids that could be repeated; only these
//! are compared. 1 to 2 bytes a record while it runs.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, BuildHasherDefault};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::data::{Field, Issue, IssueKind, Issues, Listed, Origin, Records, Row, Text};
use crate::work::{map_parts, threads};

const HASHER: BuildHasherDefault<FxHasher> = BuildHasherDefault::new();

/// Bits of the sieve for each id.
const BITS_PER_ID: usize = 12;

/// How what was done about a repeated id begins.
const ADDRESSED: &str = "addressed";

/// Is it what is said here of a record?
pub(in crate::data) fn is_of_record(issue: &Issue) -> bool {
    issue.kind == IssueKind::DuplicateId && issue.action.starts_with(ADDRESSED)
}

/// Finds the repeated ids, and says so.
pub(super) fn find_repeated(records: &mut Records, issues: &mut Issues, origin: &Origin) {
    let Some(suspects) = records.text(Field::ID).map(|ids| suspects(records, ids)) else { return };
    if suspects.is_empty() {
        return;
    }
    let mut repeats: FxHashMap<String, Vec<Row>> = FxHashMap::default();
    if let Some(ids) = records.text(Field::ID) {
        for row in 0..records.len() {
            if let Some(id) = ids.get(row)
                && suspects.contains(&hash(id.as_bytes()))
            {
                match repeats.get_mut(id) {
                    Some(rows) => rows.push(row as Row),
                    None => drop(repeats.insert(id.to_owned(), vec![row as Row])),
                }
            }
        }
    }
    let mut repeats: BTreeMap<String, Vec<Row>> = repeats.into_iter().filter(|(_, rows)| rows.len() > 1).collect();
    let mut again: Vec<(u64, String, usize)> = Vec::new();
    for (id, rows) in &mut repeats {
        rows.sort_by_key(|row| (records.file_row(*row), *row));
        again.extend(rows.iter().enumerate().skip(1).map(|(place, row)| (records.file_row(*row), id.clone(), place + 1)));
    }
    again.sort();
    for (file_row, id, place) in again {
        let row = u32::try_from(file_row - 1).ok();
        let file = row.and_then(|row| origin.file_of_row(row));
        let first = file.and_then(|file| origin.files.get(file as usize)).map_or(0, |file| u64::from(file.first_row));
        let own = file.and_then(|file| origin.files.get(file as usize)).map_or(origin, |file| &file.origin);
        let line = records.line_of_file_row(file_row);
        let words = line.map_or_else(|| format!("record {}", file_row - first), |line| format!("{} {line}", own.line_word()));
        let issue = Issue {
            line,
            column: Some("id".to_owned()),
            message: format!("{words} repeats the id {id}"),
            action: format!("{ADDRESSED} {id}#{place}"),
            value: id,
            kind: IssueKind::DuplicateId,
        };
        issues.push(Listed { issue, row, file });
    }
    records.repeats = repeats;
}

fn hash(id: &[u8]) -> u64 {
    HASHER.hash_one(id)
}

/// The hashes of ids that could stand twice: those of all that do, and of a few others.
fn suspects(records: &Records, ids: &Text) -> FxHashSet<u64> {
    if is_ascending(records, ids) {
        return FxHashSet::default();
    }
    let bits = (ids.len() * BITS_PER_ID).next_power_of_two().max(64);
    let mut sieve = vec![0_u64; bits / 64];
    let mut suspects = FxHashSet::default();
    for id in ids.parts().iter().flat_map(|part| part.iter().flatten()) {
        let hash = hash(id);
        // The upper bits of the hash are the better ones.
        let bit = (hash >> 20) as usize & (bits - 1);
        let (word, mask) = (&mut sieve[bit / 64], 1 << (bit % 64));
        if *word & mask != 0 {
            suspects.insert(hash);
        }
        *word |= mask;
    }
    suspects
}

/// Does every id of the file stand behind the one before, a longer one behind a shorter one? Then there are no two alike, as with
/// numbers that count up.
fn is_ascending(records: &Records, ids: &Text) -> bool {
    let runs = records.file_rows.runs_in_file_order();
    let ends = map_parts(runs.len(), threads(), |range| {
        let (mut first, mut last): (Option<&[u8]>, Option<&[u8]>) = (None, None);
        for (_, slice) in runs[range].iter().flat_map(|run| ids.slices(run.clone())) {
            for id in (0..slice.len()).filter_map(|index| slice.bytes_of(index)) {
                if last.is_some_and(|last| !is_behind(last, id)) {
                    return None;
                }
                first = first.or(Some(id));
                last = Some(id);
            }
        }
        Some(first.zip(last))
    });
    let Some(ends) = ends.into_iter().collect::<Option<Vec<_>>>() else { return false };
    let ends: Vec<(&[u8], &[u8])> = ends.into_iter().flatten().collect();
    ends.windows(2).all(|pair| is_behind(pair[0].1, pair[1].0))
}

fn is_behind(one: &[u8], other: &[u8]) -> bool {
    match (number_of(one), number_of(other)) {
        (Some(one), Some(other)) => one < other,
        _ => (one.len(), one) < (other.len(), other),
    }
}

/// A short id as a number that sorts like it: its length, and its bytes.
fn number_of(id: &[u8]) -> Option<(usize, u64)> {
    let number = match (id.first_chunk::<4>(), id.last_chunk::<4>()) {
        (Some(first), Some(last)) if id.len() <= 8 => u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(u32::from_be_bytes(*last)),
        (None, None) => id.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        _ => return None,
    };
    Some((id.len(), number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_ids_as_numbers_sort_like_their_bytes(one in proptest::collection::vec(0_u8..4, 0..11), other in proptest::collection::vec(0_u8..4, 0..11)) {
            prop_assert_eq!(is_behind(&one, &other), (one.len(), &one) < (other.len(), &other));
        }
    }
}
