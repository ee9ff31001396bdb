//! The pages of a column: those without a value are left out, which some programs write and the library takes for the end, and those packed by
//! Brotli are unpacked here, because the library would bring what packs them as well, at the cost of a megabyte.

use std::io::Read as _;
use std::sync::Arc;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

/// How much is unpacked at once.
const BUFFER_BYTES: usize = 64 << 10;
/// A page says in four bytes how long it is.
const PAGE_BYTES_MAX: u64 = i32::MAX as u64;

/// The pages of a column in a group of rows.
pub(super) struct Pages<C: ChunkReader> {
    read: SerializedPageReader<C>,
    /// How long a page can be that is unpacked here.
    unpacked_max: Option<u64>,
}

impl<C: ChunkReader> Pages<C> {
    pub(super) fn of(chunks: &Arc<C>, group: &RowGroupMetaData, column: usize) -> Result<Self> {
        let (column, rows) = (group.column(column), usize::try_from(group.num_rows())?);
        let pages = |column| SerializedPageReader::new(Arc::clone(chunks), column, rows, None);
        if !matches!(column.compression(), Compression::BROTLI(_)) {
            return Ok(Self { read: pages(column)?, unpacked_max: None });
        }
        let packed = column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
        let unpacked_max = u64::try_from(column.uncompressed_size()).unwrap_or(0).min(PAGE_BYTES_MAX);
        Ok(Self { read: pages(&packed)?, unpacked_max: Some(unpacked_max) })
    }

    /// Passes over pages without a value, up to the next one with some.
    fn next_with_values(&mut self) -> Result<Option<PageMetadata>> {
        while let Some(next) = self.read.peek_next_page()? {
            if next.is_dict || next.num_levels != Some(0) {
                return Ok(Some(next));
            }
            self.read.skip_next_page()?;
        }
        Ok(None)
    }
}

impl<C: ChunkReader> Iterator for Pages<C> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<C: ChunkReader> PageReader for Pages<C> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.next_with_values()?;
        let page = self.read.get_next_page()?;
        match (page, self.unpacked_max) {
            (Some(page), Some(max)) => unpacked(page, max).map(Some),
            (page, _) => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.next_with_values()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.next_with_values()?;
        self.read.skip_next_page()
    }
}

fn unpacked(mut page: Page, max: u64) -> Result<Page> {
    match &mut page {
        Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = bytes(buf, 0, max)?,
        // The levels of such a page are never packed.
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, is_compressed: true, .. } => {
            *buf = bytes(buf, *def_levels_byte_len as usize + *rep_levels_byte_len as usize, max)?;
        }
        Page::DataPageV2 { .. } => {}
    }
    Ok(page)
}

/// The bytes of a page, of which the first ones are not packed.
fn bytes(packed: &Bytes, plain: usize, max: u64) -> Result<Bytes> {
    let Some((first, packed)) = packed.split_at_checked(plain) else {
        return Err(ParquetError::EOF("a page ends within its levels".to_owned()));
    };
    let mut unpacked = first.to_vec();
    // A page without values has nothing behind its levels.
    if !packed.is_empty() {
        Decompressor::new(packed, BUFFER_BYTES).take(max + 1).read_to_end(&mut unpacked)?;
        if unpacked.len() as u64 > max {
            return Err(ParquetError::General(format!("a page becomes more than {max} bytes, which its column has in all")));
        }
    }
    Ok(unpacked.into())
}
