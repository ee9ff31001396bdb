//! Growing numbers in blocks.

use super::BLOCK_ROWS;
use crate::data::column::Number;

/// Growing numbers; NaN stands for none.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Numbers {
    sealed: Vec<Number>,
    open: Vec<f64>,
}

impl Numbers {
    pub(in crate::data) fn len(&self) -> usize {
        self.sealed.len() * BLOCK_ROWS + self.open.len()
    }

    pub(in crate::data) fn set(&mut self, row: usize, number: f64) {
        let len = self.len();
        (len..row).for_each(|_| self.push(f64::NAN));
        // A row that has a number keeps it.
        if len <= row {
            self.push(number);
        }
    }

    /// Sets the numbers of rows from `first` on.
    pub(in crate::data) fn set_all(&mut self, first: usize, numbers: &[f64]) {
        let len = self.len();
        (len..first).for_each(|_| self.push(f64::NAN));
        // Rows that have a number keep it.
        let mut left = numbers.get(len.saturating_sub(first)..).unwrap_or_default();
        while !left.is_empty() {
            let (now, next) = left.split_at(left.len().min(BLOCK_ROWS - self.open.len()));
            self.open.extend_from_slice(now);
            self.seal_full();
            left = next;
        }
    }

    fn push(&mut self, number: f64) {
        self.open.push(number);
        self.seal_full();
    }

    fn seal_full(&mut self) {
        if self.open.len() == BLOCK_ROWS {
            self.sealed.push(Number::new(&self.open));
            self.open.clear();
        }
    }

    /// The blocks, the open one among them.
    pub(in crate::data) fn blocks(&self) -> Vec<Number> {
        let mut blocks = self.sealed.clone();
        if !self.open.is_empty() {
            blocks.push(Number::new(&self.open));
        }
        blocks
    }
}
