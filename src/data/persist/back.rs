//! Arrays and a description become a dataset again. They are not trusted: whatever they hold, the result is a sound dataset or none.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array as _, ArrayRef, ArrowPrimitiveType, BinaryArray, PrimitiveArray, StringArray};

use super::{About, ColumnAt, Damaged, Kept, KeptBytes, KeptCategory, KeptCodes, KeptDates, NumberForm, Plain, TextsAt, Values, numbers};
use crate::data::column::{Bytes, PLACES_MAX, Spans};
use crate::data::lines::Lines;
use crate::data::places::FileRows;
use crate::data::{
    Article, Category, Chain, Codes, Column, Dataset, Dates, Digest, Field, Number, Origin, RECORDS_MAX, Records, Row, Text,
};
use crate::work::map_each;

fn damaged<T>(what: &str) -> Result<T, Damaged> {
    Err(Damaged(what.to_owned()))
}

impl Dataset {
    /// Puts one together again.
    ///
    /// # Errors
    /// When the arrays do not fit each other or the description. That every code has a word and every place a record is looked up in
    /// one pass over them, in parallel.
    pub fn from_plain(plain: Plain, generation: u64) -> Result<Self, Damaged> {
        let Plain { about, columns, texts } = plain;
        let about_len = about.len;
        if about_len > RECORDS_MAX || about.dated > about_len || columns.iter().any(|(_, array)| array.len() != about_len) {
            return damaged("columns of unequal length");
        }
        check_links(&about)?;
        let mut parts = Parts { len: about_len, columns: &columns, texts: &texts, order: None, checks: Vec::new() };
        let records = parts.records(&about)?;
        let is_sound = map_each(parts.checks, Check::passes);
        if is_sound.contains(&false) {
            return damaged("a code without a word");
        }
        let About { origin, sources, chains, articles, issues, .. } = about;
        let origin = Origin { sha256: Digest::default(), ..origin };
        Ok(Self { generation, is_complete: true, origin, records, sources, chains, articles, issues })
    }
}

/// Do chains and articles name only sources and articles that are there?
fn check_links(about: &About) -> Result<(), Damaged> {
    let sources = about.sources.len();
    let is_chain_sound = |chain: &Chain| chain.0.iter().all(|source| (source.0 as usize) < sources);
    let is_article_sound = |article: &Article| {
        article.publisher.is_none_or(|source| (source.0 as usize) < sources)
            && article.related.iter().all(|related| (related.article.0 as usize) < about.articles.len())
    };
    if about.chains.iter().all(is_chain_sound) && about.articles.iter().all(is_article_sound) {
        Ok(())
    } else {
        damaged("a link to nothing")
    }
}

/// A pass over an array that is still to be made.
enum Check {
    /// Every code that is set lies below the bound.
    Codes(Codes, usize),
    /// Every number does.
    Places(Values<u32>, usize),
}

impl Check {
    fn passes(self) -> bool {
        // Codes of records without a value are small too, but for columns without a single word.
        fn all_below<T: ArrowPrimitiveType<Native: Copy + Ord + Default + Into<u32>>>(codes: &PrimitiveArray<T>, bound: usize) -> bool {
            let most = codes.values().iter().copied().fold(T::Native::default(), Ord::max);
            (most.into() as usize) < bound || codes.iter().flatten().all(|code| (code.into() as usize) < bound)
        }
        match self {
            Self::Codes(Codes::Same { code, len }, bound) => len == 0 || (code as usize) < bound,
            Self::Codes(Codes::U8(codes), bound) => all_below(&codes, bound),
            Self::Codes(Codes::U16(codes), bound) => all_below(&codes, bound),
            Self::Codes(Codes::U32(codes), bound) => all_below(&codes, bound),
            Self::Places(places, bound) => places.is_empty() || (places.iter().copied().fold(0, u32::max) as usize) < bound,
        }
    }
}

