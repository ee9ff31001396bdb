//! Who counted (rule 11) and the key under which counts are compared; it knows nothing of numbers.

use crate::data::{Basis, Dataset, Field, Row, SourceId, Vocabulary as _};

/// Who counted. Increments add only within one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counter {
    /// Nobody is named.
    Unnamed,
    /// The dataset itself: its rows are distinct coded events. Of several files, the number of the first one that it counted.
    Dataset(u32),
    /// The last source of the chain.
    Source(SourceId),
}

/// Who counted a record: the dataset where its rows are coded events, else the originator.
pub fn counter(dataset: &Dataset, row: Row) -> Counter {
    if let Some(coded) = dataset.coded(row) {
        return Counter::Dataset(coded);
    }
    dataset.originator(row).map_or(Counter::Unnamed, Counter::Source)
}

/// The counter's name; `None` when nobody is named.
pub fn counter_name(dataset: &Dataset, counter: Counter) -> Option<&str> {
    match counter {
        Counter::Unnamed => None,
        Counter::Dataset(coded) => dataset.coded_name(coded),
        Counter::Source(id) => dataset.sources.get(id.0 as usize).map(|source| source.name.as_str()),
    }
}

/// A short name of the counter, where its source has one.
pub fn counter_short(dataset: &Dataset, counter: Counter) -> Option<&str> {
    match counter {
        Counter::Unnamed | Counter::Dataset(_) => None,
        Counter::Source(id) => dataset.sources.get(id.0 as usize).and_then(|source| source.short.as_deref()),
    }
}

/// What makes two numbers readings of one quantity. Words are codes of the dataset's dictionaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountKey {
    /// Who counted.
    pub counter: Counter,
    /// What.
    pub metric: u32,
    /// In which unit.
    pub unit: Option<u32>,
    /// Whose.
    pub from: Option<u32>,
    /// To whom.
    pub to: Option<u32>,
    /// A narrower kind.
    pub item: Option<u32>,
    /// Where: of levels only.
    pub place: Option<u32>,
}

/// The count key of a record; `None` when nothing is counted.
pub fn count_key(dataset: &Dataset, row: Row) -> Option<CountKey> {
    let code = |field: Field| dataset.records.category(field).and_then(|column| column.code(row as usize));
    let metric = code(Field::METRIC)?;
    let is_level = code(Field::BASIS) == Some(Basis::Level.code());
    Some(CountKey {
        counter: counter(dataset, row),
        metric,
        unit: code(Field::UNIT),
        from: code(Field::FROM),
        to: code(Field::TO),
        item: code(Field::ITEM),
        place: if is_level { code(Field::PLACE) } else { None },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, claim, event};

    #[test]
    fn rule_11_the_counter_of_a_claim_is_the_last_source_of_its_chain() {
        let dataset = World::new()
            .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
            .with(&claim("r1").counts("killed", 300.0).said_by(&["bbc", "yonhap", "nis"]))
            .with(&claim("r2").counts("killed", 300.0))
            .build();
        assert_eq!(counter_name(&dataset, counter(&dataset, 0)), Some("National Intelligence Service"));
        assert_eq!(counter_short(&dataset, counter(&dataset, 0)), Some("NIS"));
        assert_eq!(counter(&dataset, 1), Counter::Unnamed);
    }

    #[test]
    fn rule_11_the_counter_of_a_coded_dataset_is_the_dataset() {
        let dataset = World::coded("UCDP GED").with(&event("1").counts("killed", 2.0).said_by(&["bbc"])).build();
        assert_eq!(counter_name(&dataset, counter(&dataset, 0)), Some("UCDP GED"));
    }

    #[test]
    fn the_place_is_part_of_the_key_of_levels_only() {
        let level = |id: &str| claim(id).counts("troops", 3000.0).basis(Basis::Level).said_by(&["nis"]);
        let total = |id: &str| claim(id).counts("killed", 3000.0).basis(Basis::Total).said_by(&["nis"]);
        let dataset = World::new()
            .with(&level("a").place("Kursk"))
            .with(&level("b").place("Kuibyshev"))
            .with(&total("c").place("Kursk"))
            .with(&total("d").place("Kuibyshev"))
            .build();
        assert_ne!(count_key(&dataset, 0), count_key(&dataset, 1));
        assert_eq!(count_key(&dataset, 2), count_key(&dataset, 3));
    }
}
