//! A clock of the processor time of the thread that reads it; where the system has none, time on the wall.

use std::time::Instant;

/// The clock.
pub(super) struct ThreadClock {
    start: Instant,
}

impl ThreadClock {
    pub(super) fn new() -> Self {
        Self { start: Instant::now() }
    }

    /// Does it leave out the time in which others had the processor?
    pub(super) fn is_cpu_time(&self) -> bool {
        cpu_ms().is_some()
    }

    /// Milliseconds since some moment.
    pub(super) fn now_ms(&self) -> f64 {
        cpu_ms().unwrap_or_else(|| self.start.elapsed().as_secs_f64() * 1e3)
    }
}

#[cfg(target_os = "linux")]
fn cpu_ms() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Some(time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6)
}

#[cfg(not(target_os = "linux"))]
fn cpu_ms() -> Option<f64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_does_not_go_back() {
        let clock = ThreadClock::new();
        let first = clock.now_ms();
        assert!((0..1_000).all(|_| clock.now_ms() >= first));
    }
}
