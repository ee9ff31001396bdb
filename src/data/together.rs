//! Several datasets as one: each is put into a builder of its own, column by column, and builders are joined. It knows no files but
//! their names.
//!
//! Columns unite by their names, sources, chains and articles by what they say. Rows of the files are counted one file behind the other.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::assemble::is_of_record;
use super::column::Column;
use super::{
    Article, ArticleId, Assumption, Basis, Block, ChainId, Credibility, Dataset, DatasetBuilder, Field, FileOrigin, IssueKind, Kind,
    Likelihood, Listed, Measure, Origin, Qualifier, Related, Row, Source, SourceId, Status, Vocabulary as _,
};

/// The key of the field that names the file of a record.
pub const FILE: &str = "file";
/// The key of the field that says what became of a record from one release to the next.
pub const RELEASE: &str = "release";
/// The key of the field that says what changed.
pub const CHANGES: &str = "changes";
/// Fields that are made here; columns of files that have these names get others.
const OWN: [&str; 3] = [FILE, RELEASE, CHANGES];
/// Fields whose values may be made of the number of a row.
const NAMES: [Field; 2] = [Field::ID, Field::EVENT_ID];
/// So many records are put into a builder at once.
const BLOCK_ROWS: usize = 4_096;

/// Datasets that become one.
#[derive(Debug, Default)]
pub struct Together {
    builders: Vec<DatasetBuilder>,
    files: Vec<FileOrigin>,
    sources: Known<Source>,
    articles: Known<Article>,
    next_row: u32,
    /// Are they releases of one dataset? Then an id means the same in all of them, and the first one tells what.
    are_releases: bool,
}

/// What came under an id so far: what it was, and the id that it has now.
#[derive(Debug)]
struct Known<T>(FxHashMap<String, Vec<(T, String)>>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<T: PartialEq> Known<T> {
    /// The id for a thing: its own, unless another thing has it; then one with the name of the file.
    fn id(&mut self, id: &str, file: &str, thing: T) -> String {
        let alike = self.0.get(id).and_then(|all| all.iter().find(|known| known.0 == thing));
        if let Some((_, known)) = alike {
            return known.clone();
        }
        let mut own = id.to_owned();
        if self.0.contains_key(id) {
            own = format!("{file}/{id}");
            while self.0.contains_key(&own) {
                own.push('\'');
            }
            self.0.insert(own.clone(), Vec::new());
        }
        self.0.entry(id.to_owned()).or_default().push((thing, own.clone()));
        own
    }
}

/// The records of a dataset that are taken, in the order of its file, and further columns for them.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    /// Rows of the dataset.
    pub(super) rows: Vec<Row>,
    /// Names of further columns, with the word of each of the rows.
    pub(super) further: Vec<(&'a str, Vec<Option<String>>)>,
    /// Are they no longer in the newest release?
    pub(super) is_removed: bool,
}

impl Taken<'_> {
    /// All records.
    pub(super) fn all(dataset: &Dataset) -> Self {
        Self { rows: dataset.rows_in_file_order(), further: Vec::new(), is_removed: false }
    }
}

impl Dataset {
    /// All rows in the order of the file.
    pub(super) fn rows_in_file_order(&self) -> Vec<Row> {
        let records = &self.records;
        let places = records.file_rows.in_file_order();
        let Some(order) = &records.order else { return places };
        let mut row_of = vec![0; records.len()];
        for (row, place) in order.iter().enumerate() {
            row_of[*place as usize] = row as Row;
        }
        places.into_iter().map(|place| row_of[place as usize]).collect()
    }
}

impl Together {
    /// Nothing yet, of releases of one dataset: the newest comes first.
    pub(super) fn of_releases() -> Self {
        Self { are_releases: true, ..Self::default() }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Are there none yet?
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.builders.iter().map(DatasetBuilder::len).sum()
    }

    /// Adds all records of a file.
    pub fn add(&mut self, name: &str, dataset: &Dataset) {
        self.take(name, dataset, &Taken::all(dataset));
    }

    /// Adds some records of a file.
    pub(super) fn take(&mut self, name: &str, dataset: &Dataset, taken: &Taken<'_>) {
        let builder = self.builder(name, dataset, taken);
        self.builders.push(builder);
        self.files.push(self.file(name, dataset));
        self.next_row = self.next_row.saturating_add(u32::try_from(dataset.origin.rows).unwrap_or(u32::MAX));
    }

