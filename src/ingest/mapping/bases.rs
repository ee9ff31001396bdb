//! What the numbers of a table with one metric a row cover, where no column says so: increments, unless a metric is known to be totals.

use super::{Mapping, Role};
use crate::data::Basis;

/// The bases of metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Bases {
    /// That of all metrics without one of their own.
    pub other: Basis,
    /// Those of single metrics.
    pub own: Vec<(String, Basis)>,
}

impl Default for Bases {
    fn default() -> Self {
        Self { other: Basis::Increment, own: Vec::new() }
    }
}

impl Bases {
    /// That of a metric.
    pub fn of(&self, metric: &str) -> Basis {
        self.own.iter().find(|(own, _)| own == metric).map_or(self.other, |(_, basis)| *basis)
    }

    /// Has a metric one of its own?
    pub fn has(&self, metric: &str) -> bool {
        self.own.iter().any(|(own, _)| own == metric)
    }

    /// Gives a metric one of its own.
    pub fn set(&mut self, metric: &str, basis: Basis) {
        self.own.retain(|(own, _)| own != metric);
        self.own.push((metric.to_owned(), basis));
    }
}

impl Mapping {
    /// The column of the numbers of a table with one metric a row, in which nothing says what they cover.
    pub(in crate::ingest) fn without_basis(&self) -> Option<usize> {
        self.column(Role::Value).filter(|_| self.column(Role::Basis).is_none())
    }

    /// The column whose name is the metric of its numbers, because no column names one.
    pub(in crate::ingest) fn names_metric(&self) -> Option<usize> {
        let number = || [Role::Value, Role::Low, Role::High].into_iter().find_map(|role| self.column(role));
        if self.column(Role::Metric).is_some() { None } else { number() }
    }
}
