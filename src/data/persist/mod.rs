//! A dataset as plain arrays with a description, and back, so that it can be kept in a file; it knows nothing of files.
//!
//! Columns are arrays with one value a record, in the order of records. Texts are byte arrays of any length: the pieces of text
//! columns as they are, dictionaries, and lists that are too long for the description. Going there copies nothing that is large;
//! coming back copies nothing at all, so that arrays may lie in a mapped file.

mod back;
#[cfg(test)]
pub(in crate::data) mod tests;

use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Int32Array, Int64Array, StringArray, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use serde::{Deserialize, Serialize};

use super::column::{Bytes, Spans};
use super::{Article, Category, Chain, Codes, Column, Dataset, Dates, Field, FieldInfo, Issues, Number, Origin, Records, Source};

/// Why arrays and description are no dataset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub String);

/// A dataset taken apart.
#[derive(Clone, Debug)]
pub struct Plain {
    /// What the arrays mean.
    pub about: About,
    /// One value a record, with a name for people.
    pub columns: Vec<(String, ArrayRef)>,
    /// Texts, dictionaries and long lists.
    pub texts: Vec<BinaryArray>,
}

/// What the arrays of a dataset mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    len: usize,
    dated: usize,
    origin: Origin,
    own: Vec<(Field, Kept)>,
    extra: Vec<(FieldInfo, Kept)>,
    order: Option<ColumnAt>,
    file_rows: TextsAt,
    lines: TextsAt,
    chains_of: Option<KeptCodes>,
    articles_of: Option<KeptCodes>,
    /// The repeated ids, how many rows each has, and the rows.
    repeats: [TextsAt; 3],
    sources: Vec<Source>,
    chains: Vec<Chain>,
    articles: Vec<Article>,
    issues: Issues,
}

/// The number of an array among the columns.
type ColumnAt = usize;
/// The number of an array among the texts.
type TextsAt = usize;

