//! Reads the query language of the search box and of `--where`; it knows fields and dates, never records.
//!
//! Terms joined by space mean and; `OR`, `NOT` or `-`, parentheses. A bare word or a `"phrase"` searches all text.
//! `field:value`, `field:a,b`, `field:*`, `field>10`, `field:10..20`; `after:`, `before:` and `during:` are about the event
//! date, `known:` about publication, `has:` about what a record carries. A name in quotes is always a field, a value in
//! quotes always itself. `*` is everything, `@N` the moment N microseconds after 1970, `row:N` a record by its place.

use super::dates::{known_by, span_of};
use super::{Comparison, Filter, Has, Schema};
use crate::data::{Field, FieldKind};
use crate::time::Span;

/// The longest query that is read: far more than anybody types, little enough to be read between two frames.
pub const QUERY_BYTES_MAX: usize = 1 << 16;
/// The deepest nesting of parentheses and negations; beyond it a query is refused.
pub const QUERY_DEPTH_MAX: usize = 64;

/// The words that are no fields when they stand before a colon without quotes.
pub(super) const KEYWORDS: [&str; 6] = ["after", "before", "during", "known", "has", "row"];
/// What `has:` knows.
pub(super) const HAS: [(&str, Has); 3] = [("quantity", Has::Quantity), ("article", Has::Article), ("note", Has::Note)];

/// A query that cannot be understood: where, why, and what was perhaps meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Where the trouble starts, in bytes.
    pub at: usize,
    /// How long it is, in bytes.
    pub len: usize,
    /// What is wrong and what to do.
    pub message: String,
    /// Near matches of an unknown word.
    pub near: Vec<String>,
}

/// Reads a query; the schema names the fields and values.
///
/// # Errors
/// A broken query or an unknown field, with its place.
pub fn parse_filter(text: &str, schema: &Schema) -> Result<Filter, QueryError> {
    let mut parser = Parser { text, at: 0, depth: 0, schema };
    if text.len() > QUERY_BYTES_MAX {
        return Err(parser.error(0, text.len(), format!("This query is longer than {QUERY_BYTES_MAX} bytes.")));
    }
    parser.skip_space();
    if parser.rest().is_empty() {
        return Ok(Filter::All);
    }
    let filter = parser.any()?;
    if parser.rest().starts_with(')') {
        return Err(parser.error(parser.at, 1, "This parenthesis closes nothing; put the text in quotes to search for it."));
    }
    Ok(filter)
}

/// The keys that lie near to a word that is none, nearest first.
pub fn near_matches<'a>(word: &str, keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    /// Below this likeness (Jaro-Winkler) a word is not worth naming.
    const LIKENESS_MIN: f64 = 0.8;
    const NEAR_MAX: usize = 3;
    let word = word.to_lowercase();
    let mut near: Vec<(f64, &str)> =
        keys.map(|key| (strsim::jaro_winkler(&word, &key.to_lowercase()), key)).filter(|(likeness, _)| *likeness >= LIKENESS_MIN).collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    near.dedup_by(|one, other| one.1 == other.1);
    near.into_iter().take(NEAR_MAX).map(|(_, key)| key.to_owned()).collect()
}

/// `killed`, `killed or wounded`, `killed, wounded or missing`.
pub fn any_of_words(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A character that ends a bare word.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"')
}

/// A character that stands between a field and its value.
pub(super) fn is_operator(c: char) -> bool {
    matches!(c, ':' | '>' | '<' | '=')
}

/// What stands between a field and its value.
#[derive(Clone, Copy, PartialEq)]
enum Operator {
    /// `:`
    Is,
    /// `=`, which of anything but a number is the same as `:`.
    Equal,
    Compare(Comparison),
}

/// A field as it was written and found.
struct Named {
    field: Field,
    kind: FieldKind,
    key: String,
    at: usize,
    len: usize,
}

