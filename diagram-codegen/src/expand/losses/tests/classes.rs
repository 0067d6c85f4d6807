//! Code and faults of the losses of classes.

use super::bench::Bench;
use diagram_layers::losses;

const LOGITS: (&str, &str, &str) = ("student", "Logits", "[batch, 10]");
const LABEL: (&str, &str, &str) = ("Label", "Label", "Int[batch]");

#[test]
fn classes_have_the_leading_axes_of_the_logits() {
    for name in ["cross_entropy", "accuracy"] {
        let bench = Bench::new(name, "");
        assert_eq!(
            bench.code(&[LOGITS, LABEL]),
            format!("runtime :: loss :: {name} ()")
        );
        let ends = [
            ("speak", "Logits", "[batch, seq, hidden]"),
            ("Next", "Token", "Int[batch, seq]"),
        ];
        assert_eq!(bench.code(&ends), format!("runtime :: loss :: {name} ()"));
        let ends = [
            ("segment", "Logits", "[batch, 5, seq, seq]"),
            ("Mask", "Mask", "Int[batch, seq, seq]"),
        ];
        assert_eq!(
            Bench::new(name, "axis = 1").code(&ends),
            format!("runtime :: loss :: {name}_along (1usize)")
        );
    }
    let accuracy = losses::find("accuracy").expect("accuracy");
    assert!(accuracy.watch_only && accuracy.higher_is_better && !accuracy.parallel);
    let cross_entropy = losses::find("cross_entropy").expect("cross_entropy");
    assert!(!cross_entropy.watch_only && !cross_entropy.parallel);
}

#[test]
fn its_faults() {
    let bench = Bench::new("cross_entropy", "");
    assert_eq!(
        bench.fault(&[LABEL, LOGITS]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but `Label ~ student` \
         has them swapped [D0403]\n\n\
         \u{20}        = note: `Label`   : `Label`  Int[batch]\n\
         \u{20}        = note: `student` : `Logits` [batch, 10]\n\
         \u{20}        = help: `student ~ Label`"
    );
    let ends = [
        ("segment", "Logits", "[batch, 5, 8, 8]"),
        ("Mask", "Mask", "Int[batch, 8, 8]"),
    ];
    assert_eq!(
        bench.fault(&ends),
        "`cross_entropy` takes the classes of `segment` on the last axis, but they lie on axis 1 of \
         [batch, 5, 8, 8] [D0403]\n\n\
         \u{20}        = note: `segment` : `Logits` [batch, 5, 8, 8]\n\
         \u{20}        = note: `Mask`    : `Mask`   Int[batch, 8, 8]\n\
         \u{20}        = help: say so: `by cross_entropy(axis = 1)`"
    );
    let ends = [
        ("speak", "Logits", "[batch, seq, 10]"),
        ("Next", "Token", "Int[batch, seq]"),
    ];
    assert_eq!(
        Bench::new("accuracy", "axis = 1").fault(&ends),
        "`accuracy` takes the classes of `speak` on axis 1, but they lie on axis 2 of [batch, seq, 10] [D0403]\n\n\
         \u{20}        = note: `speak` : `Logits` [batch, seq, 10]\n\
         \u{20}        = note: `Next`  : `Token`  Int[batch, seq]\n\
         \u{20}        = help: leave `axis` out: `by accuracy`"
    );
    let ends = [
        ("segment", "Logits", "[batch, 5, 8, 8]"),
        ("Mask", "Mask", "Int[batch, 8, 9]"),
    ];
    assert_eq!(
        Bench::new("cross_entropy", "axis = 1").fault(&ends),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but axis 3 of `segment` is 8 and \
         axis 2 of `Mask` 9 [D0403]\n\n\
         \u{20}        = note: `segment` : `Logits` [batch, 5, 8, 8]\n\
         \u{20}        = note: `Mask`    : `Mask`   Int[batch, 8, 9]"
    );
    let teacher = ("teacher", "Logits", "[batch, 10]");
    assert_eq!(
        bench.fault(&[LOGITS, teacher]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but `teacher` is \
         Float[batch, 10] [D0403]\n\n\
         \u{20}        = note: `student` : `Logits` [batch, 10]\n\
         \u{20}        = note: `teacher` : `Logits` [batch, 10]\n\
         \u{20}        = help: compare logits with logits: `by kl`"
    );
    assert_eq!(
        bench.fault(&[LABEL, LABEL]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but `Label` is \
         Int[batch] [D0403]\n\n\
         \u{20}        = note: `Label` : `Label` Int[batch]\n\
         \u{20}        = note: `Label` : `Label` Int[batch]"
    );
    assert_eq!(
        bench.fault(&[LOGITS, ("Label", "Label", "Int[seq]")]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but axis 0 of `student` \
         is `batch` and of `Label` `seq` [D0403]\n\n\
         \u{20}        = note: `student` : `Logits` [batch, 10]\n\
         \u{20}        = note: `Label`   : `Label`  Int[seq]"
    );
    assert_eq!(
        bench.fault(&[("f", "Logits", "[batch, 4, 10]"), LABEL]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but `f` has rank 3, so \
         `Label` must have rank 2, not 1 [D0403]\n\n\
         \u{20}        = note: `f`     : `Logits` [batch, 4, 10]\n\
         \u{20}        = note: `Label` : `Label`  Int[batch]"
    );
    assert!(
        bench
            .fault(&[LOGITS])
            .starts_with("`cross_entropy` compares two paths")
    );
    assert_eq!(
        Bench::new("cross_entropy", "weights = [1, 2.5, 1]").fault(&[LOGITS, LABEL]),
        "`weights` of `cross_entropy` are 3 numbers, but there are 10 classes [D0312]"
    );
    assert_eq!(
        Bench::new("cross_entropy", "pad_tokens = 0.5").fault(&[LOGITS, LABEL]),
        "`pad_tokens` takes whole numbers or constants, like `0` or `[0, PAD]`, but is given `0.5` [D0311]"
    );
    assert_eq!(
        Bench::new("multi_margin", "p = 3").fault(&[LOGITS, LABEL]),
        "`p` of `multi_margin` is 1 or 2, not 3 [D0312]"
    );
}

#[test]
fn a_datum_of_floats_is_told_how_class_indices_are_declared() {
    let bench = Bench::new("cross_entropy", "");
    assert_eq!(
        bench.fault(&[LOGITS, ("Label", "Label", "[batch]")]),
        "`cross_entropy` takes logits [.., classes] and Int classes [..], but `Label` is Float[batch] \
         [D0403]\n\n\
         \u{20}        = note: `student` : `Logits` [batch, 10]\n\
         \u{20}        = note: `Label`   : `Label`  [batch]\n\
         \u{20}        = note: probabilities as targets are for `soft_cross_entropy`\n\
         \u{20}        = help: class indices: `data Label: Int[batch];`"
    );
    let ends = [
        ("segment", "Logits", "[batch, 5, 8, 8]"),
        ("Mask", "Mask", "[batch, 5, 8, 8]"),
    ];
    let fault = Bench::new("cross_entropy", "axis = 1").fault(&ends);
    assert!(fault.ends_with("help: class indices: `data Mask: Int[batch, 8, 8];`"));
}
