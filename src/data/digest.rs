//! The hash of a file's bytes, which may become known only after everything else.

use std::sync::{Arc, OnceLock};

/// SHA-256 of the bytes of a file, in hexadecimal. Clones share it: what is found out behind is known to all.
#[derive(Clone, Debug, Default)]
pub struct Digest(Arc<OnceLock<String>>);

impl Digest {
    /// The hash; empty while it is not known.
    pub fn get(&self) -> &str {
        self.0.get().map_or("", String::as_str)
    }

    /// Is it known?
    pub fn is_known(&self) -> bool {
        self.0.get().is_some()
    }

    /// Makes it known; what is known already stays.
    pub fn set(&self, sha256: String) {
        self.0.set(sha256).unwrap_or_default();
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl From<String> for Digest {
    fn from(sha256: String) -> Self {
        let digest = Self::default();
        digest.set(sha256);
        digest
    }
}
