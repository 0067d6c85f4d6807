//! What Burn's learner needs: a training step, an inference step, and the set-up of a training.

use diagram_core::{Cell, CellRole};
use proc_macro2::TokenStream;
use quote::quote;

use super::values::cell_variable;
use super::{Context, loss};
use crate::idents::field_ident;
use crate::syntax::tree::bare;

pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    context
        .has_cells(CellRole::Trained)
        .then(|| training(context))
}

fn training(context: &Context<'_>) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (implementing, model) = (context.implementing(), context.model_type());
    let batch = context.named("Batch");
    let train = context.body(|| train(context));
    let watches = context.has_cells(CellRole::Watched);
    let infer = watches.then(|| context.body(|| infer(context)));
    let start = context.body(|| {
        let better = context
            .lowered
            .cells
            .iter()
            .filter(|cell| cell.higher_is_better);
        let better = better.filter_map(|cell| cell.name.as_ref().map(bare));
        quote! {
            #runtime::training(directory, train, valid, device, Self::diagram(), &[#(#better),*])
        }
    });
    let step = context.body(|| {
        quote! {
            let (total, output) = #runtime::or_panic(self.__train(batch));
            #runtime::train_step(self, &total, output)
        }
    });
    let optimize = context.has_frozen().then(|| optimize(context));
    let values = field_ident(if watches { "__infer" } else { "__train" });
    let inference = context.body(|| {
        quote! {
            let values = #runtime::evaluating(self, |model| model.#values(batch.__plain()));
            #runtime::or_panic(values).1
        }
    });
    let result = quote! {
        #runtime::Checked<(#runtime::Tensor<1>, #runtime::StepOutput)>
    };
    let infer = infer.map(|infer| quote!(fn __infer(&self, batch: #batch) -> #result #infer));
    quote! {
        #[allow(deprecated)]
        #implementing #runtime::burn::train::TrainStep for #model {
            type Input = #batch;
            type Output = #runtime::StepOutput;

            #[track_caller]
            fn step(&self, batch: #batch) -> #runtime::burn::train::TrainOutput<#runtime::StepOutput> #step

            #optimize
        }

        #[allow(deprecated)]
        #implementing #runtime::burn::train::InferenceStep for #model {
            type Input = #batch;
            type Output = #runtime::StepOutput;

            #[track_caller]
            fn step(&self, batch: #batch) -> #runtime::StepOutput #inference
        }

        #[allow(dead_code, deprecated, unused_variables)]
        #implementing #model {
            /// A training by Burn's learner on this device, to be continued with Burn's own methods,
            /// such as `num_epochs` and `with_default_checkpointers`, and launched on a model with
            /// an optimiser and a learning rate or schedule.
            ///
            /// Set up are the device, a metric `Loss` and one per trained cell, in training and
            /// validation, one per watch in validation, and a check of every batch: one that does
            /// not fit the drawing ends the training, as the `error` of its result. Logs and
            /// checkpoints go into `directory`. No application logger is installed.
            ///
            /// Build the model on a device with gradients (`device.autodiff()`).
            #[must_use]
            #visibility fn training(
                directory: impl ::core::convert::AsRef<::std::path::Path>,
                train: ::std::sync::Arc<dyn #runtime::burn::data::dataloader::DataLoader<#batch>>,
                valid: ::std::sync::Arc<dyn #runtime::burn::data::dataloader::DataLoader<#batch>>,
                device: &#runtime::Device,
            ) -> #runtime::burn::train::SupervisedTraining<Self> #start

            fn __train(&self, batch: #batch) -> #result #train

            #infer
        }
    }
}

/// The optimiser's steps: what is drawn frozen stays so, whatever was done to its module, and averages follow.
fn optimize(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let steps = [
        ("optimize", "GradientsParams", "step", "by"),
        (
            "optimize_multi",
            "MultiGradientsParams",
            "step_multi",
            "by_multi",
        ),
    ];
    let functions = steps.map(|(function, gradients, step, by)| {
        let [function, gradients, step, by] = [function, gradients, step, by].map(field_ident);
        let stepped = if context.has_averages() {
            quote! {
                let moved = #runtime::Moved::#by(&model, &gradients);
                let mut model = optimizer.#step(rate, model, gradients);
                #runtime::or_panic(model.__follow(::core::option::Option::Some(&moved)));
                model
            }
        } else {
            quote!(optimizer.#step(rate, model, gradients))
        };
        let body = context.body(|| {
            quote! {
                let model = match self.__frozen_as_drawn() {
                    ::core::option::Option::None => self,
                    ::core::option::Option::Some(model) => model,
                };
                #stepped
            }
        });
        quote! {
            #[allow(unused_variables)]
            fn #function(
                self,
                optimizer: &mut #runtime::burn::optim::ModuleOptimizer,
                rate: #runtime::burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate,
                gradients: #runtime::burn::optim::#gradients,
            ) -> Self #body
        }
    });
    quote!(#(#functions)*)
}

/// The body of a training step: the loss, with every value for the metrics.
fn train(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let cells = loss::planned(context, &[CellRole::Trained]);
    let names = cells.iter().map(|(cell, _)| Cell::label(cell));
    quote! {
        let samples = batch.__samples();
        let loss = self.try_loss(batch)?;
        let cells = loss.iter().map(|(_, value)| value);
        let output = #runtime::StepOutput::new(
            &[#runtime::StepOutput::LOSS, #(#names),*],
            ::core::iter::once(&loss.total).chain(cells).cloned().collect(),
            samples,
        );
        ::core::result::Result::Ok((loss.total, output))
    }
}

/// The body of a validation step: cells and watches together, so that they share what they evaluate.
fn infer(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let roles = [CellRole::Trained, CellRole::Watched];
    let steps = loss::steps(context, &roles, false);
    let total = loss::total(context);
    let cells = loss::planned(context, &roles);
    let names = cells.iter().map(|(cell, _)| Cell::label(cell));
    let values = (0..cells.len()).map(cell_variable);
    quote! {
        let samples = batch.__samples();
        #steps
        let total = #total;
        let output = #runtime::StepOutput::new(
            &[#runtime::StepOutput::LOSS, #(#names),*],
            ::std::vec![total.clone(), #(#values),*],
            samples,
        );
        ::core::result::Result::Ok((total, output))
    }
}
