//! Brings a mapping to the columns of a file: by their names, in whatever order the file has them; and changes single readings of it.

use super::{At, ColumnMap, Listed, Mapping, Measured, Role, TitlePart};
use crate::data::Otherwise;
use crate::ingest::cells::{DateStyle, NumberStyle};

/// Columns that a mapping gives a meaning to and that a file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Lacking {
    /// Their names.
    pub(in crate::ingest) names: Vec<String>,
}

impl Lacking {
    /// In words, with the file's own columns that may be meant.
    pub(in crate::ingest) fn words(&self, header: &[String]) -> String {
        let one = |name: &String| {
            let near = header.iter().map(|own| (strsim::jaro_winkler(&own.to_lowercase(), &name.to_lowercase()), own));
            let best = near.filter(|(alike, _)| *alike > 0.85).max_by(|one, two| one.0.total_cmp(&two.0));
            best.map_or_else(|| format!("`{name}`"), |(_, own)| format!("`{name}` (did you mean `{own}`?)"))
        };
        let column = if self.names.len() == 1 { "column" } else { "columns" };
        format!("the file has no {column} {}", self.names.iter().map(one).collect::<Vec<_>>().join(", "))
    }
}

impl Mapping {
    /// This mapping over the columns of a file. Columns that it does not name are as they were guessed, but kept as they are.
    ///
    /// # Errors
    /// The columns that have a meaning and are not there.
    pub(in crate::ingest) fn fitted(&self, guessed: &Self) -> Result<Self, Lacking> {
        let place = |name: &str| guessed.columns.iter().position(|column| column.name == name);
        // Where each own column stands in the file.
        let places: Vec<Option<usize>> = self.columns.iter().map(|column| place(&column.name)).collect();
        let is_wanted = |index: usize| {
            let is_part = self.title.iter().any(|part| matches!(part, TitlePart::Column(own) | TitlePart::Otherwise(own) if *own == index));
            is_part || !matches!(self.columns[index].role, Role::Extra | Role::Ignored)
        };
        let names: Vec<String> = (0..self.columns.len())
            .filter(|index| places[*index].is_none() && is_wanted(*index))
            .map(|index| self.columns[index].name.clone())
            .collect();
        if !names.is_empty() {
            return Err(Lacking { names });
        }
        // Codes that were found in a column are assumed, and of a mapping nothing is.
        let kept = |column: &ColumnMap| ColumnMap { role: Role::Extra, words: Vec::new(), ..column.clone() };
        let mut columns: Vec<ColumnMap> = guessed.columns.iter().map(kept).collect();
        for (column, place) in self.columns.iter().zip(&places) {
            if let Some(place) = place {
                columns[*place] = column.clone();
            }
        }
        let moved = |column: Option<usize>| column.and_then(|column| places.get(column).copied().flatten());
        let measured = self.measured.iter().map(|measured| Measured {
            value: moved(measured.value),
            low: moved(measured.low),
            high: moved(measured.high),
            qualifier: moved(measured.qualifier),
            at: match measured.at {
                At::Column(column) => moved(Some(column)).map_or(At::Row, At::Column),
                At::Row | At::Date(_) => measured.at.clone(),
            },
            ..measured.clone()
        });
        let title = self.title.iter().filter_map(|part| match part {
            TitlePart::Column(column) => moved(Some(*column)).map(TitlePart::Column),
            TitlePart::Between(text) => Some(TitlePart::Between(text.clone())),
            TitlePart::Otherwise(column) => moved(Some(*column)).map(TitlePart::Otherwise),
        });
        let lists = self.lists.iter().map(|list| Listed {
            name: list.name.clone(),
            columns: list.columns.iter().filter_map(|column| moved(Some(*column))).collect(),
        });
        Ok(Self {
            columns,
            measured: measured.collect(),
            bases: self.bases.clone(),
            title: title.collect(),
            missing: self.missing.clone(),
            lists: lists.collect(),
            counter: self.counter.clone(),
        })
    }

