//! Makes a dataset of rows whose cells have names, from whatever format they come: the first ones decide what the columns mean.

use rustc_hash::FxHashMap;

use super::cells::DateStyle;
use super::documents::geojson::Centred;
use super::examine::{RawRow, RowKind, SHOWN_ROWS, Understood, note_ignored};
use super::guess;
use super::mapping::{Mapping, Role};
use super::split::COLUMNS_MAX;
use super::taker::{Row, Taker, shown};
use super::{Options, assume, presets};
use crate::data::{Assumption, DatasetBuilder, Issue, IssueKind, Origin};
use crate::time::DateOrder;

/// How many rows are looked at to guess what the columns are.
const SAMPLE_ROWS: usize = 4_000;

/// The cells of one row, before there is a mapping.
struct Held {
    line: u64,
    text: String,
    cells: Vec<(u32, u32)>,
}

/// Makes rows of cells that have names, column by column as the names appear.
pub(super) struct Rows<'o> {
    pub(super) builder: DatasetBuilder,
    options: &'o Options,
    orders: &'o [(String, DateOrder)],
    names: Vec<String>,
    index: FxHashMap<String, usize>,
    cells: Vec<String>,
    held: Vec<Held>,
    taker: Option<Taker>,
    /// How many rows it has taken.
    pub(super) taken: u32,
    has_too_many: bool,
    pub(super) reorder: Option<NamedOrder>,
    /// What the first rows leave open.
    assumed: Vec<Assumption>,
    /// What a person is shown of it, when only the beginning is read.
    pub(super) understood: Option<Understood>,
    /// The shapes of `GeoJSON` that were no points.
    pub(super) centred: Centred,
}

/// What the columns of these names mean: by the preset that was asked for or fits, by the mapping that was given, else by a guess. A mapping that was given
/// and does not fit is an error, beside what would be meant without it.
pub(super) fn understood(
    origin: &mut Origin,
    options: &Options,
    names: &[String],
    sample: &guess::Sample,
) -> Result<Mapping, Box<(Mapping, String)>> {
    let mut mapping = guess::guess(names, sample);
    let seen = presets::Seen::new(names, sample, true);
    if let Some(preset) = presets::choose(options.preset.as_deref(), &seen, &mut mapping) {
        origin.preset = Some(preset.key.to_owned());
    }
    let fitted = options.mapping_for(mapping.clone());
    if let Some(counter) = fitted.as_ref().map_or(&mapping.counter, |fitted| &fitted.counter) {
        origin.counter = Some(counter.clone());
    }
    fitted.map_err(|reason| Box::new((mapping, reason)))
}

/// A column whose order of day and month was assumed wrongly.
pub(super) type NamedOrder = (String, DateOrder);

impl<'o> Rows<'o> {
    pub(super) fn new(builder: DatasetBuilder, options: &'o Options, orders: &'o [NamedOrder]) -> Self {
        Self {
            builder,
            options,
            orders,
            names: Vec::new(),
            index: FxHashMap::default(),
            cells: Vec::new(),
            held: Vec::new(),
            taker: None,
            taken: 0,
            has_too_many: false,
            reorder: None,
            assumed: Vec::new(),
            understood: None,
            centred: Centred::default(),
        }
    }

