//! Where a loss stands: its ends, and the faults that these may have.

use diagram_core::shape::Difference;
use diagram_core::{Code, Dim, Fault, Kind, Shape, check};
use proc_macro2::TokenStream;
use quote::quote;

use super::{Built, Loss, Unit, find};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::{Placed, Scope};
use crate::syntax::tree::{Ends, Place};

/// Where a loss stands.
pub struct Site<'a> {
    /// The cell's ends, prediction first.
    pub ends: &'a [End],
    /// Where the cell stands.
    pub place: Place,
    /// The path of the runtime crate in generated code (`…::loss::kl` is a function there).
    pub runtime: &'a TokenStream,
    /// The expression whose fields are the hyper-parameters of type `f64` in generated code.
    pub hypers: &'a TokenStream,
    /// The expression whose fields are those of other types.
    pub config: &'a TokenStream,
    /// Hyper-parameters, dims and what is stated of them.
    pub scope: &'a Scope,
}

/// One end of a cell.
#[derive(Debug)]
pub struct End {
    /// The path, as written.
    pub text: String,
    /// The object it ends in.
    pub object: String,
    /// That object's shape.
    pub shape: Shape,
    /// Whether it is a datum, as it is declared.
    pub datum: bool,
    /// Where it stands.
    pub place: Place,
}

/// Whether a loss is given as many ends as it takes, in the form in which it takes them.
pub(crate) fn formed(
    loss: &Loss,
    ends: &[End],
    written: &Ends,
    place: Place,
) -> Result<(), Placed> {
    let name = loss.name;
    let (message, help) = match (loss.ends, written) {
        ([], Ends::Agree(..)) => return Ok(()),
        // error: `mse` compares two paths: it is nothing that is minimised [D0403]
        ([], Ends::Minimize(_)) => {
            let help = match ends {
                [one, other] => format!("`{} ~ {} by {name}`", one.text, other.text),
                _ => format!("`prediction ~ target by {name}`"),
            };
            let message = format!("`{name}` compares two paths, and minimises none");
            (message, help)
        }
        (taken, Ends::Minimize(_)) if taken.len() == ends.len() => return Ok(()),
        // error: `triplet` takes 3 ends, `anchor`, `positive`, `negative`, but is given 2 [D0403]
        (taken, _) => {
            let names: Vec<_> = taken.iter().map(|end| format!("`{end}`")).collect();
            let (count, given) = (taken.len(), ends.len());
            let message = match (written, taken) {
                (Ends::Agree(..), _) if count == given => {
                    format!(
                        "`{name}` compares no two paths: it takes {}",
                        names.join(", ")
                    )
                }
                _ if name.is_empty() => {
                    format!("what is minimised without a loss is one path, not {given}")
                }
                (_, [_]) => format!("`{name}` takes one end, but is given {given}"),
                _ => format!(
                    "`{name}` takes {count} ends, {}, but is given {given}",
                    names.join(", ")
                ),
            };
            let help = match taken {
                [one] => format!("`minimize {one} by {name}`"),
                _ => format!("`minimize ({}) by {name}`", taken.join(", ")),
            };
            (message, help)
        }
    };
    let help = Some(help).filter(|_| !name.is_empty());
    Err((place, Fault::new(Code::LossEnds, message).maybe_help(help)))
}

impl<'a> Site<'a> {
    /// Prediction and target.
    pub(super) fn pair(&self, loss: &str) -> Result<(&'a End, &'a End), Placed> {
        match self.ends {
            [prediction, target] => Ok((prediction, target)),
            // error: `mse` compares two paths, `prediction ~ target`, but is given 1 [D0403]
            ends => {
                let message = format!(
                    "`{loss}` compares two paths, `prediction ~ target`, but is given {}",
                    ends.len()
                );
                Err((self.place, Fault::new(Code::LossEnds, message)))
            }
        }
    }

