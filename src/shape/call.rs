//! The calls that bind dims: by the tensors of a batch, or by the arguments of a morphism's method.

use std::borrow::Cow;

use diagram_core::{Diagram, Dim, Morphism, Shape};

use super::{Bindings, given, shape_of};
use crate::error::{DiagramError, Given};

/// A call that binds dims: of the loss on a batch, or of a morphism's method.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) diagram: &'a Diagram,
    pub(super) morphism: Option<&'a Morphism>,
}

impl<'a> Call<'a> {
    /// The name and the drawn shape of the tensor at this position.
    fn tensor(self, position: usize) -> Option<(&'a str, Cow<'a, Shape>)> {
        let (name, space) = match self.morphism {
            None => {
                let datum = self.diagram.data.get(position)?;
                (&datum.name, &datum.space)
            }
            Some(morphism) => {
                let space = morphism.domain.get(position)?;
                (&self.diagram.object(space.object).name, space)
            }
        };
        Some((name, shape_of(self.diagram, space)))
    }

    /// The name of a dim, for as long as the diagram lives.
    fn named(self, symbol: &str) -> Option<&'a str> {
        let hypers = self.diagram.hypers.iter().map(|hyper| &hyper.name);
        let dynamics = self.diagram.dynamics.iter();
        let mut names = dynamics.chain(hypers).chain(&self.diagram.constants);
        names.find(|name| *name == symbol).map(String::as_str)
    }

    fn tensors<'s>(
        self,
        sizes: &'s [&'s [usize]],
    ) -> impl Iterator<Item = (usize, &'a str, Cow<'a, Shape>, &'s [usize])> {
        sizes
            .iter()
            .enumerate()
            .filter_map(move |(position, sizes)| {
                self.tensor(position)
                    .map(|(name, shape)| (position, name, shape, *sizes))
            })
    }

    pub(super) fn bind(
        self,
        hypers: &[(&'a str, usize)],
        sizes: &[&[usize]],
    ) -> Result<Bindings<'a>, DiagramError> {
        let mut bindings = Bindings::new(hypers, self.diagram.dynamics.len());
        for (position, name, shape, extents) in self.tensors(sizes) {
            for (axis, (dim, size)) in shape.dims.iter().zip(extents).enumerate() {
                if *size == 0 {
                    let given = Box::new(given(name, position, &shape, extents));
                    return Err(DiagramError::Empty {
                        morphism: self.name(),
                        given,
                        axis,
                    });
                }
                if let Dim::Symbol(symbol) = dim
                    && bindings.get(symbol).is_none()
                {
                    bindings
                        .values
                        .extend(self.named(symbol).map(|name| (name, *size)));
                }
            }
        }
        if self.morphism.is_some() {
            for (_, _, shape, extents) in self.tensors(sizes) {
                for (dim, size) in shape.dims.iter().zip(extents) {
                    let told = bindings.solve_for(dim, *size);
                    let told = told.and_then(|(name, value)| Some((self.named(name)?, value)));
                    bindings.values.extend(told);
                }
            }
        }
        // Now every symbol that can have a value has one, whatever axis gives it.
        for (position, name, shape, extents) in self.tensors(sizes) {
            for (axis, (dim, size)) in shape.dims.iter().zip(extents).enumerate() {
                if !bindings.allow(dim, *size) {
                    let given = Box::new(given(name, position, &shape, extents));
                    return Err(self.disagreement(&bindings, hypers, sizes, (given, axis)));
                }
            }
        }
        Ok(bindings)
    }

    /// A hyper-parameter or a computed dim disagrees with the drawing; a dim that a tensor of the call
    /// has bound disagrees with that tensor.
    fn disagreement(
        self,
        bindings: &Bindings<'_>,
        hypers: &[(&str, usize)],
        sizes: &[&[usize]],
        second: (Box<Given>, usize),
    ) -> DiagramError {
        let dim = second.0.shape.dims.get(second.1);
        if let Some(Dim::Symbol(symbol)) = dim
            && !hypers.iter().any(|(hyper, _)| hyper == symbol)
        {
            let first = self
                .tensors(sizes)
                .find_map(|(position, name, shape, extents)| {
                    let axis = shape
                        .dims
                        .iter()
                        .position(|candidate| Some(candidate) == dim)?;
                    Some((Box::new(given(name, position, &shape, extents)), axis))
                });
            if let Some(first) = first {
                let dim = symbol.clone();
                return DiagramError::TwoValues {
                    morphism: self.name(),
                    dim,
                    first,
                    second,
                };
            }
        }
        let (given, axis) = second;
        let values = bindings.of(&given.shape.dims);
        DiagramError::WrongSize {
            morphism: self.name(),
            given,
            axis,
            values,
        }
    }

    fn name(self) -> Option<String> {
        self.morphism.map(|morphism| morphism.name.clone())
    }
}
