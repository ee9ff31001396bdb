//! How much memory the process may still use, as far as the system says, so that a file that is too large is an answer and no crash.
//!
//! On Linux: what the machine has, what the groups allow that the process belongs to, and what its own limits allow. Elsewhere nobody
//! asks, and nothing is refused.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// What is known at one moment, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    /// What may still be taken.
    pub(super) free: u64,
    /// What the process has taken for itself; what it maps from files is not counted.
    pub(super) own: u64,
}

impl Memory {
    /// As it is now; `None` where nobody says.
    pub(super) fn now() -> Option<Self> {
        let status = read_to_string("/proc/self/status").ok()?;
        let own = kilobytes(&status, "RssAnon:")?;
        let machine = read_to_string("/proc/meminfo").ok().and_then(|text| of_machine(&text));
        let limits = read_to_string("/proc/self/limits").ok().and_then(|text| of_limits(&text, &status));
        let groups = read_to_string("/proc/self/cgroup").ok().and_then(|text| of_groups(&text, Path::new("/sys/fs/cgroup")));
        let free = [machine, limits, groups].into_iter().flatten().min()?;
        Some(Self { free, own })
    }
}

/// The number of a line such as `MemAvailable:   123 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|number| number.saturating_mul(1_024))
}

/// What the machine can give without throwing programs out, with what it can put on disk.
fn of_machine(meminfo: &str) -> Option<u64> {
    Some(kilobytes(meminfo, "MemAvailable:")?.saturating_add(kilobytes(meminfo, "SwapFree:").unwrap_or(0)))
}

/// What `ulimit -v` and `ulimit -d` leave.
fn of_limits(limits: &str, status: &str) -> Option<u64> {
    let left = |limit: &str, used: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(limit))?;
        let most: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(most.saturating_sub(kilobytes(status, used)?))
    };
    [left("Max address space", "VmSize:"), left("Max data size", "VmData:")].into_iter().flatten().min()
}

/// What the groups leave that the process belongs to: each one from its own up to the root has a limit or none.
fn of_groups(cgroup: &str, root: &Path) -> Option<u64> {
    let mut least: Option<u64> = None;
    for line in cgroup.lines() {
        let mut parts = line.splitn(3, ':');
        let (_, controllers, path) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let (base, names) = if controllers.is_empty() {
            (root.to_owned(), ["memory.max", "memory.current", "inactive_file ", "active_file "])
        } else if controllers.split(',').any(|name| name == "memory") {
            (root.join("memory"), ["memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ", "total_active_file "])
        } else {
            continue;
        };
        for folder in base.join(path.trim_start_matches('/')).ancestors().take_while(|folder| folder.starts_with(&base)) {
            if let Some(left) = of_group(folder, names) {
                least = Some(least.map_or(left, |least| least.min(left)));
            }
        }
    }
    least
}

fn of_group(folder: &Path, [limit, used, inactive, active]: [&str; 4]) -> Option<u64> {
    let number = |name: &str| read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let (limit, used) = (number(limit)?, number(used)?);
    let file: PathBuf = folder.join("memory.stat");
    let stat = read_to_string(file).unwrap_or_default();
    let kept = |name: &str| stat.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok()).unwrap_or(0);
    // Pages of files that were read are given back when somebody needs them.
    Some(limit.saturating_sub(used.saturating_sub(kept(inactive) + kept(active))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_what_everybody_allows_counts() {
        assert_eq!(of_machine("MemTotal:  9 kB\nMemAvailable:   5 kB\nSwapFree: 2 kB\n"), Some(7 * 1_024));
        let status = "VmSize:\t  100 kB\nVmData:\t 40 kB\n";
        let unlimited = "Max data size             unlimited            unlimited            bytes\n";
        let limits = format!("{unlimited}Max address space         204800               unlimited            bytes\n");
        assert_eq!(of_limits(&limits, status), Some(100 * 1_024));
        assert_eq!(of_limits(unlimited, status), None);
    }

    #[test]
    fn groups_within_groups_are_looked_at_in_both_versions() {
        let root = tempfile::tempdir().unwrap();
        let put = |folder: &str, name: &str, text: &str| {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
            std::fs::write(root.path().join(folder).join(name), text).unwrap();
        };
        put("a/b", "memory.max", "max\n");
        put("a/b", "memory.current", "70\n");
        put("a", "memory.max", "100\n");
        put("a", "memory.current", "80\n");
        put("a", "memory.stat", "anon 60\ninactive_file 15\nactive_file 5\n");
        assert_eq!(of_groups("0::/a/b\n", root.path()), Some(40));
        put("memory/c", "memory.limit_in_bytes", "50\n");
        put("memory/c", "memory.usage_in_bytes", "20\n");
        assert_eq!(of_groups("4:cpu,memory:/c\n3:pids:/x\n", root.path()), Some(30));
        assert_eq!(of_groups("", root.path()), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_some_memory_and_may_have_more() {
        let memory = Memory::now().unwrap();
        assert!(memory.own > 100_000 && memory.free > 1_000_000, "{memory:?}");
    }
}
