//! The rules of arguments: which parameter each is for, and what may be given for it.
//!
//! They are asked of what is written, at the place of each argument, and of a diagram that is read ([`check`]).

use std::fmt::Display;
use std::ops::Bound;

use diagram_core::dim::Facts;
use diagram_core::fault::nearest;
use diagram_core::{Code, Dim, Fault, HyperType, Number, check as rules};

use crate::activation;
use crate::initializer::INITIALIZERS;
use crate::layers;
use crate::parameter::Parameter;

mod check;

pub use check::{Arguments, check};

/// What other libraries call some arguments.
const ELSEWHERE: [(&str, &str); 8] = [
    ("out_features", "d_output"),
    ("units", "d_output"),
    ("filters", "channels"),
    ("out_channels", "channels"),
    ("p", "prob"),
    ("rate", "prob"),
    ("T", "temperature"),
    ("tau", "temperature"),
];

/// A name that is none of the parameters of a row.
// error: `conv2d` has no argument `strid` [D0106]
#[must_use]
pub fn unknown(of: &str, parameters: &[Parameter], name: &str) -> Fault {
    let fault = Fault::new(
        Code::UnknownArgument,
        format!("`{of}` has no argument `{name}`"),
    );
    match meant(parameters, name) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None if is_of_input(name) => {
            fault.note("the sizes of what it is given follow from what stands before it")
        }
        None => fault.note(listed(of, parameters)),
    }
}

/// The argument that is most likely meant: by its letters, or by its name elsewhere.
fn meant(parameters: &[Parameter], name: &str) -> Option<&'static str> {
    let every_name = || {
        parameters.iter().flat_map(|parameter| {
            std::iter::once(parameter.name).chain(parameter.aliases.iter().copied())
        })
    };
    let elsewhere = ELSEWHERE.iter().filter(|(other, _)| *other == name);
    let mut elsewhere = elsewhere.map(|(_, ours)| *ours);
    elsewhere
        .find(|ours| every_name().any(|name| name == *ours))
        .or_else(|| nearest(name, every_name()))
}

/// Whether other libraries call the size of an input so.
fn is_of_input(name: &str) -> bool {
    matches!(
        name,
        "in_features"
            | "in_channels"
            | "d_input"
            | "channels_in"
            | "input_dim"
            | "input_size"
            | "d_model"
            | "embed_dim"
            | "d_context"
    )
}

/// All that a row takes: "`relu` takes no arguments".
#[must_use]
pub fn listed(of: &str, parameters: &[Parameter]) -> String {
    let names: Vec<_> = parameters
        .iter()
        .map(|parameter| format!("`{}`", parameter.name))
        .collect();
    match &names[..] {
        [] => format!("`{of}` takes no arguments"),
        names => format!("`{of}` takes {}", names.join(", ")),
    }
}

/// An argument is given once.
// error: `stride` of `conv2d` is given twice [D0315]
#[must_use]
pub fn repeated(of: &str, name: &str) -> Fault {
    let message = format!("`{name}` of `{of}` is given twice");
    Fault::new(Code::RepeatedArgument, message)
}

/// An argument that must be given.
// error: `max_pool2d` needs `kernel`, the extent of its window [D0310]
#[must_use]
pub fn missing(of: &str, parameter: &Parameter) -> Fault {
    let message = format!("`{of}` needs `{}`, {}", parameter.name, parameter.summary);
    Fault::new(Code::MissingArgument, message)
}

/// What is given is nothing that a parameter takes. `given` is it as written, in backticks.
// error: `kernel` takes a whole number or one per axis, like `3` or `[3, 5]`, but is given `"x"` [D0311]
#[must_use]
pub fn wrong_type(parameter: &Parameter, given: &str) -> Fault {
    let message = format!(
        "`{}` takes {}, but is given {given}",
        parameter.name,
        parameter.kind.takes()
    );
    Fault::new(Code::ArgumentType, message)
}

