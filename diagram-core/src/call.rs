//! Calls: a layer, a loss, an initializer or an activation with its arguments.
//!
//! The meaning of a call (its arguments, its shape rule, its cost) is a row of the tables of `diagram-layers`.
//! Here a call is a value that can be compared, stored and shown. [`Call`] displays as it is written in a
//! diagram.

use serde::{Deserialize, Serialize};

use crate::dim::{Dim, simplify};
use crate::fault::{Code, Fault};
use crate::scalar::{Class, Flag, Number, Scalar};
use crate::shape::Shape;

mod axis;
mod text;

pub use axis::Axis;
pub(crate) use text::listed;

/// A name with arguments.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The name of a row: `conv2d`, `kl`, `normal`.
    pub name: String,
    /// The arguments, in the order written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Argument>,
}

/// The argument for one parameter of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The parameter, by name.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Whether it is written without its name, which does not change its meaning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unnamed: bool,
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A size.
    Size(Dim),
    /// A size for each axis.
    Sizes(Vec<Dim>),
    /// The sizes of parts, or one size for all parts.
    Parts(Vec<Dim>),
    /// A padding.
    Padding(Padding),
    /// A number.
    Float(Scalar),
    /// `true` or `false`.
    Flag(Flag),
    /// One of a few words.
    Word(String),
    /// A factor for each axis.
    Scales(Vec<Number>),
    /// Any number of numbers.
    Numbers(Vec<Number>),
    /// Any number of classes.
    Classes(Vec<Class>),
    /// An axis.
    Axis(Axis),
    /// A shape's dims in brackets.
    Dims(Vec<Dim>),
    /// Axes in brackets.
    Axes(Vec<Axis>),
    /// An initializer or an activation.
    Call(Call),
}

/// The padding around an input before a window moves over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Padding {
    /// The padding that keeps the size at stride 1.
    Same,
    /// No padding.
    Valid,
    /// For each axis, the padding before and after it.
    Explicit(Vec<(Dim, Dim)>),
}

/// The part of a call to which a fault belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// The whole call.
    Whole,
    /// An argument, by its parameter; the whole call if the argument is left out.
    Argument(String),
    /// An item of an argument that is a list.
    Item(String, usize),
    /// A part of an argument that is a call.
    Inside(Box<(String, Where)>),
    /// An end of the cell, by position.
    End(usize),
    /// All ends of the cell.
    Ends,
}

impl Where {
    /// The argument for a parameter of this name.
    #[must_use]
    pub fn argument(name: &str) -> Self {
        Where::Argument(name.to_owned())
    }

    /// The same of a call that is given for a parameter.
    #[must_use]
    pub fn inside(self, name: &str) -> Self {
        match self {
            Where::Whole => Where::argument(name),
            at => Where::Inside(Box::new((name.to_owned(), at))),
        }
    }
}

/// A fault, and the part of the call to which it belongs.
pub type Wrong = (Where, Fault);

/// Two calls are equal when they mean the same: the order of arguments, whether their names are written, and how
/// dims are written do not count.
impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        let given = |argument: &Argument| {
            let other = other.given(&argument.name);
            other.is_some_and(|other| {
                *other == argument.value || other.simplified() == argument.value.simplified()
            })
        };
        self.name == other.name
            && self.arguments.len() == other.arguments.len()
            && self.arguments.iter().all(given)
    }
}

impl Call {
    /// A call without arguments.
    pub fn new(name: impl Into<String>) -> Self {
        Call {
            name: name.into(),
            arguments: Vec::new(),
        }
    }

