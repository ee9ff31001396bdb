//! Some lines of a file as they stand there, with the place that is meant; plain values, which know no file.

/// A line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExcerptLine {
    /// Its number, from 1.
    pub number: u64,
    /// Its text, without the end of the line.
    pub text: String,
    /// Was something left out before or behind that part of the line?
    pub is_cut: [bool; 2],
    /// Does the row that is meant stand here?
    pub is_meant: bool,
    /// The part of the text, in bytes, that is meant.
    pub mark: Option<(usize, usize)>,
}

/// Some lines of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines in their order.
    pub lines: Vec<ExcerptLine>,
    /// Has the file changed since it was read?
    pub is_changed: bool,
}
