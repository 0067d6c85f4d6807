//! The code of losses whose classes may lie on any axis.

use proc_macro2::TokenStream;
use quote::quote;

use super::{At, Built, Counts, plain};
use crate::expand::scalars::{For, flag_code};
use diagram_core::Range;

impl At<'_> {
    /// The axis of the classes, and whether it is the last.
    fn classes(&self) -> (usize, bool) {
        let Some(logits) = self.ends.first() else {
            return (0, true);
        };
        let last = logits.rank().saturating_sub(1);
        let axis = self.call.axis("axis", logits).and_then(Result::ok);
        let axis = axis.unwrap_or(last);
        (axis, axis == last)
    }

    /// The runtime's function, with the axis of the classes where that is not the last.
    fn on_axis(&self, of: &str) -> Built {
        match self.classes() {
            (_, true) => self.function(of, Vec::new()),
            (axis, false) => self.function(&format!("{of}_along"), vec![quote!(#axis)]),
        }
    }

    /// With what each unit counts by its class.
    fn counted(&self, built: Built) -> Built {
        let classes = |name: &str| -> Vec<TokenStream> {
            let classes = self.call.classes(name).iter();
            let code = classes.map(|class| self.scope.class_code(class, self.runtime));
            code.collect()
        };
        let counts = Counts {
            weights: self.numbers("weights"),
            pad_tokens: classes("pad_tokens"),
            ignored: classes("ignore"),
        };
        Built {
            counts: Some(counts).filter(|counts| !counts.is_empty()),
            ..built
        }
    }
}

pub(super) fn along(at: &At<'_>) -> Built {
    at.counted(at.on_axis(&at.call.name))
}

pub(super) fn perplexity(at: &At<'_>) -> Built {
    Built {
        exponential: true,
        ..at.counted(at.on_axis("cross_entropy"))
    }
}

pub(super) fn top_k(at: &At<'_>) -> Built {
    let (axis, _) = at.classes();
    let mut built = plain(at);
    built.arguments.push(quote!(#axis));
    at.counted(built)
}

/// What no argument is given for costs nothing.
pub(super) fn cross_entropy(at: &At<'_>) -> Built {
    let (smoothing, flag) = (at.call.float("smoothing"), at.call.flag("logits"));
    let weights = at.numbers("weights");
    if smoothing.is_none() && flag.is_none() && weights.is_empty() {
        return along(at);
    }
    let (axis, _) = at.classes();
    let given = For {
        argument: "smoothing",
        range: Range::PROBABILITY,
    };
    let smoothing = smoothing.map_or_else(
        || quote!(0.0),
        |scalar| at.scope.scalar_code(scalar, at.hypers, given),
    );
    let logits = flag.map_or_else(|| quote!(true), |flag| flag_code(flag, at.config));
    let runtime = at.runtime;
    let settings = quote! {
        #runtime::loss::CrossEntropy {
            smoothing: #smoothing,
            weights: &[#(#weights),*],
            probabilities: !#logits,
        }
    };
    at.counted(at.function("cross_entropy_by", vec![quote!(#axis), settings]))
}

pub(super) fn soft_cross_entropy(at: &At<'_>) -> Built {
    let (axis, _) = at.classes();
    let mut built = plain(at);
    built.arguments.insert(0, quote!(#axis));
    built
}
