//! What can be wrong with a batch, a module or hyper-parameters at run time.

use std::fmt;

use diagram_core::dim::{Fact, NoValue};
use diagram_core::{Code, Dim, Fault, Shape};

/// A fault that only run time can show. Displayed, it reads as the macro's own errors do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagramError {
    /// Two axes of one call give a dim two values.
    TwoValues {
        /// The morphism whose arguments disagree; `None` for a batch.
        morphism: Option<String>,
        /// The dim, by name.
        dim: String,
        /// What gave the dim its value, and on which axis.
        first: (Box<Given>, usize),
        /// What gives it another, and on which axis.
        second: (Box<Given>, usize),
    },
    /// A tensor has another extent than drawn.
    WrongSize {
        /// The morphism whose argument it is; `None` for a datum of a batch.
        morphism: Option<String>,
        /// The tensor.
        given: Box<Given>,
        /// The axis that differs.
        axis: usize,
        /// The values of the dims that occur in the shape.
        values: Vec<(String, usize)>,
    },
    /// A tensor without elements.
    Empty {
        /// The morphism whose argument it is; `None` for a datum of a batch.
        morphism: Option<String>,
        /// The tensor.
        given: Box<Given>,
        /// The axis of extent 0.
        axis: usize,
    },
    /// The caller's own module returned another shape than drawn.
    WrongOutput {
        /// The morphism that the module is.
        morphism: String,
        /// The object it ends in, and what came instead.
        given: Box<Given>,
        /// The first axis that differs; `None` where the ranks do.
        axis: Option<usize>,
        /// The values of the dims that occur in the shape.
        values: Vec<(String, usize)>,
    },
    /// A hyper-parameter that sizes something is 0.
    ZeroHyper {
        /// The hyper-parameter, by name.
        hyper: String,
        /// The first thing it sizes.
        sizes: Shaped,
    },
    /// The weight of a cell is negative, infinite or not a number.
    BadWeight {
        /// The cell, by name, or as it is written.
        cell: String,
        /// The weight.
        weight: String,
    },
    /// No parameter of a model that is to be trained asks for a gradient.
    Untrainable {
        /// The model's type.
        model: String,
    },
    /// A computed dim is not positive, or has no value.
    NotPositive {
        /// What has the dim.
        shaped: Shaped,
        /// Its shape.
        shape: Shape,
        /// The axis of the dim.
        axis: usize,
        /// The values of the symbols in the dim.
        values: Vec<(String, usize)>,
    },
    /// A `repeat` of no copies.
    NoCopies {
        /// The morphism, by name.
        morphism: String,
        /// The `repeat`, as written.
        layer: String,
        /// The number of its copies.
        copies: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// The adapters of a morphism have no rank.
    NoRank {
        /// The morphism, by name.
        morphism: String,
        /// The rank.
        rank: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// No parameter of a module that is to be adapted has rank 2.
    NothingToAdapt {
        /// The morphism that the module is.
        morphism: String,
    },
    /// A module that is to be trained by its adapters has none.
    NoAdapters {
        /// The morphism that the module is.
        morphism: String,
    },
    /// A stated fact does not hold, or has no value.
    BrokenFact {
        /// The fact, as stated.
        fact: Fact,
        /// The values of its symbols.
        values: Vec<(String, usize)>,
    },
}

/// A tensor that a call was given, beside what is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The datum, or the object it should be a point of.
    pub name: String,
    /// Its position among the data, arguments or results, from 0.
    pub position: usize,
    /// The shape as drawn.
    pub shape: Shape,
    /// The extents that came.
    pub sizes: Vec<usize>,
}

/// What has a shape: an object, or a layer of a morphism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shaped {
    /// An object, by name.
    Object(String),
    /// A morphism, by name.
    Morphism(String),
    /// A layer in a morphism's chain.
    Layer {
        /// The morphism, by name.
        morphism: String,
        /// The layer, as written.
        layer: String,
    },
}

