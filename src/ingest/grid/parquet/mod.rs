//! Reads Parquet, one group of rows after the other and some records at a time, whatever its compression.
//!
//! Columns of plain values go from their column into the cells; lists, maps and what else is nested is put together by its levels ([`tree`]).

mod kind;
mod leaf;
mod pages;
mod tree;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::sync::Arc;

use arrow_schema::Schema;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::{Buf as _, Bytes};
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};

use self::leaf::Leaf;
use self::pages::Pages;
use self::tree::{Column, Node, Tree};
use super::columns::{PAGE_ROWS, PAGE_TEXT_MAX, say};
use super::page::Page;
use super::values::{Oddity, Style};
use super::{Book, Fault, Flow, Sink, Table, Whole, arrow, guarded};
use crate::ingest::write::{ARROW_SCHEMA, KEY};

/// So many values of a column are read at once where records have lists.
const PLACES: usize = 1 << 16;
/// So many records with lists are read to see how long these are.
const FIRST_RECORDS: usize = 64;

/// A Parquet file.
pub(super) struct ParquetBook {
    chunks: Arc<Chunks>,
    metadata: ParquetMetaData,
    tree: Tree,
    tables: Vec<Table>,
}

impl ParquetBook {
    /// Reads the footer.
    pub(super) fn open(whole: &Whole) -> Result<Self, Fault> {
        let chunks = match whole {
            Whole::Memory(bytes) => Chunks::Memory(bytes.clone()),
            Whole::File(path, _) => Chunks::File(Arc::new(File::open(path)?)),
        };
        let metadata = guarded(|| ParquetMetaDataReader::new().parse_and_finish(&chunks).map_err(Fault::damaged))?;
        let noted = noted(&metadata);
        let tree = guarded(|| Ok(Tree::of(metadata.file_metadata().schema_descr(), noted.as_ref())))?;
        let names = tree.columns.iter().map(|column| column.name.clone()).collect();
        let rows = u64::try_from(metadata.file_metadata().num_rows()).ok();
        let tables = vec![Table { name: String::new(), is_hidden: false, is_view: false, columns: Some(names), rows }];
        Ok(Self { chunks: Arc::new(chunks), metadata, tree, tables })
    }

    /// Begins with a group of rows.
    fn begin(&mut self, group: usize) -> Result<(), Fault> {
        let group = self.metadata.row_group(group);
        for leaf in &mut self.tree.leaves {
            let pages = guarded(|| Pages::of(&self.chunks, group, leaf.number).map_err(Fault::damaged))?;
            guarded(|| {
                leaf.begin(Box::new(pages));
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Reads so many records of each column of values; says how many there were.
    fn read(&mut self, records: usize) -> Result<usize, Fault> {
        let mut read = None;
        for leaf in &mut self.tree.leaves {
            let own = guarded(|| leaf.read(records).map_err(Fault::damaged))?;
            if *read.get_or_insert(own) != own {
                return Err(Fault::damaged("its columns have different numbers of rows"));
            }
        }
        Ok(read.unwrap_or(0))
    }

    /// How many records to read first.
    fn some(&self) -> usize {
        if self.tree.columns.iter().all(|column| matches!(column.node, Node::Value(_))) { PAGE_ROWS } else { FIRST_RECORDS }
    }

    /// How many records to read after so many.
    fn some_like(&self, records: usize) -> usize {
        let places = self.tree.leaves.iter().map(Leaf::places).max().unwrap_or(0);
        (records * PLACES / places.max(1)).clamp(1, PAGE_ROWS)
    }
}

fn value_of<'m>(metadata: &'m ParquetMetaData, key: &str) -> Option<&'m str> {
    let pairs: &Vec<KeyValue> = metadata.file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == key)?.value.as_deref()
}

/// What an Arrow program noted about the columns. It may be damaged or of another file; then the file's own types do.
fn noted(metadata: &ParquetMetaData) -> Option<Schema> {
    let message = BASE64_STANDARD.decode(value_of(metadata, ARROW_SCHEMA)?).ok()?;
    arrow::schema_of(&message).ok()
}

impl Book for ParquetBook {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn about(&self) -> Option<String> {
        value_of(&self.metadata, KEY).map(str::to_owned)
    }

