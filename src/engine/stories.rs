//! Who stands behind records and what belongs to their articles: `Query::Provenance` and `Query::Related`, the same for both engines.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::{Stop, look};
use crate::data::{ArticleId, Field, Row, SourceId};
use crate::query::{Origins, ProvenanceAnswer, RecordLine, RelatedAnswer};
use crate::work::Cancel;

/// Who stands behind the selected records.
pub(super) fn provenance(facts: &Facts, selected: &[Row], limit: u32, cancel: &Cancel) -> Result<ProvenanceAnswer, Stop> {
    let dataset = &facts.dataset;
    let known: Vec<Row> = selected.iter().copied().filter(|row| (*row as usize) < dataset.records.len()).collect();
    let Some(first) = known.first().copied() else { return Ok(ProvenanceAnswer::default()) };
    let chosen: BTreeSet<Row> = known.iter().copied().collect();
    let mut carriers = vec![first];
    carriers.extend(facts.repeats.carriers(first).iter().copied().filter(|row| *row != first));
    let near = Near { facts, first, chosen: &chosen, limit };
    let article = dataset.records.article(first);
    let originator = dataset.originator(first);
    let metrics = dataset.records.category(Field::METRIC);
    let metric = metrics.and_then(|column| column.code(first as usize));
    Ok(ProvenanceAnswer {
        carriers: facts.lines(&carriers, limit).0,
        carriers_total: carriers.len() as u64,
        has_drift: facts.has_drift(&carriers),
        origins: origins(facts, &chosen),
        same_article: near.in_order(cancel, |row| article.is_some() && dataset.records.article(row) == article)?,
        same_originator: near.nearest(cancel, |row| originator.is_some() && dataset.originator(row) == originator)?,
        same_metric: near.nearest(cancel, |row| metric.is_some() && metrics.and_then(|column| column.code(row as usize)) == metric)?,
    })
}

fn origins(facts: &Facts, rows: &BTreeSet<Row>) -> Origins {
    let dataset = &facts.dataset;
    let articles: BTreeSet<ArticleId> = rows.iter().filter_map(|row| dataset.records.article(*row)).collect();
    let originators: BTreeSet<SourceId> = rows.iter().filter_map(|row| dataset.originator(*row)).collect();
    Origins {
        records: rows.len() as u64,
        articles: articles.len() as u64,
        independent: originators.len() as u64,
        unknown: rows.iter().filter(|row| dataset.originator(**row).is_none()).count() as u64,
    }
}

/// What belongs to a record's article and originator.
pub(super) fn related(facts: &Facts, row: Row, limit: u32, cancel: &Cancel) -> Result<RelatedAnswer, Stop> {
    let dataset = &facts.dataset;
    let records = &dataset.records;
    if row as usize >= records.len() {
        return Ok(RelatedAnswer::default());
    }
    let chosen = BTreeSet::from([row]);
    let near = Near { facts, first: row, chosen: &chosen, limit };
    let id = records.article(row);
    let originator = dataset.originator(row);
    let article = id.and_then(|id| dataset.articles.get(id.0 as usize));
    let mut others: Vec<(ArticleId, bool)> =
        article.map_or_else(Vec::new, |article| article.related.iter().map(|link| (link.article, link.is_listed)).collect());
    others.sort_by_key(|(_, is_listed)| !is_listed);
    others.truncate(limit as usize);
    let wanted: BTreeSet<ArticleId> = others.iter().map(|other| other.0).chain(id).collect();
    let mut rows_of: std::collections::BTreeMap<ArticleId, Vec<Row>> = std::collections::BTreeMap::new();
    for row in 0..records.len() as Row {
        look(cancel, row)?;
        if let Some(own) = records.article(row).filter(|own| wanted.contains(own)) {
            let rows = rows_of.entry(own).or_default();
            if rows.len() < limit as usize {
                rows.push(row);
            }
        }
    }
    let mut in_list = |id: ArticleId, is_listed: bool| {
        let article = dataset.articles.get(id.0 as usize)?;
        Some(facts.related_article(article, is_listed, rows_of.remove(&id).unwrap_or_default()))
    };
    Ok(RelatedAnswer {
        article: id.and_then(|id| in_list(id, false)),
        related: others.into_iter().filter_map(|(id, is_listed)| in_list(id, is_listed)).collect(),
        same_article: near.in_order(cancel, |other| id.is_some() && records.article(other) == id)?,
        same_originator: near.nearest(cancel, |other| originator.is_some() && dataset.originator(other) == originator)?,
    })
}

