//! The meaning of dynamic dims in an application.

use crate::dim::{Dim, simplify};

/// The values of the dynamic dims of a morphism's ends in one application, without dims that stand for
/// themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    values: Vec<(String, Dim)>,
}

impl Binding {
    /// The values of dims, without those that stand for themselves.
    #[must_use]
    pub fn of(mut values: Vec<(String, Dim)>) -> Self {
        values.retain(|(name, dim)| !dim.is_symbol(name));
        Binding { values }
    }

    /// The value of a dim; `None` if it stands for itself.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Dim> {
        let mut values = self.values.iter();
        values.find_map(|(bound, dim)| (bound == name).then_some(dim))
    }

    /// Every dim that does not stand for itself, with its value.
    #[must_use]
    pub fn values(&self) -> &[(String, Dim)] {
        &self.values
    }

    /// Whether every dim stands for itself.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.values.is_empty()
    }

    /// A dim with its symbols replaced by their values.
    #[must_use]
    pub fn apply(&self, dim: &Dim) -> Dim {
        if dim.symbols().iter().all(|name| self.get(name).is_none()) {
            return dim.clone();
        }
        simplify(&dim.substituted(&|name| self.get(name).cloned()))
    }
}