    fn file(&self, name: &str, dataset: &Dataset) -> FileOrigin {
        FileOrigin { name: name.to_owned(), first_row: self.next_row, counted_as: None, origin: dataset.origin.clone() }
    }

    /// The dataset so far; `part` is one that is being read, with its name.
    pub fn snapshot(&mut self, part: Option<(&str, &Dataset)>, origin: Origin, generation: u64) -> Dataset {
        let under_way = part.map(|(name, dataset)| {
            let builder = self.builder(name, dataset, &Taken::all(dataset));
            (builder, self.file(name, dataset))
        });
        let mut files = self.files.clone();
        let mut builders: Vec<&DatasetBuilder> = self.builders.iter().collect();
        if let Some((builder, file)) = &under_way {
            builders.push(builder);
            files.push(file.clone());
        }
        Dataset::of(&builders, united(origin, files), generation, false)
    }

    /// The whole dataset.
    pub fn finish(self, origin: Origin, generation: u64) -> Dataset {
        Dataset::join(self.builders, united(origin, self.files), generation, true)
    }

    /// A builder with records of a dataset.
    fn builder(&mut self, name: &str, dataset: &Dataset, taken: &Taken<'_>) -> DatasetBuilder {
        let number = self.files.len() as u32;
        let mut builder = DatasetBuilder::new(Origin::default());
        builder.at_file_row(self.next_row);
        builder.lines = dataset.records.lines.behind(self.next_row);
        let links = self.links(name, dataset, &mut builder);
        let file_rows: Vec<u32> = taken.rows.iter().map(|row| self.next_row + dataset.records.file_row(*row) as u32 - 1).collect();
        let extras = extra_fields(dataset, &mut builder);
        let file = builder.extra_field(FILE);
        let further: Vec<Field> = taken.further.iter().map(|(name, _)| builder.extra_field(name)).collect();
        for start in (0..file_rows.len()).step_by(BLOCK_ROWS) {
            let range = start..(start + BLOCK_ROWS).min(file_rows.len());
            let rows = &taken.rows[range.clone()];
            let mut block = builder.block(&file_rows[range.clone()]);
            take_own(&mut block, dataset, rows, taken.is_removed);
            take_names(&mut block, dataset, rows, &file_rows[range]);
            for (field, column) in &extras {
                take_extra(&mut block, *field, column, rows);
            }
            block.extra(file, |_| Some(name));
            for (field, (_, words)) in further.iter().zip(&taken.further) {
                block.extra(*field, |place| words[start + place].as_deref());
            }
            let chain = |row: &Row| dataset.records.chain(*row).and_then(|chain| links.chains.get(chain.0 as usize).copied().flatten());
            block.chains(&rows.iter().map(chain).collect::<Vec<_>>());
            let article = |row: &Row| dataset.records.article(*row).and_then(|article| links.articles.get(article.0 as usize).copied());
            block.articles(&rows.iter().map(article).collect::<Vec<_>>());
            block.end();
        }
        take_issues(&mut builder, dataset, number, self.next_row);
        builder
    }

    /// Sources, chains and articles of a dataset in a builder.
    fn links(&mut self, name: &str, dataset: &Dataset, builder: &mut DatasetBuilder) -> Links {
        let sources: Vec<SourceId> = dataset
            .sources
            .iter()
            .map(|source| {
                let id = if self.are_releases { source.id.clone() } else { self.sources.id(&source.id, name, source.clone()) };
                builder.source(Source { id, ..source.clone() })
            })
            .collect();
        let source = |id: &SourceId| sources.get(id.0 as usize).copied();
        let chains = dataset.chains.iter().map(|chain| builder.chain(&chain.0.iter().filter_map(source).collect::<Vec<_>>())).collect();
        let mut articles: Vec<ArticleId> = Vec::with_capacity(dataset.articles.len());
        for article in &dataset.articles {
            let own = Article { publisher: article.publisher.as_ref().and_then(source), related: Vec::new(), ..article.clone() };
            // Two articles are one when they say the same; the publisher by its id, since numbers are of one file only.
            let publisher = article.publisher.and_then(|id| dataset.sources.get(id.0 as usize)).map(|source| source.id.clone());
            let like = Article { publisher: None, id: publisher.unwrap_or_default(), ..own.clone() };
            // An address is one publication whatever a file calls it.
            let is_address = self.are_releases || article.url.as_ref() == Some(&article.id);
            let id = if is_address { article.id.clone() } else { self.articles.id(&article.id, name, like) };
            articles.push(builder.article(Article { id, ..own }));
        }
        for (own, article) in articles.iter().zip(&dataset.articles) {
            for Related { article: other, is_listed } in &article.related {
                if let Some(other) = articles.get(other.0 as usize) {
                    builder.list_related(*own, *other, *is_listed);
                }
            }
        }
        Links { chains, articles }
    }
}

