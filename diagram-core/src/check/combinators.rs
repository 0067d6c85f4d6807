//! Rules about the steps inside a combinator of layers.

use super::shapes::{axis_fault, deciding_step, width_left_out};
use crate::call::{Padding, Value};
use crate::dim::{Dim, Facts};
use crate::fault::{Code, Fault};
use crate::shape::{Difference, Kind, Product, ProductDifference, Shape};
use crate::step::Step;

/// A `residual` adds, so its input is one tensor of kind Float.
///
/// # Errors
///
/// The input has several factors, or another kind.
pub fn residual_takes(input: &Product) -> Result<(), Fault> {
    match input.one() {
        Some(shape) if shape.kind == Kind::Float => Ok(()),
        // error: `residual` takes Float, but is given Int[batch, 4] [D0304]
        Some(shape) => {
            let message = format!("`residual` takes Float, but is given {shape}");
            Err(Fault::new(Code::KindMismatch, message))
        }
        None => Err(takes_one("residual", "residual(f)", input)),
    }
}

/// A layer of one tensor is given a product.
// error: `relu` takes one tensor, but is given 2: [batch, 4] * [batch, 8] [D0318]
#[must_use]
pub fn takes_one(layer: &str, written: &str, input: &Product) -> Fault {
    let count = input.0.len();
    let message = format!("`{layer}` takes one tensor, but is given {count}: {input}");
    let fault = Fault::new(Code::Factors, message);
    if count < 2 {
        return fault;
    }
    let last = input.0.first().map_or(0, Shape::rank).saturating_sub(1);
    // Tensors that differ at most in their last extent can be joined there.
    let mut leading = input.0.windows(2).map(|pair| match pair {
        [one, other] => {
            let alike = one.kind == Kind::Float && one.kind == other.kind;
            alike && one.rank() == other.rank() && one.dims.get(..last) == other.dims.get(..last)
        }
        _ => false,
    });
    fault.help(if last > 0 && leading.all(|alike| alike) {
        format!("join them: `concat({last}) >> {written}`")
    } else {
        let each = vec![written; count].join(" * ");
        format!("one for each factor: `{each}`")
    })
}

/// Chains side by side (`f * g`) take one factor each. `chains` is each of them, as written.
///
/// # Errors
///
/// There are more or fewer factors than chains.
pub fn takes_a_factor_each(written: &str, chains: &[String], input: &Product) -> Result<(), Fault> {
    let count = chains.len();
    if input.0.len() == count {
        return Ok(());
    }
    // error: `linear * relu` acts on 2 factors, one each, but is given [batch, 4] [D0318]
    let message = format!("`{written}` acts on {count} factors, one each, but is given {input}");
    let fault = Fault::new(Code::Factors, message);
    Err(if input.0.len() == 1 {
        let copied = chains.join(", ");
        fault.help(format!("to give all of them the same: `({copied})`"))
    } else {
        fault
    })
}

/// The chain of a `residual` ends in the shape of its input. `steps` are those inside.
///
/// # Errors
///
/// The steps end in another shape.
pub fn residual_keeps_the_shape(
    input: &Product,
    steps: &[Step],
    facts: &Facts,
) -> Result<(), Fault> {
    // error: `residual` adds [batch, 32] to [batch, 64]: axis 1 is 64, but `linear(32)` gives 32 [D0301]
    ends_as_it_starts(input, steps, facts, |given| {
        format!("`residual` adds {given} to {input}")
    })
}

/// If the number of copies is known only when a model is built, every copy must have the input of the first.
/// `steps` are those of one copy.
///
/// # Errors
///
/// The steps end in another shape.
pub fn copies_keep_the_shape(
    copies: &Dim,
    input: &Product,
    steps: &[Step],
    facts: &Facts,
) -> Result<(), Fault> {
    // error: each of `depth` copies goes from [batch, 64] to [batch, 32]: axis 1 is 64, but `linear(32)`
    // gives 32 [D0301]
    let ends = ends_as_it_starts(input, steps, facts, |given| {
        format!("each of `{copies}` copies goes from {input} to {given}")
    });
    ends.map_err(|fault| {
        fault.note("the shape may change from copy to copy only where their number is written")
    })
}

