//! How many bytes records take, column by column, beside the letters of their texts; it looks at nothing but lengths.

use arrow_array::Array as _;

use super::column::{Bytes, Spans};
use super::{Category, Codes, Column, Dates, Field, Number, Records};

impl Records {
    /// The bytes of each structure that has some, by name: columns of the model and of the file, and what puts them in order. Letters of
    /// texts are left out: [`super::Text::bytes`] tells them.
    pub fn sizes(&self) -> Vec<(String, usize)> {
        let own = Field::OWN.iter().zip(&self.own).filter_map(|(own, column)| Some((own.1.to_owned(), column_bytes(column.as_ref()?))));
        let extra = self.extra.iter().map(|(info, column)| (info.key.clone(), column_bytes(column)));
        let links = [("chains", &self.chains), ("articles", &self.articles)];
        let links = links.into_iter().filter_map(|(name, codes)| Some((name.to_owned(), codes_bytes(codes.as_ref()?))));
        let order = self.order.as_ref().map(|order| ("order".to_owned(), order.inner().capacity()));
        let file_rows = std::iter::once(("file_rows".to_owned(), self.file_rows.bytes()));
        let lines = std::iter::once(("lines".to_owned(), self.lines.bytes()));
        own.chain(extra).chain(links).chain(order).chain(file_rows).chain(lines).filter(|(_, bytes)| *bytes > 0).collect()
    }
}

fn column_bytes(column: &Column) -> usize {
    match column {
        Column::Category(category) => category_bytes(category),
        Column::Text(text) => text.parts().iter().map(|part| part.get_buffer_memory_size() - part.values().capacity()).sum(),
        Column::Number(number) => match number {
            Number::U8(array) => array.get_buffer_memory_size(),
            Number::U16(array) => array.get_buffer_memory_size(),
            Number::I32(array) | Number::Decimal { unscaled: array, .. } => array.get_buffer_memory_size(),
            Number::F64(array) => array.get_buffer_memory_size(),
        },
        Column::Dates(dates) => dates_bytes(dates),
    }
}

fn category_bytes(category: &Category) -> usize {
    codes_bytes(&category.codes) + category.values.get_buffer_memory_size()
}

fn codes_bytes(codes: &Codes) -> usize {
    match codes {
        Codes::Same { .. } => 0,
        Codes::U8(array) => array.get_buffer_memory_size(),
        Codes::U16(array) => array.get_buffer_memory_size(),
        Codes::U32(array) => array.get_buffer_memory_size(),
    }
}

fn dates_bytes(dates: &Dates) -> usize {
    let each = |bytes: &Bytes| match bytes {
        Bytes::Same(_) => 0,
        Bytes::Each(bytes) => bytes.inner().capacity(),
    };
    let spans = match &dates.spans {
        Spans::Days { starts, lengths } => starts.inner().capacity() + lengths.inner().capacity(),
        Spans::Moments { starts, ends } => starts.inner().capacity() + ends.inner().capacity(),
    };
    let valid = dates.valid.as_ref().map_or(0, |valid| valid.buffer().capacity());
    spans + valid + each(&dates.precisions) + each(&dates.flags) + dates.texts.as_ref().map_or(0, category_bytes)
}

#[cfg(test)]
mod tests {
    use crate::data::{DatasetBuilder, DateDraft, Draft, Origin};
    use crate::time::parse_edtf;

    #[test]
    fn columns_tell_their_bytes_without_the_letters_of_texts_and_those_of_one_value_take_no_codes() {
        let mut builder = DatasetBuilder::new(Origin::default());
        for n in 0..1_000_u32 {
            // Backwards, so that records stand in another order than in the file.
            let date = format!("{}-01-01", 3_000 - n);
            let (id, actor) = (format!("{n} {}", "x".repeat(100)), format!("actor {}", n % 300));
            let when = DateDraft { when: parse_edtf(&date).ok(), keep: None };
            builder.push(&Draft { id: Some(&id), when, from: Some(&actor), value: Some(f64::from(n % 7)), ..Draft::default() });
        }
        let sizes = builder.snapshot(1, true).records.sizes();
        let bytes = |name: &str| sizes.iter().find(|(own, _)| own == name).map(|(_, bytes)| *bytes);
        assert!((4_000..8_000).contains(&bytes("id").unwrap()), "offsets alone: {sizes:?}");
        assert!((2_000..12_000).contains(&bytes("from").unwrap()), "two bytes each and three hundred words: {sizes:?}");
        assert!((6_000..7_000).contains(&bytes("when").unwrap()), "{sizes:?}");
        assert!((1_000..1_200).contains(&bytes("value").unwrap()), "{sizes:?}");
        assert!((4_000..4_200).contains(&bytes("order").unwrap()), "{sizes:?}");
        assert!(bytes("kind").unwrap() < 2_000, "the words of the list alone: {sizes:?}");
    }
}
