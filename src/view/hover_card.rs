//! The card under the pointer: the record in short.
