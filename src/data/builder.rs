//! Builds a dataset row by row; a snapshot may be taken at any time.

use super::article::Lists;
use super::growing::{Auto, Growing, GrowingCodes, GrowingDates, Numbers, Texts, Words};
use super::lines::Lines;
use super::places::FileRows;
use super::register::Register;
use super::{
    Article, ArticleId, Basis, Chain, ChainId, Credibility, Dataset, Field, Issue, IssueKind, Issues, Kind, Likelihood, Listed, Measure,
    Origin, Qualifier, RECORDS_MAX, REJECTED_TEXT_MAX, Rejected, Source, SourceId, Status, Vocabulary,
};
use crate::time::When;

/// How much memory is fetched ahead of a text at most, and of all texts of a builder together: a block of a table, which is shorter, is
/// shared by all of its columns.
const AHEAD_BYTES_MAX: usize = 512 << 10;
const AHEAD_BYTES_ALL: usize = 4 << 20;

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

/// Grows a dataset. Several builders can read parts of one file side by side: [`Dataset::of`] joins what they have read.
#[derive(Debug)]
pub struct DatasetBuilder {
    /// The file; the reader keeps its counts up to date.
    pub origin: Origin,
    pub(super) own: Vec<Option<Growing>>,
    pub(super) extra: Register<String, Auto>,
    pub(super) chain_of: GrowingCodes,
    pub(super) article_of: GrowingCodes,
    pub(super) file_rows: FileRows,
    pub(super) lines: Lines,
    pub(super) sources: Register<String, Source>,
    pub(super) chains: Register<Chain, Chain>,
    pub(super) articles: Register<String, Article>,
    lists: Lists,
    pub(super) issues: Issues,
    pub(super) len: usize,
    next_file_row: u32,
    /// The row that is being taken, to which issues belong.
    row: Option<u32>,
    /// Does somebody else still have to decide how further columns are kept?
    pub(super) is_one_of_several: bool,
}