struct Parts<'a> {
    len: usize,
    columns: &'a [(String, ArrayRef)],
    texts: &'a [BinaryArray],
    order: Option<Values<u32>>,
    checks: Vec<Check>,
}

impl Parts<'_> {
    fn records(&mut self, about: &About) -> Result<Records, Damaged> {
        if let Some(at) = about.order {
            let order = self.values::<UInt32Type>(at)?;
            self.checks.push(Check::Places(order.clone(), self.len));
            self.order = Some(order);
        }
        let file_rows = FileRows::from_bytes(self.list(about.file_rows)?, self.len as u32);
        let lines = Lines::from_bytes(self.list(about.lines)?);
        let mut records = Records {
            len: self.len,
            dated: about.dated,
            own: vec![None; Field::OWN.len()],
            order: self.order.clone(),
            file_rows: file_rows.ok_or_else(|| Damaged("rows of the file that are none".to_owned()))?,
            lines: lines.ok_or_else(|| Damaged("lines of the file that are none".to_owned()))?,
            chains: self.links(about.chains_of.as_ref(), about.chains.len())?,
            articles: self.links(about.articles_of.as_ref(), about.articles.len())?,
            repeats: self.repeats(about.repeats)?,
            ..Records::default()
        };
        for (field, kept) in &about.own {
            match records.own.get_mut(usize::from(field.0)) {
                Some(place) => *place = Some(self.column(kept)?),
                None => return damaged("a field that does not exist"),
            }
        }
        for (place, (info, kept)) in about.extra.iter().enumerate() {
            if usize::from(info.field.0) != usize::from(Field::EXTRA_FIRST) + place {
                return damaged("a column out of place");
            }
            records.extra.push((info.clone(), self.column(kept)?));
        }
        Ok(records)
    }

    fn array(&self, at: ColumnAt) -> Result<&ArrayRef, Damaged> {
        self.columns.get(at).map(|column| &column.1).ok_or_else(|| Damaged("a column that is missing".to_owned()))
    }

    fn numbers<T: ArrowPrimitiveType>(&self, at: ColumnAt) -> Result<&PrimitiveArray<T>, Damaged> {
        self.array(at)?.as_primitive_opt::<T>().ok_or_else(|| Damaged("a column of another kind".to_owned()))
    }

    fn values<T: ArrowPrimitiveType>(&self, at: ColumnAt) -> Result<Values<T::Native>, Damaged> {
        self.numbers::<T>(at).map(|array| array.values().clone())
    }

    fn text(&self, at: TextsAt) -> Result<&BinaryArray, Damaged> {
        self.texts.get(at).ok_or_else(|| Damaged("a text that is missing".to_owned()))
    }

    fn list(&self, at: TextsAt) -> Result<&[u8], Damaged> {
        let array = self.text(at)?;
        if array.len() == 1 { Ok(array.value(0)) } else { damaged("a list that is none") }
    }

    fn column(&mut self, kept: &Kept) -> Result<Column, Damaged> {
        Ok(match kept {
            Kept::Category(category) => Column::Category(self.category(category)?),
            Kept::Text(pieces) => {
                let pieces = pieces.iter().map(|at| self.text(*at).cloned()).collect::<Result<Vec<_>, _>>()?;
                let text = Text::new(pieces, self.order.clone());
                if text.len() != self.len {
                    return damaged("texts of another length");
                }
                Column::Text(text)
            }
            Kept::Number { column, form } => Column::Number(self.number(*column, *form)?),
            Kept::Dates(dates) => Column::Dates(self.dates(dates)?),
        })
    }

    fn category(&mut self, kept: &KeptCategory) -> Result<Category, Damaged> {
        let words = StringArray::try_from_binary(self.text(kept.words)?.clone());
        let words = words.map_err(|error| Damaged(error.to_string()))?;
        let codes = self.codes(&kept.codes, words.len())?;
        if words.null_count() > 0 {
            return damaged("a word that is none");
        }
        Ok(Category { codes, values: Arc::new(words) })
    }

    fn codes(&mut self, kept: &KeptCodes, bound: usize) -> Result<Codes, Damaged> {
        let codes = match kept {
            KeptCodes::Same { code, len } if *len == self.len => Codes::Same { code: *code, len: *len },
            KeptCodes::Same { .. } => return damaged("a column of another length"),
            KeptCodes::Each(at) => {
                let array = self.array(*at)?;
                match (array.as_primitive_opt::<UInt8Type>(), array.as_primitive_opt::<UInt16Type>()) {
                    (Some(codes), _) => Codes::U8(codes.clone()),
                    (_, Some(codes)) => Codes::U16(codes.clone()),
                    _ => Codes::U32(self.numbers::<UInt32Type>(*at)?.clone()),
                }
            }
        };
        self.checks.push(Check::Codes(codes.clone(), bound));
        Ok(codes)
    }

    fn links(&mut self, kept: Option<&KeptCodes>, bound: usize) -> Result<Option<Codes>, Damaged> {
        kept.map(|kept| self.codes(kept, bound)).transpose()
    }

    fn number(&self, at: ColumnAt, form: NumberForm) -> Result<Number, Damaged> {
        let array = self.array(at)?;
        if let NumberForm::Decimal(places) = form {
            if places > PLACES_MAX {
                return damaged("decimals with too many places");
            }
            return Ok(Number::Decimal { unscaled: self.numbers::<Int32Type>(at)?.clone(), places });
        }
        if let Some(numbers) = array.as_primitive_opt::<UInt8Type>() {
            return Ok(Number::U8(numbers.clone()));
        }
        if let Some(numbers) = array.as_primitive_opt::<UInt16Type>() {
            return Ok(Number::U16(numbers.clone()));
        }
        if let Some(numbers) = array.as_primitive_opt::<Int32Type>() {
            return Ok(Number::I32(numbers.clone()));
        }
        self.numbers::<Float64Type>(at).map(|numbers| Number::F64(numbers.clone()))
    }

    fn dates(&mut self, kept: &KeptDates) -> Result<Dates, Damaged> {
        let [first, second] = kept.spans;
        let (spans, valid) = if let Some(starts) = self.array(first)?.as_primitive_opt::<Int32Type>() {
            let spans = Spans::Days { starts: starts.values().clone(), lengths: self.values::<UInt16Type>(second)? };
            (spans, starts.nulls().cloned())
        } else {
            let starts = self.numbers::<Int64Type>(first)?;
            (Spans::Moments { starts: starts.values().clone(), ends: self.values::<Int64Type>(second)? }, starts.nulls().cloned())
        };
        let texts = kept.texts.as_ref().map(|texts| self.category(texts)).transpose()?;
        Ok(Dates { spans, precisions: self.bytes(&kept.precisions)?, flags: self.bytes(&kept.flags)?, valid, texts })
    }

    fn bytes(&self, kept: &KeptBytes) -> Result<Bytes, Damaged> {
        Ok(match kept {
            KeptBytes::Same(byte) => Bytes::Same(*byte),
            KeptBytes::Each(at) => Bytes::Each(self.values::<UInt8Type>(*at)?),
        })
    }

    fn repeats(&self, [ids, counts, rows]: [TextsAt; 3]) -> Result<BTreeMap<String, Vec<Row>>, Damaged> {
        let (ids, counts) = (self.text(ids)?, numbers(self.list(counts)?));
        let mut rows = numbers(self.list(rows)?);
        let mut repeats = Vec::with_capacity(ids.len());
        for (id, count) in ids.iter().zip(counts) {
            let id = id.and_then(|id| std::str::from_utf8(id).ok()).unwrap_or_default();
            let own: Vec<Row> = rows.by_ref().take(count as usize).collect();
            if own.len() != count as usize || own.iter().any(|row| *row as usize >= self.len) {
                return damaged("repeats of records that do not exist");
            }
            repeats.push((id.to_owned(), own));
        }
        Ok(repeats.into_iter().collect())
    }
}
