//! Training regimes of the field, each as a diagram of one objective: it compiles, an optimiser step runs, the loss
//! is finite, and exactly what should move has moved.
//!
//! The diagrams are those of the papers at their real sizes; the modules that they bring are small.

#![allow(unreachable_pub, reason = "the diagrams are public, as a user's are")]

mod averages;
mod classes;
mod codes;
mod modalities;
mod pairs;
mod step;
mod towers;
