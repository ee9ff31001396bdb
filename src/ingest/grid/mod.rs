//! Reads what is no text but has tables: workbooks, Parquet, Arrow IPC, `SQLite`. Each has a reader that hands on rows of text cells;
//! how these become records is the same for all.

mod arrow;
mod beside;
mod bounds;
mod choice;
mod columns;
mod page;
mod parquet;
mod sqlite;
mod take;
#[cfg(test)]
mod tests;
mod values;
mod workbook;

use std::fs::File as DiskFile;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::PathBuf;

use ::bytes::Bytes as Memory;
use serde_json::Value;

use self::choice::{Choice, choose, survey};
use self::page::Page;
use self::take::{Grid, Learnt};
use super::error::{CHOOSE_ORDER, LoadError, gigabytes};
use super::feed::{Feed, HASHED_BYTES_MAX, Input, Meter, drain};
use super::load::stem;
use super::packed::Inside;
use super::run::Run;
use super::{Options, sniff};
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind, Origin};
use crate::work::{Cancel, Progress, walled_quietly};

/// How often a table is read again because a later row shows that something was taken wrongly.
const READS_MAX: usize = 8;
/// What is packed in an archive and must be read as a whole may be so large.
const MEMORY_BYTES_MAX: u64 = 1 << 30;

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
    Parquet,
    ArrowFile,
    ArrowStream,
    Sqlite,
}

impl Container {
    /// The workbook that a ZIP archive with these files is, if it is one.
    pub(super) fn of_archive(names: &[String]) -> Option<Self> {
        let has = |wanted: &str| names.iter().any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(wanted));
        match () {
            () if has("xl/workbook.xml") => Some(Self::Xlsx),
            () if has("xl/workbook.bin") => Some(Self::Xlsb),
            () if has("content.xml") && has("mimetype") => Some(Self::Ods),
            () => None,
        }
    }

    /// The format that begins with these bytes.
    pub(super) fn of_head(head: &[u8]) -> Option<Self> {
        let is_stream = head.starts_with(&[0xff; 4]) && head.get(4..8).is_some_and(|length| length[3] == 0 && length != [0; 4]);
        match () {
            () if head.starts_with(b"PAR1") || head.starts_with(b"PARE") => Some(Self::Parquet),
            () if head.starts_with(b"ARROW1") => Some(Self::ArrowFile),
            () if head.starts_with(b"SQLite format 3\0") => Some(Self::Sqlite),
            () if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Some(Self::Xls),
            () if is_stream => Some(Self::ArrowStream),
            () => None,
        }
    }

    /// Its name in reports.
    fn format(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Parquet => "parquet",
            Self::ArrowFile | Self::ArrowStream => "arrow",
            Self::Sqlite => "sqlite",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Xlsx | Self::Xlsb | Self::Xls => "an Excel workbook",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Parquet => "a Parquet file",
            Self::ArrowFile | Self::ArrowStream => "an Arrow file",
            Self::Sqlite => "an SQLite database",
        }
    }
}

/// A table of a file that has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// How many rows of data it has, as far as is known without reading it to its end.
    pub rows: Option<u64>,
    /// Is it a hidden sheet, or a view? Such a one is taken only when no other has records.
    pub is_hidden: bool,
    /// Does it seem to hold records with dates?
    pub has_dates: bool,
}

/// A table as its format describes it.
#[derive(Clone, Debug)]
struct Table {
    name: String,
    is_hidden: bool,
    /// Is it a question rather than a table? Answering it may take for ever, so that it is only read when it is asked for.
    is_view: bool,
    /// The names of its columns, where the format has them apart from the rows.
    columns: Option<Vec<String>>,
    rows: Option<u64>,
}

/// A file with tables.
trait Book {
    /// Its tables, in its own order.
    fn tables(&self) -> &[Table];

    /// What was noted in it when this program wrote it.
    fn about(&self) -> Option<String> {
        None
    }

    /// What is to be said of the file as a whole.
    fn remarks(&self) -> Vec<Issue> {
        Vec::new()
    }

    /// Hands on the rows of a table from the first one, page by page.
    fn pages(&mut self, table: usize, sink: &mut Sink<'_>) -> Result<(), Fault>;
}

/// Whether a reader is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Go,
    Stop,
}

