//! The columns of a table in a Parquet file, structures taken apart, and how lists, maps and structures within a cell are put together from the
//! columns of values that the file has.
//!
//! Which groups are lists and maps: <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types>

use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::super::columns::is_derived;
use super::super::values::{DEPTH_MAX, LIST_BYTES_MAX, Oddity, Style, separate};
use super::kind::Kind;
use super::leaf::Leaf;

/// What stands in a cell.
pub(super) enum Node {
    /// A value, of the column of this place.
    Value(usize),
    /// Values side by side; there from a level on.
    Group { there: i16, fields: Vec<(String, Self)> },
    /// Items; each begins where its level of repetition comes up. All lists of a column may have the same number of them.
    List { levels: Levels, size: Option<i32>, item: Box<Self> },
    /// Pairs of a key and a value.
    Map { levels: Levels, pair: Box<[Self; 2]> },
}

/// The levels of something repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    /// From this level on there is a list, which may be empty,
    there: i16,
    /// and from this one on an item.
    item: i16,
    repetition: i16,
}

/// A column of the table.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) node: Node,
}

/// The columns of a table, and the columns of values that they are made of.
pub(super) struct Tree {
    pub(super) columns: Vec<Column>,
    pub(super) leaves: Vec<Leaf>,
}

/// The level of definition and of repetition down to which a group lies.
type Depth = (i16, i16);

impl Tree {
    pub(super) fn of(schema: &SchemaDescriptor, noted: Option<&Schema>) -> Self {
        let mut growing = Growing { schema, next: 0, leaves: Vec::new(), columns: Vec::new() };
        for (place, field) in schema.root_schema().get_fields().iter().enumerate() {
            let noted = noted.and_then(|schema| at(schema.fields(), place, field.name()));
            let before = (growing.leaves.len(), growing.columns.len());
            growing.flatten(field, "", (0, 0), noted.map(Field::data_type));
            if noted.is_some_and(is_derived) {
                growing.leaves.truncate(before.0);
                growing.columns.truncate(before.1);
            }
        }
        Self { columns: growing.columns, leaves: growing.leaves }
    }
}

struct Growing<'s> {
    schema: &'s SchemaDescriptor,
    /// The number of the next column of values.
    next: usize,
    leaves: Vec<Leaf>,
    columns: Vec<Column>,
}

impl Growing<'_> {
    /// Takes structures apart, down to what becomes a column.
    fn flatten(&mut self, field: &Type, above: &str, depth: Depth, noted: Option<&DataType>) {
        let name = if above.is_empty() { field.name().to_owned() } else { format!("{above}.{}", field.name()) };
        let is_structure = field.is_group() && repetition(field) != Repetition::REPEATED && !is_list(field) && !is_map(field);
        if !is_structure || field.get_fields().is_empty() {
            let node = self.node(field, depth, noted);
            self.columns.push(Column { name, node });
            return;
        }
        let depth = (depth.0 + i16::from(repetition(field) == Repetition::OPTIONAL), depth.1);
        for (place, inner) in field.get_fields().iter().enumerate() {
            self.flatten(inner, &name, depth, inner_note(noted, place, inner.name()));
        }
    }

    fn node(&mut self, field: &Type, (definition, repeated): Depth, noted: Option<&DataType>) -> Node {
        match repetition(field) {
            Repetition::REQUIRED => self.content(field, (definition, repeated), noted),
            Repetition::OPTIONAL => self.content(field, (definition + 1, repeated), noted),
            Repetition::REPEATED => {
                let levels = Levels { there: definition, item: definition + 1, repetition: repeated + 1 };
                let item = Box::new(self.content(field, (levels.item, levels.repetition), item_note(noted)));
                Node::List { levels, size: size_note(noted), item }
            }
        }
    }

    /// What is in a field, however often it is there.
    fn content(&mut self, field: &Type, depth: Depth, noted: Option<&DataType>) -> Node {
        if field.is_primitive() {
            return self.value(noted);
        }
        if let [repeated] = field.get_fields()
            && repetition(repeated) == Repetition::REPEATED
            && (is_list(field) || is_map(field))
        {
            let levels = Levels { there: depth.0, item: depth.0 + 1, repetition: depth.1 + 1 };
            let below = (levels.item, levels.repetition);
            return match repeated.is_group().then(|| repeated.get_fields()) {
                Some([key, value]) if is_map(field) => {
                    let entry = item_note(noted);
                    let key = self.node(key, below, inner_note(entry, 0, key.name()));
                    Node::Map { levels, pair: Box::new([key, self.node(value, below, inner_note(entry, 1, value.name()))]) }
                }
                Some([only]) if !is_item(field, repeated, only) => {
                    Node::List { levels, size: size_note(noted), item: Box::new(self.node(only, below, item_note(noted))) }
                }
                _ => Node::List { levels, size: size_note(noted), item: Box::new(self.content(repeated, below, item_note(noted))) },
            };
        }
        let fields = field.get_fields().iter().enumerate();
        let fields = fields
            .map(|(place, inner)| (inner.name().to_owned(), self.node(inner, depth, inner_note(noted, place, inner.name()))))
            .collect();
        Node::Group { there: depth.0, fields }
    }

    fn value(&mut self, noted: Option<&DataType>) -> Node {
        let descriptor = self.schema.column(self.next);
        let kind = Kind::of(&descriptor, noted);
        self.leaves.push(Leaf::new(self.next, descriptor, kind));
        self.next += 1;
        Node::Value(self.leaves.len() - 1)
    }
}

