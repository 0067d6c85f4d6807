//! The spaces of a diagram: their shapes, the meaning of dims in each application, and the ends of paths.

use crate::diagram::{Definition, Diagram};
use crate::dim::{Comparison, Dim, Op, Positivity, simplify};
use crate::id::{MorphismId, ObjectId};
use crate::shape::{Difference, Product, Shape};
use crate::space::{Binding, Misfit, Space};
use crate::step::Step;

mod ends;

pub use ends::{Application, spaces_of};

impl Diagram {
    /// The shape of the points of a space.
    ///
    /// # Panics
    ///
    /// If the space is of another diagram.
    #[must_use]
    pub fn shape(&self, space: &Space) -> Shape {
        let shape = &self.object(space.object).shape;
        if space.dims.is_empty() {
            return shape.clone();
        }
        let bound = Binding::of(space.dims.clone());
        shape.with_dims(shape.dims.iter().map(|dim| bound.apply(dim)).collect())
    }

    /// The shapes of the points of some spaces.
    ///
    /// # Panics
    ///
    /// If a space is of another diagram.
    #[must_use]
    pub fn shapes(&self, spaces: &[Space]) -> Product {
        Product(spaces.iter().map(|space| self.shape(space)).collect())
    }

    /// A space as it is written: `Image`, `Image[batch = many]`.
    ///
    /// # Panics
    ///
    /// If the space is of another diagram.
    #[must_use]
    pub fn space(&self, space: &Space) -> String {
        let name = &self.object(space.object).name;
        if space.dims.is_empty() {
            return name.clone();
        }
        let dims = space.dims.iter().map(|(dim, to)| format!("{dim} = {to}"));
        format!("{name}[{}]", dims.collect::<Vec<_>>().join(", "))
    }

    /// Whether two spaces are the same: one object, at dims that are proved equal.
    ///
    /// # Panics
    ///
    /// If a space is of another diagram.
    #[must_use]
    pub fn same_space(&self, left: &Space, right: &Space) -> bool {
        left == right || left.object == right.object && self.difference(left, right).is_none()
    }

    /// Whether a dim of a space is [too long](Dim::is_too_long). Rebound dims may grow with every application.
    ///
    /// # Panics
    ///
    /// If the space is of another diagram.
    #[must_use]
    pub fn is_too_long(&self, space: &Space) -> bool {
        // The shape is computed from these, so they are asked first.
        !space.dims.is_empty()
            && (space.dims.iter().any(|(_, dim)| dim.is_too_long())
                || self.shape(space).dims.iter().any(Dim::is_too_long))
    }

    /// The difference between the shapes of two spaces, if there is one.
    ///
    /// # Panics
    ///
    /// If a space is of another diagram.
    #[must_use]
    pub fn difference(&self, left: &Space, right: &Space) -> Option<Difference> {
        self.shape(left).difference(&self.shape(right), &self.facts)
    }

