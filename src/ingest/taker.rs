//! Takes the rows of a table into a dataset by a mapping: a bad cell never rejects its row, and nothing is dropped without an issue.

mod block;
mod dates;
mod marks;
mod numbers;
mod parts;
mod reports;
mod rows;
mod sources;
mod years;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

pub(super) use self::dates::{FIRST_YEAR, OrderSeen};
use self::marks::Marks;
use super::cells::{NumberStyle, is_value, short_number, trim};
use super::mapping::{ColumnMap, Mapping, Role, TitlePart};
use super::split::Mark;
use crate::data::{ChainId, DatasetBuilder, Dictionary, Field, Issue, IssueKind, SourceId, Vocabulary};
use crate::time::DateOrder;

/// How much of a cell an issue shows.
const SHOWN_CHARS_MAX: usize = 120;
/// What gives the place, the nearest first.
const PLACES: [Role; 3] = [Role::Place, Role::Region, Role::Country];

/// What says more about an event date than its own columns.
const BESIDE_DATES: [Role; 5] = [Role::Time, Role::EndYear, Role::EndTime, Role::Precision, Role::Display];

/// A row of text cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// The line on which it starts.
    pub(super) line: u64,
    /// The text in which all cells are.
    pub(super) text: &'a str,
    /// Where each cell starts and ends.
    pub(super) cells: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    /// The bytes of a cell; none beyond the last one.
    #[inline]
    pub(super) fn bytes(self, index: usize) -> &'a [u8] {
        self.cells.get(index).and_then(|(start, end)| self.text.as_bytes().get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// A cell; empty beyond the last one.
    #[inline]
    pub(super) fn get(self, index: usize) -> &'a str {
        self.cells.get(index).and_then(|(start, end)| self.text.get(*start as usize..*end as usize)).unwrap_or_default()
    }
}

/// Rows of one text that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    /// The text in which all cells are.
    text: &'a str,
    /// The cells of these rows and of others.
    cells: &'a [(u32, u32)],
    /// Where each row is among the cells.
    marks: &'a [Mark],
    /// The number of the first one among the rows of data.
    number: u32,
    /// Where the cells of the first row are, and how many each row has, when all have as many and stand one behind the other.
    even: Option<(usize, usize)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a str, cells: &'a [(u32, u32)], marks: &'a [Mark], number: u32) -> Self {
        let even = marks.first().map(|mark| (mark.first_cell as usize, mark.cells as usize)).filter(|(first, width)| {
            let expected = (*first..).step_by((*width).max(1));
            marks.iter().zip(expected).all(|(mark, first)| mark.first_cell as usize == first && mark.cells as usize == *width)
        });
        Self { text, cells, marks, number, even }
    }

    fn len(self) -> usize {
        self.marks.len()
    }

    /// Their numbers among the rows of data.
    fn numbers(self) -> impl Iterator<Item = u32> {
        (self.number..).take(self.len())
    }

    /// A row.
    #[inline]
    fn at(self, place: usize) -> Row<'a> {
        Self::row(self.text, self.cells, self.marks[place])
    }

    /// The bytes of a cell; none beyond the last one of its row.
    #[inline]
    fn bytes(self, place: usize, column: usize) -> &'a [u8] {
        let range = match self.even {
            Some((first, width)) => self.cells.get(first + place * width + column).filter(|_| column < width),
            None => self
                .marks
                .get(place)
                .and_then(|mark| self.cells.get(mark.first_cell as usize + column).filter(|_| column < mark.cells as usize)),
        };
        range.and_then(|(start, end)| self.text.as_bytes().get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// The bytes of the cells of a column.
    fn column(self, column: usize) -> impl Iterator<Item = &'a [u8]> {
        (0..self.len()).map(move |place| self.bytes(place, column))
    }

    fn iter(self) -> impl Iterator<Item = Row<'a>> {
        let Self { text, cells, marks, .. } = self;
        marks.iter().map(move |mark| Self::row(text, cells, *mark))
    }

    #[inline]
    fn row(text: &'a str, cells: &'a [(u32, u32)], mark: Mark) -> Row<'a> {
        let first = mark.first_cell as usize;
        Row { line: mark.line, text, cells: cells.get(first..first + mark.cells as usize).unwrap_or_default() }
    }
}