/// A hyper-parameter of another type than a parameter takes, which is `meant`.
// error: `prob` takes a number, like `0.5`, but is given `hidden` of type `usize` [D0311]
// error: `bias` takes `true` or `false`, but is given `hidden` of type `usize` [D0311]
#[must_use]
pub fn other_hyper(parameter: &Parameter, name: &str, ty: &HyperType, meant: &HyperType) -> Fault {
    let fault = wrong_type(parameter, &format!("`{name}` of type `{ty}`"));
    fault.help(format!("declare it as `{name}: {meant}`"))
}

/// A name that is no hyper-parameter's, where one of type `f64` may stand; `floats` are those.
// error: there is no hyper-parameter `temprature` [D0114]
#[must_use]
pub fn no_hyper<'a>(name: &str, floats: impl IntoIterator<Item = &'a str>) -> Fault {
    let message = format!("there is no hyper-parameter `{name}`");
    let help = match nearest(name, floats) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declare it after the diagram's name: `({name}: f64)`"),
    };
    Fault::new(Code::UnknownHyper, message).help(help)
}

/// A number is in the range of its parameter.
// error: `kernel` must be at least 1, but is 0 [D0312]
#[must_use]
pub fn out_of_range(parameter: &Parameter, value: impl Display) -> Fault {
    let (name, range) = (parameter.name, parameter.kind.range());
    let message = format!("`{name}` must be {range}, but is {value}");
    Fault::new(Code::ArgumentRange, message)
}

/// As [`out_of_range`], of a number of a call of `of`, which may be meant in percent. `text` is it as written.
// error: `prob` must be at least 0 and less than 1, but is 50 [D0312]
#[must_use]
pub fn number_out_of_range(
    (of, parameters): (&str, &[Parameter]),
    parameter: &Parameter,
    number: Option<Number>,
    text: impl Display,
) -> Fault {
    let name = parameter.name;
    let fraction = number.and_then(|percent| parameter.kind.range().fraction(percent));
    let help = fraction.map(|fraction| {
        let written = match parameters {
            [only] if only.positional => format!("{of}({fraction})"),
            _ => format!("{name} = {fraction}"),
        };
        format!("`{name}` of `{of}` is a fraction: {text} percent is `{written}`")
    });
    out_of_range(parameter, text).maybe_help(help)
}

/// A size is in the range of its parameter, and what is made of constants is so, too, which rustc knows.
///
/// # Errors
///
/// It is not, or it is too large.
pub fn size(parameter: &Parameter, dim: &Dim, facts: &Facts) -> Result<(), Fault> {
    let range = parameter.kind.range();
    match dim.evaluate(&|_| None) {
        Ok(number) if !range.holds_whole(number) => return Err(out_of_range(parameter, number)),
        _ => {}
    }
    if let Some(bound) = rules::too_large(dim, facts) {
        // error: `kernel` is `2 * K` = 18446744073709551616, which is too large to compute [D0204]
        let (name, value) = (parameter.name, dim.quoted());
        let message = format!("`{name}` is {value}, which is too large to compute");
        return Err(Fault::new(Code::DimOverflow, message).unless(bound));
    }
    let (low, high) = range.whole();
    let low = low.and_then(|low| facts.left_to_rustc(dim, &low.into()));
    let high = || facts.left_to_rustc(&high?.into(), dim);
    match low.or_else(high) {
        None => Ok(()),
        // error: `kernel` must be at least 1, but is `K - 3` = 0 [D0312]
        Some(bound) => Err(out_of_range(parameter, dim.quoted()).unless(bound)),
    }
}

/// A number of classes is no class of its own. `text` is it as written.
// error: `pad_tokens` must be at least 0, but is -1 [D0312]
#[must_use]
pub fn no_class(parameter: &Parameter, text: impl Display) -> Fault {
    let help = format!("a number that is no class is for `ignore = {text}`");
    out_of_range(parameter, text).help(help)
}

