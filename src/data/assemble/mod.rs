//! Builders to a dataset: what several of them have read of one file is joined and sorted, column by column, in parallel.
//!
//! The result does not depend on who read which part: words, sources, chains, articles and further columns are numbered in the
//! order in which the file mentions them first. Sorting costs a few passes over the records; each column then one more.
//! Text is not moved at all.

mod derive;
mod gather;
mod ids;
mod order;
mod rows;

use std::borrow::{Borrow, Cow};

use rustc_hash::{FxHashMap, FxHashSet};

pub(super) use self::ids::is_of_record;

use self::gather::{Shape, gather_auto, gather_codes, gather_own};
use self::rows::{Beside, ByPlace};
use super::article::Lists;
use super::builder::DatasetBuilder;
use super::growing::{Auto, AutoKind, DICTIONARY_LOOK_ROWS, Dictionary, Growing, GrowingCodes, Texts, suited};
use super::lines::Lines;
use super::places::FileRows;
use super::records::kind_of;
use super::register::{Joined, Register};
use super::{
    Article, ArticleId, Chain, Codes, Column, Dataset, Field, FieldInfo, Issues, Listed, Origin, Records, Related, Source, SourceId,
};
use crate::work::map_each;

/// So many columns are gathered together.
const GATHERED_TOGETHER: usize = 8;
/// So many bytes a record are brought into order together, or a few more; those that fill no look alone wait for the next ones.
const BY_PLACE_BYTES: usize = if cfg!(test) { 20 } else { 32 };

/// What becomes of one column.
enum Piece<W, A> {
    Own(Vec<Option<W>>),
    Extra(String, Vec<Option<A>>),
    Links(Vec<GrowingLinks>),
}

/// The links of one builder, and their new numbers.
struct GrowingLinks {
    codes: GrowingCodes,
    map: Vec<u32>,
}

/// A finished piece.
enum Done {
    Own(Option<Column>),
    Extra(FieldInfo, Column),
    Links(Option<Codes>),
}

impl Dataset {
    /// What these builders have read so far. Issues come by their lines.
    pub fn of(builders: &[&DatasetBuilder], origin: Origin, generation: u64, is_complete: bool) -> Self {
        let skeleton = Skeleton::of(builders);
        let mut pieces = Vec::new();
        for field in 0..Field::OWN.len() {
            pieces.push(Piece::Own(builders.iter().map(|one| one.own[field].as_ref()).collect()));
        }
        for (name, numbers) in extra_columns(builders) {
            let parts = builders.iter().zip(numbers).map(|(one, number)| number.and_then(|number| one.extra.items.get(number)));
            pieces.push(Piece::Extra(name, parts.collect()));
        }
        pieces.extend(skeleton.links(builders));
        skeleton.finish(pieces, builders, (origin, generation, is_complete))
    }

    /// What these builders have read; each column is let go as soon as it is joined.
    pub fn join(mut builders: Vec<DatasetBuilder>, origin: Origin, generation: u64, is_complete: bool) -> Self {
        builders.iter_mut().flat_map(DatasetBuilder::texts).for_each(Texts::close);
        let refs: Vec<&DatasetBuilder> = builders.iter().collect();
        let skeleton = Skeleton::of(&refs);
        let names = extra_columns(&refs);
        let links = skeleton.links(&refs);
        let mut pieces: Vec<Piece<Growing, Auto>> = Vec::new();
        for field in 0..Field::OWN.len() {
            pieces.push(Piece::Own(builders.iter_mut().map(|one| one.own[field].take()).collect()));
        }
        for (name, numbers) in names {
            let take = |(one, number): (&mut DatasetBuilder, Option<usize>)| {
                number.map(|number| std::mem::replace(&mut one.extra.items[number], Auto::new(false)))
            };
            pieces.push(Piece::Extra(name, builders.iter_mut().zip(numbers).map(take).collect()));
        }
        pieces.extend(links);
        let refs: Vec<&DatasetBuilder> = builders.iter().collect();
        skeleton.finish(pieces, &refs, (origin, generation, is_complete))
    }
}

impl DatasetBuilder {
    /// After so many records of the beginning of a file, [`Self::settle`] knows enough.
    pub const SETTLED_AFTER: usize = DICTIONARY_LOOK_ROWS;

