//! Articles: publications, and how they are related.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

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

/// Which article stands on whose list, and whether that one listed it itself. It is asked instead of the lists: an article that every row
/// names has a list of all others.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists(FxHashMap<(ArticleId, ArticleId), bool>);

impl Lists {
    /// Puts an article on the list of another one, once.
    pub(super) fn put(&mut self, (own, article): (ArticleId, &mut Article), other: ArticleId, is_listed: bool) {
        match self.0.entry((own, other)) {
            Entry::Vacant(place) => {
                place.insert(is_listed);
                article.related.push(Related { article: other, is_listed });
            }
            Entry::Occupied(mut known) if is_listed && !known.get() => {
                known.insert(true);
                if let Some(related) = article.related.iter_mut().find(|related| related.article == other) {
                    related.is_listed = true;
                }
            }
            Entry::Occupied(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_stands_on_a_list_once_and_is_listed_when_anybody_said_so() {
        let (mut lists, mut articles) = (Lists::default(), [Article::default(), Article::default()]);
        for (own, other, is_listed) in [(0, 1, false), (0, 2, true), (1, 2, false), (0, 1, true), (0, 1, false)] {
            lists.put((ArticleId(own), &mut articles[own as usize]), ArticleId(other), is_listed);
        }
        let told = |own: usize| articles[own].related.iter().map(|related| (related.article.0, related.is_listed)).collect::<Vec<_>>();
        assert_eq!((told(0), told(1)), (vec![(1, true), (2, true)], vec![(2, false)]));
    }
}