    /// Reads one thing otherwise; what it is about may be absent.
    pub fn change(&mut self, change: &Otherwise) {
        let column = |mapping: &mut Self, name: &str, set: &dyn Fn(&mut ColumnMap)| {
            mapping.columns.iter_mut().filter(|column| column.name == name).for_each(set);
        };
        match change {
            Otherwise::Order(name, order) => column(self, name, &|column| {
                column.dates = DateStyle::Text(*order);
                column.is_order_known = true;
            }),
            Otherwise::FirstYear(name, year) => column(self, name, &|column| column.first_year = Some(*year)),
            Otherwise::Epoch(name, per_second) => column(self, name, &|column| column.dates = DateStyle::Epoch(*per_second)),
            Otherwise::DecimalComma(name, is_comma) => {
                let style = if *is_comma { NumberStyle::Comma } else { NumberStyle::Point };
                column(self, name, &|column| column.numbers = style);
            }
            Otherwise::Basis(metric, basis) => {
                let mut own = self.measured.iter_mut().filter(|measured| measured.metric == *metric).peekable();
                if own.peek().is_none() {
                    self.bases.set(metric, *basis);
                }
                own.for_each(|measured| measured.basis = *basis);
            }
            Otherwise::OtherBases(basis) => self.bases.other = *basis,
            // Which columns have the code is known where it was found.
            Otherwise::Code(code, false) => {
                self.columns.iter_mut().for_each(|column| column.words.retain(|(own, word)| !(own == code && word.is_empty())));
            }
            Otherwise::Code(_, true) | Otherwise::TotalRows(_) | Otherwise::Header(_) => {}
        }
    }

    /// Gives a column a role; what stood in the way of it gives way: another column of a role that only one can have, a metric's own column.
    pub fn set_role(&mut self, column: usize, role: Role) {
        if role != Role::Measured {
            self.unmeasure(column);
        }
        if role != Role::Listed {
            self.unlist(column);
        }
        if role != Role::Qualifier {
            self.measured.iter_mut().filter(|measured| measured.qualifier == Some(column)).for_each(|measured| measured.qualifier = None);
        }
        if role.is_single() {
            for other in self.columns.iter_mut().filter(|other| other.role == role) {
                other.role = Role::Extra;
            }
        }
        // A whole date and one in parts exclude each other.
        let parts = [Role::Year, Role::Month, Role::Day];
        for other in &mut self.columns {
            let gives_way = (role == Role::When && parts.contains(&other.role)) || (parts.contains(&role) && other.role == Role::When);
            if gives_way {
                other.role = Role::Extra;
            }
        }
        if let Some(own) = self.columns.get_mut(column) {
            own.role = role;
        }
    }

    /// Takes a column out of the metrics; a metric without any column is gone.
    pub fn unmeasure(&mut self, column: usize) {
        for measured in &mut self.measured {
            for slot in [&mut measured.value, &mut measured.low, &mut measured.high] {
                if *slot == Some(column) {
                    *slot = None;
                }
            }
        }
        self.measured.retain(|measured| measured.value.is_some() || measured.low.is_some() || measured.high.is_some());
        if let Some(own) = self.columns.get_mut(column).filter(|own| own.role == Role::Measured) {
            own.role = Role::Extra;
        }
    }

    /// Takes a column out of the lists; a list without any column is gone.
    fn unlist(&mut self, column: usize) {
        for list in &mut self.lists {
            list.columns.retain(|own| *own != column);
        }
        self.lists.retain(|list| !list.columns.is_empty());
    }

    /// Makes a column a part of a list, which is there afterwards; its columns stay in the order of the file.
    pub fn list(&mut self, column: usize, name: &str) {
        self.set_role(column, Role::Listed);
        self.unlist(column);
        match self.lists.iter_mut().find(|list| list.name == name) {
            Some(list) => {
                list.columns.push(column);
                list.columns.sort_unstable();
            }
            None => self.lists.push(Listed { name: name.to_owned(), columns: vec![column] }),
        }
    }

