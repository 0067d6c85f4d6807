//! The text of every error of run time.

use std::fmt::Display;

use diagram_core::dim::NoValue;
use diagram_core::{Dim, Fault, Limit, Shape};

use super::{Allowed, DiagramError, Given};

impl DiagramError {
    /// Message and notes. Every text of a run-time fault is made here.
    #[expect(clippy::too_many_lines, reason = "a list of texts, one per mistake")]
    pub(super) fn fault(&self) -> Fault {
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
            DiagramError::WrongValues {
                function,
                sizes,
                end,
            } => {
                // error: the values of `losses::cross` have the sizes [4, 3], which are no leading ones of its
                // first end [8, 3] [D0802]
                let message = format!(
                    "the values of `{function}` have the sizes {sizes:?}, which are no leading ones of its first \
                     end {end:?}"
                );
                fault(message)
            }
            // error: `hidden` is 0, but sizes `Latent`, and a size is at least 1 [D0203]
            DiagramError::ZeroHyper { hyper, sizes } => fault(format!(
                "`{hyper}` is 0, but sizes {sizes}, and a size is at least 1"
            )),
            // error: the weight of `soft` is -0.5, and a weight is a finite number of at least 0 [D0404]
            DiagramError::BadWeight { cell, weight } => fault(format!(
                "the weight of `{cell}` is {weight}, and a weight is a finite number of at least 0"
            )),
            // error: the decay of `target` is 1.5, and a decay is a number from 0 to 1 [D0312]
            DiagramError::BadDecay { average, decay } => fault(format!(
                "the decay of `{average}` is {decay}, and a decay is a number from 0 to 1"
            )),
            // error: `weights.soft` is NaN, and a configuration is saved with finite numbers only [D0811]
            DiagramError::NotSavable { field, value } => fault(format!(
                "`{field}` is {value}, and a configuration is saved with finite numbers only"
            )),
            // error: `target` is the average of `online`, but has other parameters [D0810]
            DiagramError::OtherParameters { average, of, first } => {
                let message = format!("`{average}` is the average of `{of}`, but has other parameters");
                let rows = first.iter().map(|(path, shape)| (path.as_str(), shape.clone()));
                let rows: Vec<_> = rows.collect();
                let help = format!(
                    "assign to both: `model.{average} = model.{of}.clone()`, then `freeze_as_drawn()`"
                );
                with_rows(fault(message), &rows).help(help)
            }
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
            // error: `linear(h * h)` of `student`: axis 1 is `h * h` = 18446744073709551616, which is too large
            // [D0204]
            DiagramError::TooLarge {
                of,
                what,
                dim,
                values,
            } => {
                let (value, _) = dim_and_reason(dim, values);
                let message = format!("{of}: {what} is {value}, which is too large");
                with_values(fault(message), values)
            }
            // error: the power of `step` in a path is `horizon - 2` = 0, and it is at least 1 [D0203]
            DiagramError::NoTurns {
                applied,
                times,
                values,
            } => {
                let (applied, times) = (applied.join(" >> "), dim_value(times, values));
                fault(format!(
                    "the power of `{applied}` in a path is {times}, and it is at least 1"
                ))
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
            // error: `dropout(rate)` of `student`: `prob` must be at least 0 and less than 1, but `rate` is 1.5
            // [D0312]
            DiagramError::OutOfRange {
                of,
                part,
                limit,
                value,
            } => {
                let Limit {
                    argument,
                    given,
                    range,
                } = &**limit;
                let value = match value {
                    Some(value) => format!("is {value}"),
                    None => "has no value".to_owned(),
                };
                fault(format!(
                    "`{part}` of `{of}`: `{argument}` must be {range}, but `{given}` {value}"
                ))
            }
            DiagramError::NotFinite {
                total,
                cells,
                first,
                checkpoint,
            } => {
                let message = match first.and_then(|first| cells.get(first)) {
                    // error: the loss is NaN: of its cells, `hard` is the first that is not finite [D0808]
                    Some((cell, _)) => format!(
                        "the loss is {total}: of its cells, `{cell}` is the first that is not finite"
                    ),
                    // error: the loss is inf: its cells are finite, and their weighted sum is too large [D0808]
                    None => format!(
                        "the loss is {total}: its cells are finite, and their weighted sum is too large"
                    ),
                };
                fault(message)
                    .note(assigned(cells))
                    .note("running statistics (`batch_norm`) may be spoiled by this batch")
                    .help(match checkpoint {
                        None => "go on from a record of before, and look at the data with `check()` of the batch"
                            .to_owned(),
                        Some(checkpoint) => format!("the last checkpoint of before is `{checkpoint}`"),
                    })
            }
            // error: `linear_1.weight` of `student` is [64, 16], but was built as [64, 32] [D0812]
            DiagramError::OtherLayer {
                morphism,
                parameter,
                built,
                given,
            } => fault(format!(
                "`{parameter}` of `{morphism}` is {given:?}, but was built as {built:?}"
            ))
            .help(format!(
                "`init_{morphism}` of the model's configuration builds a module that fits"
            )),
            // error: `Image` is F64, but the parameters of `student` are F32 [D0813]
            DiagramError::OtherType {
                datum,
                given,
                morphism,
                parameters,
            } => fault(format!(
                "`{datum}` is {given}, but the parameters of `{morphism}` are {parameters}"
            ))
            .help(format!("`.cast(burn::tensor::DType::{parameters})` gives the tensor that type")),
            // error: `Image` holds NaN at [3, 0, 2, 5] [D0814]
            DiagramError::DataNotFinite {
                datum,
                value,
                index,
            } => fault(format!("`{datum}` holds {value} at {index:?}")),
            // error: `Label` holds 10 at [3], but the classes of `hard` are 0 to 9 [D0807]
            // error: `Times` holds 9 at [1], but the input lengths of `heard` are 1 to 8 [D0807]
            DiagramError::NoSuchEntry {
                datum,
                value,
                index,
                allowed,
                from_one,
            } => {
                let Allowed {
                    of,
                    extent,
                    count,
                    first,
                    last,
                } = allowed.as_ref();
                let name = &datum.name;
                let message =
                    format!("`{name}` holds {value} at {index:?}, but {of} are {first} to {last}");
                let fault = with_notes(fault(message), &[datum]);
                let fault = match extent.literal() {
                    Some(_) => fault,
                    None => fault.note(format!("`{extent}` = {count}")),
                };
                let help = "count from 0: these seem to be counted from 1";
                fault.maybe_help(from_one.then(|| help.to_owned()))
            }
            // error: `Said` holds 0 at [1, 2], within its length, but 0 is the blank of `heard` [D0807]
            DiagramError::BlankEntry {
                datum,
                value,
                index,
                cell,
                lengths,
                length,
            } => {
                let (name, sample) = (&datum.name, index.first().copied().unwrap_or_default());
                let message = format!(
                    "`{name}` holds {value} at {index:?}, within its length, but {value} is the blank of \
                     `{cell}`"
                );
                let fault = with_notes(fault(message), &[datum]);
                fault.note(format!("`{lengths}` holds {length} at [{sample}]"))
            }
            // error: `Trust` holds -0.5 at [2] and weighs `tags`, but a weight is a finite number of at least 0 [D0404]
            DiagramError::BadUnitWeight {
                datum,
                value,
                index,
                cell,
            } => {
                let name = &datum.name;
                let message = format!(
                    "`{name}` holds {value} at {index:?} and weighs `{cell}`, but a weight is a finite number of \
                     at least 0"
                );
                with_notes(fault(message), &[datum])
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
            // error: `vit` is trained by its adapters, and the module assigned to it has none [D0809]
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

    /// The extent of one tensor, named so that it is distinguished from that of the other.
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

/// The dim of an axis, with its value if the dim is not a number: `8`, `` `hidden / 2` = 16``.
fn extent(shape: &Shape, axis: usize, values: &[(String, usize)]) -> String {
    match shape.dims.get(axis) {
        Some(dim) => dim_value(dim, values),
        None => "absent".to_owned(),
    }
}

/// A dim with its value if the dim is not a number, or the reason why it has none.
fn dim_value(dim: &Dim, values: &[(String, usize)]) -> String {
    let (value, reason) = dim_and_reason(dim, values);
    format!("{value}{reason}")
}

/// The same, as two texts.
fn dim_and_reason(dim: &Dim, values: &[(String, usize)]) -> (String, &'static str) {
    let value_of = |symbol: &str| {
        let value = values.iter().find(|(name, _)| name == symbol);
        value.and_then(|(_, value)| u64::try_from(*value).ok())
    };
    match (dim.literal(), dim.evaluate(&value_of)) {
        (Some(number), _) => (number.to_string(), ""),
        (None, Ok(value)) => (format!("`{dim}` = {value}"), ""),
        (None, Err(reason)) => {
            let reason = match reason {
                NoValue::DivisionByZero => ", which divides by 0",
                NoValue::Overflow => ", which is too large to compute",
                NoValue::Unbound(_) => "",
            };
            (format!("`{dim}`"), reason)
        }
    }
}

/// One note per tensor: the drawn shape and the actual extents.
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

/// One note per row, with the names aligned.
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

/// One note with the values of the dims, if there are any.
fn with_values(fault: Fault, values: &[(String, usize)]) -> Fault {
    if values.is_empty() {
        return fault;
    }
    fault.note(assigned(values))
}

fn assigned(values: &[(String, impl Display)]) -> String {
    let values = values
        .iter()
        .map(|(name, value)| format!("`{name}` = {value}"));
    values.collect::<Vec<_>>().join(", ")
}
