//! Reads workbooks, XLSX, XLSB, XLS and ODS: the cells of a sheet in the order of the file, dates and times as ISO 8601.

use std::io::Read as _;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx, XlsxError};
use zip::ZipArchive;

use super::bounds::{LAID_OUT_MAX, ods_cells, xls_cells, xls_goes_round};
use super::page::{Page, write_float};
use super::values::{write_clock, write_day};
use super::{Book, Bytes, Container, Fault, Flow, Sink, Table, Whole, guarded};
use crate::data::IssueKind;
use crate::ingest::error::{gigabytes, in_one_line};
use crate::ingest::packed::{EXPANSION_FREE_BYTES, EXPANSION_MAX};
use crate::time::DAY_US;

/// All parts of a workbook may have so many bytes when they are unpacked: the largest sheets that Excel can save have a few.
const PARTS_BYTES_MAX: u64 = 8 << 30;
/// Texts, styles and what else is held in memory may have so many.
const HELD_BYTES_MAX: u64 = 1 << 30;
/// Formats that are read as a whole, all sheets at once with all the cells between the used ones, may be so large: a few times this in memory.
const WHOLE_BYTES_MAX: u64 = 128 << 20;
/// Days of the serial number 0 since 1970-01-01, in workbooks that count from 1900 and from 1904.
const DAYS_1900: i64 = -25_569;
const DAYS_1904: i64 = -24_107;

type Input = Box<dyn Bytes>;

enum Sheets {
    Xlsx(Box<Xlsx<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

/// A workbook.
pub(super) struct Workbook {
    sheets: Sheets,
    is_1904: bool,
    tables: Vec<Table>,
}

impl Workbook {
    /// Reads what is common to all sheets.
    pub(super) fn open(whole: &Whole, container: Container) -> Result<Self, Fault> {
        if matches!(container, Container::Xlsx | Container::Xlsb | Container::Ods) {
            guarded(|| check_parts(whole.reader()?, container))?;
        } else if whole.len() > WHOLE_BYTES_MAX {
            return Err(Fault::damaged(format!("it has {} bytes; at most {WHOLE_BYTES_MAX} are read of this format", whole.len())));
        }
        if container == Container::Xls {
            let mut file = Vec::new();
            whole.reader()?.read_to_end(&mut file)?;
            if xls_goes_round(&file) {
                return Err(Fault::damaged("a chain of its sectors comes back to itself"));
            }
            check_cells(xls_cells(&file).unwrap_or(0))?;
        }
        let file = whole.reader()?;
        let (sheets, is_1904) = guarded(|| match container {
            Container::Xlsx => Xlsx::new(file).map_err(of_xlsx).map(|book| (book.has_1904_epoch(), Sheets::Xlsx(Box::new(book)))),
            Container::Xlsb => Xlsb::new(file).map_err(Fault::damaged).map(|book| (book.has_1904_epoch(), Sheets::Xlsb(Box::new(book)))),
            Container::Ods => Ods::new(file).map_err(of_ods).map(|book| (false, Sheets::Ods(Box::new(book)))),
            _ => Xls::new(file).map_err(of_xls).map(|book| (book.has_1904_epoch(), Sheets::Xls(Box::new(book)))),
        })
        .map(|(is_1904, sheets)| (sheets, is_1904))?;
        let metadata = match &sheets {
            Sheets::Xlsx(book) => book.sheets_metadata(),
            Sheets::Xlsb(book) => book.sheets_metadata(),
            Sheets::Xls(book) => book.sheets_metadata(),
            Sheets::Ods(book) => book.sheets_metadata(),
        };
        let tables = metadata
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| Table {
                name: sheet.name.clone(),
                is_hidden: sheet.visible != SheetVisible::Visible,
                is_view: false,
                columns: None,
                rows: None,
            })
            .collect();
        Ok(Self { sheets, is_1904, tables })
    }
}

fn of_xlsx(error: XlsxError) -> Fault {
    if matches!(error, XlsxError::Password) { Fault::Locked } else { Fault::damaged(error) }
}

fn of_xls(error: XlsError) -> Fault {
    if matches!(error, XlsError::Password) { Fault::Locked } else { Fault::damaged(error) }
}

fn of_ods(error: calamine::OdsError) -> Fault {
    if matches!(error, calamine::OdsError::Password) { Fault::Locked } else { Fault::damaged(error) }
}

/// Is so much in the parts of the archive that reading it would fill the memory? Each part is unpacked once to count its bytes, because
/// what the archive says of them need not be true.
fn check_parts(input: Input, container: Container) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(input).map_err(Fault::damaged)?;
    let (mut all, mut packed, mut held) = (0_u64, 0_u64, 0_u64);
    for index in 0..archive.len() {
        // What cannot be unpacked is for the reader to complain about, if it needs it at all.
        let Ok(mut part) = archive.by_index(index) else { continue };
        let name = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase();
        let is_read = ["xml", "bin", "rels"].iter().any(|ending| name.rsplit('.').next() == Some(*ending)) && !name.contains("/media/");
        if !is_read {
            continue;
        }
        let is_sheet = container != Container::Ods && name.contains("worksheets/");
        packed += part.compressed_size();
        let limit = packed.saturating_mul(EXPANSION_MAX).clamp(EXPANSION_FREE_BYTES, PARTS_BYTES_MAX).saturating_sub(all);
        let limit = if is_sheet {
            limit
        } else {
            limit.min(if container == Container::Ods { WHOLE_BYTES_MAX } else { HELD_BYTES_MAX }.saturating_sub(held))
        };
        // A part that is broken off is for the reader to find.
        let bytes = if container == Container::Ods && name == "content.xml" {
            let mut content = Vec::new();
            part.by_ref().take(limit + 1).read_to_end(&mut content).unwrap_or(0);
            check_cells(ods_cells(&content))?;
            content.len() as u64
        } else {
            std::io::copy(&mut part.by_ref().take(limit + 1), &mut std::io::sink()).unwrap_or(0)
        };
        if bytes > limit {
            return Err(Fault::expands(format!(
                "more than {} come out of {}, in the part {}",
                gigabytes(all + limit),
                gigabytes(packed),
                in_one_line(&name)
            )));
        }
        all += bytes;
        held += if is_sheet { 0 } else { bytes };
    }
    Ok(())
}

