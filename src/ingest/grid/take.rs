//! Takes the pages of a table into a dataset: the first ones decide where the header is and what the columns mean.

use std::collections::VecDeque;

use super::beside::{self, Described};
use super::page::Page;
use crate::data::{Assumption, DatasetBuilder, Issue, IssueKind, Issues, Otherwise, Skip};
use crate::ingest::cells::DateStyle;
use crate::ingest::dialect::{self, SAMPLE_ROWS};
use crate::ingest::error::LoadError;
use crate::ingest::examine::{RawRow, RowKind, SHOWN_ROWS, Understood, note_ignored};
use crate::ingest::guess;
use crate::ingest::mapping::Mapping;
use crate::ingest::rows::{NamedOrder, understood};
use crate::ingest::split::{COLUMNS_MAX, Record};
use crate::ingest::taker::{Row, Taker, shown};
use crate::ingest::{HeaderRow, Options, assume, table};

/// No more text is held back than this until it is decided what the columns mean.
const HELD_BYTES_MAX: usize = 32 << 20;
/// And no more cells.
const HELD_CELLS_MAX: usize = 4 << 20;
/// How many cells of a column are looked at to guess what it means.
const GUESSED_ROWS: usize = 1_000;
/// How many repeated headers are listed one by one; all are counted.
const REPEATED_LISTED_MAX: u64 = 20;

/// What reading has shown to be otherwise than was thought; the table is then read again.
#[derive(Debug)]
pub(super) enum Again {
    /// Day and month of a column stand the other way round.
    Order(NamedOrder),
    /// These columns have values that are no numbers.
    NoNumbers(Vec<String>),
}

/// All that was learnt so.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    orders: Vec<NamedOrder>,
    no_numbers: Vec<String>,
}

impl Learnt {
    pub(super) fn add(&mut self, again: Again) {
        match again {
            Again::Order(order) => self.orders.push(order),
            Again::NoNumbers(names) => self.no_numbers.extend(names),
        }
    }
}

/// Pages that are held back until there are enough of them.
#[derive(Debug, Default)]
pub(super) struct Held {
    pages: VecDeque<Page>,
    rows: usize,
    bytes: usize,
    cells: usize,
}

/// Where the header is, and what stands under it first.
pub(super) struct Head {
    /// Rows before the header.
    pub(super) preamble: usize,
    pub(super) has_header: bool,
    /// The names of the columns, each once.
    pub(super) names: Vec<String>,
    /// The header as it stands.
    header: Record,
    pub(super) sample: guess::Sample,
}

impl Held {
    /// Holds a page back, and leaves an empty one.
    pub(super) fn hold(&mut self, page: &mut Page) {
        self.rows += page.len();
        self.bytes += page.bytes();
        self.cells += page.cells();
        self.pages.push_back(std::mem::take(page));
    }

    /// Are there enough?
    pub(super) fn is_enough(&self) -> bool {
        self.rows >= SAMPLE_ROWS || self.bytes >= HELD_BYTES_MAX || self.cells >= HELD_CELLS_MAX
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.pages.iter().flat_map(|page| (0..page.len()).map(|index| page.row(index)))
    }

    /// Finds the header among the rows, unless somebody chose it; `columns` when the format itself names them.
    pub(super) fn head(&self, columns: Option<&[String]>, chosen: Option<HeaderRow>) -> Head {
        if let Some(columns) = columns {
            let header = Record::of_cells(0, columns.iter().map(String::as_str));
            let names = table::names(&header);
            let sample = sample(self.rows(), names.len(), |_| true);
            return Head { preamble: 0, has_header: false, names, header, sample };
        }
        let records: Vec<Record> = self.rows().filter(|row| !is_blank(*row)).take(SAMPLE_ROWS).map(record_of).collect();
        let layout = dialect::layout_of_rows(records, chosen);
        let header = layout.sample.get(layout.preamble).cloned().unwrap_or_default();
        let width = layout.sample.iter().skip(layout.preamble).map(Record::len).max().unwrap_or(0);
        let mut names = if layout.has_header { table::names(&header) } else { Vec::new() };
        names.extend((names.len()..if layout.has_header { names.len() } else { width }).map(|place| format!("column {}", place + 1)));
        let before = layout.preamble + usize::from(layout.has_header);
        let is_data = |row: Row<'_>| {
            let record = record_of(row);
            !record.equals(&header) && !dialect::is_tag_row(&record)
        };
        let rows = self.rows().filter(|row| !is_blank(*row)).skip(before);
        let sample = sample(rows, names.len(), is_data);
        Head { preamble: layout.preamble, has_header: layout.has_header, names, header, sample }
    }
}

