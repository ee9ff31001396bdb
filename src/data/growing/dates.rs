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
            self.texts.set(row, text, file_row);
        }
    }

    fn push(&mut self, when: Option<When>) {
        self.open.push(when);
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
