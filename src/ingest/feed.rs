//! Bytes from a file or from memory, unpacked, counted, hashed and cancellable; it knows nothing of what they mean.
//!
//! What is counted and hashed are the bytes of the file as it is; what comes out is what is packed in it.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use sha2::{Digest as _, Sha256};

use super::error::{CancelledRead, LoadError};
use super::packed::{self, Unpacked, members};
use super::several::Said;
use crate::work::Cancel;

/// How much is read at once, and so how often a request to cancel is noticed.
pub(super) const BLOCK_BYTES: usize = 256 << 10;

/// The most that is read at once: a request to cancel is noticed between two reads.
const READ_BYTES_MAX: usize = 1 << 20;

/// What to open.
#[derive(Clone, Debug)]
pub enum Input {
    /// A file, or a folder, which stands for the files in it.
    Path(PathBuf),
    /// Bytes in memory, such as the bundled sample.
    Bytes {
        /// What stands for the file's name.
        name: String,
        /// The content.
        bytes: Arc<[u8]>,
    },
    /// A file in a ZIP archive of several.
    Packed {
        /// The archive.
        archive: Box<Self>,
        /// Its number in it.
        index: usize,
        /// Its name in it.
        name: String,
    },
    /// Several files that become one dataset.
    Several {
        /// What they are called together, such as the folder.
        name: String,
        /// Each with its name, which tells it from the others.
        parts: Vec<(String, Self)>,
        /// What was found while they were looked for.
        said: Vec<Said>,
    },
}

impl Input {
    /// The path as given, or the name.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Bytes { name, .. } | Self::Several { name, .. } => name.clone(),
            Self::Packed { archive, name, .. } => format!("{}/{name}", archive.name()),
        }
    }

    /// How many bytes it has, as far as that is known without reading it.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Path(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
            Self::Bytes { bytes, .. } => bytes.len() as u64,
            Self::Packed { archive, index, .. } => members::bytes(archive, *index),
            Self::Several { parts, .. } => parts.iter().map(|(_, part)| part.bytes()).sum(),
        }
    }

    /// Starts reading from the beginning.
    pub(super) fn open(&self, cancel: &Cancel) -> Result<Feed, LoadError> {
        let (source, total, meter): (Box<dyn Read + Send>, _, _) = if let Self::Packed { archive, index, .. } = self {
            let total = self.bytes();
            let meter = Meter::new(total <= HASHED_BYTES_MAX);
            (members::open((archive, *index), &self.name(), &meter, cancel)?, total, meter)
        } else {
            let (source, total) = self.source()?;
            (Box::new(source), total, Meter::new(total <= HASHED_BYTES_MAX))
        };
        let raw = Raw { source, meter: meter.clone(), cancel: cancel.clone() };
        let Unpacked { read, inside } = packed::unpack(self, raw)?;
        Ok(Feed { read, total, meter, cancel: cancel.clone(), inside })
    }

    /// The bytes as they are, neither counted nor unpacked, and how many.
    pub(super) fn source(&self) -> Result<(Box<dyn Source>, u64), LoadError> {
        match self {
            Self::Path(path) => {
                let failed = |error| LoadError::from_io(&self.name(), &error);
                let file = File::open(path).map_err(failed)?;
                let total = file.metadata().map_err(failed)?.len();
                Ok((Box::new(file), total))
            }
            Self::Bytes { bytes, .. } => Ok((Box::new(io::Cursor::new(Arc::clone(bytes))), bytes.len() as u64)),
            Self::Packed { archive, index, .. } => members::whole((archive, *index), &self.name()),
            Self::Several { name, .. } => {
                let reason = "several files cannot be read as one stream of bytes".to_owned();
                Err(LoadError::Io { path: name.clone(), reason })
            }
        }
    }
}

/// Bytes that can be read from any place.
pub(super) trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

/// The bytes of an input as they are, counted and hashed on the way.
pub(super) struct Raw {
    source: Box<dyn Read + Send>,
    pub(super) meter: Meter,
    cancel: Cancel,
}

impl Raw {
    /// Bytes that are counted and not hashed.
    pub(super) fn new(source: impl Read + Send + 'static, cancel: &Cancel) -> Self {
        Self { source: Box::new(source), meter: Meter::default(), cancel: cancel.clone() }
    }
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other(CancelledRead));
        }
        let most = buffer.len().min(READ_BYTES_MAX);
        let count = self.source.read(&mut buffer[..most])?;
        self.meter.take(&buffer[..count]);
        Ok(count)
    }
}

/// Up to so many bytes are hashed while they are read. Hashing more would take a good part of the time of reading;
/// it is done behind, in the background.
pub(super) const HASHED_BYTES_MAX: u64 = 64 << 20;

/// What has been read so far; clones share it.
#[derive(Clone, Default)]
pub(super) struct Meter(Arc<Reading>);

