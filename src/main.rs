//! The program: arguments become a window or one headless command; it knows nothing else.

fn main() {}
