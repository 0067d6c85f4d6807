//! The costs of the morphisms of a diagram.

use crate::cost::{Cost, product};
use crate::diagram::{Definition, Diagram};
use crate::id::MorphismId;
use crate::step::{Combinator, Step, StepKind};

impl Cost {
    /// The cost of some steps.
    #[must_use]
    pub fn of_steps(steps: &[Step]) -> Cost {
        let costs = steps.iter().map(|step| {
            let inner = || Cost::of_steps(&step.inner);
            match &step.kind {
                StepKind::Layer(layer) => layer.cost.clone(),
                StepKind::Combinator(Combinator::Power { times }) => inner().called(times),
                StepKind::Combinator(Combinator::Repeat { copies }) => inner().copied(copies),
                StepKind::Combinator(
                    Combinator::Parallel { .. }
                    | Combinator::Residual
                    | Combinator::Unrolled { .. },
                ) => inner(),
            }
        });
        costs.fold(Cost::NONE, Cost::and)
    }
}

impl Diagram {
    /// Whether a morphism is the caller's own code, whose cost is not known.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn is_unknown(&self, id: MorphismId) -> bool {
        matches!(
            self.morphism(id).definition,
            Definition::Module { .. } | Definition::Method { .. } | Definition::Function(_)
        )
    }

    /// The cost of a morphism that is no composite, at its drawn sizes. A method's parameters are those of the
    /// morphism behind it.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn cost(&self, id: MorphismId) -> Cost {
        let morphism = self.morphism(id);
        match &morphism.definition {
            Definition::Layers { steps, .. } => Cost::of_steps(steps),
            Definition::Parameter { .. } => {
                let shapes = self.shapes(&morphism.codomain);
                Cost {
                    parameters: Some(product(shapes.dims())),
                    ..Cost::NONE
                }
            }
            Definition::Function(_) | Definition::Method { .. } => Cost {
                operations: None,
                ..Cost::NONE
            },
            Definition::Module { .. } | Definition::Composite { .. } => Cost::UNKNOWN,
        }
    }
}
