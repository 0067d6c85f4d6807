//! A row of the table of losses.

use diagram_core::dim::Facts;
use diagram_core::{Call, Flag, Limit, Takes, Wrong};

use super::site::{End, Site};
use super::typed::{Typed, Unit};
use crate::limits;
use crate::parameter::Parameter;

/// One loss or metric.
#[derive(Debug)]
pub struct Loss {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether it can only be watched (`accuracy`).
    pub watch_only: bool,
    /// Whether higher values are better (`accuracy`).
    pub higher_is_better: bool,
    /// Whether all ends must be in one object (`mse`); others are made for several (`cross_entropy`).
    pub parallel: bool,
    /// Which numbers it takes at each end, in order; any where they say nothing.
    pub numbers: &'static [Takes],
    /// A flag, and which numbers it takes where that is `true`.
    pub turned: Option<(&'static str, &'static [Takes])>,
    /// What the ends of a `minimize` are; nothing for a loss of two paths that are to agree.
    pub ends: &'static [&'static str],
    /// What its values are of.
    pub unit: Unit,
    /// The ends that it takes, in one line: "Float `[.., classes]`, Int `[..]`".
    pub takes: &'static str,
    /// Its value, as a formula.
    pub value: &'static str,
    /// The rule that its ends must meet.
    pub rule: fn(&Call, &Site<'_>) -> Result<Typed, Wrong>,
}

impl Loss {
    /// Which numbers it takes at each end, and which where a flag of its is turned, with that flag as it is then.
    #[must_use]
    pub fn numbers(&self, call: &Call) -> (&'static [Takes], Option<Turned>) {
        let Some((flag, where_true)) = self.turned else {
            return (self.numbers, None);
        };
        let parameter = self.parameters.iter().find(|one| one.name == flag);
        let on = match call.flag(flag) {
            None => parameter.is_some_and(|one| one.default == "true"),
            Some(Flag::Literal(on)) => *on,
            // What it takes is known at run time.
            Some(Flag::Hyper(_)) => return (&[], None),
        };
        let (numbers, others) = if on {
            (where_true, self.numbers)
        } else {
            (self.numbers, where_true)
        };
        let turned = Turned {
            flag,
            value: !on,
            numbers: others,
        };
        (numbers, Some(turned))
    }

    /// The units of a call of it on these ends.
    ///
    /// # Errors
    ///
    /// What is wrong with it on these ends.
    pub fn typed(&self, call: &Call, ends: &[End], facts: &Facts) -> Result<Typed, Wrong> {
        let site = Site {
            ends,
            facts,
            unit: self.unit,
        };
        (self.rule)(&call.simplified(), &site)
    }

    /// What hyper-parameters give of a call of it.
    #[must_use]
    pub fn limits(&self, call: &Call) -> Vec<Limit> {
        limits::limits(self.parameters, &call.simplified())
    }

    /// A loss of two paths that are to agree.
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        unit: Unit,
        rule: fn(&Call, &Site<'_>) -> Result<Typed, Wrong>,
    ) -> Self {
        Loss {
            name,
            parameters,
            watch_only: false,
            higher_is_better: false,
            parallel: false,
            numbers: &[],
            turned: None,
            ends: &[],
            unit,
            takes: "",
            value: "",
            rule,
        }
    }

    pub(super) const fn says(self, takes: &'static str, value: &'static str) -> Self {
        Loss {
            takes,
            value,
            ..self
        }
    }

    /// A loss of these ends, to be minimised.
    pub(super) const fn of(self, ends: &'static [&'static str]) -> Self {
        Loss { ends, ..self }
    }

    pub(super) const fn in_one_object(self) -> Self {
        Loss {
            parallel: true,
            ..self
        }
    }

    /// A loss that takes such numbers at its ends.
    pub(super) const fn taking(self, numbers: &'static [Takes]) -> Self {
        Loss { numbers, ..self }
    }

    /// A loss that takes such numbers at its ends where a flag is `true`.
    pub(super) const fn taking_by(self, flag: &'static str, numbers: &'static [Takes]) -> Self {
        Loss {
            turned: Some((flag, numbers)),
            ..self
        }
    }

    pub(super) const fn watch_only(self) -> Self {
        Loss {
            watch_only: true,
            ..self
        }
    }

    pub(super) const fn higher_is_better(self) -> Self {
        Loss {
            higher_is_better: true,
            ..self
        }
    }
}

/// A loss with one of its flags turned.
#[derive(Debug)]
pub struct Turned {
    /// The flag.
    pub flag: &'static str,
    /// What is given for it then.
    pub value: bool,
    /// Which numbers the loss takes at each end then.
    pub numbers: &'static [Takes],
}
