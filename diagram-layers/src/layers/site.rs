//! Where a layer stands: what it is given, and the faults that this may have.

use diagram_core::dim::{Comparison, Fact, Facts, Op};
use diagram_core::{Call, Code, Dim, Fault, Kind, Product, Shape, Value, Where, Wrong, check};

/// A width as it may be written, for messages.
pub(super) const WIDTH: Dim = Dim::Literal(64);

/// Where a layer stands.
pub struct Site<'a> {
    /// The layer as written, for messages: `linear(12)`.
    pub text: &'a str,
    /// The shape before it; of a product, that of the first factor.
    pub input: &'a Shape,
    /// The shapes of all factors before it: more than one only where the layer takes several.
    pub inputs: &'a [Shape],
    /// The shape that must stand after it, where that is known and no product: the codomain's, when every
    /// layer behind keeps the shape.
    pub target: Option<&'a Shape>,
    /// The shapes that must stand after it, where they are a product and nothing behind the layer joins or takes
    /// them apart.
    pub open: Option<Open<'a>>,
    /// What is stated of the dims.
    pub facts: &'a Facts,
    /// The dims that are known only at run time.
    pub dynamics: &'a [String],
}

/// The product that a chain must end in behind a layer.
#[derive(Clone, Copy)]
pub struct Open<'a> {
    /// Its shapes.
    pub product: &'a Product,
    /// The steps behind the layer that act on what it gives, as written: `relu >> dropout(0.5)`. A chain is as long
    /// as one likes, so they are written only where a message shows them.
    pub tail: &'a dyn Fn() -> String,
}