/// Finds records around one, without the selected ones.
struct Near<'a> {
    facts: &'a Facts,
    first: Row,
    chosen: &'a BTreeSet<Row>,
    limit: u32,
}

impl Near<'_> {
    fn rows(&self, cancel: &Cancel, belongs: impl Fn(Row) -> bool) -> Result<Vec<Row>, Stop> {
        let mut rows = Vec::new();
        for row in 0..self.facts.dataset.records.len() as Row {
            look(cancel, row)?;
            if belongs(row) && !self.chosen.contains(&row) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn in_order(&self, cancel: &Cancel, belongs: impl Fn(Row) -> bool) -> Result<(Vec<RecordLine>, u64), Stop> {
        Ok(self.facts.lines(&self.rows(cancel, belongs)?, self.limit))
    }

    /// By the distance of anchors, then by row; undated ones last.
    fn nearest(&self, cancel: &Cancel, belongs: impl Fn(Row) -> bool) -> Result<(Vec<RecordLine>, u64), Stop> {
        let here = self.facts.anchor(self.first);
        let distance = |row: Row| here.zip(self.facts.anchor(row)).map_or(u64::MAX, |(here, there)| here.0.abs_diff(there.0));
        let mut rows: Vec<(u64, Row)> = self.rows(cancel, belongs)?.into_iter().map(|row| (distance(row), row)).collect();
        let total = rows.len() as u64;
        let limit = self.limit as usize;
        if rows.len() > limit && limit > 0 {
            rows.select_nth_unstable(limit - 1);
        }
        rows.truncate(limit);
        rows.sort_unstable();
        Ok((rows.iter().map(|(_, row)| self.facts.line(*row)).collect(), total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Qualifier;
    use crate::testing::{World, claim};

    fn facts() -> Facts {
        let killed = |id: &str, article: &str, by: &str| {
            claim(id).counts("killed", 300.0).total("2025-01-13").article(article).said_by(&["bbc", by])
        };
        let world = World::new()
            .article("a1", "First", None)
            .article("a2", "Second", None)
            .article("a3", "Third", None)
            .related("a3", "a1")
            .related("a1", "a2")
            .with_all(&[
                killed("r1", "a1", "nis"),
                killed("r2", "a2", "nis").qualified(Qualifier::AtLeast),
                killed("r3", "a3", "hur"),
                claim("r4").counts("wounded", 5.0).total("2025-01-10").article("a1").said_by(&["nis"]),
                claim("r5").counts("killed", 100.0).total("2024-12-01").said_by(&["nis"]),
                claim("r6").counts("killed", 5.0).total("2024-12-01"),
            ]);
        Facts::build(world.build(), &Cancel::default()).unwrap()
    }

    fn ids(lines: &(Vec<RecordLine>, u64)) -> Vec<&str> {
        lines.0.iter().map(|line| line.id.as_str()).collect()
    }

    #[test]
    fn provenance_shows_carriers_drift_and_independent_origins() {
        let facts = facts();
        let answer = provenance(&facts, &[0, 1, 2, 5], 10, &Cancel::default()).unwrap();
        assert_eq!(answer.carriers.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ["r1", "r2"]);
        assert!(answer.has_drift);
        assert_eq!(answer.origins, Origins { records: 4, articles: 3, independent: 2, unknown: 1 });
        assert_eq!(ids(&answer.same_article), ["r4"]);
        assert_eq!(ids(&answer.same_originator), ["r4", "r5"]);
        assert_eq!(ids(&answer.same_metric), ["r5"]);
    }

    #[test]
    fn related_articles_that_are_listed_come_first() {
        let answer = related(&facts(), 0, 10, &Cancel::default()).unwrap();
        let related: Vec<(&str, bool)> = answer.related.iter().map(|r| (r.article.id.as_str(), r.is_listed)).collect();
        assert_eq!(related, [("a2", true), ("a3", false)]);
        assert_eq!(answer.article.unwrap().records, [0, 3]);
        assert_eq!(ids(&answer.same_article), ["r4"]);
        assert_eq!(answer.same_originator.1, 3);
    }

    #[test]
    fn nothing_stands_behind_a_row_that_does_not_exist() {
        assert_eq!(provenance(&facts(), &[99], 10, &Cancel::default()).unwrap(), ProvenanceAnswer::default());
        assert_eq!(related(&facts(), 99, 10, &Cancel::default()).unwrap(), RelatedAnswer::default());
    }
}
