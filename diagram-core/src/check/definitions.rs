//! Rules about the definitions of morphisms.

use super::morphisms_of;
use crate::diagram::{Definition, Diagram, Morphism};
use crate::dim::Dim;
use crate::fault::{Code, Fault};
use crate::id::MorphismId;
use crate::shape::{Difference, Kind, Shape};
use crate::space::Space;
use crate::spelling::raw;
use crate::step::Step;

/// A morphism has a result.
// error: `drop` ends in `()`, and a morphism ends in an object [D0318]
#[must_use]
pub fn ends_nowhere(name: &str) -> Fault {
    let message = format!("`{name}` ends in `()`, and a morphism ends in an object");
    Fault::new(Code::Factors, message)
}

/// Layers have an input.
// error: `token` starts at `()`, and layers need something to act on [D0318]
#[must_use]
pub fn starts_nowhere(name: &str) -> Fault {
    let message = format!("`{name}` starts at `()`, and layers need something to act on");
    let help = format!("a learned constant: `{} = parameter;`", raw(name));
    Fault::new(Code::Factors, message).help(help)
}

/// A drawn arrow goes between these spaces.
///
/// # Errors
///
/// It goes between other spaces.
pub fn drawn_as(
    diagram: &Diagram,
    morphism: &Morphism,
    domain: &[Space],
    codomain: &[Space],
) -> Result<(), Fault> {
    let ends = [(&morphism.domain, domain), (&morphism.codomain, codomain)];
    let mut factors = ends
        .iter()
        .flat_map(|(drawn, found)| drawn.iter().zip(*found));
    let other = factors.find(|(drawn, found)| !diagram.same_space(drawn, found));
    if other.is_none() && ends.iter().all(|(drawn, found)| drawn.len() == found.len()) {
        return Ok(());
    }
    // error: `model` is drawn as `Image --model--> Latent`, but its definition goes from `Image` to `Logits` [D0401]
    let fault = Fault::new(
        Code::NotComposable,
        format!(
            "`{}` is drawn as `{}`, but its definition goes from `{}` to `{}`",
            morphism.name,
            diagram.arrow(morphism),
            diagram.product(domain),
            diagram.product(codomain)
        ),
    );
    let same_object = other.filter(|(drawn, found)| drawn.object == found.object);
    let difference = same_object.and_then(|(drawn, found)| diagram.difference(drawn, found));
    Err(match difference {
        Some(Difference::Axis { comparison, .. }) => fault.by(&comparison),
        Some(Difference::Kind | Difference::Rank) | None => fault,
    })
}

/// The shape of a learned constant. It starts at `()`, and ends in one Float object whose size is known when a
/// model is built.
///
/// # Errors
///
/// It has other ends.
pub fn constant_shape(diagram: &Diagram, morphism: &Morphism) -> Result<Shape, Fault> {
    let name = &morphism.name;
    let codomain = diagram.product(&morphism.codomain);
    if !morphism.domain.is_empty() {
        // error: `token` is a learned constant, which starts at `()`, but is drawn from `Image` [D0318]
        let domain = diagram.product(&morphism.domain);
        let message = format!(
            "`{name}` is a learned constant, which starts at `()`, but is drawn from `{domain}`"
        );
        let help = format!("`() --{}--> {codomain};`", raw(name));
        return Err(Fault::new(Code::Factors, message).help(help));
    }
    let [end] = morphism.codomain.as_slice() else {
        // error: `tokens` is one tensor, but ends in `A * B` [D0318]
        let message = format!("`{name}` is one tensor, but ends in `{codomain}`");
        return Err(Fault::new(Code::Factors, message));
    };
    let shape = diagram.shape(end);
    let mut symbols = shape.dims.iter().flat_map(Dim::symbols);
    let dynamic = symbols.find(|name| diagram.is_dynamic(name));
    if let Some(dim) = dynamic {
        // error: `token` needs the shape of `Token` when it is built, but `batch` is known only at
        // run time [D0202]
        let message = format!(
            "`{name}` needs the shape of `{codomain}` when it is built, but `{dim}` is known only at run time"
        );
        let fault = Fault::new(Code::DynamicParameter, message);
        let fault = fault.note(format!("`{codomain}` : {shape}"));
        return Err(fault.help("give it an extent of 1 there, and draw a morphism by `expand[..]`"));
    }
    if shape.kind != Kind::Float {
        // error: `token` is learned, and ends in `Token` of kind Int [D0304]
        let kind = shape.kind;
        let message = format!("`{name}` is learned, and ends in `{codomain}` of kind {kind}");
        return Err(Fault::new(Code::KindMismatch, message));
    }
    Ok(shape)
}