/// The order of day and month was assumed wrongly; the file must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reorder {
    pub(super) column: usize,
    pub(super) order: DateOrder,
}

/// The columns of the roles, looked up once.
#[derive(Clone, Debug)]
struct Columns([Option<usize>; 64]);

impl Columns {
    fn of(mapping: &Mapping) -> Self {
        let mut columns = [None; 64];
        for (index, column) in mapping.columns.iter().enumerate() {
            let slot = &mut columns[column.role as usize];
            if slot.is_none() {
                *slot = Some(index);
            }
        }
        Self(columns)
    }

    fn get(&self, role: Role) -> Option<usize> {
        self.0[role as usize]
    }
}

/// A column that is kept as a field.
#[derive(Clone, Copy, Debug)]
struct Beside {
    column: usize,
    field: Field,
    is_numeric: bool,
    has_words: bool,
}

/// Takes rows.
pub(super) struct Taker {
    mapping: Mapping,
    columns: Columns,
    marks: Marks,
    extras: Vec<Beside>,
    /// Fields made of several columns, each with the place of its list in the mapping.
    lists: Vec<(usize, Field)>,
    surplus: Vec<Field>,
    /// The names of sources, and for each the source and the chain of it alone.
    names: Dictionary,
    sources: Vec<(SourceId, Option<ChainId>)>,
    /// The same by their names in lower case.
    sources_by_lower: FxHashMap<String, (SourceId, Option<ChainId>)>,
    /// What cells said that name one source.
    said: sources::SaidBefore,
    /// Is what names a source the id of one that was described beforehand, with its article?
    has_described: bool,
    /// The columns of all who said so, and of all addresses.
    source_columns: Vec<usize>,
    link_columns: Vec<usize>,
    /// Of each metric, the date that its column stands for, and the end of the series.
    fixed: Vec<numbers::Fixed>,
    /// Of each column the numbers that stand for no value in it.
    codes: Vec<Vec<f64>>,
    /// Of each column, does every value stand for itself: no codes, and no marks but the usual ones?
    is_plain: Vec<bool>,
    orders: BTreeMap<usize, OrderSeen>,
    has_doubts: bool,
    /// Is the event date given by its dates alone, without a column beside that says more?
    has_plain_dates: bool,
}

/// The row that is being taken, and what there is to say and to keep of it.
#[derive(Debug)]
struct Taking<'a> {
    row: Row<'a>,
    /// Its place among the rows that are taken together.
    place: usize,
    /// What there is to say, each with the place of its row.
    notes: Vec<(usize, Issue)>,
    /// Cells that could not be used, whose text is kept beside: the place of their row, and their column.
    given: Vec<(usize, usize)>,
}

impl<'a> Taking<'a> {
    fn new() -> Self {
        Self { row: Row { line: 0, text: "", cells: &[] }, place: 0, notes: Vec::new(), given: Vec::new() }
    }

    fn at(&mut self, place: usize, row: Row<'a>) {
        (self.place, self.row) = (place, row);
    }

    fn issue(&mut self, column: &str, value: &str, kind: IssueKind, message: String, action: &str) {
        let issue = Issue {
            line: Some(self.row.line),
            column: Some(column.to_owned()),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        };
        self.notes.push((self.place, issue));
    }
}

/// The beginning of a long text.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The name under which a column of the file becomes a field: not one of the model's own.
pub(super) fn field_name(name: &str) -> String {
    let is_own = Field::OWN.iter().any(|own| own.1 == name);
    if is_own { format!("{name}_column") } else { name.to_owned() }
}

