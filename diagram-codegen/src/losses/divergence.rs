//! Losses between distributions: `kl`, `soft_cross_entropy`, `kl_normal`.

use diagram_core::{Kind, Range, Takes};
use quote::quote;

use super::classification::{AXIS, SMOOTHING, without};
use super::{Built, Loss, Site, Unit, binary};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::Placed;

pub(super) static LOSSES: [Loss; 3] = [
    Loss::new(
        "kl",
        &[Parameter::new(
            "temperature",
            ParameterKind::Float(Range::POSITIVE),
            "what both sides' logits are divided by",
        )
        .default("1.0")],
        Unit::Index,
        kl,
    )
    .in_one_object()
    .taking(&[Takes::Logits, Takes::Logits])
    .says(
        "logits `[.., classes]`, two of one object",
        "T² · KL(softmax(t / T) ‖ softmax(p / T))",
    ),
    Loss::new(
        "soft_cross_entropy",
        &[
            AXIS,
            SMOOTHING,
            Parameter::new(
                "weights",
                ParameterKind::Numbers(Range::POSITIVE),
                "what each class is multiplied by",
            ),
        ],
        Unit::Index,
        soft_cross_entropy,
    )
    .taking(&[Takes::Logits, Takes::Probabilities])
    .says(
        "logits `[.., classes]`, probabilities of its shape",
        "−Σ t · log softmax(logits) over the classes",
    ),
    Loss::new("kl_normal", &[], Unit::Index, kl_normal)
        .of(&["mean", "log_variance"])
        .taking(&[Takes::Anything, Takes::Logarithms])
        .says(
            "two Float `[.., n]` of one shape, of which the second is log σ²",
            "Σ (exp(s) + m² − 1 − s) / 2 over the last axis",
        ),
];

/// T² · KL(softmax(target / T) ‖ softmax(prediction / T)), the classes on the last axis.
fn kl(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.pair(arguments.of())?;
    kl_normal(arguments, site)
}

/// −Σ target · log softmax(logits) over the classes, which may lie on another axis than the last.
fn soft_cross_entropy(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let loss = arguments.of();
    let (logits, target) = site.pair(loss)?;
    // error: `soft_cross_entropy` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]
    site.alike(loss).map_err(|(place, fault)| {
        let indices = logits.shape.kind == Kind::Float && target.shape.kind == Kind::Int;
        let help = indices.then(|| "compare with class indices: `by cross_entropy`".to_owned());
        match help {
            Some(help) => (place, fault.help(help)),
            None => (place, fault),
        }
    })?;
    let axis = match arguments.axis("axis", &logits.shape) {
        Some(axis) => axis?,
        None => logits.shape.rank().saturating_sub(1),
    };
    binary::as_many_weights(arguments, site, logits.shape.dims.get(axis))?;
    let units = without(&logits.shape, axis).dims;
    let mut built = site.plain(arguments);
    built.arguments.insert(0, quote!(#axis));
    Ok(Built { units, ..built })
}

fn kl_normal(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.alike(arguments.of())?;
    Ok(site.plain(arguments))
}

#[cfg(test)]
mod tests {
    use crate::losses::bench::Bench;

    const ENDS: [(&str, &str, &str); 2] = [
        ("student", "Logits", "[batch, 10]"),
        ("teacher", "Logits", "[batch, 10]"),
    ];

    #[test]
    fn the_temperature_of_kl() {
        for (written, code) in [
            ("", "1.0"),
            ("temperature = 4.0", "4f64"),
            ("temperature = 4", "4f64"),
            ("temperature", "hyper . temperature"),
            ("temperature = learned(0.5)", "learned_temperature"),
            ("temperature = rate", "hyper . rate"),
            (
                "temperature = HEAT",
                "{ const _ : () = :: core :: assert ! (:: core :: primitive :: f64 :: is_finite (HEAT) && HEAT > 0f64 , \
                 \"`temperature` must be greater than 0 [D0312]\") ; HEAT }",
            ),
        ] {
            let bench = Bench::new("kl", written);
            assert_eq!(bench.code(&ENDS), format!("runtime :: loss :: kl ({code})"));
        }
    }

    #[test]
    fn probabilities_are_compared_on_any_axis() {
        let ends = [
            ("student", "Logits", "[batch, 10]"),
            ("Soft", "Soft", "[batch, 10]"),
        ];
        let code = |written: &str| Bench::new("soft_cross_entropy", written).code(&ends);
        assert_eq!(
            code(""),
            "runtime :: loss :: soft_cross_entropy (1usize , 0.0 , & [])"
        );
        assert_eq!(
            code("axis = 0, smoothing = 0.1"),
            "runtime :: loss :: soft_cross_entropy (0usize , 0.1f64 , & [])"
        );
        let fault = |written: &str, ends| Bench::new("soft_cross_entropy", written).fault(ends);
        assert_eq!(
            fault("weights = [1, 2]", &ends),
            "`weights` of `soft_cross_entropy` are 2 numbers, but there are 10 classes [D0312]"
        );
        assert_eq!(
            fault("", &[ends[0], ("Label", "Label", "Int[batch]")]),
            "`soft_cross_entropy` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]\n\n\
             \u{20}        = note: `student` : `Logits` [batch, 10]\n\
             \u{20}        = note: `Label`   : `Label`  Int[batch]\n\
             \u{20}        = help: compare with class indices: `by cross_entropy`"
        );
    }

    #[test]
    fn its_faults() {
        let fault = |written: &str| Bench::new("kl", written).fault(&ENDS);
        for zero in ["0", "-4.0", "0.0"] {
            assert_eq!(
                fault(&format!("temperature = {zero}")),
                format!("`temperature` must be greater than 0, but is {zero} [D0312]")
            );
        }
        assert_eq!(
            fault("rate"),
            "`kl` takes its arguments by name, but is given `rate` without one [D0313]\n\n\
             \u{20}        = help: name it: `temperature = rate`"
        );
        assert_eq!(
            fault("temprature = 2.0"),
            "`kl` has no argument `temprature` [D0106]\n\n\
             \u{20}        = help: did you mean `temperature`?"
        );
        assert_eq!(
            fault("temperature = learned(0.0)"),
            "what is learned starts at a number greater than 0, not at `0.0` [D0312]"
        );
        let ends = [ENDS[0], ("Label", "Label", "Int[batch]")];
        assert!(Bench::new("kl", "").fault(&ends).starts_with(
            "`kl` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]\n"
        ));
    }
}
