//! The tree as written: one type a construct of the grammar, with places for messages.
//!
//! Two trees are equal when they were written alike: places and spacing do not count.

use std::fmt;
use std::ops::Deref;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;

use super::print;

/// From the first token of a construct to its last.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its first token.
    pub start: Span,
    /// Its last token.
    pub end: Span,
}

impl Place {
    /// The place of one token.
    #[must_use]
    pub fn of(span: Span) -> Self {
        Place {
            start: span,
            end: span,
        }
    }

    /// From the start of this place to the end of `last`.
    #[must_use]
    pub fn to(self, last: Place) -> Self {
        Place {
            start: self.start,
            end: last.end,
        }
    }
}

/// A fault and where it is.
pub type Placed = (Place, diagram_core::Fault);

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::of(span)
    }
}

/// Trees are compared as written, wherever they stand.
impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("_")
    }
}

/// A name without its `r#`, as messages, records and the diagram's data show it.
#[must_use]
pub fn bare(name: &Ident) -> String {
    name.unraw().to_string()
}

/// A piece of Rust (a type, an expression, an attribute, …), compared and shown by its tokens.
#[derive(Clone)]
pub struct Rust<T>(pub T);

impl<T> Deref for Rust<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Spacing does not count: a `macro_rules!` body drops it.
impl<T: ToTokens> PartialEq for Rust<T> {
    fn eq(&self, other: &Self) -> bool {
        fn alike(left: TokenStream, right: TokenStream) -> bool {
            let (mut left, mut right) = (left.into_iter(), right.into_iter());
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(TokenTree::Group(a)), Some(TokenTree::Group(b))) => {
                        if a.delimiter() != b.delimiter() || !alike(a.stream(), b.stream()) {
                            return false;
                        }
                    }
                    (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b))) => {
                        if a.as_char() != b.as_char() {
                            return false;
                        }
                    }
                    (Some(a), Some(b)) if a.to_string() == b.to_string() => {}
                    _ => return false,
                }
            }
        }
        alike(self.0.to_token_stream(), other.0.to_token_stream())
    }
}

impl<T: ToTokens> fmt::Debug for Rust<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

impl<T: ToTokens> Rust<T> {
    /// Its tokens as text, spaced as a person would.
    pub fn text(&self) -> String {
        print::rust(self.0.to_token_stream())
    }
}

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
        metric: Option<Loss>,
    },
    /// `data Anchor, Positive: Image;`
    Data {
        /// The names of the data.
        names: Vec<Ident>,
        /// A shape of their own, or the object they are values of.
        space: Space,
        /// The loss of cells that name none.
        metric: Option<Loss>,
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
        /// Labels, one a copy.
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

/// `kind? '[' dim,+ ']'`
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// `Float`, `Int` or `Bool`.
    pub kind: Option<Ident>,
    /// One dim an axis.
    pub dims: Vec<Dim>,
    /// All of it.
    pub place: Place,
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
        /// Dims bound anew.
        dims: Option<Dims>,
    },
}

/// `'[' (dim '=' dim),+ ']'`
#[derive(Clone, Debug, PartialEq)]
pub struct Dims {
    /// Which dim becomes what.
    pub bindings: Vec<(Dim, Dim)>,
    /// All of it.
    pub place: Place,
}

/// One extent of a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Dim {
    /// What it is.
    pub kind: DimKind,
    /// All of it.
    pub place: Place,
}

/// What a dim can be; parentheses are in the tree's shape.
#[derive(Clone, Debug, PartialEq)]
pub enum DimKind {
    /// `28`
    Number(Rust<Literal>),
    /// `batch`
    Name(Ident),
    /// `crate::WIDTH`: a constant.
    Constant(Rust<syn::Path>),
    /// `2 * hidden`
    Binary(diagram_core::dim::Op, Box<Dim>, Box<Dim>),
}

/// `dim ('==' | '>=') dim`
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The left dim.
    pub left: Dim,
    /// `==`, or else `>=`.
    pub equal: bool,
    /// The right dim.
    pub right: Dim,
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

/// `(path '~' path | 'minimize' path) clause*`
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is compared, or minimised.
    pub ends: Ends,
    /// Loss, weight and mask.
    pub clauses: Clauses,
    /// All of it.
    pub place: Place,
}

/// The ends of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Ends {
    /// `prediction ~ target`
    Agree(Path, Path),
    /// `minimize path`
    Minimize(Path),
}

/// What may follow the ends of a cell, in any order, each at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clauses {
    /// `by kl(temperature)`
    pub loss: Option<Loss>,
    /// `weight 0.7`
    pub weight: Option<CellWeight>,
    /// `mask Present`
    pub mask: Option<Path>,
}

/// A loss, a metric or the path of a user's function, with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// `kl`, or `losses::mine`.
    pub path: Rust<syn::Path>,
    /// What is given to it.
    pub arguments: Option<Vec<Argument>>,
    /// All of it.
    pub place: Place,
}

/// `learned`, a number, a Rust path with `::`, or a path of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum CellWeight {
    /// `learned` or `learned(0.5)`
    Learned(Option<Number>, Place),
    /// `0.7`
    Number(Number),
    /// `crate::WEIGHT`
    Constant(Rust<syn::Path>),
    /// A hyper-parameter (a path of one name), or a path to a Float object.
    Path(Path),
}

