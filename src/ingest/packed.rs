//! Unpacks what is compressed, by its content: gzip, Zstandard, and files in ZIP archives; it knows nothing of what comes out.
//!
//! Memory does not grow with what comes out, and too much of it is an error with a number. An archive that breaks off gives what comes
//! before, and the meter says so.

pub(super) mod members;

use std::io::{self, Cursor, Read};

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use super::error::{CancelledRead, ExpandedRead, LoadError, gigabytes, in_one_line};
use super::feed::{Input, Meter, Raw, Source};
use super::grid::Container;

/// So many times the size of the file may come out of it: tables seldom shrink to a fiftieth, and what deflate can do at most is a thousandth.
pub(super) const EXPANSION_MAX: u64 = 500;
/// Less than this may come out of any file: it harms nobody.
pub(super) const EXPANSION_FREE_BYTES: u64 = 64 << 20;
/// More than this comes out of no file: no disk of a person would hold it.
const UNPACKED_BYTES_MAX: u64 = 256 << 30;

const GZIP: &[u8] = b"\x1f\x8b\x08";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const ZIP: &[u8] = b"PK\x03\x04";
const ZIP_EMPTY: &[u8] = b"PK\x05\x06";

/// What an input holds, as far as opening it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inside {
    /// How it is packed: `gzip`, `zstd` or `zip`.
    pub(super) packing: Option<&'static str>,
    /// The name of the file in an archive that has names.
    pub(super) name: Option<String>,
    /// The workbook that the archive is.
    pub(super) container: Option<Container>,
}

impl Inside {
    /// How the file was packed, as notes of its origin.
    pub(super) fn notes(&self) -> Vec<(String, String)> {
        let packing = self.packing.map(|packing| ("packed".to_owned(), packing.to_owned()));
        let name = self.name.clone().map(|name| ("packed file".to_owned(), name));
        packing.into_iter().chain(name).collect()
    }
}

/// What is in an input.
pub(super) struct Unpacked {
    pub(super) read: Box<dyn Read + Send>,
    pub(super) inside: Inside,
}

/// The path without the ending that says how the file is packed.
pub(super) fn bare_name(path: &str) -> &str {
    let packings = [".gz", ".gzip", ".zst", ".zstd", ".zip"];
    let found = packings.iter().find_map(|ending| {
        let at = path.len().checked_sub(ending.len())?;
        path.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).and_then(|_| path.get(..at))
    });
    found.filter(|bare| !bare.is_empty() && !bare.ends_with(['/', '\\'])).unwrap_or(path)
}

/// Finds out how an input is packed, and unpacks it.
pub(super) fn unpack(input: &Input, mut raw: Raw) -> Result<Unpacked, LoadError> {
    let failed = |error: io::Error| LoadError::from_io(&input.name(), &error);
    let mut start = Vec::new();
    raw.by_ref().take(4).read_to_end(&mut start).map_err(failed)?;
    let is_zip = start.starts_with(ZIP) || start.starts_with(ZIP_EMPTY);
    let meter = raw.meter.clone();
    let raw = Cursor::new(start.clone()).chain(raw);
    let packed = |packing: &'static str| Inside { packing: Some(packing), ..Inside::default() };
    if start.starts_with(GZIP) {
        let decoder = Decoder::Gzip(Box::new(MultiGzDecoder::new(raw)));
        return Ok(Unpacked { read: Box::new(Unpacking::new(decoder, meter)), inside: packed("gzip") });
    }
    if start.starts_with(ZSTD) {
        let decoder = zstd::stream::read::Decoder::new(raw).map_err(failed)?;
        return Ok(Unpacked { read: Box::new(Unpacking::new(Decoder::Zstd(Box::new(decoder)), meter)), inside: packed("zstd") });
    }
    if !is_zip {
        return Ok(Unpacked { read: Box::new(raw), inside: Inside::default() });
    }
    let found = find_entry(input)?;
    let found = if matches!(input, Input::Packed { .. }) { members::workbook_only(found, &input.name())? } else { found };
    match found {
        Archive::Workbook(container) => {
            Ok(Unpacked { read: Box::new(raw), inside: Inside { container: Some(container), ..Inside::default() } })
        }
        Archive::File(entry) => {
            let inside = Inside { name: Some(entry.name.clone()), ..packed("zip") };
            Ok(Unpacked { read: Box::new(Unpacking::new(entry.open(raw).map_err(failed)?, meter)), inside })
        }
    }
}