    /// The list that a column is a part of.
    pub fn listed_in(&self, column: usize) -> Option<&Listed> {
        self.lists.iter().find(|list| list.columns.contains(&column))
    }

    /// Makes a column that counts a metric count another one, or be another number of it. All else that is known of the metric stays,
    /// unless it has other columns, or the other metric is there.
    pub fn recount(&mut self, column: usize, metric: &str, part: Part) {
        let Some((place, was)) = self.measured_by(column) else { return self.measure(column, metric, part) };
        let own = &self.measured[place];
        let is_taken = self.measured.iter().any(|other| other.metric == metric && other.at == own.at);
        let is_alone = [own.value, own.low, own.high].into_iter().flatten().count() == 1;
        if own.metric != metric && (is_taken || !is_alone) {
            return self.measure(column, metric, part);
        }
        let own = &mut self.measured[place];
        metric.clone_into(&mut own.metric);
        *was.slot(own) = None;
        if let Some(freed) = part.slot(own).replace(column)
            && let Some(freed) = self.columns.get_mut(freed)
        {
            freed.role = Role::Extra;
        }
    }

    /// Makes a column the number, the lowest or the highest number of a metric, which is there afterwards.
    pub fn measure(&mut self, column: usize, metric: &str, part: Part) {
        self.unmeasure(column);
        self.unlist(column);
        if !self.measured.iter().any(|measured| measured.metric == metric) {
            self.measured.push(Measured { metric: metric.to_owned(), ..Measured::default() });
        }
        let mut freed = None;
        if let Some(measured) = self.measured.iter_mut().find(|measured| measured.metric == metric) {
            freed = part.slot(measured).replace(column);
        }
        if let Some(freed) = freed.and_then(|freed| self.columns.get_mut(freed)) {
            freed.role = Role::Extra;
        }
        if let Some(own) = self.columns.get_mut(column) {
            own.role = Role::Measured;
        }
    }

    /// The metric that a column is a number of, by its place among the metrics, and which number.
    pub fn measured_by(&self, column: usize) -> Option<(usize, Part)> {
        self.measured.iter().enumerate().find_map(|(place, measured)| {
            let parts = [(measured.value, Part::Value), (measured.low, Part::Low), (measured.high, Part::High)];
            parts.into_iter().find(|(own, _)| *own == Some(column)).map(|(_, part)| (place, part))
        })
    }
}

