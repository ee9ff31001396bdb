//! Builds a dataset row by row; a snapshot may be taken at any time.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::records::{NO_LINK, distinct_of, kind_of};
use super::store::{Auto, Growing, GrowingDates, Texts, Words};
use super::{
    Article, ArticleId, Basis, Category, Chain, ChainId, Column, Credibility, Dataset, Field, FieldInfo, Issue, IssueKind, Issues, Kind,
    Likelihood, Measure, Origin, Qualifier, RECORDS_MAX, Records, Related, Row, Source, SourceId, SourceKind, Status, Vocabulary,
    country_name,
};
use crate::time::{Time, When};

/// A date of a record to be: what it means, and the text where that must be kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct DateDraft<'a> {
    /// What it means; `None` when it cannot be read.
    pub when: Option<When>,
    /// The text, when the meaning alone would lose something.
    pub keep: Option<&'a str>,
}

/// A record to be. Everything is borrowed: pushing one allocates nothing of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft<'a> {
    /// The id as given.
    pub id: Option<&'a str>,
    /// What records of one event share.
    pub event_id: Option<&'a str>,
    /// Event or claim.
    pub kind: Option<Kind>,
    /// One line of text.
    pub title: Option<&'a str>,
    /// The event date.
    pub when: DateDraft<'a>,
    /// The date up to which it was counted.
    pub as_of: DateDraft<'a>,
    /// The record's own date of publication.
    pub published: DateDraft<'a>,
    /// What is counted.
    pub metric: Option<&'a str>,
    /// A narrower kind.
    pub item: Option<&'a str>,
    /// Count, amount …
    pub measure: Option<Measure>,
    /// The number.
    pub value: Option<f64>,
    /// The lowest number.
    pub low: Option<f64>,
    /// The highest number.
    pub high: Option<f64>,
    /// Exact, about …
    pub qualifier: Option<Qualifier>,
    /// Increment, total, level.
    pub basis: Option<Basis>,
    /// The unit.
    pub unit: Option<&'a str>,
    /// Whose people or goods.
    pub from: Option<&'a str>,
    /// Who receives.
    pub to: Option<&'a str>,
    /// The kind of event.
    pub category: Option<&'a str>,
    /// Where.
    pub place: Option<&'a str>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// How it stands.
    pub status: Option<Status>,
    /// The cautious word.
    pub hedge: Option<&'a str>,
    /// An ICD 203 band.
    pub likelihood: Option<Likelihood>,
    /// An Admiralty grade.
    pub credibility: Option<Credibility>,
    /// Remarks.
    pub note: Option<&'a str>,
    /// The attribution.
    pub chain: Option<ChainId>,
    /// Where it was published.
    pub article: Option<ArticleId>,
    /// Cells of the file's further columns.
    pub extra: &'a [(Field, &'a str)],
}

/// Grows a dataset.
#[derive(Clone, Debug)]
pub struct DatasetBuilder {
    /// The file; the reader keeps its counts up to date.
    pub origin: Origin,
    own: Vec<Option<Growing>>,
    extra: Vec<(String, Growing)>,
    extra_index: FxHashMap<String, Field>,
    chain_of: Vec<u32>,
    article_of: Vec<u32>,
    file_rows: Vec<u32>,
    sources: Vec<Source>,
    source_index: FxHashMap<String, SourceId>,
    chains: Vec<Chain>,
    chain_index: FxHashMap<Chain, ChainId>,
    articles: Vec<Article>,
    article_index: FxHashMap<String, ArticleId>,
    issues: Issues,
    len: usize,
    next_file_row: u32,
}

