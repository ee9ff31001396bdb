//! Answers about single records: their chains, who else carries them, what belongs to them. Plain values.

use super::Figure;
use crate::data::{Article, FieldInfo, Kind, Row, Source, Status};
use crate::time::When;

/// A source of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceLine {
    /// The source.
    pub source: Source,
    /// The country in words.
    pub country: Option<String>,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordLine {
    /// Which.
    pub row: Row,
    /// Its address.
    pub id: String,
    /// Event or claim.
    pub kind: Kind,
    /// One line of text.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Through whom, between outlet and originator.
    pub via: Option<String>,
    /// Who counted or said it.
    pub originator: Option<String>,
    /// Its number.
    pub figure: Option<Figure>,
    /// The as-of date, else the event date.
    pub date: Option<When>,
    /// When it was published.
    pub published: Option<When>,
    /// How it stands.
    pub status: Status,
    /// The colour rank by originator country.
    pub colour: Option<u32>,
}

/// Everything about one record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordAnswer {
    /// The record as a line.
    pub line: RecordLine,
    /// Its place in the file, from 1.
    pub file_row: u64,
    /// The event date as written and as understood.
    pub when: (Option<String>, Option<When>),
    /// The as-of date.
    pub as_of: (Option<String>, Option<When>),
    /// The date of publication.
    pub published: (Option<String>, Option<When>),
    /// When the copy was made.
    pub retrieved: (Option<String>, Option<When>),
    /// The attribution, publisher first.
    pub chain: Vec<SourceLine>,
    /// Its article.
    pub article: Option<Article>,
    /// Who published the article.
    pub publisher: Option<SourceLine>,
    /// From whom.
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// The cautious word.
    pub hedge: Option<String>,
    /// An ICD 203 band.
    pub likelihood: Option<crate::data::Likelihood>,
    /// An Admiralty grade.
    pub credibility: Option<crate::data::Credibility>,
    /// Remarks.
    pub note: Option<String>,
    /// Every field that has a value, as text.
    pub fields: Vec<(FieldInfo, String)>,
}

/// Who stands behind a selection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProvenanceAnswer {
    /// The carriers of the first selected claim, itself first.
    pub carriers: Vec<RecordLine>,
    /// How many carriers there are.
    pub carriers_total: u64,
    /// Do carriers differ in their qualifier?
    pub has_drift: bool,
    /// Of the whole selection.
    pub origins: Origins,
    /// Records of the same article, without the selected ones, and how many there are.
    pub same_article: (Vec<RecordLine>, u64),
    /// Records of the same originator, nearest in time first.
    pub same_originator: (Vec<RecordLine>, u64),
    /// Records of the same metric, nearest in time first.
    pub same_metric: (Vec<RecordLine>, u64),
}

/// How many voices a selection really has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Records.
    pub records: u64,
    /// Articles.
    pub articles: u64,
    /// Distinct originators.
    pub independent: u64,
    /// Records without a chain.
    pub unknown: u64,
}

/// What belongs to a record's article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RelatedAnswer {
    /// The article itself.
    pub article: Option<RelatedArticle>,
    /// Related articles: the listed ones first.
    pub related: Vec<RelatedArticle>,
    /// Records of the same article.
    pub same_article: (Vec<RecordLine>, u64),
    /// Records of the same originator.
    pub same_originator: (Vec<RecordLine>, u64),
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedArticle {
    /// The article.
    pub article: Article,
    /// Who published it.
    pub publisher: Option<String>,
    /// Does the first article list it itself?
    pub is_listed: bool,
    /// Its records, first ones.
    pub records: Vec<Row>,
}