impl DiagramError {
    /// Which mistake it is; `docs/errors.md` has a page for each.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            DiagramError::TwoValues { morphism: None, .. } => Code::BatchDisagrees,
            DiagramError::TwoValues {
                morphism: Some(_), ..
            } => Code::TwoValues,
            DiagramError::WrongSize { .. } => Code::WrongSize,
            DiagramError::Empty { .. } => Code::EmptyBatch,
            DiagramError::WrongOutput { .. } => Code::WrongOutput,
            DiagramError::ZeroHyper { .. }
            | DiagramError::NotPositive { .. }
            | DiagramError::NoCopies { .. }
            | DiagramError::NoRank { .. } => Code::NotPositive,
            DiagramError::NothingToAdapt { .. } => Code::NothingToAdapt,
            DiagramError::NoAdapters { .. } => Code::NoAdapters,
            DiagramError::BadWeight { .. } => Code::BadWeight,
            DiagramError::Untrainable { .. } => Code::Untrainable,
            DiagramError::BrokenFact { .. } => Code::BrokenFact,
        }
    }

    /// Message and notes; every text of a run-time fault is made here.
    #[expect(clippy::too_many_lines, reason = "a list of texts, one a mistake")]
    fn fault(&self) -> Fault {
        let fault = |message| Fault::new(self.code(), message);
        match self {
            // error: `batch` cannot be both 32 (of `Image`) and 16 (of `Label`) [D0801]
            // error: `batch` cannot be both 32 (of `Image`) and 16 (of `Label`) in the arguments of `f` [D0303]
            DiagramError::TwoValues {
                morphism,
                dim,
                first,
                second,
            } => {
                let place = match morphism {
                    Some(morphism) => format!(" in the arguments of `{morphism}`"),
                    None => String::new(),
                };
                let (one, other) = (Given::value(first, second), Given::value(second, first));
                let message = format!("`{dim}` cannot be both {one} and {other}{place}");
                with_notes(fault(message), &[&first.0, &second.0])
            }
            // error: `Image`: axis 1 is `side` = 8, but the batch has 9 [D0804]
            // error: `student` takes `Image`: axis 1 is 8, but is given 9 [D0804]
            DiagramError::WrongSize {
                morphism,
                given,
                axis,
                values,
            } => {
                let (of, but) = match morphism {
                    Some(morphism) => (format!("`{morphism}` takes "), "is given"),
                    None => (String::new(), "the batch has"),
                };
                let (drawn, size) = (extent(&given.shape, *axis, values), given.size(*axis));
                let name = &given.name;
                let message = format!("{of}`{name}`: axis {axis} is {drawn}, but {but} {size}");
                with_values(with_notes(fault(message), &[given]), values)
            }
            // error: `Image` is empty: axis 0, drawn as `batch`, is 0 [D0803]
            // error: `student` takes `Image`, which is empty: axis 0, drawn as `batch`, is 0 [D0803]
            DiagramError::Empty {
                morphism,
                given,
                axis,
            } => {
                let subject = match morphism {
                    Some(morphism) => format!("`{morphism}` takes `{}`, which", given.name),
                    None => format!("`{}`", given.name),
                };
                let drawn = extent(&given.shape, *axis, &[]);
                let message = format!("{subject} is empty: axis {axis}, drawn as {drawn}, is 0");
                with_notes(fault(message), &[given])
            }
            DiagramError::WrongOutput {
                morphism,
                given,
                axis,
                values,
            } => {
                let (name, sizes) = (&given.name, &given.sizes);
                let difference = if let Some(axis) = axis {
                    // error: `teacher` ends in `Logits`: axis 1 is 10, but its module gives 12 [D0802]
                    let (drawn, size) = (extent(&given.shape, *axis, values), given.size(*axis));
                    format!(": axis {axis} is {drawn}, but its module gives {size}")
                } else {
                    // error: `teacher` ends in `Logits` of rank 2, but its module gives rank 1 [D0802]
                    let (drawn, rank) = (given.shape.rank(), sizes.len());
                    format!(" of rank {drawn}, but its module gives rank {rank}")
                };
                let message = format!("`{morphism}` ends in `{name}`{difference}");
                let rows = [
                    (name.as_str(), given.shape.to_string()),
                    (morphism.as_str(), format!("{sizes:?}")),
                ];
                with_values(with_rows(fault(message), &rows), values)
            }
            // error: `hidden` is 0, but sizes `Latent`, and a size is at least 1 [D0203]
            DiagramError::ZeroHyper { hyper, sizes } => fault(format!(
                "`{hyper}` is 0, but sizes {sizes}, and a size is at least 1"
            )),
            // error: the weight of `soft` is -0.5, and a weight is a finite number of at least 0 [D0404]
            DiagramError::BadWeight { cell, weight } => fault(format!(
                "the weight of `{cell}` is {weight}, and a weight is a finite number of at least 0"
            )),
            // error: nothing in `Distillation` can be trained: no parameter asks for a gradient [D0806]
            DiagramError::Untrainable { model } => fault(format!(
                "nothing in `{model}` can be trained: no parameter asks for a gradient"
            ))
            .help("build it on a device with gradients, `init(&device.autodiff())`, or call `train()` on it"),
            // error: `linear(hidden - 4)` of `student`: axis 1 is `hidden - 4` = -2, and a size is at least 1 [D0203]
            DiagramError::NotPositive {
                shaped,
                shape,
                axis,
                values,
            } => {
                let drawn = extent(shape, *axis, values);
                let message = format!("{shaped}: axis {axis} is {drawn}, and a size is at least 1");
                with_values(fault(message).note(format!("shape : {shape}")), values)
            }
            // error: the copies in `repeat(depth, relu)` of `student` are `depth` = 0, and there is at least 1
            // [D0203]
            DiagramError::NoCopies {
                morphism,
                layer,
                copies,
                values,
            } => {
                let copies = dim_value(copies, values);
                let of = format!("the copies in `{layer}` of `{morphism}`");
                fault(format!("{of} are {copies}, and there is at least 1"))
            }
            // error: the rank of the adapters of `vit` is `rank` = 0, and a rank is at least 1 [D0203]
            DiagramError::NoRank {
                morphism,
                rank,
                values,
            } => {
                let rank = dim_value(rank, values);
                fault(format!(
                    "the rank of the adapters of `{morphism}` is {rank}, and a rank is at least 1"
                ))
            }
            // error: `encoder` has nothing to adapt: no parameter of its module has rank 2 [D0415]
            DiagramError::NothingToAdapt { morphism } => fault(format!(
                "`{morphism}` has nothing to adapt: no parameter of its module has rank 2"
            ))
            .note("Burn adapts matrices, such as those of `Linear` and `Embedding`"),
            // error: `vit` is trained by its adapters, and the module assigned to it has none [D0808]
            DiagramError::NoAdapters { morphism } => fault(format!(
                "`{morphism}` is trained by its adapters, and the module assigned to it has none"
            ))
            .help("call `freeze_as_drawn()` on the model after the assignment"),
            // error: `hidden % heads == 0` does not hold: `hidden` = 30, `heads` = 4 [D0805]
            DiagramError::BrokenFact {
                fact: broken,
                values,
            } => {
                let values = assigned(values);
                fault(format!("`{broken}` does not hold: {values}"))
            }
        }
    }
}

