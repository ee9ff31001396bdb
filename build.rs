//! Names the version of the readers after their own source, so that a kept copy of a file is never taken for what newer readers would say.
//! Besides, asks the linker for packed relocations where they can be read: the program is two megabytes smaller.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first version of the GNU C library that reads packed relocations.
const READS_PACKED: (u32, u32) = (2, 36);

/// What decides how a file is read.
const FOLDERS: [&str; 3] = ["src/data", "src/ingest", "src/time"];

fn main() {
    let mut files = Vec::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files);
    }
    files.sort();
    // FNV-1a: any hash that is the same on every computer does.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        for byte in std::fs::read(&file).unwrap_or_default().into_iter().filter(|byte| *byte != b'\r') {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=DATELINE_READERS={hash:016x}");
    println!("cargo::rerun-if-changed=build.rs");
    let is_for_here = env::var("HOST").ok() == env::var("TARGET").ok();
    let is_gnu = env::var("TARGET").is_ok_and(|target| target.ends_with("-linux-gnu"));
    if is_for_here && is_gnu && c_library().is_some_and(|version| version >= READS_PACKED) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of the GNU C library of this computer.
fn c_library() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, rest) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, rest.split('.').next()?.parse().ok()?))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