    /// Settles for all builders alike how the further columns are kept from now on: by what they have read together, but never
    /// as numbers where their names are among `no_numbers`.
    pub fn settle(builders: &mut [&mut Self], no_numbers: &[String]) {
        let refs: Vec<&Self> = builders.iter().map(|one| &**one).collect();
        let mut kinds: Vec<(String, AutoKind)> = Vec::new();
        for (name, numbers) in extra_columns(&refs) {
            let autos: Vec<&Auto> = refs.iter().zip(&numbers).filter_map(|(one, number)| one.extra.items.get((*number)?)).collect();
            let dictionaries: Vec<&Dictionary> = autos.iter().map(|auto| &auto.words.dictionary).collect();
            let distinct = arrow_array::Array::len(&Dictionary::join(&dictionaries).0);
            let filled = autos.iter().map(|auto| auto.filled).sum();
            let may_be_numbers = autos.iter().all(|auto| auto.has_only_numbers) && !no_numbers.contains(&name);
            kinds.push((name, suited(distinct, filled, may_be_numbers)));
        }
        for builder in builders {
            builder.is_one_of_several = false;
            for (name, kind) in &kinds {
                if let Some(number) = builder.extra.find(name.as_str()) {
                    builder.extra.items[number as usize].settle(*kind);
                }
            }
        }
    }

    /// Has a column that was settled as numbers a value that is none?
    pub fn has_contradictions(&self) -> bool {
        self.extra.items.iter().any(|auto| auto.is_contradicted)
    }

    /// The names of the columns that are numbers for one of these builders, and of which it or another has a value that is none.
    pub fn contradicted(builders: &[&Self]) -> Vec<String> {
        let is_contradicted = |numbers: &[Option<usize>]| {
            let autos = builders.iter().zip(numbers).filter_map(|(one, number)| one.extra.items.get((*number)?));
            let autos: Vec<&Auto> = autos.collect();
            let are_numbers = autos.iter().any(|auto| auto.kind == AutoKind::Numbers);
            are_numbers && autos.iter().any(|auto| auto.is_contradicted || (auto.kind != AutoKind::Numbers && !auto.has_only_numbers))
        };
        let columns = extra_columns(builders);
        columns.into_iter().filter(|(_, numbers)| is_contradicted(numbers)).map(|(name, _)| name).collect()
    }

    /// Counts and lists issues of others among its own, by their lines.
    pub fn append_issues(&mut self, issues: Issues) {
        self.issues.append(issues);
        self.issues.list.sort_by_key(Listed::place);
    }
}

/// The names of the further columns in the order of the file, and the number of each in each builder.
fn extra_columns(builders: &[&DatasetBuilder]) -> Vec<(String, Vec<Option<usize>>)> {
    let registers: Vec<_> = builders.iter().map(|one| &one.extra).collect();
    let names: Vec<Vec<&str>> = registers.iter().map(|one| one.keys()).collect();
    let joined = Joined::of(&registers, |place, number, _| names[place][number as usize]);
    let mut columns: Vec<(String, Vec<Option<usize>>)> =
        joined.items.iter().map(|(place, number)| (names[*place][*number as usize].to_owned(), vec![None; builders.len()])).collect();
    for (place, map) in joined.maps.iter().enumerate() {
        for (number, column) in map.iter().enumerate() {
            columns[*column as usize].1[place] = Some(number);
        }
    }
    columns
}

/// What is known before the columns are joined.
struct Skeleton {
    shape: Shape,
    file_rows: FileRows,
    dated: usize,
    sources: Vec<Source>,
    chains: (Vec<Chain>, Vec<Vec<u32>>),
    articles: (Vec<Article>, Vec<Vec<u32>>),
}

impl Skeleton {
    fn of(builders: &[&DatasetBuilder]) -> Self {
        let lens: Vec<usize> = builders.iter().map(|one| one.len).collect();
        let file_rows = FileRows::join(builders.iter().map(|one| &one.file_rows));
        let (order, dated) = order::order(builders, &file_rows);
        let source_registers: Vec<_> = builders.iter().map(|one| &one.sources).collect();
        let sources = join_sources(&source_registers);
        let chains = join_chains(builders, &sources.maps);
        let articles = join_articles(builders, &sources.maps);
        let take = |(place, number): &(usize, u32)| source_registers[*place].items[*number as usize].clone();
        Self { shape: Shape::new(lens, order), file_rows, dated, sources: sources.items.iter().map(take).collect(), chains, articles }
    }