fn sample<'a>(rows: impl Iterator<Item = Row<'a>>, columns: usize, is_data: impl Fn(Row<'a>) -> bool) -> guess::Sample {
    let rows: Vec<Row<'a>> = rows.filter(|row| is_data(*row)).take(GUESSED_ROWS).collect();
    (0..columns).map(|column| rows.iter().map(|row| row.get(column).to_owned()).collect()).collect()
}

fn record_of(row: Row<'_>) -> Record {
    Record::of_cells(row.line, (0..row.cells.len()).map(|cell| row.get(cell)))
}

pub(super) fn is_blank(row: Row<'_>) -> bool {
    (0..row.cells.len()).all(|cell| row.get(cell).trim().is_empty())
}

/// Takes the rows of one table.
pub(super) struct Grid<'o> {
    pub(super) builder: DatasetBuilder,
    options: &'o Options,
    learnt: &'o Learnt,
    /// The names of the columns, where the format has them: then every row is one of data.
    columns: Option<Vec<String>>,
    held: Held,
    /// What another table of the file says of the sources that this one names.
    described: Option<Described>,
    taker: Option<Taker>,
    header: Option<Record>,
    width: usize,
    /// Rows that are still to be passed over: preamble and header.
    before: usize,
    preamble: usize,
    /// The line of the last row that came.
    line: u64,
    rows: u32,
    /// Rows that are none of data: before the header, the header once more, tags, and nothing.
    preamble_left_out: u64,
    repeated: u64,
    tags: u64,
    blank: u64,
    is_settled: bool,
    is_too_wide: bool,
    /// What the first rows leave open.
    assumed: Vec<Assumption>,
    /// What a person is shown of it, when only the beginning is read.
    pub(super) understood: Option<Understood>,
}

impl<'o> Grid<'o> {
    pub(super) fn new(builder: DatasetBuilder, options: &'o Options, learnt: &'o Learnt, columns: Option<Vec<String>>) -> Self {
        Self {
            builder,
            options,
            learnt,
            columns,
            held: Held::default(),
            described: None,
            taker: None,
            header: None,
            width: 0,
            before: 0,
            preamble: 0,
            line: 0,
            rows: 0,
            preamble_left_out: 0,
            repeated: 0,
            tags: 0,
            blank: 0,
            is_settled: false,
            is_too_wide: false,
            assumed: Vec::new(),
            understood: None,
        }
    }

    /// With what another table says of the sources.
    pub(super) fn with_sources(self, described: Option<Described>) -> Self {
        Self { described, ..self }
    }

    /// Were as many rows taken as are wanted?
    pub(super) fn is_enough(&self) -> bool {
        self.options.rows_max.is_some_and(|most| self.rows >= most)
    }

    /// Takes a page; `Some` when what came shows that the table must be read again.
    pub(super) fn page(&mut self, page: &mut Page) -> Result<Option<Again>, LoadError> {
        if self.taker.is_none() {
            self.held.hold(page);
            if !self.held.is_enough() {
                return Ok(None);
            }
            self.decide()?;
        } else {
            self.take(page);
        }
        Ok(self.doubts())
    }

    /// Ends the table.
    pub(super) fn finish(&mut self) -> Result<Option<Again>, LoadError> {
        if self.taker.is_none() {
            self.decide()?;
        }
        if let Some(again) = self.doubts() {
            return Ok(Some(again));
        }
        if let Some(taker) = &self.taker {
            Taker::finish(&[taker], &mut self.builder);
            let mut assumptions = assume::from_dates(taker.mapping(), &Taker::orders(&[taker]));
            assumptions.append(&mut self.assumed);
            self.builder.origin.assumptions = assumptions;
            note_ignored(&mut self.builder.origin, taker.mapping());
        }
        if self.repeated > REPEATED_LISTED_MAX {
            self.builder.origin.notes.push(("repeated headers".to_owned(), self.repeated.to_string()));
        }
        Ok(None)
    }

    fn doubts(&mut self) -> Option<Again> {
        let taker = self.taker.as_ref()?;
        if taker.has_doubts()
            && let Some(reorder) = Taker::reorder(&[taker])
            && let Some(name) = taker.column_name(reorder.column)
        {
            return Some(Again::Order((name.to_owned(), reorder.order)));
        }
        if !self.is_settled && self.builder.len() >= DatasetBuilder::SETTLED_AFTER {
            DatasetBuilder::settle(&mut [&mut self.builder], &self.learnt.no_numbers);
            self.is_settled = true;
        }
        self.builder.has_contradictions().then(|| Again::NoNumbers(DatasetBuilder::contradicted(&[&self.builder])))
    }

