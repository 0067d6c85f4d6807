//! Code and faults of the losses of sequences.

use super::bench::Bench;

const CTC: [(&str, &str, &str); 4] = [
    ("hear", "Letters", "[seq, batch, 5]"),
    ("Said", "Said", "Int[batch, 6]"),
    ("Times", "Times", "Int[batch]"),
    ("Lengths", "Lengths", "Int[batch]"),
];

fn joint(shape: &'static str) -> [(&'static str, &'static str, &'static str); 4] {
    let [_, targets, times, lengths] = CTC;
    [("join", "Joint", shape), targets, times, lengths]
}

#[test]
fn the_blank_is_a_class() {
    assert_eq!(
        Bench::new("ctc", "blank = 4").code(&CTC),
        "runtime :: loss :: ctc (4 , false)"
    );
    assert_eq!(
        Bench::new("ctc", "blank = 5").fault(&CTC),
        "`blank` of `ctc` is 5, but the classes are 0 to 4 [D0312]"
    );
    assert_eq!(
        Bench::new("rnnt", "blank = 9").fault(&joint("[batch, seq, 7, 5]")),
        "`blank` of `rnnt` is 9, but the classes are 0 to 4 [D0312]"
    );
}

#[test]
fn a_transducer_has_a_step_more_than_the_target() {
    assert_eq!(
        Bench::new("rnnt", "").code(&joint("[batch, seq, 7, 5]")),
        "runtime :: loss :: rnnt (0 , true)"
    );
    assert_eq!(
        Bench::new("rnnt", "").fault(&joint("[batch, seq, 6, 5]")),
        "`rnnt` takes Float [batch, time, length + 1, classes], Int [batch, length] and two Int [batch] [D0403]\n\n\
         \u{20}        = note: `join`    : `Joint`   [batch, seq, 6, 5]\n\
         \u{20}        = note: `Said`    : `Said`    Int[batch, 6]\n\
         \u{20}        = note: `Times`   : `Times`   Int[batch]\n\
         \u{20}        = note: `Lengths` : `Lengths` Int[batch]"
    );
}

#[test]
fn lengths_are_one_a_sample() {
    let [hear, said, times, _] = CTC;
    let fault = |lengths| {
        let ends = [hear, said, times, ("Lengths", "Lengths", lengths)];
        Bench::new("ctc", "").fault(&ends)
    };
    for lengths in ["Int[batch, 1]", "Int[seq]", "[batch]"] {
        let fault = fault(lengths);
        let takes = "`ctc` takes Float [time, batch, classes], Int [batch, length] and two Int [batch] [D0403]";
        assert!(fault.starts_with(takes), "{fault}");
    }
}
