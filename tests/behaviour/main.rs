//! What a user relies on: a generated model against hand-written Burn code, and how it behaves.
//!
//! The files are modules of one program, because every test program links all of Burn.

mod attributes;
mod batch;
mod common;
mod embedding;
mod frozen;
mod known;
mod layers;
mod learner;
mod loss;
mod module;
mod sharing;
mod text;
mod weights;