    fn pages(&mut self, _: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut filling = Filling { styles: vec![None; self.tree.columns.len()], line: 1, page: Page::default() };
        let (mut behind, mut wrong) = (0, None);
        for number in 0..self.metadata.num_row_groups() {
            let group = self.metadata.row_group(number);
            let (size, rows) = (group.compressed_size().max(0) as u64, u64::try_from(group.num_rows()).unwrap_or(0));
            self.begin(number)?;
            let (mut read, mut some) = (0, self.some());
            // To the end of the columns: what the footer says of their length may be wrong.
            loop {
                let records = self.read(some)?;
                if records == 0 {
                    break;
                }
                some = self.some_like(records);
                read += records as u64;
                let done = behind + (u128::from(size) * u128::from(read.min(rows)) / u128::from(rows.max(1))) as u64;
                if filling.hand_on(&mut self.tree, records, done, sink)? == Flow::Stop {
                    return Ok(());
                }
            }
            if read != rows && !self.tree.leaves.is_empty() {
                wrong.get_or_insert_with(|| Fault::damaged(format!("a group of {rows} rows has {read}")));
            }
            behind += size;
        }
        wrong.map_or(Ok(()), Err)
    }
}

/// Makes pages of what was read.
struct Filling {
    /// How the moments of each column are written, once one has come.
    styles: Vec<Option<Style>>,
    /// The number of the next row, from 1.
    line: u64,
    page: Page,
}

impl Filling {
    /// Hands on some records; `done` is how much of the file is behind.
    fn hand_on(&mut self, tree: &mut Tree, records: usize, done: u64, sink: &mut Sink<'_>) -> Result<Flow, Fault> {
        let (mut at, mut rows) = (0, records);
        while at < records {
            let count = rows.min(records - at);
            let marks: Vec<_> = tree.leaves.iter().map(Leaf::mark).collect();
            if !self.fill(tree, count)? && count > 1 {
                tree.leaves.iter_mut().zip(marks).for_each(|(leaf, mark)| leaf.back_to(mark));
                rows = count.div_ceil(2);
                continue;
            }
            at += count;
            self.line += count as u64;
            if sink.page(&mut self.page, Some(done))? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Go)
    }

    /// Fills a page with so many records; `false` when their text is too much for one.
    fn fill(&mut self, tree: &mut Tree, count: usize) -> Result<bool, Fault> {
        self.page.begin_rows(self.line, count, tree.columns.len());
        let Tree { columns, leaves } = tree;
        for (number, Column { node, name }) in columns.iter().enumerate() {
            if let (Node::Value(place), None) = (node, self.styles[number]) {
                self.styles[number] = leaves[*place].are_midnights().map(|has_days| Style { has_days });
            }
            let style = self.styles[number].unwrap_or_default();
            for row in 0..count {
                let mut oddity = None;
                match node {
                    Node::Value(place) => {
                        let leaf = &mut leaves[*place];
                        if leaf.is_there() {
                            self.page.fill(row, number, |out| oddity = written(out, |out| leaf.write(style, out)));
                        }
                        leaf.go_on();
                    }
                    nested => {
                        let mut began = Vec::new();
                        nested.for_each(&mut |place| began.push((place, leaves[place].mark())));
                        self.page.fill(row, number, |out| oddity = written(out, |out| nested.write(leaves, out, 0)));
                        let mut is_whole = true;
                        for (place, mark) in began {
                            is_whole &= leaves[place].end_record(mark);
                        }
                        if !is_whole && oddity.is_none() {
                            return Err(Fault::damaged(format!("what is nested in {name} disagrees about where its items end")));
                        }
                    }
                }
                if let Some(oddity) = oddity {
                    say(&mut self.page, (self.line + row as u64, number), &oddity);
                }
                if self.page.bytes() > PAGE_TEXT_MAX && count > 1 {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// Writes a cell; what cannot be written leaves it empty.
fn written(out: &mut String, write: impl FnOnce(&mut String) -> Result<(), Oddity>) -> Option<Oddity> {
    let start = out.len();
    let oddity = write(out).err();
    if oddity.is_some() {
        out.truncate(start);
    }
    oddity
}

/// The bytes of the file, read where they are needed.
enum Chunks {
    Memory(Bytes),
    File(Arc<File>),
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => Length::len(&**file),
        }
    }
}

impl ChunkReader for Chunks {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Box::new(bytes.slice(start..).reader()))
            }
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Box::new(BufReader::new(file)))
            }
        }
    }

    /// Memory grows only with what is there, whatever the footer says.
    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if let Self::Memory(bytes) = self
            && let Some(end) = usize::try_from(start).ok().and_then(|start| start.checked_add(length)).filter(|end| *end <= bytes.len())
        {
            return Ok(bytes.slice(end - length..end));
        }
        let mut bytes = Vec::new();
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(bytes.into())
    }
}