impl Taker {
    pub(super) fn new(mapping: Mapping, builder: &mut DatasetBuilder) -> Self {
        let of_role = |role: Role| (0..mapping.columns.len()).filter(|column| mapping.columns[*column].role == role).collect();
        let mut taker = Self {
            columns: Columns::of(&mapping),
            marks: Marks::of(&mapping.missing),
            extras: Vec::new(),
            lists: Vec::new(),
            surplus: Vec::new(),
            names: Dictionary::default(),
            sources: Vec::new(),
            said: sources::SaidBefore::default(),
            sources_by_lower: FxHashMap::default(),
            has_described: false,
            source_columns: of_role(Role::Source),
            link_columns: of_role(Role::Link),
            fixed: mapping.measured.iter().map(numbers::Fixed::of).collect(),
            codes: mapping.columns.iter().map(codes_of).collect(),
            is_plain: Vec::new(),
            orders: BTreeMap::new(),
            has_doubts: false,
            has_plain_dates: false,
            mapping: Mapping::default(),
        };
        for (index, column) in mapping.columns.iter().enumerate() {
            // A list in a cell is kept whole, beside what is made of its entries.
            if column.role.is_kept_beside() || column.separator.is_some() {
                let field = builder.extra_field(&field_name(&column.name));
                let has_words = column.role == Role::Extra && !column.words.is_empty();
                taker.extras.push(Beside { column: index, field, is_numeric: column.is_numeric, has_words });
            }
        }
        for (index, list) in mapping.lists.iter().enumerate() {
            taker.lists.push((index, builder.extra_field(&field_name(&list.name))));
        }
        taker.is_plain = mapping.columns.iter().map(|column| column.words.is_empty() && taker.marks.is_empty()).collect();
        taker.mapping = mapping;
        taker.has_plain_dates = !BESIDE_DATES.iter().any(|role| taker.columns.get(*role).is_some());
        taker
    }

    /// Adds a column that was not in the first rows.
    pub(super) fn add_column(&mut self, name: &str, builder: &mut DatasetBuilder) {
        let field = builder.extra_field(&field_name(name));
        self.extras.push(Beside { column: self.mapping.columns.len(), field, is_numeric: false, has_words: false });
        self.codes.push(Vec::new());
        self.is_plain.push(self.marks.is_empty());
        self.mapping.columns.push(ColumnMap { name: name.to_owned(), ..Default::default() });
    }

    /// The name of a column, if there is one.
    pub(super) fn column_name(&self, column: usize) -> Option<&str> {
        self.mapping.columns.get(column).map(|column| column.name.as_str())
    }

    /// What its columns mean.
    pub(super) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    fn name(&self, column: usize) -> &str {
        self.mapping.columns.get(column).map_or("", |column| column.name.as_str())
    }

    /// The name of the field that keeps the text of cells of a column that could not be used.
    fn given_name(&self, column: usize) -> String {
        format!("{} (as given)", self.name(column))
    }

    /// Keeps the text of a cell that could not be used, in a field beside.
    #[allow(clippy::unused_self, reason = "reads like the other steps of taking a row")]
    fn keep_given(&self, taking: &mut Taking<'_>, column: usize) {
        taking.given.push((taking.place, column));
    }