/// What takes pages; with each may be told how many bytes of the file are behind.
type Taking<'s> = dyn FnMut(&mut Page, Option<u64>) -> Result<Flow, LoadError> + 's;

/// Takes pages.
struct Sink<'s>(&'s mut Taking<'s>);

impl Sink<'_> {
    fn page(&mut self, page: &mut Page, done: Option<u64>) -> Result<Flow, Fault> {
        (self.0)(page, done).map_err(Fault::Load)
    }
}

/// Why a reader stopped.
#[derive(Debug)]
enum Fault {
    /// Whoever takes the rows wants no more.
    Load(LoadError),
    /// The system failed.
    Io(io::Error),
    /// The file breaks its own rules.
    Damaged(String),
    /// There is too much in it.
    Expands(String),
    Locked,
    Cancelled,
}

impl Fault {
    #[allow(clippy::needless_pass_by_value, reason = "so that it can stand as a function where errors are mapped")]
    fn damaged(reason: impl ToString) -> Self {
        // Some libraries tell it over several lines.
        Self::Damaged(reason.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn expands(reason: String) -> Self {
        Self::Expands(reason)
    }

    fn into_error(self, path: &str, container: Container) -> LoadError {
        let (path, what) = (path.to_owned(), container.what());
        match self {
            Self::Load(error) => error,
            Self::Io(error) => LoadError::from_io(&path, &error),
            Self::Damaged(reason) => LoadError::Damaged { path, what, reason },
            Self::Expands(reason) => LoadError::Expands { path, reason },
            Self::Locked => LoadError::Locked { path, what },
            Self::Cancelled => LoadError::Cancelled,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::damaged("it breaks off") } else { Self::Io(error) }
    }
}

/// Runs a part of a library's reader. Some of these read lengths and places out of the file and believe them; where that makes one fall
/// over, the file is damaged, and nothing else of the program is.
fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    walled_quietly(work).unwrap_or_else(|_| Err(Fault::damaged("it breaks the rules of its format")))
}

/// Bytes that can be read from any place.
trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// All bytes of a file, to be read at any place.
enum Whole {
    Memory(Memory),
    File(PathBuf, u64),
}

impl Whole {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(_, len) => *len,
        }
    }

    /// Reads them from the beginning.
    fn reader(&self) -> io::Result<Box<dyn Bytes>> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Self::File(path, _) => Box::new(BufReader::new(DiskFile::open(path)?)),
        })
    }

    /// What a feed gives: in memory when that is little, or not a file by itself.
    fn of(input: &Input, head: &[u8], feed: &mut Feed, container: Container) -> Result<Self, LoadError> {
        if let (Input::Path(path), None) = (input, feed.inside.packing)
            && (feed.total > HASHED_BYTES_MAX || container == Container::Sqlite)
        {
            return Ok(Self::File(path.clone(), feed.total));
        }
        let mut all = head.to_vec();
        let failed = |error: io::Error| LoadError::from_io(&input.name(), &error);
        feed.by_ref().take(MEMORY_BYTES_MAX.saturating_sub(all.len() as u64) + 1).read_to_end(&mut all).map_err(failed)?;
        if all.len() as u64 > MEMORY_BYTES_MAX {
            let reason = format!("{} in it has more than {}", container.what(), gigabytes(MEMORY_BYTES_MAX));
            return Err(LoadError::Expands { path: input.name(), reason });
        }
        Ok(Self::Memory(all.into()))
    }
}

/// A file that was found to have tables.
struct File<'a> {
    input: &'a Input,
    options: &'a Options,
    container: Container,
    head: &'a [u8],
}

/// Reads a file with tables.
pub(super) fn read(
    run: &mut Run<'_>,
    (input, options): (&Input, &Options),
    container: Container,
    (head, feed): (&[u8], Feed),
) -> Result<Dataset, LoadError> {
    let file = File { input, options, container, head };
    if container == Container::ArrowStream { file.stream(run, feed) } else { file.book(run, feed) }
}

