//! Which layers work sample by sample: each index of the first axis by itself.

use diagram_core::{Call, Product};

use super::site::Site;

/// Whether a layer works sample by sample: an index of the first axis after it depends on that index before it alone,
/// in the same way at every index. What is drawn at random for each element does not count.
#[derive(Clone, Copy, Debug)]
pub enum SampleWise {
    /// At no site.
    Never,
    /// Wherever it keeps the extent of the first axis.
    Always,
    /// Wherever it keeps that extent and this holds.
    Where(fn(&Call, &Site<'_>, &Product) -> bool),
}

impl SampleWise {
    /// Whether a call does at its site, with these shapes after it. The first axis is one and the same in all
    /// shapes before it and after it.
    pub(super) fn holds(self, call: &Call, site: &Site<'_>, output: &Product) -> bool {
        let alone = match self {
            SampleWise::Never => false,
            SampleWise::Always => true,
            SampleWise::Where(rule) => rule(call, site, output),
        };
        let Some(samples) = site.input.dims.first() else {
            return false;
        };
        let mut shapes = site.inputs.iter().chain(&output.0);
        alone
            && shapes.all(|shape| {
                let first = shape.dims.first();
                first.is_some_and(|first| site.equal(first, samples))
            })
    }
}

/// Where what acts along the last axis does not act along the first.
pub(super) fn with_further_axes(_: &Call, site: &Site<'_>, _: &Product) -> bool {
    site.input.rank() > 1
}

/// Where its axis, by itself the last, is not the first.
pub(super) fn off_the_first_axis(call: &Call, site: &Site<'_>, _: &Product) -> bool {
    let axis = call.axis("axis", site.input);
    match axis.unwrap_or(Ok(site.input.rank().saturating_sub(1))) {
        Ok(axis) => axis > 0,
        Err(_) => false,
    }
}