/// Where a column is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Kept {
    Category(KeptCategory),
    Text(Vec<TextsAt>),
    Number { column: ColumnAt, form: NumberForm },
    Dates(KeptDates),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptCategory {
    codes: KeptCodes,
    words: TextsAt,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum KeptCodes {
    Same { code: u32, len: usize },
    Each(ColumnAt),
}

/// How numbers are to be understood.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum NumberForm {
    Plain,
    Decimal(u8),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptDates {
    /// First days and numbers of days, or starts and ends. The first one says which records have a date.
    spans: [ColumnAt; 2],
    precisions: KeptBytes,
    flags: KeptBytes,
    texts: Option<KeptCategory>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum KeptBytes {
    Same(u8),
    Each(ColumnAt),
}

impl About {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the dataset came from; without a hash of the bytes.
    pub fn origin_mut(&mut self) -> &mut Origin {
        &mut self.origin
    }
}

impl Dataset {
    /// Takes it apart. Generation and hash of the bytes stay behind.
    pub fn to_plain(&self) -> Plain {
        let records = &self.records;
        let mut arrays = Arrays::default();
        let own_key = |field: usize| Field::OWN.get(field).map_or("", |own| own.1);
        let own = (0..).zip(&records.own).filter_map(|(field, column)| Some((Field(field), column.as_ref()?)));
        let own = own.map(|(field, column)| (field, arrays.column(own_key(usize::from(field.0)), column))).collect();
        let extra = records.extra.iter().map(|(info, column)| (info.clone(), arrays.column(&info.key, column))).collect();
        let order = records.order.as_ref().map(|order| arrays.push("order", "", Arc::new(UInt32Array::new(order.clone(), None))));
        let about = About {
            len: records.len,
            dated: records.dated,
            origin: self.origin.clone(),
            own,
            extra,
            order,
            file_rows: arrays.list(&records.file_rows.to_bytes()),
            lines: arrays.list(&records.lines.to_bytes()),
            chains_of: records.chains.as_ref().map(|codes| arrays.codes("chain", codes)),
            articles_of: records.articles.as_ref().map(|codes| arrays.codes("article", codes)),
            repeats: arrays.repeats(records),
            sources: self.sources.clone(),
            chains: self.chains.clone(),
            articles: self.articles.clone(),
            issues: self.issues.clone(),
        };
        Plain { about, columns: arrays.columns, texts: arrays.texts }
    }
}

#[derive(Default)]
struct Arrays {
    columns: Vec<(String, ArrayRef)>,
    texts: Vec<BinaryArray>,
}

impl Arrays {
    fn push(&mut self, name: &str, part: &str, array: ArrayRef) -> ColumnAt {
        self.columns.push((format!("{name}{part}"), array));
        self.columns.len() - 1
    }

    fn text(&mut self, array: BinaryArray) -> TextsAt {
        self.texts.push(array);
        self.texts.len() - 1
    }

    fn list(&mut self, bytes: &[u8]) -> TextsAt {
        self.text(BinaryArray::from_vec(vec![bytes]))
    }

    fn column(&mut self, name: &str, column: &Column) -> Kept {
        match column {
            Column::Category(category) => Kept::Category(self.category(name, category)),
            Column::Text(text) => Kept::Text(text.parts().iter().map(|part| self.text(part.clone())).collect()),
            Column::Number(number) => {
                let (array, form): (ArrayRef, NumberForm) = match number {
                    Number::U8(array) => (Arc::new(array.clone()), NumberForm::Plain),
                    Number::U16(array) => (Arc::new(array.clone()), NumberForm::Plain),
                    Number::I32(array) => (Arc::new(array.clone()), NumberForm::Plain),
                    Number::Decimal { unscaled, places } => (Arc::new(unscaled.clone()), NumberForm::Decimal(*places)),
                    Number::F64(array) => (Arc::new(array.clone()), NumberForm::Plain),
                };
                Kept::Number { column: self.push(name, "", array), form }
            }
            Column::Dates(dates) => Kept::Dates(self.dates(name, dates)),
        }
    }

    fn category(&mut self, name: &str, category: &Category) -> KeptCategory {
        let words: StringArray = category.values.as_ref().clone();
        KeptCategory { codes: self.codes(name, &category.codes), words: self.text(words.into()) }
    }

    fn codes(&mut self, name: &str, codes: &Codes) -> KeptCodes {
        let array: ArrayRef = match codes {
            Codes::Same { code, len } => return KeptCodes::Same { code: *code, len: *len },
            Codes::U8(codes) => Arc::new(codes.clone()),
            Codes::U16(codes) => Arc::new(codes.clone()),
            Codes::U32(codes) => Arc::new(codes.clone()),
        };
        KeptCodes::Each(self.push(name, "", array))
    }

    fn dates(&mut self, name: &str, dates: &Dates) -> KeptDates {
        let valid: Option<NullBuffer> = dates.valid.clone();
        let spans = match &dates.spans {
            Spans::Days { starts, lengths } => [
                self.push(name, ".first_day", Arc::new(Int32Array::new(starts.clone(), valid))),
                self.push(name, ".days", Arc::new(UInt16Array::new(lengths.clone(), None))),
            ],
            Spans::Moments { starts, ends } => [
                self.push(name, ".start", Arc::new(Int64Array::new(starts.clone(), valid))),
                self.push(name, ".end", Arc::new(Int64Array::new(ends.clone(), None))),
            ],
        };
        KeptDates {
            spans,
            precisions: self.bytes(name, ".precision", &dates.precisions),
            flags: self.bytes(name, ".marks", &dates.flags),
            texts: dates.texts.as_ref().map(|texts| self.category(&format!("{name}.text"), texts)),
        }
    }

    fn bytes(&mut self, name: &str, part: &str, bytes: &Bytes) -> KeptBytes {
        match bytes {
            Bytes::Same(byte) => KeptBytes::Same(*byte),
            Bytes::Each(bytes) => KeptBytes::Each(self.push(name, part, Arc::new(UInt8Array::new(bytes.clone(), None)))),
        }
    }

    fn repeats(&mut self, records: &Records) -> [TextsAt; 3] {
        let ids: BinaryArray = records.repeats.keys().map(|id| Some(id.as_bytes())).collect();
        let counts: Vec<u8> = records.repeats.values().flat_map(|rows| (rows.len() as u32).to_le_bytes()).collect();
        let rows: Vec<u8> = records.repeats.values().flatten().flat_map(|row| row.to_le_bytes()).collect();
        [self.text(ids), self.list(&counts), self.list(&rows)]
    }
}

/// Numbers of 32 bits that were kept as bytes.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|number| number.try_into().map(u32::from_le_bytes).ok())
}

/// The values of an array that has a value for each record.
type Values<T> = ScalarBuffer<T>;