/// A value as it was written.
struct Value {
    text: String,
    at: usize,
    len: usize,
    is_quoted: bool,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    schema: &'a Schema,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    #[allow(clippy::unused_self, reason = "reads as what it is at every call")]
    fn error(&self, at: usize, len: usize, message: impl Into<String>) -> QueryError {
        QueryError { at, len, message: message.into(), near: Vec::new() }
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Goes on while the characters are not those, and gives what was passed.
    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.find(stop).and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    fn is_at_word(&self, word: &str) -> bool {
        self.rest().strip_prefix(word).is_some_and(|rest| rest.chars().next().is_none_or(ends_word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let is_here = self.is_at_word(word);
        if is_here {
            self.at += word.len();
        }
        is_here
    }

    /// Terms between `OR`s.
    fn any(&mut self) -> Result<Filter, QueryError> {
        let mut terms = vec![self.all()?];
        while self.take_word("OR") {
            terms.push(self.all()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Filter::Or(terms) })
    }

    /// Terms that stand side by side.
    fn all(&mut self) -> Result<Filter, QueryError> {
        let mut terms = Vec::new();
        loop {
            if self.take_word("AND") {
                continue;
            }
            if self.rest().is_empty() || self.rest().starts_with(')') || self.is_at_word("OR") {
                break;
            }
            terms.push(self.one()?);
        }
        if terms.is_empty() {
            let (at, len, message) = if self.is_at_word("OR") {
                (self.at, 2, "OR needs a term before it. Write \"OR\" in quotes to search for the word.")
            } else {
                (self.at.saturating_sub(1), 1, "A term is missing here.")
            };
            return Err(self.error(at, len, message));
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Filter::And(terms) })
    }

    /// One term, with what negates it.
    fn one(&mut self) -> Result<Filter, QueryError> {
        self.skip_space();
        if self.depth >= QUERY_DEPTH_MAX {
            return Err(self.error(self.at, 1, format!("This query is nested more than {QUERY_DEPTH_MAX} levels deep.")));
        }
        self.depth += 1;
        let start = self.at;
        let filter = if self.take_word("NOT") || self.rest().starts_with('-') {
            if self.at == start {
                self.at += 1;
                if self.peek().is_none_or(|c| c.is_whitespace() || c == ')') {
                    return Err(self.error(start, 1, "A term must follow “-” directly, such as -status:denied."));
                }
            }
            self.skip_space();
            if self.rest().is_empty() || self.rest().starts_with(')') || self.is_at_word("OR") {
                return Err(self.error(start, self.at - start, "NOT needs a term after it."));
            }
            Filter::Not(Box::new(self.one()?))
        } else if self.rest().starts_with('(') {
            self.at += 1;
            let filter = self.any()?;
            if !self.rest().starts_with(')') {
                return Err(self.error(start, 1, "This parenthesis is not closed."));
            }
            self.at += 1;
            filter
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    /// A word, a phrase, or a field with its value.
    fn term(&mut self) -> Result<Filter, QueryError> {
        let start = self.at;
        let is_quoted = self.peek() == Some('"');
        let word = if is_quoted { self.quoted()? } else { self.take_until(|c| ends_word(c) || is_operator(c)).to_owned() };
        let len = self.at - start;
        if !self.peek().is_some_and(is_operator) {
            return Ok(if word == "*" && !is_quoted { Filter::All } else { Filter::Text(word) });
        }
        if len == 0 {
            return Err(self.error(start, 1, "The name of a field is missing here. Put the text in quotes to search for it."));
        }
        if !is_quoted && let Some(keyword) = KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(&word)) {
            return self.keyword(keyword, start);
        }
        let named = self.named(word, start, len)?;
        match self.operator() {
            operator @ (Operator::Is | Operator::Equal) => self.is(&named, operator),
            Operator::Compare(comparison) => self.compare(&named, comparison),
        }
    }

    /// A quoted text; `\"` is a quote, `\\` a backslash.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((place, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += place + 1;
                    return Ok(text);
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                other => text.push(other),
            }
        }
        Err(self.error(start, self.text.len() - start, "This quote is not closed."))
    }

    fn operator(&mut self) -> Operator {
        const OPERATORS: [(&str, Operator); 9] = [
            (":>=", Operator::Compare(Comparison::AtLeast)),
            (":<=", Operator::Compare(Comparison::AtMost)),
            (">=", Operator::Compare(Comparison::AtLeast)),
            ("<=", Operator::Compare(Comparison::AtMost)),
            (":>", Operator::Compare(Comparison::More)),
            (":<", Operator::Compare(Comparison::Less)),
            (">", Operator::Compare(Comparison::More)),
            ("<", Operator::Compare(Comparison::Less)),
            ("=", Operator::Equal),
        ];
        let found = OPERATORS.iter().find(|(sign, _)| self.rest().starts_with(sign)).copied().unwrap_or((":", Operator::Is));
        self.at += found.0.len();
        found.1
    }

