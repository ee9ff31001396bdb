//! A clock of the processor time of the thread that reads it; where the system has none, time on the wall.

/// Does the clock leave out the time in which others had the processor?
pub(super) const IS_CPU_TIME: bool = cfg!(target_os = "linux");

/// Milliseconds since some moment.
#[cfg(target_os = "linux")]
pub(super) fn now_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Milliseconds since some moment.
#[cfg(not(target_os = "linux"))]
pub(super) fn now_ms() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_on_and_never_back() {
        let first = now_ms();
        let mut last = first;
        for _ in 0..1_000_000 {
            let now = now_ms();
            assert!(now >= last);
            last = now;
            if now > first {
                return;
            }
        }
        assert!(last > first);
    }
}