impl DatasetBuilder {
    /// An empty dataset of a file.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            own: vec![None; Field::OWN.len()],
            extra: Vec::new(),
            extra_index: FxHashMap::default(),
            chain_of: Vec::new(),
            article_of: Vec::new(),
            file_rows: Vec::new(),
            sources: Vec::new(),
            source_index: FxHashMap::default(),
            chains: Vec::new(),
            chain_index: FxHashMap::default(),
            articles: Vec::new(),
            article_index: FxHashMap::default(),
            issues: Issues::default(),
            len: 0,
            next_file_row: 0,
        }
    }

    /// Number of records so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Are there none yet?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The field of a further column, made when it is new.
    pub fn extra_field(&mut self, name: &str) -> Field {
        if let Some(field) = self.extra_index.get(name) {
            return *field;
        }
        let field = Field(Field::EXTRA_FIRST + self.extra.len() as u16);
        self.extra.push((name.to_owned(), Growing::Auto(Auto::default())));
        self.extra_index.insert(name.to_owned(), field);
        field
    }

    /// Adds a source, or finds the one that has its id.
    pub fn source(&mut self, source: Source) -> SourceId {
        if let Some(id) = self.source_index.get(&source.id) {
            return *id;
        }
        let id = SourceId(self.sources.len() as u32);
        self.source_index.insert(source.id.clone(), id);
        self.sources.push(source);
        id
    }

    /// The source of an id.
    pub fn find_source(&self, id: &str) -> Option<SourceId> {
        self.source_index.get(id).copied()
    }

    /// The chain of these sources, publisher first; the same sources are the same chain.
    pub fn chain(&mut self, sources: &[SourceId]) -> Option<ChainId> {
        if sources.is_empty() {
            return None;
        }
        let chain = Chain(sources.to_vec());
        if let Some(id) = self.chain_index.get(&chain) {
            return Some(*id);
        }
        let id = ChainId(self.chains.len() as u32);
        self.chain_index.insert(chain.clone(), id);
        self.chains.push(chain);
        Some(id)
    }

    /// Adds an article, or finds the one that has its id.
    pub fn article(&mut self, article: Article) -> ArticleId {
        if let Some(id) = self.article_index.get(&article.id) {
            return *id;
        }
        let id = ArticleId(self.articles.len() as u32);
        self.article_index.insert(article.id.clone(), id);
        self.articles.push(article);
        id
    }

    /// The article of an id.
    pub fn find_article(&self, id: &str) -> Option<ArticleId> {
        self.article_index.get(id).copied()
    }

    /// Puts an article on the list of another, one way; [`Self::relate`] makes the way back.
    pub fn list_related(&mut self, one: ArticleId, other: ArticleId, is_listed: bool) {
        if let Some(article) = self.articles.get_mut(one.0 as usize)
            && one != other
        {
            match article.related.iter_mut().find(|related| related.article == other) {
                Some(related) => related.is_listed |= is_listed,
                None => article.related.push(Related { article: other, is_listed }),
            }
        }
    }

    /// Makes two articles related, both ways; `is_listed` when the first one lists the second itself.
    pub fn relate(&mut self, one: ArticleId, other: ArticleId, is_listed: bool) {
        if one == other {
            return;
        }
        for (from, to, listed) in [(one, other, is_listed), (other, one, false)] {
            let Some(article) = self.articles.get_mut(from.0 as usize) else { continue };
            match article.related.iter_mut().find(|related| related.article == to) {
                Some(related) => related.is_listed |= listed,
                None => article.related.push(Related { article: to, is_listed: listed }),
            }
        }
    }

    /// Counts and lists an issue.
    pub fn issue(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// Counts an issue without listing it: one more of many alike.
    pub fn count_issue(&mut self, kind: IssueKind) {
        self.issues.count(kind);
    }

    /// The issues so far.
    pub fn issues(&self) -> &Issues {
        &self.issues
    }

    /// Says that the next record comes from this data row of the file, counted from 0; else they are counted on.
    pub fn at_file_row(&mut self, row: u32) {
        self.next_file_row = row;
    }

    fn words(&mut self, field: Field, seed: impl Fn() -> Words) -> &mut Words {
        let slot = &mut self.own[usize::from(field.0)];
        match slot.get_or_insert_with(|| Growing::Words(seed())) {
            Growing::Words(words) => words,
            other => {
                *other = Growing::Words(seed());
                let Growing::Words(words) = other else { unreachable!("just made") };
                words
            }
        }
    }

    fn put_word(&mut self, field: Field, word: Option<&str>) {
        let row = self.len;
        if let Some(word) = word.filter(|word| !word.is_empty()) {
            self.words(field, Words::default).set(row, word);
        }
    }

    fn put_code<V: Vocabulary>(&mut self, field: Field, value: Option<V>) {
        let row = self.len;
        if let Some(value) = value {
            self.words(field, || Words::seeded(V::ALL.iter().map(|value| value.key()))).set_code(row, value.code());
        }
    }

    fn put_text(&mut self, field: Field, text: Option<&str>) {
        let row = self.len;
        if let Some(text) = text.filter(|text| !text.is_empty())
            && let Growing::Texts(texts) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Texts(Texts::default()))
        {
            texts.set(row, text);
        }
    }

    fn put_number(&mut self, field: Field, number: Option<f64>) {
        let row = self.len;
        if let Some(number) = number.filter(|number| number.is_finite())
            && let Growing::Numbers(numbers) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Numbers(Vec::new()))
        {
            numbers.resize(row, f64::NAN);
            numbers.push(number);
        }
    }

    fn put_date(&mut self, field: Field, date: DateDraft<'_>) {
        let row = self.len;
        if (date.when.is_some() || date.keep.is_some())
            && let Growing::Dates(dates) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Dates(GrowingDates::default()))
        {
            dates.set(row, date.when, date.keep);
        }
    }

    /// Adds a record. Beyond [`RECORDS_MAX`] it says so once and adds nothing.
    pub fn push(&mut self, draft: &Draft<'_>) -> bool {
        if self.len >= RECORDS_MAX {
            self.limit_reached();
            return false;
        }
        self.put_text(Field::ID, draft.id);
        self.put_text(Field::EVENT_ID, draft.event_id);
        self.put_code(Field::KIND, draft.kind.or(Some(Kind::Event)));
        self.put_text(Field::TITLE, draft.title);
        self.put_date(Field::WHEN, draft.when);
        self.put_date(Field::AS_OF, draft.as_of);
        self.put_date(Field::PUBLISHED, self.published(draft));
        self.put_quantity(draft);
        self.put_word(Field::FROM, draft.from);
        self.put_word(Field::TO, draft.to);
        self.put_word(Field::CATEGORY, draft.category);
        self.put_word(Field::PLACE, draft.place);
        self.put_number(Field::LAT, draft.lat);
        self.put_number(Field::LON, draft.lon);
        self.put_code(Field::STATUS, draft.status);
        self.put_word(Field::HEDGE, draft.hedge);
        self.put_code(Field::LIKELIHOOD, draft.likelihood);
        self.put_code(Field::CREDIBILITY, draft.credibility);
        self.put_text(Field::NOTE, draft.note);
        for (field, text) in draft.extra {
            if let Some((_, Growing::Auto(auto))) = self.extra.get_mut(usize::from(field.0.saturating_sub(Field::EXTRA_FIRST)))
                && !text.is_empty()
            {
                auto.set(self.len, text);
            }
        }
        self.chain_of.push(draft.chain.map_or(NO_LINK, |chain| chain.0));
        self.article_of.push(draft.article.map_or(NO_LINK, |article| article.0));
        self.file_rows.push(self.next_file_row);
        self.next_file_row = self.next_file_row.saturating_add(1);
        self.len += 1;
        true
    }

    fn put_quantity(&mut self, draft: &Draft<'_>) {
        self.put_word(Field::METRIC, draft.metric);
        self.put_word(Field::ITEM, draft.item);
        self.put_code(Field::MEASURE, draft.measure);
        self.put_number(Field::VALUE, draft.value);
        self.put_number(Field::LOW, draft.low);
        self.put_number(Field::HIGH, draft.high);
        self.put_code(Field::QUALIFIER, draft.qualifier);
        self.put_code(Field::BASIS, draft.basis);
        self.put_word(Field::UNIT, draft.unit);
    }

    fn limit_reached(&mut self) {
        if !self.issues.counts.contains_key(&IssueKind::LimitReached) {
            self.issues.push(Issue {
                line: None,
                column: None,
                value: RECORDS_MAX.to_string(),
                kind: IssueKind::LimitReached,
                message: format!("a dataset holds at most {RECORDS_MAX} records"),
                action: "the rest was not read".to_owned(),
            });
        }
    }

    /// The record's own date of publication, else its article's.
    fn published<'a>(&self, draft: &Draft<'a>) -> DateDraft<'a> {
        if draft.published.when.is_some() || draft.published.keep.is_some() {
            return draft.published;
        }
        let when = draft.article.and_then(|id| self.articles.get(id.0 as usize)).and_then(|article| article.published.as_ref());
        DateDraft { when: when.and_then(|(_, when)| *when), keep: None }
    }

    /// The dataset as read so far.
    pub fn snapshot(&self, generation: u64, is_complete: bool) -> Dataset {
        let order = self.order();
        let dated = match &self.own[usize::from(Field::WHEN.0)] {
            Some(Growing::Dates(dates)) => (0..self.len).filter(|row| dates.get(*row).is_some()).count(),
            _ => 0,
        };
        let own = self.own.iter().map(|column| column.as_ref().map(|column| column.finish(&order))).collect();
        let extra = self.extra.iter().enumerate().map(|(index, (name, column))| finish_extra(index, name, column, &order)).collect();
        let link = |links: &[u32]| {
            links.iter().any(|link| *link != NO_LINK).then(|| order.iter().map(|row| links[*row as usize]).collect::<Vec<u32>>())
        };
        let mut records = Records {
            len: self.len,
            dated,
            own,
            extra,
            origins: order.iter().map(|row| self.file_rows[*row as usize]).collect(),
            chains: link(&self.chain_of),
            articles: link(&self.article_of),
            repeats: BTreeMap::new(),
        };
        let mut issues = self.issues.clone();
        find_repeated_ids(&mut records, &mut issues);
        let mut dataset = Dataset {
            generation,
            is_complete,
            origin: self.origin.clone(),
            records,
            sources: self.sources.clone(),
            chains: self.chains.clone(),
            articles: self.articles.clone(),
            issues,
        };
        derive(&mut dataset);
        dataset
    }

    /// The rows sorted by start, then end, then place in the file; undated ones last.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len as u32).collect();
        if let Some(Growing::Dates(dates)) = &self.own[usize::from(Field::WHEN.0)] {
            let key =
                |row: &u32| dates.get(*row as usize).map_or((true, Time::OPEN_END, Time::OPEN_END), |w| (false, w.span.start, w.span.end));
            if !order.is_sorted_by_key(key) {
                order.sort_by_cached_key(key);
            }
        }
        order
    }
}