/// The tables of a file, to choose one of them; none of a file that is itself one table.
pub fn tables(input: &Input) -> Result<Vec<TableInfo>, LoadError> {
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let input = &super::several::first_file(input)?;
    let mut watch = |_| {};
    let run = Run::new(input.name(), false, &mut watch, &cancel, &progress);
    let mut feed = input.open(&cancel)?;
    let head = super::feed::read_head(&mut feed, sniff::HEAD_BYTES).map_err(|error| run.failed(&error))?;
    let Some(container) = feed.inside.container.or_else(|| Container::of_head(&head)) else { return Ok(Vec::new()) };
    if matches!(container, Container::ArrowFile | Container::ArrowStream | Container::Parquet) {
        return Ok(Vec::new());
    }
    let whole = Whole::of(input, &head, &mut feed, container)?;
    let options = Options::default();
    let file = File { input, options: &options, container, head: &head };
    let mut book = file.open(&run, &whole)?;
    survey(&mut *book, &options).map_err(|fault| fault.into_error(&run.path, container))
}

impl File<'_> {
    fn origin(&self, run: &Run<'_>, inside: &Inside, about: Option<String>) -> Origin {
        let mut origin = Origin {
            path: run.path.clone(),
            format: self.container.format().to_owned(),
            encoding: "utf-8".to_owned(),
            counter: Some(stem(&run.path)),
            notes: inside.notes(),
            ..Origin::default()
        };
        if let Some(about) = about {
            restore(&mut origin, &about);
        }
        origin
    }

    fn open(&self, run: &Run<'_>, whole: &Whole) -> Result<Box<dyn Book>, LoadError> {
        let book: Result<Box<dyn Book>, Fault> = match self.container {
            Container::Parquet if self.head.starts_with(b"PARE") => Err(Fault::Locked),
            Container::Parquet => parquet::ParquetBook::open(whole).map(|book| Box::new(book) as Box<dyn Book>),
            Container::Sqlite => sqlite::Database::open(whole, run.cancel).map(|book| Box::new(book) as Box<dyn Book>),
            Container::ArrowFile => arrow::ArrowBook::of_file(whole).map(|book| Box::new(book) as Box<dyn Book>),
            _ => workbook::Workbook::open(whole, self.container).map(|book| Box::new(book) as Box<dyn Book>),
        };
        book.map_err(|fault| fault.into_error(&run.path, self.container))
    }

    /// Reads a file that must be seen as a whole.
    fn book(&self, run: &mut Run<'_>, mut feed: Feed) -> Result<Dataset, LoadError> {
        let whole = Whole::of(self.input, self.head, &mut feed, self.container)?;
        let total = feed.total;
        let mut book = self.open(run, &whole)?;
        let asked = self.options.table.as_deref();
        let Choice { table, notes, issues } =
            choose(&mut *book, self.options, asked, &run.path).map_err(|fault| fault.into_error(&run.path, self.container))?;
        let columns = book.tables().get(table).and_then(|table| table.columns.clone());
        let described = beside::sources(&mut *book, table).map_err(|fault| fault.into_error(&run.path, self.container))?;
        let names = book.tables().iter().map(|table| table.name.clone()).filter(|name| !name.is_empty()).collect::<Vec<_>>();
        let (mut learnt, meter) = (Learnt::default(), feed.meter.clone());
        for reads in 0..READS_MAX {
            if reads > 0 {
                book = self.open(run, &whole)?;
            }
            let mut origin = self.origin(run, &feed.inside, book.about());
            origin.notes.extend(notes.clone());
            let mut builder = DatasetBuilder::new(origin);
            issues.iter().cloned().chain(book.remarks()).for_each(|issue| builder.issue(issue));
            let grid = Grid::new(builder, self.options, &learnt, columns.clone()).with_sources(described.clone());
            let ended = self.pass(run, grid, (total, None), |sink| book.pages(table, sink))?;
            match ended {
                Ended::Again(again) => learnt.add(again),
                Ended::Whole(builder) => {
                    drop(book);
                    if let Some(understood) = &mut run.understood {
                        understood.table = names.get(table).cloned();
                        understood.tables = names;
                    }
                    // A large file was read in places; its hash is made behind, as that of any large file.
                    if self.options.rows_max.is_none() && total <= HASHED_BYTES_MAX {
                        drain(&mut feed).map_err(|error| run.failed(&error))?;
                    } else {
                        meter.set_bytes(total);
                    }
                    return run.finish(*builder, &meter);
                }
            }
        }
        Err(unsettled(run))
    }

    /// Reads a file from its beginning to its end.
    fn stream(&self, run: &mut Run<'_>, feed: Feed) -> Result<Dataset, LoadError> {
        let mut feed = Some(feed);
        let mut learnt = Learnt::default();
        let of = |fault: Fault, run: &Run<'_>| fault.into_error(&run.path, self.container);
        for _ in 0..READS_MAX {
            let (head, mut feed) = match feed.take() {
                Some(feed) => (self.head, feed),
                None => (&[][..], self.input.open(run.cancel)?),
            };
            let (meter, total) = (feed.meter.clone(), feed.total);
            let inside = feed.inside.clone();
            let mut book = arrow::ArrowBook::of_stream(head.chain(&mut feed)).map_err(|fault| of(fault, run))?;
            let columns = book.tables().first().and_then(|table| table.columns.clone());
            let builder = DatasetBuilder::new(self.origin(run, &inside, book.about()));
            let grid = Grid::new(builder, self.options, &learnt, columns);
            let ended = self.pass(run, grid, (total, Some(&meter)), |sink| book.pages(0, sink))?;
            drop(book);
            match ended {
                Ended::Again(again) => learnt.add(again),
                Ended::Whole(builder) => {
                    if self.options.rows_max.is_none() {
                        drain(&mut feed).map_err(|error| run.failed(&error))?;
                    }
                    return run.finish(*builder, &meter);
                }
            }
        }
        Err(unsettled(run))
    }

    /// Takes the pages of a table to its end. `meter` tells how far reading is, where the reader itself does not.
    fn pass(
        &self,
        run: &mut Run<'_>,
        mut grid: Grid<'_>,
        (total, meter): (u64, Option<&Meter>),
        pages: impl FnOnce(&mut Sink<'_>) -> Result<(), Fault>,
    ) -> Result<Ended, LoadError> {
        let pace = Meter::default();
        let mut again = None;
        let ended = pages(&mut Sink(&mut |page, done| {
            if let Some(bytes) = done.or_else(|| meter.map(Meter::bytes)) {
                pace.set_bytes(bytes.min(total));
            }
            again = grid.page(page)?;
            if again.is_some() {
                return Ok(Flow::Stop);
            }
            run.look(&grid.builder, &pace)?;
            Ok(if grid.is_enough() { Flow::Stop } else { Flow::Go })
        }));
        if let Some(again) = again {
            return Ok(Ended::Again(again));
        }
        let broken = match ended {
            Ok(()) => None,
            Err(Fault::Damaged(reason)) => Some(reason),
            Err(fault) => return Err(fault.into_error(&run.path, self.container)),
        };
        if let Some(again) = grid.finish()? {
            return Ok(Ended::Again(again));
        }
        run.understood = grid.understood.take();
        let mut builder = grid.builder;
        if let Some(reason) = broken {
            if builder.is_empty() {
                return Err(Fault::Damaged(reason).into_error(&run.path, self.container));
            }
            builder.issue(Issue {
                line: None,
                column: None,
                value: String::new(),
                kind: IssueKind::Truncated,
                message: format!("the file is damaged behind row {}: {reason}", builder.origin.rows),
                action: "the records before are kept".to_owned(),
            });
        }
        Ok(Ended::Whole(Box::new(builder)))
    }
}

/// What this program noted when it wrote the file: who counted, the title, and how the records were chosen.
fn restore(origin: &mut Origin, about: &str) {
    let Ok(Value::Object(about)) = serde_json::from_str(about) else { return };
    if let Some(counter) = about.get("counter") {
        origin.counter = counter.as_str().map(str::to_owned);
    }
    let title = about.get("title").and_then(Value::as_str).map(str::to_owned);
    let selection = about.get("selection").filter(|selection| selection.is_object()).map(Value::to_string);
    let notes = [("title", title), ("selection", selection)];
    origin.notes.extend(notes.into_iter().filter_map(|(name, note)| Some((name.to_owned(), note?))));
}

fn unsettled(run: &Run<'_>) -> LoadError {
    LoadError::NoRecords {
        path: run.path.clone(),
        reason: "the order of day and month could not be settled".to_owned(),
        advice: CHOOSE_ORDER,
    }
}

/// How a pass ended.
enum Ended {
    Again(take::Again),
    Whole(Box<DatasetBuilder>),
}