/// The new numbers of chains and articles.
struct Links {
    chains: Vec<Option<ChainId>>,
    articles: Vec<ArticleId>,
}

/// The further columns of a dataset, and their fields in a builder.
fn extra_fields<'d>(dataset: &'d Dataset, builder: &mut DatasetBuilder) -> Vec<(Field, &'d Column)> {
    let name = |key: &str| if OWN.contains(&key) { format!("{key}_column") } else { key.to_owned() };
    dataset.records.extra.iter().map(|(info, column)| (builder.extra_field(&name(&info.key)), column)).collect()
}

/// Takes the columns of the model; those that follow from sources and articles are made anew.
fn take_own(block: &mut Block<'_>, dataset: &Dataset, rows: &[Row], is_removed: bool) {
    macro_rules! codes {
        ($field:expr, $words:ty, $category:expr) => {
            block.codes(*$field, |place| $category.code(rows[place] as usize).and_then(<$words>::from_code))
        };
    }
    for (field, ..) in Field::OWN.iter().take_while(|own| own.0 != Field::ORIGINATOR) {
        match dataset.records.column(*field) {
            _ if NAMES.contains(field) => {}
            _ if *field == Field::STATUS && is_removed => block.same_code(Field::STATUS, Status::Removed),
            None => {}
            Some(Column::Category(category)) => match *field {
                Field::KIND => codes!(field, Kind, category),
                Field::MEASURE => codes!(field, Measure, category),
                Field::QUALIFIER => codes!(field, Qualifier, category),
                Field::BASIS => codes!(field, Basis, category),
                Field::STATUS => codes!(field, Status, category),
                Field::LIKELIHOOD => codes!(field, Likelihood, category),
                Field::CREDIBILITY => codes!(field, Credibility, category),
                _ => block.words(*field, |place| category.get(rows[place] as usize)),
            },
            Some(Column::Text(text)) => block.texts(*field, |place| text.get(rows[place] as usize)),
            Some(Column::Number(number)) => block.numbers(*field, |place| number.get(rows[place] as usize)),
            Some(Column::Dates(dates)) => block.dates(*field, |place| {
                let row = rows[place] as usize;
                (dates.when(row), dates.kept_text(row).map(str::to_owned))
            }),
        }
    }
}

/// Takes the ids. Those that were made of the number of a row are made anew: the first file has such a row, too.
fn take_names(block: &mut Block<'_>, dataset: &Dataset, rows: &[Row], file_rows: &[u32]) {
    let records = &dataset.records;
    for field in NAMES {
        let Some(texts) = records.text(field) else { continue };
        let name = |(row, file_row): (&Row, &u32)| {
            let own = texts.get(*row as usize)?;
            Some(match records.behind_row_name(own, *row) {
                Some(rest) => Cow::Owned(format!("@{}{rest}", u64::from(*file_row) + 1)),
                None => Cow::Borrowed(own),
            })
        };
        let names: Vec<Option<Cow<'_, str>>> = rows.iter().zip(file_rows).map(name).collect();
        block.texts(field, |place| names[place].as_deref());
    }
}

fn take_extra(block: &mut Block<'_>, field: Field, column: &Column, rows: &[Row]) {
    match column {
        Column::Category(category) => block.extra(field, |place| category.get(rows[place] as usize)),
        Column::Text(text) => block.extra(field, |place| text.get(rows[place] as usize)),
        Column::Number(number) => {
            let words: Vec<Option<String>> = rows.iter().map(|row| number.get(*row as usize).map(|number| number.to_string())).collect();
            block.extra(field, |place| words[place].as_deref());
        }
        Column::Dates(_) => {}
    }
}

