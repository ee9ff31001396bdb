//! Takes many rows column by column: the fast way of tables whose rows are one record each. What a row becomes is the same as one by one.

use super::dates::Dated;
use super::rows::TIDY;
use super::{PLACES, Rows, Taker, Taking};
use crate::data::{
    ArticleId, Basis, Block, BlockFigure, ChainId, Credibility, DatasetBuilder, Field, Kind, Likelihood, Status, measure_from_unit,
};
use crate::ingest::mapping::{At, Measured, Role};
use crate::ingest::taker::sources::About;
use crate::time::When;

/// Who said each row, and where it can be read; empty when the table does not tell.
#[derive(Default)]
struct Links {
    chains: Vec<Option<ChainId>>,
    articles: Vec<Option<ArticleId>>,
    /// The dates of publication, where they were needed already.
    published: Option<Published>,
}

/// The dates of publication of some rows.
enum Published {
    /// All of them are written plainly.
    Plain(Vec<When>),
    Any(Vec<Dated>),
}

/// What each gives, when all of them give something.
pub(super) fn all<I, T>(items: impl Iterator<Item = I>, give: impl Fn(I) -> Option<T>) -> Option<Vec<T>> {
    let mut given = Vec::with_capacity(items.size_hint().0);
    for item in items {
        given.push(give(item)?);
    }
    Some(given)
}

impl Taker {
    /// Takes rows of the file. None may have more cells than there are columns.
    pub(in crate::ingest) fn take_block(&mut self, builder: &mut DatasetBuilder, rows: Rows<'_>) {
        if !self.has_one_record_a_row() || !builder.has_room(rows.len()) {
            rows.numbers().zip(rows.iter()).for_each(|(number, row)| self.take(builder, number, row));
            return;
        }
        if rows.len() == 0 {
            return;
        }
        rows.numbers().zip(rows.marks).for_each(|(number, mark)| builder.at_line(number, mark.line));
        let mut taking = Taking::new();
        let mut links = self.take_links(builder, rows, &mut taking);
        let file_rows: Vec<u32> = rows.numbers().collect();
        let mut block = builder.block(&file_rows);
        self.take_extras(&mut block, rows);
        self.take_words(&mut block, rows);
        self.take_codes(&mut block, rows, &mut taking);
        self.take_dates(&mut block, rows, &mut taking, links.published.take());
        for (field, role, most) in [(Field::LAT, Role::Lat, 90.0), (Field::LON, Role::Lon, 180.0)] {
            if let Some(column) = self.columns.get(role) {
                if let Some(numbers) = all(rows.column(column), |cell| self.plain_coordinate(cell, column, most)) {
                    block.all_numbers(field, &numbers);
                    continue;
                }
                block.numbers(field, |place| {
                    taking.at(place, rows.at(place));
                    self.coordinate(&mut taking, role, most)
                });
            }
        }
        if let [measured] = self.mapping.measured.as_slice() {
            self.take_figures(&mut block, rows, measured, &mut taking);
        }
        block.chains(&links.chains);
        block.articles(&links.articles);
        self.set_aside(&mut block, rows, taking);
        block.end();
    }

    /// Does each row make one record, whose fields follow from a column or two each?
    fn has_one_record_a_row(&self) -> bool {
        let is_plain = match self.mapping.measured.as_slice() {
            [] => true,
            [measured] => measured.basis != Basis::Total && measured.at == At::Row && measured.until.is_none(),
            _ => false,
        };
        let is_given = |role: Role| self.columns.get(role).is_some();
        let has_more = TIDY.into_iter().chain([Role::Item, Role::Reports]).any(is_given);
        is_plain && !has_more && self.mapping.title.is_empty() && self.mapping.lists.is_empty()
    }

