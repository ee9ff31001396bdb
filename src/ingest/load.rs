//! Opens an input, finds out what it is, and hands it to its reader.

use std::io::{Chain, Read as _};

use encoding_rs::{Encoding, UTF_8};

use super::documents::{self, Document, Glimpse, Walked, feed, geojson};
use super::error::{CHOOSE_ORDER, LoadError};
use super::feed::{Feed, Input, Meter, Utf8, read_head};
use super::grid::{self, Container};
use super::json::{self, Form, JsonEnd};
use super::native::{self, Native, Pass};
use super::packed::{Inside, bare_name};
use super::rows::{NamedOrder, Rows};
use super::run::Run;
use super::sniff::{self, Charset, HEAD_BYTES, Shape};
use super::table::{self, End};
use super::{Event, Options, presets, several};
use crate::data::{Dataset, DatasetBuilder, Origin, Otherwise, name_without_ending};
use crate::work::{Cancel, Progress};

/// How often a table is read again because a late date tells day and month apart; one more than a table has columns of dates.
const READS_MAX: usize = 8;
/// The presets that can be asked for.
pub fn preset_keys() -> Vec<&'static str> {
    let tables = presets::ALL.iter().map(|preset| preset.key);
    let mut keys: Vec<&str> = [native::FORMAT].into_iter().chain(tables).collect();
    // Some presets are of tables and of documents.
    keys.extend(documents::keys().filter(|key| !presets::ALL.iter().any(|preset| preset.key == *key)));
    keys.push(presets::NONE);
    keys
}
/// The presets that a table of this format can have; of JSON also those of documents.
pub fn preset_keys_of(format: &str) -> Vec<&'static str> {
    let is_json = matches!(format, "json" | "jsonl");
    preset_keys().into_iter().filter(|key| *key != native::FORMAT && (is_json || !is_of_documents(key))).collect()
}

/// Is it the name of a format that no table has?
fn is_of_documents(key: &str) -> bool {
    documents::keys().any(|known| known == key) && !presets::ALL.iter().any(|preset| preset.key == key)
}

/// The endings of files that can be read. What is in a file decides how it is read, not its ending.
pub const EXTENSIONS: &[&str] = &[
    "csv", "tsv", "tab", "psv", "txt", "json", "jsonl", "ndjson", "geojson", "jsonld", "xml", "rss", "atom", "rdf", "xlsx", "xlsm", "xlsb",
    "xls", "ods", "parquet", "arrow", "arrows", "feather", "ipc", "sqlite", "sqlite3", "db", "db3", "gz", "zst", "zip",
];

