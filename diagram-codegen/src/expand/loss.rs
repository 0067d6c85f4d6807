//! The loss and the evaluation: their values by name, and the functions that compute them.

use diagram_core::{Cell, CellRole, Kind, Plan, Scalar, Weight};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::values::{self, Values, cell_variable};
use super::weights::weight;
use super::{Context, attributes, built, documentation, learned};
use crate::idents::field_ident;
use crate::lower::CellPart;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let loss = context
        .has_cells(CellRole::Trained)
        .then(|| group(context, &LOSS));
    let evaluation = context
        .has_cells(CellRole::Watched)
        .then(|| group(context, &EVALUATION));
    quote!(#loss #evaluation)
}

/// What differs between the trained cells and the watched ones.
struct Group {
    role: CellRole,
    ty: &'static str,
    function: &'static str,
    fallible: &'static str,
    unchecked: &'static str,
    document: &'static str,
    function_document: &'static str,
}

const LOSS: Group = Group {
    role: CellRole::Trained,
    ty: "Loss",
    function: "loss",
    fallible: "try_loss",
    unchecked: "__loss",
    document: "The loss of one batch: the weighted total, and the unweighted value of every named cell, each of shape `[1]`.",
    function_document: "The loss of a batch: every distinct application is evaluated once.",
};

const EVALUATION: Group = Group {
    role: CellRole::Watched,
    ty: "Evaluation",
    function: "evaluate",
    fallible: "try_evaluate",
    unchecked: "__evaluate",
    document: "The watched cells of one batch, each value of shape `[1]`.",
    function_document: "The watched cells of a batch, computed by `valid()` of the model on any devices: dropout is off, running statistics do not move, and nothing is recorded for gradients.",
};

/// The cells of these roles, role by role, with their parts, where both are whole.
pub(super) fn planned<'a>(
    context: &Context<'a>,
    roles: &[CellRole],
) -> Vec<(&'a Cell, &'a CellPart<'a>)> {
    let of_role = |role: &CellRole| {
        let role = *role;
        let both = context.diagram().cells.iter().zip(&context.lowered.cells);
        both.filter(move |(_, part)| part.role == role)
    };
    roles.iter().flat_map(of_role).collect()
}

