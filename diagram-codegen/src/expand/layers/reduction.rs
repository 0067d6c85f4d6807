//! The code of what goes over one axis.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 5] = [
    ("mean", reduce),
    ("sum", reduce),
    ("max", reduce),
    ("min", reduce),
    ("normalize", normalize),
];

/// Burn's function leaves the axis, of extent 1.
fn reduce(at: &At<'_>) -> Built {
    let (function, axis) = (format_ident!("{}_dim", at.call.name), at.axis("axis"));
    let reduced = quote!(x.#function(#axis));
    if at.call.switch("keep") == Some(true) {
        return Built::function(reduced);
    }
    let rank = at.output().len();
    Built::function(quote!(#reduced.squeeze_dim::<#rank>(#axis)))
}

/// x / max(‖x‖₂, 10⁻¹²). The bound is taken of the square, so that the gradient at 0 is 0 and not undefined.
fn normalize(at: &At<'_>) -> Built {
    let axis = match at.call.given("axis") {
        Some(_) => at.axis("axis"),
        None => at.input().len().saturating_sub(1),
    };
    Built::function(quote!({
        let norm = x.clone().square().sum_dim(#axis).clamp_min(1e-24f64).sqrt();
        x.div(norm)
    }))
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn an_axis_is_dropped_or_kept() {
        for name in ["mean", "sum", "max", "min"] {
            let bench = Bench::new(name, "seq");
            assert_eq!(bench.shape("[batch, seq, 4]"), "[batch, 4]");
            assert_eq!(
                bench.forward("[batch, seq, 4]"),
                Some(format!(
                    "x . {name}_dim (1usize) . squeeze_dim :: < 2usize > (1usize)"
                ))
            );
            let bench = Bench::new(name, "1, keep = true");
            assert_eq!(bench.shape("[batch, seq]"), "[batch, 1]");
            assert_eq!(
                bench.forward("[batch, seq]"),
                Some(format!("x . {name}_dim (1usize)"))
            );
        }
        assert_eq!(
            Bench::new("max", "1").shape("Int[batch, seq]"),
            "Int[batch]"
        );
    }

    #[test]
    fn their_faults() {
        let fault = |name, axis, input| Bench::new(name, axis).fault(input);
        assert_eq!(
            fault("mean", "batch", "[batch]"),
            "`mean` over the only axis of [batch] leaves none: a shape has at least one [D0305]\n\n\
             \u{20}        = help: `mean(batch, keep = true)`"
        );
        let dropped = fault("mean", "batch, keep = false", "[batch]");
        assert!(
            dropped.ends_with("help: `mean(batch, keep = true)`"),
            "{dropped}"
        );
        assert_eq!(
            fault("mean", "0", "Bool[batch, 4]"),
            "`mean` takes Float, but is given Bool[batch, 4] [D0304]"
        );
        assert_eq!(
            fault("sum", "0", "Bool[batch, 4]"),
            "`sum` takes Float or Int, but is given Bool[batch, 4] [D0304]"
        );
        assert_eq!(
            fault("mean", "", "[batch, 4]"),
            "`mean` needs `axis`, the axis that it goes over [D0310]"
        );
        assert_eq!(
            fault("max", "sqe", "[batch, seq]"),
            "`max` has no axis `sqe` in [batch, seq] [D0314]\n\n         = help: did you mean `seq`?"
        );
    }

    #[test]
    fn normalize_is_along_the_last_axis_by_itself() {
        for (axis, code) in [("", "1usize"), ("0", "0usize")] {
            let bench = Bench::new("normalize", axis);
            assert_eq!(bench.shape("[batch, 4]"), "[batch, 4]");
            let forward = bench.forward("[batch, 4]").unwrap_or_default();
            assert!(forward.contains(&format!("sum_dim ({code})")), "{forward}");
        }
    }
}
