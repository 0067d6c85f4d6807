//! Exponential moving averages of modules, as `ema` in a diagram defines them.

use std::any::Any;
use std::collections::{HashSet, VecDeque};

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param, ParamId, list_param_ids};
use burn::optim::{GradientsParams, MultiGradientsParams};
use burn::tensor::{Bool, Int, Tensor};

use crate::error::DiagramError;
use crate::module::{FreshIds, copy, training_device};

#[cfg(test)]
mod tests;

/// The start of an average: a copy with parameters of its own that take no gradients.
///
/// A clone would share the ids of its parameters with the averaged module, and an optimiser gives a
/// gradient to the first parameter that has its id.
#[must_use]
pub(crate) fn untrained_copy<M: Module>(module: &M) -> M {
    copy(module, |copy| copy.map(&mut FreshIds).no_grad())
}

/// The parameters that a step of an optimiser moves: those that have a gradient in it.
#[derive(Clone, Debug, Default)]
pub struct Moved(HashSet<ParamId>);

impl Moved {
    /// The parameters of a model with gradients among these.
    #[must_use]
    pub fn by<M: Module>(model: &M, gradients: &GradientsParams) -> Self {
        Moved::by_any(model, &[gradients])
    }

    /// The parameters of a model with gradients among these, on any device.
    #[must_use]
    pub fn by_multi<M: Module>(model: &M, gradients: &MultiGradientsParams) -> Self {
        let gradients = gradients.grads.iter().map(|(gradients, _)| gradients);
        Moved::by_any(model, &gradients.collect::<Vec<_>>())
    }

    fn by_any<M: Module>(model: &M, gradients: &[&GradientsParams]) -> Self {
        let mut reached = Reached {
            gradients,
            moved: Moved::default(),
        };
        model.visit(&mut reached);
        reached.moved
    }
}

/// Finds the parameters that have a gradient.
struct Reached<'a> {
    gradients: &'a [&'a GradientsParams],
    moved: Moved,
}

impl ModuleVisitor for Reached<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let has_gradient = |one: &&GradientsParams| one.get::<D>(param.id).is_some();
        if self.gradients.iter().any(has_gradient) {
            self.moved.0.insert(param.id);
        }
    }
}

/// The average after a step of the averaged module `of`: `decay` · the average + (1 − `decay`) · `of`.
///
/// Running statistics, integers and the modes of dropout and similar layers are copied. A parameter that the step
/// did not move does not move its average: one that takes no gradients, or one that is not among `moved`, where that
/// is known.
///
/// # Errors
///
/// The two have different parameters, because one of them was assigned.
pub(crate) fn follow<M: Module>(
    average: &M,
    of: &M,
    decay: f64,
    names: (&str, &str),
    moved: Option<&Moved>,
) -> Result<M, DiagramError> {
    let mut follower = Follower {
        decay,
        sources: Sources::of(of, moved).all,
        training: training_device(of).is_some(),
        fits: true,
    };
    // Burn keeps the last update of running statistics aside, and that of the average itself would hide the copied
    // statistics. A copy keeps none aside.
    let moved = copy(average, |copy| copy.map(&mut follower));
    if follower.fits && follower.sources.is_empty() {
        return Ok(moved);
    }
    Err(differ((average, names.0), (of, names.1)))
}

/// Checks the decays of averages, by average.
///
/// # Errors
///
/// The first decay that is not from 0 to 1.
pub fn check_decays(decays: &[(&str, f64)]) -> Result<(), DiagramError> {
    let mut decays = decays.iter();
    match decays.find(|(_, decay)| !(0.0..=1.0).contains(decay)) {
        None => Ok(()),
        Some((average, decay)) => Err(DiagramError::BadDecay {
            average: (*average).to_owned(),
            decay: decay.to_string(),
        }),
    }
}

/// The effect of a step on the average of a value.
enum Change {
    /// It moves.
    Moved,
    /// It becomes the value.
    Copied,
    /// It stays as it is.
    Still,
}

/// A value in the averaged module.
struct Source {
    /// A tensor of some rank and kind, without gradients, or the `bool` of a flag.
    value: Box<dyn Any>,
    change: Change,
}

/// The values in a module, in the order in which they are visited and mapped.
struct Sources<'a> {
    all: VecDeque<Source>,
    /// The parameters that the step moved, where that is known.
    moved: Option<&'a Moved>,
    /// The ids of running statistics.
    statistics: HashSet<ParamId>,
}