    fn take_links<'a>(&mut self, builder: &mut DatasetBuilder, rows: Rows<'a>, taking: &mut Taking<'a>) -> Links {
        let mut links = Links::default();
        if !self.has_links() {
            return links;
        }
        let plain = all(rows.iter(), |row| self.plain_published(row));
        let mut published = Vec::new();
        let has_outlets_only = self.is_plainly_sourced() && self.link_columns.is_empty();
        // Only an article has a title.
        let titled = self.columns.get(Role::Title).filter(|_| !self.link_columns.is_empty());
        for (place, (number, row)) in rows.numbers().zip(rows.iter()).enumerate() {
            builder.at_file_row(number);
            taking.at(place, row);
            if has_outlets_only && plain.is_some() {
                links.chains.push(self.chain(builder, taking).1);
                continue;
            }
            let own = plain.as_ref().map_or_else(|| self.published(taking), |plain| plain[place].into());
            let title = titled.and_then(|column| self.plain(row, column));
            let found = self.links(builder, taking, &About { title, published: &own, file_row: number });
            links.chains.push(found.chain);
            links.articles.push(found.article);
            published.push(own);
        }
        links.published = Some(plain.map_or(Published::Any(published), Published::Plain));
        links
    }

    fn take_extras(&self, block: &mut Block<'_>, rows: Rows<'_>) {
        for beside in &self.extras {
            block.extra(beside.field, |place| {
                let cell = rows.bytes(place, beside.column);
                if self.is_value_in(cell, beside.column) {
                    return Some(cell);
                }
                self.beside_or_code(rows.at(place), beside).map(str::as_bytes)
            });
        }
    }

    fn take_words(&self, block: &mut Block<'_>, rows: Rows<'_>) {
        for (field, role) in
            [(Field::ID, Role::Id), (Field::EVENT_ID, Role::EventId), (Field::TITLE, Role::Title), (Field::NOTE, Role::Note)]
        {
            if let Some(column) = self.columns.get(role) {
                block.texts(field, |place| self.cell_at(rows, place, column));
            }
        }
        let words = [(Field::FROM, Role::From), (Field::TO, Role::To), (Field::CATEGORY, Role::Category), (Field::HEDGE, Role::Hedge)];
        for (field, role) in words {
            if let Some(column) = self.columns.get(role) {
                block.words(field, |place| self.cell_at(rows, place, column));
            }
        }
        let places: Vec<usize> = PLACES.iter().filter_map(|role| self.columns.get(*role)).collect();
        if !places.is_empty() {
            block.words(Field::PLACE, |place| places.iter().find_map(|column| self.cell_at(rows, place, *column)));
        }
    }

    /// The bytes of the cell of a column, or of the word that its code stands for.
    #[inline]
    fn cell_at<'s>(&'s self, rows: Rows<'s>, place: usize, column: usize) -> Option<&'s [u8]> {
        let cell = rows.bytes(place, column);
        if self.is_value_in(cell, column) { Some(cell) } else { self.cell_or_code(rows.at(place), column).map(str::as_bytes) }
    }

    fn take_codes<'a>(&self, block: &mut Block<'_>, rows: Rows<'a>, taking: &mut Taking<'a>) {
        if self.columns.get(Role::Kind).is_some() {
            block.codes(Field::KIND, |place| {
                taking.at(place, rows.at(place));
                self.vocabulary::<Kind>(taking, Role::Kind).or(Some(Kind::Event))
            });
        } else {
            block.same_code(Field::KIND, Kind::Event);
        }
        macro_rules! codes {
            ($field:ident, $role:ident, $words:ty) => {
                if self.columns.get(Role::$role).is_some() {
                    block.codes(Field::$field, |place| {
                        taking.at(place, rows.at(place));
                        self.vocabulary::<$words>(taking, Role::$role)
                    });
                }
            };
        }
        codes!(STATUS, Status, Status);
        codes!(LIKELIHOOD, Likelihood, Likelihood);
        codes!(CREDIBILITY, Credibility, Credibility);
    }

    fn take_dates<'a>(&mut self, block: &mut Block<'_>, rows: Rows<'a>, taking: &mut Taking<'a>, published: Option<Published>) {
        // Nearly always all of them are written plainly.
        if let Some(whens) = all(rows.iter(), |row| self.plain_when(row)) {
            block.whens(Field::WHEN, &whens);
        } else {
            block.dates(Field::WHEN, |place| {
                taking.at(place, rows.at(place));
                let Dated { when, keep } = self.when(taking);
                (when, keep)
            });
        }
        if self.columns.get(Role::AsOf).is_some() {
            block.dates(Field::AS_OF, |place| {
                taking.at(place, rows.at(place));
                let Dated { when, keep } = self.date(taking, Role::AsOf);
                (when, keep)
            });
        }
        match published {
            Some(Published::Plain(whens)) => block.whens(Field::PUBLISHED, &whens),
            Some(Published::Any(mut all)) => block.dates(Field::PUBLISHED, |place| {
                let Dated { when, keep } = std::mem::take(&mut all[place]);
                (when, keep)
            }),
            None if self.columns.get(Role::Published).is_some() => block.dates(Field::PUBLISHED, |place| {
                taking.at(place, rows.at(place));
                let Dated { when, keep } = self.published(taking);
                (when, keep)
            }),
            None => {}
        }
    }

    fn take_figures<'a>(&self, block: &mut Block<'_>, rows: Rows<'a>, measured: &Measured, taking: &mut Taking<'a>) {
        let unit = measured.unit.as_deref();
        let of = (measured.metric.as_str(), measure_from_unit(unit), measured.basis, unit);
        if let Some(figures) = self.plain_figures(rows, measured) {
            block.all_figures(of, figures.each_ref().map(Option::as_deref));
            return;
        }
        block.figures(of, |place| {
            taking.at(place, rows.at(place));
            let number = self.measured(taking, measured);
            let figure = BlockFigure { value: number.value, low: number.low, high: number.high, qualifier: number.qualifier };
            number.is_given.then_some(figure)
        });
    }

    /// Lists what there is to say, row by row, and keeps the texts of cells that could not be used.
    fn set_aside(&self, block: &mut Block<'_>, rows: Rows<'_>, taking: Taking<'_>) {
        let Taking { mut notes, mut given, .. } = taking;
        notes.sort_by_key(|(place, _)| *place);
        for (place, issue) in notes {
            block.issue(place, issue);
        }
        given.sort_unstable();
        for (place, column) in given {
            block.extra_at(&self.given_name(column), place, rows.at(place).get(column));
        }
    }
}
