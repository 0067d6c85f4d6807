//! A window that moves over the axes behind batch and channels: what convolutions and poolings have in
//! common.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Padding, Shape, Where, Wrong};

use super::layer::known;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

/// `kernel`, the extent of the window over so many axes.
pub(super) const fn kernel(axes: usize) -> Parameter {
    sizes("kernel", axes, "the extent of its window")
        .aliases(&["kernel_size"])
        .positional()
        .required()
}

/// `stride`, from one window to the next.
pub(super) const fn stride(axes: usize) -> Parameter {
    sizes("stride", axes, "the step from one window to the next")
        .aliases(&["strides"])
        .default("1")
}

/// The same, where windows abut by themselves.
pub(super) const fn stride_of_kernel(axes: usize) -> Parameter {
    stride(axes).default("kernel")
}

/// `padding`, around the input.
pub(super) const fn padding(axes: usize) -> Parameter {
    let kind = ParameterKind::Padding { axes };
    Parameter::new("padding", kind, "the entries added around the input").default("valid")
}

/// `dilation`, within the window.
pub(super) const fn dilation(axes: usize) -> Parameter {
    sizes("dilation", axes, "the step within a window").default("1")
}

const fn sizes(name: &'static str, axes: usize, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Sizes { axes, least: 1 }, summary)
}

/// An input of a layer with a window over `N` axes, taken apart.
pub(super) struct Input<'a, const N: usize> {
    pub(super) batch: &'a Dim,
    pub(super) channels: &'a Dim,
    pub(super) extents: &'a [Dim],
}

impl<'a, const N: usize> Input<'a, N> {
    /// The input of a layer, if it is of the right rank and kind.
    pub(super) fn of(call: &Call, site: &Site<'a>) -> Result<Self, Wrong> {
        let layer = &call.name;
        let takes = match N {
            1 => "[batch, channels, length]",
            2 => "[batch, channels, height, width]",
            _ => "[batch, channels, depth, height, width]",
        };
        match &site.input.dims[..] {
            [batch, channels, extents @ ..] if extents.len() == N => {
                site.takes_float(layer)?;
                Ok(Input {
                    batch,
                    channels,
                    extents,
                })
            }
            _ => Err(site.wrong_rank(layer, takes)),
        }
    }

    /// The shape with other channels and extents.
    pub(super) fn with(&self, site: &Site<'_>, channels: Dim, extents: Vec<Dim>) -> Shape {
        let dims = [self.batch.clone(), channels].into_iter().chain(extents);
        site.input.with_dims(dims.collect())
    }
}

/// A window as it is built: what it is along each axis.
pub(super) struct Window(Vec<Along>);

/// A window along one axis.
pub(super) struct Along {
    /// The axis of the input.
    pub(super) axis: usize,
    /// The input's extent there.
    pub(super) extent: Dim,
    pub(super) kernel: Dim,
    pub(super) stride: Dim,
    pub(super) dilation: Dim,
    /// What is added before and after the input; `None` for `same`.
    padding: Option<(Dim, Dim)>,
}

/// How many windows fit.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Rounding {
    /// Those that lie in the padded input.
    Down,
    /// Those that start in the input or in the padding before it (`ceil_mode`).
    Up,
}

impl Window {
    /// The window that a call describes, over an input's extents; without `stride`, it is the kernel
    /// where `abutting`, else 1.
    pub(super) fn of(call: &Call, extents: &[Dim], abutting: bool) -> Self {
        let size = |name: &str, index: usize| call.sizes(name)?.get(index).cloned();
        let along = |(index, extent): (usize, &Dim)| {
            let kernel = size("kernel", index).unwrap_or(Dim::Literal(1));
            let stride = if abutting { &kernel } else { &Dim::Literal(1) };
            let none = (Dim::Literal(0), Dim::Literal(0));
            Along {
                axis: index + 2,
                extent: extent.clone(),
                stride: size("stride", index).unwrap_or_else(|| stride.clone()),
                dilation: size("dilation", index).unwrap_or(Dim::Literal(1)),
                padding: match call.padding("padding") {
                    Some(Padding::Same) => None,
                    Some(Padding::Explicit(sides)) => sides.get(index).cloned().or(Some(none)),
                    Some(Padding::Valid) => Some(none),
                    // In numbers only, on both sides alike.
                    None => size("padding", index)
                        .map(|side| (side.clone(), side))
                        .or(Some(none)),
                },
                kernel,
            }
        };
        Window(extents.iter().enumerate().map(along).collect())
    }

    /// The window along each axis.
    pub(super) fn axes(&self) -> &[Along] {
        &self.0
    }

