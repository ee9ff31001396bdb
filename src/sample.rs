//! The bundled sample, as bytes: what opens when no file is given. Knows nothing of how files are read.

/// The file name of the bundled sample.
pub const SAMPLE_NAME: &str = "dprk_russia_facts.dateline.json";

/// The bundled sample in the native format.
pub fn bytes() -> &'static [u8] {
    include_bytes!("../sample_data/dprk_russia_facts.dateline.json")
}