    fn links<W, A>(&self, builders: &[&DatasetBuilder]) -> [Piece<W, A>; 2] {
        let links = |codes: fn(&DatasetBuilder) -> &GrowingCodes, maps: &[Vec<u32>]| {
            let one = |(one, map): (&&DatasetBuilder, &Vec<u32>)| GrowingLinks { codes: codes(one).clone(), map: map.clone() };
            Piece::Links(builders.iter().zip(maps).map(one).collect())
        };
        [links(|one| &one.chain_of, &self.chains.1), links(|one| &one.article_of, &self.articles.1)]
    }

    fn finish<W, A>(
        self,
        pieces: Vec<Piece<W, A>>,
        builders: &[&DatasetBuilder],
        (origin, generation, is_complete): (Origin, u64, bool),
    ) -> Dataset
    where
        W: Borrow<Growing> + Send,
        A: Borrow<Auto> + Send,
    {
        let shape = &self.shape;
        let done = columns(pieces, shape);
        let mut records = Records { len: shape.len(), dated: self.dated, file_rows: self.file_rows, ..Records::default() };
        records.order = shape.order().cloned();
        records.lines = Lines::join(builders.iter().map(|one| &one.lines));
        let mut links = Vec::new();
        for done in done {
            match done {
                Done::Own(column) => records.own.push(column),
                Done::Extra(info, column) => {
                    let field = Field(Field::EXTRA_FIRST + records.extra.len() as u16);
                    records.extra.push((FieldInfo { field, ..info }, column));
                }
                Done::Links(codes) => links.push(codes),
            }
        }
        records.articles = links.pop().flatten();
        records.chains = links.pop().flatten();
        let mut issues = join_issues(builders);
        ids::find_repeated(&mut records, &mut issues, &origin);
        let (sources, chains, articles) = (self.sources, self.chains.0, self.articles.0);
        let mut dataset = Dataset { generation, is_complete, origin, records, sources, chains, articles, issues };
        derive::derive(&mut dataset);
        dataset
    }
}

/// Finishes columns. A few are gathered at a time, and brought into order when they are [`BY_PLACE_BYTES`] wide: by place, a column may
/// take twice what it took before and will take then, and all columns of a wide table must not do so at once.
fn columns<W, A>(pieces: Vec<Piece<W, A>>, shape: &Shape) -> Vec<Done>
where
    W: Borrow<Growing> + Send,
    A: Borrow<Auto> + Send,
{
    let mut done: Vec<Option<Done>> = pieces.iter().map(|_| None).collect();
    let (mut pieces, mut by_place, mut beside) = (pieces.into_iter().enumerate(), Vec::new(), Beside::default());
    loop {
        let some: Vec<(usize, Piece<W, A>)> = pieces.by_ref().take(GATHERED_TOGETHER).collect();
        let is_end = some.is_empty();
        by_place.extend(map_each(some, |(number, piece)| (number, gather(piece, shape))));
        let width: usize = by_place.iter().map(|(_, one)| one.waiting_width()).sum();
        if let Some(order) = shape.order().filter(|_| is_end || width >= BY_PLACE_BYTES) {
            rows::to_rows(by_place.iter_mut().map(|(_, one)| one), order, &mut beside, !is_end);
        }
        let is_ready = |one: &ByPlace<Done>| shape.order().is_none() || one.waiting_width() == 0;
        let (ready, waiting): (Vec<_>, Vec<_>) = by_place.into_iter().partition(|(_, one)| is_ready(one));
        by_place = waiting;
        for (number, one) in map_each(ready, |(number, one)| (number, one.build())) {
            done[number] = Some(one);
        }
        if is_end {
            return done.into_iter().flatten().collect();
        }
    }
}

fn gather<W: Borrow<Growing>, A: Borrow<Auto>>(piece: Piece<W, A>, shape: &Shape) -> ByPlace<Done> {
    match piece {
        Piece::Own(parts) => {
            let parts: Vec<Option<&Growing>> = parts.iter().map(|part| part.as_ref().map(Borrow::borrow)).collect();
            gather_own(&parts, shape).map(Done::Own)
        }
        Piece::Extra(name, parts) => {
            let parts: Vec<Option<&Auto>> = parts.iter().map(|part| part.as_ref().map(Borrow::borrow)).collect();
            gather_auto(&parts, shape).map(|column| Done::Extra(info(name, &column), column))
        }
        Piece::Links(parts) => {
            let most = parts.iter().flat_map(|part| part.map.iter().copied()).max().unwrap_or(0);
            let has_links = parts.iter().any(|part| !part.codes.is_empty());
            let parts: Vec<Option<(&GrowingCodes, &[u32])>> = parts.iter().map(|part| Some((&part.codes, part.map.as_slice()))).collect();
            let codes = if has_links { gather_codes(&parts, shape, most).map(Some) } else { ByPlace::ready(None) };
            codes.map(Done::Links)
        }
    }
}

