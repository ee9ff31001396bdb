//! A growing stretch of bytes that is never moved: fresh memory, in large pages where the system has them, so that filling gigabytes
//! does not stop at every fourth kilobyte.

use arrow_buffer::Buffer;
use memmap2::MmapMut;

/// From this size on memory is asked of the system itself.
const LARGE_BYTES: usize = 4 << 20;

/// Bytes of a fixed capacity.
#[derive(Debug)]
pub(super) enum Pages {
    /// On the heap.
    Small(Vec<u8>),
    /// Pages of their own.
    Large {
        /// The pages.
        map: MmapMut,
        /// How much of them is filled.
        len: usize,
    },
}

impl Default for Pages {
    fn default() -> Self {
        Self::Small(Vec::new())
    }
}

impl Pages {
    /// Room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        if bytes >= LARGE_BYTES
            && let Ok(map) = MmapMut::map_anon(bytes)
        {
            // Where there are no large pages, small ones do.
            #[cfg(target_os = "linux")]
            map.advise(memmap2::Advice::HugePage).unwrap_or_default();
            return Self::Large { map, len: 0 };
        }
        Self::Small(Vec::with_capacity(bytes))
    }

    /// The bytes so far.
    pub(super) fn filled(&self) -> &[u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Large { map, len } => &map[..*len],
        }
    }

    /// How many more bytes there is room for.
    pub(super) fn room(&self) -> usize {
        match self {
            Self::Small(bytes) => bytes.capacity() - bytes.len(),
            Self::Large { map, len } => map.len() - len,
        }
    }

    /// Adds bytes, for which there is room.
    pub(super) fn push(&mut self, more: &[u8]) {
        match self {
            Self::Small(bytes) => bytes.extend_from_slice(more),
            Self::Large { map, len } => {
                map[*len..*len + more.len()].copy_from_slice(more);
                *len += more.len();
            }
        }
    }

    /// The bytes as they are, without copying them.
    pub(super) fn into_buffer(self) -> Buffer {
        match self {
            Self::Small(bytes) => Buffer::from(bytes),
            Self::Large { map, len } => Buffer::from(bytes::Bytes::from_owner(map)).slice_with_length(0, len),
        }
    }
}