impl<'a> Sources<'a> {
    fn of<M: Module>(module: &M, moved: Option<&'a Moved>) -> Self {
        // Running statistics keep their ids whatever a mapper does. These distinguish them from parameters
        // that take no gradients. `valid` brings them up to date.
        let mapped = module.valid().map(&mut FreshIds);
        let mapped: HashSet<_> = list_param_ids(&mapped).into_iter().collect();
        let ids = list_param_ids(module).into_iter();
        let mut sources = Sources {
            all: VecDeque::new(),
            moved,
            statistics: ids.filter(|id| mapped.contains(id)).collect(),
        };
        module.visit(&mut sources);
        sources
    }

    fn push<T: 'static>(&mut self, value: T, change: Change) {
        let value = Box::new(value);
        self.all.push_back(Source { value, change });
    }
}

impl ModuleVisitor for Sources<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let change = if self.statistics.contains(&param.id) {
            Change::Copied
        } else if param.is_require_grad()
            && self.moved.is_none_or(|moved| moved.0.contains(&param.id))
        {
            Change::Moved
        } else {
            Change::Still
        };
        self.push(param.val().inner(), change);
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.push(param.val().inner(), Change::Copied);
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.push(param.val().inner(), Change::Copied);
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.push(flag.is_enabled(), Change::Copied);
    }
}

/// Moves an average, on a device without gradients.
struct Follower {
    decay: f64,
    /// The values that it still has to follow, in order.
    sources: VecDeque<Source>,
    /// Whether the averaged module is in training. In validation its flags are off and have no meaning.
    training: bool,
    /// Whether every value so far had its counterpart.
    fits: bool,
}

impl Follower {
    /// The next source, if it is of this kind and shape, and the effect on its average.
    fn next<T: 'static>(&mut self, fits: impl FnOnce(&T) -> bool) -> Option<(T, Change)> {
        let source = self.sources.pop_front().and_then(|source| {
            let value = source.value.downcast::<T>().ok()?;
            fits(&value).then_some((*value, source.change))
        });
        self.fits &= source.is_some();
        source
    }
}

impl ModuleMapper for Follower {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.shape();
        match self.next::<Tensor<D>>(|source| source.shape() == shape) {
            Some((source, Change::Copied)) => param.map(|_| source),
            // In this form rounding does not move an average that equals its source, and a decay of 0 gives exactly
            // the source.
            Some((source, Change::Moved)) if self.decay > 0.0 => {
                let rest = 1.0 - self.decay;
                param.map(|own| own.clone() + (source - own) * rest)
            }
            Some((source, Change::Moved)) => param.map(|_| source),
            Some((_, Change::Still)) | None => param,
        }
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        let shape = param.shape();
        match self.next::<Tensor<D, Int>>(|source| source.shape() == shape) {
            Some((source, _)) => param.map(|_| source),
            None => param,
        }
    }

    fn map_bool<const D: usize>(
        &mut self,
        param: Param<Tensor<D, Bool>>,
    ) -> Param<Tensor<D, Bool>> {
        let shape = param.shape();
        match self.next::<Tensor<D, Bool>>(|source| source.shape() == shape) {
            Some((source, _)) => param.map(|_| source),
            None => param,
        }
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        match self.next::<bool>(|_| true) {
            // As `valid` leaves a flag: off, until the module is in training mode again.
            Some((on, _)) if self.training => flag.with_value(on).valid(),
            Some(_) | None => flag,
        }
    }
}

/// The error that names the first parameters of an average and of its averaged module that differ.
fn differ<M: Module>((average, name): (&M, &str), (of, of_name): (&M, &str)) -> DiagramError {
    let [own, other] = [(average, name), (of, of_name)].map(|(module, name)| {
        let mut shapes = Shapes::default();
        shapes.at.push(name.to_owned());
        module.visit(&mut shapes);
        shapes.all
    });
    // The path in the module comes after the name of the morphism.
    let same = |(own, other): (&(String, String), &(String, String))| {
        own.0[name.len()..] == other.0[of_name.len()..] && own.1 == other.1
    };
    let first = own
        .iter()
        .zip(&other)
        .take_while(|pair| same(*pair))
        .count();
    DiagramError::OtherParameters {
        average: name.to_owned(),
        of: of_name.to_owned(),
        first: own
            .get(first)
            .into_iter()
            .chain(other.get(first))
            .cloned()
            .collect(),
    }
}

/// The parameters of a module: the path and the shape of each.
#[derive(Default)]
struct Shapes {
    all: Vec<(String, String)>,
    at: Vec<String>,
}

impl Shapes {
    fn push(&mut self, dims: &[usize]) {
        self.all.push((self.at.join("."), format!("{dims:?}")));
    }
}

impl ModuleVisitor for Shapes {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.push(&param.shape());
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.push(&param.shape());
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.push(&param.shape());
    }

    fn visit_flag(&mut self, _flag: &Param<Flag>) {
        self.push(&[]);
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.at.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.pop();
    }
}