    /// An object with dims rebound.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn space_of(&self, object: ObjectId, value: impl Fn(&str) -> Option<Dim>) -> Space {
        let mut dims: Vec<(String, Dim)> = Vec::new();
        for name in self.object(object).shape.dims.iter().flat_map(Dim::symbols) {
            let known = dims.iter().any(|(bound, _)| bound == name);
            let dim = value(name).map(|dim| simplify(&dim));
            let dim = dim.filter(|dim| !known && !dim.is_symbol(name));
            dims.extend(dim.map(|dim| (name.to_owned(), dim)));
        }
        Space { object, dims }
    }

    /// The values of a morphism's dynamic dims for arguments that end in the objects of its domain.
    ///
    /// # Errors
    ///
    /// The first argument that does not fit, by its position.
    ///
    /// # Panics
    ///
    /// If the id or a space is of another diagram.
    pub fn binding(
        &self,
        morphism: MorphismId,
        arguments: &[Space],
    ) -> Result<Binding, (usize, Misfit)> {
        let domain = &self.morphism(morphism).domain;
        // What every dim seen stands for, itself included.
        let mut seen: Vec<(String, Dim)> = Vec::new();
        let mut later = Vec::new();
        if domain
            .iter()
            .chain(arguments)
            .all(|space| space.dims.is_empty())
        {
            return Ok(Binding::default());
        }
        for (position, (factor, argument)) in domain.iter().zip(arguments).enumerate() {
            let (drawn, given) = (self.shape(factor), self.shape(argument));
            for (axis, (drawn, given)) in drawn.dims.into_iter().zip(given.dims).enumerate() {
                match drawn {
                    Dim::Symbol(name) if self.is_dynamic(&name) => {
                        match seen.iter().find(|(known, _)| *known == name) {
                            None => seen.push((name, given)),
                            Some((_, first)) => match self.facts.compare(first, &given) {
                                Comparison::Equal => {}
                                comparison => {
                                    let misfit = Misfit::TwoValues {
                                        dim: name,
                                        first: first.clone(),
                                        second: given,
                                        comparison: Box::new(comparison),
                                    };
                                    return Err((position, misfit));
                                }
                            },
                        }
                    }
                    other => later.push((position, axis, other, given)),
                }
            }
        }
        let binding = Binding::of(seen);
        for (position, axis, drawn, given) in later {
            match self.facts.compare(&binding.apply(&drawn), &given) {
                Comparison::Equal => {}
                comparison => {
                    let comparison = Box::new(comparison);
                    return Err((position, Misfit::Axis { axis, comparison }));
                }
            }
        }
        Ok(binding)
    }

    /// Whether any space of the diagram has rebound dims. If none has, every dim stands for itself in every
    /// application.
    #[must_use]
    pub fn rebinds(&self) -> bool {
        let data = self.data.iter().map(|datum| &datum.space);
        let arrows = self.morphisms.iter();
        let ends = arrows.flat_map(|morphism| morphism.domain.iter().chain(&morphism.codomain));
        data.chain(ends).any(|space| !space.dims.is_empty())
    }

    /// A space of a morphism's drawing in one application.
    ///
    /// # Panics
    ///
    /// If the space is of another diagram.
    #[must_use]
    pub fn at(&self, space: &Space, binding: &Binding) -> Space {
        if binding.is_identity() {
            return space.clone();
        }
        let drawn = |name: &str| {
            let mut rebound = space.dims.iter();
            rebound.find_map(|(bound, dim)| (bound == name).then_some(dim))
        };
        self.space_of(space.object, |name| match drawn(name) {
            Some(dim) => Some(binding.apply(dim)),
            None => binding.get(name).cloned(),
        })
    }

    /// The dynamic dims that a morphism's drawing and layers mention and its arguments do not determine, in
    /// order of declaration. Its method takes them as further arguments.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn further_dims(&self, morphism: MorphismId) -> Vec<&str> {
        let of = self.morphism(morphism);
        let domain: Vec<_> = of.domain.iter().map(|space| self.shape(space)).collect();
        let fixed = |name: &str| {
            let mut dims = domain.iter().flat_map(|shape| &shape.dims);
            dims.any(|dim| self.tells(dim, name))
        };
        let dims = self.dynamics.iter().map(String::as_str);
        let mut open: Vec<&str> = dims.filter(|name| !fixed(name)).collect();
        // What a composite mentions is found by a walk, which is rarely needed.
        if !open.is_empty() {
            let mentioned = self.mentioned(morphism);
            open.retain(|name| mentioned.iter().any(|dim| dim.symbols().contains(name)));
        }
        open
    }

    /// Whether the value of a dim determines that of this dynamic dim: it is that dim, or a growing linear
    /// function of it that depends on no other dynamic dim, such as `2 * side + 1`.
    fn tells(&self, dim: &Dim, name: &str) -> bool {
        if !matches!(dim, Dim::Binary(..)) {
            return dim.is_symbol(name);
        }
        let Some((_, first, slope)) = self.line(dim).filter(|(of, ..)| *of == name) else {
            return false;
        };
        let steps = Dim::binary(Op::Sub, Dim::symbol(name), Dim::Literal(1));
        let rise = Dim::binary(Op::Mul, slope.clone(), steps);
        self.facts.positivity(&slope) == Positivity::Always
            && self.equal(dim, &Dim::binary(Op::Add, first, rise))
    }

    /// The only dynamic dim of a dim, the value of the dim where that is 1, and what a step of it adds, if the dim
    /// is on a line.
    pub(crate) fn line<'d>(&self, dim: &'d Dim) -> Option<(&'d str, Dim, Dim)> {
        let symbols = dim.symbols().into_iter();
        let mut dynamic = symbols.filter(|name| self.is_dynamic(name));
        let (name, None) = (dynamic.next()?, dynamic.next()) else {
            return None;
        };
        let at =
            |value: u64| dim.substituted(&|symbol| (symbol == name).then_some(Dim::Literal(value)));
        let slope = simplify(&Dim::binary(Op::Sub, at(2), at(1)));
        Some((name, at(1), slope))
    }

    /// Every dim of a morphism's ends and of its definition.
    fn mentioned(&self, morphism: MorphismId) -> Vec<Dim> {
        let of = self.morphism(morphism);
        let ends = of.domain.iter().chain(&of.codomain);
        let mut dims: Vec<Dim> = ends.flat_map(|space| self.shape(space).dims).collect();
        match &of.definition {
            Definition::Layers { steps, .. } => {
                let steps = Step::all(steps).into_iter();
                dims.extend(steps.flat_map(|step| step.output.dims().cloned()));
            }
            Definition::Composite { paths, .. } => {
                for inner in self.applications(paths, &of.domain) {
                    dims.extend(self.needed(&inner));
                }
            }
            Definition::Parameter { .. }
            | Definition::Module { .. }
            | Definition::Method { .. }
            | Definition::Function(_) => {}
        }
        dims
    }

    /// The dims of a morphism's layers that are arithmetic, and may not be positive.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn computed(&self, morphism: MorphismId) -> Vec<Dim> {
        let Definition::Layers { steps, .. } = &self.morphism(morphism).definition else {
            return Vec::new();
        };
        let steps = Step::all(steps).into_iter();
        let dims = steps.flat_map(|step| step.output.dims());
        let computed = dims.filter(|dim| matches!(dim, Dim::Binary(..)));
        computed.cloned().collect()
    }

    /// Every dim that an application needs, with its meaning there.
    ///
    /// # Panics
    ///
    /// If the application is of another diagram.
    #[must_use]
    pub fn needed(&self, application: &Application) -> Vec<Dim> {
        let dims = self.mentioned(application.morphism).into_iter();
        dims.map(|dim| application.binding.apply(&dim)).collect()
    }

    fn equal(&self, left: &Dim, right: &Dim) -> bool {
        self.facts.compare(left, right) == Comparison::Equal
    }

    /// Whether this is a dynamic dim.
    #[must_use]
    pub fn is_dynamic(&self, name: &str) -> bool {
        self.dynamics.iter().any(|dynamic| dynamic == name)
    }
}