fn check_cells(cells: u64) -> Result<(), Fault> {
    if cells <= LAID_OUT_MAX {
        return Ok(());
    }
    Err(Fault::expands(format!("its sheets reach over {cells} cells; at most {LAID_OUT_MAX} can be laid out")))
}

impl Book for Workbook {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn pages(&mut self, table: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(name) = self.tables.get(table).map(|table| table.name.clone()) else { return Ok(()) };
        let mut rows = Rows { page: Page::default(), line: None, is_1904: self.is_1904, sink };
        match &mut self.sheets {
            Sheets::Xlsx(book) => return xlsx_cells(book, &name, rows),
            Sheets::Xlsb(book) => {
                let mut cells = guarded(|| book.worksheet_cells_reader(&name).map_err(Fault::damaged))?;
                loop {
                    match guarded(|| cells.next_cell().map_err(Fault::damaged)) {
                        Ok(Some(cell)) => {
                            let (row, column) = cell.get_position();
                            if rows.cell(row, column, cell.get_value())? == Flow::Stop {
                                return Ok(());
                            }
                        }
                        Ok(None) => break,
                        Err(fault) => return rows.finish().and(Err(fault)),
                    }
                }
            }
            Sheets::Xls(book) => return rows.range(&guarded(|| book.worksheet_range(&name).map_err(of_xls))?),
            Sheets::Ods(book) => return rows.range(&guarded(|| book.worksheet_range(&name).map_err(of_ods))?),
        }
        rows.finish()
    }
}

/// Hands on the cells of a sheet. A formula that breaks its rules is no reason to leave out the cells behind it: these are then read without
/// a look at formulas.
fn xlsx_cells(book: &mut Xlsx<Input>, sheet: &str, mut rows: Rows<'_, '_>) -> Result<(), Fault> {
    let mut taken = 0_u64;
    let mut cells = guarded(|| book.worksheet_cells_reader(sheet).map_err(of_xlsx))?;
    while let Ok(found) = guarded(|| cells.next_cell_with_formula_metadata().map_err(of_xlsx)) {
        let Some(cell) = found else { return rows.finish() };
        taken += 1;
        let (row, column) = cell.pos;
        let has_result = cell.formula.is_none() || !matches!(cell.value, DataRef::Empty);
        let flow = if has_result { rows.cell(row, column, &cell.value) } else { rows.no_result(row, column, sheet) };
        if flow? == Flow::Stop {
            return Ok(());
        }
    }
    drop(cells);
    let mut cells = guarded(|| book.worksheet_cells_reader(sheet).map_err(of_xlsx))?;
    loop {
        match guarded(|| cells.next_cell().map_err(of_xlsx)) {
            Ok(Some(_)) if taken > 0 => taken -= 1,
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                if rows.cell(row, column, cell.get_value())? == Flow::Stop {
                    return Ok(());
                }
            }
            Ok(None) => return rows.finish(),
            Err(fault) => return rows.finish().and(Err(fault)),
        }
    }
}

/// Puts cells together to rows.
struct Rows<'s, 'k> {
    page: Page,
    line: Option<u32>,
    is_1904: bool,
    sink: &'s mut Sink<'k>,
}