    /// The extents after the window, by Burn's formulas.
    pub(super) fn moves_over(
        &self,
        call: &Call,
        site: &Site<'_>,
        rounding: Rounding,
    ) -> Result<Vec<Dim>, Wrong> {
        let after = |along: &Along| along.windows(call, site, rounding);
        self.0.iter().map(after).collect()
    }

    /// Refuses a window that can lie in the padding alone, where a maximum is −∞ and an average is of
    /// nothing.
    pub(super) fn meets_input(&self, site: &Site<'_>) -> Result<(), Wrong> {
        for along in &self.0 {
            let covers = along.covers();
            let sides = along
                .padding
                .iter()
                .flat_map(|(before, after)| [before, after]);
            for side in sides {
                // error: `padding` must be less than the 2 that the kernel covers, but is 2 [D0312]
                let bound = site.left_to_rustc(&covers, &plus(side.clone(), 1.into()));
                let left = known(&minus(covers.clone(), side.clone()));
                if bound.is_some() || left.is_some_and(|left| left <= 0) {
                    let message = format!(
                        "`padding` must be less than the {} that the kernel covers, but is {}",
                        covers.quoted(),
                        side.quoted()
                    );
                    let fault = Fault::new(Code::ArgumentRange, message);
                    let fault = fault.unless(bound);
                    return Err((Where::argument("padding"), fault));
                }
            }
        }
        Ok(())
    }

    /// Refuses a `same` padding that is not the same on both sides, or may not be: Burn pads three
    /// axes on both sides alike.
    pub(super) fn pads_alike(&self, call: &Call, site: &Site<'_>) -> Result<(), Wrong> {
        let layer = &call.name;
        for along in self.0.iter().filter(|along| along.padding.is_none()) {
            let rest = Dim::binary(Op::Rem, along.kernel.clone(), Dim::Literal(2));
            let odd = site.compare(&rest, &Dim::Literal(1));
            let even = known(&along.kernel).is_some_and(|kernel| kernel % 2 == 0);
            // error: `same` padding of `conv3d` takes an odd kernel, but axis 2 has 2 [D0312]
            if even || matches!(odd, Comparison::Constant(_)) {
                let message = format!(
                    "`same` padding of `{layer}` takes an odd kernel, but axis {} has {}",
                    along.axis,
                    along.kernel.quoted()
                );
                let fault = Fault::new(Code::ArgumentRange, message);
                return Err((Where::argument("kernel"), fault.by(&odd)));
            }
            if odd == Comparison::Equal && known(&along.stride) == Some(1) {
                continue;
            }
            let (axis, input) = (along.axis, site.input);
            let (code, message) = match along.added_by_same().map(|added| (added, added % 2)) {
                Some((_, 0)) => continue,
                // error: `same` padding of `conv3d` is the same before an axis and after it, but axis 2 of
                // [batch, 1, 4, 4, 4] needs 1 in all [D0312]
                Some((added, _)) => (
                    Code::ArgumentRange,
                    format!(
                        "`same` padding of `{layer}` is the same before an axis and after it, but axis \
                         {axis} of {input} needs {added} in all"
                    ),
                ),
                // error: `same` padding of `conv3d` is the same before an axis and after it, and axis 2 of
                // [batch, 1, seq, 4, 4] is not known to allow it [D0308]
                None => (
                    Code::Undecided,
                    format!(
                        "`same` padding of `{layer}` is the same before an axis and after it, and axis \
                         {axis} of {input} is not known to allow it"
                    ),
                ),
            };
            let fault = Fault::new(code, message).help("give it in numbers: `padding = 1`");
            return Err((Where::argument("padding"), fault));
        }
        Ok(())
    }
}

impl Along {
    /// What a dilated kernel covers: dilation · (kernel − 1) + 1.
    pub(super) fn covers(&self) -> Dim {
        covered(&self.kernel, &self.dilation)
    }

    /// The input's extent with what is added; `None` for `same`.
    pub(super) fn padded(&self) -> Option<Dim> {
        let (before, after) = self.padding.clone()?;
        Some(simplify(&plus(plus(self.extent.clone(), before), after)))
    }

    /// What `same` adds on both sides together, by Burn's `calculate_same_padding`.
    fn added_by_same(&self) -> Option<i128> {
        let (kernel, stride) = (known(&self.kernel)?, known(&self.stride)?);
        if stride == 1 {
            return Some(kernel - 1);
        }
        let extent = known(&self.extent)?;
        let last = (extent - 1).checked_div(stride)?.checked_mul(stride)?;
        Some(last.checked_add(kernel)?.checked_sub(extent)?.max(0))
    }

