//! The model: a field a morphism that has parameters, a method a morphism.

use diagram_core::{Definition, MorphismId, Space};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::applied::Applied;
use super::values::Values;
use super::{
    Bodies, Context, Mapped, attributes, attributes_of_field, braced, documentation, functions,
    opening,
};
use crate::idents::snake_case;
use crate::idents::{dim_ident, field_ident, located};
use crate::idents::{input_idents, tuple};
use crate::lower::Body;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let structure = structure(context);
    let methods = methods(context);
    [structure, methods].into_iter().collect()
}

/// That the caller's types are modules, before anything that needs it.
pub(super) fn are_modules(context: &Context<'_>) -> TokenStream {
    let brought = context
        .morphisms()
        .filter(|mapped| matches!(mapped.body, Body::Module { .. }) && !mapped.is_average_field());
    brought
        .map(|mapped| {
            let module = as_module(context, &mapped);
            let generics = context.generics.named_in(&module).bounded();
            if generics.is_empty() {
                quote!(#[allow(deprecated)] const _: () = #module::IS_MODULE;)
            } else {
                quote! {
                    const _: () = {
                        #[allow(dead_code, deprecated)]
                        const fn is_module #generics () { #module::IS_MODULE }
                    };
                }
            }
        })
        .collect()
}

/// The functions of a field as a module, by its type where that is the caller's.
pub(super) fn as_module(context: &Context<'_>, mapped: &Mapped<'_>) -> TokenStream {
    let runtime = &context.runtime;
    match mapped.body {
        Body::Module { ty, .. } => quote!(<#ty as #runtime::FieldModule>),
        _ => quote!(#runtime::FieldModule),
    }
}

fn structure(context: &Context<'_>) -> TokenStream {
    let (model, visibility) = (context.model(), context.visibility());
    let user = attributes([&context.lowered.tree.attributes.as_slice()]);
    let docs = documentation::model(context);
    let morphisms = context
        .morphisms()
        .filter(Mapped::has_field)
        .filter_map(|mapped| {
            let ty = super::morphism::field_type(context, &mapped)?;
            let (field, user) = (mapped.name, attributes_of_field(mapped.attributes));
            let doc = documentation::arrow(context, &mapped);
            Some(quote!(#user #[doc = #doc] #visibility #field: #ty,))
        });
    let learned = context.learns().then(|| {
        let ty = context.named("Learned");
        quote! {
            /// The scalars that are trained beside the morphisms.
            #visibility learned: #ty,
        }
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
    let decays = context.has_decays().then(|| {
        let ty = context.named("Decays");
        quote! {
            /// The decays of the averages.
            #[module(skip)]
            #visibility decays: #ty,
        }
    });
    let config = context.named("Config");
    let runtime = &context.runtime;
    let config = quote! {
        /// The configuration that it was built by.
        #[module(skip)]
        config: #runtime::Built<#config>,
    };
    let fields: TokenStream = morphisms
        .chain(learned)
        .chain(hyper)
        .chain(weights)
        .chain(decays)
        .chain([config])
        .collect();
    let unnamed = unnamed(context, &fields);
    let fields = braced([fields].into_iter().chain(unnamed));
    let generics = context.generics.declared();
    quote! {
        #user
        #[doc = #docs]
        #[derive(burn::module::Module, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #model #generics #fields
    }
}

/// Where something is at fault, what is of a type may not be known: no error of rustc's is to say so.
fn unnamed(context: &Context<'_>, fields: &TokenStream) -> Option<TokenStream> {
    let types = context.generics.types_beside(fields);
    let faulty = context.bodies == Bodies::Skeleton && !types.is_empty();
    faulty.then(|| {
        quote! {
            #[module(skip)]
            __types: ::core::marker::PhantomData<fn() -> (#(#types,)*)>,
        }
    })
}

fn methods(context: &Context<'_>) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (implementing, model) = (context.implementing(), context.model_type());
    let config = context.named("Config");
    let diagram = context.body(|| {
        // A diagram is plain data, which serialises.
        let text = serde_json::to_string(context.diagram()).unwrap_or_default();
        quote! {
            static DIAGRAM: #runtime::WrittenDiagram = #runtime::WrittenDiagram::new(#text);
            DIAGRAM.diagram()
        }
    });
    let current = context.body(|| {
        let floats = context
            .floats()
            .map(|field| quote!(config.#field = self.hyper.#field;));
        let weights = context
            .has_weights()
            .then(|| quote!(config.weights = ::core::clone::Clone::clone(&self.weights);));
        let decays = context
            .has_decays()
            .then(|| quote!(config.decays = ::core::clone::Clone::clone(&self.decays);));
        quote! {
            #[allow(unused_mut)]
            let mut config = ::core::clone::Clone::clone(&*self.config);
            #(#floats)*
            #weights
            #decays
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
        #visibility fn diagram() -> &'static #runtime::diagram_core::Diagram {
            #config::diagram()
        }

        /// The configuration with the present values of hyper-parameters and weights, to save
        /// beside a record.
        #[must_use]
        #visibility fn config(&self) -> #config #current
    };
    let checked = context.body(|| {
        let sizes = context.sizes_of(&quote!(self.config));
        quote!(#runtime::check_arguments(Self::diagram(), morphism, &#sizes, told, shown))
    });
    // What a method is told by its arguments: the sizes that they show, and others.
    let checked = quote! {
        fn __checked(
            &self,
            morphism: usize,
            told: &[(&'static str, usize)],
            shown: &[&[usize]],
        ) -> #runtime::Checked<#runtime::Bindings<'static>> #checked
    };
    let methods = braced(
        [own, checked]
            .into_iter()
            .chain(applications)
            .chain(functions),
    );
    quote! {
        #[allow(dead_code, deprecated, unused_variables, clippy::unused_self)]
        #implementing #model #methods

        #[allow(dead_code, deprecated)]
        impl #config {
            /// The diagram as data; it prints itself as text, and as Mermaid.
            #[must_use]
            #visibility fn diagram() -> &'static #runtime::diagram_core::Diagram #diagram
        }
    }
}

/// The private function that applies a morphism, where more than its module's `forward` is needed.
fn function(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let (domain, codomain) = mapped.ends()?;
    let names = input_idents(domain.len());
    let inputs = context.space_tensors(domain);
    let output = tuple(&context.space_tensors(codomain));
    let name = mapped.function();
    let body = match mapped.body {
        Body::Layers => {
            let chain = mapped.chain.as_ref()?;
            if !chain.fields.is_empty() {
                return None;
            }
            let (open, forward) = (opening(&names), &chain.forward);
            let body = context.body(|| quote!(#open #(let x = #forward;)* x));
            let reads = chain.reads.iter().map(|name| dim_ident(name));
            let inputs = quote!(#(#names: #inputs,)* #(#reads: usize,)*);
            return Some(quote!(fn #name(#inputs) -> #output #body));
        }
        Body::Module { .. } => context.body(|| {
            // rustc reports a module of another rank or kind at the arrow. Only the place is the
            // arrow's: `self` and `x` are names of the generated function.
            let field = mapped.name;
            let place = field.span().resolved_at(Span::call_site());
            let given = functions::spanned(&names, place);
            let applied = quote_spanned!(place=> self.#field.forward(#(#given),*));
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Slot { .. } => context.body(|| {
            let (field, given) = (mapped.name, tuple(&names));
            let place = field.span().resolved_at(Span::call_site());
            let applied = quote!(#runtime::Map::apply(&self.#field, #given));
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Method { of, method } => context.body(|| {
            // Here at the name of the method.
            let place = method.span().resolved_at(Span::call_site());
            let mut field = context.mapped(*of).name.clone();
            field.set_span(place);
            let given = functions::spanned(&names, place);
            let applied = quote_spanned!(place=> self.#field.#method(#(#given),*));
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Function(function) => context.body(|| {
            let (place, applied) = functions::applied(context, function, &names, &inputs, &output);
            checked(context, mapped, &applied, place, &output)
        }),
        Body::Composite { chain } if context.chains && !chain.is_empty() => {
            context.body(|| followed(context, chain))
        }
        Body::Composite { .. } => context.body(|| composed(context, mapped, domain, &names)),
        Body::Average { .. } | Body::Parameter | Body::Unknown => return None,
    };
    Some(quote! {
        fn #name(
            &self,
            sizes: &#runtime::Bindings<'_>
            #(, #names: #inputs)*
        ) -> #runtime::Checked<#output> #body
    })
}

/// The morphisms of a composite one after the other: composites among them are called, so that the code
/// grows with what is written and not with what it stands for.
fn followed(context: &Context<'_>, chain: &[MorphismId]) -> TokenStream {
    let steps = chain.iter().map(|id| {
        let applied = Applied::new(context, &quote!(self), *id, &[quote!(x)], &quote!(sizes));
        let value = applied.value();
        quote!(let x = #value;)
    });
    quote!(#(#steps)* ::core::result::Result::Ok(x))
}

/// The paths of a composite, at its inputs.
fn composed(
    context: &Context<'_>,
    mapped: &Mapped<'_>,
    domain: &[Space],
    names: &[Ident],
) -> TokenStream {
    let Definition::Composite { paths, .. } = &mapped.morphism.definition else {
        return TokenStream::new();
    };
    let (code, results) = Values::of_paths(context, paths, domain, &quote!(self));
    let bound = code.leaves.iter().filter_map(|(position, variable)| {
        let name = names.get(*position)?;
        Some(quote!(let #variable = #name;))
    });
    let (steps, results) = (&code.steps, tuple(&results));
    quote!(#(#bound)* #steps ::core::result::Result::Ok(#results))
}

/// What the caller's module or function makes of its input, which must be what is drawn.
fn checked(
    context: &Context<'_>,
    mapped: &Mapped<'_>,
    applied: &TokenStream,
    place: Span,
    output: &TokenStream,
) -> TokenStream {
    let (runtime, id) = (&context.runtime, mapped.id.0);
    let output = located(output, place);
    let sizes = match mapped.morphism.codomain.len() {
        1 => quote!(&y.dims()[..]),
        several => {
            let factors = (0..several).map(Literal::usize_unsuffixed);
            quote!(#(&y.#factors.dims()[..]),*)
        }
    };
    quote! {
        let y: #output = #applied;
        #runtime::check_output(Self::diagram(), #id, sizes, &[#sizes])?;
        ::core::result::Result::Ok(y)
    }
}

/// The method of a morphism or composite, which checks the arguments and then applies the morphism.
fn method(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, visibility, id) = (&context.runtime, context.visibility(), mapped.id.0);
    let (domain, codomain) = mapped.ends()?;
    let (name, user) = (mapped.name, attributes(mapped.attributes));
    let arguments = argument_names(context, domain);
    let inputs = context.space_tensors(domain);
    let output = tuple(&context.space_tensors(codomain));
    // Sizes that the arguments do not show are given beside them.
    let further: Vec<_> = context.diagram().further_dims(mapped.id);
    let told: Vec<_> = further
        .iter()
        .map(|name| match dim_ident(name) {
            same if arguments.contains(&same) => {
                format_ident!("{same}_size", span = Span::call_site())
            }
            ident => ident,
        })
        .collect();
    let body = context.body(|| {
        let checked = quote! {
            self.__checked(#id, &[#((#further, #told)),*], &[#(&#arguments.dims()),*])
        };
        let given: Vec<_> = arguments.iter().map(|name| quote!(#name)).collect();
        // No object is called as this.
        let applied = Applied::new(context, &quote!(self), mapped.id, &given, &quote!(__sizes));
        applied.checked(runtime, &checked)
    });
    let docs = documentation::method(context, mapped);
    Some(quote! {
        #user
        #[doc = #docs]
        #[must_use]
        #[track_caller]
        #visibility fn #name(&self #(, #arguments: #inputs)* #(, #told: usize)*) -> #output #body
    })
}

/// The arguments of a method: its objects in snake case, numbered where one occurs twice.
fn argument_names(context: &Context<'_>, domain: &[Space]) -> Vec<Ident> {
    let object = |space: &Space| snake_case(&context.diagram().object(space.object).name);
    let names: Vec<String> = domain.iter().map(object).collect();
    let name = |(position, name): (usize, &String)| {
        let count = |names: &[String]| names.iter().filter(|other| *other == name).count();
        match count(&names) {
            1 => field_ident(name),
            _ => field_ident(&format!("{name}_{}", count(&names[..position]) + 1)),
        }
    };
    names.iter().enumerate().map(name).collect()
}
