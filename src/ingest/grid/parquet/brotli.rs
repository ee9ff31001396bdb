//! Unpacks pages of Parquet files that were packed by Brotli: the library for Parquet would bring what packs them as well, at the cost of a megabyte.

use std::io::Read as _;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use crate::ingest::packed::{EXPANSION_FREE_BYTES, EXPANSION_MAX};

/// How much is unpacked at once.
const BUFFER_BYTES: usize = 64 << 10;

/// Pages as they lie in the file, unpacked one by one.
pub(super) struct Unpacked<P>(pub(super) P);

impl<P: PageReader> Iterator for Unpacked<P> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<P: PageReader> PageReader for Unpacked<P> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.0.get_next_page()?.map(unpacked).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }
}

fn unpacked(mut page: Page) -> Result<Page> {
    match &mut page {
        Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = bytes(buf, 0)?,
        // The levels of such a page are never packed.
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, is_compressed: true, .. } => {
            *buf = bytes(buf, *def_levels_byte_len as usize + *rep_levels_byte_len as usize)?;
        }
        Page::DataPageV2 { .. } => {}
    }
    Ok(page)
}

/// The bytes of a page, of which the first ones are not packed.
fn bytes(packed: &Bytes, plain: usize) -> Result<Bytes> {
    let Some((first, packed)) = packed.split_at_checked(plain) else {
        return Err(ParquetError::EOF("a page ends within its levels".to_owned()));
    };
    let mut unpacked = first.to_vec();
    // A page without values has nothing behind its levels.
    if !packed.is_empty() {
        let limit = (packed.len() as u64).saturating_mul(EXPANSION_MAX).max(EXPANSION_FREE_BYTES);
        Decompressor::new(packed, BUFFER_BYTES).take(limit).read_to_end(&mut unpacked)?;
        if unpacked.len() as u64 >= limit {
            return Err(ParquetError::General(format!("a page of {} bytes becomes more than {limit}", packed.len())));
        }
    }
    Ok(unpacked.into())
}