    /// The same call with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.arguments.push(Argument {
            name: name.to_owned(),
            value,
            unnamed: false,
        });
        self
    }

    /// The same with a first argument, whose name is not written.
    #[must_use]
    pub fn leading(mut self, name: &str, value: Value) -> Self {
        let first = Argument {
            name: name.to_owned(),
            value,
            unnamed: true,
        };
        self.arguments.insert(0, first);
        self
    }

    /// The same call without an argument.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let others = self.arguments.iter().filter(|one| one.name != name);
        Call {
            name: self.name.clone(),
            arguments: others.cloned().collect(),
        }
    }

    /// The same with every dim in its simplest form; [`Display`](std::fmt::Display) shows dims as they are written.
    #[must_use]
    pub fn simplified(&self) -> Self {
        let arguments = self.arguments.iter().map(|argument| Argument {
            value: argument.value.simplified(),
            ..argument.clone()
        });
        Call {
            name: self.name.clone(),
            arguments: arguments.collect(),
        }
    }

    /// The value given for a parameter, by name.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Value> {
        let mut arguments = self.arguments.iter();
        arguments.find_map(|argument| (argument.name == name).then_some(&argument.value))
    }

    /// A size, if given.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<&Dim> {
        match self.given(name)? {
            Value::Size(dim) => Some(dim),
            _ => None,
        }
    }

    /// Sizes, if given: one per axis, or those of parts.
    #[must_use]
    pub fn sizes(&self, name: &str) -> Option<&[Dim]> {
        match self.given(name)? {
            Value::Sizes(dims) | Value::Parts(dims) => Some(dims),
            _ => None,
        }
    }

    /// A padding, if given.
    #[must_use]
    pub fn padding(&self, name: &str) -> Option<&Padding> {
        match self.given(name)? {
            Value::Padding(padding) => Some(padding),
            _ => None,
        }
    }

    /// A number, if given.
    #[must_use]
    pub fn float(&self, name: &str) -> Option<&Scalar> {
        match self.given(name)? {
            Value::Float(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// `true` or `false`, if given.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        match self.given(name)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// `true` or `false`, if that is given and known.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.flag(name)? {
            Flag::Literal(on) => Some(*on),
            Flag::Hyper(_) => None,
        }
    }

    /// A word, if given.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.given(name)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The given numbers: one per axis, or any number of them.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[Number]> {
        match self.given(name)? {
            Value::Scales(numbers) | Value::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// The given classes.
    #[must_use]
    pub fn classes(&self, name: &str) -> &[Class] {
        match self.given(name) {
            Some(Value::Classes(classes)) => classes,
            _ => &[],
        }
    }

    /// An initializer or an activation, if given.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Call> {
        match self.given(name)? {
            Value::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The dims in brackets.
    #[must_use]
    pub fn dims(&self) -> &[Dim] {
        let mut arguments = self.arguments.iter();
        let dims = arguments.find_map(|argument| match &argument.value {
            Value::Dims(dims) => Some(dims.as_slice()),
            _ => None,
        });
        dims.unwrap_or_default()
    }

    /// An axis of a shape, if given.
    ///
    /// # Errors
    ///
    /// A number that is no axis, or a dim that stands on no axis or on several.
    #[must_use]
    pub fn axis(&self, name: &str, shape: &Shape) -> Option<Result<usize, Wrong>> {
        let Value::Axis(axis) = self.given(name)? else {
            return None;
        };
        let axis = axis.of(shape, &self.name, shape.rank());
        Some(axis.map_err(|fault| (Where::argument(name), fault)))
    }

    /// A required axis of a shape.
    ///
    /// # Errors
    ///
    /// Those of [`Call::axis`].
    pub fn required_axis(&self, name: &str, shape: &Shape) -> Result<usize, Wrong> {
        self.axis(name, shape).unwrap_or_else(|| self.missing(name))
    }

    /// A required position for a new axis of a shape, which may be after its last one.
    ///
    /// # Errors
    ///
    /// Those of [`Call::axis`].
    pub fn new_axis(&self, name: &str, shape: &Shape) -> Result<usize, Wrong> {
        let Some(Value::Axis(axis)) = self.given(name) else {
            return self.missing(name);
        };
        let axis = axis.of(shape, &self.name, shape.rank() + 1);
        axis.map_err(|fault| (Where::argument(name), fault))
    }

    /// The axes in brackets.
    ///
    /// # Errors
    ///
    /// Those of [`Call::axis`], at the item.
    pub fn axes(&self, shape: &Shape) -> Result<Vec<usize>, Wrong> {
        let mut arguments = self.arguments.iter();
        let given = arguments.find_map(|argument| match &argument.value {
            Value::Axes(axes) => Some((&argument.name, axes)),
            _ => None,
        });
        let Some((name, axes)) = given else {
            return Ok(Vec::new());
        };
        let found = axes.iter().enumerate().map(|(item, written)| {
            let found = written.of(shape, &self.name, shape.rank());
            found.map_err(|fault| (Where::Item(name.clone(), item), fault))
        });
        found.collect()
    }

    /// The fault of a missing required argument.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn missing<T>(&self, name: &str) -> Result<T, Wrong> {
        let message = format!("`{}` needs `{name}`", self.name);
        Err((Where::Whole, Fault::new(Code::MissingArgument, message)))
    }
}

impl Value {
    fn simplified(&self) -> Self {
        let all = |dims: &[Dim]| dims.iter().map(simplify).collect();
        match self {
            Value::Size(dim) => Value::Size(simplify(dim)),
            Value::Sizes(dims) => Value::Sizes(all(dims)),
            Value::Parts(dims) => Value::Parts(all(dims)),
            Value::Dims(dims) => Value::Dims(all(dims)),
            Value::Padding(Padding::Explicit(sides)) => {
                let sides = sides.iter();
                let sides = sides.map(|(before, after)| (simplify(before), simplify(after)));
                Value::Padding(Padding::Explicit(sides.collect()))
            }
            Value::Call(call) => Value::Call(call.simplified()),
            other => other.clone(),
        }
    }

    /// The sizes in it, except the dims of a shape.
    #[must_use]
    pub fn sizes(&self) -> Vec<&Dim> {
        match self {
            Value::Size(dim) => vec![dim],
            Value::Sizes(dims) | Value::Parts(dims) => dims.iter().collect(),
            Value::Padding(Padding::Explicit(sides)) => {
                let sides = sides.iter();
                sides.flat_map(|(before, after)| [before, after]).collect()
            }
            _ => Vec::new(),
        }
    }
}