    /// A fault of the ends, which are shown one below the other.
    pub(super) fn ends_fault(
        &self,
        place: Place,
        code: Code,
        message: impl Into<String>,
    ) -> Placed {
        let widest = |width: fn(&End) -> usize| self.ends.iter().map(width).max().unwrap_or(0);
        let text = widest(|end| end.text.chars().count());
        let object = widest(|end| end.object.chars().count());
        let fault = self
            .ends
            .iter()
            .fold(Fault::new(code, message), |fault, end| {
                let pad = |name: &str, width: usize| {
                    let missing = width.saturating_sub(name.chars().count());
                    format!("`{name}`{}", " ".repeat(missing))
                };
                fault.note(format!(
                    "{} : {} {}",
                    pad(&end.text, text),
                    pad(&end.object, object),
                    end.shape
                ))
            });
        (place, fault)
    }

    /// All ends are Float, of one shape.
    pub(super) fn alike(&self, loss: &str) -> Result<(), Placed> {
        let takes = format!("`{loss}` takes {} Float ends of one shape", self.count());
        // error: `mse` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]
        for end in self.ends {
            if end.shape.kind != Kind::Float {
                let message = format!("{takes}, but `{}` is {}", end.text, end.shape);
                return Err(self.ends_fault(end.place, Code::LossEnds, message));
            }
        }
        self.of_one_shape(&takes)
    }

    /// All ends are of one shape, the last of them of any kind.
    pub(super) fn with_target(&self, loss: &str, kinds: &[Kind]) -> Result<(), Placed> {
        let takes = format!("`{loss}` takes {} ends of one shape", self.count());
        let Some((target, others)) = self.ends.split_last() else {
            return Ok(());
        };
        for end in others {
            if end.shape.kind != Kind::Float {
                // error: `hinge_embedding` takes two ends of one shape, but `Label` is Int[batch], not Float
                // [D0403]
                let message = format!("{takes}, but `{}` is {}, not Float", end.text, end.shape);
                return Err(self.ends_fault(end.place, Code::LossEnds, message));
            }
        }
        if !kinds.contains(&target.shape.kind) {
            let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
            let (text, shape) = (&target.text, &target.shape);
            let message = format!(
                "{takes}, but `{text}` is {shape}, not {}",
                kinds.join(" or ")
            );
            return Err(self.ends_fault(target.place, Code::LossEnds, message));
        }
        self.of_one_shape(&takes)
    }