    fn named(&self, word: String, at: usize, len: usize) -> Result<Named, QueryError> {
        if let Some(info) = self.schema.field(&word) {
            return Ok(Named { field: info.field, kind: info.kind, key: word, at, len });
        }
        let own = Field::own(&word.to_ascii_lowercase());
        if let Some((field, _, _, kind)) = Field::OWN.iter().find(|own_field| Some(own_field.0) == own) {
            return Ok(Named { field: *field, kind: *kind, key: word, at, len });
        }
        let keys = self.schema.fields.iter().map(|info| info.key.as_str()).chain(KEYWORDS);
        let near = near_matches(&word, keys);
        let advice = if near.is_empty() {
            "Put the text in quotes to search for it.".to_owned()
        } else {
            format!("Did you mean {}?", any_of_words(&near))
        };
        Err(QueryError { at, len, message: format!("There is no field “{word}”. {advice}"), near })
    }

    /// The values after a colon: quoted or bare, with commas between.
    fn values(&mut self, name: &str, at_name: usize) -> Result<Vec<Value>, QueryError> {
        let mut values = Vec::new();
        loop {
            let at = self.at;
            let is_quoted = self.peek() == Some('"');
            let text = if is_quoted { self.quoted()? } else { self.bare_value() };
            let len = self.at - at;
            if len == 0 {
                let message = format!("A value is missing after “{name}:”; {name}:* finds the records that have one.");
                return Err(self.error(at_name, self.at - at_name, message));
            }
            values.push(Value { text, at, len, is_quoted });
            if self.peek() != Some(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    /// Up to a comma that is not inside the brackets of a set of dates.
    fn bare_value(&mut self) -> String {
        let closing = match self.peek() {
            Some('[') => Some(']'),
            Some('{') => Some('}'),
            _ => None,
        };
        if let Some(closing) = closing
            && let Some(inside) = self.rest().find(|c| ends_word(c) || c == closing)
            && self.rest().get(inside..).is_some_and(|rest| rest.starts_with(closing))
        {
            let set = self.rest().get(..=inside).unwrap_or("").to_owned();
            self.at += set.len();
            return set + self.take_until(|c| ends_word(c) || c == ',');
        }
        self.take_until(|c| ends_word(c) || c == ',').to_owned()
    }

    fn keyword(&mut self, keyword: &str, at: usize) -> Result<Filter, QueryError> {
        if self.operator() != Operator::Is {
            return Err(self.error(at, self.at - at, format!("“{keyword}” takes a colon: {keyword}:…")));
        }
        let values = self.values(keyword, at)?;
        let terms = values.iter().map(|value| match keyword {
            "has" => HAS
                .iter()
                .find(|(word, _)| word.eq_ignore_ascii_case(&value.text))
                .map(|(_, has)| Filter::Has(*has))
                .ok_or_else(|| self.unknown_has(value)),
            "row" => value
                .text
                .parse()
                .map(|row| Filter::Rows(vec![row]))
                .map_err(|_error| self.error(value.at, value.len, format!("“{}” is not the place of a record.", value.text))),
            "known" => known_by(&value.text).map(Filter::Known).map_err(|message| self.error(value.at, value.len, message)),
            "after" => self.span(value).map(|span| Filter::After(Field::WHEN, span.end)),
            "before" => self.span(value).map(|span| Filter::Before(Field::WHEN, span.start)),
            _ => self.span(value).map(|span| Filter::During(Field::WHEN, span)),
        });
        let terms: Vec<Filter> = terms.collect::<Result<_, _>>()?;
        Ok(match keyword {
            "row" => {
                Filter::Rows(terms.into_iter().flat_map(|term| if let Filter::Rows(rows) = term { rows } else { Vec::new() }).collect())
            }
            _ => any_of(terms),
        })
    }

    fn unknown_has(&self, value: &Value) -> QueryError {
        let known: Vec<String> = HAS.iter().map(|(word, _)| (*word).to_owned()).collect();
        let message = format!("“has:” knows {}, not “{}”.", any_of_words(&known), value.text);
        QueryError { near: near_matches(&value.text, HAS.iter().map(|(word, _)| *word)), ..self.error(value.at, value.len, message) }
    }

    fn span(&self, value: &Value) -> Result<Span, QueryError> {
        span_of(&value.text).map_err(|message| self.error(value.at, value.len, message))
    }

    /// `field:…`
    fn is(&mut self, named: &Named, operator: Operator) -> Result<Filter, QueryError> {
        if self.is_at_word("*") {
            self.at += 1;
            return Ok(Filter::Present(named.field));
        }
        let values = self.values(&named.key, named.at)?;
        match named.kind {
            FieldKind::Date => {
                let terms: Result<Vec<Filter>, QueryError> =
                    values.iter().map(|value| self.span(value).map(|span| Filter::During(named.field, span))).collect();
                Ok(any_of(terms?))
            }
            FieldKind::Number => {
                if operator == Operator::Is && values.iter().all(|value| number_of(&value.text).is_some()) {
                    return Ok(Filter::Is(named.field, values.into_iter().map(|value| value.text).collect()));
                }
                let terms: Result<Vec<Filter>, QueryError> = values.iter().map(|value| self.number_term(named, value)).collect();
                Ok(any_of(terms?))
            }
            FieldKind::Category | FieldKind::Text => {
                if let [value] = values.as_slice()
                    && may_hold_numbers(named.field, named.kind)
                    && !value.is_quoted
                    && let Some(term) = range_of_numbers(named.field, &value.text)
                {
                    return Ok(term);
                }
                Ok(Filter::Is(named.field, values.into_iter().map(|value| value.text).collect()))
            }
        }
    }

    fn number_term(&self, named: &Named, value: &Value) -> Result<Filter, QueryError> {
        if let Some(number) = number_of(&value.text) {
            return Ok(Filter::Compare(named.field, Comparison::Equal, number));
        }
        match range_of_numbers(named.field, &value.text) {
            Some(Filter::Between(_, low, high)) if low > high => {
                Err(self.error(value.at, value.len, format!("The range “{}” ends before it starts.", value.text)))
            }
            Some(term) => Ok(term),
            None => Err(self.no_number(named, value)),
        }
    }

    fn no_number(&self, named: &Named, value: &Value) -> QueryError {
        let key = &named.key;
        let message = format!("“{key}” is a number and “{}” is none: write {key}>10, {key}:10 or {key}:10..20.", value.text);
        self.error(value.at, value.len, message)
    }

    /// `field>…`
    fn compare(&mut self, named: &Named, comparison: Comparison) -> Result<Filter, QueryError> {
        let at = self.at;
        let text = if self.peek() == Some('"') { self.quoted()? } else { self.take_until(ends_word).to_owned() };
        let value = Value { text, at, len: self.at - at, is_quoted: true };
        if value.len == 0 {
            return Err(self.error(named.at, self.at - named.at, format!("A number or a date is missing after “{}”.", named.key)));
        }
        match named.kind {
            FieldKind::Date => {
                let span = self.span(&value)?;
                Ok(match comparison {
                    Comparison::More => Filter::After(named.field, span.end),
                    Comparison::AtLeast => Filter::After(named.field, span.start),
                    Comparison::Less => Filter::Before(named.field, span.start),
                    Comparison::AtMost => Filter::Before(named.field, span.end),
                    Comparison::Equal => Filter::During(named.field, span),
                })
            }
            kind if kind == FieldKind::Number || may_hold_numbers(named.field, kind) => number_of(&value.text)
                .map(|number| Filter::Compare(named.field, comparison, number))
                .ok_or_else(|| self.no_number(named, &value)),
            FieldKind::Category | FieldKind::Text | FieldKind::Number => {
                let key = &named.key;
                let message = format!("“{key}” is not a number: write {key}:value.");
                Err(self.error(named.at, named.len, message))
            }
        }
    }
}

/// A file's own column of few distinct numbers, or of numbers and words, is a category or text; it still compares as numbers.
fn may_hold_numbers(field: Field, kind: FieldKind) -> bool {
    field.is_extra() && matches!(kind, FieldKind::Category | FieldKind::Text)
}

/// One term as it stands, several as any of them.
fn any_of(mut terms: Vec<Filter>) -> Filter {
    if terms.len() == 1 { terms.remove(0) } else { Filter::Or(terms) }
}

/// A finite number; commas may group thousands.
fn number_of(text: &str) -> Option<f64> {
    let starts_as_number = text.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit());
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let is_grouped = whole.split(',').skip(1).all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    let number: f64 = text.replace(',', "").parse().ok()?;
    (starts_as_number && is_grouped && number.is_finite()).then_some(number)
}

/// `10..20`, `10..`, `..20`.
fn range_of_numbers(field: Field, text: &str) -> Option<Filter> {
    let (low, high) = text.split_once("..")?;
    match (low, high) {
        ("", high) => number_of(high).map(|high| Filter::Compare(field, Comparison::AtMost, high)),
        (low, "") => number_of(low).map(|low| Filter::Compare(field, Comparison::AtLeast, low)),
        (low, high) => Some(Filter::Between(field, number_of(low)?, number_of(high)?)),
    }
}
