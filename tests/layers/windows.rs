//! Arguments of layers in which a window moves, at random.

use burn::nn::{PaddingConfig1d, PaddingConfig2d, PaddingConfig3d};
use diagram_core::Code;
use proptest::array::uniform;
use proptest::prelude::*;

use crate::harness::Case;

/// A window over `N` axes of an input.
#[derive(Clone, Debug)]
pub(crate) struct Window<const N: usize> {
    pub(crate) extents: [usize; N],
    pub(crate) kernel: [usize; N],
    pub(crate) stride: [usize; N],
    /// Mostly 1.
    pub(crate) dilation: [usize; N],
    pub(crate) padding: Padding<N>,
}

/// Padding as an argument says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Padding<const N: usize> {
    Same,
    Valid,
    /// Before and after each axis.
    Sides([(usize, usize); N]),
}

/// Input and output channels and groups, which mostly divide them.
pub(crate) fn channels() -> impl Strategy<Value = (usize, usize, usize)> {
    let dividing = (1..3usize, 1..3usize, 1..3usize);
    prop_oneof![
        6 => dividing.prop_map(|(from, to, groups)| (from * groups, to * groups, groups)),
        1 => (1..5usize, 1..5usize, 1..4usize),
    ]
}

/// Windows over extents below `bound`.
pub(crate) fn window<const N: usize>(bound: usize) -> impl Strategy<Value = Window<N>> {
    let dilation = prop_oneof![2 => Just([1; N]), 1 => uniform::<_, N>(1..3usize)];
    let padding = prop_oneof![
        1 => Just(Padding::Same),
        1 => Just(Padding::Valid),
        4 => uniform::<_, N>(sides(N)).prop_map(Padding::Sides),
    ];
    let sizes = || uniform::<_, N>(1..4usize);
    (
        uniform::<_, N>(1..bound),
        sizes(),
        sizes(),
        dilation,
        padding,
    )
        .prop_map(|(extents, kernel, stride, dilation, padding)| Window {
            extents,
            kernel,
            stride,
            dilation,
            padding,
        })
}

/// Burn pads three axes alike on both sides.
fn sides(axes: usize) -> impl Strategy<Value = (usize, usize)> {
    (0..3usize, 0..3usize)
        .prop_map(move |(before, after)| (before, if axes == 3 { before } else { after }))
}

/// Sizes as an argument: a list, but a number for one axis.
pub(crate) fn list<const N: usize>(sizes: [usize; N]) -> String {
    match sizes[..] {
        [one] => one.to_string(),
        _ => format!("{sizes:?}"),
    }
}

impl<const N: usize> Window<N> {
    /// `3, stride = 2, padding = 1, dilation = 1`; poolings by averages have no dilation.
    pub(crate) fn text(&self, dilation: bool) -> String {
        let (kernel, stride) = (list(self.kernel), list(self.stride));
        let dilation = if dilation {
            format!(", dilation = {}", list(self.dilation))
        } else {
            String::new()
        };
        format!(
            "{kernel}, stride = {stride}, padding = {}{dilation}",
            self.padding.text()
        )
    }

    /// The shape of an input.
    pub(crate) fn input(&self, channels: usize) -> Vec<usize> {
        [&[2, channels], &self.extents[..]].concat()
    }

    pub(crate) fn covers(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }

    /// How many windows fit along each axis; 1 where none does.
    pub(crate) fn windows(&self) -> [usize; N] {
        std::array::from_fn(|axis| {
            let extent = self.extents[axis];
            match self.padding {
                Padding::Same => extent.div_ceil(self.stride[axis]),
                Padding::Valid => self.fitting(axis, extent),
                Padding::Sides(sides) => self.fitting(axis, extent + sides[axis].0 + sides[axis].1),
            }
        })
    }

    /// Whether the kernel has room along every axis.
    pub(crate) fn fits(&self) -> bool {
        let sides = match self.padding {
            Padding::Same => return true,
            Padding::Valid => [(0, 0); N],
            Padding::Sides(sides) => sides,
        };
        (0..N).all(|axis| self.covers(axis) <= self.extents[axis] + sides[axis].0 + sides[axis].1)
    }

    fn fitting(&self, axis: usize, padded: usize) -> usize {
        let room = padded.saturating_sub(self.covers(axis));
        room / self.stride[axis] + 1
    }

    /// Whether numeric padding is the same before an axis and after it.
    pub(crate) fn is_alike(&self) -> bool {
        match self.padding {
            Padding::Sides(sides) => sides.iter().all(|(before, after)| before == after),
            Padding::Same | Padding::Valid => true,
        }
    }

    /// Burn pads to `same` as if `dilation` were 1, and then does not keep the size: we refuse it.
    pub(crate) fn is_inexact(&self) -> bool {
        self.padding == Padding::Same && self.dilation != [1; N]
    }

    /// We refuse poolings of the padding alone, and, rounding up, the window that flex alone invents
    /// where the input is too small for one.
    pub(crate) fn pools(&self, case: Case, ceil_mode: bool) -> Case {
        let sides = match self.padding {
            Padding::Sides(sides) => sides,
            _ => [(0, 0); N],
        };
        let any = |is_so: &dyn Fn(usize) -> bool| (0..N).any(is_so);
        let outside = any(&|axis| sides[axis].0.max(sides[axis].1) >= self.covers(axis));
        let too_small = any(&|axis| {
            let padded = self.extents[axis] + sides[axis].0 + sides[axis].1;
            padded + self.stride[axis] <= self.covers(axis)
        });
        let too_small = ceil_mode && too_small && self.padding != Padding::Same;
        case.refused_where(too_small, Code::KernelTooLarge)
            .refused_where(outside || self.is_inexact(), Code::ArgumentRange)
    }
}

impl<const N: usize> Padding<N> {
    fn text(&self) -> String {
        match self {
            Padding::Same => "same".to_owned(),
            Padding::Valid => "valid".to_owned(),
            Padding::Sides(sides) => {
                let (before, after): (Vec<_>, Vec<_>) = sides.iter().copied().unzip();
                let after = if N == 3 { Vec::new() } else { after };
                format!("{:?}", [before, after].concat())
            }
        }
    }
}

impl From<Padding<1>> for PaddingConfig1d {
    fn from(padding: Padding<1>) -> Self {
        match padding {
            Padding::Same => Self::Same,
            Padding::Valid => Self::Valid,
            Padding::Sides([(left, right)]) => Self::Explicit(left, right),
        }
    }
}

impl From<Padding<2>> for PaddingConfig2d {
    fn from(padding: Padding<2>) -> Self {
        match padding {
            Padding::Same => Self::Same,
            Padding::Valid => Self::Valid,
            Padding::Sides([(top, bottom), (left, right)]) => {
                Self::Explicit(top, left, bottom, right)
            }
        }
    }
}

impl From<Padding<3>> for PaddingConfig3d {
    fn from(padding: Padding<3>) -> Self {
        match padding {
            Padding::Same => Self::Same,
            Padding::Valid => Self::Valid,
            Padding::Sides([depth, height, width]) => Self::Explicit(depth.0, height.0, width.0),
        }
    }
}
