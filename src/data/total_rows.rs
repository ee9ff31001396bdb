//! Rows that are the sum of others, such as a last line “Total”: a row whose label says so and whose number proves it is made a total, so
//! that it is never added to its parts. It stays a record.
//!
//! Only short tables are looked at: who lists thousands of events writes no sums between them.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use arrow_array::StringArray;

use super::column::{Category, Column, NULL_CODE};
use super::{Assumption, Basis, Dataset, Field, Issue, IssueKind, Listed, Otherwise, Row, Vocabulary as _};
use crate::time::Span;

/// Longer tables are not looked at.
const RECORDS_MAX: usize = 50_000;
/// So many numbers are added up in search of sums, over all columns: what is left then is not looked at.
const ADDED_MAX: usize = 10_000_000;
/// So many rows are listed one by one.
const LISTED_MAX: usize = 100;
/// A sum has at least so many parts.
const PARTS_MIN: usize = 2;
/// Words that say that a row sums up, at the beginning or the end of its label.
const WORDS: [&str; 14] =
    ["total", "totals", "subtotal", "gesamt", "insgesamt", "summe", "итого", "всего", "усього", "разом", "합계", "총계", "合计", "合計"];
/// Words that say it only at the beginning of a label that is as short as “All kinds”: sentences and names have them too.
const WEAK_WORDS: [&str; 4] = ["all", "sum", "overall", "altogether"];
/// A label with a weak word has at most so many.
const WEAK_LABEL_WORDS_MAX: usize = 2;
/// A longer label is a sentence, which ends in such a word by chance.
const LABEL_CHARS_MAX: usize = 40;
/// What else says so.
const OF_WHICH: &str = "of which";

/// What is summed together: metric, unit, the word of the column by which rows are grouped, and the date.
type Key = (u32, Option<u32>, Option<u32>, Option<Span>);

/// A row that sums up others.
struct Found {
    row: Row,
    /// How many there are; `None` where only its label says so.
    parts: Option<usize>,
}

impl Dataset {
    /// Makes totals of the rows that are the sum of others, and says so. `None` where there are none.
    pub fn set_totals_apart(&mut self) -> Option<Assumption> {
        let increments = self.increments()?;
        let mut added = 0;
        let (field, found) = self.label_fields().into_iter().find_map(|field| {
            let found = self.sums_by(field, &increments, &mut added);
            (!found.is_empty()).then_some((field, found))
        })?;
        let fields = self.records.fields();
        let name = fields.iter().find(|info| info.field == field).map_or_else(String::new, |info| info.key.clone());
        let label = |row: Row| self.records.str(field, row).unwrap_or_default().to_owned();
        let labels: Vec<(Row, String)> = found.iter().map(|found| (found.row, label(found.row))).collect();
        let assumption = assumption(&name, &found, &labels);
        let issues: Vec<Listed> = self.best_of_rows(&found).iter().map(|found| self.issue(found, &name, &label(found.row))).collect();
        self.make_totals(field, &labels)?;
        for (place, issue) in issues.into_iter().enumerate() {
            if place < LISTED_MAX { self.issues.push(issue) } else { self.issues.count(IssueKind::Assumption) }
        }
        self.origin.assumptions.push(assumption.clone());
        Some(assumption)
    }

    /// The records that are added up; `None` where there are too few, or too many.
    fn increments(&self) -> Option<Vec<Row>> {
        if self.records.len() > RECORDS_MAX {
            return None;
        }
        let (metrics, bases, values) =
            (self.records.category(Field::METRIC)?, self.records.category(Field::BASIS)?, self.records.number(Field::VALUE)?);
        let is_added = |row: &Row| {
            let row = *row as usize;
            bases.code(row) == Some(Basis::Increment.code()) && metrics.code(row).is_some() && values.get(row).is_some()
        };
        let rows: Vec<Row> = (0..self.records.len() as Row).filter(is_added).collect();
        (rows.len() > PARTS_MIN).then_some(rows)
    }

    /// The columns in which a row can say what it is.
    fn label_fields(&self) -> Vec<Field> {
        let own = [Field::TITLE, Field::ITEM, Field::CATEGORY, Field::FROM, Field::TO, Field::PLACE];
        own.into_iter().chain(self.records.extra_fields().map(|info| info.field)).collect()
    }

