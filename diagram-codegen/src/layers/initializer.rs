//! How weights are drawn when a model is built: Burn's initializers, under their names in snake case.

use diagram_core::{Code, Fault, Range, fault::nearest};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Site;
use super::arguments::{Arguments, Flag, Parameter, ParameterKind, named};
use crate::lower::scope::{Placed, Scope};
use crate::syntax::tree::{self, bare};

/// `initializer`, of the weights of a layer.
pub(super) const PARAMETER: Parameter = Parameter::new(
    "initializer",
    ParameterKind::Initializer,
    "how weights are drawn",
)
.default("kaiming_uniform");

/// Refuses an initializer that cannot draw the bias of a layer. `bias` says whether it has one by itself.
pub(super) fn suits(arguments: &Arguments, site: &Site<'_>, bias: bool) -> Result<(), Placed> {
    let none = match arguments.flag("bias") {
        Some(flag) => *flag == Flag::Literal(false),
        None => !bias,
    };
    let drawn = arguments.initializer("initializer");
    if none || !drawn.is_some_and(Drawn::needs_two_axes) {
        return Ok(());
    }
    // error: `orthogonal` takes at least two axes, but the bias of `linear` has one [D0305]
    let layer = arguments.of();
    let message =
        format!("`orthogonal` takes at least two axes, but the bias of `{layer}` has one");
    let fault = Fault::new(Code::LayerRank, message)
        .note(format!(
            "`initializer` draws the weights and the bias of `{}`",
            site.text
        ))
        .help("`bias = false`");
    Err((arguments.place("initializer"), fault))
}

/// Refuses an initializer that scales with widths, where Burn gives it none.
pub(super) fn is_unscaled(arguments: &Arguments) -> Result<(), Placed> {
    let layer = format!("`{}`", arguments.of());
    match arguments.initializer("initializer") {
        Some(drawn) => drawn.is_unscaled(&layer),
        None => Ok(()),
    }
    .map_err(|fault| (arguments.place("initializer"), fault))
}

/// One initializer.
#[derive(Debug)]
pub struct Initializer {
    /// Its name.
    name: &'static str,
    /// Burn's variant.
    variant: &'static str,
    /// Its arguments, all of them fields of the variant.
    parameters: &'static [Parameter],
    /// Whether it scales with the widths of a layer, which a constant does not have.
    scaled: bool,
}

const GAIN: Parameter = float("gain", Range::ANY, "a factor").default("1.0");
const FAN_OUT_ONLY: Parameter = Parameter::new(
    "fan_out_only",
    ParameterKind::Flag,
    "whether the output width scales it, not the input's",
)
.default("false");

static INITIALIZERS: [Initializer; 10] = [
    plain("zeros", "Zeros", &[]),
    plain("ones", "Ones", &[]),
    plain(
        "constant",
        "Constant",
        &[float("value", Range::ANY, "the value")
            .positional()
            .required()],
    ),
    plain(
        "uniform",
        "Uniform",
        &[
            float("min", Range::ANY, "the smallest value").default("0.0"),
            float("max", Range::ANY, "the largest value").default("1.0"),
        ],
    ),
    plain(
        "normal",
        "Normal",
        &[
            float("mean", Range::ANY, "the mean").default("0.0"),
            float("std", Range::NOT_NEGATIVE, "the standard deviation").default("1.0"),
        ],
    ),
    // Burn's default gain for layers is 1/√3.
    scaled(
        "kaiming_uniform",
        "KaimingUniform",
        &[GAIN.default("0.577_350_269_189_625_7"), FAN_OUT_ONLY],
    ),
    scaled("kaiming_normal", "KaimingNormal", &[GAIN, FAN_OUT_ONLY]),
    scaled("xavier_uniform", "XavierUniform", &[GAIN]),
    scaled("xavier_normal", "XavierNormal", &[GAIN]),
    plain("orthogonal", "Orthogonal", &[GAIN]),
];

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn plain(
    name: &'static str,
    variant: &'static str,
    parameters: &'static [Parameter],
) -> Initializer {
    Initializer {
        name,
        variant,
        parameters,
        scaled: false,
    }
}

const fn scaled(
    name: &'static str,
    variant: &'static str,
    parameters: &'static [Parameter],
) -> Initializer {
    Initializer {
        scaled: true,
        ..plain(name, variant, parameters)
    }
}

/// An initializer with its arguments.
#[derive(Debug)]
pub struct Drawn {
    initializer: &'static Initializer,
    arguments: Arguments,
}

