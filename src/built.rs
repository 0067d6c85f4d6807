//! The layers of a model, compared with those that it was built with: a field may be assigned.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{DType, Shape, Tensor};
use diagram_core::Diagram;

use crate::adapters::Depth;
use crate::error::DiagramError;

/// The configuration that a model was built by, and the sizes of the layers that it built.
#[derive(Clone)]
pub struct Built<C> {
    config: C,
    layers: Arc<Vec<Layers>>,
}

/// The parameters of a morphism made of layers.
#[derive(Clone, Debug)]
struct Layers {
    /// Its index in the diagram.
    morphism: usize,
    parameters: Vec<(String, Shape)>,
}

/// Any module.
pub trait Visited {
    /// [`Module::visit`] with this visitor.
    fn compare(&self, visitor: &mut Comparison<'_>);

    /// [`Module::visit`] with this visitor.
    fn list(&self, visitor: &mut Listing);
}

impl<M: Module> Visited for M {
    fn compare(&self, visitor: &mut Comparison<'_>) {
        self.visit(visitor);
    }

    fn list(&self, visitor: &mut Listing) {
        self.visit(visitor);
    }
}

/// A model prints its configuration alone.
impl<C: fmt::Debug> fmt::Debug for Built<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.config.fmt(out)
    }
}

impl<C> Deref for Built<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.config
    }
}

impl<C> Built<C> {
    /// A model built by this configuration, of whose layers nothing is known yet.
    pub fn by(config: C) -> Self {
        Built {
            config,
            layers: Arc::default(),
        }
    }

    /// Keeps the sizes of the layers of some morphisms, which are given by their indices in the diagram.
    pub fn keep(&mut self, layers: &[(usize, &dyn Visited)]) {
        let layers = layers.iter().map(|(morphism, module)| Layers {
            morphism: *morphism,
            parameters: listed(*module),
        });
        self.layers = Arc::new(layers.collect());
    }

    /// Checks the layers of the same morphisms, in the same order. Also checks that data have the number type of the
    /// parameters that read them; each such pair is the positions of a datum and of a morphism, and the type of the
    /// datum. The check runs at every step, so it looks for names only if something differs.
    ///
    /// # Errors
    ///
    /// The first parameter that has another shape than it was built with, or the first datum of another type.
    pub fn check(
        &self,
        diagram: &Diagram,
        layers: &[&dyn Visited],
        data: &[(usize, usize, DType)],
    ) -> Result<(), DiagramError> {
        for (index, (built, module)) in self.layers.iter().zip(layers).enumerate() {
            let read = data.iter().filter(|(_, reader, _)| *reader == index);
            let mut comparison = Comparison {
                expected: &built.parameters,
                next: 0,
                same: true,
                ty: None,
                at: Depth::default(),
            };
            module.compare(&mut comparison);
            let morphism = || diagram.morphisms[built.morphism].name.clone();
            if !comparison.same {
                built.find_other(*module, &morphism)?;
            }
            let Some(ty) = comparison.ty else { continue };
            for (datum, _, given) in read {
                if *given != ty {
                    return Err(DiagramError::OtherType {
                        datum: diagram.data[*datum].name.clone(),
                        given: format!("{given:?}"),
                        morphism: morphism(),
                        parameters: format!("{ty:?}"),
                    });
                }
            }
        }
        Ok(())
    }
}

impl Layers {
    /// Looks for the first parameter of another shape. Parameters may have been added, as adapters are, or left out.
    fn find_other(
        &self,
        module: &dyn Visited,
        morphism: &dyn Fn() -> String,
    ) -> Result<(), DiagramError> {
        for (path, shape) in listed(module) {
            let mut built = self.parameters.iter();
            let built = built.find(|(built, other)| *built == path && *other != shape);
            if let Some((_, built)) = built {
                return Err(DiagramError::OtherLayer {
                    morphism: morphism(),
                    parameter: path,
                    built: built.to_vec(),
                    given: shape.to_vec(),
                });
            }
        }
        Ok(())
    }
}

/// A walk along the parameters of a module, in parallel with those of another.
#[derive(Debug)]
pub struct Comparison<'a> {
    expected: &'a [(String, Shape)],
    next: usize,
    same: bool,
    /// The type of the first parameter.
    ty: Option<DType>,
    at: Depth,
}

impl ModuleVisitor for Comparison<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let expected = self.expected.get(self.next);
        if expected.is_some_and(|(_, shape)| *shape == param.lazy_shape()) {
            self.next += 1;
        } else if self.at.outside() {
            self.same = false;
        }
        // Otherwise these are adapters that were added after the model was built.
        if self.ty.is_none() {
            let ty = if param.is_initialized() {
                param.dtype()
            } else {
                param.lazy_device().settings().float_dtype.into()
            };
            self.ty = Some(ty).filter(|ty| !matches!(ty, DType::QFloat(_)));
        }
    }

    fn enter_module(&mut self, _name: &str, container: &str) {
        self.at.enter(container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.exit();
    }
}

/// The paths and shapes of the parameters of a module.
#[derive(Debug, Default)]
pub struct Listing {
    at: Vec<String>,
    found: Vec<(String, Shape)>,
}

fn listed(module: &dyn Visited) -> Vec<(String, Shape)> {
    let mut listing = Listing::default();
    module.list(&mut listing);
    listing.found
}

impl ModuleVisitor for Listing {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.push((self.at.join("."), param.lazy_shape()));
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.at.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.pop();
    }
}
