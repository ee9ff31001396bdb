//! Adds many records to a builder column by column, which is faster than one record after the other. Words and texts may come as bytes,
//! which must be text: whoever cuts them out of a text need not look at their ends once more.

use std::ops::Range;

use super::builder::DatasetBuilder;
use super::growing::{Growing, GrowingCodes, GrowingDates, Numbers, Texts, Words};
use super::{ArticleId, Basis, ChainId, Field, Issue, Listed, Measure, Qualifier, RECORDS_MAX, Vocabulary};
use crate::time::When;

/// Records that are being added together; a place is the number of one among them. Each column is given at most once, and what
/// is not given is null. The records count only after [`Self::end`].
pub struct Block<'b> {
    builder: &'b mut DatasetBuilder,
    /// The row of the file of each record.
    file_rows: &'b [u32],
    first: usize,
}

/// The numbers of a record that has a metric.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockFigure {
    /// The number.
    pub value: Option<f64>,
    /// The lowest number.
    pub low: Option<f64>,
    /// The highest number.
    pub high: Option<f64>,
    /// How it was qualified.
    pub qualifier: Option<Qualifier>,
}

impl DatasetBuilder {
    /// Is there room for so many more records?
    pub fn has_room(&self, records: usize) -> bool {
        self.len + records <= RECORDS_MAX
    }

    /// Begins to add a record for each of these rows of the file. There must be room for them.
    pub fn block<'b>(&'b mut self, file_rows: &'b [u32]) -> Block<'b> {
        let first = self.len;
        Block { builder: self, file_rows, first }
    }
}

