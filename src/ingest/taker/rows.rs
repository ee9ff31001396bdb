//! Takes rows one by one: the way of tables whose rows become several records, or whose presets look at the whole row.

use super::dates::Dated;
use super::numbers::{Fixed, Number};
use super::sources::About;
use super::{Row, Taker, Taking};
use crate::data::{Basis, Credibility, DatasetBuilder, Draft, Field, Kind, Likelihood, Status, measure_from_unit};
use crate::ingest::mapping::{At, Measured, Role};

/// What makes a row have a number of a metric that has no columns of its own.
pub(super) const TIDY: [Role; 4] = [Role::Metric, Role::Value, Role::Low, Role::High];

/// A figure of a row, for a record of its own.
struct Figure<'m> {
    measured: &'m Measured,
    number: Number,
    /// Its own date, where that is not the row's.
    own: Option<Dated>,
}

impl Taker {
    /// Takes the next row of the file, the `file_row`-th of data.
    pub(in crate::ingest) fn take(&mut self, builder: &mut DatasetBuilder, file_row: u32, row: Row<'_>) {
        builder.at_file_row(file_row);
        builder.at_line(file_row, row.line);
        let mut taking = Taking::new();
        taking.at(0, row);
        let when = self.when(&mut taking);
        let as_of = self.date(&mut taking, Role::AsOf);
        let mut published = self.published(&mut taking);
        let composed = self.composed(row);
        let own_title = self.columns.get(Role::Title).and_then(|column| self.plain(row, column));
        let title = own_title.or(composed.as_deref());
        // What was put together here is nobody's headline.
        let links = self.links(builder, &mut taking, &About { title: own_title, published: &published, file_row });
        if published.when.is_none() && published.keep.is_none() {
            published.when = links.published;
        }
        let dates = self.own_dates(&mut taking);
        let lists = self.lists(row);
        let surplus = self.surplus_fields(builder, row);
        let mut extra: Vec<(Field, &str)> = Vec::with_capacity(self.extras.len() + 2);
        extra.extend(self.extras.iter().filter_map(|beside| Some((beside.field, self.beside(row, beside)?))));
        extra.extend(lists.iter().map(|(field, list)| (*field, list.as_str())));
        extra.extend(surplus);
        let mut draft = Draft {
            title,
            when: when.draft(),
            as_of: as_of.draft(),
            published: published.draft(),
            lat: self.coordinate(&mut taking, Role::Lat, 90.0),
            lon: self.coordinate(&mut taking, Role::Lon, 180.0),
            chain: links.chain,
            article: links.article,
            ..self.worded(row)
        };
        draft.kind = self.vocabulary::<Kind>(&mut taking, Role::Kind);
        draft.status = self.vocabulary::<Status>(&mut taking, Role::Status);
        draft.likelihood = self.vocabulary::<Likelihood>(&mut taking, Role::Likelihood);
        draft.credibility = self.vocabulary::<Credibility>(&mut taking, Role::Credibility);
        if TIDY.into_iter().any(|role| self.columns.get(role).is_some()) {
            self.tidy(&mut taking, &mut draft);
        }
        let figures = self.figures(&mut taking, &when, dates);
        taking.given.sort_unstable();
        for (_, column) in taking.given {
            extra.push((builder.extra_field(&self.given_name(column)), row.get(column)));
        }
        for (_, issue) in taking.notes {
            builder.issue(issue);
        }
        push(builder, &Draft { extra: &extra, ..draft }, &figures, file_row);
    }

    /// The words of a row.
    fn worded<'s>(&'s self, row: Row<'s>) -> Draft<'s> {
        Draft {
            id: self.word(row, Role::Id),
            event_id: self.word(row, Role::EventId),
            item: self.word(row, Role::Item),
            from: self.word(row, Role::From),
            to: self.word(row, Role::To),
            category: self.word(row, Role::Category),
            place: self.place(row),
            hedge: self.word(row, Role::Hedge),
            note: self.word(row, Role::Note),
            ..Draft::default()
        }
    }

    /// The dates that metrics have in columns of their own, by metric; those that list years are read with the numbers.
    fn own_dates(&mut self, taking: &mut Taking<'_>) -> Vec<Option<Dated>> {
        if self.mapping.measured.iter().all(|measured| measured.at == At::Row) {
            return Vec::new();
        }
        (0..self.mapping.measured.len())
            .map(|index| match self.mapping.measured[index].at {
                At::Column(column) if !self.lists_years(column) => Some(self.date_in(taking, column).unwrap_or_default()),
                At::Column(_) | At::Row => None,
                At::Date(_) => Some(Dated { when: self.fixed[index].date, keep: None }),
            })
            .collect()
    }