impl Drawn {
    /// Its arguments.
    pub(super) fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// Reads an initializer as it is written: `zeros`, `normal(std = 0.02)`. `of` is what it initializes.
    ///
    /// # Errors
    ///
    /// There is none of this name, or its arguments are at fault.
    pub fn read(of: &str, value: &tree::Value, scope: &Scope) -> Result<Self, Placed> {
        let (name, arguments) = named(value).ok_or_else(|| no_initializer(of, value))?;
        let text = bare(name);
        let Some(initializer) = INITIALIZERS.iter().find(|one| one.name == text) else {
            // error: there is no initializer `zeroes` [D0106]
            let fault = Fault::new(
                Code::UnknownArgument,
                format!("there is no initializer `{text}`"),
            );
            let names = INITIALIZERS.iter().map(|one| one.name);
            let fault = match nearest(&text, names.clone()) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => {
                    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                    fault.note(format!("there is {}", names.join(", ")))
                }
            };
            return Err((name.span().into(), fault));
        };
        let read = Arguments::read(
            initializer.name,
            initializer.parameters,
            arguments,
            value.place,
            scope,
        );
        match read {
            Ok(arguments) => Ok(Drawn {
                initializer,
                arguments,
            }),
            Err(faults) => Err(faults
                .into_iter()
                .next()
                .unwrap_or_else(|| no_initializer(of, value))),
        }
    }

    /// What has no widths takes no initializer that scales with them.
    ///
    /// # Errors
    ///
    /// It does.
    pub(crate) fn is_unscaled(&self, what: &str) -> Result<(), Fault> {
        if !self.initializer.scaled {
            return Ok(());
        }
        // error: `xavier_normal` scales with the widths of a layer, and `embedding` has none [D0311]
        let name = self.initializer.name;
        let message = format!("`{name}` scales with the widths of a layer, and {what} has none");
        Err(Fault::new(Code::ArgumentType, message).help("`normal(std = 0.02)`"))
    }

    /// Whether it is made for tensors of at least two axes.
    #[must_use]
    pub fn needs_two_axes(&self) -> bool {
        self.initializer.name == "orthogonal"
    }

    /// Burn's value, where hyper-parameters are fields of `hypers`.
    #[must_use]
    pub fn code(&self, burn: &TokenStream, hypers: &TokenStream) -> TokenStream {
        let variant = format_ident!("{}", self.initializer.variant);
        let fields = self.initializer.parameters.iter().map(|parameter| {
            let field = format_ident!("{}", parameter.name);
            let float = self.arguments.float(parameter.name);
            let flag = self.arguments.flag(parameter.name);
            let value = match (float, flag) {
                (Some(scalar), _) => scalar.code(hypers),
                (None, Some(flag)) => flag.code(hypers),
                (None, None) => parameter.default.parse().unwrap_or_default(),
            };
            quote!(#field: #value)
        });
        let fields: Vec<_> = fields.collect();
        if fields.is_empty() {
            quote!(#burn::nn::Initializer::#variant)
        } else {
            quote!(#burn::nn::Initializer::#variant { #(#fields),* })
        }
    }
}

// error: `initializer` of `linear` takes an initializer, like `zeros` or `normal(std = 0.02)`, but is given
// `3` [D0311]
fn no_initializer(of: &str, value: &tree::Value) -> Placed {
    let message = format!(
        "`initializer` of `{of}` takes an initializer, like `zeros` or `normal(std = 0.02)`, but is given \
         `{value}`"
    );
    (value.place, Fault::new(Code::ArgumentType, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::bench::{parsed, scope, texts};

    fn code(text: &str) -> String {
        let arguments = parsed(text);
        let read = Drawn::read("linear", &arguments[0].value, &scope());
        match read {
            Ok(drawn) => drawn.code(&quote!(burn), &quote!(self)).to_string(),
            Err(fault) => texts(&[fault]),
        }
    }

    #[test]
    fn each_is_burns_value() {
        for (text, expected) in [
            ("zeros", "burn :: nn :: Initializer :: Zeros"),
            (
                "constant(0.5)",
                "burn :: nn :: Initializer :: Constant { value : 0.5f64 }",
            ),
            (
                "normal(std = 0.02)",
                "burn :: nn :: Initializer :: Normal { mean : 0.0 , std : 0.02f64 }",
            ),
            (
                "kaiming_normal(fan_out_only = true)",
                "burn :: nn :: Initializer :: KaimingNormal { gain : 1.0 , fan_out_only : true }",
            ),
        ] {
            assert_eq!(code(text), expected);
        }
        for parameter in INITIALIZERS.iter().flat_map(|one| one.parameters) {
            assert!(parameter.required || !parameter.default.is_empty());
        }
    }

    #[test]
    fn its_faults() {
        assert_eq!(
            code("zeroes"),
            "there is no initializer `zeroes` [D0106]\n\n         = help: did you mean `zeros`?"
        );
        assert!(code("normal(sdt = 1.0)").starts_with("`normal` has no argument `sdt` [D0106]"));
        assert!(code("constant").starts_with("`constant` needs `value`, the value [D0310]"));
        assert!(code("3").starts_with("`initializer` of `linear` takes an initializer"));
    }
}
