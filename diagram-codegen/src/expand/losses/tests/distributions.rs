//! Code and faults of the losses between distributions.

use super::bench::Bench;

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
