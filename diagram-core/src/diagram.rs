//! A diagram as data: what the macro checked, what the runtime reads, what the pictures draw.

use serde::{Deserialize, Serialize};

use crate::dim::Facts;
use crate::path::{Path, Paths};
use crate::shape::Shape;

/// An index into [`Diagram::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId(pub usize);

/// An index into [`Diagram::data`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatumId(pub usize);

/// An index into [`Diagram::morphisms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MorphismId(pub usize);

/// A checked diagram: every name is resolved and every shape agrees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Diagram {
    /// Its name, which is the generated struct's.
    pub name: String,
    /// The first paragraph of its documentation.
    pub documentation: String,
    /// Hyper-parameters, in order of declaration.
    pub hypers: Vec<Hyper>,
    /// Dynamic dims, in order of declaration.
    pub dynamics: Vec<String>,
    /// What is stated of the dims (`where`), in order.
    pub facts: Facts,
    /// Objects, in order of declaration.
    pub objects: Vec<Object>,
    /// Data, in order of declaration: the fields of a batch.
    pub data: Vec<Datum>,
    /// Morphisms: drawn ones in the order drawn, then composites that have no arrow.
    pub morphisms: Vec<Morphism>,
    /// Cells and watches, in order.
    pub cells: Vec<Cell>,
    /// Every path of the cells and composites.
    pub paths: Paths,
}

/// A hyper-parameter: known when a model is built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hyper {
    /// Its name, a field of the configuration.
    pub name: String,
    /// Its Rust type, as written.
    pub type_name: String,
    /// Its default, as written.
    pub default: Option<String>,
}

/// A named space of tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The shape of its points.
    pub shape: Shape,
}

/// A value of an object that comes with every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// Its name.
    pub name: String,
    /// The field of the batch that holds it: the name in snake case.
    pub field: String,
    /// The space it is a point of.
    pub object: ObjectId,
}

/// A named, parameterised map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Morphism {
    /// Its name.
    pub name: String,
    /// Where it starts: the factors of a product, or one object.
    pub domain: Vec<ObjectId>,
    /// Where it ends: the factors of a product, or one object.
    pub codomain: Vec<ObjectId>,
    /// What it is made of.
    pub definition: Definition,
    /// Never updated, in evaluation mode (`frozen`).
    pub frozen: bool,
    /// Whether it is an arrow of the drawing; a composite need not be.
    pub drawn: bool,
}

/// What a morphism is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Definition {
    /// A chain of Burn's layers.
    Layers {
        /// Its steps, in order.
        steps: Vec<Step>,
        /// Whether any of them has weights.
        parameters: bool,
    },
    /// The caller's own module.
    Module {
        /// Its type, as written.
        type_name: String,
        /// The configuration that builds it, as written; without one the caller passes the module.
        config: Option<String>,
    },
    /// A composite of other morphisms.
    Composite {
        /// The composite, as written.
        text: String,
        /// Its path, with [`Term::Input`](crate::path::Term::Input) for its arguments.
        path: Path,
    },
}

/// A layer in a chain, and the shape after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The layer, as written.
    pub layer: String,
    /// The shape after it.
    pub shape: Shape,
}

/// Paths that should agree, or a penalty; or what is only watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Its name; an unnamed one is reported as `text`.
    pub name: Option<String>,
    /// Its ends, as written: `student ~ teacher`.
    pub text: String,
    /// Prediction and target, or the ends of a penalty.
    pub ends: Vec<Path>,
    /// The loss, as written: `kl(temperature)`.
    pub loss: String,
    /// What its loss is multiplied by in the total.
    pub weight: Weight,
    /// Whether it is trained or watched.
    pub role: CellRole,
}

/// What a cell's loss is multiplied by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weight {
    /// A number of its own, as written; a named cell has it as a field of the model's weights.
    Own(String),
    /// A hyper-parameter, by name.
    Hyper(String),
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
    /// Its name, or how it is written where it has none.
    #[must_use]
    pub fn label(&self) -> String {
        self.name
            .clone()
            .unwrap_or_else(|| format!("{} by {}", self.text, self.loss))
    }
}

impl Diagram {
    /// The object with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0]
    }

    /// The datum with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn datum(&self, id: DatumId) -> &Datum {
        &self.data[id.0]
    }

    /// The morphism with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn morphism(&self, id: MorphismId) -> &Morphism {
        &self.morphisms[id.0]
    }

    /// The cells that are trained, in order.
    pub fn trained_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells
            .iter()
            .filter(|cell| cell.role == CellRole::Trained)
    }

    /// What is watched, in order.
    pub fn watched_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells
            .iter()
            .filter(|cell| cell.role == CellRole::Watched)
    }
}
