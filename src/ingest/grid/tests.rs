//! What files with tables become.