    fn lists_years(&self, column: usize) -> bool {
        self.mapping.columns.get(column).is_some_and(|map| map.role == Role::Years)
    }

    /// The figures of a row; a metric without a number has none.
    fn figures(&self, taking: &mut Taking<'_>, when: &Dated, mut dates: Vec<Option<Dated>>) -> Vec<Figure<'_>> {
        let mut figures = Vec::new();
        for (index, (measured, fixed)) in self.mapping.measured.iter().zip(&self.fixed).enumerate() {
            let own = dates.get_mut(index).and_then(Option::take);
            let number = self.measured(taking, measured);
            if !number.is_given || is_past_end(fixed, own.as_ref().unwrap_or(when), number) {
                continue;
            }
            match measured.at {
                At::Column(column) if self.lists_years(column) => {
                    let parts = self.in_years(taking, column, number, measured.value);
                    figures.extend(parts.into_iter().map(|(own, number)| Figure { measured, number, own: Some(own) }));
                }
                _ => figures.push(Figure { measured, number, own }),
            }
        }
        figures
    }

    /// The fields that are lists made of several columns.
    fn lists(&self, row: Row<'_>) -> Vec<(Field, String)> {
        let list = |(index, field): &(usize, Field)| {
            let columns = &self.mapping.lists.get(*index)?.columns;
            let entries: Vec<&str> = columns.iter().filter_map(|column| self.cell(row, *column)).collect();
            (!entries.is_empty()).then(|| (*field, entries.join("; ")))
        };
        self.lists.iter().filter_map(list).collect()
    }

    fn surplus_fields<'a>(&mut self, builder: &mut DatasetBuilder, row: Row<'a>) -> Vec<(Field, &'a str)> {
        let mut surplus = Vec::new();
        self.take_surplus(builder, row, &mut surplus);
        surplus
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

/// Is it a zero after the end of its series?
fn is_past_end(fixed: &Fixed, dated: &Dated, number: Number) -> bool {
    let Some((ended, when)) = fixed.ended.zip(dated.when) else { return false };
    number.value == Some(0.0) && when.span.start >= ended
}

/// Pushes the record, or one record per figure of the row.
fn push(builder: &mut DatasetBuilder, draft: &Draft<'_>, figures: &[Figure<'_>], file_row: u32) {
    if figures.is_empty() {
        // An item without a number says what the row is about all the same.
        builder.push(draft);
        return;
    }
    let (id, event_id) = (draft.id, draft.event_id);
    let row_name = format!("@{}", u64::from(file_row) + 1);
    let shared = event_id.or(id).unwrap_or(&row_name);
    // A number of a metric without columns of its own is a record before those of the others.
    let has_own = draft.value.or(draft.low).or(draft.high).is_some();
    let is_melted = figures.len() + usize::from(has_own) > 1;
    if has_own {
        builder.push(&Draft { event_id: Some(shared), ..*draft });
    }
    let mut own_id = String::new();
    for (place, figure) in figures.iter().enumerate() {
        let mut record = with_figure(draft, figure);
        record.event_id = if is_melted { Some(shared) } else { event_id };
        if has_own || place > 0 {
            own_id.clear();
            own_id.push_str(id.unwrap_or(&row_name));
            own_id.push(':');
            own_id.push_str(&figure.measured.metric);
            let same = figures[..place].iter().filter(|other| other.measured.metric == figure.measured.metric).count();
            if same > 0 {
                own_id.push(':');
                own_id.push_str(&(same + 1).to_string());
            }
            record.id = Some(&own_id);
        }
        builder.at_file_row(file_row);
        builder.push(&record);
    }
}

/// The record with a figure. A total without an as-of date was counted up to its date.
fn with_figure<'a>(draft: &Draft<'a>, figure: &'a Figure<'_>) -> Draft<'a> {
    let (measured, number) = (figure.measured, &figure.number);
    let when = figure.own.as_ref().map_or(draft.when, Dated::draft);
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
        when,
        as_of: if is_total { when } else { draft.as_of },
        ..*draft
    }
}
