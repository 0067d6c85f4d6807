//! The questions that generated code asks the fields of a model.

use burn::module::{Module, ModuleDisplay};
use burn::tensor::Device;

use crate::adapters::{Adapters, check_adapters, freeze_bases, is_adapted};
use crate::average::{self, Moved};
use crate::error::DiagramError;
use crate::module::{Owners, Parameters, frozen_copy, is_frozen, takes_gradients, training_device};

/// A field of a model, which may be of the caller's type.
///
/// Generated code names the type as it is written, `<Teacher as FieldModule>::is_frozen(…)`. If that type is not
/// a module, every such place has the same error, which rustc reports once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no Burn module, so no morphism can be it",
    label = "the module of a morphism",
    note = "a struct whose fields are modules, parameters or settings becomes one by `#[derive(Module, Debug)]`"
)]
pub trait FieldModule: Sized {
    /// Generated code names this first, so that its error comes first.
    const IS_MODULE: () = ();

    /// A copy that never changes.
    #[must_use]
    fn frozen_copy(self) -> Self;

    /// The start of an average of it: a copy that takes no gradients, in the same mode.
    #[must_use]
    fn untrained_copy(&self) -> Self;

    /// Whether no parameter of it takes gradients.
    fn is_untrained(&self) -> bool;

    /// This average after a step of the averaged module. The names are those of the two.
    ///
    /// # Errors
    ///
    /// The two have different parameters.
    fn following(
        &self,
        of: &Self,
        decay: f64,
        names: (&str, &str),
        moved: Option<&Moved>,
    ) -> Result<Self, DiagramError>;

    /// Whether nothing in it can be trained.
    fn is_frozen(&self) -> bool;

    /// [`Owners::own`].
    #[must_use]
    fn owned(self, owners: &mut Owners) -> Self;

    /// [`Parameters::add`].
    fn add_to(&self, parameters: &mut Parameters, field: &str);

    /// The device with gradients that it is trained on; there is none after [`Module::valid`].
    fn training_device(&self) -> Option<Device>;

    /// [`Adapters::attach`].
    ///
    /// # Errors
    ///
    /// Those of [`Adapters::attach`].
    fn adapted(self, adapters: &Adapters, morphism: &str) -> Result<Self, DiagramError>;

    /// [`Adapters::restore`].
    #[must_use]
    fn restored(self, adapters: &Adapters) -> Self;

    /// The same module, of which nothing can be trained except its adapters.
    #[must_use]
    fn with_frozen_bases(self) -> Self;

    /// Whether nothing in it can be trained except its adapters.
    fn is_adapted(&self) -> bool;

    /// Checks that it has its adapters.
    ///
    /// # Errors
    ///
    /// It takes gradients and has no adapters.
    fn check_adapters(&self, morphism: &str) -> Result<(), DiagramError>;
}

#[diagnostic::do_not_recommend]
impl<M: Module + ModuleDisplay> FieldModule for M {
    fn frozen_copy(self) -> Self {
        frozen_copy(self)
    }

    fn untrained_copy(&self) -> Self {
        average::untrained_copy(self)
    }

    fn is_untrained(&self) -> bool {
        !takes_gradients(self)
    }

    fn following(
        &self,
        of: &Self,
        decay: f64,
        names: (&str, &str),
        moved: Option<&Moved>,
    ) -> Result<Self, DiagramError> {
        average::follow(self, of, decay, names, moved)
    }

    fn is_frozen(&self) -> bool {
        is_frozen(self)
    }

    fn owned(self, owners: &mut Owners) -> Self {
        owners.own(self)
    }

    fn add_to(&self, parameters: &mut Parameters, field: &str) {
        parameters.add(field, self);
    }

    fn training_device(&self) -> Option<Device> {
        training_device(self)
    }

    fn adapted(self, adapters: &Adapters, morphism: &str) -> Result<Self, DiagramError> {
        adapters.attach(morphism, self)
    }

    fn restored(self, adapters: &Adapters) -> Self {
        adapters.restore(self)
    }

    fn with_frozen_bases(self) -> Self {
        freeze_bases(self)
    }

    fn is_adapted(&self) -> bool {
        is_adapted(self)
    }

    fn check_adapters(&self, morphism: &str) -> Result<(), DiagramError> {
        check_adapters(morphism, self)
    }
}