impl Site<'_> {
    /// Whether two dims are equal, by all that is known at this place.
    pub(super) fn compare(&self, left: &Dim, right: &Dim) -> Comparison {
        self.facts.compare(left, right)
    }

    /// Whether two dims are known to be equal.
    pub(super) fn equal(&self, left: &Dim, right: &Dim) -> bool {
        self.compare(left, right) == Comparison::Equal
    }

    /// `left >= right`, where rustc has to say whether it holds.
    pub(super) fn left_to_rustc(&self, left: &Dim, right: &Dim) -> Option<Fact> {
        self.facts.left_to_rustc(left, right)
    }

    /// The first dynamic dim that occurs in a dim, if any: such a dim sizes no parameter.
    pub(super) fn dynamic_in<'d>(&self, dim: &'d Dim) -> Option<&'d str> {
        let is_dynamic = |name: &&str| self.dynamics.iter().any(|dynamic| dynamic == name);
        dim.symbols().into_iter().find(is_dynamic)
    }

    /// A fault of the layer as a whole.
    #[allow(clippy::unused_self)]
    pub(super) fn fault(&self, fault: Fault) -> Wrong {
        (Where::Whole, fault)
    }

    // error: `relu` takes Float, but is given Int[batch] [D0304]
    pub(super) fn takes_float(&self, layer: &str) -> Result<(), Wrong> {
        if self.input.kind == Kind::Float {
            return Ok(());
        }
        let message = format!("`{layer}` takes Float, but is given {}", self.input);
        let fault = Fault::new(Code::KindMismatch, message);
        // Tokens, most likely.
        Err(
            self.fault(if self.input.kind == Kind::Int && self.input.rank() == 2 {
                fault.note("`embedding` gives a vector of Float for each Int")
            } else {
                fault
            }),
        )
    }

    // error: `conv2d` takes [batch, channels, height, width], but is given [batch, 64] [D0305]
    pub(super) fn wrong_rank(&self, layer: &str, takes: &str) -> Wrong {
        let message = format!("`{layer}` takes {takes}, but is given {}", self.input);
        self.fault(Fault::new(Code::LayerRank, message))
    }

    // error: `linear` needs its input width when it is built, but `seq` is known only at run time
    // [D0202]
    pub(super) fn sizes_parameter(&self, layer: &str, what: &str, dim: &Dim) -> Result<(), Wrong> {
        match self.dynamic_in(dim) {
            None => Ok(()),
            Some(name) => {
                let fault = dynamic_parameter(layer, what, name);
                Err(self.fault(fault.note(format!("it is given {}", self.input))))
            }
        }
    }

    /// The argument of a name must divide an extent of the input.
    pub(super) fn divides(
        &self,
        call: &Call,
        name: &str,
        what: &str,
        extent: &Dim,
    ) -> Result<(), Wrong> {
        let Some(divisor) = call.size(name) else {
            return Ok(());
        };
        let given = format!("`{name}` of `{}` is {}", call.name, divisor.quoted());
        self.divided(&given, divisor, what, extent)
            .map_err(|fault| (Where::argument(name), fault))
    }

    /// A divisor must divide an extent of the input; `given` says what it is.
    pub(super) fn divided(
        &self,
        given: &str,
        divisor: &Dim,
        what: &str,
        extent: &Dim,
    ) -> Result<(), Fault> {
        if self.compare(divisor, extent) == Comparison::Equal {
            return Ok(());
        }
        let rest = Dim::binary(Op::Rem, extent.clone(), divisor.clone());
        let extent = extent.quoted();
        let proposed = self.facts.proposal(&rest, &Dim::Literal(0));
        let help = check::stated(&proposed).map(|stated| format!("state that it does: {stated}"));
        let fault = match self.compare(&rest, &Dim::Literal(0)) {
            Comparison::Equal => return Ok(()),
            // error: `groups` of `conv2d` is 3, which does not divide its input channels, 64 [D0309]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let message = format!("{given}, which does not divide its {what}, {extent}");
                at(Fault::new(Code::NotDivisible, message), &comparison)
            }
            // error: `groups` of `conv2d` is `parts`, and it is not known to divide its input channels, 64
            // [D0308]
            Comparison::Unknown => {
                let message =
                    format!("{given}, and it is not known to divide its {what}, {extent}");
                Fault::new(Code::Undecided, message)
            }
        };
        Err(fault.maybe_help(help))
    }

    /// The extent of an axis after the layer, where the parameter for it is left out: the target's. For layers
    /// that keep kind and rank.
    pub(super) fn inferred(
        &self,
        call: &Call,
        (parameter, what): (&str, &str),
        axis: usize,
    ) -> Result<Dim, Wrong> {
        let written = call.clone().leading(parameter, Value::Size(WIDTH));
        self.inferred_at(&written, what, axis, self.input.rank())
    }

    /// The same, for layers that end in a rank of their own; `written` is the layer with an extent.
    pub(super) fn inferred_at(
        &self,
        written: &Call,
        what: &str,
        axis: usize,
        rank: usize,
    ) -> Result<Dim, Wrong> {
        let layer = written.name.as_str();
        // error: `linear` leaves its output width out, and the layers after it do not tell it [D0307]
        let Some(target) = self.target else {
            let message =
                format!("`{layer}` leaves its {what} out, and the layers after it do not tell it");
            let help = format!("write it: `{written}`");
            return Err(self.fault(Fault::new(Code::UnknownWidth, message).help(help)));
        };
        // error: `linear` gives Float, but must end in Int[batch, 10] [D0304]
        if target.kind != Kind::Float {
            let message = format!("`{layer}` gives Float, but must end in {target}");
            return Err(self.fault(Fault::new(Code::KindMismatch, message)));
        }
        let dim = target.dims.get(axis).filter(|_| target.rank() == rank);
        // error: `linear` keeps the rank of what it is given, [batch, 4, 64], but must end in [batch, 10] of
        // rank 2 [D0302]
        let Some(dim) = dim else {
            let does = if rank == self.input.rank() {
                "keeps the rank of"
            } else {
                "adds an axis to"
            };
            let message = format!(
                "`{layer}` {does} what it is given, {}, but must end in {target} of rank {}",
                self.input,
                target.rank()
            );
            // A layer of the last axis may follow a `flatten`, or leave one value there.
            let last = axis + 1 == self.input.rank();
            let dynamic = |dim: &Dim| self.dynamic_in(dim).is_some();
            let help = match target.rank() {
                2 if last => check::flat(self.input, self.text, &dynamic),
                1 if last && axis == 1 && self.text == layer => {
                    Some(format!("`{layer}(1) >> squeeze({axis})`"))
                }
                _ => None,
            };
            return Err(self.fault(Fault::new(Code::RankMismatch, message).maybe_help(help)));
        };
        match self.dynamic_in(dim) {
            None => Ok(dim.clone()),
            Some(name) => {
                let fault = dynamic_parameter(layer, what, name);
                Err(self.fault(fault.note(format!("it must end in {target}"))))
            }
        }
    }
}

/// A fault with the values that refute what was needed, or left to rustc if that knows them.
pub(super) fn at(fault: Fault, comparison: &Comparison) -> Fault {
    match comparison {
        Comparison::Different { witness, .. } => with_values(fault, witness),
        comparison => fault.by(comparison),
    }
}

/// A fault with the values at which it is one.
pub(super) fn with_values(fault: Fault, witness: &[(String, u64)]) -> Fault {
    if witness.is_empty() {
        return fault;
    }
    let values = witness
        .iter()
        .map(|(name, value)| format!("`{name}` = {value}"));
    fault.note(format!("at {}", values.collect::<Vec<_>>().join(", ")))
}

/// Whether what is not even is odd at all values: `is`, or `may be`.
pub(super) fn odd(comparison: &Comparison) -> &'static str {
    match comparison {
        Comparison::Different { witness, .. } if !witness.is_empty() => "may be",
        _ => "is",
    }
}

/// A parameter that a dynamic dim would size.
// error: `linear` needs its input width when it is built, but `seq` is known only at run time [D0202]
#[must_use]
pub fn dynamic_parameter(layer: &str, what: &str, dim: &str) -> Fault {
    Fault::new(
        Code::DynamicParameter,
        format!(
            "`{layer}` needs its {what} when it is built, but `{dim}` is known only at run time"
        ),
    )
}