/// A morphism without weights of its own has none to freeze.
// error: `model` has no weights of its own to freeze [D0410]
#[must_use]
pub fn nothing_to_freeze(name: &str) -> Fault {
    let message = format!("`{name}` has no weights of its own to freeze");
    Fault::new(Code::FrozenComposite, message)
}

/// An average is never trained, so it cannot be frozen. `of` is the averaged morphism, if it is known.
// error: `target` cannot be frozen: it is an average, which is never trained [D0419]
#[must_use]
pub fn frozen_average(name: &str, of: Option<&str>) -> Fault {
    let message = format!("`{name}` cannot be frozen: it is an average, which is never trained");
    let help = of.map(|of| format!("to keep it from moving: `frozen {};`", raw(of)));
    Fault::new(Code::FrozenAverage, message).maybe_help(help)
}

/// Adapters belong to weights that are frozen already.
// error: `vit` cannot be both frozen and adapted [D0416]
#[must_use]
pub fn frozen_and_adapted(name: &str) -> Fault {
    let message = format!("`{name}` cannot be both frozen and adapted");
    Fault::new(Code::FrozenAndAdapted, message)
        .note("`lora` freezes it as `frozen` does, and trains adapters of its matrices")
        .help("leave out one of `frozen` and `lora`")
}

/// The reason why a morphism has no weights for adapters, if it is known here. Of the caller's modules it is
/// known only when they are there.
#[must_use]
pub fn nothing_to_adapt(diagram: &Diagram, id: MorphismId) -> Option<Fault> {
    let morphism = diagram.morphism(id);
    let name = &morphism.name;
    if let Some(average) = &morphism.average {
        // error: `target` has nothing to adapt: it is the average of `online` [D0415]
        let of = &diagram.morphism(average.of).name;
        let message = format!("`{name}` has nothing to adapt: it is the average of `{of}`");
        let fault = Fault::new(Code::NothingToAdapt, message);
        return Some(fault.help(format!(
            "adapt what it averages: `lora {}(rank = 8);`",
            raw(of)
        )));
    }
    let (why, help) = match &morphism.definition {
        Definition::Module { .. } => return None,
        Definition::Layers { steps, .. } if has_matrices(steps) => return None,
        // error: `encoder` has nothing to adapt: no layer of it has a weight of rank 2 [D0415]
        Definition::Layers { parameters, .. } => {
            let help = parameters
                .then(|| format!("`frozen {};` keeps its weights as they are", raw(name)));
            ("no layer of it has a weight of rank 2", help)
        }
        // error: `token` has nothing to adapt: it is a learned constant [D0415]
        Definition::Parameter { .. } => ("it is a learned constant", None),
        // error: `crop` has nothing to adapt: it is a function [D0415]
        Definition::Function(_) => ("it is a function", None),
        // error: `guide` has nothing to adapt: its weights are those of `vit` [D0415]
        Definition::Method { of, .. } => {
            let module = &diagram.morphism(*of).name;
            let message =
                format!("`{name}` has nothing to adapt: its weights are those of `{module}`");
            let fault = Fault::new(Code::NothingToAdapt, message);
            return Some(fault.help(format!(
                "adapt the module: `lora {}(rank = 8);`",
                raw(module)
            )));
        }
        // error: `model` has nothing to adapt: it is a composite [D0415]
        Definition::Composite { paths, .. } => {
            let mut parts: Vec<_> = morphisms_of(diagram, paths)
                .into_iter()
                .filter(|part| may_be_adapted(diagram, *part))
                .collect();
            parts.sort();
            let items = parts.iter().map(|part| &diagram.morphism(*part).name);
            let items: Vec<_> = items
                .map(|part| format!("lora {}(rank = 8);", raw(part)))
                .collect();
            let help = (!items.is_empty())
                .then(|| format!("adapt what it is made of: `{}`", items.join(" ")));
            ("it is a composite", help)
        }
    };
    let message = format!("`{name}` has nothing to adapt: {why}");
    Some(Fault::new(Code::NothingToAdapt, message).maybe_help(help))
}