fn finish_extra(index: usize, name: &str, column: &Growing, order: &[u32]) -> (FieldInfo, Column) {
    let column = column.finish(order);
    let info = FieldInfo {
        field: Field(Field::EXTRA_FIRST + index as u16),
        key: name.to_owned(),
        label: name.to_owned(),
        kind: kind_of(&column),
        present: column.present() as u64,
        distinct: distinct_of(&column),
    };
    (info, column)
}

/// Ids are kept as given; the n-th repeat is addressed `ID#n` and is an issue.
fn find_repeated_ids(records: &mut Records, issues: &mut Issues) {
    let mut repeats: FxHashMap<String, Vec<Row>> = FxHashMap::default();
    if let Some(ids) = records.text(Field::ID) {
        let mut first: FxHashMap<&str, Row> = FxHashMap::default();
        first.reserve(records.len());
        for row in 0..records.len() {
            let Some(id) = ids.get(row) else { continue };
            match first.entry(id) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(row as Row);
                }
                std::collections::hash_map::Entry::Occupied(entry) => {
                    repeats.entry(id.to_owned()).or_insert_with(|| vec![*entry.get()]).push(row as Row);
                }
            }
        }
    }
    let mut repeats: BTreeMap<String, Vec<Row>> = repeats.into_iter().collect();
    let mut again: Vec<(u64, String, usize)> = Vec::new();
    for (id, rows) in &mut repeats {
        rows.sort_by_key(|row| records.file_row(*row));
        again.extend(rows.iter().enumerate().skip(1).map(|(place, row)| (records.file_row(*row), id.clone(), place + 1)));
    }
    again.sort();
    for (file_row, id, place) in again {
        issues.push(Issue {
            line: None,
            column: Some("id".to_owned()),
            message: format!("record {file_row} repeats the id {id}"),
            action: format!("addressed {id}#{place}"),
            value: id,
            kind: IssueKind::DuplicateId,
        });
    }
    records.repeats = repeats;
}

