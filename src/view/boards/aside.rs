//! What a strip does not draw, in words: nothing is hidden without a count.

use crate::query::Aside;

/// The parts of a sentence about what is not drawn, most important first; empty when everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LeftOut {
    parts: Vec<(u64, String)>,
}

impl LeftOut {
    fn add(&mut self, count: u64, words: &str) {
        if count > 0 {
            self.parts.push((count, format!("{} {words}", crate::layout::number_text(count as f64))));
        }
    }

    /// Beside reported totals.
    pub(super) fn of_totals(aside: &Aside, left_out: u64, other_units: u64) -> Self {
        let mut list = Self::default();
        list.add(aside.other_basis, "increments not shown");
        list.add(aside.undated, "without this date");
        list.add(aside.no_figure, "without a figure");
        list.add(other_units, "in other units");
        list.add(left_out, "beyond the limit");
        list
    }

    /// Beside sums of increments.
    pub(super) fn of_series(aside: &Aside, groups_left_out: u64) -> Self {
        let mut list = Self::default();
        list.add(aside.unplaced, "unplaced");
        list.add(aside.undated, "undated");
        list.add(aside.expected, "expected");
        list.add(aside.denied, "denied");
        list.add(aside.retracted, "retracted");
        list.add(aside.removed, "removed");
        list.add(aside.no_figure, "without a figure");
        list.add(aside.other_basis, "totals not shown");
        list.add(aside.not_summable, "not summable");
        list.add(groups_left_out, "further series");
        list
    }

    /// How many in all.
    pub(super) fn count(&self) -> u64 {
        self.parts.iter().map(|part| part.0).sum()
    }

    /// All of it: `2 unplaced · 3 expected`.
    pub(super) fn sentence(&self) -> String {
        self.parts.iter().map(|part| part.1.as_str()).collect::<Vec<_>>().join(" · ")
    }

    /// In few words: `22 not drawn`.
    pub(super) fn short(&self) -> Option<String> {
        (self.count() > 0).then(|| format!("{} not drawn", crate::layout::number_text(self.count() as f64)))
    }
}

/// A count with its noun, in the plural where it is needed.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", crate::layout::number_text(count as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_drawn_is_counted_in_words() {
        let aside = Aside { unplaced: 2, expected: 3, no_figure: 5, other_basis: 12, ..Aside::default() };
        let list = LeftOut::of_series(&aside, 0);
        assert_eq!(list.sentence(), "2 unplaced · 3 expected · 5 without a figure · 12 totals not shown");
        assert_eq!(list.short(), Some("22 not drawn".to_owned()));
        assert_eq!(LeftOut::of_series(&Aside::default(), 0).short(), None);
    }
}