impl Given {
    fn size(&self, axis: usize) -> usize {
        self.sizes.get(axis).copied().unwrap_or_default()
    }

    /// The extent of one tensor, told apart from that of the other.
    fn value((given, axis): &(Box<Given>, usize), (other, _): &(Box<Given>, usize)) -> String {
        let (size, name, position) = (given.size(*axis), &given.name, given.position);
        if position == other.position {
            format!("{size} (axis {axis} of `{name}`)")
        } else if *name == other.name {
            format!("{size} (of `{name}`, input {position})")
        } else {
            format!("{size} (of `{name}`)")
        }
    }
}

impl fmt::Display for DiagramError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault().fmt(out)
    }
}

impl std::error::Error for DiagramError {}

impl fmt::Display for Shaped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shaped::Object(name) | Shaped::Morphism(name) => write!(out, "`{name}`"),
            Shaped::Layer { morphism, layer } => write!(out, "`{layer}` of `{morphism}`"),
        }
    }
}

/// The dim of an axis, with its value where it is not a number already: `8`, `` `hidden / 2` = 16``.
fn extent(shape: &Shape, axis: usize, values: &[(String, usize)]) -> String {
    match shape.dims.get(axis) {
        Some(dim) => dim_value(dim, values),
        None => "absent".to_owned(),
    }
}

/// A dim with its value where it is not a number already.
fn dim_value(dim: &Dim, values: &[(String, usize)]) -> String {
    let value_of = |symbol: &str| {
        let value = values.iter().find(|(name, _)| name == symbol);
        value.and_then(|(_, value)| u64::try_from(*value).ok())
    };
    match (dim.literal(), dim.evaluate(&value_of)) {
        (Some(number), _) => number.to_string(),
        (None, Ok(value)) => format!("`{dim}` = {value}"),
        (None, Err(NoValue::DivisionByZero)) => format!("`{dim}`, which divides by 0"),
        (None, Err(NoValue::Overflow)) => format!("`{dim}`, which is too large to compute"),
        (None, Err(NoValue::Unbound(_))) => format!("`{dim}`"),
    }
}

/// One note a tensor: as drawn, and as it came.
fn with_notes(fault: Fault, tensors: &[&Given]) -> Fault {
    let shapes = || tensors.iter().map(|given| given.shape.to_string());
    let width = shapes()
        .map(|shape| shape.chars().count())
        .max()
        .unwrap_or_default();
    let rows = tensors.iter().zip(shapes()).map(|(given, shape)| {
        (
            given.name.as_str(),
            format!("{shape:width$} is {:?}", given.sizes),
        )
    });
    with_rows(fault, &rows.collect::<Vec<_>>())
}

/// One note a row, with the names aligned.
fn with_rows(fault: Fault, rows: &[(&str, String)]) -> Fault {
    let width = rows
        .iter()
        .map(|(name, _)| name.chars().count() + 2)
        .max()
        .unwrap_or_default();
    rows.iter().fold(fault, |fault, (name, text)| {
        let name = format!("`{name}`");
        fault.note(format!("{name:width$} : {text}"))
    })
}

/// One note with the values of the dims, where there are any.
fn with_values(fault: Fault, values: &[(String, usize)]) -> Fault {
    if values.is_empty() {
        return fault;
    }
    fault.note(assigned(values))
}

fn assigned(values: &[(String, usize)]) -> String {
    let values = values
        .iter()
        .map(|(name, value)| format!("`{name}` = {value}"));
    values.collect::<Vec<_>>().join(", ")
}
