//! Gives memory back to the system that was freed but is still held: the only place that talks to the allocator, and why that is sound.

/// Gives back what the allocator holds of freed memory. Reading a table frees hundreds of megabytes in pieces too small to go back by
/// themselves, and the C library of Linux keeps them for what may come. Takes about fifty milliseconds after ten million records, in
/// which other threads may have to wait for memory: for a moment in which nothing else goes on. Elsewhere it does nothing.
#[cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    allow(unsafe_code, reason = "a function of the C library that takes a number and has no way to do harm")
)]
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the function may be called at any time from any thread; it takes the allocator's own locks, touches only memory that
    // nobody has, and its argument is a number of bytes to keep. It is that of the allocator in use: the program sets no other one,
    // and if it did, there would be nothing to give back.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::resident;
    use super::*;

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn what_was_freed_between_what_is_kept_goes_back() {
        const PIECE: usize = 64 << 10;
        let mut pieces: Vec<Option<Vec<u8>>> = (0..2_000).map(|_| Some(vec![1; PIECE])).collect();
        for (index, piece) in pieces.iter_mut().enumerate() {
            if index % 4 > 0 {
                *piece = None;
            }
        }
        let before = resident::bytes();
        give_back();
        assert!(resident::bytes() + (40 << 20) < before, "{} bytes before, {} after", before, resident::bytes());
        assert_eq!(pieces.iter().flatten().map(Vec::len).sum::<usize>(), 500 * PIECE);
    }
}