fn group(context: &Context<'_>, group: &Group) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let tensor = quote!(#runtime::Tensor<1>);
    let trained = group.role == CellRole::Trained;
    let name = context.named(group.ty);
    let document = group.document;
    let total = trained.then(|| {
        quote! {
            /// The sum of all cells, each times its weight: what training makes small.
            #visibility total: #tensor,
        }
    });
    let fields = context.cells(group.role).filter_map(|cell| {
        let (field, user) = (cell.name.as_ref()?, attributes([&cell.attributes]));
        let known = cell
            .index
            .and_then(|index| context.diagram().cells.get(index));
        let doc = documentation::cell(cell, known);
        Some(quote!(#user #[doc = #doc] #visibility #field: #tensor,))
    });
    let unnamed = context
        .cells(group.role)
        .filter(|cell| cell.name.is_none())
        .count();
    let unnamed_field = (unnamed > 0).then(|| quote!(__unnamed: [#tensor; #unnamed],));
    let names: Vec<_> = context
        .diagram()
        .cells
        .iter()
        .filter(|c| c.role == group.role)
        .map(Cell::label)
        .collect();
    let mut next_unnamed = 0_usize..;
    let values = context.cells(group.role).map(|cell| match &cell.name {
        Some(field) => quote!(&self.#field),
        None => {
            let index = next_unnamed.next().unwrap_or_default();
            quote!(&self.__unnamed[#index])
        }
    });
    let count = names.len();
    let each = context.body(|| quote!([#((#names, #values)),*].into_iter()));
    let check = trained.then(|| {
        let body = context.body(|| quote!(#runtime::check_finite(&self.total, self.iter())));
        quote! {
            /// Whether the total is a finite number. It is read back, for which a device that computes on its
            /// own is waited for.
            ///
            /// # Errors
            ///
            /// The first cell that is infinite or not a number.
            #visibility fn check(&self) -> ::core::result::Result<(), #runtime::DiagramError> {
                #body
            }
        }
    });
    let functions = functions(context, group, &name);
    quote! {
        #[doc = #document]
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name { #total #(#fields)* #unnamed_field }

        #[allow(dead_code, deprecated)]
        impl #name {
            /// Every cell by name, in the order written; a cell without a name as it is written.
            #visibility fn iter(&self) -> ::core::array::IntoIter<(&'static str, &#tensor), #count> #each

            #check
        }

        #functions
    }
}

fn functions(context: &Context<'_>, group: &Group, name: &Ident) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (implementing, model) = (context.implementing(), context.model_type());
    let (function, fallible) = (field_ident(group.function), field_ident(group.fallible));
    let batch = context.named("Batch");
    let document = group.function_document;
    let trained = group.role == CellRole::Trained;
    let errors = if trained {
        "A bad batch, a module that returns another shape than drawn, a weight that is negative or not a number, or an argument of a loss out of its range."
    } else {
        "A bad batch, a module that returns another shape than drawn, or an argument of a loss out of its range."
    };
    let whole = |context: &Context<'_>| {
        let steps = steps(context, &[group.role], trained);
        let total = trained.then(|| {
            let total = total(context);
            quote!(total: #total,)
        });
        let mut unnamed = Vec::new();
        let mut fields = Vec::new();
        for (index, (_, part)) in planned(context, &[group.role]).into_iter().enumerate() {
            let value = cell_variable(index);
            match &part.name {
                Some(field) => fields.push(quote!(#field: #value,)),
                None => unnamed.push(value),
            }
        }
        let unnamed = (!unnamed.is_empty()).then(|| quote!(__unnamed: [#(#unnamed),*],));
        quote! {
            #steps
            ::core::result::Result::Ok(#name { #total #(#fields)* #unnamed })
        }
    };
    let result = quote!(::core::result::Result<#name, #runtime::DiagramError>);
    let inner = field_ident(group.unchecked);
    let adapted = context.morphisms().any(|mapped| mapped.is_adapted_field());
    let adapters = adapted.then(|| quote!(self.__check_adapters()?;));
    let of = |call: TokenStream| {
        let outer = context.body(|| quote!(#adapters #call));
        let body = context.body(|| whole(context));
        let inner = quote!(fn #inner(&self, batch: #batch) -> #result #body);
        (outer, Some(inner))
    };
    let (body, inner) = if !trained {
        of(quote!(#runtime::evaluating(self, |model| model.#inner(batch.__plain()))))
    } else if context.has_frozen() {
        // What is drawn frozen stays so, whatever was done to its module.
        of(quote! {
            match self.__frozen_as_drawn() {
                ::core::option::Option::None => self.#inner(batch),
                ::core::option::Option::Some(model) => model.#inner(batch),
            }
        })
    } else {
        (context.body(|| whole(context)), None)
    };
    quote! {
        #[allow(dead_code, deprecated, unused_variables)]
        #implementing #model {
            #[doc = #document]
            ///
            /// # Panics
            ///
            /// If the form with `try_` returns an error.
            #[must_use]
            #[track_caller]
            #visibility fn #function(&self, batch: #batch) -> #name {
                #runtime::or_panic(self.#fallible(batch))
            }

            #[doc = #document]
            ///
            /// # Errors
            ///
            #[doc = #errors]
            #visibility fn #fallible(&self, batch: #batch) -> #result #body

            #inner
        }
    }
}

/// The statements that check `batch` and compute the cells with these roles; `recorded` where they may be
/// recorded for gradients.
pub(super) fn steps(context: &Context<'_>, roles: &[CellRole], recorded: bool) -> TokenStream {
    let batch = context.named("Batch");
    let planned = planned(context, roles);
    let plan = Plan::of_cells(context.diagram(), planned.iter().map(|(cell, _)| *cell));
    let code = Values::of_cells(context, &planned, &plan, recorded);
    let sizes = context.sizes_of(&quote!(self.config));
    let checked = quote!(batch.__check(&#sizes)?);
    let sizes = values::with_sizes(&checked, code.sized);
    let data = &context.diagram().data;
    let bound = code.leaves.iter().map(|(datum, variable)| {
        let field = field_ident(&data[*datum].field);
        quote!(#field: #variable,)
    });
    let lifted = recorded.then(|| lifted(context, &code.leaves));
    let weights = roles.contains(&CellRole::Trained).then(|| weights(context));
    let limited = planned.iter().any(|(cell, _)| !cell.limits.is_empty());
    let ranges = limited.then(|| {
        let (runtime, floats) = (&context.runtime, context.float_values(&quote!(self.hyper)));
        quote!(#runtime::check_losses(Self::diagram(), #floats)?;)
    });
    let steps = &code.steps;
    let built = built::checked(context, &planned, &plan, &code.leaves);
    quote! {
        #weights
        #ranges
        #sizes
        let #batch { #(#bound)* .. } = batch;
        #built
        #lifted
        #steps
    }
}

/// Dropout and its kind are off for an input on a plain device. So in training the Float data go to
/// the device with gradients, if they are not there yet.
fn lifted(context: &Context<'_>, data: &[(usize, Ident)]) -> TokenStream {
    let diagram = context.diagram();
    let floats = data.iter().filter(|(datum, _)| {
        let object = diagram.data[*datum].space.object;
        diagram.object(object).shape.kind == Kind::Float
    });
    let floats: Vec<_> = floats.map(|(_, variable)| variable).collect();
    if floats.is_empty() {
        return TokenStream::new();
    }
    let runtime = &context.runtime;
    quote! {
        let device = if #(#floats.is_autodiff())&&* {
            ::core::option::Option::None
        } else {
            self.__training_device()
        };
        #(
            let #floats = match &device {
                ::core::option::Option::None => #floats,
                ::core::option::Option::Some(device) => #runtime::lift(#floats, device),
            };
        )*
    }
}

/// The check of the weights that are not known when the macro runs.
fn weights(context: &Context<'_>) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let cells = planned(context, &[CellRole::Trained]).into_iter();
    let unknown = cells.filter_map(|(cell, part)| {
        let written = matches!(&cell.weight, Weight::Scalar(Scalar::Number(_)));
        let apart = matches!(&cell.weight, Weight::Path(_) | Weight::Learned(_));
        if apart || written && part.name.is_none() {
            return None;
        }
        let (name, weight) = (cell.label(), weight(context, part));
        Some(quote!((#name, #weight)))
    });
    let unknown: Vec<_> = unknown.collect();
    (!unknown.is_empty()).then(|| quote!(#runtime::check_weights(&[#(#unknown),*])?;))
}

/// The weighted sum of the trained cells, which stand first among those planned.
pub(super) fn total(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let model = quote!(self);
    let (mut plain, mut learned) = (Vec::new(), Vec::new());
    for (index, (cell, part)) in planned(context, &[CellRole::Trained]).iter().enumerate() {
        let value = cell_variable(index).into_token_stream();
        match learned_term(context, cell, &value, &model) {
            Some(term) => learned.push(term),
            None => {
                let weight = weight(context, part);
                plain.push(quote!((&#value, #weight)));
            }
        }
    }
    let plain = (!plain.is_empty() || learned.is_empty())
        .then(|| quote!(#runtime::weighted_total(&[#(#plain),*])));
    let terms = plain.into_iter().chain(learned);
    quote!(#(#terms)+*)
}

/// What each trained cell adds to the total, where `loss` is a loss of `model`.
pub(super) fn terms(context: &Context<'_>) -> Vec<TokenStream> {
    let runtime = &context.runtime;
    let model = quote!(model);
    let mut unnamed = 0_usize..;
    let cells = planned(context, &[CellRole::Trained]).into_iter();
    cells
        .map(|(cell, part)| {
            let value = match &part.name {
                Some(field) => quote!(loss.#field),
                None => {
                    let index = unnamed.next().unwrap_or_default();
                    quote!(loss.__unnamed[#index])
                }
            };
            learned_term(context, cell, &value, &model).unwrap_or_else(|| {
                let weight = weight(context, part);
                quote!(#runtime::weighted_total(&[(&#value, #weight)]))
            })
        })
        .collect()
}

/// A cell's value with its weight, where that is learned.
fn learned_term(
    context: &Context<'_>,
    cell: &Cell,
    value: &TokenStream,
    model: &TokenStream,
) -> Option<TokenStream> {
    let Weight::Learned(id) = &cell.weight else {
        return None;
    };
    let field = learned::field(context, *id);
    Some(quote!(#model.learned.#field.weigh(#value.clone())))
}