    fn count(&self) -> &'static str {
        match self.ends.len() {
            0 | 1 => "one",
            2 => "two",
            3 => "three",
            _ => "several",
        }
    }

    /// All ends have the dims of the first.
    fn of_one_shape(&self, takes: &str) -> Result<(), Placed> {
        let Some((first, others)) = self.ends.split_first() else {
            return Ok(());
        };
        for other in others {
            self.two_of_one_shape(takes, first, other)?;
        }
        Ok(())
    }

    fn two_of_one_shape(&self, takes: &str, prediction: &End, target: &End) -> Result<(), Placed> {
        // error: `mse` takes two Float ends of one shape, but axis 1 of `encoder` is 64 and of `Image` 784
        // [D0403]
        // error: `mse` takes two Float ends of one shape, but `encoder` has rank 2 and `Image` 4 [D0403]
        let left = &prediction.shape;
        let right = &Shape {
            kind: left.kind,
            dims: target.shape.dims.clone(),
        };
        let difference = left.difference(right, &self.scope.facts);
        let message = match &difference {
            None => return Ok(()),
            Some(Difference::Axis { axis, .. }) => {
                match (left.dims.get(*axis), right.dims.get(*axis)) {
                    (Some(ours), Some(theirs)) => format!(
                        "{takes}, but axis {axis} of `{}` is {} and of `{}` {}",
                        prediction.text,
                        ours.quoted(),
                        target.text,
                        theirs.quoted()
                    ),
                    _ => takes.to_owned(),
                }
            }
            Some(Difference::Rank | Difference::Kind) => format!(
                "{takes}, but `{}` has rank {} and `{}` {}",
                prediction.text,
                left.rank(),
                target.text,
                right.rank()
            ),
        };
        let (place, fault) = self.ends_fault(self.place, Code::LossEnds, message);
        let fault = fault.maybe_help(self.equal_where(left, right));
        Err((place, left_to_rustc(fault, difference.as_ref())))
    }

    /// All ends are Float matrices of one shape, the batch first.
    pub(super) fn batches(&self, loss: &str) -> Result<(), Placed> {
        self.alike(loss)?;
        match self.ends.iter().find(|end| end.shape.rank() != 2) {
            None => Ok(()),
            Some(end) => {
                // error: `info_nce` takes vectors [batch, n], but `see` is [batch, 8, 8] [D0403]
                let message = format!(
                    "`{loss}` takes vectors [batch, n], but `{}` is {}",
                    end.text, end.shape
                );
                Err(self.ends_fault(end.place, Code::LossEnds, message))
            }
        }
    }

    /// Whether two dims are known to be equal.
    pub(super) fn equal(&self, one: &Dim, other: &Dim) -> bool {
        let of = |dim: &Dim| Shape::float(vec![dim.clone()]);
        of(one).difference(&of(other), &self.scope.facts).is_none()
    }

    /// What to state for two shapes to be equal on the first axis on which they are not.
    pub(super) fn equal_where(&self, left: &Shape, right: &Shape) -> Option<String> {
        let Difference::Axis { axis, .. } = left.difference(right, &self.scope.facts)? else {
            return None;
        };
        check::equal_where(
            &self.scope.facts,
            left.dims.get(axis)?,
            right.dims.get(axis)?,
        )
    }

    /// A function of the runtime's, on the ends and these arguments, one value a unit.
    pub(super) fn call(
        &self,
        of: &Arguments,
        function: &str,
        arguments: Vec<TokenStream>,
    ) -> Built {
        let (runtime, name) = (self.runtime, quote::format_ident!("{function}"));
        let unit = find(of.of()).map_or(Unit::Batch, |loss| loss.unit);
        let mut units = match self.ends.first() {
            Some(end) if unit != Unit::Batch => end.shape.dims.clone(),
            _ => Vec::new(),
        };
        if unit == Unit::Index {
            units.pop();
        }
        Built {
            limits: of.limits(),
            learned: of.learned(),
            sum: of.word("reduce") == Some("sum"),
            ..Built::new(quote!(#runtime::loss::#name), arguments, unit, units)
        }
    }

    /// The runtime's function of the loss's name, on the ends and all arguments in the order of the table,
    /// but for those that say how a unit is read.
    pub(super) fn plain(&self, of: &Arguments) -> Built {
        let loss = of.of();
        let parameters = find(loss).map_or(&[][..], |loss| loss.parameters);
        let apart =
            |parameter: &&Parameter| !matches!(parameter.name, "reduce" | "axis" | "ignore");
        let arguments = parameters.iter().filter(apart);
        let arguments = arguments.map(|parameter| self.argument(of, parameter));
        self.call(of, loss, arguments.collect())
    }

    /// An argument, or what stands for it.
    fn argument(&self, of: &Arguments, parameter: &Parameter) -> TokenStream {
        let name = parameter.name;
        let given = match &parameter.kind {
            ParameterKind::Float(_) => of.float(name).map(|scalar| scalar.code(self.hypers)),
            ParameterKind::Flag => of.flag(name).map(|flag| flag.code(self.config)),
            ParameterKind::Size => of
                .size(name)
                .map(|size| self.scope.size_code_of(size, self.config)),
            ParameterKind::Sizes { .. } => {
                let size = of.sizes(name).and_then(<[Dim]>::first);
                size.map(|size| self.scope.size_code_of(size, self.config))
            }
            ParameterKind::Numbers(_) => {
                let numbers = of.scales(name).unwrap_or_default();
                Some(quote!(&[#(#numbers),*]))
            }
            _ => None,
        };
        given.unwrap_or_else(|| parameter.default.parse().unwrap_or_default())
    }
}

/// A fault of two shapes, which rustc decides where they differ by constants.
pub(crate) fn left_to_rustc(fault: Fault, difference: Option<&Difference>) -> Fault {
    match difference {
        Some(Difference::Axis { comparison, .. }) => fault.by(comparison),
        Some(Difference::Rank | Difference::Kind) | None => fault,
    }
}