/// Which number of a metric a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The number.
    Value,
    /// The lowest.
    Low,
    /// The highest.
    High,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Value, Self::Low, Self::High];

    fn slot(self, measured: &mut Measured) -> &mut Option<usize> {
        match self {
            Self::Value => &mut measured.value,
            Self::Low => &mut measured.low,
            Self::High => &mut measured.high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DateOrder;

    fn columns(names: &[(&str, Role)]) -> Mapping {
        let column = |(name, role): &(&str, Role)| ColumnMap { name: (*name).to_owned(), role: *role, ..ColumnMap::default() };
        Mapping { columns: names.iter().map(column).collect(), ..Mapping::default() }
    }

    fn roles(mapping: &Mapping) -> Vec<Role> {
        mapping.columns.iter().map(|column| column.role).collect()
    }

    #[test]
    fn a_mapping_finds_its_columns_by_name_wherever_they_stand() {
        let mut own = columns(&[("day", Role::When), ("dead", Role::Extra), ("where", Role::Place)]);
        own.measure(1, "killed", Part::Value);
        own.title = vec![TitlePart::Column(2), TitlePart::Between(": ".to_owned()), TitlePart::Column(0)];
        let mut file = columns(&[("where", Role::Extra), ("new", Role::Title), ("day", Role::Extra), ("dead", Role::Extra)]);
        file.columns[1].words = vec![("-99".to_owned(), String::new())];
        let fitted = own.fitted(&file).unwrap();
        assert!(fitted.columns[1].words.is_empty(), "nothing is assumed beside a mapping");
        assert_eq!(roles(&fitted), [Role::Place, Role::Extra, Role::When, Role::Measured]);
        assert_eq!(fitted.measured[0].value, Some(3));
        assert_eq!(fitted.title, [TitlePart::Column(0), TitlePart::Between(": ".to_owned()), TitlePart::Column(2)]);
    }

    #[test]
    fn columns_that_mean_something_must_be_there_and_near_names_are_offered() {
        let own = columns(&[("event_date", Role::When), ("unused", Role::Extra)]);
        let file = columns(&[("Event_Date", Role::When)]);
        let lacking = own.fitted(&file).unwrap_err();
        assert_eq!(lacking.words(&["Event_Date".to_owned()]), "the file has no column `event_date` (did you mean `Event_Date`?)");
    }

    #[test]
    fn a_role_that_only_one_column_can_have_moves() {
        let mut mapping = columns(&[("a", Role::When), ("b", Role::Extra), ("c", Role::Extra)]);
        mapping.set_role(1, Role::When);
        assert_eq!(roles(&mapping), [Role::Extra, Role::When, Role::Extra]);
        mapping.set_role(2, Role::Year);
        assert_eq!(roles(&mapping), [Role::Extra, Role::Extra, Role::Year]);
    }

    #[test]
    fn a_column_leaves_its_metric_when_it_becomes_something_else() {
        let mut mapping = columns(&[("dead", Role::Extra), ("dead_max", Role::Extra)]);
        mapping.measure(0, "killed", Part::Value);
        mapping.measure(1, "killed", Part::High);
        assert_eq!(mapping.measured_by(1), Some((0, Part::High)));
        mapping.set_role(0, Role::Extra);
        assert_eq!((mapping.measured[0].value, mapping.measured[0].high), (None, Some(1)));
        mapping.set_role(1, Role::Ignored);
        assert!(mapping.measured.is_empty());
    }

    #[test]
    fn a_metric_that_gets_another_name_keeps_what_else_is_known_of_it() {
        let mut mapping = columns(&[("dead", Role::Extra), ("year", Role::Years), ("mark", Role::Qualifier), ("sent", Role::Extra)]);
        mapping.measure(0, "deaths", Part::Value);
        let known = Measured {
            basis: crate::data::Basis::Total,
            unit: Some("persons".to_owned()),
            qualifier: Some(2),
            at: At::Column(1),
            until: Some("2020-01-01".to_owned()),
            ..mapping.measured[0].clone()
        };
        mapping.measured[0] = known.clone();
        mapping.recount(0, "killed", Part::Low);
        assert_eq!(mapping.measured, [Measured { metric: "killed".to_owned(), value: None, low: Some(0), ..known }]);
        mapping.recount(3, "killed", Part::Value);
        mapping.recount(0, "killed", Part::Value);
        assert_eq!((mapping.measured[0].value, mapping.columns[3].role), (Some(0), Role::Extra));
        mapping.set_role(2, Role::Extra);
        assert_eq!(mapping.measured[0].qualifier, None);
    }

    #[test]
    fn columns_enter_and_leave_lists() {
        let mut mapping = columns(&[("tag 1", Role::Extra), ("tag 2", Role::Title), ("tag 3", Role::Extra)]);
        mapping.list(2, "tags");
        mapping.list(1, "tags");
        assert_eq!(mapping.lists, [Listed { name: "tags".to_owned(), columns: vec![1, 2] }]);
        assert_eq!(roles(&mapping), [Role::Extra, Role::Listed, Role::Listed]);
        mapping.set_role(1, Role::Title);
        mapping.measure(2, "tags", Part::Value);
        assert!(mapping.lists.is_empty());
    }

    #[test]
    fn single_readings_are_changed_by_name() {
        let mut mapping = columns(&[("a", Role::When)]);
        mapping.change(&Otherwise::Order("a".to_owned(), DateOrder::MonthFirst));
        assert_eq!((mapping.columns[0].dates, mapping.columns[0].is_order_known), (DateStyle::Text(DateOrder::MonthFirst), true));
    }
}
