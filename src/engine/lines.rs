//! How single records are written into answers: figures, marks, lines, readings; it chooses no records.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::place::anchor;
use crate::claims::{counter, counter_name, has_drift};
use crate::data::{Article, ArticleId, Field, Row, SourceId, country_name};
use crate::query::{Figure, Mark, RecordAnswer, RecordLine, RelatedArticle, SourceLine};
use crate::time::{Time, When};

/// Between the names of carriers in a line.
const VIA_SEPARATOR: &str = ", ";

impl Facts {
    pub(super) fn text(&self, field: Field, row: Row) -> Option<String> {
        self.dataset.records.str(field, row).map(str::to_owned)
    }

    /// The number of a record; `None` when it has no metric.
    pub(super) fn figure(&self, row: Row) -> Option<Figure> {
        let quantity = self.dataset.records.quantity(row)?;
        Some(Figure {
            metric: quantity.metric.to_owned(),
            item: quantity.item.map(str::to_owned),
            measure: quantity.measure,
            value: quantity.value,
            band: quantity.band(),
            qualifier: quantity.qualifier,
            basis: quantity.basis,
            unit: quantity.unit.map(str::to_owned),
        })
    }

    /// How many articles carry these records; at least one.
    pub(super) fn articles_of(&self, rows: &[Row]) -> u32 {
        let articles: BTreeSet<ArticleId> = rows.iter().filter_map(|row| self.dataset.records.article(*row)).collect();
        (articles.len() as u32).max(1)
    }

    /// The mark of a record that stands for others too.
    pub(super) fn mark(&self, row: Row, anchor: Time, colour: Option<Field>, folded: Vec<Row>) -> Mark {
        let records = &self.dataset.records;
        let mut all = folded.clone();
        all.push(row);
        Mark {
            row,
            kind: records.kind(row),
            anchor,
            when: records.when(Field::WHEN, row),
            as_of: records.when(Field::AS_OF, row),
            title: self.text(Field::TITLE, row),
            colour: self.colour(colour, row),
            figure: self.figure(row),
            status: records.status(row),
            articles: self.articles_of(&all),
            folded,
        }
    }

    /// The marks of records in the order of anchor, then row. With folding, only the first carrier of each statement is a mark.
    pub(super) fn marks(&self, mut rows: Vec<(Time, Row)>, colour: Option<Field>, is_folded: bool) -> Vec<Mark> {
        rows.sort_unstable();
        let mut marks: Vec<(Time, Row, Vec<Row>)> = Vec::with_capacity(rows.len());
        let mut place_of_group = rustc_hash::FxHashMap::default();
        for (anchor, row) in rows {
            let group = if is_folded { self.repeats.group(row) } else { None };
            if let Some(place) = group.and_then(|group| place_of_group.get(&group).copied()) {
                let (_, _, folded): &mut (Time, Row, Vec<Row>) = &mut marks[place];
                folded.push(row);
                continue;
            }
            if let Some(group) = group {
                place_of_group.insert(group, marks.len());
            }
            marks.push((anchor, row, Vec::new()));
        }
        marks.into_iter().map(|(anchor, row, folded)| self.mark(row, anchor, colour, folded)).collect()
    }

    /// A source with its country in words.
    pub(super) fn source_line(&self, id: SourceId) -> Option<SourceLine> {
        let source = self.dataset.sources.get(id.0 as usize)?.clone();
        let country = source.country.as_deref().map(|code| country_name(code).to_owned());
        Some(SourceLine { source, country })
    }

    /// The date of a line: as-of, else event.
    fn line_date(&self, row: Row) -> Option<When> {
        self.dataset.records.when(Field::AS_OF, row).or_else(|| self.dataset.records.when(Field::WHEN, row))
    }

    /// The field that colours lists: the originator's country where the file has one, else the category.
    fn line_colour_field(&self) -> Field {
        let has_countries = self.dataset.records.column(Field::ORIGINATOR_COUNTRY).is_some();
        if has_countries { Field::ORIGINATOR_COUNTRY } else { Field::CATEGORY }
    }

    /// A record as a line of a list.
    pub(super) fn line(&self, row: Row) -> RecordLine {
        let dataset = &self.dataset;
        let records = &dataset.records;
        let chain = dataset.chain_sources(row);
        let between = chain.get(1..chain.len().saturating_sub(1)).unwrap_or_default();
        let via: Vec<&str> = between.iter().filter_map(|id| dataset.sources.get(id.0 as usize)).map(crate::data::Source::label).collect();
        RecordLine {
            row,
            id: records.address(row),
            kind: records.kind(row),
            title: self.text(Field::TITLE, row),
            outlet: self.text(Field::OUTLET, row),
            via: (!via.is_empty()).then(|| via.join(VIA_SEPARATOR)),
            originator: self.text(Field::ORIGINATOR, row).or_else(|| counter_name(dataset, counter(dataset, row)).map(str::to_owned)),
            figure: self.figure(row),
            date: self.line_date(row),
            published: records.when(Field::PUBLISHED, row),
            status: records.status(row),
            colour: self.colour(Some(self.line_colour_field()), row),
        }
    }