/// A power applies one set of weights again and again, so its result has the shape of its input. `steps` are
/// those inside.
///
/// # Errors
///
/// The steps end in another shape.
pub fn power_keeps_the_shape(
    written: &str,
    input: &Product,
    steps: &[Step],
    facts: &Facts,
) -> Result<(), Fault> {
    // error: `linear(32)^3` applies the same weights to [batch, 64] and to [batch, 32]: axis 1 is 64, but
    // `linear(32)` gives 32 [D0301]
    ends_as_it_starts(input, steps, facts, |given| {
        format!("`{written}` applies the same weights to {input} and to {given}")
    })
}

fn ends_as_it_starts(
    input: &Product,
    steps: &[Step],
    facts: &Facts,
    subject: impl Fn(&Product) -> String,
) -> Result<(), Fault> {
    let given = steps.last().map_or(input, |step| &step.output);
    let Some(difference) = input.difference(given, facts) else {
        return Ok(());
    };
    let subject = subject(given);
    let index = deciding_step(input, steps).unwrap_or_default();
    let last = steps.get(index).map(Step::to_string).unwrap_or_default();
    let ProductDifference::At(factor, difference) = difference else {
        // error: `residual` adds [batch, 4] * [batch, 4] to [batch, 4] [D0318]
        let fault = Fault::new(Code::Factors, subject);
        return Err(fault.note(Step::trail(input, steps)));
    };
    let (wanted, got) = (&input.0[factor], &given.0[factor]);
    let fault = match &difference {
        // error: `residual` adds Int[batch, 4] to [batch, 4]: `argmax` gives Int [D0304]
        Difference::Kind => {
            let message = format!("{subject}: `{last}` gives {}", got.kind);
            Fault::new(Code::KindMismatch, message)
        }
        // error: `residual` adds [batch, 64] to [batch, 1, 8, 8]: `flatten` gives rank 2 [D0302]
        Difference::Rank => {
            let message = format!("{subject}: `{last}` gives rank {}", got.rank());
            Fault::new(Code::RankMismatch, message)
        }
        Difference::Axis { axis, comparison } => axis_fault(
            &subject,
            &format!("`{last}` gives"),
            *axis,
            comparison,
            wanted,
            got,
        ),
    };
    let help = help(&difference, index, input, steps);
    Err(fault.note(Step::trail(input, steps)).maybe_help(help))
}

/// The code to write instead, if one change of the deciding step is enough.
fn help(difference: &Difference, index: usize, input: &Product, steps: &[Step]) -> Option<String> {
    let start = input.one()?;
    let Difference::Axis { axis, .. } = difference else {
        return None;
    };
    let infers = |step: &Step| {
        step.as_layer()
            .is_some_and(|layer| layer.traits.width.is_some())
    };
    if steps.iter().skip(index + 1).any(infers) {
        return None;
    }
    let layer = steps.get(index)?.as_layer()?;
    if let Some(help) = width_left_out(layer, *axis, start.rank()) {
        return Some(help);
    }
    // A window of stride 1 keeps the size where it is padded.
    let before = index.checked_sub(1).and_then(|index| steps.get(index));
    let before = before.map_or(input, |step| &step.output).one()?;
    let alone = before.dims.get(2..) == start.dims.get(2..) && *axis > 1;
    let given = |name: &&str| layer.call.given(name).is_some();
    let plain = !["stride", "padding", "dilation"].iter().any(given);
    (alone && plain && layer.traits.pads).then(|| {
        let padded = layer.call.clone();
        let padded = padded.with("padding", Value::Padding(Padding::Same));
        format!("keep the size: `{padded}`")
    })
}
