//! What is declared before anything is made of it: names, generics, facts, objects and data.

pub(crate) mod attributes;
pub(crate) mod constants;
mod facts;
pub(in crate::lower) mod generics;
pub(in crate::lower) mod hypers;
pub(crate) mod names;
mod objects;
pub(in crate::lower) mod spaces;
pub(in crate::lower) mod unsupported;