fn info(name: String, column: &Column) -> FieldInfo {
    FieldInfo {
        field: Field(0),
        label: name.clone(),
        key: name,
        kind: kind_of(column),
        present: column.present() as u64,
        distinct: super::records::distinct_of(column),
    }
}

/// Sources are one by their ids. Those that are only known by a name are so in upper and lower case alike, as within a builder.
fn join_sources(registers: &[&Register<String, Source>]) -> Joined {
    let exact = exact_ids(registers);
    Joined::of(registers, |_, _, source| {
        let is_exact = exact.contains(source.id.as_str());
        let key: Cow<'_, str> = if is_exact { source.id.as_str().into() } else { source.id.to_lowercase().into() };
        (is_exact, key)
    })
}

/// The ids that count as they are written: of sources of which more is known than a name, and those that one builder tells apart
/// by nothing but upper and lower case.
fn exact_ids<'a>(registers: &[&'a Register<String, Source>]) -> FxHashSet<&'a str> {
    let mut exact = FxHashSet::default();
    if registers.len() < 2 {
        return exact;
    }
    for register in registers {
        let mut by_lower: FxHashMap<String, &str> = FxHashMap::default();
        for source in &register.items {
            let id = source.id.as_str();
            if !is_only_named(source) {
                exact.insert(id);
            } else if let Some(other) = by_lower.insert(id.to_lowercase(), id) {
                exact.extend([id, other]);
            }
        }
    }
    exact
}

fn is_only_named(source: &Source) -> bool {
    let Source { id, name, short, kind, country, reliability } = source;
    id == name && short.is_none() && kind.is_none() && country.is_none() && reliability.is_none()
}

fn join_chains(builders: &[&DatasetBuilder], source_maps: &[Vec<u32>]) -> (Vec<Chain>, Vec<Vec<u32>>) {
    let registers: Vec<_> = builders.iter().map(|one| &one.chains).collect();
    let renumbered = |place: usize, chain: &Chain| Chain(chain.0.iter().map(|id| SourceId(source_maps[place][id.0 as usize])).collect());
    let joined = Joined::of(&registers, |place, _, chain| renumbered(place, chain));
    let chains = joined.items.iter().map(|(place, number)| renumbered(*place, &registers[*place].items[*number as usize])).collect();
    (chains, joined.maps)
}

fn join_articles(builders: &[&DatasetBuilder], source_maps: &[Vec<u32>]) -> (Vec<Article>, Vec<Vec<u32>>) {
    let registers: Vec<_> = builders.iter().map(|one| &one.articles).collect();
    let joined = Joined::of(&registers, |_, _, article| article.id.as_str());
    let article = |place: usize, number: u32| &registers[place].items[number as usize];
    let mut articles: Vec<Article> = joined
        .items
        .iter()
        .map(|(place, number)| {
            let publisher = article(*place, *number).publisher.map(|id| SourceId(source_maps[*place][id.0 as usize]));
            Article { publisher, related: Vec::new(), ..article(*place, *number).clone() }
        })
        .collect();
    let mut lists = Lists::default();
    for (place, map) in joined.maps.iter().enumerate() {
        for (number, own) in map.iter().enumerate() {
            for Related { article: other, is_listed } in &article(place, number as u32).related {
                lists.put((ArticleId(*own), &mut articles[*own as usize]), ArticleId(map[other.0 as usize]), *is_listed);
            }
        }
    }
    if builders.len() > 1 {
        for article in &mut articles {
            article.related.sort_by_key(|related| related.article);
        }
    }
    (articles, joined.maps)
}