    /// The rows whose label in a column says that they are a total and that are one.
    fn sums_by(&self, field: Field, increments: &[Row], added: &mut usize) -> Vec<Found> {
        let label = |row: Row| self.records.str(field, row).unwrap_or_default();
        let (labelled, parts): (Vec<Row>, Vec<Row>) = increments.iter().copied().partition(|row| says_total(label(*row)));
        if labelled.is_empty() || parts.len() < PARTS_MIN || labelled.len() > parts.len() {
            return Vec::new();
        }
        let groups = self.records.fields().into_iter().map(|info| info.field).filter(|other| *other != field);
        let groups = groups.filter_map(|other| self.records.category(other)).filter(|group| group.words() > 1);
        let mut proven: FxHashMap<Row, usize> = FxHashMap::default();
        // One number and nothing beside it is the same number by chance, unless rows of this label are sums elsewhere.
        let mut of_one: Vec<(Row, usize)> = Vec::new();
        for group in std::iter::once(None).chain(groups.map(Some)) {
            *added += parts.len();
            if *added > ADDED_MAX {
                break;
            }
            let mut sums: FxHashMap<Key, (f64, usize, usize)> = FxHashMap::default();
            for row in &parts {
                let key = self.key(group, *row);
                // A total without a date sums up all dates.
                for key in [Some(key), key.3.is_some().then_some((key.0, key.1, key.2, None))].into_iter().flatten() {
                    let (sum, count, some) = sums.entry(key).or_default();
                    *sum += self.value(*row);
                    *count += 1;
                    *some += usize::from(self.value(*row) != 0.0);
                }
            }
            for row in labelled.iter().filter(|row| self.value(**row) != 0.0) {
                if let Some((sum, count, some)) = sums.get(&self.key(group, *row))
                    && *count >= PARTS_MIN
                    && (sum - self.value(*row)).abs() <= 1e-9 * sum.abs()
                {
                    if *some >= PARTS_MIN {
                        proven.entry(*row).or_insert(*count);
                    } else {
                        of_one.push((*row, *count));
                    }
                }
            }
        }
        let labels: FxHashSet<&str> = proven.keys().map(|row| label(*row)).collect();
        for (row, count) in of_one.into_iter().filter(|(row, _)| labels.contains(label(*row))) {
            proven.entry(row).or_insert(count);
        }
        if proven.is_empty() {
            return Vec::new();
        }
        // Beside a proven one: rows of which one number is proven, and those whose label gives their own number.
        let rows: FxHashSet<u64> = proven.keys().map(|row| self.records.file_row(*row)).collect();
        let is_found = |row: &Row| {
            rows.contains(&self.records.file_row(*row)) || (label(*row).contains(OF_WHICH) && has_number(label(*row), self.value(*row)))
        };
        labelled.iter().filter(|row| is_found(row)).map(|row| Found { row: *row, parts: proven.get(row).copied() }).collect()
    }

    fn value(&self, row: Row) -> f64 {
        self.records.number(Field::VALUE).and_then(|values| values.get(row as usize)).unwrap_or(0.0)
    }

    fn key(&self, group: Option<&Category>, row: Row) -> Key {
        let code = |field: Field| self.records.category(field).and_then(|column| column.code(row as usize));
        let metric = code(Field::METRIC).unwrap_or(NULL_CODE);
        (metric, code(Field::UNIT), group.and_then(|group| group.code(row as usize)), self.records.span(Field::WHEN, row))
    }

