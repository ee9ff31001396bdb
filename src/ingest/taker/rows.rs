//! Takes rows one by one: the way of tables whose rows become several records, or whose presets look at the whole row.

use super::numbers::Number;
use super::{Row, Taker, Taking};
use crate::data::{Basis, Credibility, DatasetBuilder, Draft, Field, Kind, Likelihood, Status, measure_from_unit};
use crate::ingest::cells::is_missing;
use crate::ingest::mapping::{Measured, Role};
use crate::ingest::presets::ucdp;
use crate::ingest::taker::dates::Dated;

impl Taker {
    /// Takes the next row of the file, the `file_row`-th of data.
    pub(in crate::ingest) fn take(&mut self, builder: &mut DatasetBuilder, file_row: u32, row: Row<'_>) {
        builder.at_file_row(file_row);
        let mut taking = Taking::new();
        taking.at(0, row);
        let mut extra: Vec<(Field, &str)> = Vec::with_capacity(self.extras.len() + 2);
        for (column, field, is_numeric) in &self.extras {
            let cell = row.get(*column);
            let is_absent = cell.is_empty() || (*is_numeric && is_missing(cell));
            if !is_absent {
                extra.push((*field, cell));
            }
        }
        self.take_surplus(builder, row, &mut extra);
        let when = self.when(&mut taking);
        let as_of = self.date(&mut taking, Role::AsOf);
        let mut published = self.date(&mut taking, Role::Published);
        let composed = self.is_ucdp.then(|| ucdp::title(row, &self.mapping)).flatten();
        let title = self.word(row, Role::Title).or(composed.as_deref());
        let (chain, article) = if self.is_ucdp {
            let sources = ucdp::sources(row, &self.mapping, builder);
            published = Dated { when: sources.published, keep: None };
            (sources.chain, sources.article)
        } else {
            let (source, chain) = self.chain(builder, &mut taking);
            (chain, self.article(builder, &mut taking, source, || published.text()))
        };
        let mut draft = Draft {
            id: self.word(row, Role::Id),
            event_id: self.word(row, Role::EventId),
            title,
            when: when.draft(),
            as_of: as_of.draft(),
            published: published.draft(),
            from: self.word(row, Role::From),
            to: self.word(row, Role::To),
            category: self.category(row),
            place: self.place(row),
            lat: self.coordinate(&mut taking, Role::Lat, 90.0),
            lon: self.coordinate(&mut taking, Role::Lon, 180.0),
            hedge: self.word(row, Role::Hedge),
            note: self.word(row, Role::Note),
            chain,
            article,
            ..Draft::default()
        };
        draft.kind = self.vocabulary::<Kind>(&mut taking, Role::Kind);
        draft.status = self.vocabulary::<Status>(&mut taking, Role::Status);
        draft.likelihood = self.vocabulary::<Likelihood>(&mut taking, Role::Likelihood);
        draft.credibility = self.vocabulary::<Credibility>(&mut taking, Role::Credibility);
        if self.columns.get(Role::Metric).is_some() {
            self.tidy(&mut taking, &mut draft);
        }
        let figures: Vec<(&Measured, Number)> = self
            .mapping
            .measured
            .iter()
            .map(|measured| (measured, self.measured(&mut taking, measured)))
            .filter(|(_, number)| number.is_given)
            .collect();
        for (_, column) in taking.given {
            extra.push((builder.extra_field(&self.given_name(column)), row.get(column)));
        }
        for (_, issue) in taking.notes {
            builder.issue(issue);
        }
        push(builder, &Draft { extra: &extra, ..draft }, &figures, file_row);
    }

    fn take_surplus<'a>(&mut self, builder: &mut DatasetBuilder, row: Row<'a>, extra: &mut Vec<(Field, &'a str)>) {
        let width = self.mapping.columns.len();
        for column in width..row.cells.len() {
            let place = column - width;
            while self.surplus.len() <= place {
                self.surplus.push(builder.extra_field(&format!("extra {}", self.surplus.len() + 1)));
            }
            let cell = row.get(column);
            if !cell.is_empty() {
                extra.push((self.surplus[place], cell));
            }
        }
    }
}

/// Pushes the record, or one record per metric that the row has a figure for.
fn push(builder: &mut DatasetBuilder, draft: &Draft<'_>, figures: &[(&Measured, Number)], file_row: u32) {
    if figures.is_empty() {
        builder.push(draft);
        return;
    }
    let (id, event_id) = (draft.id, draft.event_id);
    let row_name = format!("@{}", u64::from(file_row) + 1);
    let shared = event_id.or(id).unwrap_or(&row_name);
    let is_melted = figures.len() > 1;
    let mut own_id = String::new();
    for (place, (measured, number)) in figures.iter().enumerate() {
        let mut record = with_figure(draft, measured, number);
        record.event_id = if is_melted { Some(shared) } else { event_id };
        if place > 0 {
            own_id.clear();
            own_id.push_str(id.unwrap_or(&row_name));
            own_id.push(':');
            own_id.push_str(&measured.metric);
            record.id = Some(&own_id);
        }
        builder.at_file_row(file_row);
        builder.push(&record);
    }
}

/// The record with the figure of a metric. A total without an as-of date was counted up to the date of the row.
fn with_figure<'a>(draft: &Draft<'a>, measured: &'a Measured, number: &Number) -> Draft<'a> {
    let is_total = measured.basis == Basis::Total && draft.as_of.when.is_none();
    Draft {
        metric: Some(&measured.metric),
        measure: Some(measure_from_unit(measured.unit.as_deref())),
        value: number.value,
        low: number.low,
        high: number.high,
        qualifier: number.qualifier,
        basis: Some(measured.basis),
        unit: measured.unit.as_deref(),
        as_of: if is_total { draft.when } else { draft.as_of },
        ..*draft
    }
}
