//! The losses and metrics of the language: one [`Loss`] a loss, with its arguments, the ends it takes
//! and its code together.

use diagram_core::{Code, Dim, Fault, Kind, Shape, check, shape::Difference};
use proc_macro2::TokenStream;
use quote::quote;

use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::{Placed, Scope};
use crate::syntax::tree::{Ends, Place};

mod batch;
mod binary;
mod classification;
mod divergence;
mod function;
mod regression;
mod sequence;
mod similarity;
pub mod spelling;
mod value;

pub(crate) use function::function;
pub use value::Built;

#[cfg(test)]
mod bench;

/// One loss or metric.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of a table of independent facts"
)]
#[derive(Debug)]
pub struct Loss {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether it can only be watched (`accuracy`).
    pub metric: bool,
    /// Whether higher values are better (`accuracy`).
    pub higher_is_better: bool,
    /// Whether all ends must be in one object (`mse`); others are made for several (`cross_entropy`).
    pub parallel: bool,
    /// Whether it takes logits, so that a softmax before it is hardly meant.
    pub takes_logits: bool,
    /// What the ends of a `minimize` are; nothing for a loss of two paths that are to agree.
    pub ends: &'static [&'static str],
    /// What its values are of.
    pub unit: Unit,
    /// The ends that it takes, in one line: "Float `[.., classes]`, Int `[..]`".
    pub takes: &'static str,
    /// Its value, as a formula.
    pub value: &'static str,
    /// The rule that its ends must meet, and its code.
    pub build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
}

/// What a loss gives one value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An element. A unit is an index of axis 0 (of a mask's or weight's axes, where those are more), the rest
    /// is averaged or added up.
    Element,
    /// An index of all axes but that of the classes or entries.
    Index,
    /// The whole batch.
    Batch,
}

impl Loss {
    /// A loss of two paths that are to agree.
    const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        unit: Unit,
        build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
    ) -> Self {
        Loss {
            name,
            parameters,
            metric: false,
            higher_is_better: false,
            parallel: false,
            takes_logits: false,
            ends: &[],
            unit,
            takes: "",
            value: "",
            build,
        }
    }

    const fn says(self, takes: &'static str, value: &'static str) -> Self {
        Loss {
            takes,
            value,
            ..self
        }
    }

    /// A loss of these ends, to be minimised.
    const fn of(self, ends: &'static [&'static str]) -> Self {
        Loss { ends, ..self }
    }

    const fn in_one_object(self) -> Self {
        Loss {
            parallel: true,
            ..self
        }
    }

    const fn of_logits(self) -> Self {
        Loss {
            takes_logits: true,
            ..self
        }
    }

    const fn metric(self) -> Self {
        Loss {
            metric: true,
            ..self
        }
    }

    const fn higher_is_better(self) -> Self {
        Loss {
            higher_is_better: true,
            ..self
        }
    }
}

/// Where a loss stands.
pub struct Site<'a> {
    /// The cell's ends, prediction first.
    pub ends: &'a [End],
    /// Where the cell stands.
    pub place: Place,
    /// The path of the runtime crate in generated code (`…::loss::kl` is a function there).
    pub runtime: &'a TokenStream,
    /// The expression whose fields are the hyper-parameters in generated code.
    pub hypers: &'a TokenStream,
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
    /// Where it stands.
    pub place: Place,
}

/// Losses that belong together, under a title.
#[derive(Debug)]
pub struct Family {
    /// What they are, in the plural.
    pub title: &'static str,
    /// The losses.
    pub losses: &'static [Loss],
}

/// Every loss, by family.
pub static FAMILIES: [Family; 7] = [
    family("Numbers", &regression::LOSSES),
    family("Yes and no", &binary::LOSSES),
    family("Classes", &classification::LOSSES),
    family("Distributions", &divergence::LOSSES),
    family("Vectors", &similarity::LOSSES),
    family("Batches", &batch::LOSSES),
    family("Sequences", &sequence::LOSSES),
];

const fn family(title: &'static str, losses: &'static [Loss]) -> Family {
    Family { title, losses }
}

/// What a path is minimised by where it names no loss: its elements are the values.
pub(crate) static ITSELF: Loss = Loss::new("", &[], Unit::Element, itself).of(&["value"]);

