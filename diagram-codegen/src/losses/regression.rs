//! Losses between tensors of numbers, element by element: `mse`, `huber`, `gaussian_nll`.

use diagram_core::{Kind, Range, Takes};

use super::{Built, Loss, Site, Unit};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::Placed;

/// How a unit's elements are joined.
pub(super) const REDUCE: Parameter = Parameter::new(
    "reduce",
    ParameterKind::Word(&["mean", "sum"]),
    "how the elements of a unit are joined, `mean` or `sum`",
)
.default("mean");

const FULL: Parameter = Parameter::new(
    "full",
    ParameterKind::Flag,
    "whether terms are added that no gradient sees",
)
.default("false");

const fn eps(default: &'static str, summary: &'static str) -> Parameter {
    Parameter::new("eps", ParameterKind::Float(Range::POSITIVE), summary).default(default)
}

const TWO: &str = "two Float `[..]` of one object";

pub(super) static LOSSES: [Loss; 8] = [
    Loss::new("mse", &[REDUCE], Unit::Element, alike)
        .in_one_object()
        .says(TWO, "(p − t)²"),
    Loss::new("l1", &[REDUCE], Unit::Element, alike)
        .in_one_object()
        .says(TWO, "\\|p − t\\|"),
    Loss::new("l2", &[REDUCE], Unit::Element, alike)
        .in_one_object()
        .says(TWO, "(p − t)², as `mse`"),
    Loss::new(
        "lp",
        &[
            Parameter::new("p", ParameterKind::Float(Range::at_least(1)), "the power")
                .positional()
                .required(),
            REDUCE,
        ],
        Unit::Element,
        alike,
    )
    .in_one_object()
    .says(TWO, "\\|p − t\\|ᵖ"),
    Loss::new(
        "huber",
        &[
            Parameter::new(
                "delta",
                ParameterKind::Float(Range::POSITIVE),
                "where large errors begin",
            )
            .positional()
            .required(),
            REDUCE,
        ],
        Unit::Element,
        alike,
    )
    .in_one_object()
    .says(
        TWO,
        "r² / 2 where r = \\|p − t\\| is at most delta, else delta · (r − delta / 2)",
    ),
    Loss::new(
        "smooth_l1",
        &[
            Parameter::new(
                "beta",
                ParameterKind::Float(Range::POSITIVE),
                "where large errors begin",
            )
            .default("1.0"),
            REDUCE,
        ],
        Unit::Element,
        alike,
    )
    .in_one_object()
    .says(TWO, "`huber` with delta = beta, divided by beta"),
    Loss::new(
        "poisson_nll",
        &[
            Parameter::new(
                "log_input",
                ParameterKind::Flag,
                "whether the prediction is the logarithm of the rate",
            )
            .default("true"),
            FULL,
            eps("1e-8", "what is added to a rate before its logarithm"),
            REDUCE,
        ],
        Unit::Element,
        counted,
    )
    .taking(&[Takes::NotNegative, Takes::NotNegative])
    .taking_by("log_input", &[Takes::Logarithms, Takes::NotNegative])
    .says(
        "Float `[..]`, Float or Int of its shape",
        "λ − t · log λ, with λ = exp(p), or p",
    ),
    Loss::new(
        "gaussian_nll",
        &[eps("1e-6", "the least variance"), FULL, REDUCE],
        Unit::Element,
        alike,
    )
    .of(&["mean", "target", "variance"])
    .taking(&[Takes::Anything, Takes::Anything, Takes::NotNegative])
    .says(
        "three Float `[..]` of one shape",
        "(log v + (m − t)² / v) / 2",
    ),
];

/// The runtime's function of the loss's name, on Float ends of one shape.
fn alike(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    if arguments.of() != "gaussian_nll" {
        site.pair(arguments.of())?;
    }
    site.alike(arguments.of())?;
    Ok(site.plain(arguments))
}

/// The same, where the target counts something.
fn counted(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.pair(arguments.of())?;
    site.with_target(arguments.of(), &[Kind::Float, Kind::Int])?;
    Ok(site.plain(arguments))
}

#[cfg(test)]
mod tests {
    use crate::losses::bench::Bench;

    #[test]
    fn mse_takes_two_ends_of_one_shape() {
        let bench = Bench::new("mse", "");
        let ends = [
            ("decode", "Image", "[batch, 8]"),
            ("Image", "Image", "[batch, 8]"),
        ];
        assert_eq!(bench.code(&ends), "runtime :: loss :: mse ()");
        let ends = [("decode", "A", "[batch, 2]"), ("B", "B", "[batch, hidden]")];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but axis 1 of `decode` is 2 and of `B` `hidden` \
             [D0403]\n\n\
             \u{20}        = note: `decode` : `A` [batch, 2]\n\
             \u{20}        = note: `B`      : `B` [batch, hidden]"
        );
        let ends = [
            ("code", "Latent", "[batch, 2]"),
            ("Image", "Image", "[batch, 1, 8]"),
        ];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but `code` has rank 2 and `Image` 3 [D0403]\n\n\
             \u{20}        = note: `code`  : `Latent` [batch, 2]\n\
             \u{20}        = note: `Image` : `Image`  [batch, 1, 8]"
        );
        let ends = [
            ("Label", "Label", "Int[batch]"),
            ("Label", "Label", "Int[batch]"),
        ];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]\n\n\
             \u{20}        = note: `Label` : `Label` Int[batch]\n\
             \u{20}        = note: `Label` : `Label` Int[batch]"
        );
        assert_eq!(
            bench.fault(&[("code", "Latent", "[batch, 2]")]),
            "`mse` compares two paths, `prediction ~ target`, but is given 1 [D0403]"
        );
    }

    #[test]
    fn its_arguments() {
        let ends = [("a", "A", "[batch]"), ("b", "A", "[batch]")];
        for (name, written, code) in [
            (
                "mse",
                "reduce = mean",
                "runtime :: loss :: mse (a ,) . mean ()",
            ),
            (
                "mse",
                "reduce = sum",
                "runtime :: loss :: sum_within :: < _ , 1usize > (runtime :: loss :: mse (a ,)) . mean ()",
            ),
            (
                "huber",
                "0.5",
                "runtime :: loss :: huber (a , 0.5f64) . mean ()",
            ),
            (
                "lp",
                "p = rate",
                "runtime :: loss :: lp (a , hyper . rate) . mean ()",
            ),
            (
                "poisson_nll",
                "full = true",
                "runtime :: loss :: poisson_nll (a , true , true , 1e-8) . mean ()",
            ),
        ] {
            assert_eq!(Bench::new(name, written).value(&ends), code);
        }
        assert!(Bench::new("mse", "2").fault(&ends).starts_with(
            "`mse` takes its arguments by name, but is given `2` without one [D0313]"
        ));
        assert_eq!(
            Bench::new("lp", "0.5").fault(&ends),
            "`p` must be at least 1, but is 0.5 [D0312]"
        );
    }
}
