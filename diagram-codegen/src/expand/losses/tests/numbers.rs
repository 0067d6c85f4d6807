//! Code and faults of the losses between numbers.

use super::bench::Bench;

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
    assert!(
        Bench::new("mse", "2")
            .fault(&ends)
            .starts_with("`mse` takes its arguments by name, but is given `2` without one [D0313]")
    );
    assert_eq!(
        Bench::new("lp", "0.5").fault(&ends),
        "`p` must be at least 1, but is 0.5 [D0312]"
    );
}