    /// Decides what the columns mean, and takes the rows that were held back for it.
    fn decide(&mut self) -> Result<(), LoadError> {
        let head = self.held.head(self.columns.as_deref(), self.options.header);
        let mut remarks = Issues::default();
        let understood = understood(&mut self.builder.origin, self.options, &head.names, &head.sample);
        // All columns are known here: a mapping of others is one of another table.
        let mut mapping = understood.map_err(|misfit| LoadError::BadOption { option: "mapping", reason: misfit.1 })?;
        self.reorder(&mut mapping);
        self.assumed = self.assume(&mapping, &head);
        self.assumed.iter().for_each(|assumption| remarks.push(assume::issue(assumption)));
        if self.options.rows_max.is_some() {
            self.understood = Some(self.understood(&mapping, &head));
        }
        if self.columns.is_none() {
            self.preamble = head.preamble;
            self.before = head.preamble + usize::from(head.has_header);
            self.header = head.has_header.then_some(head.header);
        }
        self.builder.origin.columns = mapping.columns.iter().map(|column| column.name.clone()).collect();
        table::remarks_on_mapping(&mut remarks, &mapping);
        self.builder.append_issues(remarks);
        self.width = mapping.columns.len();
        let mut taker = Taker::new(mapping, &mut self.builder);
        if let Some(described) = self.described.take().filter(|_| self.builder.origin.preset.as_deref() == Some(beside::PRESET)) {
            described.register(&mut self.builder);
            taker.find_sources_by_id();
        }
        self.taker = Some(taker);
        for page in std::mem::take(&mut self.held.pages) {
            self.take(&page);
        }
        self.held = Held::default();
        Ok(())
    }

    /// What the first rows leave open.
    fn assume(&self, mapping: &Mapping, head: &Head) -> Vec<Assumption> {
        let is_known = self.builder.origin.preset.is_some();
        let is_headless = self.columns.is_none() && !head.has_header && !head.names.is_empty() && !is_known;
        let headless = is_headless.then_some(head.preamble as u32);
        let mut assumed = assume::from_sample(mapping, &head.sample, self.options, (headless, is_known));
        // A cell that is a number stands here with a point and nothing else: only a text can have a comma.
        let has_comma = |name: &str| {
            let column = mapping.columns.iter().position(|column| column.name == *name);
            column.and_then(|column| head.sample.get(column)).is_some_and(|cells| cells.iter().any(|cell| cell.contains(',')))
        };
        assumed.retain(|assumption| !matches!(&assumption.change, Otherwise::DecimalComma(name, _) if !has_comma(name)));
        assumed
    }

    /// What a person is shown of the first rows.
    fn understood(&self, mapping: &Mapping, head: &Head) -> Understood {
        let has_names = self.columns.is_some();
        let (mut rows, mut data) = (Vec::new(), 0);
        for (place, row) in self.held.rows().filter(|row| has_names || !is_blank(*row)).enumerate() {
            let kind = match place.checked_sub(head.preamble) {
                _ if has_names => RowKind::Data,
                None => RowKind::Preamble,
                Some(0) if head.has_header => RowKind::Header,
                Some(_) if head.has_header && record_of(row).equals(&head.header) => RowKind::Header,
                Some(_) if head.has_header && data == 0 && dialect::is_tag_row(&record_of(row)) => RowKind::Tags,
                Some(_) => RowKind::Data,
            };
            data += usize::from(kind == RowKind::Data);
            if data > SHOWN_ROWS {
                break;
            }
            rows.push(RawRow { line: row.line, kind, cells: (0..row.cells.len()).map(|cell| row.get(cell).to_owned()).collect() });
        }
        let header = if head.has_header { HeaderRow::Row(head.preamble as u32) } else { HeaderRow::Absent };
        Understood {
            mapping: mapping.clone(),
            preset: self.builder.origin.preset.clone(),
            header: (!has_names && !rows.is_empty()).then_some(header),
            rows,
            ..Understood::default()
        }
    }

    fn reorder(&self, mapping: &mut Mapping) {
        for (name, order) in &self.learnt.orders {
            if let Some(column) = mapping.columns.iter_mut().find(|column| column.name == *name) {
                column.dates = DateStyle::Text(*order);
                column.is_order_known = true;
            }
        }
    }

