//! Diagrams as data: what is written as JSON is read again as it was, and what is read is checked by its rules.

mod corrupted;
mod deepest;
mod diagrams;
mod read;
mod renamed;
