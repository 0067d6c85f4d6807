//! A Burn configuration: a struct with defaults, setters and serde.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Context;
use crate::syntax::tree::bare;

/// A field of a configuration.
pub(super) struct Field<'a> {
    pub(super) documentation: TokenStream,
    pub(super) name: Ident,
    pub(super) ty: TokenStream,
    pub(super) default: Option<TokenStream>,
    pub(super) text: Option<&'a str>,
    pub(super) numbers: Numbers,
}

/// The numbers of a field, which may be such as JSON does not have.
pub(super) enum Numbers {
    None,
    /// Its type is the user's.
    Unknown,
    /// It is one.
    Itself,
    /// These fields of it are.
    Inside(Vec<Ident>),
}

/// A Burn configuration with these fields: what `derive(Config)` would write, but with the defaults
/// at the user's own tokens, where rustc reports them, and with raw names.
pub(super) fn configuration(
    context: &Context<'_>,
    name: &Ident,
    documentation: &TokenStream,
    fields: &[Field<'_>],
) -> TokenStream {
    let visibility = context.visibility();
    let field_docs = fields.iter().map(|field| &field.documentation);
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let (required, defaulted): (Vec<_>, Vec<_>) =
        fields.iter().partition(|field| field.default.is_none());
    let parameters = required
        .iter()
        .map(|Field { name, ty, .. }| quote!(#name: #ty));
    let values = fields.iter().map(
        |Field {
             name, ty, default, ..
         }| match default {
            // A `let` with its type shows a wrong default as what was expected and what was found.
            Some(default) => quote!(#name: { let value: #ty = #default; value }),
            None => quote!(#name),
        },
    );
    let setters = defaulted.iter().map(|Field { name, ty, text, .. }| {
        let setter = format_ident!("with_{}", bare(name));
        let text = text
            .map(|text| format!(" The default is `{text}`."))
            .unwrap_or_default();
        let doc = format!("Sets [`{0}`](Self::{0}).{text}", bare(name));
        quote! {
            #[doc = #doc]
            #[must_use]
            #visibility fn #setter(mut self, #name: #ty) -> Self {
                self.#name = #name;
                self
            }
        }
    });
    let default = required.is_empty().then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let save = save(context, fields);
    let saved = saved(fields);
    let trivial = saved.as_ref().map(|_| quote!(#[allow(trivial_bounds)]));
    let serialised = serialised(context, name, &names, &quote!(#trivial), saved.as_ref());
    quote! {
        #documentation
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name {
            #(#field_docs #visibility #names: #types,)*
        }

        #[allow(dead_code, deprecated, clippy::too_many_arguments)]
        impl #name {
            /// The configuration with every default.
            #[must_use]
            #visibility fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#setters)*
        }

        #default

        #serialised

        #trivial
        impl burn::config::Config for #name #saved {
            #save
        }

        #trivial
        impl ::core::fmt::Display for #name #saved {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                out.write_str(&burn::config::config_to_json(self))
            }
        }
    }
}

/// A bound for each type of the user's, at the place of the type: if it cannot be saved, rustc says so there, once.
fn saved(fields: &[Field<'_>]) -> Option<TokenStream> {
    let own = fields
        .iter()
        .filter(|field| matches!(field.numbers, Numbers::Unknown));
    let bounds = own.map(|Field { ty, .. }| {
        quote_spanned!(ty.span()=> #ty: burn::serde::Serialize + burn::serde::de::DeserializeOwned,)
    });
    let bounds: TokenStream = bounds.collect();
    (!bounds.is_empty()).then(|| quote!(where #bounds))
}

/// What serde's derives would write, through the two functions of the runtime that are written once.
fn serialised(
    context: &Context<'_>,
    name: &Ident,
    fields: &[&Ident],
    trivial: &TokenStream,
    saved: Option<&TokenStream>,
) -> TokenStream {
    let runtime = &context.runtime;
    let (text, names): (_, Vec<_>) = (name.to_string(), fields.iter().map(|f| bare(f)).collect());
    let leaf = |of: TokenStream| quote!(#runtime::One(#of));
    let written: Vec<_> = fields
        .iter()
        .map(|field| leaf(quote!(&self.#field)))
        .collect();
    let read: Vec<_> = fields.iter().map(|field| leaf(quote!(#field))).collect();
    let (written, read) = (balanced(&written), balanced(&read));
    quote! {
        #[allow(deprecated)]
        #trivial
        impl burn::serde::Serialize for #name #saved {
            fn serialize<S: burn::serde::Serializer>(
                &self,
                out: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #runtime::write_fields(out, #text, &[#(#names),*], &#written)
            }
        }

        #[allow(deprecated)]
        #trivial
        impl<'de> burn::serde::Deserialize<'de> for #name #saved {
            fn deserialize<D: burn::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let #read = #runtime::read_fields(from, #text, &[#(#names),*])?;
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
    }
}

/// The leaves as nested pairs, in order.
fn balanced(leaves: &[TokenStream]) -> TokenStream {
    match leaves {
        [] => quote!(()),
        [one] => one.clone(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            let (left, right) = (balanced(left), balanced(right));
            quote!((#left, #right))
        }
    }
}

/// Burn's `save`, but with an error for a number that JSON does not have: Burn writes `null`, which no
/// configuration can be read from.
fn save(context: &Context<'_>, fields: &[Field<'_>]) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let mut numbers = Vec::new();
    for Field {
        name, numbers: of, ..
    } in fields
    {
        let field = bare(name);
        match of {
            Numbers::None | Numbers::Unknown => {}
            Numbers::Itself => numbers.push(quote!((#field, self.#name))),
            Numbers::Inside(inner) => numbers.extend(inner.iter().map(|inner| {
                let path = format!("{field}.{}", bare(inner));
                quote!((#path, self.#name.#inner))
            })),
        }
    }
    let any = !numbers.is_empty();
    any.then(|| {
        quote! {
            fn save<P: ::core::convert::AsRef<::std::path::Path>>(
                &self,
                file: P,
            ) -> ::std::io::Result<()> {
                #runtime::save_config(self, &[#(#numbers),*], file.as_ref())
            }
        }
    })
}
