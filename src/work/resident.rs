//! How much memory the process has, as the system tells.

/// Bytes of the process that are in memory now; 0 where the system does not tell.
pub fn bytes() -> u64 {
    status("VmRSS:")
}

/// The most bytes of the process that were in memory at once; 0 where the system does not tell.
pub fn peak_bytes() -> u64 {
    status("VmHWM:")
}

fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_process_has_some_memory_and_had_no_less() {
        // In this order: other tests take memory meanwhile.
        let now = bytes();
        assert!(now > 1 << 20 && peak_bytes() >= now);
    }
}
