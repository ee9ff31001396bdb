//! A mapping says what each column of a table means; it is a plain value that can be shown, changed and kept.

mod bases;
mod file;
mod fit;
mod roles;
mod saved;

pub use bases::Bases;
pub use file::{BYTES_MAX as MAPPING_BYTES_MAX, MappingError, SavedMapping};
pub use fit::Part;
pub use roles::GROUPS as ROLE_GROUPS;
pub use saved::SavedMappings;

use super::cells::{DateStyle, NumberStyle};
use crate::data::Basis;

/// What a column means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Kept as a field of its own.
    #[default]
    Extra,
    /// Left out: no field is made of it.
    Ignored,
    /// The record's id.
    Id,
    /// What records of one event share.
    EventId,
    /// Event or claim.
    Kind,
    /// One line of text.
    Title,
    /// The date, or the first day.
    When,
    /// The last day.
    End,
    /// The time of day.
    Time,
    /// The year of the date.
    Year,
    /// The month of the date.
    Month,
    /// The day of the month.
    Day,
    /// Up to when it was counted.
    AsOf,
    /// When it was published.
    Published,
    /// What is counted.
    Metric,
    /// A narrower kind.
    Item,
    /// Count, amount …
    Measure,
    /// The number.
    Value,
    /// The lowest number.
    Low,
    /// The highest number.
    High,
    /// Exact, about …
    Qualifier,
    /// Increment, total, level.
    Basis,
    /// The unit.
    Unit,
    /// A number of a metric that the mapping names; see [`Measured`].
    Measured,
    /// Whose people or goods.
    From,
    /// Who receives.
    To,
    /// The kind of event.
    Category,
    /// Where.
    Place,
    /// Latitude in degrees.
    Lat,
    /// Longitude in degrees.
    Lon,
    /// How it stands.
    Status,
    /// The cautious word.
    Hedge,
    /// An ICD 203 band.
    Likelihood,
    /// An Admiralty grade.
    Credibility,
    /// Remarks.
    Note,
    /// Who said so.
    Source,
    /// Where it can be read.
    Link,
    /// Who said it first.
    Originator,
    /// Articles, each with agency, date and headline.
    Reports,
    /// The wider region, where the place itself is not given.
    Region,
    /// A code of how exactly the date is known.
    Precision,
    /// The country, where nothing nearer is given.
    Country,
    /// Another date, which is used where the first one is not given.
    OtherWhen,
    /// The time of day of the end.
    EndTime,
    /// The year of the last day.
    EndYear,
    /// The month of the last day.
    EndMonth,
    /// The last day of the month.
    EndDay,
    /// The time zone of the times of day.
    Zone,
    /// The date as it is to be shown.
    Display,
    /// The time of day of the publication.
    PublishedTime,
    /// Years, each with its number or not: `2015 (4); 2016 (8)`, `2015-2018`; see [`At::Column`].
    Years,
    /// One of the columns that make a list; see [`Listed`].
    Listed,
}

impl Role {
    /// Is the column kept as a field too, because the model cannot hold what it says as it stands?
    pub fn is_kept_beside(self) -> bool {
        matches!(
            self,
            Self::Extra
                | Self::Reports
                | Self::Originator
                | Self::Region
                | Self::Country
                | Self::Precision
                | Self::OtherWhen
                | Self::Zone
                | Self::Years
        )
    }

    /// Can only one column have it?
    pub fn is_single(self) -> bool {
        !matches!(self, Self::Extra | Self::Ignored | Self::Measured | Self::Source | Self::Link | Self::Listed | Self::Qualifier)
    }
}

/// A metric that has columns of its own: one record per row and metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What is counted.
    pub metric: String,
    /// The unit.
    pub unit: Option<String>,
    /// What the number covers.
    pub basis: Basis,
    /// The column of the number.
    pub value: Option<usize>,
    /// The column of the lowest number.
    pub low: Option<usize>,
    /// The column of the highest number.
    pub high: Option<usize>,
    /// The column of a word or mark that says how the number is meant: about, at least.
    pub qualifier: Option<usize>,
    /// When it was.
    pub at: At,
    /// The last day (ISO) on which zero is a number: a total that falls to zero for good is a series that has ended.
    pub until: Option<String>,
}

impl Default for Measured {
    fn default() -> Self {
        Self {
            metric: String::new(),
            unit: None,
            basis: Basis::Increment,
            value: None,
            low: None,
            high: None,
            qualifier: None,
            at: At::Row,
            until: None,
        }
    }
}

/// When the numbers of a metric were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// At the date of the row.
    #[default]
    Row,
    /// At the date of this column; of a column of [`Role::Years`] in each year that has a number of its own, else over all of them.
    Column(usize),
    /// At this date (EDTF): the column of the numbers stands for it.
    Date(String),
}

/// A column and what it means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnMap {
    /// The name in the header.
    pub name: String,
    /// What it means.
    pub role: Role,
    /// How its dates are written.
    pub dates: DateStyle,
    /// How its numbers are written.
    pub numbers: NumberStyle,
    /// Is it a column of numbers, in which marks such as `NA` stand for nothing?
    pub is_numeric: bool,
    /// Were day and month told apart by some date of the column?
    pub is_order_known: bool,
    /// The first of the hundred years in which years of two digits are; where nothing says so they are from 1970 to 2069.
    pub first_year: Option<u16>,
    /// What stands between the entries, where a cell holds a list.
    pub separator: Option<char>,
    /// What codes stand for: the code as written, and the word; no word where the code says that there is nothing. The words of
    /// [`Role::Precision`] are `day`, `week`, `month`, `year`.
    pub words: Vec<(String, String)>,
    /// Is a number in round brackets an estimate?
    pub has_estimates_in_brackets: bool,
}

/// What the columns of a table mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// Every column, in the order of the file.
    pub columns: Vec<ColumnMap>,
    /// Metrics with columns of their own.
    pub measured: Vec<Measured>,
    /// What the numbers of metrics without columns of their own cover, where no column says so.
    pub bases: Bases,
    /// What makes the title where no column has it.
    pub title: Vec<TitlePart>,
    /// Marks that stand for a missing value, besides the usual ones. A mark that is a number stands for it however it is written; one
    /// that is a day stands for its first moment, which programs write where they have no date.
    pub missing: Vec<String>,
    /// Fields that are lists made of several columns.
    pub lists: Vec<Listed>,
    /// Who counted, where the rows are distinct coded events and not somebody's claims; the name of the file otherwise.
    pub counter: Option<String>,
}

/// Columns that together make one field, a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name of the field.
    pub name: String,
    /// The columns, in their order.
    pub columns: Vec<usize>,
}

/// A part of a title that is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TitlePart {
    /// The cell of a column.
    Column(usize),
    /// What stands between two cells when both are there.
    Between(String),
    /// The cell of a column, where nothing stands before it.
    Otherwise(usize),
}

impl Mapping {
    /// The first column of a role.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| column.role == role)
    }

    /// Does any column give a date?
    pub fn has_date(&self) -> bool {
        let is_dated = |measured: &Measured| measured.at != At::Row;
        [Role::When, Role::End, Role::Year, Role::AsOf, Role::OtherWhen].iter().any(|role| self.column(*role).is_some())
            || self.measured.iter().any(is_dated)
    }
}