impl Rows<'_, '_> {
    fn range(mut self, range: &Range<Data>) -> Result<(), Fault> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            if self.cell(first_row + row as u32, first_column + column as u32, &as_ref(value))? == Flow::Stop {
                return Ok(());
            }
        }
        self.finish()
    }

    /// Takes a cell: row and column are counted from 0.
    fn cell(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<Flow, Fault> {
        if matches!(value, DataRef::Empty) {
            return Ok(Flow::Go);
        }
        if self.begin(row)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        let line = u64::from(row) + 1;
        if let DataRef::Error(error) = value {
            let text = error.to_string();
            // This one says that there is no value, as a cell without a formula could.
            if text != "#N/A" {
                let message = "a formula that has no result".to_owned();
                self.page.issue((line, column as usize), text, IssueKind::NoResult, message, "left empty");
            }
            return Ok(Flow::Go);
        }
        let is_1904 = self.is_1904;
        self.page.put(column as usize, |out| write_cell(value, is_1904, out));
        Ok(Flow::Go)
    }

    /// Begins the row of a cell, when it is a new one.
    fn begin(&mut self, row: u32) -> Result<Flow, Fault> {
        if self.line == Some(row) {
            return Ok(Flow::Go);
        }
        if self.page.is_full() {
            if self.sink.page(&mut self.page, None)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            self.page.clear();
        }
        self.page.begin(u64::from(row) + 1);
        self.line = Some(row);
        Ok(Flow::Go)
    }

    /// Says that a formula has no result in the file: programs that write workbooks without working them out leave it away.
    fn no_result(&mut self, row: u32, column: u32, sheet: &str) -> Result<Flow, Fault> {
        let flow = self.begin(row)?;
        if flow == Flow::Go {
            let message = format!("the formula in {}!{}{} has no stored result", in_one_line(sheet), letters(column), u64::from(row) + 1);
            let action = "left empty; open the workbook in a spreadsheet program and save it there";
            self.page.issue((u64::from(row) + 1, column as usize), String::new(), IssueKind::NoResult, message, action);
        }
        Ok(flow)
    }

    fn finish(mut self) -> Result<(), Fault> {
        if !self.page.is_empty() {
            self.sink.page(&mut self.page, None)?;
        }
        Ok(())
    }
}

/// The letters of a column, counted from 0: A to Z, AA, AB …
fn letters(column: u32) -> String {
    let (mut rest, mut letters) = (column, Vec::new());
    loop {
        letters.push(char::from(b'A' + (rest % 26) as u8));
        match (rest / 26).checked_sub(1) {
            Some(more) => rest = more,
            None => return letters.iter().rev().collect(),
        }
    }
}

fn as_ref(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(time) => DataRef::DateTime(*time),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn write_cell(value: &DataRef<'_>, is_1904: bool, out: &mut String) {
    match value {
        DataRef::Int(number) => out.push_str(&number.to_string()),
        DataRef::Float(number) => write_float(*number, out),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        DataRef::DateTime(time) => write_serial(*time, is_1904, out),
        DataRef::Error(_) | DataRef::Empty => {}
    }
}

/// A serial number: the day, the time of day, both, or how long something took, by its format and its value.
fn write_serial(time: ExcelDateTime, is_1904: bool, out: &mut String) {
    const SERIAL_MAX: f64 = 2_958_466.0;
    /// The number is not exact to more than this.
    const STEP_US: i64 = 1_000;
    let serial = time.as_f64();
    let is_date = time.is_datetime() && (0.0..SERIAL_MAX).contains(&serial);
    if !serial.is_finite() || (!is_date && serial.abs() > SERIAL_MAX) || (time.is_datetime() && !is_date) {
        return write_float(serial, out);
    }
    let us = (serial * DAY_US as f64 / STEP_US as f64).round() as i64 * STEP_US;
    if time.is_duration() {
        out.push_str(if us < 0 { "-" } else { "" });
        return write_clock(us.abs(), out);
    }
    let (day, of_day) = (us.div_euclid(DAY_US), us.rem_euclid(DAY_US));
    if day == 0 && !is_1904 {
        return write_clock(of_day, out);
    }
    // Days before March 1900 are one off, because this calendar has a 29th of February 1900, as another program once had.
    let leap = i64::from(!is_1904 && day < 60);
    write_day(day + leap + if is_1904 { DAYS_1904 } else { DAYS_1900 }, out);
    if of_day != 0 {
        out.push('T');
        write_clock(of_day, out);
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn text(serial: f64, kind: ExcelDateTimeType, is_1904: bool) -> String {
        let mut out = String::new();
        write_serial(ExcelDateTime::new(serial, kind, is_1904), is_1904, &mut out);
        out
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn serial_numbers_are_days_times_or_both_in_either_calendar() {
        let date = |serial, is_1904| text(serial, ExcelDateTimeType::DateTime, is_1904);
        assert_eq!(date(45_943.0, false), "2025-10-13");
        assert_eq!(date(45_943.541, false), "2025-10-13T12:59:02.4");
        assert_eq!(date(44_481.0, true), "2025-10-13");
        assert_eq!([date(1.0, false), date(59.0, false), date(61.0, false)], ["1900-01-01", "1900-02-28", "1900-03-01"]);
        assert_eq!(date(0.75, false), "18:00:00");
        assert_eq!(date(44_927.999_999_999, false), "2023-01-02");
        assert_eq!(date(9e9, false), "9000000000");
        assert_eq!(text(1.5, ExcelDateTimeType::TimeDelta, false), "36:00:00");
    }
}