/// Fills the derived columns from chains and articles.
fn derive(dataset: &mut Dataset) {
    let rows = 0..dataset.records.len() as Row;
    let originators: Vec<Option<SourceId>> = rows.clone().map(|row| dataset.originator(row)).collect();
    let source = |id: &SourceId| dataset.sources.get(id.0 as usize);
    let names = derived(originators.iter().map(|id| id.as_ref().and_then(source).map(|source| source.name.as_str())));
    let countries =
        derived(originators.iter().map(|id| id.as_ref().and_then(source).and_then(|source| source.country.as_deref()).map(country_name)));
    let kinds = derived(originators.iter().map(|id| id.as_ref().and_then(source).and_then(|s| s.kind).map(SourceKind::key)));
    let outlets = derived(rows.clone().map(|row| {
        let article = dataset.records.article(row).and_then(|id| dataset.articles.get(id.0 as usize));
        let publisher = dataset.chain_sources(row).first().copied().or_else(|| article.and_then(|article| article.publisher));
        publisher.as_ref().and_then(source).map(|source| source.name.as_str())
    }));
    let languages = derived(rows.map(|row| {
        dataset.records.article(row).and_then(|id| dataset.articles.get(id.0 as usize)).and_then(|article| article.language.as_deref())
    }));
    let columns = [
        (Field::ORIGINATOR, names),
        (Field::ORIGINATOR_COUNTRY, countries),
        (Field::ORIGINATOR_KIND, kinds),
        (Field::OUTLET, outlets),
        (Field::LANGUAGE, languages),
    ];
    for (field, column) in columns {
        dataset.records.own[usize::from(field.0)] = column.map(Column::Category);
    }
}

/// A category of one optional word a record; `None` when no record has one.
fn derived<'a>(words: impl Iterator<Item = Option<&'a str>>) -> Option<Category> {
    let mut growing = Words::default();
    let mut len = 0_u32;
    let mut is_empty = true;
    for word in words {
        if let Some(word) = word {
            growing.set(len as usize, word);
            is_empty = false;
        }
        len += 1;
    }
    let order: Vec<u32> = (0..len).collect();
    (!is_empty).then(|| growing.finish(&order))
}