type Packed = io::Chain<Cursor<Vec<u8>>, Raw>;

/// What unpacks.
enum Decoder {
    Gzip(Box<MultiGzDecoder<Packed>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, io::BufReader<Packed>>>),
    Zip { read: ZipRead, crc: Crc, expected: Option<(u32, u64)>, bytes: u64 },
}

/// A file in a ZIP archive.
enum ZipRead {
    Stored(io::Take<Packed>),
    Deflated(Box<DeflateDecoder<io::Take<Packed>>>),
}

impl Decoder {
    fn raw(&mut self) -> &mut Packed {
        match self {
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut().get_mut(),
            Self::Zip { read: ZipRead::Stored(read), .. } => read.get_mut(),
            Self::Zip { read: ZipRead::Deflated(read), .. } => read.get_mut().get_mut(),
        }
    }
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
            Self::Zip { read, crc, expected, bytes } => {
                let count = match read {
                    ZipRead::Stored(read) => read.read(buffer),
                    ZipRead::Deflated(read) => read.read(buffer),
                }?;
                crc.update(&buffer[..count]);
                *bytes += count as u64;
                let is_wrong = count == 0 && !buffer.is_empty() && *expected != Some((crc.sum(), *bytes));
                if is_wrong {
                    let reason = match expected {
                        Some(_) => "its checksum or size is not the one that the archive names",
                        None => "the archive has no directory, and may have more files",
                    };
                    return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
                }
                Ok(count)
            }
        }
    }
}

/// Bytes that are being unpacked, watched for their number.
struct Unpacking {
    decoder: Decoder,
    meter: Meter,
    /// What is told when it breaks off.
    told: Meter,
    /// Is it one of several files, so that what stands behind it belongs to others?
    is_member: bool,
    bytes: u64,
    is_over: bool,
}

impl Unpacking {
    fn new(decoder: Decoder, meter: Meter) -> Self {
        Self { decoder, told: meter.clone(), meter, is_member: false, bytes: 0, is_over: false }
    }

    /// Counts and hashes what stands behind, so that the file is known as it is.
    fn end(&mut self) -> io::Result<usize> {
        self.is_over = true;
        if self.is_member {
            return Ok(0);
        }
        super::feed::drain(self.decoder.raw()).map(|()| 0)
    }

    fn check(&self) -> io::Result<()> {
        let packed = self.meter.bytes().max(1);
        let is_bomb = self.bytes > EXPANSION_FREE_BYTES && self.bytes / packed > EXPANSION_MAX;
        if is_bomb || self.bytes > UNPACKED_BYTES_MAX {
            let (out, from) = (gigabytes(self.bytes), gigabytes(packed));
            let limit = if is_bomb { format!("{EXPANSION_MAX} times as much") } else { gigabytes(UNPACKED_BYTES_MAX) };
            return Err(io::Error::other(ExpandedRead(format!("{out} came out of the first {from}; at most {limit} may"))));
        }
        Ok(())
    }
}

impl Read for Unpacking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(0);
        }
        match self.decoder.read(buffer) {
            Ok(0) if !buffer.is_empty() => self.end(),
            Ok(count) => {
                self.bytes += count as u64;
                self.check().map(|()| count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted || CancelledRead::is_in(&error) => Err(error),
            // What came before stands; a failing disk shows itself when the rest is read.
            Err(error) => {
                self.told.set_broken(format!("after {} bytes it cannot be unpacked: {error}", self.bytes));
                self.end()
            }
        }
    }
}

/// What a ZIP archive is.
enum Archive {
    Workbook(Container),
    File(Entry),
}

/// Where the only file of an archive is.
struct Entry {
    name: String,
    start: u64,
    packed_bytes: u64,
    is_stored: bool,
    /// Checksum and size; `None` where no directory names them.
    expected: Option<(u32, u64)>,
}

impl Entry {
    /// A file of an archive by its number.
    fn at(archive: &mut Directory, index: usize, name: String, path: &str) -> Result<Self, LoadError> {
        let path = || path.to_owned();
        let damaged = |reason: String| LoadError::Damaged { path: path(), what: WHAT, reason };
        let entry = archive.by_index_raw(index).map_err(|error| damaged(error.to_string()))?;
        if entry.encrypted() {
            return Err(LoadError::Locked { path: path(), what: WHAT });
        }
        let is_stored = match entry.compression() {
            CompressionMethod::Stored => true,
            CompressionMethod::Deflated => false,
            _ => return Err(LoadError::Unsupported { path: path(), what: "a ZIP archive with a rare kind of compression" }),
        };
        let start = entry.data_start().ok_or_else(|| damaged("its file has no beginning".to_owned()))?;
        let expected = Some((entry.crc32(), entry.size()));
        Ok(Self { name, start, packed_bytes: entry.compressed_size(), is_stored, expected })
    }

