//! `Query::Facet`, `Query::Histogram` and `Query::Rows` in plain loops.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Naive;
use crate::data::{Column, Field, Row};
use crate::engine::Stop;
use crate::engine::clause::word_contains;
use crate::engine::fold::fold;
use crate::engine::tables::{TableCell, cell, number_on_axis};
use crate::query::{Crowd, FacetAnswer, FacetQuery, FacetValue, Filter, HistogramAnswer, NumberAxis, RowsAnswer, RowsQuery, TableRow};
use crate::work::Cancel;

impl Naive {
    pub(super) fn facet(&self, query: &FacetQuery, cancel: &Cancel) -> Result<FacetAnswer, Stop> {
        let rows = self.rows_in(&query.filter, None, cancel)?;
        let Some(column) = self.facts.category(query.field, "a facet")? else {
            return Ok(FacetAnswer { missing: rows.len() as u64, ..FacetAnswer::default() });
        };
        let ranking = self.facts.rankings.get(&query.field);
        let search = fold(&query.search);
        let counts = |rows: &mut dyn Iterator<Item = Row>| {
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for value in rows.filter_map(|row| column.get(row as usize)) {
                *counts.entry(value).or_default() += 1;
            }
            counts
        };
        let passing = counts(&mut rows.iter().copied());
        let all = counts(&mut (0..self.facts.dataset.records.len() as Row));
        let mut answer = FacetAnswer::default();
        let shorts = self.facts.short_names(query.field);
        for (rank, code) in ranking.map_or(&[][..], |ranking| &ranking.order).iter().enumerate() {
            let value = column.value(*code);
            if !word_contains(query.field, value, &search) {
                continue;
            }
            answer.distinct += 1;
            if answer.values.len() < query.limit as usize {
                let count = |counts: &BTreeMap<&str, u64>| counts.get(value).copied().unwrap_or(0);
                let short = shorts.get(value).map(|short| (*short).to_owned());
                answer.values.push(FacetValue {
                    value: value.to_owned(),
                    short,
                    count: count(&passing),
                    total: count(&all),
                    rank: rank as u32,
                });
            }
        }
        answer.missing = rows.iter().filter(|row| column.get(**row as usize).is_none()).count() as u64;
        Ok(answer)
    }

    pub(super) fn histogram(&self, field: Field, filter: &Filter, bins: u32, cancel: &Cancel) -> Result<HistogramAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let rows = self.rows_in(filter, None, cancel)?;
        self.facts.axis_kind(field)?;
        let number = |row: Row| number_on_axis(records, field, row);
        let all: Vec<f64> = (0..records.len() as Row).filter_map(number).collect();
        let Some((min, max)) = all.iter().copied().map(|n| (n, n)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            return Ok(HistogramAnswer { missing: rows.len() as u64, ..HistogramAnswer::default() });
        };
        let axis = match records.column(field) {
            Some(Column::Number(_)) => {
                let mut crowd = Crowd::new(min, max);
                for number in &all {
                    crowd.add(*number);
                }
                crowd.axis()
            }
            _ => NumberAxis::even(min, max),
        };
        let mut answer = HistogramAnswer { axis, bins: vec![0; bins.max(1) as usize], missing: 0 };
        for row in rows {
            match number(row) {
                Some(own) => answer.bins[axis.bin(own, bins)] += 1,
                None => answer.missing += 1,
            }
        }
        Ok(answer)
    }

    pub(super) fn rows(&self, query: &RowsQuery, cancel: &Cancel) -> Result<RowsAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let mut rows = self.rows_in(&query.filter, query.window, cancel)?;
        let total = rows.len() as u64;
        match query.sort {
            None => rows.sort_by_key(|row| (records.file_row(*row), *row)),
            Some((field, is_descending)) => rows.sort_by(|a, b| self.order(field, is_descending, *a, *b).then(a.cmp(b))),
        }
        let page = rows.into_iter().skip(query.offset as usize).take(query.limit as usize);
        let rows = page.map(|row| self.facts.table_row(row, &query.fields)).collect::<Vec<TableRow>>();
        Ok(RowsAnswer { offset: query.offset, rows, total })
    }

    /// Records without a value come last, whichever way.
    fn order(&self, field: Field, is_descending: bool, a: Row, b: Row) -> Ordering {
        let value = |row: Row| cell(&self.facts.dataset.records, field, row);
        match (value(a), value(b)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => {
                let order = match (a, b) {
                    (TableCell::Word(a), TableCell::Word(b)) => a.cmp(b),
                    (TableCell::Number(a), TableCell::Number(b)) => a.total_cmp(&b),
                    (TableCell::Date(a), TableCell::Date(b)) => a.cmp(&b),
                    (TableCell::Word(_) | TableCell::Number(_) | TableCell::Date(_), _) => Ordering::Equal,
                };
                if is_descending { order.reverse() } else { order }
            }
        }
    }
}