    /// How many windows lie along the axis.
    fn windows(&self, call: &Call, site: &Site<'_>, rounding: Rounding) -> Result<Dim, Wrong> {
        let (stride, extent) = (self.stride.clone(), self.extent.clone());
        // ⌈a / stride⌉
        let windows = |a: Dim| {
            simplify(&over(
                minus(plus(a, stride.clone()), 1.into()),
                stride.clone(),
            ))
        };
        let Some((before, after)) = self.padding.clone() else {
            same_is_exact(&self.dilation, call, site)?;
            return Ok(windows(extent));
        };
        let covers = self.covers();
        let padded = simplify(&plus(plus(extent.clone(), before.clone()), after.clone()));
        let room = minus(padded.clone(), covers.clone());
        // Rounding up, a window may stick out by less than a stride.
        let (has, needs) = match rounding {
            Rounding::Down => (padded.clone(), covers.clone()),
            Rounding::Up => (
                plus(padded.clone(), stride.clone()),
                plus(covers.clone(), 1.into()),
            ),
        };
        let bound = site.left_to_rustc(&has, &needs);
        if bound.is_some() || known(&minus(has, needs)).is_some_and(|spare| spare < 0) {
            let (place, fault) = too_large(&covers, self.axis, &padded, site);
            return Err((place, fault.unless(bound)));
        }
        match rounding {
            // (L + before + after - dilation · (kernel - 1) - 1) / stride + 1
            Rounding::Down => Ok(simplify(&plus(over(room, stride), 1.into()))),
            // ⌈(L + before + min(0, after - covered + stride)) / stride⌉: Burn drops the last window
            // when it starts in the padding after the input.
            Rounding::Up => {
                let slack = known(&plus(minus(after.clone(), covers.clone()), stride.clone()));
                let starts = plus(extent, before);
                let lacking = slack.map(|slack| u64::try_from(slack.min(0).unsigned_abs()));
                let short = after == Dim::Literal(0)
                    || known(&minus(covers, after)).is_some_and(|left| left > 0);
                match lacking {
                    Some(Ok(lacking)) if short => Ok(windows(minus(starts, lacking.into()))),
                    // error: `ceil_mode` of `max_pool2d` with a window that is no number is not supported yet
                    // [D0900]
                    _ => {
                        let message = format!(
                            "`ceil_mode` of `{}` with a window that is no number is not supported yet",
                            call.name
                        );
                        Err((
                            Where::argument("ceil_mode"),
                            Fault::new(Code::NotYet, message),
                        ))
                    }
                }
            }
        }
    }
}

/// What a kernel covers with its dilation.
fn covered(kernel: &Dim, dilation: &Dim) -> Dim {
    let steps = minus(kernel.clone(), 1.into());
    simplify(&plus(
        Dim::binary(Op::Mul, dilation.clone(), steps),
        1.into(),
    ))
}

/// Burn pads to `same` as if `dilation` were 1.
fn same_is_exact(dilation: &Dim, call: &Call, site: &Site<'_>) -> Result<(), Wrong> {
    let comparison = site.compare(dilation, &Dim::Literal(1));
    if comparison == Comparison::Equal {
        return Ok(());
    }
    // error: `same` padding of `conv2d` ignores its `dilation`, 2, and would not keep the size [D0312]
    let message = format!(
        "`same` padding of `{}` ignores its `dilation`, {dilation}, and would not keep the size",
        call.name
    );
    let fits = call.sizes("kernel").and_then(|kernel| {
        let (first, rest) = kernel.split_first()?;
        let reach = known(&covered(first, dilation))? - 1;
        let fits = reach % 2 == 0 && rest.iter().all(|other| other == first);
        fits.then(|| format!("`padding = {}`", reach / 2))
    });
    let fault = Fault::new(Code::ArgumentRange, message).maybe_help(fits);
    Err((Where::argument("padding"), fault.by(&comparison)))
}

// error: `conv2d(8, 7)` covers 7 on axis 2, but its input [batch, 1, 5, 5] has 5 there [D0306]
// error: `conv2d(8, 5, dilation = 2, padding = 1)` covers 9 on axis 2, but its input [batch, 1, 5, 5] has
// 7 there with its padding [D0306]
fn too_large(covers: &Dim, axis: usize, padded: &Dim, site: &Site<'_>) -> Wrong {
    let with = if site.input.dims.get(axis) == Some(padded) {
        ""
    } else {
        " with its padding"
    };
    let message = format!(
        "`{}` covers {} on axis {axis}, but its input {} has {} there{with}",
        site.text,
        covers.quoted(),
        site.input,
        padded.quoted()
    );
    (
        Where::argument("kernel"),
        Fault::new(Code::KernelTooLarge, message),
    )
}

pub(super) fn plus(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Add, left, right)
}

pub(super) fn minus(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Sub, left, right)
}

fn over(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Div, left, right)
}
