//! The arithmetic of claims: who counted, what is a repeat, what may be added, and how it is shared out over time.
//! Pure functions; they know nothing of queries, pixels or files. The rules are numbered as in the book of the house.

mod counters;
mod repeats;
mod sums;

pub use counters::{CountKey, Counter, count_key, counter, counter_name, counter_short};
pub use repeats::{Repeats, has_drift, is_same_statement};
pub use sums::{BUCKETS_PER_RECORD_MAX, Place, Standing, Sum, is_live, may_be_summed, place, spread, standing};