/// The issues of all builders by their lines.
fn join_issues(builders: &[&DatasetBuilder]) -> Issues {
    if let [one] = builders {
        return one.issues.clone();
    }
    let mut all = Issues::default();
    let mut list = Vec::new();
    for builder in builders {
        for (kind, count) in &builder.issues.counts {
            *all.counts.entry(*kind).or_insert(0) += count;
        }
        list.extend(builder.issues.list.iter().cloned());
        builder.issues.rejected.iter().for_each(|row| all.reject(row.clone()));
    }
    list.sort_by_key(Listed::place);
    list.truncate(super::ISSUES_LISTED_MAX);
    all.list = list;
    all
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// Rows of the file with a further column.
    fn fill(builder: &mut DatasetBuilder, rows: Range<u32>, text: impl Fn(u32) -> String) {
        let field = builder.extra_field("x");
        let file_rows: Vec<u32> = rows.collect();
        let texts: Vec<String> = file_rows.iter().map(|row| text(*row)).collect();
        let mut block = builder.block(&file_rows);
        block.extra(field, |place| Some(&texts[place]));
        block.end();
    }

    fn pair() -> (DatasetBuilder, DatasetBuilder) {
        (DatasetBuilder::one_of_several(Origin::default()), DatasetBuilder::one_of_several(Origin::default()))
    }

    fn joined(one: DatasetBuilder, other: DatasetBuilder) -> Column {
        let mut dataset = Dataset::join(vec![one, other], Origin::default(), 1, true);
        dataset.records.extra.remove(0).1
    }

    #[test]
    fn builders_that_have_read_unevenly_lose_no_number() {
        let number = |row: u32| row.to_string();
        let (mut one, mut other) = pair();
        // More different ones than a dictionary has in one of them, and fewer in the other.
        fill(&mut one, 0..90_000, number);
        fill(&mut other, 90_000..132_000, number);
        DatasetBuilder::settle(&mut [&mut one, &mut other], &[]);
        fill(&mut other, 132_000..140_000, number);
        fill(&mut one, 140_000..150_000, number);
        assert!(DatasetBuilder::contradicted(&[&one, &other]).is_empty());
        let Column::Number(numbers) = joined(one, other) else { panic!("the column is one of numbers") };
        assert!((0..150_000).all(|row| numbers.get(row) == Some(row as f64)));
    }

    #[test]
    fn how_a_column_is_kept_does_not_depend_on_who_read_what() {
        // Half of the values are the same: by itself, one of the builders would take the column for text.
        let word = |row: u32| if row < 80_000 { format!("w{row}") } else { "same".to_owned() };
        let (mut one, mut other) = pair();
        fill(&mut one, 0..80_000, word);
        fill(&mut other, 80_000..170_000, word);
        DatasetBuilder::settle(&mut [&mut one, &mut other], &[]);
        assert!(matches!(joined(one, other), Column::Category(_)));
    }

    #[test]
    fn columns_that_wait_for_others_stay_in_the_order_of_the_file() {
        // Every third column is the same everywhere and waits for nothing; the others are of one byte a record.
        let cell = |column: usize, row: u32| if column.is_multiple_of(3) { format!("c{column}") } else { format!("c{column} {}", row % 5) };
        for (rows, others) in [(0..7, 7..20), (7..20, 0..7)] {
            let (mut one, mut other) = pair();
            for (builder, rows) in [(&mut one, rows), (&mut other, others)] {
                let file_rows: Vec<u32> = rows.collect();
                let fields: Vec<Field> = (0..100).map(|column| builder.extra_field(&format!("c{column}"))).collect();
                let mut block = builder.block(&file_rows);
                for (column, field) in fields.into_iter().enumerate() {
                    let cells: Vec<String> = file_rows.iter().map(|row| cell(column, *row)).collect();
                    block.extra(field, |place| Some(&cells[place]));
                }
                block.end();
            }
            let records = Dataset::join(vec![one, other], Origin::default(), 1, true).records;
            for (column, (info, _)) in records.extra.iter().enumerate() {
                let found: Vec<Option<String>> = (0..20).map(|row| records.display(info.field, row)).collect();
                assert_eq!(info.key, format!("c{column}"));
                assert_eq!(found, (0..20).map(|row| Some(cell(column, row))).collect::<Vec<_>>());
            }
            assert_eq!(records.extra.len(), 100);
        }
    }

    #[test]
    fn words_in_a_column_that_others_took_for_numbers_are_found() {
        let (mut one, mut other) = pair();
        fill(&mut one, 0..5_000, |row| row.to_string());
        DatasetBuilder::settle(&mut [&mut one, &mut other], &[]);
        fill(&mut other, 5_000..5_010, |row| format!("about {row}"));
        assert_eq!(DatasetBuilder::contradicted(&[&one, &other]), ["x"]);
    }
}
