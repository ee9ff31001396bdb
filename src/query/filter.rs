//! Filters: which records pass, as an expression tree.

use crate::data::Field;
use crate::time::{Span, Time};

/// Which records pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filter {
    /// Every record.
    #[default]
    All,
    /// All of them.
    And(Vec<Self>),
    /// Any of them.
    Or(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// Some text of the record contains this, whatever its case and accents; titles, notes, actors, places, sources, articles, further columns.
    Text(String),
    /// The field has one of these values; letter case does not matter.
    Is(Field, Vec<String>),
    /// The field has a value.
    Present(Field),
    /// The field's number compares so.
    Compare(Field, Comparison, f64),
    /// The field's number lies in this range, ends included.
    Between(Field, f64, f64),
    /// The record has one of these things.
    Has(Has),
    /// The date starts at or after this moment.
    After(Field, Time),
    /// The date ends at or before this moment.
    Before(Field, Time),
    /// The date overlaps this.
    During(Field, Span),
    /// Published by this moment: the latest possible moment of publication lies before it.
    Known(Time),
    /// The record itself.
    Rows(Vec<crate::data::Row>),
}

/// How a number compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
}

impl Comparison {
    /// Does a number compare so with another?
    pub fn holds(self, number: f64, other: f64) -> bool {
        match self {
            Self::More => number > other,
            Self::AtLeast => number >= other,
            Self::Less => number < other,
            Self::AtMost => number <= other,
            Self::Equal => number == other,
        }
    }
}

/// What a record may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Has {
    /// A number.
    Quantity,
    /// An article.
    Article,
    /// A note.
    Note,
}

impl Filter {
    /// Both; what lets everything pass is left out.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut terms = self.into_terms();
        terms.extend(other.into_terms());
        Self::from_terms(terms)
    }

    /// The terms that must all hold.
    pub fn into_terms(self) -> Vec<Self> {
        match self {
            Self::All => Vec::new(),
            Self::And(terms) => terms,
            other => vec![other],
        }
    }

    /// The terms that must all hold, borrowed.
    pub fn terms(&self) -> &[Self] {
        match self {
            Self::All => &[],
            Self::And(terms) => terms,
            other => std::slice::from_ref(other),
        }
    }

    /// A filter of terms that must all hold.
    pub fn from_terms(mut terms: Vec<Self>) -> Self {
        match terms.len() {
            0 => Self::All,
            1 => terms.remove(0),
            _ => Self::And(terms),
        }
    }

    /// The filter without the terms that choose values of this field: what its own facet is counted under.
    #[must_use]
    pub fn without(&self, field: Field) -> Self {
        let chooses = |term: &Self| match term {
            Self::Is(own, _)
            | Self::Between(own, ..)
            | Self::Compare(own, ..)
            | Self::During(own, _)
            | Self::After(own, _)
            | Self::Before(own, _) => *own == field,
            _ => false,
        };
        Self::from_terms(self.terms().iter().filter(|term| !chooses(term)).cloned().collect())
    }

    /// The values of this field that are chosen.
    pub fn chosen(&self, field: Field) -> &[String] {
        self.terms()
            .iter()
            .find_map(|term| match term {
                Self::Is(own, values) if *own == field => Some(values.as_slice()),
                _ => None,
            })
            .unwrap_or(&[])
    }

    /// The filter with a value of a field chosen, or no longer chosen.
    #[must_use]
    pub fn toggled(&self, field: Field, value: &str) -> Self {
        let mut values: Vec<String> = self.chosen(field).to_vec();
        match values.iter().position(|own| own == value) {
            Some(place) => {
                values.remove(place);
            }
            None => values.push(value.to_owned()),
        }
        let mut terms: Vec<Self> = self.terms().iter().filter(|term| !matches!(term, Self::Is(own, _) if *own == field)).cloned().collect();
        if !values.is_empty() {
            terms.push(Self::Is(field, values));
        }
        Self::from_terms(terms)
    }
}
