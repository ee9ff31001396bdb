//! Writes a filter in the query language, so that reading it again gives the same filter; it reads nothing itself.

use super::dates::{text_from, text_of_day_until, text_of_span, text_until};
use super::parse::{HAS, KEYWORDS, ends_word, is_operator};
use super::{Comparison, Filter, Schema};
use crate::data::Field;

impl Filter {
    /// The filter as the search box writes it; reading it again gives the same filter.
    ///
    /// What only a program can build (a conjunction of nothing or of one term) is written as what it means.
    pub fn to_text(&self, schema: &Schema) -> String {
        match self {
            Self::All => String::new(),
            Self::Or(terms) if terms.len() > 1 => joined(terms, " OR ", schema),
            Self::And(terms) if terms.len() > 1 => joined(terms, " ", schema),
            other => term(other, schema),
        }
    }
}

fn joined(terms: &[Filter], between: &str, schema: &Schema) -> String {
    let texts: Vec<String> = terms.iter().map(|one| term(one, schema)).collect();
    texts.join(between)
}

/// A filter where it is one term among others.
fn term(filter: &Filter, schema: &Schema) -> String {
    match filter {
        Filter::All => "*".to_owned(),
        Filter::And(terms) | Filter::Or(terms) => match terms.as_slice() {
            [] if matches!(filter, Filter::And(_)) => "*".to_owned(),
            [] => "-*".to_owned(),
            [one] => term(one, schema),
            _ => format!("({})", filter.to_text(schema)),
        },
        Filter::Not(inner) => format!("-{}", term(inner, schema)),
        Filter::Text(text) => word(text),
        Filter::Is(field, values) => is(*field, values, schema),
        Filter::Present(field) => format!("{}:*", key(*field, schema)),
        Filter::Compare(field, comparison, number) => format!("{}{}{number}", key(*field, schema), sign(*comparison)),
        Filter::Between(field, low, high) => format!("{}:{low}..{high}", key(*field, schema)),
        Filter::Has(has) => format!("has:{}", HAS.iter().find(|(_, known)| known == has).map_or("", |(name, _)| name)),
        Filter::After(Field::WHEN, time) => format!("after:{}", text_until(*time)),
        Filter::Before(Field::WHEN, time) => format!("before:{}", text_from(*time)),
        Filter::During(Field::WHEN, span) => format!("during:{}", text_of_span(*span)),
        Filter::After(field, time) => format!("{}>{}", key(*field, schema), text_until(*time)),
        Filter::Before(field, time) => format!("{}<{}", key(*field, schema), text_from(*time)),
        Filter::During(field, span) => format!("{}:{}", key(*field, schema), text_of_span(*span)),
        Filter::Known(time) => format!("known:{}", text_of_day_until(*time)),
        Filter::Rows(rows) if rows.is_empty() => "-*".to_owned(),
        Filter::Rows(rows) => format!("row:{}", rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::More => ">",
        Comparison::AtLeast => ">=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Equal => "=",
    }
}

fn is(field: Field, values: &[String], schema: &Schema) -> String {
    if values.is_empty() {
        return "-*".to_owned();
    }
    let texts: Vec<String> = values.iter().map(|text| value(text)).collect();
    format!("{}:{}", key(field, schema), texts.join(","))
}

/// How a query names a field.
pub(super) fn key(field: Field, schema: &Schema) -> String {
    let own = || Field::OWN.iter().find(|own| own.0 == field).map(|own| own.1);
    let key = schema.info(field).map(|info| info.key.as_str()).or_else(own).unwrap_or("?");
    named(key)
}

/// A field's key, in quotes where it would be read as something else.
pub(super) fn named(key: &str) -> String {
    let is_keyword = KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(key));
    let is_bare = !is_keyword && !key.starts_with('-') && !key.is_empty() && !key.contains(|c| ends_word(c) || is_operator(c));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// A searched word, in quotes where it would be read as something else.
fn word(text: &str) -> String {
    let is_bare = !matches!(text, "" | "*" | "OR" | "AND" | "NOT")
        && !text.starts_with('-')
        && !text.contains(|c: char| ends_word(c) || is_operator(c) || c == '\\');
    if is_bare { text.to_owned() } else { quoted(text) }
}

/// A value, in quotes where it would be read as something else.
pub(super) fn value(text: &str) -> String {
    let is_bare = !matches!(text, "" | "*")
        && !text.starts_with(['>', '<', '=', '[', '{'])
        && !text.contains("..")
        && !text.contains(|c: char| ends_word(c) || matches!(c, ',' | '\\'));
    if is_bare { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
pub(super) mod tests;
