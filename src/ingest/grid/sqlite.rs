//! Reads tables of `SQLite` databases without writing anything beside them: read-only, as a file that nobody changes, no extensions.

use std::io::{Cursor, Read as _};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::columns::say;
use super::page::{Page, write_float};
use super::take::remark;
use super::values::write_bytes;
use super::{Book, Fault, Flow, Sink, Table, Whole, guarded};
use crate::data::{Issue, IssueKind};
use crate::ingest::split::COLUMNS_MAX;
use crate::ingest::taker::shown;
use crate::work::Cancel;

/// The longest text or BLOB that is fetched; where there is a longer one, reading stops.
const VALUE_BYTES_MAX: i32 = 256 << 20;
/// After so many steps of the machine inside, it is asked whether to go on.
const STEPS_PER_LOOK: i32 = 10_000;
/// How long the header of a database is.
const HEADER_BYTES: usize = 100;

/// A database.
pub(super) struct Database {
    connection: Connection,
    tables: Vec<Table>,
    remarks: Vec<Issue>,
}

impl Database {
    /// Opens it and lists its tables; views stand behind them, as hidden ones.
    pub(super) fn open(whole: &Whole, cancel: &Cancel) -> Result<Self, Fault> {
        let mut connection = match whole {
            Whole::File(path, _) => open_file(path)?,
            Whole::Memory(bytes) => open_bytes(bytes)?,
        };
        // What stands in the file is not ours: its views may use no function that does anything, and no value may fill the memory.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(of_sqlite)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(of_sqlite)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX).map_err(of_sqlite)?;
        let cancel = cancel.clone();
        connection.progress_handler(STEPS_PER_LOOK, Some(move || cancel.is_cancelled())).map_err(of_sqlite)?;
        // The library falls over names that are no text.
        let tables = guarded(|| tables(&connection).map_err(of_sqlite))?;
        let remarks = if let Whole::File(path, _) = whole { companions(path) } else { Vec::new() };
        Ok(Self { connection, tables, remarks })
    }
}

fn open_file(path: &Path) -> Result<Connection, Fault> {
    let path = std::path::absolute(path)?;
    // An immutable file is one beside which no lock, journal or log is ever made.
    let address = format!("file:{}?mode=ro&immutable=1", percent_encoded(&path));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(address, flags).map_err(of_sqlite)
}

fn open_bytes(bytes: &bytes::Bytes) -> Result<Connection, Fault> {
    let mut header = bytes.get(..HEADER_BYTES).ok_or_else(|| Fault::damaged("it ends within its header"))?.to_vec();
    // In memory there is no log to write ahead, which these two bytes may ask for.
    header[18..20].fill(1);
    let body = bytes.slice(HEADER_BYTES..);
    let mut connection = Connection::open_in_memory().map_err(of_sqlite)?;
    let all = Cursor::new(header).chain(Cursor::new(body));
    connection.deserialize_read_exact(MAIN_DB, all, bytes.len(), true).map_err(of_sqlite)?;
    Ok(connection)
}

fn of_sqlite(error: rusqlite::Error) -> Fault {
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) { Fault::Cancelled } else { Fault::damaged(error) }
}

/// A path as a part of an address.
fn percent_encoded(path: &Path) -> String {
    use std::fmt::Write as _;
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(not(unix))]
    let bytes = format!("/{}", path.to_string_lossy().replace('\\', "/")).into_bytes();
    bytes.iter().fold(String::with_capacity(bytes.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            text.push(char::from(*byte));
        } else {
            write!(text, "%{byte:02X}").unwrap_or_default();
        }
        text
    })
}

/// What lies beside the file and holds changes that are not in it.
fn companions(path: &Path) -> Vec<Issue> {
    let beside = |ending: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        let companion = path.with_file_name(&name);
        std::fs::metadata(companion).is_ok_and(|metadata| metadata.len() > 0).then(|| name.to_string_lossy().into_owned())
    };
    let action = "what was changed last may be missing; close the program that uses the database, or copy it there";
    let log = beside("-wal").map(|name| remark(None, &format!("{name} beside the database holds changes, which are not read"), action));
    let journal = beside("-journal").map(|name| remark(None, &format!("{name} tells that somebody is writing to the database"), action));
    log.into_iter().chain(journal).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let query = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') \
                 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(query)?;
    let named: Vec<(String, bool)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)? == "view")))?.collect::<Result<_, _>>()?;
    // The list has no order of its own; the schema has that in which the tables were made.
    let mut order = connection.prepare("SELECT name FROM sqlite_schema")?;
    let order: Vec<String> = order.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = Vec::new();
    for (name, is_view) in named {
        let columns = connection.prepare(&format!("SELECT * FROM {}", quoted(&name)));
        // A view that does not fit its tables any more is no table.
        let Ok(columns) = columns.map(|statement| statement.column_names().map(str::to_owned).collect()) else { continue };
        tables.push(Table { name, is_hidden: is_view, is_view, columns: Some(columns), rows: None });
    }
    tables.sort_by_key(|table| (table.is_hidden, order.iter().position(|name| *name == table.name)));
    for table in tables.iter_mut().filter(|table| !table.is_hidden) {
        let count = connection.query_row(&format!("SELECT count(*) FROM {}", quoted(&table.name)), [], |row| row.get::<_, i64>(0));
        table.rows = count.ok().and_then(|rows| u64::try_from(rows).ok());
    }
    Ok(tables)
}

impl Book for Database {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn remarks(&self) -> Vec<Issue> {
        self.remarks.clone()
    }

    fn pages(&mut self, table: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(table) = self.tables.get(table) else { return Ok(()) };
        let columns = table.columns.as_ref().map_or(0, Vec::len);
        let mut statement = self.connection.prepare(&format!("SELECT * FROM {}", quoted(&table.name))).map_err(of_sqlite)?;
        let mut rows = statement.query([]).map_err(of_sqlite)?;
        let mut page = Page::default();
        let mut line = 0;
        loop {
            let row = match guarded(|| rows.next().map_err(of_sqlite)) {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(fault) => return sink.page(&mut page, None).and(Err(fault)),
            };
            line += 1;
            page.begin(line);
            for column in 0..columns.min(COLUMNS_MAX) {
                if let Ok(value) = row.get_ref(column) {
                    put(&mut page, (line, column), value);
                }
            }
            if page.is_full() {
                if sink.page(&mut page, None)? == Flow::Stop {
                    return Ok(());
                }
                page.clear();
            }
        }
        if page.is_empty() { Ok(()) } else { sink.page(&mut page, None).map(|_| ()) }
    }
}

fn put(page: &mut Page, (line, column): (u64, usize), value: ValueRef<'_>) {
    let mut oddity = None;
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(number) => _ = page.put(column, |out| out.push_str(&number.to_string())),
        ValueRef::Real(number) => _ = page.put(column, |out| write_float(number, out)),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            if matches!(text, std::borrow::Cow::Owned(_)) {
                let message = "bytes that are not UTF-8".to_owned();
                page.issue((line, column), shown(&text), IssueKind::InvalidText, message, "shown as \u{fffd}");
            }
            page.put(column, |out| out.push_str(&text));
        }
        ValueRef::Blob(bytes) => {
            page.put(column, |out| oddity = write_bytes(bytes, out).err());
        }
    }
    if let Some(oddity) = oddity {
        say(page, (line, column), &oddity);
    }
}