impl Block<'_> {
    fn len(&self) -> usize {
        self.file_rows.len()
    }

    /// Counts and lists an issue of one of the records.
    pub fn issue(&mut self, place: usize, issue: Issue) {
        self.builder.issues.push(Listed { issue, row: self.file_rows.get(place).copied(), file: None });
    }

    /// The words of a category of the model.
    pub fn words<'a, W: AsRef<[u8]> + ?Sized + 'a>(&mut self, field: Field, mut word: impl FnMut(usize) -> Option<&'a W>) {
        let (first, file_rows) = (self.first, self.file_rows);
        self.builder.words(field, Words::default).set_all(first, file_rows, |place| word(place).map(AsRef::as_ref));
    }

    /// The values of a closed list.
    pub fn codes<V: Vocabulary>(&mut self, field: Field, mut value: impl FnMut(usize) -> Option<V>) {
        let (first, len) = (self.first, self.len());
        let words = self.builder.words(field, Words::of_list::<V>);
        for place in 0..len {
            if let Some(value) = value(place) {
                words.codes.set(first + place, value.code());
            }
        }
    }

    /// The same value of a closed list for every record.
    pub fn same_code<V: Vocabulary>(&mut self, field: Field, value: V) {
        let (first, len) = (self.first, self.len());
        self.builder.words(field, Words::of_list::<V>).codes.fill(first..first + len, value.code());
    }

    /// The texts of a field of the model.
    pub fn texts<'a, W: AsRef<[u8]> + ?Sized + 'a>(&mut self, field: Field, mut text: impl FnMut(usize) -> Option<&'a W>) {
        let (first, len) = (self.first, self.len());
        let column = self.builder.own[usize::from(field.0)].get_or_insert_with(|| Growing::Texts(Texts::default()));
        let Growing::Texts(texts) = column else { return };
        for place in 0..len {
            if let Some(text) = text(place).map(AsRef::as_ref).filter(|text| !text.is_empty()) {
                texts.set(first + place, text);
            }
        }
    }

    /// The numbers of a field of the model.
    pub fn numbers(&mut self, field: Field, mut number: impl FnMut(usize) -> Option<f64>) {
        let (first, len) = (self.first, self.len());
        let Some(numbers) = numbers_of(&mut self.builder.own[usize::from(field.0)]) else { return };
        for place in 0..len {
            if let Some(number) = number(place).filter(|number| number.is_finite()) {
                numbers.set(first + place, number);
            }
        }
    }

    /// The numbers of a field of the model, one for each record.
    pub fn all_numbers(&mut self, field: Field, numbers: &[f64]) {
        let first = self.first;
        if let Some(own) = numbers_of(&mut self.builder.own[usize::from(field.0)]) {
            own.set_all(first, numbers);
        }
    }

    /// The dates of a field of the model, one for each record.
    pub fn whens(&mut self, field: Field, whens: &[When]) {
        let first = self.first;
        if let Some(dates) = self.growing_dates(field) {
            dates.set_all(first, whens);
        }
    }

    fn growing_dates(&mut self, field: Field) -> Option<&mut GrowingDates> {
        match self.builder.own[usize::from(field.0)].get_or_insert_with(|| Growing::Dates(GrowingDates::default())) {
            Growing::Dates(dates) => Some(dates),
            _ => None,
        }
    }

    /// The dates of a field of the model, each with the text to keep.
    pub fn dates(&mut self, field: Field, mut date: impl FnMut(usize) -> (Option<When>, Option<String>)) {
        let (first, file_rows) = (self.first, self.file_rows);
        let Some(dates) = self.growing_dates(field) else { return };
        for (place, file_row) in file_rows.iter().enumerate() {
            let (when, keep) = date(place);
            if when.is_some() || keep.is_some() {
                dates.set(first + place, when, keep.as_deref(), *file_row);
            }
        }
    }

    /// The figures of one metric, for the records that have one.
    pub fn figures(&mut self, of: (&str, Measure, Basis, Option<&str>), mut figure: impl FnMut(usize) -> Option<BlockFigure>) {
        let (first, len) = (self.first, self.len());
        // Stretches of records that have a figure; nearly always one.
        let mut given: Vec<Range<usize>> = Vec::new();
        let mut qualified: Vec<(usize, Qualifier)> = Vec::new();
        let [value, low, high] = &mut self.builder.own[usize::from(Field::VALUE.0)..=usize::from(Field::HIGH.0)] else { return };
        let (Some(values), Some(lows), Some(highs)) = (numbers_of(value), numbers_of(low), numbers_of(high)) else { return };
        for place in 0..len {
            let Some(figure) = figure(place) else { continue };
            let row = first + place;
            match given.last_mut() {
                Some(last) if last.end == row => last.end += 1,
                _ => given.push(row..row + 1),
            }
            for (numbers, number) in [(&mut *values, figure.value), (&mut *lows, figure.low), (&mut *highs, figure.high)] {
                if let Some(number) = number.filter(|number| number.is_finite()) {
                    numbers.set(row, number);
                }
            }
            qualified.extend(figure.qualifier.map(|qualifier| (row, qualifier)));
        }
        self.metric(of, &given);
        if !qualified.is_empty() {
            let qualifiers = self.builder.words(Field::QUALIFIER, Words::of_list::<Qualifier>);
            for (row, qualifier) in &qualified {
                qualifiers.codes.set(*row, qualifier.code());
            }
        }
    }

    /// The same where every record has a figure, and every figure the same of value, low and high; none is qualified.
    pub fn all_figures(&mut self, of: (&str, Measure, Basis, Option<&str>), [value, low, high]: [Option<&[f64]>; 3]) {
        let rows = self.first..self.first + self.len();
        for (field, numbers) in [(Field::VALUE, value), (Field::LOW, low), (Field::HIGH, high)] {
            if let Some(numbers) = numbers {
                self.all_numbers(field, numbers);
            }
        }
        if !rows.is_empty() {
            self.metric(of, &[rows]);
        }
    }

    /// What stretches of records with a figure have in common.
    fn metric(&mut self, (metric, measure, basis, unit): (&str, Measure, Basis, Option<&str>), given: &[Range<usize>]) {
        let Some(first) = given.first().map(|rows| self.file_rows[rows.start - self.first]) else { return };
        let fill = |words: &mut Words, code: u32| given.iter().for_each(|rows| words.codes.fill(rows.clone(), code));
        for (field, word) in [(Field::METRIC, Some(metric)), (Field::UNIT, unit)] {
            if let Some(word) = word {
                let words = self.builder.words(field, Words::default);
                let code = words.dictionary.code(word, first);
                fill(words, code);
            }
        }
        fill(self.builder.words(Field::MEASURE, Words::of_list::<Measure>), measure.code());
        fill(self.builder.words(Field::BASIS, Words::of_list::<Basis>), basis.code());
    }

    /// The cells of a further column.
    pub fn extra<'a, W: AsRef<[u8]> + ?Sized + 'a>(&mut self, field: Field, mut text: impl FnMut(usize) -> Option<&'a W>) {
        let Some(auto) = self.builder.extra.items.get_mut(usize::from(field.0.saturating_sub(Field::EXTRA_FIRST))) else { return };
        auto.set_all(self.first, self.file_rows, |place| text(place).map(AsRef::as_ref));
    }

    /// The cell of one record in a further column, made when it is new. Places come in ascending order for each column.
    pub fn extra_at(&mut self, name: &str, place: usize, text: &str) {
        self.builder.at_file_row(self.file_rows[place]);
        let field = self.builder.extra_field(name);
        if let Some(auto) = self.builder.extra.items.get_mut(usize::from(field.0.saturating_sub(Field::EXTRA_FIRST)))
            && !text.is_empty()
        {
            auto.set(self.first + place, text.as_bytes(), self.file_rows[place]);
        }
    }

    /// The chain of each record.
    pub fn chains(&mut self, chains: &[Option<ChainId>]) {
        link(&mut self.builder.chain_of, self.first, chains.iter().map(|chain| chain.map(|chain| chain.0)));
    }

    /// The article of each record.
    pub fn articles(&mut self, articles: &[Option<ArticleId>]) {
        link(&mut self.builder.article_of, self.first, articles.iter().map(|article| article.map(|article| article.0)));
    }

    /// The records are whole.
    pub fn end(self) {
        let Self { builder, file_rows, first } = self;
        for (place, file_row) in file_rows.iter().enumerate() {
            builder.file_rows.push((first + place) as u32, *file_row);
        }
        builder.len += file_rows.len();
        if let Some(last) = file_rows.last() {
            builder.behind_file_row(*last);
        }
    }
}

fn numbers_of(column: &mut Option<Growing>) -> Option<&mut Numbers> {
    match column.get_or_insert_with(|| Growing::Numbers(Numbers::default())) {
        Growing::Numbers(numbers) => Some(numbers),
        _ => None,
    }
}

fn link(codes: &mut GrowingCodes, first: usize, links: impl Iterator<Item = Option<u32>>) {
    for (place, link) in links.enumerate() {
        if let Some(link) = link {
            codes.set(first + place, link);
        }
    }
}
