//! Cells: which paths should agree, by which loss, and how much that counts.

use serde::{Deserialize, Serialize};

use crate::path::Path;
use crate::range::Limit;

/// Paths that should agree, or a penalty; or what is only watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Its name; an unnamed one is reported as `text`.
    pub name: Option<String>,
    /// Its ends, as written: `student ~ teacher`.
    pub text: String,
    /// Prediction and target, or the ends of a penalty.
    pub ends: Vec<Path>,
    /// The loss, as written: `kl(temperature)`; empty where a path is minimised as it is.
    pub loss: String,
    /// Those of its arguments that hyper-parameters give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// What its loss is multiplied by in the total.
    pub weight: Weight,
    /// A path to a Bool object, on leading axes of the loss's units: those where it is false do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Clause>,
    /// Whether it is trained or watched.
    pub role: CellRole,
}

/// A path in a clause of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// As written.
    pub text: String,
    /// What it stands for.
    pub path: Path,
}

/// What a cell's loss is multiplied by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weight {
    /// A number of its own, as written; a named cell has it as a field of the model's weights.
    Own(String),
    /// A hyper-parameter, by name.
    Hyper(String),
    /// A path to a Float object, on leading axes of the loss's units, each of which it multiplies.
    Path(Clause),
    /// One of [`Diagram::learned`](crate::Diagram::learned), by name: with s = −log of it, the total has exp(−s) times the cell,
    /// plus s / 2.
    Learned(String),
}

/// What a cell is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellRole {
    /// It contributes to the loss.
    Trained,
    /// It is evaluated in validation and by `evaluate`, never trained.
    Watched,
}

impl Cell {
    /// All that it reads: its ends, then its weight and its mask where those are paths.
    pub fn reads(&self) -> impl Iterator<Item = Path> {
        let weight = match &self.weight {
            Weight::Path(clause) => Some(clause.path),
            Weight::Own(_) | Weight::Hyper(_) | Weight::Learned(_) => None,
        };
        let mask = self.mask.as_ref().map(|clause| clause.path);
        self.ends.iter().copied().chain(weight).chain(mask)
    }

    /// Its name, or how it is written where it has none.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if self.loss.is_empty() => self.text.clone(),
            None => format!("{} by {}", self.text, self.loss),
        }
    }
}
