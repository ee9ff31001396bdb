//! Where records stand in the file, when builders read parts of it side by side and records are sorted afterwards.

use std::ops::Range;

/// A run of places whose records come from consecutive rows of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first place.
    pub(super) place: u32,
    /// The row of the file, from 0, of the record there.
    pub(super) file_row: u32,
}

/// The row of the file of each place: by runs, 8 bytes each, of which a table has one for each block that was read at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileRows {
    runs: Vec<Run>,
    len: u32,
}

impl FileRows {
    /// Adds the next place.
    pub(super) fn push(&mut self, place: u32, file_row: u32) {
        let goes_on = self.runs.last().is_some_and(|last| u64::from(file_row) == u64::from(last.file_row) + u64::from(place - last.place));
        if !goes_on {
            self.runs.push(Run { place, file_row });
        }
        self.len = place + 1;
    }

    /// The row of the file of a place.
    pub(super) fn get(&self, place: u32) -> u32 {
        let next = self.runs.partition_point(|run| run.place <= place);
        next.checked_sub(1).and_then(|index| self.runs.get(index)).map_or(place, |run| run.file_row + (place - run.place))
    }

    /// How many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Run>()
    }

    /// The runs as bytes: place and row of the file of each, little-endian.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.runs.iter().flat_map(|run| [run.place.to_le_bytes(), run.file_row.to_le_bytes()]).flatten().collect()
    }

    /// From the bytes of its runs; `None` when they are no runs of `len` places.
    pub(super) fn from_bytes(bytes: &[u8], len: u32) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).ok();
        let run = |pair: &[u8]| Some(Run { place: number(pair.get(..4)?)?, file_row: number(pair.get(4..8)?)? });
        let runs: Vec<Run> = bytes.chunks(8).map(run).collect::<Option<_>>()?;
        let is_sound = runs.is_sorted_by(|one, next| one.place < next.place)
            && runs.iter().all(|run| run.place < len && run.file_row.checked_add(len - run.place).is_some());
        is_sound.then_some(Self { runs, len })
    }

    /// Those of several builders one behind the other.
    pub(super) fn join<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        let mut joined = Self::default();
        for one in all {
            let base = joined.len;
            joined.runs.extend(one.runs.iter().map(|run| Run { place: base + run.place, file_row: run.file_row }));
            joined.len += one.len;
        }
        joined
    }

    /// Do places come in the order of the file?
    pub(super) fn is_in_order(&self) -> bool {
        self.runs.is_sorted_by_key(|run| run.file_row)
    }

    /// The runs of places in the order of the file.
    pub(super) fn runs_in_file_order(&self) -> Vec<Range<usize>> {
        let end = |index: usize| self.runs.get(index + 1).map_or(self.len, |next| next.place);
        let mut runs: Vec<(Run, u32)> = self.runs.iter().enumerate().map(|(index, run)| (*run, end(index))).collect();
        runs.sort_by_key(|(run, _)| run.file_row);
        runs.into_iter().map(|(run, end)| run.place as usize..end as usize).collect()
    }

    /// The places of some records, counted in the order of the file; `None` where rows of the file hold several records or stand in
    /// too many pieces.
    pub(super) fn places_of(&self, records: Range<usize>) -> Option<Vec<Range<usize>>> {
        const RUNS_MAX: usize = 1 << 14;
        if self.runs.is_empty() || self.runs.len() > RUNS_MAX {
            return None;
        }
        let (mut before, mut next_row) = (0, 0);
        let mut places = Vec::new();
        for run in self.runs_in_file_order() {
            let row = self.get(run.start as u32) as usize;
            if row < next_row {
                return None;
            }
            next_row = row + run.len();
            let (first, end) = (before.max(records.start), (before + run.len()).min(records.end));
            if first < end {
                places.push(run.start + (first - before)..run.start + (end - before));
            }
            before += run.len();
        }
        Some(places)
    }

    /// The places in the order of the file.
    pub(super) fn in_file_order(&self) -> Vec<u32> {
        self.runs_in_file_order().into_iter().flat_map(|run| run.start as u32..run.end as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_two_builders_lead_to_their_rows_and_back_into_the_order_of_the_file() {
        let (mut one, mut other) = (FileRows::default(), FileRows::default());
        for (place, row) in [(0, 0), (1, 1), (2, 5), (3, 5)] {
            one.push(place, row);
        }
        for (place, row) in [(0, 2), (1, 3), (2, 4)] {
            other.push(place, row);
        }
        let joined = FileRows::join([&one, &other].into_iter());
        assert_eq!((0..7).map(|place| joined.get(place)).collect::<Vec<_>>(), [0, 1, 5, 5, 2, 3, 4]);
        assert_eq!(joined.in_file_order(), [0, 1, 4, 5, 6, 2, 3]);
        assert_eq!(joined.places_of(0..3), None);
        let apart = FileRows { runs: vec![Run { place: 0, file_row: 4 }, Run { place: 3, file_row: 0 }], len: 7 };
        assert_eq!(apart.places_of(2..6), Some(vec![5..7, 0..2]));
        assert!(one.is_in_order() && !joined.is_in_order());
    }
}
