//! What a user relies on: a generated model against hand-written Burn code, and how it behaves.
//!
//! The files are modules of one program, because every test program links all of Burn.

mod activations;
mod adapted_layers;
mod adapters;
mod again;
mod anew;
mod attributes;
mod batch;
mod combinators;
mod common;
mod commutes;
mod constants;
mod ema;
mod embedding;
mod evaluation;
mod facts;
mod frozen;
mod functions;
mod generic;
mod gradients;
mod groups;
mod known;
mod layers;
mod learned;
mod learner;
mod loss;
mod losses;
mod methods;
mod module;
mod numbers;
mod plan;
mod powers;
mod products;
mod sequences;
mod several;
mod sharing;
mod signature;
mod slots;
mod surgery;
mod text;
mod told;
mod traps;
mod values;
mod weights;
mod windows;