fn repetition(field: &Type) -> Repetition {
    let info = field.get_basic_info();
    if info.has_repetition() { info.repetition() } else { Repetition::REQUIRED }
}

fn is_list(field: &Type) -> bool {
    let info = field.get_basic_info();
    field.is_group() && (info.logical_type_ref() == Some(&LogicalType::List) || info.converted_type() == ConvertedType::LIST)
}

fn is_map(field: &Type) -> bool {
    let info = field.get_basic_info();
    let is_old = matches!(info.converted_type(), ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE);
    field.is_group() && (info.logical_type_ref() == Some(&LogicalType::Map) || is_old)
}

/// Is the repeated group of a list an item itself, and not only around it? Old programs wrote it so.
fn is_item(list: &Type, repeated: &Type, only: &Type) -> bool {
    let is_named_so = repeated.name() == "array" || repeated.name() == format!("{}_tuple", list.name());
    is_list(list) && is_named_so && !is_list(repeated) && repetition(only) != Repetition::REPEATED
}

fn inner_note<'n>(noted: Option<&'n DataType>, place: usize, name: &str) -> Option<&'n DataType> {
    let Some(DataType::Struct(fields)) = noted else { return None };
    at(fields, place, name).map(Field::data_type)
}

/// The field of a place: names may stand twice. A note of another file has others.
fn at<'n>(fields: &'n Fields, place: usize, name: &str) -> Option<&'n Field> {
    fields.get(place).map(AsRef::as_ref).filter(|field: &&Field| field.name() == name)
}

fn item_note(noted: Option<&DataType>) -> Option<&DataType> {
    match noted? {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => Some(item.data_type()),
        _ => None,
    }
}

fn size_note(noted: Option<&DataType>) -> Option<i32> {
    if let DataType::FixedSizeList(_, size) = noted? { Some(*size) } else { None }
}

