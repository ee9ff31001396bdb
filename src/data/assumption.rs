//! What a reader had to assume about a file, as values: what, why, and the other reading that somebody may choose instead.

use serde::{Deserialize, Serialize};

use super::Basis;
use crate::time::DateOrder;

/// Something that the file does not tell, and that was assumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// The column's name; `None` when it is about the whole file.
    pub column: Option<String>,
    /// What was assumed, such as `day first`.
    pub assumed: String,
    /// Why, or why it is not known.
    pub why: String,
    /// The other reading, as what to read: `month first`, `as running totals`.
    pub other: String,
    /// What makes a reader take the other reading.
    pub change: Otherwise,
}

/// One thing that is to be read otherwise than it would be by itself. Columns and metrics go by their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Otherwise {
    /// Day, month and year of a column's dates stand in this order.
    Order(String, DateOrder),
    /// Years of two digits in a column are in the hundred years from this one.
    FirstYear(String, u16),
    /// A column counts since 1970; so many make a second.
    Epoch(String, i64),
    /// The numbers of a metric cover this.
    Basis(String, Basis),
    /// In a column's numbers a comma is what a point is elsewhere, or it is not.
    DecimalComma(String, bool),
    /// Cells with this code stand for no value, or they are the numbers that they look like.
    Code(String, bool),
    /// Rows that are called totals and are the sum of others are totals, or they are not.
    TotalRows(bool),
    /// This row, from 0, is the header; `None` when there is none.
    Header(Option<u32>),
    /// The numbers of all metrics of a table with one metric a row cover this, but those of metrics that are spoken of by themselves.
    OtherBases(Basis),
}

impl Otherwise {
    /// Are both about the same thing, so that the later one replaces the other?
    pub fn is_about_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Code(one, _), Self::Code(two, _))
            | (Self::Order(one, _), Self::Order(two, _))
            | (Self::FirstYear(one, _), Self::FirstYear(two, _))
            | (Self::Epoch(one, _), Self::Epoch(two, _))
            | (Self::Basis(one, _), Self::Basis(two, _))
            | (Self::DecimalComma(one, _), Self::DecimalComma(two, _)) => one == two,
            (Self::Header(_), Self::Header(_)) | (Self::TotalRows(_), Self::TotalRows(_)) | (Self::OtherBases(_), Self::OtherBases(_)) => {
                true
            }
            _ => false,
        }
    }
}
