//! The model: a field a morphism that has parameters, a method a morphism.

use diagram_core::{MorphismId, Space};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::{Context, Mapped, attributes, braced, documentation, values};
use crate::lower::Body;
use crate::lower::names::snake_case;
use crate::lower::scope::{dim_ident, field_ident};

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let structure = structure(context);
    let methods = methods(context);
    [structure, methods].into_iter().collect()
}

fn structure(context: &Context<'_>) -> TokenStream {
    let (model, visibility) = (context.model(), context.visibility());
    let user = attributes([&context.lowered.tree.attributes.as_slice()]);
    let docs = documentation::model(context);
    let morphisms = context
        .morphisms()
        .filter(Mapped::has_field)
        .filter_map(|mapped| {
            let ty = match mapped.body {
                Body::Module { ty, .. } => quote!(#ty),
                _ => {
                    mapped.ends()?;
                    let ty = super::morphism::type_name(context, &mapped);
                    quote!(#ty)
                }
            };
            let (field, user) = (mapped.name, attributes(mapped.attributes));
            let doc = documentation::arrow(context, &mapped);
            Some(quote!(#user #[doc = #doc] #visibility #field: #ty,))
        });
    let hyper = context.has_floats().then(|| {
        let ty = context.named("Hyper");
        quote! {
            /// The hyper-parameters that may change while training.
            #[module(skip)]
            #visibility hyper: #ty,
        }
    });
    let weights = context.has_weights().then(|| {
        let ty = context.named("Weights");
        quote! {
            /// The weights of the cells.
            #[module(skip)]
            #visibility weights: #ty,
        }
    });
    let config = context.named("Config");
    let config = quote! {
        /// What it was built by.
        #[module(skip)]
        config: #config,
    };
    let fields = braced(morphisms.chain(hyper).chain(weights).chain([config]));
    quote! {
        #user
        #[doc = #docs]
        #[derive(burn::module::Module, Debug)]
        #[allow(dead_code, clippy::struct_field_names)]
        #visibility struct #model #fields
    }
}

fn methods(context: &Context<'_>) -> TokenStream {
    let (runtime, model, visibility) = (&context.runtime, context.model(), context.visibility());
    let config = context.named("Config");
    let diagram = context.body(|| {
        // A diagram is plain data, which serialises.
        let text = serde_json::to_string(context.diagram()).unwrap_or_default();
        quote! {
            static DIAGRAM: #runtime::LazyLock<#runtime::diagram_core::Diagram> =
                #runtime::LazyLock::new(|| #runtime::diagram_from_json(#text));
            &DIAGRAM
        }
    });
    let current = context.body(|| {
        let floats = context
            .floats()
            .map(|field| quote!(config.#field = self.hyper.#field;));
        let weights = context
            .has_weights()
            .then(|| quote!(config.weights = ::core::clone::Clone::clone(&self.weights);));
        quote! {
            #[allow(unused_mut)]
            let mut config = ::core::clone::Clone::clone(&self.config);
            #(#floats)*
            #weights
            config
        }
    });
    let functions = context
        .morphisms()
        .filter_map(|mapped| function(context, &mapped));
    let applications = context
        .morphisms()
        .filter_map(|mapped| method(context, &mapped));
    let own = quote! {
        /// The diagram as data; it prints itself as text, and as Mermaid.
        #[must_use]
        #visibility fn diagram() -> &'static #runtime::diagram_core::Diagram #diagram

        /// The configuration with the present values of hyper-parameters and weights, to save
        /// beside a record.
        #[must_use]
        #visibility fn config(&self) -> #config #current
    };
    let methods = braced([own].into_iter().chain(applications).chain(functions));
    quote! {
        #[allow(dead_code, unused_variables, clippy::unused_self)]
        impl #model #methods

        #[allow(dead_code)]
        impl #config {
            /// The diagram as data; it prints itself as text, and as Mermaid.
            #[must_use]
            #visibility fn diagram() -> &'static #runtime::diagram_core::Diagram {
                #model::diagram()
            }
        }
    }
}

/// The private function that applies a morphism, where more than its module's `forward` is needed.
fn function(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let (domain, codomain) = mapped.ends()?;
    let (input, output) = (context.space_tensor(domain), context.space_tensor(codomain));
    let name = mapped.function();
    let body = match mapped.body {
        Body::Layers {
            fields,
            forward,
            reads,
            ..
        } if fields.is_empty() => {
            let body = context.body(|| quote!(#(let x = #forward;)* x));
            let reads = reads.iter().map(|name| dim_ident(name));
            let reads = quote!(#(, #reads: usize)*);
            return Some(quote!(fn #name(x: #input #reads) -> #output #body));
        }
        Body::Module { .. } => context.body(|| {
            // rustc reports a module of another rank or kind at the arrow. Only the place is the
            // arrow's: `self` and `x` are names of the generated function.
            let field = mapped.name;
            let place = field.span().resolved_at(Span::call_site());
            let applied = quote_spanned!(place=> self.#field.forward(x));
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Method { of, method } => context.body(|| {
            // Here at the name of the method.
            let place = method.span().resolved_at(Span::call_site());
            let mut field = context.mapped(*of).name.clone();
            field.set_span(place);
            let applied = quote_spanned!(place=> self.#field.#method(x));
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Composite(parts) => context.body(|| {
            let parts = composed(context, parts, domain);
            quote!(#parts ::core::result::Result::Ok(x))
        }),
        Body::Layers { .. } | Body::Unknown => return None,
    };
    Some(quote! {
        fn #name(
            &self,
            sizes: &#runtime::Bindings<'_>,
            x: #input,
        ) -> #runtime::Checked<#output> #body
    })
}

/// Morphisms one after the other on `x`, which is of this space at first.
fn composed(context: &Context<'_>, parts: &[MorphismId], domain: &Space) -> TokenStream {
    let diagram = context.diagram();
    let own = format_ident!("part_sizes", span = Span::call_site());
    let mut space = domain.clone();
    let mut code = TokenStream::new();
    for part in parts {
        let binding = diagram.binding(*part, std::slice::from_ref(&space));
        let binding = binding.unwrap_or_default();
        let before = values::rebind(context, *part, &binding, &own);
        let sizes = match before {
            Some(_) => quote!(#own),
            None => quote!(sizes),
        };
        let (applied, _) = values::apply(context, *part, &[quote!(x)], &sizes);
        code.extend(quote!(#before let x = #applied;));
        if let Some(codomain) = diagram.morphism(*part).codomain.first() {
            space = diagram.at(codomain, &binding);
        }
    }
    code
}

/// The same tokens, as if they stood at a place.
fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let at_place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(at_place).collect()
}

/// What the caller's module makes of its input, which must be what is drawn.
fn checked(
    context: &Context<'_>,
    mapped: &Mapped<'_>,
    applied: &TokenStream,
    place: Span,
    output: &TokenStream,
) -> TokenStream {
    let (runtime, id) = (&context.runtime, mapped.id.0);
    let output = located(output, place);
    quote! {
        let y: #output = #applied;
        #runtime::check_output(
            Self::diagram(),
            #id,
            sizes,
            &[&y.dims()[..]],
        )?;
        ::core::result::Result::Ok(y)
    }
}

/// The public method of a morphism or composite, and the fallible function behind it, which checks the
/// argument and then applies the morphism.
fn method(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, visibility, id) = (&context.runtime, context.visibility(), mapped.id.0);
    let (domain, codomain) = mapped.ends()?;
    let (name, user) = (mapped.name, attributes(mapped.attributes));
    let argument = field_ident(&snake_case(&context.diagram().object(domain.object).name));
    let (input, output) = (context.space_tensor(domain), context.space_tensor(codomain));
    let fallible = mapped.fallible();
    // Sizes that the argument does not show are given beside it.
    let further: Vec<_> = context.diagram().further_dims(mapped.id);
    let told: Vec<_> = further
        .iter()
        .map(|name| match dim_ident(name) {
            same if same == argument => format_ident!("{argument}_size"),
            ident => ident,
        })
        .collect();
    let body = context.body(|| {
        let known = if further.is_empty() {
            quote!(&self.config.__sizes())
        } else {
            quote! {
                &#runtime::further(
                    Self::diagram(),
                    #id,
                    &self.config.__sizes(),
                    &[#((#further, #told)),*],
                )?
            }
        };
        let checked = quote! {
            #runtime::check_arguments(
                Self::diagram(),
                #id,
                #known,
                &[&x.dims()[..]],
            )?
        };
        let (applied, sized) = values::apply(context, mapped.id, &[quote!(x)], &quote!(sizes));
        let bound = values::with_sizes(&checked, sized);
        quote!(#bound ::core::result::Result::Ok(#applied))
    });
    let docs = documentation::method(context, mapped);
    Some(quote! {
        #user
        #[doc = #docs]
        #[must_use]
        #[track_caller]
        #visibility fn #name(&self, #argument: #input #(, #told: usize)*) -> #output {
            #runtime::or_panic(self.#fallible(#argument #(, #told)*))
        }

        fn #fallible(&self, x: #input #(, #told: usize)*) -> #runtime::Checked<#output> #body
    })
}