    fn take(&mut self, page: &Page) {
        self.say_too_wide(page);
        let Some(mut taker) = self.taker.take() else { return };
        for (column, issue) in &page.issues {
            let column = taker.column_name(*column).map_or_else(|| format!("column {}", column + 1), str::to_owned);
            self.builder.issue(Issue { column: Some(column), ..issue.clone() });
        }
        // Rows that wait to be taken together, and the number of the first.
        let (mut first, mut number) = (0, self.rows);
        for index in 0..page.len() {
            let row = page.row(index);
            let is_enough = self.is_enough();
            let seen = if is_enough { Seen::Nothing } else { self.see(row) };
            let is_data = seen == Seen::Data;
            if is_data && row.cells.len() <= self.width {
                self.rows = self.rows.saturating_add(1);
                continue;
            }
            taker.take_block(&mut self.builder, page.some(first..index, number));
            first = index + 1;
            if is_enough {
                first = page.len();
                break;
            }
            if seen == Seen::HeaderAgain {
                self.say_repeated(row);
            }
            if is_data {
                self.say_surplus(row);
                taker.take(&mut self.builder, self.rows, row);
                self.rows = self.rows.saturating_add(1);
            }
            number = self.rows;
        }
        taker.take_block(&mut self.builder, page.some(first..page.len(), number));
        self.taker = Some(taker);
        self.builder.origin.rows = u64::from(self.rows) + self.builder.origin.rejected;
        self.count_skipped();
    }

    /// Counts the rows that were left out.
    fn count_skipped(&mut self) {
        let origin = &mut self.builder.origin;
        (origin.skipped, origin.skips) = (0, Vec::new());
        origin.skip(Skip::Preamble, self.preamble_left_out);
        origin.skip(Skip::RepeatedHeader, self.repeated);
        origin.skip(Skip::TagRow, self.tags);
        origin.skip(Skip::Blank, self.blank);
    }

    /// What a row is. Blank rows, what stands before the header, and the header itself are no data.
    fn see(&mut self, row: Row<'_>) -> Seen {
        if self.columns.is_some() {
            return Seen::Data;
        }
        self.blank += row.line.saturating_sub(self.line + 1);
        self.line = row.line;
        if is_blank(row) {
            self.blank += 1;
            return Seen::Nothing;
        }
        if self.before > 0 {
            self.preamble_left_out += u64::from(self.preamble > 0);
            self.preamble = self.preamble.saturating_sub(1);
            self.before -= 1;
            return Seen::Nothing;
        }
        let Some(header) = &self.header else { return Seen::Data };
        if row.get(0).as_bytes() == header.cell(0) && record_of(row).equals(header) {
            return Seen::HeaderAgain;
        }
        if self.rows == 0 && dialect::is_tag_row(&record_of(row)) {
            self.tags += 1;
            return Seen::Nothing;
        }
        Seen::Data
    }

    fn say_repeated(&mut self, row: Row<'_>) {
        self.repeated += 1;
        if self.repeated <= REPEATED_LISTED_MAX {
            let kind = IssueKind::RepeatedHeader;
            self.builder.issue(Issue { kind, ..remark(Some(row.line), "the header stands here once more", "skipped") });
        } else {
            self.builder.count_issue(IssueKind::RepeatedHeader);
        }
    }

    fn say_surplus(&mut self, row: Row<'_>) {
        let Some(first) = (self.width..row.cells.len()).map(|cell| row.get(cell)).find(|cell| !cell.is_empty()) else { return };
        let message = format!("{} cells where the header has {}", row.cells.len(), self.width);
        let issue = remark(Some(row.line), &message, "the surplus is kept as `extra 1` and so on");
        self.builder.issue(Issue { kind: IssueKind::RaggedRow, value: shown(first), ..issue });
    }

    fn say_too_wide(&mut self, page: &Page) {
        let Some((line, cells)) = page.too_wide else { return };
        if !std::mem::replace(&mut self.is_too_wide, true) {
            let message = format!("the row has {cells} cells; at most {COLUMNS_MAX} are kept");
            let issue = remark(Some(line), &message, "the first ones were kept, here and in later rows");
            self.builder.issue(Issue { kind: IssueKind::TooManyColumns, value: cells.to_string(), ..issue });
        }
    }
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Data,
    /// The header once more.
    HeaderAgain,
    /// Nothing to keep.
    Nothing,
}

/// Something that was assumed.
pub(super) fn remark(line: Option<u64>, message: &str, action: &str) -> Issue {
    Issue { line, column: None, value: String::new(), kind: IssueKind::Assumption, message: message.to_owned(), action: action.to_owned() }
}