    /// The cell of a column that is a value and stands for itself, as most do; `None` says nothing.
    #[inline]
    fn value<'a>(&self, row: Row<'a>, column: usize) -> Option<&'a str> {
        let cell = row.get(column);
        self.is_value_in(cell.as_bytes(), column).then_some(cell)
    }

    #[inline]
    fn is_value_in(&self, cell: &[u8], column: usize) -> bool {
        self.is_plain.get(column) == Some(&true) && is_value(cell)
    }

    /// The cell of a column as it stands; `None` where it says that there is nothing.
    #[inline]
    fn plain<'a>(&self, row: Row<'a>, column: usize) -> Option<&'a str> {
        self.value(row, column).or_else(|| self.plain_or_mark(row, column))
    }

    #[inline(never)]
    fn plain_or_mark<'a>(&self, row: Row<'a>, column: usize) -> Option<&'a str> {
        let cell = trim(row.get(column));
        (!self.marks.says_nothing(cell) && !self.is_code(column, cell)).then_some(cell)
    }

    /// The cell of a column, or the word that its code stands for.
    #[inline]
    fn cell<'s>(&'s self, row: Row<'s>, column: usize) -> Option<&'s str> {
        self.value(row, column).or_else(|| self.cell_or_code(row, column))
    }

    #[inline(never)]
    fn cell_or_code<'s>(&'s self, row: Row<'s>, column: usize) -> Option<&'s str> {
        let words = self.mapping.columns.get(column).map_or(&[][..], |map| &map.words);
        match meaning(words, row.get(column)) {
            Some(word) => Some(word).filter(|word| !word.is_empty()),
            None => self.plain_or_mark(row, column),
        }
    }

    /// Does a number stand for no value in this column?
    fn is_code_number(&self, column: usize, number: f64) -> bool {
        self.codes.get(column).is_some_and(|codes| codes.contains(&number))
    }

    /// Does a cell hold such a number?
    fn is_code(&self, column: usize, cell: &str) -> bool {
        self.codes.get(column).is_some_and(|codes| {
            !codes.is_empty() && short_number(trim(cell), NumberStyle::Point).is_some_and(|number| codes.contains(&number))
        })
    }

    fn word<'s>(&'s self, row: Row<'s>, role: Role) -> Option<&'s str> {
        self.cell(row, self.columns.get(role)?)
    }

    /// A cell that is kept as a field, or the word that its code stands for.
    #[inline]
    fn beside<'s>(&'s self, row: Row<'s>, beside: &Beside) -> Option<&'s str> {
        self.value(row, beside.column).or_else(|| self.beside_or_code(row, beside))
    }

    #[inline(never)]
    fn beside_or_code<'s>(&'s self, row: Row<'s>, beside: &Beside) -> Option<&'s str> {
        let cell = row.get(beside.column);
        if cell.is_empty()
            || self.is_code(beside.column, cell)
            || (beside.is_numeric && self.marks.says_nothing(cell))
            || self.marks.is_text(cell)
        {
            return None;
        }
        if !beside.has_words {
            return Some(cell);
        }
        meaning(&self.mapping.columns[beside.column].words, cell).or(Some(cell)).filter(|word| !word.is_empty())
    }

    fn place<'s>(&'s self, row: Row<'s>) -> Option<&'s str> {
        PLACES.iter().find_map(|role| self.word(row, *role))
    }

    /// The title that the columns make together, where no column has one.
    fn composed(&self, row: Row<'_>) -> Option<String> {
        let (mut text, mut between) = (String::new(), "");
        for part in &self.mapping.title {
            let column = match part {
                TitlePart::Between(given) => {
                    between = given;
                    continue;
                }
                TitlePart::Otherwise(_) if !text.is_empty() => continue,
                TitlePart::Column(column) | TitlePart::Otherwise(column) => *column,
            };
            if let Some(cell) = self.cell(row, column) {
                if !text.is_empty() {
                    text.push_str(between);
                }
                text.push_str(cell);
                between = " ";
            }
        }
        (!text.is_empty()).then_some(text)
    }

    fn vocabulary<V: Vocabulary>(&self, taking: &mut Taking<'_>, role: Role) -> Option<V> {
        let column = self.columns.get(role)?;
        let word = self.word(taking.row, role)?;
        let value = V::parse(word);
        if value.is_none() {
            let known = V::ALL.iter().map(|value| value.key()).collect::<Vec<_>>().join(", ");
            taking.issue(
                self.name(column),
                word,
                IssueKind::UnknownWord,
                format!("not one of {known}"),
                "left empty; the text is kept beside",
            );
            self.keep_given(taking, column);
        }
        value
    }
}

/// The numbers that stand for no value in a column.
fn codes_of(column: &ColumnMap) -> Vec<f64> {
    let nothing = column.words.iter().filter(|(_, word)| word.is_empty());
    nothing.filter_map(|(code, _)| short_number(code, NumberStyle::Point)).collect()
}

/// What a code stands for; `None` where it is no code.
fn meaning<'w>(words: &'w [(String, String)], cell: &str) -> Option<&'w str> {
    if words.is_empty() {
        return None;
    }
    let cell = trim(cell);
    let code = cell.strip_suffix(".0").unwrap_or(cell);
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, word)| word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_beyond_its_row_is_none_of_the_next_one() {
        let text = "abcdef";
        let cells: Vec<(u32, u32)> = (0..6).map(|start| (start, start + 1)).collect();
        for (widths, is_even) in
            [(&[2, 2, 2][..], true), (&[2, 1, 3], false), (&[0, 3, 3], false), (&[0, 0], false), (&[0], true), (&[], false)]
        {
            let mut first = 0;
            let marks: Vec<Mark> = widths
                .iter()
                .map(|width| {
                    let mark = Mark { line: 1, first_cell: first, cells: *width };
                    first += width;
                    mark
                })
                .collect();
            let rows = Rows::new(text, &cells, &marks, 0);
            assert_eq!(rows.even.is_some(), is_even, "{widths:?}");
            for column in 0..4 {
                let expected: Vec<&[u8]> = rows.iter().map(|row| row.bytes(column)).collect();
                assert_eq!(rows.column(column).collect::<Vec<_>>(), expected, "{widths:?}");
            }
        }
    }
}
