//! What the first bytes of a JSON text show of its build: which keys there are, and the first element of each list.

use super::super::scan::{Fault, Scanner};
use crate::time::{DateOrder, parse_loose};

/// How deep it is looked.
const DEPTH_MAX: u32 = 5;
/// A shorter text is no date for sure, whatever it looks like: a month, or a number.
const DATE_BYTES_MIN: usize = 6;

/// A value as far as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ingest) enum Glimpse {
    Object(Vec<(String, Self)>),
    /// With its first element, where there is one.
    List(Option<Box<Self>>),
    Text(String),
    /// A number, `true`, `false`, `null`, or something too deep to be looked at.
    Other,
}

impl Glimpse {
    /// Looks at the first bytes of a document.
    pub(in crate::ingest) fn of(head: &[u8]) -> Self {
        let mut found = Self::Other;
        // A fault, or the end of what is there, ends the look: what was seen until then counts.
        let _fault = look(&mut Scanner::new(head, false), 0, &mut found);
        found
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Self::List(_) | Self::Text(_) | Self::Other => None,
        }
    }

    /// Is there such a key?
    pub(in crate::ingest) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Is there any of these keys?
    pub(in crate::ingest) fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The first element of the list of a key.
    pub(in crate::ingest) fn first_of(&self, key: &str) -> Option<&Self> {
        self.get(key).and_then(Self::first)
    }

    /// The first element, if it is a list.
    pub(super) fn first(&self) -> Option<&Self> {
        match self {
            Self::List(first) => first.as_deref(),
            Self::Object(_) | Self::Text(_) | Self::Other => None,
        }
    }

    /// The first list of objects with dates, among the values of an object.
    pub(in crate::ingest) fn dated_list(&self) -> Option<&str> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(_, value)| value.first().is_some_and(Self::is_dated)).map(|(key, _)| key.as_str())
    }

    /// Is one of its values a date, by what it looks like?
    fn is_dated(&self) -> bool {
        let Self::Object(fields) = self else { return false };
        let is_date = |text: &str| text.len() >= DATE_BYTES_MIN && parse_loose(text, DateOrder::DayFirst).is_ok();
        fields.iter().any(|(_, value)| matches!(value, Self::Text(text) if is_date(text)))
    }

    /// The first value of an object.
    pub(super) fn first_value(&self) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.first().map(|(_, value)| value),
            Self::List(_) | Self::Text(_) | Self::Other => None,
        }
    }

    /// The first element of a list of records at the top, or the document itself.
    pub(super) fn element(&self) -> &Self {
        self.first().unwrap_or(self)
    }
}

/// Looks at the next value, and puts what it sees into `found` as it comes.
fn look(scanner: &mut Scanner<&[u8]>, depth: u32, found: &mut Glimpse) -> Result<(), Fault> {
    match scanner.next_byte()? {
        Some(b'{') if depth < DEPTH_MAX => {
            scanner.pass();
            *found = Glimpse::Object(Vec::new());
            look_into_object(scanner, depth, found)
        }
        Some(b'[') if depth < DEPTH_MAX => {
            scanner.pass();
            *found = Glimpse::List(None);
            look_into_list(scanner, depth, found)
        }
        _ => {
            scanner.value()?;
            if let Ok(text) = serde_json::from_slice::<String>(&scanner.element) {
                *found = Glimpse::Text(text);
            }
            Ok(())
        }
    }
}

fn look_into_object(scanner: &mut Scanner<&[u8]>, depth: u32, found: &mut Glimpse) -> Result<(), Fault> {
    let Glimpse::Object(fields) = found else { return Ok(()) };
    if scanner.next_byte()? == Some(b'}') {
        scanner.pass();
        return Ok(());
    }
    loop {
        scanner.value()?;
        let Ok(key) = serde_json::from_slice::<String>(&scanner.element) else {
            return Err(scanner.syntax("expected a key in quotes".to_owned()));
        };
        scanner.expect(b':', "a colon")?;
        fields.push((key, Glimpse::Other));
        if let Some((_, value)) = fields.last_mut() {
            look(scanner, depth + 1, value)?;
        }
        if scanner.next_byte()? != Some(b',') {
            return scanner.expect(b'}', "the end of the object");
        }
        scanner.pass();
    }
}

fn look_into_list(scanner: &mut Scanner<&[u8]>, depth: u32, found: &mut Glimpse) -> Result<(), Fault> {
    let Glimpse::List(first) = found else { return Ok(()) };
    if !scanner.next_in_list(true)? {
        return Ok(());
    }
    let seen = first.insert(Box::new(Glimpse::Other));
    look(scanner, depth + 1, seen)?;
    while scanner.next_in_list(false)? {
        scanner.value()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_first_elements_are_seen_even_when_the_text_is_cut() {
        let seen = Glimpse::of(br#"{"type":"bundle","objects":[{"id":"a"},{"id":"b"}],"n":{"m":[1,"#);
        assert_eq!(seen.text("type"), Some("bundle"));
        assert_eq!(seen.first_of("objects").and_then(|first| first.text("id")), Some("a"));
        assert!(seen.get("n").is_some_and(|n| n.has("m")));
        assert_eq!(Glimpse::of(b"[{\"a\":").first().map(|first| first.has("a")), Some(true));
        assert_eq!(Glimpse::of(br#"{"people":[{"name":"A"}],"events":[{"on":"2024-01-31"},{"#).dated_list(), Some("events"));
        assert_eq!(Glimpse::of(br#"{"people":[{"name":"May"}],"dates":["2024-01-31"]}"#).dated_list(), None);
        assert_eq!(Glimpse::of(b"nonsense"), Glimpse::Other);
        assert_eq!(Glimpse::of(b""), Glimpse::Other);
    }
}
