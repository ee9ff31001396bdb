//! Runs the program under test with a time limit; it knows no command.
#![allow(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything here may take, on a slow and busy machine and without optimisation.
const LIMIT: Duration = Duration::from_mins(1);

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Exit status 2, nothing on standard output, and one line on standard error that holds this.
    #[track_caller]
    pub(crate) fn fails_with(&self, part: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.stderr);
        assert!(self.stderr.contains(part) && self.stderr.starts_with("dateline: "), "{}", self.stderr);
        assert_eq!(self.stderr.trim_end().lines().count(), 1, "{}", self.stderr);
    }
}

/// A file of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

/// Runs the program without a display.
#[track_caller]
pub(crate) fn dateline(args: &[&str]) -> Run {
    let run = finished(spawned(args));
    assert!(!run.stderr.contains("panicked"), "{args:?}: {}", run.stderr);
    run
}

/// Runs the program with kept copies in a folder.
#[track_caller]
pub(crate) fn dateline_with_copies(args: &[&str], copies: &Path) -> Run {
    finished(spawned_with(args, copies))
}

/// Starts the program without waiting for it; it keeps no copies of what it reads.
pub(crate) fn spawned(args: &[&str]) -> Child {
    spawned_with(args, Path::new(""))
}

fn spawned_with(args: &[&str], copies: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(args)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("DATELINE_CACHE_DIR", copies)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[track_caller]
fn finished(mut child: Child) -> Run {
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let telling = std::thread::spawn(move || {
        let mut text = String::new();
        err.read_to_string(&mut text).map(|_| text)
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("still running after {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Run { code: status.code().unwrap_or(-1), stdout: reading.join().unwrap().unwrap(), stderr: telling.join().unwrap().unwrap() }
}

/// A file of a temporary folder that goes away with it.
pub(crate) fn written(folder: &tempfile::TempDir, name: &str, content: &[u8]) -> String {
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}
