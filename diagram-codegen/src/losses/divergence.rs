//! Losses between distributions: `kl`, `kl_normal`.

use diagram_core::Range;

use super::{Built, Loss, Site, Unit};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::Placed;

pub(super) static LOSSES: [Loss; 2] = [
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
    .of_logits()
    .says(
        "logits `[.., classes]`, two of one object",
        "T² · KL(softmax(t / T) ‖ softmax(p / T))",
    ),
    Loss::new("kl_normal", &[], Unit::Index, kl_normal)
        .of(&["mean", "log_variance"])
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
