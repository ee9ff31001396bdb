//! Checksums of files in blocks, so that they can be made and checked in parallel; it knows nothing of what is in them.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

use crate::ingest::feed::in_hexadecimal;
use crate::work::{Cancel, map_parts, threads};

/// How much of a file of a copy has one checksum.
const BLOCK_BYTES: usize = 1 << 20;
/// How much of the user's file has one checksum on the way to that of all.
const CONTENT_BLOCK_BYTES: u64 = 4 << 20;
/// How many places of a file are looked at to find its copy.
const SAMPLES: u64 = 64;
/// How much is looked at in each.
const SAMPLE_BYTES: u64 = 64 << 10;

/// The length of a file and the checksums of its blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sums {
    pub(super) bytes: u64,
    blocks: Vec<u64>,
}

impl Sums {
    /// Are these the bytes?
    pub(super) fn fit(&self, bytes: &[u8]) -> bool {
        let fits = |(block, sum): (&[u8], &u64)| xxh3_64(block) == *sum;
        let blocks: Vec<&[u8]> = bytes.chunks(BLOCK_BYTES).collect();
        let is_right = |range: std::ops::Range<usize>| blocks[range.clone()].iter().copied().zip(&self.blocks[range]).all(fits);
        bytes.len() as u64 == self.bytes
            && blocks.len() == self.blocks.len()
            && (blocks.is_empty() || map_parts(blocks.len(), threads(), is_right).into_iter().all(|part| part))
    }

    /// Are these the bytes of a file? `None` when somebody asked to stop.
    pub(super) fn fit_file(&self, path: &Path, cancel: &Cancel) -> io::Result<Option<bool>> {
        if File::open(path)?.metadata()?.len() != self.bytes {
            return Ok(Some(false));
        }
        let parts = map_parts(self.blocks.len(), threads(), |range| -> io::Result<Option<bool>> {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(range.start as u64 * BLOCK_BYTES as u64))?;
            let mut block = Vec::with_capacity(BLOCK_BYTES);
            for sum in &self.blocks[range] {
                if cancel.is_cancelled() {
                    return Ok(None);
                }
                block.clear();
                (&file).take(BLOCK_BYTES as u64).read_to_end(&mut block)?;
                if xxh3_64(&block) != *sum {
                    return Ok(Some(false));
                }
            }
            Ok(Some(true))
        });
        let mut fits = Some(true);
        for part in parts {
            match part? {
                Some(false) => return Ok(Some(false)),
                Some(true) => {}
                None => fits = None,
            }
        }
        Ok(fits)
    }
}

/// Writes on and keeps the sums of what goes through.
pub(super) struct Summing<W> {
    inner: W,
    sums: Sums,
    hasher: Xxh3,
    cancel: Cancel,
}

impl<W: Write> Summing<W> {
    pub(super) fn new(inner: W, cancel: Cancel) -> Self {
        Self { inner, sums: Sums::default(), hasher: Xxh3::new(), cancel }
    }

    pub(super) fn finish(mut self) -> io::Result<Sums> {
        self.inner.flush()?;
        if !self.sums.bytes.is_multiple_of(BLOCK_BYTES as u64) {
            self.sums.blocks.push(self.hasher.digest());
        }
        Ok(self.sums)
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        let room = BLOCK_BYTES - self.sums.bytes as usize % BLOCK_BYTES;
        let count = self.inner.write(&bytes[..bytes.len().min(room)])?;
        self.hasher.update(&bytes[..count]);
        self.sums.bytes += count as u64;
        if count > 0 && self.sums.bytes.is_multiple_of(BLOCK_BYTES as u64) {
            self.sums.blocks.push(self.hasher.digest());
            self.hasher.reset();
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What all bytes of a file of the user come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// Fast and wide enough that no two files have the same by chance.
    pub(super) hash: String,
    /// Where it was asked for.
    pub(super) sha256: Option<String>,
}

/// A checksum of some places of a file, to find its copy by.
pub(super) fn samples(path: &Path, size: u64) -> io::Result<u128> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::with_capacity((SAMPLES * SAMPLE_BYTES) as usize);
    let last = size.saturating_sub(SAMPLE_BYTES);
    for sample in 0..SAMPLES {
        let start = (u128::from(last) * u128::from(sample) / u128::from(SAMPLES - 1)) as u64;
        file.seek(SeekFrom::Start(start))?;
        (&file).take(SAMPLE_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(xxh3_128(&bytes))
}

/// Reads all of a file, in parallel. `None` when somebody asked to stop.
pub(super) fn content(path: &Path, size: u64, cancel: &Cancel) -> io::Result<Option<Content>> {
    let blocks = usize::try_from(size.div_ceil(CONTENT_BLOCK_BYTES)).unwrap_or(usize::MAX);
    let parts = map_parts(blocks, threads(), |range| -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(range.start as u64 * CONTENT_BLOCK_BYTES))?;
        let mut block = Vec::with_capacity(CONTENT_BLOCK_BYTES as usize);
        let mut sums = Vec::new();
        for _ in range {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            next_block(&file, &mut block)?;
            sums.extend(xxh3_128(&block).to_le_bytes());
        }
        Ok(Some(sums))
    });
    let mut all = Vec::new();
    for part in parts {
        match part {
            Ok(Some(sums)) => all.extend(sums),
            Ok(None) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(Content { hash: named(&all), sha256: None }))
}

/// The same with SHA-256, which cannot be made in parallel. `None` when somebody asked to stop.
pub(super) fn content_with_sha256(path: &Path, cancel: &Cancel) -> io::Result<Option<Content>> {
    let file = File::open(path)?;
    let mut block = Vec::with_capacity(CONTENT_BLOCK_BYTES as usize);
    let (mut all, mut sha256) = (Vec::new(), Sha256::new());
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        next_block(&file, &mut block)?;
        if block.is_empty() {
            return Ok(Some(Content { hash: named(&all), sha256: Some(in_hexadecimal(sha256)) }));
        }
        all.extend(xxh3_128(&block).to_le_bytes());
        sha256.update(&block);
    }
}

fn next_block(file: &File, block: &mut Vec<u8>) -> io::Result<()> {
    block.clear();
    file.take(CONTENT_BLOCK_BYTES).read_to_end(block).map(|_| ())
}

fn named(sums: &[u8]) -> String {
    format!("{:032x}", xxh3_128(sums))
}
