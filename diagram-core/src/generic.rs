//! Generic parameters of a diagram.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::scalar::Snippet;

/// A generic parameter: `const CLASSES: usize`, `Trunk: Clone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generic {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: GenericKind,
    /// What it is where nothing is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Snippet>,
}

/// What a generic parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GenericKind {
    /// A constant of this type.
    Constant(Snippet),
    /// A type within these bounds, which may be none.
    Type(Option<Snippet>),
}

impl Generic {
    /// A type without bounds.
    #[must_use]
    pub fn unbounded(name: String) -> Self {
        Generic {
            name,
            kind: GenericKind::Type(None),
            default: None,
        }
    }

    /// Whether it is a constant.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.kind, GenericKind::Constant(_))
    }

    /// Whether it is a constant that dims may name.
    #[must_use]
    pub fn is_size(&self) -> bool {
        matches!(&self.kind, GenericKind::Constant(ty) if *ty == "usize")
    }
}

impl fmt::Display for Generic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            GenericKind::Constant(ty) => write!(out, "const {}: {ty}", self.name),
            GenericKind::Type(None) => out.write_str(&self.name),
            GenericKind::Type(Some(bounds)) => write!(out, "{}: {bounds}", self.name),
        }?;
        match &self.default {
            Some(default) => write!(out, " = {default}"),
            None => Ok(()),
        }
    }
}
