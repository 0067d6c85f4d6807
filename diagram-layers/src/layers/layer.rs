//! A row of the table of layers.

use diagram_core::dim::simplify;
use diagram_core::{Call, Cost, Dim, Gives, Layout, Product, Scalar, Traits, Width, Wrong};

use super::samples::SampleWise;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

/// One layer: a name, its arguments, and what it does to a shape.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
pub struct Layer {
    /// Burn's name in snake case.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether the shape after it is always the shape before it (of a product, its first factor's), so that a width left out before it
    /// can be found behind it.
    pub keeps_shape: bool,
    /// What its weights cost, if it has some to train.
    pub weights: Option<CostOf>,
    /// Whether it makes one tensor of several of its shape, so that the shape after it is that of each
    /// before it (`add`).
    pub joins_alike: bool,
    /// Whether it may be given a product; its rule looks at [`Site::inputs`] then.
    pub several: bool,
    /// Which numbers it gives.
    pub gives: Gives,
    /// What it finds on which axis, where that matters.
    pub layout: Option<Layout>,
    /// Whether it draws at random while training.
    pub random: bool,
    /// The parameter at whose 0 it draws nothing, if it has one.
    pub drawn_by: Option<&'static str>,
    /// Whether it works sample by sample.
    pub samples: SampleWise,
    /// Whether it has a weight of rank 2, as low-rank adapters need.
    pub matrix: bool,
    /// Whether `padding = same` keeps the size of its input at stride 1.
    pub pads: bool,
    /// The axis of the width that may be left out, where that is not the last.
    pub width_axis: Option<usize>,
    /// Whether Burn has it inside of layers: `activation = relu`.
    pub inside: bool,
    /// The parameter that says the number of vectors for the entries that it takes, if it takes such.
    pub vectors: Option<&'static str>,
    /// What it takes and gives, in one line: "Float `[.., n]` to `[.., d_output]`".
    pub rule: &'static str,
    /// Its shape rule.
    pub shape: ShapeRule,
}

/// What a layer with weights costs, given its arguments, where it stands and the shapes after it.
pub type CostOf = fn(&Call, &Site<'_>, &Product) -> Cost;

/// The shape rule of a layer: the shapes after it.
pub type ShapeRule = fn(&Call, &Site<'_>) -> Result<Product, Wrong>;

impl Layer {
    /// A layer without weights that may change the shape.
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        shape: ShapeRule,
    ) -> Self {
        Layer {
            name,
            parameters,
            keeps_shape: false,
            weights: None,
            joins_alike: false,
            several: false,
            gives: Gives::Unknown,
            layout: None,
            random: false,
            drawn_by: None,
            samples: SampleWise::Never,
            matrix: false,
            pads: false,
            width_axis: None,
            inside: false,
            vectors: None,
            rule: "",
            shape,
        }
    }

    pub(super) const fn rule(self, rule: &'static str) -> Self {
        Layer { rule, ..self }
    }

    /// A layer that gives such numbers.
    pub(super) const fn giving(self, gives: Gives) -> Self {
        Layer { gives, ..self }
    }

    /// A layer that gives the numbers that it is given, in other places.
    pub(super) const fn keeping_numbers(self) -> Self {
        self.giving(Gives::Same)
    }

    /// A layer that may be given a product.
    pub(super) const fn of_several(self) -> Self {
        Layer {
            several: true,
            ..self
        }
    }

    /// A layer of images.
    pub(super) const fn of_images(self) -> Self {
        Layer {
            layout: Some(Layout::Images),
            ..self
        }
    }

    pub(super) const fn keeping_shape(self) -> Self {
        Layer {
            keeps_shape: true,
            ..self
        }
    }

    pub(super) const fn with_weights(self, cost: CostOf) -> Self {
        Layer {
            weights: Some(cost),
            ..self
        }
    }

    /// A layer with weights of which one has rank 2.
    pub(super) const fn with_matrix(self, cost: CostOf) -> Self {
        Layer {
            matrix: true,
            ..self.with_weights(cost)
        }
    }

    /// A layer that draws at random while training.
    pub(super) const fn drawing(self) -> Self {
        Layer {
            random: true,
            ..self
        }
    }

    /// A layer that draws at random while training, except where this parameter is 0.
    pub(super) const fn drawing_by(self, parameter: &'static str) -> Self {
        Layer {
            drawn_by: Some(parameter),
            ..self.drawing()
        }
    }

    /// A layer that Burn has inside of layers as well.
    pub(super) const fn inside(self) -> Self {
        Layer {
            inside: true,
            ..self
        }
    }

    /// A layer that works sample by sample.
    pub(super) const fn sample_wise(self) -> Self {
        Layer {
            samples: SampleWise::Always,
            ..self
        }
    }

    /// A layer that works sample by sample where this holds.
    pub(super) const fn sample_wise_where(
        self,
        rule: fn(&Call, &Site<'_>, &Product) -> bool,
    ) -> Self {
        Layer {
            samples: SampleWise::Where(rule),
            ..self
        }
    }

    /// Whether it has weights to train.
    #[must_use]
    pub fn has_weights(&self) -> bool {
        self.weights.is_some()
    }

    /// Its first parameter, if that is its width and may be left out: then it follows from what is behind it.
    #[must_use]
    pub fn width_parameter(&self) -> Option<&'static Parameter> {
        let width = self.parameters.first()?;
        let is_width = matches!(width.kind, ParameterKind::Size) && width.positional;
        (is_width && !width.required).then_some(width)
    }

    /// Whether a call leaves its width to what is behind it.
    pub(super) fn leaves_width_out(&self, call: &Call) -> bool {
        let width = self.width_parameter();
        width.is_some_and(|width| call.given(width.name).is_none())
    }

    fn width(&self) -> Option<Width> {
        let width = self.width_parameter()?;
        Some(Width {
            parameter: width.name.to_owned(),
            axis: self.width_axis,
        })
    }

    /// Whether its arguments stand in brackets: `reshape[batch, 8, 8]`.
    #[must_use]
    pub fn in_brackets(&self) -> bool {
        self.parameters
            .iter()
            .any(|parameter| matches!(parameter.kind, ParameterKind::Dims | ParameterKind::Axes))
    }

    /// The row's facts of a call of it at its site, with these shapes after it.
    #[must_use]
    pub fn traits(&self, call: &Call, site: &Site<'_>, output: &Product) -> Traits {
        let off = |name: &str| call.float(name).and_then(Scalar::number) == Some(0.0);
        // Dropout that is said to be 0 is none.
        let drawn = self.random && !self.drawn_by.is_some_and(off);
        Traits {
            gives: if output.one().is_some() {
                self.gives
            } else {
                Gives::Unknown
            },
            layout: self.layout,
            random: drawn,
            sample_wise: self.samples.holds(call, site, output),
            matrix: self.matrix,
            width: self.width(),
            pads: self.pads,
        }
    }
}

/// The value of a dim without symbols.
pub(super) fn known(dim: &Dim) -> Option<i128> {
    simplify(dim).evaluate(&|_| None).ok()
}