/// Reads an input to its end.
///
/// `watch` receives snapshots of what was read so far, the first after about a third of a second, then at doubling intervals.
///
/// # Errors
/// Only when there is no record to show; anything less is an issue of the dataset.
pub fn load(
    input: &Input,
    options: &Options,
    watch: &mut (dyn FnMut(Event) + Send),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Dataset, LoadError> {
    match several::resolve(input)? {
        // One file that was found beside others is itself; what was said of those is kept.
        Input::Several { parts, said, .. } if parts.len() == 1 => {
            let (part, input) = &parts[0];
            let mut dataset = load_one(input, &options.of_file(part), watch, cancel, progress)?;
            several::tell_of_one(&mut dataset, &said);
            Ok(dataset)
        }
        Input::Several { name, parts, said } => {
            let one = |(part, input): (&str, &Input), watch: &mut (dyn FnMut(Event) + Send), progress: &Progress| {
                load_one(input, &options.of_file(part), watch, cancel, progress)
            };
            several::load((&name, &parts, &said), options, watch, cancel, progress, &one)
        }
        input => load_one(&input, options, watch, cancel, progress),
    }
}

/// Reads one file to its end.
fn load_one(
    input: &Input,
    options: &Options,
    watch: &mut (dyn FnMut(Event) + Send),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Dataset, LoadError> {
    let mut run = Run::new(input.name(), !options.without_snapshots, watch, cancel, progress);
    let mut dataset = load_in(&mut run, input, options)?;
    dataset.report_alike();
    set_totals_apart(&mut dataset, options);
    Ok(dataset)
}

/// Makes totals of the rows that sum up others, unless somebody chose otherwise. Of a known dataset it is known what its rows are.
pub(super) fn set_totals_apart(dataset: &mut Dataset, options: &Options) {
    let is_refused = options.changes.contains(&Otherwise::TotalRows(false));
    if !is_refused && dataset.origin.preset.is_none() {
        dataset.set_totals_apart();
    }
}

/// Reads one file in a run that somebody else may look into.
pub(super) fn load_in(run: &mut Run<'_>, input: &Input, options: &Options) -> Result<Dataset, LoadError> {
    let cancel = run.cancel;
    if let Some(preset) = options.preset.as_deref().filter(|preset| !preset_keys().contains(preset)) {
        let reason = format!("`{preset}` is not known; choose one of {}", preset_keys().join(", "));
        return Err(LoadError::BadOption { option: "preset", reason });
    }
    let mut feed = input.open(cancel)?;
    run.set_total(feed.total);
    let head = read_head(&mut feed, HEAD_BYTES).map_err(|error| run.failed(&error))?;
    if head.iter().all(u8::is_ascii_whitespace) && head.len() < HEAD_BYTES {
        return Err(match feed.meter.broken() {
            Some(reason) => LoadError::Damaged { path: run.path.clone(), what: "an archive", reason },
            None => LoadError::Empty { path: run.path.clone() },
        });
    }
    if let Some(container) = feed.inside.container.or_else(|| Container::of_head(&head)) {
        return grid::read(run, (input, options), container, (&head, feed));
    }
    let name = feed.inner_name(&run.path);
    let charset = charset(&run.path, &head, options)?;
    let is_whole = head.len() < HEAD_BYTES;
    let text = head_text(&head, charset.encoding);
    let inside = feed.inside.clone();
    let file = File { input, options, charset, head, is_whole, name, inside };
    let asked = options.preset.as_deref();
    let shape = sniff::shape(&file.name, &String::from_utf8_lossy(&text));
    let seen = if matches!(shape, Shape::Json | Shape::JsonLines) { Glimpse::of(&text) } else { Glimpse::Other };
    let form = if shape == Shape::JsonLines { Form::Lines } else { Form::Document };
    match shape {
        Shape::Xml => file.feed(run, feed, &text),
        Shape::Json if asked == Some(native::FORMAT) => {
            let is_loose = !sniff::is_native(&text) && native::is_loose(&seen);
            file.native(run, Some(feed), is_loose)
        }
        Shape::Json if asked.is_none() && sniff::is_native(&text) => file.native(run, Some(feed), false),
        Shape::Json if asked.is_none() && native::is_loose(&seen) => file.native(run, Some(feed), true),
        Shape::Json | Shape::JsonLines => match documents::choose(asked, &seen) {
            Some(document) => match file.document(run, feed, document, form) {
                Err(LoadError::NoRecords { .. }) if asked.is_none() && document.is_loose => file.json(run, None, form, &Glimpse::Other),
                ended => ended,
            },
            None => file.json(run, Some(feed), form, &seen),
        },
        Shape::Table if asked.is_some_and(is_of_documents) => {
            let reason = format!("`{}` is a format of JSON or XML documents, and this file is a table", asked.unwrap_or_default());
            Err(LoadError::BadOption { option: "preset", reason })
        }
        Shape::Table => file.table(run, feed, &text),
    }
}

/// A file's text from its beginning: the first bytes, which were read already, and the rest.
type Text<'a> = Utf8<Chain<&'a [u8], Feed>>;

/// An opened file and what is known of it.
struct File<'a> {
    input: &'a Input,
    options: &'a Options,
    charset: Charset,
    head: Vec<u8>,
    is_whole: bool,
    /// The name of what is read: of the file in an archive, or the file's own.
    name: String,
    /// How it was packed.
    inside: Inside,
}

impl File<'_> {
    fn origin(&self, run: &Run<'_>, format: &str) -> Origin {
        Origin {
            path: run.path.clone(),
            format: format.to_owned(),
            encoding: self.charset.encoding.name().to_ascii_lowercase(),
            notes: self.inside.notes(),
            ..Origin::default()
        }
    }

    fn table(&self, run: &mut Run<'_>, feed: Feed, text: &[u8]) -> Result<Dataset, LoadError> {
        let extension = sniff::extension(&self.name);
        let mut plan = table::plan(run, text, &extension, self.is_whole, self.options)?;
        let delimiter = plan.layout.dialect.delimiter;
        let bytes_total = feed.total;
        let mut feed = Some(feed);
        for _ in 0..READS_MAX {
            let mut origin = self.origin(run, if delimiter == b'\t' { "tsv" } else { "csv" });
            origin.preset = plan.preset.map(|preset| preset.key.to_owned());
            origin.counter = Some(plan.mapping.counter.clone().unwrap_or_else(|| stem(&run.path)));
            origin.notes.push(("delimiter".to_owned(), delimiter_name(delimiter)));
            origin.columns.clone_from(&plan.header);
            let (text, meter) = self.text(run, &mut feed)?;
            match table::read(run, &plan, origin, (text, &meter, bytes_total), self.charset.is_only_ascii)? {
                End::Read(dataset) => {
                    run.understood = self.options.rows_max.map(|_| plan.understood(&run.first_lines));
                    return Ok(*dataset);
                }
                End::Again(again) => plan.learn(again),
            }
        }
        Err(LoadError::NoRecords {
            path: run.path.clone(),
            reason: "the order of day and month could not be settled".to_owned(),
            advice: CHOOSE_ORDER,
        })
    }

    /// The text from the beginning: of the opened feed the first time, then of a new one.
    fn text(&self, run: &Run<'_>, feed: &mut Option<Feed>) -> Result<(Text<'_>, Meter), LoadError> {
        let (head, rest) = match feed.take() {
            Some(feed) => (self.head.as_slice(), feed),
            None => (&[][..], self.input.open(run.cancel)?),
        };
        let meter = rest.meter.clone();
        Ok((Utf8::new(head.chain(rest), self.charset.encoding, meter.clone()), meter))
    }

    /// A document of a known format, which is read twice: what its parts refer to may stand behind them.
    fn document(&self, run: &mut Run<'_>, feed: Feed, document: &'static Document, form: Form) -> Result<Dataset, LoadError> {
        let mut walked = Walked::new(document, self.input, self.options.rows_max);
        let mut feed = Some(feed);
        loop {
            let origin = self.origin(run, if form == Form::Lines { "jsonl" } else { "json" });
            let (text, meter) = self.text(run, &mut feed)?;
            if let Some(dataset) = documents::walk(&mut walked, run, origin, (text, &meter), form)? {
                return Ok(dataset);
            }
        }
    }

    /// A feed, which is read twice: its title may stand behind its items.
    fn feed(&self, run: &mut Run<'_>, opened: Feed, head: &[u8]) -> Result<Dataset, LoadError> {
        let what = match feed::root(head) {
            feed::Root::Feed => None,
            feed::Root::Other if self.options.preset.as_deref() == Some(feed::KEY) => None,
            feed::Root::Html => Some("an HTML page"),
            feed::Root::Other => Some("an XML document that is no feed"),
        };
        if let Some(what) = what {
            return Err(LoadError::Unsupported { path: run.path.clone(), what });
        }
        let mut items = feed::Feed::new(self.options.rows_max);
        let mut opened = Some(opened);
        loop {
            let (text, meter) = self.text(run, &mut opened)?;
            if let Some(dataset) = items.pass(run, self.origin(run, "xml"), (text, &meter))? {
                return Ok(dataset);
            }
        }
    }

    /// A list or lines of objects as a table. Without a feed the file is opened anew.
    fn json(&self, run: &mut Run<'_>, mut feed: Option<Feed>, form: Form, seen: &Glimpse) -> Result<Dataset, LoadError> {
        let is_geojson = geojson::is_geojson(seen);
        let mut orders: Vec<NamedOrder> = Vec::new();
        for _ in 0..READS_MAX {
            let format = match form {
                _ if is_geojson => "geojson",
                Form::Lines => "jsonl",
                Form::Document => "json",
            };
            let mut origin = self.origin(run, format);
            origin.counter = Some(stem(&run.path));
            let wanted = if is_geojson { Some(geojson::LIST) } else { seen.dated_list() };
            let (text, meter) = self.text(run, &mut feed)?;
            let rows = Rows::new(DatasetBuilder::new(origin), self.options, &orders);
            match json::read(run, rows, (text, &meter), form, wanted)? {
                JsonEnd::Read(dataset) => return Ok(*dataset),
                JsonEnd::Again(order) => orders.push(order),
                JsonEnd::Native => return self.native(run, None, false),
            }
        }
        Err(LoadError::NoRecords {
            path: run.path.clone(),
            reason: "the order of day and month could not be settled".to_owned(),
            advice: CHOOSE_ORDER,
        })
    }

    /// The native format. Without a feed the file is opened anew.
    fn native(&self, run: &mut Run<'_>, mut feed: Option<Feed>, is_loose: bool) -> Result<Dataset, LoadError> {
        let mut native = Native::new(DatasetBuilder::new(self.origin(run, "json")), is_loose);
        if let Some(feed) = feed.as_ref().filter(|_| self.options.rows_max.is_some()) {
            // Its fields are fixed: a look at the beginning tells no more.
            return run.finish(native.builder, &feed.meter);
        }
        loop {
            let (text, meter) = self.text(run, &mut feed)?;
            if let Pass::Done = native.pass(run, text, &meter)? {
                return native.finish(run, &meter);
            }
        }
    }
}

fn charset(path: &str, head: &[u8], options: &Options) -> Result<Charset, LoadError> {
    let Some(label) = &options.encoding else {
        return sniff::xml_charset(head).map_or_else(|| sniff::charset(path, head), Ok);
    };
    let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| LoadError::BadOption {
        option: "encoding",
        reason: format!("`{label}` is not known; try utf-8, utf-16le or windows-1252"),
    })?;
    Ok(Charset { encoding, is_only_ascii: false })
}

/// The first bytes as UTF-8, or nearly.
fn head_text(head: &[u8], encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_8 {
        return head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_vec();
    }
    encoding.decode_with_bom_removal(head).0.into_owned().into_bytes()
}

/// May a file of this name be read? Its ending says so.
pub(super) fn is_readable_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| EXTENSIONS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The name of a file without folders and endings: those of its packing and of its format.
pub fn stem(path: &str) -> String {
    let name = bare_name(path.rsplit(['/', '\\']).next().unwrap_or(path));
    let name = name.strip_suffix(".dateline.json").filter(|stem| !stem.is_empty()).unwrap_or(name);
    name_without_ending(name).to_owned()
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        other => char::from(other).to_string(),
    }
}
