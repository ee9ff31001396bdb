//! Articles: publications, and how they are related.

use super::SourceId;
use crate::time::When;

/// The index of an article in its dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ArticleId(pub u32);

/// A link between two articles; the other one holds its twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Related {
    /// The other article.
    pub article: ArticleId,
    /// Did this article itself list the other?
    pub is_listed: bool,
}

/// A publication.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Article {
    /// The id as given.
    pub id: String,
    /// Its headline, where it is known.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The address of an archived copy.
    pub archive_url: Option<String>,
    /// Who published it.
    pub publisher: Option<SourceId>,
    /// When: the text as given and what it means.
    pub published: Option<(String, Option<When>)>,
    /// When the copy was made.
    pub retrieved: Option<(String, Option<When>)>,
    /// ISO 639 code.
    pub language: Option<String>,
    /// Related articles, in the order given.
    pub related: Vec<Related>,
}

impl Article {
    /// Puts another article on its list, once.
    pub(super) fn list(&mut self, other: ArticleId, is_listed: bool) {
        match self.related.iter_mut().find(|related| related.article == other) {
            Some(related) => related.is_listed |= is_listed,
            None => self.related.push(Related { article: other, is_listed }),
        }
    }
}
