//! Warnings about data: batches of one size, images whose channels come last.

use crate::call::Call;
use crate::diagram::{Definition, Diagram};
use crate::dim::Dim;
use crate::fault::{Code, Fault};
use crate::id::{DatumId, MorphismId};
use crate::path::Term;
use crate::shape::Shape;
use crate::step::{Layout, Step};

/// The data give every batch the same number of samples: the first datum with an axis, and the warning.
#[must_use]
pub fn fixed_batch(diagram: &Diagram) -> Option<(DatumId, Fault)> {
    diagram.trained_cells().next()?;
    let data = diagram.data.iter().enumerate();
    let mut leading = data.filter_map(|(index, datum)| {
        let shape = diagram.shape(&datum.space);
        let first = shape.dims.first().cloned()?;
        Some((DatumId(index), first, shape))
    });
    let varies = |dim: &Dim| {
        let mut symbols = dim.symbols().into_iter();
        symbols.any(|symbol| diagram.is_dynamic(symbol))
    };
    let (id, dim, mut shape) = leading.next()?;
    if varies(&dim) || leading.any(|(_, dim, _)| varies(&dim)) {
        return None;
    }
    // warning: every batch has 64 samples: the axis 0 of `Image` is no dynamic dim [D0708]
    let (name, size) = (&diagram.datum(id).name, dim.quoted());
    let message = format!("every batch has {size} samples: axis 0 of `{name}` is no dynamic dim");
    if let Some(first) = shape.dims.first_mut() {
        *first = Dim::symbol("batch");
    }
    let fault = Fault::new(Code::FixedBatch, message)
        .note("the last batch of an epoch has fewer, most likely")
        .help(format!("`dyn batch;`, and `{shape}` for `{name}`"));
    Some((id, fault))
}

/// Images whose channels come last, though a layer takes them on axis 1: the datum, the morphism that takes it,
/// and the warning.
#[must_use]
pub fn channels_last(diagram: &Diagram) -> Vec<(DatumId, MorphismId, Fault)> {
    let mut found: Vec<(DatumId, MorphismId, Fault)> = Vec::new();
    for term in diagram.paths.terms() {
        let Term::Apply(id, arguments, _) = term else {
            continue;
        };
        let Some(datum) = arguments.first().and_then(|path| diagram.datum_of(*path)) else {
            continue;
        };
        let shape = diagram.shape(&diagram.datum(datum).space);
        let colours = |axis: usize| matches!(shape.dims.get(axis), Some(Dim::Literal(1 | 3)));
        let known = |(known, of, _): &(DatumId, MorphismId, Fault)| (known, of) == (&datum, id);
        if shape.rank() != 4 || !colours(3) || colours(1) || found.iter().any(known) {
            continue;
        }
        let morphism = diagram.morphism(*id);
        let Definition::Layers { steps, .. } = &morphism.definition else {
            continue;
        };
        let drawn = diagram.shapes(&morphism.domain);
        let first = drawn.0.first();
        let Some(layer) = first.and_then(|first| first_on_images(first, steps)) else {
            continue;
        };
        let [name, of] =
            [&diagram.datum(datum).name, &morphism.name].map(|name| format!("`{name}`"));
        let channels = shape.dims.get(1).map(Dim::quoted).unwrap_or_default();
        // warning: `conv2d(8, kernel = 3)` of `encoder` takes axis 1 of `Image`, 28, as its channels, and these
        // seem to be on axis 3 [D0707]
        let message = format!(
            "`{layer}` of {of} takes axis 1 of {name}, {channels}, as its channels, and these seem to be on axis 3"
        );
        let mut drawn = shape.clone();
        if let Some(rest) = drawn.dims.get_mut(1..) {
            rest.rotate_right(1);
        }
        let help = format!("draw {name} as `{drawn}`, or begin {of} with `permute[0, 3, 1, 2]`");
        let fault = Fault::new(Code::ChannelsLast, message)
            .note(format!("{name} : {shape}"))
            .help(help);
        found.push((datum, *id, fault));
    }
    found
}

/// The first layer that takes images, if the layers before it keep the order of the axes.
fn first_on_images<'s>(input: &Shape, steps: &'s [Step]) -> Option<&'s Call> {
    for step in steps {
        if let Some(layer) = step.as_layer()
            && layer.traits.layout == Some(Layout::Images)
        {
            return Some(&layer.call);
        }
        if let Some(found) = first_on_images(input, &step.inner) {
            return Some(found);
        }
        if step.output.one() != Some(input) {
            return None;
        }
    }
    None
}