#[derive(Default)]
struct Reading {
    bytes: AtomicU64,
    sha256: Mutex<Option<Sha256>>,
    malformed: AtomicU64,
    broken: Mutex<Option<String>>,
}

impl Meter {
    fn new(is_hashed: bool) -> Self {
        Self(Arc::new(Reading { sha256: Mutex::new(is_hashed.then(Sha256::new)), ..Reading::default() }))
    }

    /// Bytes read.
    pub(super) fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Places that were not text in the encoding.
    pub(super) fn malformed(&self) -> u64 {
        self.0.malformed.load(Ordering::Relaxed)
    }

    /// Says that so many bytes of the file have been gone through, where they are not read one after the other.
    pub(super) fn set_bytes(&self, bytes: u64) {
        self.0.bytes.store(bytes, Ordering::Relaxed);
    }

    /// Why what is packed in the file could not be unpacked to its end.
    pub(super) fn broken(&self) -> Option<String> {
        self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_broken(&self, reason: String) {
        self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
    }

    /// SHA-256 of everything read, in hexadecimal; `None` of a file that is too large to be hashed on the way.
    pub(super) fn sha256(&self) -> Option<String> {
        self.0.sha256.lock().unwrap_or_else(PoisonError::into_inner).clone().map(in_hexadecimal)
    }

    fn take(&self, bytes: &[u8]) {
        self.0.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if let Some(sha256) = self.0.sha256.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            sha256.update(bytes);
        }
    }
}

pub(super) fn in_hexadecimal(sha256: Sha256) -> String {
    sha256.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text
    })
}

/// What is in an input, from its beginning.
pub(super) struct Feed {
    read: Box<dyn Read + Send>,
    /// How many bytes the file has as it is.
    pub(super) total: u64,
    pub(super) meter: Meter,
    cancel: Cancel,
    /// What was found when it was opened.
    pub(super) inside: packed::Inside,
}

impl Feed {
    /// The name of what is read: of the file in an archive, or the file's own without the ending of its packing.
    pub(super) fn inner_name(&self, path: &str) -> String {
        self.inside.name.clone().unwrap_or_else(|| packed::bare_name(path).to_owned())
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other(CancelledRead));
        }
        let most = buffer.len().min(READ_BYTES_MAX);
        self.read.read(&mut buffer[..most])
    }
}

/// Reads until the buffer holds `len` bytes or the input ends.
pub(super) fn read_head(read: &mut impl Read, len: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    read.take(len as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads to the end so that all of it is counted and hashed.
pub(super) fn drain(read: &mut impl Read) -> io::Result<()> {
    let mut block = vec![0; BLOCK_BYTES];
    while read.read(&mut block)? > 0 {}
    Ok(())
}

/// Bytes as UTF-8, whatever the encoding was. UTF-8 passes through as it is, faults included; only a byte order mark is taken off.
pub(super) struct Utf8<R> {
    inner: R,
    meter: Meter,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    raw_len: usize,
    is_at_start: bool,
    is_over: bool,
    is_finished: bool,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding, meter: Meter) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        let raw = vec![0; if decoder.is_some() { BLOCK_BYTES } else { 0 }];
        Self { inner, meter, decoder, raw, raw_at: 0, raw_len: 0, is_at_start: true, is_over: false, is_finished: false }
    }

    /// The first bytes, without a byte order mark.
    fn read_start(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
        self.is_at_start = false;
        let mut len = 0;
        while len < MARK.len() {
            let count = self.inner.read(&mut buffer[len..])?;
            if count == 0 {
                break;
            }
            len += count;
        }
        if buffer[..len].starts_with(&MARK) {
            buffer.copy_within(MARK.len()..len, 0);
            len -= MARK.len();
            if len == 0 {
                return self.inner.read(buffer);
            }
        }
        Ok(len)
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return if self.is_at_start && buffer.len() >= 3 { self.read_start(buffer) } else { self.inner.read(buffer) };
        }
        while !self.is_finished {
            if self.raw_at == self.raw_len && !self.is_over {
                self.raw_len = self.inner.read(&mut self.raw)?;
                self.raw_at = 0;
                self.is_over = self.raw_len == 0;
            }
            let Some(decoder) = &mut self.decoder else { return Ok(0) };
            let (result, read, written, had_faults) = decoder.decode_to_utf8(&self.raw[self.raw_at..self.raw_len], buffer, self.is_over);
            self.raw_at += read;
            if had_faults {
                self.meter.0.malformed.fetch_add(1, Ordering::Relaxed);
            }
            self.is_finished = self.is_over && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
            if result == CoderResult::OutputFull && read == 0 {
                return Err(io::Error::other("the buffer is too small for one character"));
            }
        }
        Ok(0)
    }
}
