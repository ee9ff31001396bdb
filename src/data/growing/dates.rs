//! Growing dates in blocks, with the texts that must be kept.

use super::{BLOCK_ROWS, Words};
use crate::data::column::Dates;
use crate::time::When;

/// Growing dates.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct GrowingDates {
    sealed: Vec<Dates>,
    open: Vec<Option<When>>,
    pub(in crate::data) texts: Words,
}

impl GrowingDates {
    pub(in crate::data) fn len(&self) -> usize {
        self.sealed.len() * BLOCK_ROWS + self.open.len()
    }

    pub(in crate::data) fn set(&mut self, row: usize, when: Option<When>, kept_text: Option<&str>, file_row: u32) {
        let len = self.len();
        (len..row).for_each(|_| self.push(None));
        if len > row {
            // A row that has a date keeps it.
            return;
        }
        self.push(when);
        if let Some(text) = kept_text {
            self.texts.set(row, text.as_bytes(), file_row);
        }
    }

    /// Sets the dates of rows from `first` on.
    pub(in crate::data) fn set_all(&mut self, first: usize, whens: &[When]) {
        let len = self.len();
        (len..first).for_each(|_| self.push(None));
        // Rows that have a date keep it.
        let mut left = whens.get(len.saturating_sub(first)..).unwrap_or_default();
        while !left.is_empty() {
            let (now, next) = left.split_at(left.len().min(BLOCK_ROWS - self.open.len()));
            self.open.extend(now.iter().copied().map(Some));
            self.seal_full();
            left = next;
        }
    }

    fn push(&mut self, when: Option<When>) {
        self.open.push(when);
        self.seal_full();
    }

    fn seal_full(&mut self) {
        if self.open.len() == BLOCK_ROWS {
            self.sealed.push(Dates::new(&self.open, None));
            self.open.clear();
        }
    }

    /// The blocks, the open one among them.
    pub(in crate::data) fn blocks(&self) -> Vec<Dates> {
        let mut blocks = self.sealed.clone();
        if !self.open.is_empty() {
            blocks.push(Dates::new(&self.open, None));
        }
        blocks
    }
}