impl Node {
    /// The first column of values in it, whose levels say what of it is there.
    fn first<'l>(&self, leaves: &'l [Leaf]) -> Option<&'l Leaf> {
        match self {
            Self::Value(place) => leaves.get(*place),
            Self::Group { fields, .. } => fields.iter().find_map(|(_, node)| node.first(leaves)),
            Self::List { item, .. } => item.first(leaves),
            Self::Map { pair, .. } => pair[0].first(leaves),
        }
    }

    /// Does something with each column of values in it.
    pub(super) fn for_each(&self, visit: &mut dyn FnMut(usize)) {
        match self {
            Self::Value(place) => visit(*place),
            Self::Group { fields, .. } => fields.iter().for_each(|(_, node)| node.for_each(visit)),
            Self::List { item, .. } => item.for_each(visit),
            Self::Map { pair, .. } => pair.iter().for_each(|node| node.for_each(visit)),
        }
    }

    fn go_on(&self, leaves: &mut [Leaf]) {
        self.for_each(&mut |place| leaves[place].go_on());
    }

    /// Is there something at the place where its columns are? An empty list is.
    fn is_there(&self, leaves: &[Leaf]) -> bool {
        let Some(first) = self.first(leaves) else { return false };
        match self {
            Self::Value(_) => first.is_there(),
            Self::Group { there, .. } => first.definition() >= *there,
            Self::List { levels, .. } | Self::Map { levels, .. } => first.definition() >= levels.there,
        }
    }

    /// Writes what is at the place where its columns are, and goes on behind it.
    pub(super) fn write(&self, leaves: &mut [Leaf], out: &mut String, depth: u32) -> Result<(), Oddity> {
        if depth > DEPTH_MAX {
            return Err(Oddity::Unknown);
        }
        match self {
            Self::Value(place) => {
                let leaf = &mut leaves[*place];
                let written = if leaf.is_there() { leaf.write(Style::default(), out) } else { Ok(()) };
                leaf.go_on();
                written
            }
            Self::Group { fields, .. } => {
                let mut written = 0;
                for (name, node) in fields {
                    if !node.is_there(leaves) {
                        node.go_on(leaves);
                        continue;
                    }
                    if written > 0 {
                        out.push_str(", ");
                    }
                    written += 1;
                    out.push_str(name);
                    out.push_str(": ");
                    node.write(leaves, out, depth + 1)?;
                }
                Ok(())
            }
            Self::List { levels, size, item } => {
                let (start, mut written, mut items) = (out.len(), 0, 0);
                let is_there = self.is_there(leaves);
                self.each(*levels, leaves, |leaves| {
                    items += 1;
                    if !item.is_there(leaves) || out.len() - start >= LIST_BYTES_MAX {
                        item.go_on_behind(*levels, leaves);
                        return Ok(());
                    }
                    separate(written, out);
                    written += 1;
                    item.write(leaves, out, depth + 1)
                })?;
                match size {
                    Some(size) if is_there && usize::try_from(*size) != Ok(items) => Err(Oddity::Length(items, *size)),
                    _ => Ok(()),
                }
            }
            Self::Map { levels, pair } => {
                let (start, mut written) = (out.len(), 0);
                self.each(*levels, leaves, |leaves| {
                    if out.len() - start >= LIST_BYTES_MAX {
                        pair.iter().for_each(|node| node.go_on_behind(*levels, leaves));
                        return Ok(());
                    }
                    separate(written, out);
                    written += 1;
                    pair[0].write(leaves, out, depth + 1)?;
                    out.push_str(": ");
                    pair[1].write(leaves, out, depth + 1)
                })
            }
        }
    }

    /// Does something with each item, which goes on behind it.
    fn each(&self, levels: Levels, leaves: &mut [Leaf], mut item: impl FnMut(&mut [Leaf]) -> Result<(), Oddity>) -> Result<(), Oddity> {
        if self.first(leaves).is_none_or(|first| first.definition() < levels.item) {
            self.go_on(leaves);
            return Ok(());
        }
        loop {
            item(leaves)?;
            if self.first(leaves).is_none_or(|first| first.repetition() != levels.repetition) {
                return Ok(());
            }
        }
    }

    /// Goes on behind an item of a list, with all that is repeated within it.
    fn go_on_behind(&self, levels: Levels, leaves: &mut [Leaf]) {
        self.for_each(&mut |place| {
            let leaf = &mut leaves[place];
            leaf.go_on();
            while leaf.repetition() > levels.repetition {
                leaf.go_on();
            }
        });
    }
}