/// A literal with its sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The digits.
    pub literal: Rust<Literal>,
    /// All of it.
    pub place: Place,
}

/// `(name '=')? value`
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The parameter it is for.
    pub name: Option<Ident>,
    /// What is given.
    pub value: Value,
}

/// What may be given to a layer, a loss or an inclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// All of it.
    pub place: Place,
}

/// What a value can be. A name may turn out to be a hyper-parameter, a word or a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `3`, `-0.5`
    Number(Number),
    /// `hidden`, `same`, `relu`
    Name(Ident),
    /// `2 * hidden`: arithmetic on sizes (a single number or name is not written so).
    Dim(Dim),
    /// `crate::RATE`
    Constant(Rust<syn::Path>),
    /// `"text"`
    Text(Rust<Literal>),
    /// `true`, `false`
    Bool(bool),
    /// `learned(0.07)`
    Learned(Number),
    /// `[3, 5]`
    List(Vec<Value>),
    /// `conv2d(3) >> relu`, a closure, a module: what may define a morphism.
    Definition(Box<Definition>),
}

/// A path as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What it is.
    pub kind: PathKind,
    /// All of it.
    pub place: Place,
}

/// What a path can be; parentheses around one path are in the tree's shape.
#[derive(Clone, Debug, PartialEq)]
pub enum PathKind {
    /// `encoder`, or the datum `Image`.
    Name(Ident),
    /// `a >> b >> c`: at least two.
    Compose(Vec<Path>),
    /// `fuse(a, b)`; `stop(a)` and `again(a)` too.
    Apply(Ident, Vec<Path>),
    /// `scale(a, 0.5)`, `reverse(a, lambda)`.
    Gradient {
        /// `scale` or `reverse`.
        word: Ident,
        /// Whose gradient.
        path: Box<Path>,
        /// By how much.
        scalar: Scalar,
    },
    /// `(a, b)`: at least two.
    Tuple(Vec<Path>),
    /// `step^3`
    Power(Box<Path>, Count),
    /// `encode.Mean`
    Factor(Box<Path>, Ident),
    /// `encode.0`
    Position(Box<Path>, Rust<Literal>),
    /// `1`, `-0.5`
    Number(Number),
}

/// How often: `3`, `n`, `crate::N`, `(n + 1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Count(pub Dim);

/// `'-'? (number | name | Path | 'learned' '(' number ')')`
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The rest.
    pub kind: ScalarKind,
    /// All of it.
    pub place: Place,
}

/// What a scalar can be.
#[derive(Clone, Debug, PartialEq)]
pub enum ScalarKind {
    /// `0.5`
    Number(Rust<Literal>),
    /// `lambda`
    Name(Ident),
    /// `crate::RATE`
    Constant(Rust<syn::Path>),
    /// `learned(0.5)`
    Learned(Number),
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

/// What a morphism is made of, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The place of the word `frozen` before it.
    pub frozen: Option<Place>,
    /// What it is made of.
    pub kind: DefinitionKind,
    /// All of it.
    pub place: Place,
}

/// What a definition can be.
#[derive(Clone, Debug, PartialEq)]
pub enum DefinitionKind {
    /// `_`
    Slot,
    /// `fn noise::salt_and_pepper`
    Function(Rust<syn::ExprPath>),
    /// `|x| x.exp()`
    Closure(Rust<syn::ExprClosure>),
    /// `Teacher`, or `Encoder: EncoderConfig::new(hidden)`
    Module {
        /// The caller's type.
        ty: Rust<syn::Type>,
        /// The configuration that builds it.
        config: Option<Box<Rust<syn::Expr>>>,
    },
    /// `teacher.features`
    Method {
        /// The morphism whose module it is of.
        morphism: Ident,
        /// The method.
        method: Ident,
    },
    /// `ema(online, decay = 0.996)`, `lora(Vit, rank = 8)`, `parameter(initializer = zeros)`
    Special {
        /// `ema`, `lora` or `parameter`.
        word: Ident,
        /// What is given to it.
        arguments: Vec<Argument>,
    },
    /// `flatten >> linear(hidden) >> relu`: layers, or morphisms of the diagram.
    Chain(Chain),
}

/// `factor ('>>' factor)*`
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// At least one.
    pub factors: Vec<Product>,
    /// All of it.
    pub place: Place,
}

/// `power ('*' power)*`
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// At least one.
    pub powers: Vec<Power>,
    /// All of it.
    pub place: Place,
}

/// `step ('^' count)?`
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// What is repeated.
    pub step: Step,
    /// How often.
    pub count: Option<Count>,
}

/// `name ('(' argument,* ')' | '[' dim,* ']')? | '(' chain,+ ')'`
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// All of it.
    pub place: Place,
}

/// What a step can be.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// `relu`, or a morphism's name.
    Name(Ident),
    /// `conv2d(16, kernel = 3)`
    Call(Ident, Vec<Argument>),
    /// `reshape[batch, 784]`
    Dims(Ident, Vec<Dim>),
    /// `(linear, linear)`; one chain in parentheses is a group.
    Chains(Vec<Chain>),
}
