//! Files as memory, which is unsafe, and why that is sound.

use std::fs::File;
use std::io;
use std::path::Path;

use arrow_buffer::Buffer;
use memmap2::Mmap;

/// Maps a file of a kept copy. An empty file gives an empty buffer.
#[allow(unsafe_code, reason = "memory that is mapped from a file must not change while it is looked at, which no type can say")]
pub(super) fn map(path: &Path) -> io::Result<Buffer> {
    let file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(Buffer::from(Vec::<u8>::new()));
    }
    // SAFETY: only files of kept copies are mapped, never a file of the user. They lie in a folder of the program that only the user
    // may enter; they are written under another name, are complete when they come to bear their own, and are never written to or cut
    // short afterwards, only unlinked, which leaves what is mapped alone.
    let map = unsafe { Mmap::map(&file)? };
    Ok(Buffer::from(bytes::Bytes::from_owner(map)))
}
