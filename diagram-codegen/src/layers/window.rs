//! A window that moves over the last two axes: what convolutions and poolings have in common.

use diagram_core::dim::{Op, normal::simplify};
use diagram_core::{Code, Dim, Fault};
use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::{Arguments, Padding, Parameter, ParameterKind};
use super::{Site, known};
use crate::lower::scope::{Placed, size_code};

/// `kernel`, the extent of the window.
pub(super) const KERNEL: Parameter =
    Parameter::new("kernel", ParameterKind::Sizes, "the extent of its window")
        .aliases(&["kernel_size"])
        .positional()
        .required();
/// `stride`, from one window to the next.
pub(super) const STRIDE: Parameter = Parameter::new(
    "stride",
    ParameterKind::Sizes,
    "the step from one window to the next",
)
.aliases(&["strides"]);
/// `padding`, around the input.
pub(super) const PADDING: Parameter = Parameter::new(
    "padding",
    ParameterKind::Padding,
    "what is added around the input",
);
/// `dilation`, within the window.
pub(super) const DILATION: Parameter =
    Parameter::new("dilation", ParameterKind::Sizes, "the step within a window");

/// A window as it is built.
pub(super) struct Window {
    /// Its extent.
    pub(super) kernel: [Dim; 2],
    stride: [Dim; 2],
    dilation: [Dim; 2],
    padding: Padding,
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
    /// The window that arguments describe; without `stride`, it is the kernel where `abutting`, else 1.
    pub(super) fn of(arguments: &Arguments, abutting: bool) -> Self {
        let ones = [Dim::Literal(1), Dim::Literal(1)];
        let sizes = |name: &str| arguments.sizes(name).cloned();
        let kernel = sizes("kernel").unwrap_or_else(|| ones.clone());
        let stride = if abutting { &kernel } else { &ones };
        Window {
            stride: sizes("stride").unwrap_or_else(|| stride.clone()),
            dilation: sizes("dilation").unwrap_or(ones),
            padding: arguments
                .padding("padding")
                .cloned()
                .unwrap_or(Padding::Valid),
            kernel,
        }
    }

    /// The height and width after the window, by Burn's formulas.
    pub(super) fn moves_over(
        &self,
        arguments: &Arguments,
        site: &Site<'_>,
        rounding: Rounding,
    ) -> Result<[Dim; 2], Placed> {
        Ok([
            self.along(0, arguments, site, rounding)?,
            self.along(1, arguments, site, rounding)?,
        ])
    }

    /// How many windows lie along axis `2 + index`.
    fn along(
        &self,
        index: usize,
        arguments: &Arguments,
        site: &Site<'_>,
        rounding: Rounding,
    ) -> Result<Dim, Placed> {
        let pick = |sizes: &[Dim; 2]| {
            if index == 0 {
                sizes[0].clone()
            } else {
                sizes[1].clone()
            }
        };
        let (stride, dilation) = (pick(&self.stride), pick(&self.dilation));
        let axis = index + 2;
        let Some(extent) = site.input.dims.get(axis).cloned() else {
            return Err(site.wrong_rank(arguments.of(), "[batch, channels, height, width]"));
        };
        // ⌈a / stride⌉
        let windows = |a: Dim| {
            simplify(&over(
                minus(plus(a, stride.clone()), 1.into()),
                stride.clone(),
            ))
        };
        let (before, after) = match &self.padding {
            Padding::Same => {
                same_is_exact(&dilation, arguments)?;
                return Ok(windows(extent));
            }
            Padding::Valid => (Dim::Literal(0), Dim::Literal(0)),
            Padding::Explicit([height, width]) => {
                if index == 0 {
                    height.clone()
                } else {
                    width.clone()
                }
            }
        };
        let covers = covered(&pick(&self.kernel), &dilation);
        let padded = simplify(&plus(plus(extent.clone(), before.clone()), after.clone()));
        let room = minus(padded.clone(), covers.clone());
        // Rounding up, a window may stick out by less than a stride.
        let spare = match rounding {
            Rounding::Down => room.clone(),
            Rounding::Up => minus(plus(room.clone(), stride.clone()), 1.into()),
        };
        if known(&spare).is_some_and(|spare| spare < 0) {
            return Err(too_large(&covers, axis, &padded, arguments, site));
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
                            arguments.of()
                        );
                        Err((
                            arguments.place("ceil_mode"),
                            Fault::new(Code::NotYet, message),
                        ))
                    }
                }
            }
        }
    }

    /// Refuses a window that can lie in the padding alone, where a maximum is −∞.
    pub(super) fn meets_input(&self, arguments: &Arguments) -> Result<(), Placed> {
        let Padding::Explicit(padding) = &self.padding else {
            return Ok(());
        };
        for ((sides, kernel), dilation) in padding.iter().zip(&self.kernel).zip(&self.dilation) {
            let covers = covered(kernel, dilation);
            for side in [&sides.0, &sides.1] {
                // error: `padding` must be less than the 2 that the kernel covers, but is 2 [D0312]
                if known(&minus(covers.clone(), side.clone())).is_some_and(|left| left <= 0) {
                    let message = format!(
                        "`padding` must be less than the {} that the kernel covers, but is {}",
                        covers.quoted(),
                        side.quoted()
                    );
                    let fault = Fault::new(Code::ArgumentRange, message);
                    return Err((arguments.place("padding"), fault));
                }
            }
        }
        Ok(())
    }
}