    /// The first lines of some records, and how many there are.
    pub(super) fn lines(&self, rows: &[Row], limit: u32) -> (Vec<RecordLine>, u64) {
        (rows.iter().take(limit as usize).map(|row| self.line(*row)).collect(), rows.len() as u64)
    }

    /// Everything about one record; `None` when there is no such row.
    pub(super) fn record(&self, row: Row) -> Option<RecordAnswer> {
        let dataset = &self.dataset;
        let records = &dataset.records;
        if row as usize >= records.len() {
            return None;
        }
        let article = records.article(row).and_then(|id| dataset.articles.get(id.0 as usize)).cloned();
        let date = |field: Field| (records.display(field, row), records.when(field, row));
        let mut published = date(Field::PUBLISHED);
        if let Some((text, when)) = article.as_ref().and_then(|article| article.published.as_ref())
            && *when == published.1
        {
            published.0 = Some(text.clone());
        }
        let retrieved = article.as_ref().and_then(|article| article.retrieved.clone());
        Some(RecordAnswer {
            line: self.line(row),
            file_row: records.file_row(row),
            when: date(Field::WHEN),
            as_of: date(Field::AS_OF),
            published,
            retrieved: retrieved.map_or((None, None), |(text, when)| (Some(text), when)),
            chain: dataset.chain_sources(row).iter().filter_map(|id| self.source_line(*id)).collect(),
            publisher: article.as_ref().and_then(|article| article.publisher).and_then(|id| self.source_line(id)),
            article,
            from: self.text(Field::FROM, row),
            to: self.text(Field::TO, row),
            hedge: self.text(Field::HEDGE, row),
            likelihood: records.likelihood(row),
            credibility: records.credibility(row),
            note: self.text(Field::NOTE, row),
            fields: self.fields.iter().filter_map(|info| Some((info.clone(), records.display(info.field, row)?))).collect(),
        })
    }

    /// An article in a list, with the first of its records.
    pub(super) fn related_article(&self, article: &Article, is_listed: bool, records: Vec<Row>) -> RelatedArticle {
        let publisher = article.publisher.and_then(|id| self.dataset.sources.get(id.0 as usize));
        RelatedArticle { article: article.clone(), publisher: publisher.map(|source| source.name.clone()), is_listed, records }
    }

    /// Do carriers differ in their qualifier?
    pub(super) fn has_drift(&self, carriers: &[Row]) -> bool {
        has_drift(&self.dataset, carriers)
    }

    /// Where a row is drawn.
    pub(super) fn anchor(&self, row: Row) -> Option<Time> {
        anchor(&self.dataset.records, row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Basis;
    use crate::testing::{World, claim, span, time};
    use crate::work::Cancel;

    fn facts() -> Facts {
        let killed = |id: &str, article: &str| claim(id).counts("killed", 300.0).total("2025-01-13").article(article);
        let world = World::new()
            .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
            .source("yonhap", "Yonhap News Agency", Some("Yonhap"), Some("KR"))
            .article("a1", "First", Some("2025-01-14"))
            .with(&killed("r1", "a1").said_by(&["bbc", "afp", "yonhap", "nis"]))
            .with(&killed("r2", "a2").said_by(&["afp", "nis"]))
            .with(&claim("r3").counts("troops", 5.0).basis(Basis::Level).as_of("2025-01-01"));
        Facts::build(world.build(), &Cancel::default()).unwrap()
    }

    #[test]
    fn a_line_names_outlet_carriers_and_originator() {
        let line = facts().line(0);
        assert_eq!(line.id, "r1");
        assert_eq!(line.outlet.as_deref(), Some("bbc"));
        assert_eq!(line.via.as_deref(), Some("afp, Yonhap"));
        assert_eq!(line.originator.as_deref(), Some("National Intelligence Service"));
        assert_eq!(line.date.map(|date| date.span), Some(span("2025-01-13")));
        assert_eq!(line.published.map(|date| date.span), Some(span("2025-01-14")));
        assert_eq!(line.colour, Some(0));
    }

    #[test]
    fn folded_marks_carry_the_number_of_articles() {
        let facts = facts();
        let rows = vec![(time("2025-01-13"), 1), (time("2025-01-13"), 0), (time("2025-01-01"), 2)];
        let marks = facts.marks(rows.clone(), None, true);
        assert_eq!(
            marks.iter().map(|mark| (mark.row, mark.articles, mark.folded.clone())).collect::<Vec<_>>(),
            [(2, 1, vec![]), (0, 2, vec![1])]
        );
        assert_eq!(facts.marks(rows, None, false).len(), 3);
    }

    #[test]
    fn a_record_lists_every_field_that_it_has() {
        let record = facts().record(0).unwrap();
        let keys: Vec<&str> = record.fields.iter().map(|(info, _)| info.key.as_str()).collect();
        assert!(keys.starts_with(&["id", "kind", "as_of", "published", "metric"]), "{keys:?}");
        assert_eq!(record.chain.len(), 4);
        assert_eq!(record.chain[3].country.as_deref(), Some("South Korea"));
        assert_eq!(record.published.0.as_deref(), Some("2025-01-14"));
        assert_eq!(facts().record(99), None);
    }
}
