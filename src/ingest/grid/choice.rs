//! Chooses the table of a file that has several: the richest one with dates, unless one was asked for; the others are named.

use super::page::Page;
use super::take::{Held, remark};
use super::{Book, Fault, Flow, Sink, TableInfo};
use crate::data::{Issue, Origin};
use crate::ingest::Options;
use crate::ingest::error::{LoadError, in_one_line};
use crate::ingest::mapping::Role;
use crate::ingest::rows::understood;

/// How many tables are looked into.
const TABLES_MAX: usize = 256;
/// How many names a message lists.
const NAMES_LISTED_MAX: usize = 12;

/// The table that is read, and what is to be said about that.
pub(super) struct Choice {
    pub(super) table: usize,
    pub(super) notes: Vec<(String, String)>,
    pub(super) issues: Vec<Issue>,
}

/// Chooses a table.
pub(super) fn choose(book: &mut dyn Book, options: &Options, asked: Option<&str>, path: &str) -> Result<Choice, Fault> {
    let names: Vec<String> = book.tables().iter().map(|table| table.name.clone()).collect();
    let advice = "choose a file that has a table with a row of names and rows under it";
    let none = |reason: &str| Fault::Load(LoadError::NoRecords { path: path.to_owned(), reason: reason.to_owned(), advice });
    if let Some(asked) = asked.filter(|_| names != [""]) {
        let found = names.iter().position(|name| name == asked).or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(asked)));
        let missing = || LoadError::NoSuchTable { path: path.to_owned(), table: asked.to_owned(), names: listed(names.iter().cloned()) };
        let table = found.ok_or_else(|| Fault::Load(missing()))?;
        return Ok(Choice { table, notes: vec![("table".to_owned(), names[table].clone())], issues: Vec::new() });
    }
    match names.as_slice() {
        [] => {
            let remarks: Vec<String> = book.remarks().into_iter().map(|issue| issue.message).collect();
            return Err(none(&std::iter::once("it has no table".to_owned()).chain(remarks).collect::<Vec<_>>().join("; ")));
        }
        [name] => {
            let notes = if name.is_empty() { Vec::new() } else { vec![("table".to_owned(), name.clone())] };
            return Ok(Choice { table: 0, notes, issues: Vec::new() });
        }
        _ => {}
    }
    // What is chosen of the columns of one table tells nothing of which table it is.
    let options = Options { preset: options.preset.clone(), ..Options::default() };
    let tables = survey(book, &options)?;
    let rank = |place: usize| {
        let info = &tables[place];
        let rows = info.rows.unwrap_or(0);
        (rows > 0, info.has_dates && rows > 0, !info.is_hidden, rows, std::cmp::Reverse(place))
    };
    let table = (0..tables.len()).max_by_key(|place| rank(*place)).unwrap_or(0);
    if tables[table].rows == Some(0) {
        return Err(none("no table has rows"));
    }
    let others = tables.iter().enumerate().filter(|(place, _)| *place != table).map(|(_, info)| described(info));
    let others = listed(others);
    let name = tables[table].name.clone();
    let message = format!("the file has {} tables; “{name}” is read, not {others}", tables.len());
    let issues = vec![remark(None, &message, "another one can be chosen")];
    Ok(Choice { table, notes: vec![("table".to_owned(), name), ("other tables".to_owned(), others)], issues })
}

fn described(info: &TableInfo) -> String {
    let rows = match info.rows {
        Some(1) => "1 row".to_owned(),
        Some(rows) => format!("{rows} rows"),
        None => "rows not counted".to_owned(),
    };
    format!("“{}” ({rows}{})", info.name, if info.is_hidden { ", hidden" } else { "" })
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| in_one_line(&name)).collect();
    let more = names.len().saturating_sub(NAMES_LISTED_MAX);
    let shown = names.iter().take(NAMES_LISTED_MAX).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Looks into all tables.
pub(super) fn survey(book: &mut dyn Book, options: &Options) -> Result<Vec<TableInfo>, Fault> {
    (0..book.tables().len().min(TABLES_MAX)).map(|table| look(book, options, table)).collect()
}

/// Looks into one table: its first rows are understood, the rest are counted.
fn look(book: &mut dyn Book, options: &Options, place: usize) -> Result<TableInfo, Fault> {
    let table = book.tables()[place].clone();
    if table.is_view {
        return Ok(TableInfo { name: table.name, rows: None, is_hidden: true, has_dates: false });
    }
    let mut held = Held::default();
    let mut rows = 0_u64;
    let is_known = table.rows.is_some();
    let looked = book.pages(
        place,
        &mut Sink(&mut |page: &mut Page, _| {
            rows += page.len() as u64;
            if !held.is_enough() {
                held.hold(page);
            }
            Ok(if held.is_enough() && is_known { Flow::Stop } else { Flow::Go })
        }),
    );
    match looked {
        // What is broken may still be the best that there is.
        Ok(()) | Err(Fault::Damaged(_)) => {}
        Err(fault) => return Err(fault),
    }
    let head = held.head(table.columns.as_deref(), None);
    let mapping = understood(&mut Origin::default(), options, &head.names, &head.sample).unwrap_or_else(|misfit| misfit.0);
    let has_dates = rows > 0 && (mapping.has_date() || mapping.column(Role::Published).is_some());
    let before = if table.columns.is_some() { 0 } else { head.preamble + usize::from(head.has_header) };
    let rows = table.rows.unwrap_or_else(|| rows.saturating_sub(before as u64));
    Ok(TableInfo { name: table.name, rows: Some(rows), is_hidden: table.is_hidden, has_dates })
}
