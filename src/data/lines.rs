//! On which line of its file each row of data starts: by runs of rows on consecutive lines, of which a table without line breaks in its
//! cells has one. It knows nothing of columns.

/// So many runs are kept; rows behind them have no line. A table in which every row has several lines has one run a row.
const RUNS_MAX: usize = 1 << 20;

/// A run of rows, each on the line behind that of the row before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// The first row, from 0.
    row: u32,
    /// Its line, from 1; 0 where none is known from this row on.
    line: u64,
}

/// The line of each row: by runs, 16 bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    runs: Vec<Run>,
    /// One behind the last row that has a line.
    end: u32,
}

impl Lines {
    /// Notes the line of a row. Rows come in ascending order.
    pub(super) fn push(&mut self, row: u32, line: u64) {
        let goes_on = self.runs.last().is_some_and(|last| row >= last.row && line == last.line + u64::from(row - last.row));
        if !goes_on {
            if self.runs.len() > RUNS_MAX {
                return;
            }
            // The last run ends here, also where rows of another file come behind.
            let line = if self.runs.len() == RUNS_MAX { 0 } else { line };
            self.runs.push(Run { row, line });
        }
        self.end = self.end.max(row.saturating_add(1));
    }

    /// The line of a row, where it is known. Lines never fall behind rows, so that a run that leaves out rows of other readers holds
    /// for these too, unless they have runs of their own.
    pub(super) fn get(&self, row: u32) -> Option<u64> {
        let next = self.runs.partition_point(|run| run.row <= row);
        let run = next.checked_sub(1).and_then(|index| self.runs.get(index)).filter(|run| row < self.end && run.line > 0)?;
        Some(run.line + u64::from(row - run.row))
    }

    /// Those of several readers of one file.
    pub(super) fn join<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        let mut joined = Self::default();
        for one in all {
            joined.runs.extend(&one.runs);
            joined.end = joined.end.max(one.end);
        }
        joined.runs.sort_by_key(|run| run.row);
        joined
    }

    /// The same rows as `first` and the following ones.
    pub(super) fn behind(&self, first: u32) -> Self {
        let runs = self.runs.iter().map(|run| Run { row: run.row.saturating_add(first), line: run.line });
        Self { runs: runs.collect(), end: self.end.saturating_add(first) }
    }

    /// How many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Run>()
    }

    /// The runs as bytes: row and line of each, little-endian; behind them the end.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let runs = self.runs.iter().flat_map(|run| run.row.to_le_bytes().into_iter().chain(run.line.to_le_bytes()));
        runs.chain(self.end.to_le_bytes()).collect()
    }

    /// From their bytes; `None` when they are none.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (runs, end) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
        let run = |bytes: &[u8]| {
            let (row, line) = bytes.split_at_checked(4)?;
            Some(Run { row: u32::from_le_bytes(row.try_into().ok()?), line: u64::from_le_bytes(line.try_into().ok()?) })
        };
        let runs: Vec<Run> = runs.chunks(12).map(run).collect::<Option<_>>()?;
        let is_sound = runs.is_sorted_by_key(|run| run.row) && runs.iter().all(|run| run.line.checked_add(u64::from(u32::MAX)).is_some());
        is_sound.then_some(Self { runs, end: u32::from_le_bytes(end.try_into().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_behind_so_many_runs_have_no_line_and_those_of_the_next_file_have() {
        let mut long = Lines::default();
        let rows = RUNS_MAX as u32 + 5;
        for row in 0..rows {
            long.push(row, u64::from(row) * 3 + 1);
        }
        let mut other = Lines::default();
        other.push(0, 2);
        let joined = Lines::join([long.clone(), other.behind(rows)].iter());
        let last = RUNS_MAX as u32 - 1;
        assert_eq!([last, last + 1, rows - 1, rows].map(|row| joined.get(row)), [Some(u64::from(last) * 3 + 1), None, None, Some(2)]);
        assert!(long.runs.len() == RUNS_MAX + 1 && Lines::from_bytes(&joined.to_bytes()) == Some(joined));
    }

    #[test]
    fn rows_of_two_readers_find_their_lines_and_come_back_from_bytes() {
        let (mut one, mut other) = (Lines::default(), Lines::default());
        // A header, then a row of three lines as the third one.
        for (row, line) in [(0, 2), (1, 3), (4, 8)] {
            one.push(row, line);
        }
        for (row, line) in [(2, 4), (3, 7)] {
            other.push(row, line);
        }
        let joined = Lines::join([&one, &other].into_iter());
        assert_eq!((0..6).map(|row| joined.get(row)).collect::<Vec<_>>(), [Some(2), Some(3), Some(4), Some(7), Some(8), None]);
        assert_eq!(joined.runs.len(), 4);
        assert_eq!(Lines::from_bytes(&joined.to_bytes()), Some(joined.clone()));
        assert_eq!(joined.behind(10).get(13), Some(7));
        assert_eq!(Lines::from_bytes(&joined.to_bytes()[1..]), None);
        assert_eq!(Lines::default().get(0), None);
    }
}