    /// Of records of one row that which proves most.
    fn best_of_rows<'f>(&self, found: &'f [Found]) -> Vec<&'f Found> {
        let mut best: BTreeMap<u64, &Found> = BTreeMap::new();
        for found in found {
            let own = best.entry(self.records.file_row(found.row)).or_insert(found);
            if own.parts < found.parts {
                *own = found;
            }
        }
        best.into_values().collect()
    }

    fn issue(&self, found: &Found, name: &str, label: &str) -> Listed {
        let file_row = self.records.file_row(found.row);
        let message = match found.parts {
            Some(parts) => format!("its number is the sum of {parts} others"),
            None => "its label says that it sums up others".to_owned(),
        };
        let issue = Issue {
            line: self.records.line_of_file_row(file_row),
            column: Some(name.to_owned()),
            value: shortened(label),
            kind: IssueKind::Assumption,
            message,
            action: "kept as a total, which is not added to its parts".to_owned(),
        };
        Listed { issue, row: u32::try_from(file_row - 1).ok(), file: None }
    }

    /// Makes these records totals; each counts what its label says, so that totals of different parts are no readings of one number.
    fn make_totals(&mut self, field: Field, labels: &[(Row, String)]) -> Option<()> {
        let bases = self.records.category(Field::BASIS).filter(|bases| bases.words() > Basis::Total.code())?;
        let set: Vec<(Row, u32)> = labels.iter().map(|(row, _)| (*row, Basis::Total.code())).collect();
        let bases = with_codes(bases, bases.values.as_ref().clone(), self.records.len(), &set);
        if field != Field::ITEM {
            let items = self.records.category(Field::ITEM);
            let mut words: Vec<&str> = items.into_iter().flat_map(|items| items.values.iter().flatten()).collect();
            let mut set: Vec<(Row, u32)> = Vec::new();
            for (row, label) in labels.iter().filter(|(row, _)| items.is_none_or(|items| items.code(*row as usize).is_none())) {
                let code = words.iter().position(|word| word == label).unwrap_or_else(|| {
                    words.push(label);
                    words.len() - 1
                });
                set.push((*row, code as u32));
            }
            let values = StringArray::from(words);
            let none = Category::new(&vec![NULL_CODE; self.records.len()], StringArray::from(Vec::<&str>::new()));
            let items = with_codes(items.unwrap_or(&none), values, self.records.len(), &set);
            *self.records.own.get_mut(usize::from(Field::ITEM.0))? = Some(Column::Category(items));
        }
        *self.records.own.get_mut(usize::from(Field::BASIS.0))? = Some(Column::Category(bases));
        Some(())
    }
}

/// A column in which some records have another code.
fn with_codes(column: &Category, values: StringArray, len: usize, set: &[(Row, u32)]) -> Category {
    let mut codes: Vec<u32> = (0..len).map(|row| column.code(row).unwrap_or(NULL_CODE)).collect();
    for (row, code) in set {
        if let Some(own) = codes.get_mut(*row as usize) {
            *own = *code;
        }
    }
    Category::new(&codes, values)
}

/// Does a label say that its row sums up others?
fn says_total(label: &str) -> bool {
    if label.is_empty() {
        return false;
    }
    let lower = label.to_lowercase();
    if label.chars().nth(LABEL_CHARS_MAX).is_some() {
        return lower.contains(OF_WHICH);
    }
    let words: Vec<&str> = lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [first, ..] if WORDS.contains(first) => true,
        [first, ..] if WEAK_WORDS.contains(first) => words.len() <= WEAK_LABEL_WORDS_MAX,
        // “Four dead in total” is said of one event.
        [.., before, last] => WORDS.contains(last) && *before != "in",
        _ => false,
    }
}

/// Does a number stand in a text?
fn has_number(text: &str, number: f64) -> bool {
    text.split(|char: char| !char.is_ascii_digit()).any(|digits| digits.parse::<f64>().is_ok_and(|own| own == number))
}

fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}