    fn open(&self, mut raw: Packed) -> io::Result<Decoder> {
        io::copy(&mut raw.by_ref().take(self.start), &mut io::sink())?;
        let raw = raw.take(self.packed_bytes);
        let read = if self.is_stored { ZipRead::Stored(raw) } else { ZipRead::Deflated(Box::new(DeflateDecoder::new(raw))) };
        Ok(Decoder::Zip { read, crc: Crc::new(), expected: self.expected, bytes: 0 })
    }

    /// The first file of an archive that breaks off before its directory, by what stands before the file itself.
    fn first(input: &Input) -> Option<Self> {
        const HEADER_BYTES: usize = 30;
        let mut header = Vec::new();
        input.source().ok()?.0.take(HEADER_BYTES as u64 + 2 * u64::from(u16::MAX)).read_to_end(&mut header).ok()?;
        let number = |at: usize| header.get(at..at + 2).map(|bytes| usize::from(bytes[0]) | usize::from(bytes[1]) << 8);
        let (flags, method, name_bytes, extra_bytes) = (number(6)?, number(8)?, number(26)?, number(28)?);
        let name = in_one_line(&String::from_utf8_lossy(header.get(HEADER_BYTES..HEADER_BYTES + name_bytes)?));
        // Only deflate says itself where it ends.
        let is_readable = header.starts_with(ZIP) && flags & 1 == 0 && method == 8 && is_file_of_somebody(&name);
        let start = (HEADER_BYTES + name_bytes + extra_bytes) as u64;
        is_readable.then_some(Self { name, start, packed_bytes: u64::MAX, is_stored: false, expected: None })
    }
}

/// What an error calls it.
const WHAT: &str = "a ZIP archive";

/// An archive whose directory was read.
type Directory = ZipArchive<io::BufReader<Box<dyn Source>>>;

/// Reads the directory of a ZIP archive: the names of what is in it, each fit for one line. What is wrong with it comes in words.
fn look_into(input: &Input) -> Result<(Directory, Vec<String>), String> {
    let (source, _) = input.source().map_err(|error| error.to_string())?;
    let archive = ZipArchive::new(io::BufReader::new(source)).map_err(|error| error.to_string())?;
    let names = archive.file_names_raw().map(|name| in_one_line(&String::from_utf8_lossy(name))).collect();
    Ok((archive, names))
}

/// What an archive with these files is, when it is more than files put together.
fn packed_kind(names: &[String]) -> Option<Result<Container, &'static str>> {
    let has = |name: &str| names.iter().any(|own| own == name);
    match Container::of_archive(names) {
        Some(container) => Some(Ok(container)),
        None if has("word/document.xml") => Some(Err("a Word document")),
        None if has("ppt/presentation.xml") => Some(Err("a presentation")),
        None => None,
    }
}

/// Looks into the directory of a ZIP archive with one file. The files of one with several are inputs of their own.
fn find_entry(input: &Input) -> Result<Archive, LoadError> {
    let path = input.name();
    let (mut archive, names) = match look_into(input) {
        Ok(found) => found,
        Err(reason) => return Entry::first(input).map(Archive::File).ok_or(LoadError::Damaged { path, what: WHAT, reason }),
    };
    match packed_kind(&names) {
        Some(Ok(container)) => return Ok(Archive::Workbook(container)),
        Some(Err(what)) => return Err(LoadError::Unsupported { path, what }),
        None => {}
    }
    let files: Vec<usize> = (0..names.len()).filter(|index| is_file_of_somebody(&names[*index])).collect();
    match files.as_slice() {
        [] => Err(LoadError::Empty { path }),
        [file] => Entry::at(&mut archive, *file, names[*file].clone(), &path).map(Archive::File),
        _ => Err(LoadError::NoReadableFile { path }),
    }
}

/// Not a folder, and not what a system puts into archives for itself.
fn is_file_of_somebody(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    !name.ends_with('/') && !name.starts_with("__MACOSX/") && !last.starts_with('.') && last != "Thumbs.db"
}