fn itself(_: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let Some(end) = site.ends.first() else {
        return Err((
            site.place,
            Fault::new(Code::LossEnds, "nothing is minimised"),
        ));
    };
    if end.shape.kind != Kind::Float {
        // error: `Label` is Int[batch]: what is minimised without a loss is Float [D0403]
        let message = format!(
            "`{}` is {}: what is minimised without a loss is Float",
            end.text, end.shape
        );
        return Err((end.place, Fault::new(Code::LossEnds, message)));
    }
    let runtime = site.runtime;
    Ok(Built {
        function: quote!(#runtime::loss::itself),
        arguments: Vec::new(),
        limits: Vec::new(),
        classes: None,
        unit: Unit::Element,
        units: end.shape.dims.clone(),
        sum: false,
        counts: None,
        exponential: false,
        own: None,
        weight: None,
        mask: None,
    })
}

/// The loss of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Loss> {
    all().find(|loss| loss.name == name)
}

/// The name of every loss and metric.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|loss| loss.name)
}

fn all() -> impl Iterator<Item = &'static Loss> {
    FAMILIES.iter().flat_map(|family| family.losses)
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
    let fault = Fault::new(Code::LossEnds, message);
    let fault = if name.is_empty() {
        fault
    } else {
        fault.help(help)
    };
    Err((place, fault))
}

impl<'a> Site<'a> {
    /// Prediction and target.
    fn pair(&self, loss: &str) -> Result<(&'a End, &'a End), Placed> {
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
    fn ends_fault(&self, place: Place, code: Code, message: impl Into<String>) -> Placed {
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
    fn alike(&self, loss: &str) -> Result<(), Placed> {
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
    fn with_target(&self, loss: &str, kinds: &[Kind]) -> Result<(), Placed> {
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
    fn batches(&self, loss: &str) -> Result<(), Placed> {
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
    fn equal(&self, one: &Dim, other: &Dim) -> bool {
        let of = |dim: &Dim| Shape::float(vec![dim.clone()]);
        of(one).difference(&of(other), &self.scope.facts).is_none()
    }

    /// What to state for two shapes to be equal on the first axis on which they are not.
    fn equal_where(&self, left: &Shape, right: &Shape) -> Option<String> {
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
    fn call(&self, of: &Arguments, function: &str, arguments: Vec<TokenStream>) -> Built {
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
            function: quote!(#runtime::loss::#name),
            arguments,
            limits: of.limits(),
            classes: None,
            unit,
            units,
            sum: of.word("reduce") == Some("sum"),
            counts: None,
            exponential: false,
            own: None,
            weight: None,
            mask: None,
        }
    }

    /// The runtime's function of the loss's name, on the ends and all arguments in the order of the table,
    /// but for those that say how a unit is read.
    fn plain(&self, of: &Arguments) -> Built {
        let loss = of.of();
        let parameters = find(loss).map_or(&[][..], |loss| loss.parameters);
        let apart = |parameter: &&Parameter| !matches!(parameter.name, "reduce" | "axis");
        let arguments = parameters.iter().filter(apart);
        let arguments = arguments.map(|parameter| self.argument(of, parameter));
        self.call(of, loss, arguments.collect())
    }

    /// An argument, or what stands for it.
    fn argument(&self, of: &Arguments, parameter: &Parameter) -> TokenStream {
        let name = parameter.name;
        let given = match &parameter.kind {
            ParameterKind::Float(_) => of.float(name).map(|scalar| scalar.code(self.hypers)),
            ParameterKind::Flag => of.flag(name).map(|flag| flag.code(self.hypers)),
            ParameterKind::Size => of
                .size(name)
                .map(|size| self.scope.size_code_of(size, self.hypers)),
            ParameterKind::Sizes { .. } => {
                let size = of.sizes(name).and_then(<[Dim]>::first);
                size.map(|size| self.scope.size_code_of(size, self.hypers))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loss_is_found_by_its_name() {
        for loss in all() {
            assert!(
                std::ptr::eq(find(loss.name).expect("a loss"), loss),
                "{}",
                loss.name
            );
        }
        assert!(find("msee").is_none());
    }
}