fn assumption(name: &str, found: &[Found], labels: &[(Row, String)]) -> Assumption {
    let first = found.iter().zip(labels).find_map(|(found, (_, label))| Some((label, found.parts?)));
    let why = first.map_or_else(String::new, |(label, parts)| {
        format!("“{}” is called so, and its number is the sum of {parts} others", shortened(label))
    });
    let rows = if found.len() == 1 { "1 number is a total".to_owned() } else { format!("{} numbers are totals", found.len()) };
    Assumption {
        column: Some(name.to_owned()),
        assumed: format!("{rows} of the others, not added to them"),
        why,
        other: "them as numbers like the others".to_owned(),
        change: Otherwise::TotalRows(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Input, Options, load};
    use crate::work::{Cancel, Progress};

    fn read(text: &str, options: &Options) -> Dataset {
        let input = Input::Bytes { name: "a.csv".to_owned(), bytes: text.as_bytes().into() };
        load(&input, options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    }

    /// The values that are added, and those that are totals.
    fn values(dataset: &Dataset) -> (f64, Vec<f64>) {
        let quantities = (0..dataset.records.len() as Row).filter_map(|row| dataset.records.quantity(row));
        let (totals, parts): (Vec<_>, Vec<_>) = quantities.partition(|quantity| quantity.basis == Some(Basis::Total));
        (parts.iter().filter_map(|part| part.value).sum(), totals.iter().filter_map(|total| total.value).collect())
    }

    const LOSSES: &str = "side,kind,destroyed,captured\nNorth,All kinds,9,7\nNorth,\"Armour - 6, of which: destroyed: 2, captured: 4\",2,4\n\
                          North,Tanks,2,4\nNorth,Trucks,7,3\nSouth,All kinds,1,5\nSouth,Tanks,1,3\nSouth,Trucks,0,2\n";

    #[test]
    fn totals_among_their_parts_are_kept_and_never_added_to_them() {
        let dataset = read(LOSSES, &Options::default());
        assert_eq!(values(&dataset), (22.0, vec![9.0, 7.0, 2.0, 4.0, 1.0, 5.0]));
        assert_eq!(dataset.records.str(Field::ITEM, 0), Some("All kinds"));
        let issue = dataset.issues.list.iter().find(|issue| issue.value == "All kinds").unwrap();
        assert_eq!((issue.line, issue.message.as_str()), (Some(2), "its number is the sum of 2 others"));
        let assumption = dataset.origin.assumptions.iter().find(|own| own.change == Otherwise::TotalRows(false)).unwrap();
        assert_eq!(assumption.assumed, "6 numbers are totals of the others, not added to them");
        let otherwise = read(LOSSES, &Options::default().with(assumption.change.clone()));
        assert_eq!(values(&otherwise), (50.0, Vec::new()));
    }

    #[test]
    fn a_label_or_a_number_alone_makes_no_total() {
        let wrong = LOSSES.replace("All kinds,9,7", "All kinds,8,8").replace("All kinds,1,5", "All kinds,2,6");
        assert_eq!(values(&read(&wrong, &Options::default())).1, Vec::<f64>::new());
        let sentence = LOSSES.replace("All kinds", "Vehicles of the northern side and what else was seen after all");
        assert_eq!(values(&read(&sentence, &Options::default())).1, Vec::<f64>::new());
        let unnamed = LOSSES.replace("All kinds", "Vehicles");
        assert_eq!(values(&read(&unnamed, &Options::default())).1, Vec::<f64>::new());
    }

    #[test]
    fn events_with_the_number_of_two_others_are_no_totals() {
        let events = |label: &str, own: u8, parts: [u8; 2]| {
            let [one, other] = parts;
            format!("date,title,killed\n2024-01-01,Raid,{one}\n2024-01-01,Shelling,{other}\n2024-01-01,{label},{own}\n2024-01-02,Mine,9\n")
        };
        let totals = |text: &str| values(&read(text, &Options::default())).1;
        for label in ["All-night clash at a ford", "Four dead in all", "Four dead in total", "Overall quiet but for shots"] {
            assert!(totals(&events(label, 4, [3, 1])).is_empty(), "{label}");
        }
        assert!(totals(&events("All Saints", 4, [4, 0])).is_empty(), "one other event is as large");
        for label in ["Total", "Grand total", "All places", "All", "Sum", "Overall", "Всего"] {
            assert_eq!(totals(&events(label, 4, [3, 1])), [4.0], "{label}");
        }
    }

    #[test]
    fn a_total_with_one_part_that_is_not_zero_is_one_where_its_label_is_proven() {
        let text =
            "side,kind,captured\nNorth,All kinds,7\nNorth,Tanks,4\nNorth,Trucks,3\nSouth,All kinds,2\nSouth,Tanks,2\nSouth,Trucks,0\n";
        assert_eq!(values(&read(text, &Options::default())), (9.0, vec![7.0, 2.0]));
    }

    #[test]
    fn a_row_is_a_total_in_all_years_when_it_is_one_in_some() {
        // Rounded figures do not add up in each of them.
        let text = ",2019,2020,2021\nLand,4,5,7\nIsle,3,1,2\nTotal,7,6,8\n";
        let dataset = read(text, &Options::default());
        assert_eq!(values(&dataset), (22.0, vec![7.0, 6.0, 8.0]));
        assert_eq!(dataset.records.dated(), 9);
        let said: Vec<_> = dataset.issues.list.iter().filter(|issue| issue.value == "Total").map(|issue| issue.line).collect();
        assert_eq!(said, [Some(4)], "a row is said once");
    }

    #[test]
    fn the_last_line_of_a_dated_list_can_be_its_total() {
        let dataset = read("date,place,killed\n2024-01-01,Hill,3\n2024-01-02,Ford,4\n,Total,7\n", &Options::default());
        assert_eq!(values(&dataset), (7.0, vec![7.0]));
    }
}
