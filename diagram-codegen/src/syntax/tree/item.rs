//! Diagrams and their items.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal};

use super::{Argument, Cell, Clauses, Definition, Dims, Fact, Loss, Rust, Shape};
use crate::place::Place;

/// `attrs vis? Name generics? ('(' hyper,* ')')? '{' item* '}'`
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// Doc comments and attributes, for the generated struct.
    pub attributes: Vec<Rust<syn::Attribute>>,
    /// The visibility of everything generated.
    pub visibility: Rust<syn::Visibility>,
    /// Its name.
    pub name: Ident,
    /// `<const CLASSES: usize, Trunk>`
    pub generics: Rust<syn::Generics>,
    /// Hyper-parameters.
    pub hypers: Vec<Hyper>,
    /// What stands between the braces.
    pub items: Vec<Item>,
    /// The names in what could not be read: they may be declared there.
    pub lost: HashSet<String>,
}

/// `attrs name ':' Type ('=' value)?`
#[derive(Clone, Debug, PartialEq)]
pub struct Hyper {
    /// Doc comments and attributes, for the configuration's field.
    pub attributes: Vec<Rust<syn::Attribute>>,
    /// Its name.
    pub name: Ident,
    /// Its Rust type.
    pub ty: Rust<syn::Type>,
    /// Its default.
    pub default: Option<Rust<syn::Expr>>,
}

/// One item, with the attributes above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Doc comments and attributes, passed on to what the item generates.
    pub attributes: Vec<Rust<syn::Attribute>>,
    /// The item itself.
    pub kind: ItemKind,
    /// Without the attributes, without the `;`.
    pub place: Place,
    /// Whether all of it was read, up to its `;`: a part of it may say something else than it seems.
    pub whole: bool,
}

/// What an item can be.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `dyn batch, seq;`
    Dynamics(Vec<Ident>),
    /// `where hidden % heads == 0;`
    Facts(Vec<Fact>),
    /// `frozen f, g;`
    Frozen(Vec<Ident>),
    /// `lora f(rank = 8);`
    Lora {
        /// The morphism it is said of.
        morphism: Ident,
        /// Rank, alpha, ….
        arguments: Vec<Argument>,
    },
    /// `Latent: [batch, 64] by cosine;`
    Object {
        /// Its name.
        name: Ident,
        /// Its kind and dims.
        shape: Shape,
        /// The loss of cells that name none.
        default_loss: Option<Loss>,
    },
    /// `data Anchor, Positive: Image;`
    Data {
        /// The names of the data.
        names: Vec<Ident>,
        /// A shape of their own, or the object they are values of.
        space: Space,
        /// The loss of cells that name none.
        default_loss: Option<Loss>,
    },
    /// `Image --encoder--> Latent --decoder--> Image;`
    Chain {
        /// The leftmost node.
        first: Node,
        /// The arrows, each with the node to its right.
        links: Vec<(Arrow, Node)>,
    },
    /// `student = flatten >> linear;`
    Definition {
        /// The morphism it defines.
        name: Ident,
        /// What it is made of.
        definition: Definition,
    },
    /// `soft: student ~ teacher by kl;`
    Cell {
        /// Its name.
        name: Option<Ident>,
        /// Its ends and clauses.
        cell: Cell,
    },
    /// `watch accuracy: student ~ Label by accuracy;`
    Watch {
        /// Its name.
        name: Ident,
        /// Its ends and clauses.
        cell: Cell,
    },
    /// `commutes at Embedding within 3 by cosine;`
    Commutes {
        /// Where paths must agree; everywhere if empty.
        at: Vec<Ident>,
        /// The longest path that counts, in arrows.
        within: Option<Rust<Literal>>,
        /// Loss, weight and mask of every cell it makes.
        clauses: Clauses,
    },
    /// `objective critic trains judge minimizes spot - truth every 5;`
    Objective {
        /// Its name.
        name: Ident,
        /// The morphisms it trains.
        trains: Vec<Ident>,
        /// The signed sum of cells.
        sum: Vec<Term>,
        /// How many steps lie between two of its own.
        every: Option<Rust<Literal>>,
    },
    /// `digits: include Task(classes = 10) over trunk { head => digit_head };`
    Include {
        /// Labels, one per copy.
        labels: Vec<Ident>,
        /// The diagram.
        diagram: Rust<syn::Path>,
        /// Hyper-parameters and slots.
        arguments: Vec<Argument>,
        /// What it is glued along.
        over: Vec<Rust<syn::Path>>,
        /// Theirs to ours; `_` leaves out.
        renames: Option<Vec<(Ident, Option<Ident>)>>,
    },
    /// What could not be read; its fault is recorded.
    Invalid,
}

/// What a datum is a value of.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    /// `data Image: [batch, 784];`: a space of the same name, declared with it.
    Own(Shape),
    /// `data Weak: Image[batch = many];`
    Of {
        /// The object.
        object: Ident,
        /// Rebound dims.
        dims: Option<Dims>,
    },
}

/// `Name dims? ('*' Name dims?)* | '()'`; the empty product has no factors.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its factors.
    pub factors: Vec<(Ident, Option<Dims>)>,
    /// All of it.
    pub place: Place,
}

/// `'--' name '-->' | '<--' name '--'`
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The morphism.
    pub name: Ident,
    /// Whether it points to the right.
    pub forward: bool,
    /// All of it.
    pub place: Place,
}

/// A signed summand of an objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Whether it is subtracted.
    pub negative: bool,
    /// What the cell is multiplied by.
    pub factor: Option<Factor>,
    /// The cell.
    pub cell: Ident,
}

/// What a cell is multiplied by in an objective.
#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    /// `0.5`
    Number(Rust<Literal>),
    /// A hyper-parameter or constant.
    Name(Rust<syn::Path>),
}