/// Takes the issues of a file. Repeated ids are looked for anew, since those of other files count too.
fn take_issues(builder: &mut DatasetBuilder, dataset: &Dataset, number: u32, first_row: u32) {
    let repeats: u64 = dataset.records.repeats.values().map(|rows| rows.len() as u64 - 1).sum();
    for issue in dataset.issues.list.iter().filter(|issue| !is_of_record(issue)) {
        let row = issue.row.map(|row| row.saturating_add(first_row));
        builder.issues.push(Listed { issue: issue.issue.clone(), row, file: Some(number) });
    }
    for (kind, count) in &dataset.issues.counts {
        let listed = builder.issues.counts.get(kind).copied().unwrap_or(0);
        let own = if *kind == IssueKind::DuplicateId { count.saturating_sub(repeats) } else { *count };
        builder.issues.count_many(*kind, own.saturating_sub(listed));
    }
    for row in &dataset.issues.rejected {
        builder.issues.reject(super::Rejected { file: Some(number), ..row.clone() });
    }
}

/// What is to be said of all files together.
fn united(mut origin: Origin, mut files: Vec<FileOrigin>) -> Origin {
    let all = || files.iter().map(|file| &file.origin);
    let common = |word: fn(&Origin) -> &str| {
        let mut words = all().map(word);
        let first = words.next().unwrap_or_default().to_owned();
        if words.all(|word| word == first) { first } else { "mixed".to_owned() }
    };
    origin.format = common(|one| &one.format);
    origin.encoding = common(|one| &one.encoding);
    let preset = common(|one| one.preset.as_deref().unwrap_or_default());
    origin.preset = Some(preset).filter(|preset| !preset.is_empty());
    origin.bytes = all().map(|one| one.bytes).sum();
    origin.rows = all().map(|one| one.rows).sum();
    origin.rejected = all().map(|one| one.rejected).sum();
    let skips: Vec<(super::Skip, u64)> = all().flat_map(|one| one.skips.iter().copied()).collect();
    (origin.skipped, origin.skips) = (0, Vec::new());
    for (what, count) in skips {
        origin.skip(what, count);
    }
    // What is assumed of one column is assumed once, and changed in every file that has it.
    let mut assumptions: Vec<Assumption> = Vec::new();
    for assumption in all().flat_map(|one| &one.assumptions) {
        if !assumptions.iter().any(|known| known.change == assumption.change) {
            assumptions.push(assumption.clone());
        }
    }
    origin.assumptions = assumptions;
    let columns = files.first().map(|file| file.origin.columns.clone()).unwrap_or_default();
    origin.columns = if all().all(|one| one.columns == columns) { columns } else { Vec::new() };
    unite_counters(&mut files, stem(&origin.path));
    let mut firsts: FxHashMap<String, u32> = FxHashMap::default();
    for (place, file) in (0..).zip(&mut files) {
        file.counted_as = file.origin.counter.as_ref().map(|counter| *firsts.entry(counter.clone()).or_insert(place));
    }
    let counter = files.first().and_then(|file| file.origin.counter.clone());
    origin.counter = counter.filter(|counter| files.iter().all(|file| file.origin.counter.as_ref() == Some(counter)));
    origin.files = files;
    origin
}

/// Gives plain tables of one header one counter: they are parts of one count, not rivals. The first such group is named by all files
/// together, further ones by their first file.
fn unite_counters(files: &mut [FileOrigin], name: &str) {
    let is_own_name = |file: &FileOrigin| file.origin.is_counted_by_name();
    let plain: Vec<usize> =
        (0..files.len()).filter(|place| is_own_name(&files[*place]) && !files[*place].origin.columns.is_empty()).collect();
    let mut is_named = files.iter().any(|file| file.origin.counter.as_deref() == Some(name));
    for place in &plain {
        let columns = files[*place].origin.columns.clone();
        let group: Vec<usize> = plain.iter().copied().filter(|other| files[*other].origin.columns == columns).collect();
        if group.first() != Some(place) || group.len() < 2 {
            continue;
        }
        let own = files[*place].origin.counter.clone();
        let counter = if std::mem::replace(&mut is_named, true) { own } else { Some(name.to_owned()) };
        for other in group {
            files[other].origin.counter.clone_from(&counter);
        }
    }
}

/// The name of a file without folders and ending.
fn stem(path: &str) -> &str {
    super::name_without_ending(path.rsplit(['/', '\\']).next().unwrap_or(path))
}