/// A number of a loss may be learned: it may become any that is greater than 0. Numbers of others may not be
/// learned at all.
///
/// # Errors
///
/// It may not.
pub fn learnable(of: &str, parameter: &Parameter, learns: bool) -> Result<(), Fault> {
    let (name, range) = (parameter.name, parameter.kind.range());
    let fault = |message: String| Err(Fault::new(Code::ArgumentType, message));
    if !learns {
        // error: `prob` of `dropout` cannot be learned: `learned` stands in losses, in weights and in
        // `scale` [D0311]
        return fault(format!(
            "`{name}` of `{of}` cannot be learned: `learned` stands in losses, in weights and in `scale`"
        ));
    }
    let grows = range.high == Bound::Unbounded && !range.without_zero;
    let shrinks = !matches!(range.low, Bound::Included(low) | Bound::Excluded(low) if low > 0);
    if grows && shrinks {
        return Ok(());
    }
    // error: `smoothing` cannot be learned: it must be at least 0 and less than 1, and what is learned
    // may become any number greater than 0 [D0311]
    fault(format!(
        "`{name}` cannot be learned: it must be {range}, and what is learned may become any number greater \
         than 0"
    ))
}

/// A flag that the code depends on is known when it is generated.
// error: `keep` of `mean` decides what is generated, and `bias` is known only when a model is built [D0311]
#[must_use]
pub fn undecided_switch(of: &str, parameter: &Parameter, hyper: &str) -> Fault {
    let message = format!(
        "`{}` of `{of}` decides what is generated, and `{hyper}` is known only when a model is built",
        parameter.name
    );
    Fault::new(Code::ArgumentType, message).help("write `true` or `false`")
}

/// A word is one of a few. `shown` is what is given, as written, and `given` the word in it.
// error: `mode` of `interpolate2d` takes `nearest`, `linear` or `cubic`, but is given `"linear"` [D0311]
#[must_use]
pub fn no_word(
    of: &str,
    parameter: &Parameter,
    words: &[&'static str],
    (given, shown): (&str, &str),
) -> Fault {
    let known = |word: &str| words.iter().copied().find(|known| *known == word);
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    let listed = match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    };
    let message = format!(
        "`{}` of `{of}` takes {listed}, but is given `{shown}`",
        parameter.name
    );
    let near = known(given).or_else(|| nearest(&given.to_lowercase(), words.iter().copied()));
    let near = near.or_else(|| known(&given.to_lowercase()));
    let help = near.map(|near| format!("`{} = {near}`", parameter.name));
    Fault::new(Code::ArgumentType, message).maybe_help(help)
}

/// A name that is no initializer's.
// error: there is no initializer `zeroes` [D0106]
#[must_use]
pub fn no_initializer(name: &str) -> Fault {
    let fault = Fault::new(
        Code::UnknownArgument,
        format!("there is no initializer `{name}`"),
    );
    let names = INITIALIZERS.iter().map(|one| one.name);
    match nearest(name, names.clone()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
            fault.note(format!("there is {}", names.join(", ")))
        }
    }
}

/// A name that is no activation's inside of layers.
#[must_use]
pub fn no_activation(layer: &str, argument: &str, name: &str) -> Fault {
    let list: Vec<_> = activation::names()
        .map(|name| format!("`{name}`"))
        .collect();
    let known = layers::find(name).is_some();
    let fault = if known {
        // error: `silu` cannot be the `activation` of `transformer_encoder` [D0311]
        Fault::new(
            Code::ArgumentType,
            format!("`{name}` cannot be the `{argument}` of `{layer}`"),
        )
    } else {
        // error: there is no activation `rleu` [D0104]
        Fault::new(
            Code::UnknownLayer,
            format!("there is no activation `{name}`"),
        )
    };
    match nearest(name, activation::names()).filter(|_| !known) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.note(format!("there is {}", list.join(", "))),
    }
}
