//! What fills a slot: one trait per slot, which says in the words of the diagram what is missing.

use diagram_core::{Code, Kind, Shape, Space};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, Mapped, documentation};
use crate::idents::tuple;
use crate::lower::{Body, Lowered};

/// The traits of all slots.
pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let slots = context
        .morphisms()
        .filter(|mapped| matches!(mapped.body, Body::Slot { .. }) && !mapped.is_average_field());
    slots.filter_map(|mapped| slot(context, &mapped)).collect()
}

/// The traits of the slots that a type parameter stands for.
pub(super) fn traits<'a>(
    lowered: &'a Lowered<'_>,
    parameter: &'a Ident,
) -> impl Iterator<Item = Ident> + 'a {
    let parts = lowered.morphisms.iter().filter(|part| part.known);
    parts
        .filter(
            move |part| matches!(&part.body, Body::Slot { parameter: of, .. } if of == parameter),
        )
        .map(|part| crate::idents::generated(&lowered.tree.name, &part.stem))
}

fn slot(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (domain, codomain) = mapped.ends()?;
    let (input, output) = (
        tuple(&context.space_tensors(domain)),
        tuple(&context.space_tensors(codomain)),
    );
    let name = context.named(mapped.stem);
    let (slot, model) = (&mapped.morphism.name, context.model());
    let diagram = context.diagram();
    let (from, to) = (diagram.product(domain), diagram.product(codomain));
    let (given, wanted) = (types(context, domain), types(context, codomain));
    // error: `Flat` cannot fill the slot `trunk` of `Classifier`, which takes a module from `Image` to `Feature`
    // [D0321]
    let module = escaped(&format!("module from `{from}` to `{to}`"));
    let message = format!(
        "`{{Self}}` cannot fill the slot `{slot}` of `{model}`, which takes a {module} [{}]",
        Code::NoSuchMap
    );
    let label = format!("no {module}");
    let shapes = format!(
        "`{slot}` : {} -> {}",
        diagram.shapes(domain),
        diagram.shapes(codomain)
    );
    let shapes = escaped(&shapes);
    let takes =
        format!("what fills it derives `Module` and implements `Map<{given}, Output = {wanted}>`");
    let bounds = quote! {
        #runtime::burn::module::Module
            + #runtime::burn::module::ModuleDisplay
            + #runtime::Map<#input, Output = #output>
            + 'static
    };
    let doc = documentation::slot(context, mapped, &given, &wanted);
    Some(quote! {
        #[doc = #doc]
        #[diagnostic::on_unimplemented(
            message = #message,
            label = #label,
            note = #shapes,
            note = #takes
        )]
        #visibility trait #name: #bounds {}

        // What is missing is said of the slot.
        #[diagnostic::do_not_recommend]
        impl<Filling: #bounds> #name for Filling {}
    })
}

/// The types of the tensors of a product, as a user writes them.
fn types(context: &Context<'_>, spaces: &[Space]) -> String {
    let diagram = context.diagram();
    let types: Vec<_> = spaces
        .iter()
        .map(|space| tensor(&diagram.object(space.object).shape))
        .collect();
    match types.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}

fn tensor(shape: &Shape) -> String {
    match shape.kind {
        Kind::Float => format!("Tensor<{}>", shape.rank()),
        kind => format!("Tensor<{}, {kind}>", shape.rank()),
    }
}

/// A brace stands twice in what rustc formats.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