impl DatasetBuilder {
    /// An empty dataset of a file.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            own: Field::OWN.iter().map(|_| None).collect(),
            extra: Register::default(),
            chain_of: GrowingCodes::default(),
            article_of: GrowingCodes::default(),
            file_rows: FileRows::default(),
            lines: Lines::default(),
            sources: Register::default(),
            chains: Register::default(),
            articles: Register::default(),
            lists: Lists::default(),
            issues: Issues::default(),
            len: 0,
            next_file_row: 0,
            row: None,
            is_one_of_several: false,
        }
    }

    /// One of several builders of the same table: until [`Self::settle`] decides for all of them alike, none decides by itself how a
    /// further column is kept.
    pub fn one_of_several(origin: Origin) -> Self {
        Self { is_one_of_several: true, ..Self::new(origin) }
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
        let index =
            self.extra.find(name).unwrap_or_else(|| self.extra.add(name.to_owned(), Auto::new(self.is_one_of_several), self.next_file_row));
        Field(Field::EXTRA_FIRST + index as u16)
    }

    /// Adds a source, or finds the one that has its id.
    pub fn source(&mut self, source: Source) -> SourceId {
        let found = self.find_source(&source.id);
        found.unwrap_or_else(|| SourceId(self.sources.add(source.id.clone(), source, self.next_file_row)))
    }

    /// The source of an id.
    pub fn find_source(&self, id: &str) -> Option<SourceId> {
        self.sources.find(id).map(SourceId)
    }

    /// The chain of these sources, publisher first; the same sources are the same chain.
    pub fn chain(&mut self, sources: &[SourceId]) -> Option<ChainId> {
        if sources.is_empty() {
            return None;
        }
        let chain = Chain(sources.to_vec());
        let found = self.chains.find(&chain);
        Some(ChainId(found.unwrap_or_else(|| self.chains.add(chain.clone(), chain, self.next_file_row))))
    }

    /// Adds an article, or finds the one that has its id.
    pub fn article(&mut self, article: Article) -> ArticleId {
        let found = self.find_article(&article.id);
        found.unwrap_or_else(|| ArticleId(self.articles.add(article.id.clone(), article, self.next_file_row)))
    }

    /// The article of an id.
    pub fn find_article(&self, id: &str) -> Option<ArticleId> {
        self.articles.find(id).map(ArticleId)
    }

    /// Puts an article on the list of another, one way; [`Self::relate`] makes the way back.
    pub fn list_related(&mut self, one: ArticleId, other: ArticleId, is_listed: bool) {
        if one != other
            && let Some(article) = self.articles.items.get_mut(one.0 as usize)
        {
            self.lists.put((one, article), other, is_listed);
        }
    }

    /// Makes two articles related, both ways; `is_listed` when the first one lists the second itself.
    pub fn relate(&mut self, one: ArticleId, other: ArticleId, is_listed: bool) {
        self.list_related(one, other, is_listed);
        self.list_related(other, one, false);
    }

    /// Counts and lists an issue. It belongs to the row that is being taken.
    pub fn issue(&mut self, issue: Issue) {
        self.issues.push(Listed { issue, row: self.row, file: None });
    }

    /// Counts a row as rejected and keeps its text; an issue says so besides.
    pub fn reject(&mut self, line: u64, reason: &str, bytes: &[u8]) {
        self.origin.rejected += 1;
        let text = String::from_utf8_lossy(bytes.get(..REJECTED_TEXT_MAX).unwrap_or(bytes)).into_owned();
        self.issues.reject(Rejected { line, reason: reason.to_owned(), text, file: None });
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
    ///
    /// Until a record is added, issues belong to that row.
    pub fn at_file_row(&mut self, row: u32) {
        self.next_file_row = row;
        self.row = Some(row);
    }

    /// Notes on which line a row of the file starts. Rows come in ascending order.
    pub fn at_line(&mut self, file_row: u32, line: u64) {
        self.lines.push(file_row, line);
    }

    /// The same for records that follow; issues belong to no row until the next one is named.
    pub(super) fn behind_file_row(&mut self, row: u32) {
        self.next_file_row = row.saturating_add(1);
        self.row = None;
    }

    /// Fetches some memory that the next records will take, for whoever has to wait anyway; `false` when enough is there.
    pub fn fetch_ahead(&mut self) -> bool {
        let growing = self.texts().filter(|texts| texts.has_room()).count();
        let most = AHEAD_BYTES_MAX.min(AHEAD_BYTES_ALL / growing.max(1));
        self.texts().any(|texts| texts.fetch_ahead(most))
    }

    /// All of its texts, of the model and of further columns.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut Texts> {
        let own = self.own.iter_mut().flatten().filter_map(|column| if let Growing::Texts(texts) = column { Some(texts) } else { None });
        own.chain(self.extra.items.iter_mut().map(|auto| &mut auto.texts))
    }

    pub(super) fn words(&mut self, field: Field, seed: impl Fn() -> Words) -> &mut Words {
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
        let (row, file_row) = (self.len, self.next_file_row);
        if let Some(word) = word.filter(|word| !word.is_empty()) {
            self.words(field, Words::default).set(row, word.as_bytes(), file_row);
        }
    }

    fn put_code<V: Vocabulary>(&mut self, field: Field, value: Option<V>) {
        let row = self.len;
        if let Some(value) = value {
            self.words(field, Words::of_list::<V>).codes.set(row, value.code());
        }
    }

    fn put_text(&mut self, field: Field, text: Option<&str>) {
        let row = self.len;
        if let Some(text) = text.filter(|text| !text.is_empty())
            && let Growing::Texts(texts) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Texts(Texts::default()))
        {
            texts.set(row, text.as_bytes());
        }
    }

    fn put_number(&mut self, field: Field, number: Option<f64>) {
        let row = self.len;
        if let Some(number) = number.filter(|number| number.is_finite())
            && let Growing::Numbers(numbers) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Numbers(Numbers::default()))
        {
            numbers.set(row, number);
        }
    }

    fn put_date(&mut self, field: Field, date: DateDraft<'_>) {
        let (row, file_row) = (self.len, self.next_file_row);
        if (date.when.is_some() || date.keep.is_some())
            && let Growing::Dates(dates) = self.own[usize::from(field.0)].get_or_insert_with(|| Growing::Dates(GrowingDates::default()))
        {
            dates.set(row, date.when, date.keep, file_row);
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
        self.put_date(Field::PUBLISHED, draft.published);
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
            if let Some(auto) = self.extra.items.get_mut(usize::from(field.0.saturating_sub(Field::EXTRA_FIRST)))
                && !text.is_empty()
            {
                auto.set(self.len, text.as_bytes(), self.next_file_row);
            }
        }
        if let Some(chain) = draft.chain {
            self.chain_of.set(self.len, chain.0);
        }
        if let Some(article) = draft.article {
            self.article_of.set(self.len, article.0);
        }
        self.file_rows.push(self.len as u32, self.next_file_row);
        self.behind_file_row(self.next_file_row);
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

    /// The dataset as read so far.
    pub fn snapshot(&self, generation: u64, is_complete: bool) -> Dataset {
        Dataset::of(&[self], self.origin.clone(), generation, is_complete)
    }
}