    /// Puts text into a cell of the row; a column that is new is added.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        let column = match self.index.get(name) {
            Some(column) => *column,
            None if self.names.len() >= COLUMNS_MAX => {
                self.too_many(name);
                return;
            }
            None => {
                let column = self.names.len();
                self.names.push(name.to_owned());
                self.index.insert(name.to_owned(), column);
                if let Some(taker) = &mut self.taker {
                    taker.add_column(name, &mut self.builder);
                }
                column
            }
        };
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        let cell = &mut self.cells[column];
        if !cell.is_empty() && !text.is_empty() {
            // Two keys of one object can come to the same name, such as `a.b` and `b` inside `a`.
            cell.push_str("; ");
        }
        cell.push_str(text);
    }

    fn too_many(&mut self, name: &str) {
        if !std::mem::replace(&mut self.has_too_many, true) {
            self.builder.issue(Issue {
                line: None,
                column: Some(shown(name)),
                value: String::new(),
                kind: IssueKind::TooManyColumns,
                message: format!("there are more than {COLUMNS_MAX} columns"),
                action: "the first ones were kept".to_owned(),
            });
        }
    }

    /// Were as many rows taken as are wanted?
    pub(super) fn is_enough(&self) -> bool {
        self.options.rows_max.is_some_and(|most| self.taken >= most)
    }

    /// Starts a row.
    pub(super) fn begin(&mut self) {
        for cell in &mut self.cells {
            cell.clear();
        }
    }

    /// Ends a row: takes it, or holds it back until there are enough to guess what the columns mean.
    pub(super) fn end(&mut self, line: u64) {
        let mut text = String::with_capacity(self.cells.iter().map(String::len).sum());
        let mut cells = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            let start = text.len() as u32;
            text.push_str(cell);
            cells.push((start, text.len() as u32));
        }
        if let Some(taker) = &mut self.taker {
            taker.take(&mut self.builder, self.taken, Row { line, text: &text, cells: &cells });
            self.taken = self.taken.saturating_add(1);
            self.settle();
            return;
        }
        self.held.push(Held { line, text, cells });
        if self.held.len() >= self.options.rows_max.map_or(SAMPLE_ROWS, |most| SAMPLE_ROWS.min(most as usize)) {
            self.decide();
        }
    }

    fn settle(&mut self) {
        if let Some(taker) = self.taker.as_ref().filter(|taker| taker.has_doubts())
            && let Some(reorder) = Taker::reorder(&[taker])
            && let Some(name) = self.names.get(reorder.column)
        {
            self.reorder.get_or_insert_with(|| (name.clone(), reorder.order));
        }
    }

    /// Guesses what the columns mean, and takes the rows that were held back for it.
    fn decide(&mut self) {
        let rows = |column: usize| {
            self.held.iter().map(move |held| Row { line: held.line, text: &held.text, cells: &held.cells }.get(column).to_owned()).collect()
        };
        let sample: guess::Sample = (0..self.names.len()).map(rows).collect();
        let mut mapping = match understood(&mut self.builder.origin, self.options, &self.names, &sample) {
            Ok(mapping) => mapping,
            // A key that the first rows lack may come later: what there is is read as it was guessed.
            Err(misfit) => {
                let (guessed, reason) = *misfit;
                self.say(IssueKind::Assumption, reason, "the mapping was not used");
                guessed
            }
        };
        self.reordered(&mut mapping);
        self.assumed = assume::from_sample(&mapping, &sample, self.options, (None, self.builder.origin.preset.is_some()));
        for assumption in &self.assumed {
            self.builder.issue(assume::issue(assumption));
        }
        for remark in assume::remarks(&mapping) {
            self.builder.issue(remark);
        }
        if !mapping.has_date() && !self.held.is_empty() && mapping.column(Role::Published).is_none() {
            self.say(IssueKind::Assumption, "no key with dates was found".to_owned(), "every record is undated");
        }
        if self.options.rows_max.is_some() {
            self.understood = Some(self.understood(&mapping));
        }
        note_ignored(&mut self.builder.origin, &mapping);
        let mut taker = Taker::new(mapping, &mut self.builder);
        for held in std::mem::take(&mut self.held) {
            taker.take(&mut self.builder, self.taken, Row { line: held.line, text: &held.text, cells: &held.cells });
            self.taken = self.taken.saturating_add(1);
        }
        self.taker = Some(taker);
        self.settle();
    }

    /// Says something about the whole.
    fn say(&mut self, kind: IssueKind, message: String, action: &str) {
        let action = action.to_owned();
        self.builder.issue(Issue { line: None, column: None, value: String::new(), kind, message, action });
    }

    fn understood(&self, mapping: &Mapping) -> Understood {
        let rows = self.held.iter().take(SHOWN_ROWS).map(|held| {
            let row = Row { line: held.line, text: &held.text, cells: &held.cells };
            let cells = (0..self.names.len()).map(|column| row.get(column).to_owned()).collect();
            RawRow { line: held.line, kind: RowKind::Data, cells }
        });
        let preset = self.builder.origin.preset.clone();
        Understood { mapping: mapping.clone(), preset, rows: rows.collect(), ..Understood::default() }
    }

    fn reordered(&self, mapping: &mut Mapping) {
        for (name, order) in self.orders {
            if let Some(column) = mapping.columns.iter_mut().find(|column| column.name == *name) {
                column.dates = DateStyle::Text(*order);
                column.is_order_known = true;
            }
        }
    }

    /// Takes what was held back, and says what is to be said at the end.
    pub(super) fn finish(&mut self) {
        if self.taker.is_none() {
            self.decide();
        }
        if let Some(taker) = &self.taker {
            Taker::finish(&[taker], &mut self.builder);
            let mut assumptions = assume::from_dates(taker.mapping(), &Taker::orders(&[taker]));
            assumptions.append(&mut self.assumed);
            self.builder.origin.assumptions = assumptions;
            self.builder.origin.rows = u64::from(self.taken) + self.builder.origin.rejected;
            self.builder.origin.columns.clone_from(&self.names);
        }
    }
}
