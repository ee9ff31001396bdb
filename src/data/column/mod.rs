//! Columns: dictionary-coded categories, text in shared buffers, narrow numbers, dates. All by row, all nullable.

mod category;
mod dates;
mod number;
mod text;

pub use category::{Category, Codes};
pub use dates::{Dates, Days};
pub use number::Number;
pub use text::{Text, TextSlice};

pub(in crate::data) use category::NULL_CODE;
pub(in crate::data) use dates::{Bytes, Spans};
pub(in crate::data) use number::PLACES_MAX;

/// A column of one kind or another.
#[derive(Clone, Debug)]
pub enum Column {
    /// Dictionary codes.
    Category(Category),
    /// Free text.
    Text(Text),
    /// Numbers.
    Number(Number),
    /// Dates.
    Dates(Dates),
}

impl Column {
    /// Has the row no value?
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Category(column) => column.code(row).is_none(),
            Self::Text(column) => column.get(row).is_none(),
            Self::Number(column) => column.get(row).is_none(),
            Self::Dates(column) => column.span(row).is_none(),
        }
    }

    /// How many rows have a value.
    pub fn present(&self) -> usize {
        match self {
            Self::Category(column) => column.len() - column.nulls(),
            Self::Text(column) => column.len() - column.nulls(),
            Self::Number(column) => column.len() - column.nulls(),
            Self::Dates(column) => column.len() - column.nulls(),
        }
    }
}
