//! Which spans reach into a window from before it: a forest of the latest ends, without pointers. It knows no records.
//!
//! Spans stand in the order of their starts. The latest end of each 64 of them makes a level, the latest of each 64 of those the next,
//! and so on: finding those that end after a moment looks only into nodes that hold one, O(found · log n). It takes an eighth of a byte
//! a record, and a 64th of that for all higher levels.

use crate::time::Time;

/// Children of a node.
const CHILDREN: usize = if cfg!(test) { 4 } else { 64 };

/// The latest ends of spans that stand in a row.
#[derive(Debug, Default)]
pub(super) struct Forest {
    len: usize,
    /// From fine to coarse; the last one has at most [`CHILDREN`] nodes.
    levels: Vec<Vec<Time>>,
}

impl Forest {
    /// How many spans make one node of the finest level; pieces of work are multiples of it.
    pub(super) const CHILDREN: usize = CHILDREN;

    /// From the latest end of each [`Self::CHILDREN`] spans.
    pub(super) fn new(len: usize, latest: Vec<Time>) -> Self {
        let mut levels = vec![latest];
        while let Some(last) = levels.last().filter(|last| last.len() > CHILDREN) {
            let next = last.chunks(CHILDREN).map(|ends| ends.iter().copied().max().unwrap_or(Time::OPEN_START)).collect();
            levels.push(next);
        }
        Self { len, levels }
    }

    /// Visits those of the first `before` spans that may end after a moment, in ascending order, by the nodes that hold one:
    /// what `ends_after` says of a single span decides.
    pub(super) fn for_each(&self, before: usize, moment: Time, ends_after: impl Fn(usize) -> bool, mut visit: impl FnMut(usize)) {
        let Some(top) = self.levels.len().checked_sub(1) else { return };
        let before = before.min(self.len);
        // Nodes still to look into, as level and number; the next one is at the end.
        let mut open: Vec<(usize, usize)> = (0..self.levels[top].len()).rev().map(|node| (top, node)).collect();
        while let Some((level, node)) = open.pop() {
            let first = node.saturating_mul(CHILDREN.pow(level as u32 + 1));
            if first >= before || self.levels[level].get(node).is_none_or(|latest| *latest <= moment) {
                continue;
            }
            let children = node * CHILDREN..(node + 1) * CHILDREN;
            if level == 0 {
                children.take_while(|span| *span < before).filter(|span| ends_after(*span)).for_each(&mut visit);
            } else {
                open.extend(children.rev().map(|child| (level - 1, child)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_forest_finds_what_a_loop_over_all_spans_finds(ends in vec(0..50_i64, 0..200), before in 0..220_usize, moment in -1..51_i64) {
            let latest = ends.chunks(Forest::CHILDREN).map(|ends| Time(*ends.iter().max().unwrap())).collect();
            let forest = Forest::new(ends.len(), latest);
            let mut found = Vec::new();
            forest.for_each(before, Time(moment), |span| ends[span] > moment, |span| found.push(span));
            let expected: Vec<usize> = (0..ends.len().min(before)).filter(|span| ends[*span] > moment).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
