//! A call of a layer at its site: the shapes after it, and all else that is known of it there.

use diagram_core::{Call, Limit, Limited, Product, Step, StepKind, Wrong, step};

use super::layer::Layer;
use super::open;
use super::site::Site;
use crate::limits;

impl Layer {
    /// What hyper-parameters give of a call of it, except sizes that are dims of the shape after it: those are
    /// checked there.
    #[must_use]
    pub fn limits(&self, call: &Call, output: &Product) -> Vec<Limit> {
        let in_shape = |limit: &Limit| match &limit.given {
            Limited::Size(dim) => output.dims().any(|known| known == dim),
            Limited::Float(_) => false,
        };
        let mut limits = limits::limits(self.parameters, call);
        limits.retain(|limit| !in_shape(limit));
        limits
    }

    /// The shapes after a call of it, and all else that is known of it there.
    ///
    /// # Errors
    ///
    /// What is wrong with it at this site.
    pub fn typed(&self, call: Call, site: &Site<'_>) -> Result<Step, Wrong> {
        let simple = call.simplified();
        if let Some(open) = &site.open
            && let Some(wrong) = open::ends_in_one(self, &simple, site, open)
        {
            return Err(wrong);
        }
        let output = (self.shape)(&simple, site)?;
        let cost = self.weights.map(|cost| cost(&simple, site, &output));
        let layer = step::Layer {
            limits: self.limits(&simple, &output),
            cost: cost.unwrap_or_default().bounded(),
            traits: self.traits(&simple, site, &output),
            call,
        };
        Ok(Step {
            kind: StepKind::Layer(Box::new(layer)),
            output,
            inner: Vec::new(),
        })
    }
}
