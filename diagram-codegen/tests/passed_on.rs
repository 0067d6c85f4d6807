//! Doc comments and attributes go to what is generated, and what the user left without gets its own.

use quote::{ToTokens, quote};
use syn::{Attribute, ImplItem, Item, Visibility};

/// What is public in the expansion, as `Struct`, `Struct.field` and `Struct::method`, with its
/// attributes.
fn public_items() -> Vec<(String, Vec<String>)> {
    let tokens = quote! {
        /// What the diagram is for.
        #[doc(alias = "whole")]
        pub Documented(
            /// A width.
            width: usize = 2,
            other: usize = 3,
        ) {
            dyn batch;
            /// What comes in.
            data X: [batch, width];
            Wide: [batch, other];
            /// Of both arrows.
            #[doc(alias = "both")]
            X --up--> Wide --down--> X;
            /// Of one definition.
            up = linear;
            down = linear;
            /// Whether it comes back.
            back: up >> down ~ X;
            /// What the drawing says.
            commutes;
        }
    };
    let file: syn::File = syn::parse2(diagram_codegen::expand(tokens)).expect("items");
    let mut found = Vec::new();
    for item in &file.items {
        match item {
            Item::Struct(item) => {
                found.push((item.ident.to_string(), texts(&item.attrs)));
                let public = item.fields.iter().filter(|field| is_public(&field.vis));
                found.extend(public.map(|field| {
                    let field_name = field.ident.to_token_stream();
                    (format!("{}.{field_name}", item.ident), texts(&field.attrs))
                }));
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let ty = item.self_ty.to_token_stream();
                found.extend(item.items.iter().filter_map(|method| match method {
                    ImplItem::Fn(method) if is_public(&method.vis) => {
                        Some((format!("{ty}::{}", method.sig.ident), texts(&method.attrs)))
                    }
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Doc comments as their text, other attributes as their tokens.
fn texts(attributes: &[Attribute]) -> Vec<String> {
    let text = |attribute: &Attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => {
            let syn::Expr::Lit(value) = &meta.value else {
                return attribute.to_token_stream().to_string();
            };
            match &value.lit {
                syn::Lit::Str(text) => format!("/// {}", text.value().trim()),
                other => other.to_token_stream().to_string(),
            }
        }
        _ => attribute.to_token_stream().to_string(),
    };
    attributes.iter().map(text).collect()
}

#[track_caller]
fn attributes_of(item: &str) -> Vec<String> {
    let all = public_items();
    let found = all.iter().find(|(name, _)| name == item);
    let found = found.map(|(_, attributes)| attributes.clone());
    found.unwrap_or_else(|| {
        panic!(
            "no `{item}` in {:#?}",
            all.iter().map(|(name, _)| name).collect::<Vec<_>>()
        )
    })
}

#[track_caller]
fn assert_has(item: &str, expected: &[&str]) {
    let attributes = attributes_of(item);
    for line in expected {
        assert!(
            attributes.iter().any(|found| found == line),
            "`{line}` is not in {attributes:#?}"
        );
    }
}

#[test]
fn comments_above_a_chain_belong_to_each_arrow() {
    let both = ["/// Of both arrows.", "# [doc (alias = \"both\")]"];
    for item in [
        "Documented.up",
        "Documented::up",
        "Documented.down",
        "Documented::down",
    ] {
        assert_has(item, &both);
    }
    assert_has("Documented.up", &["/// Of one definition."]);
    assert_has("Documented::up", &["/// Of one definition."]);
    let down = attributes_of("Documented.down");
    assert!(
        !down.contains(&"/// Of one definition.".to_owned()),
        "{down:?}"
    );
}

#[test]
fn comments_are_passed_on() {
    let whole = [
        "/// What the diagram is for.",
        "# [doc (alias = \"whole\")]",
    ];
    assert_has("Documented", &whole);
    assert_has("DocumentedConfig.width", &["/// A width."]);
    assert_has(
        "DocumentedConfig.other",
        &["/// The hyper-parameter `other`."],
    );
    assert_has("DocumentedBatch.x", &["/// What comes in."]);
    assert_has("DocumentedLoss.back", &["/// Whether it comes back."]);
    let made = [
        "/// What the drawing says.",
        "/// The cell `up >> down ~ X` by `mse`, unweighted, of shape `[1]`.",
    ];
    assert_has("DocumentedLoss.x_1", &made);
}

#[test]
fn everything_public_is_documented() {
    let all = public_items();
    assert!(all.len() > 30, "{all:#?}");
    for (name, attributes) in all {
        let documented = attributes
            .iter()
            .any(|line| line.len() > "/// ".len() && line.starts_with("/// "));
        assert!(documented, "`{name}` has {attributes:?}");
    }
}