/// Whether nothing is known that rules out adapters for a part of a composite.
fn may_be_adapted(diagram: &Diagram, id: MorphismId) -> bool {
    let part = diagram.morphism(id);
    let plain = !part.frozen && part.adapters.is_none();
    plain && part.has_weights() && nothing_to_adapt(diagram, id).is_none()
}

/// Whether a chain of layers has weights for adapters.
fn has_matrices(steps: &[Step]) -> bool {
    let mut layers = Step::all(steps).into_iter().filter_map(Step::as_layer);
    layers.any(|layer| layer.traits.matrix)
}

/// The reason why a morphism has no weights of its own that could be averaged.
#[derive(Clone, Copy, Debug)]
pub enum Unaveraged<'a> {
    /// It would be the average of itself.
    Itself,
    /// It is itself an average of this morphism.
    Average(&'a str),
    /// It is a composite.
    Composite,
    /// It is a method, so its weights are those of a module.
    Method {
        /// The module.
        module: &'a str,
        /// The method.
        called: &'a str,
    },
    /// It is a function.
    Function,
    /// No layer of it has weights.
    Weightless,
}

/// A morphism without weights of its own cannot be averaged.
#[must_use]
pub fn nothing_to_average(name: &str, why: Unaveraged<'_>) -> Fault {
    let (why, help) = match why {
        // error: `target` has nothing to average: it would be the average of itself [D0418]
        Unaveraged::Itself => ("it would be the average of itself".to_owned(), None),
        // error: `target` has nothing to average: it is an average itself, of `online` [D0418]
        Unaveraged::Average(of) => (
            format!("it is an average itself, of `{of}`"),
            Some(format!(
                "average what it follows: `ema({}, decay = 0.996)`",
                raw(of)
            )),
        ),
        // error: `model` has nothing to average: it is a composite [D0418]
        Unaveraged::Composite => (
            "it is a composite".to_owned(),
            Some("average the morphisms that it is made of, and compose their averages".to_owned()),
        ),
        // error: `guide` has nothing to average: its weights are those of `teacher` [D0418]
        Unaveraged::Method { module, called } => (
            format!("its weights are those of `{module}`"),
            Some(format!(
                "average `{module}`, and take the method `{called}` from its average"
            )),
        ),
        // error: `crop` has nothing to average: it is a function [D0418]
        Unaveraged::Function => ("it is a function".to_owned(), None),
        // error: `chances` has nothing to average: no layer of it has weights [D0418]
        Unaveraged::Weightless => ("no layer of it has weights".to_owned(), None),
    };
    let message = format!("`{name}` has nothing to average: {why}");
    Fault::new(Code::NothingToAverage, message).maybe_help(help)
}

/// The reason why a morphism is no module that could have methods.
#[derive(Clone, Copy, Debug)]
pub enum Methodless<'a> {
    /// It is a method itself, of this module.
    Method(&'a str),
    /// It is made of layers.
    Layers,
    /// It is a slot.
    Slot,
    /// It is a function.
    Function,
    /// It is a composite, or a learned constant.
    Composite,
}

/// A morphism that is no module has no methods.
#[must_use]
pub fn no_methods(name: &str, method: &str, why: Methodless<'_>) -> Fault {
    let (what, help) = match why {
        // error: `inner` is no module but a method of `teacher` [D0412]
        Methodless::Method(module) => {
            let message = format!("`{name}` is no module but a method of `{module}`");
            return Fault::new(Code::NoMethods, message);
        }
        // error: `student` is made of layers, and has no method `features` [D0412]
        Methodless::Layers => (
            "made of layers",
            Some(format!(
                "draw the inner part as a morphism of its own, and `{name}` as a composite that goes on \
                 from there"
            )),
        ),
        // error: `trunk` is a slot, and has no method `features` [D0412]
        Methodless::Slot => (
            "a slot",
            Some("draw the inner part as a slot of its own".to_owned()),
        ),
        // error: `crop` is a function, and has no method `features` [D0412]
        Methodless::Function => ("a function", None),
        // error: `model` is a composite, and has no method `features` [D0412]
        Methodless::Composite => (
            "a composite",
            Some("take the method from a module that it is made of".to_owned()),
        ),
    };
    let message = format!("`{name}` is {what}, and has no method `{method}`");
    Fault::new(Code::NoMethods, message).maybe_help(help)
}