/// What a dilated kernel covers: dilation · (kernel − 1) + 1.
fn covered(kernel: &Dim, dilation: &Dim) -> Dim {
    let steps = minus(kernel.clone(), 1.into());
    simplify(&plus(
        Dim::binary(Op::Mul, dilation.clone(), steps),
        1.into(),
    ))
}

/// Burn pads to `same` as if `dilation` were 1.
fn same_is_exact(dilation: &Dim, arguments: &Arguments) -> Result<(), Placed> {
    if dilation.literal() == Some(1) {
        return Ok(());
    }
    // error: `same` padding of `conv2d` ignores its `dilation`, 2, and would not keep the size [D0312]
    let message = format!(
        "`same` padding of `{}` ignores its `dilation`, {dilation}, and would not keep the size",
        arguments.of()
    );
    let kernel = arguments
        .sizes("kernel")
        .filter(|[height, width]| height == width);
    let fits = kernel.and_then(|[size, _]| {
        let reach = known(&covered(size, dilation))? - 1;
        (reach % 2 == 0).then(|| format!("`padding = {}`", reach / 2))
    });
    let fault = Fault::new(Code::ArgumentRange, message).maybe_help(fits);
    Err((arguments.place("padding"), fault))
}

// error: `conv2d(8, 7)` covers 7 on axis 2, but its input [batch, 1, 5, 5] has 5 there [D0306]
// error: `conv2d(8, 5, dilation = 2, padding = 1)` covers 9 on axis 2, but its input [batch, 1, 5, 5] has
// 7 there with its padding [D0306]
fn too_large(
    covers: &Dim,
    axis: usize,
    padded: &Dim,
    arguments: &Arguments,
    site: &Site<'_>,
) -> Placed {
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
        arguments.place("kernel"),
        Fault::new(Code::KernelTooLarge, message),
    )
}

fn plus(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Add, left, right)
}

fn minus(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Sub, left, right)
}

fn over(left: Dim, right: Dim) -> Dim {
    Dim::binary(Op::Div, left, right)
}

/// A pair of sizes as an array.
pub(super) fn sizes_code([height, width]: &[Dim; 2], hypers: &TokenStream) -> TokenStream {
    let (height, width) = (size_code(height, hypers), size_code(width, hypers));
    quote!([#height, #width])
}

/// Burn's padding for two axes.
pub(super) fn padding_code(
    padding: &Padding,
    burn: &TokenStream,
    hypers: &TokenStream,
) -> TokenStream {
    match padding {
        Padding::Same => quote!(#burn::nn::PaddingConfig2d::Same),
        Padding::Valid => quote!(#burn::nn::PaddingConfig2d::Valid),
        Padding::Explicit([(top, bottom), (left, right)]) => {
            let sides = [top, left, bottom, right].map(|side| size_code(side, hypers));
            quote!(#burn::nn::PaddingConfig2d::Explicit(#(#sides),*))
        }
    }
}
