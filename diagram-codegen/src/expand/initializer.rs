//! Burn's values of initializers.

use diagram_core::Call;
use diagram_layers::initializer;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scalars::{For, flag_code};
use crate::scope::Scope;

/// Burn's variant of every initializer, by the name of its row.
static VARIANTS: [(&str, &str); 10] = [
    ("zeros", "Zeros"),
    ("ones", "Ones"),
    ("constant", "Constant"),
    ("uniform", "Uniform"),
    ("normal", "Normal"),
    ("kaiming_uniform", "KaimingUniform"),
    ("kaiming_normal", "KaimingNormal"),
    ("xavier_uniform", "XavierUniform"),
    ("xavier_normal", "XavierNormal"),
    ("orthogonal", "Orthogonal"),
];

/// Burn's value of an initializer, where hyper-parameters are fields of `hypers`.
pub(crate) fn code(
    drawn: &Call,
    scope: &Scope,
    burn: &TokenStream,
    hypers: &TokenStream,
) -> TokenStream {
    let mut variants = VARIANTS.iter();
    let Some((_, variant)) = variants.find(|(name, _)| *name == drawn.name) else {
        return TokenStream::new();
    };
    let variant = format_ident!("{variant}");
    let parameters = initializer::find(&drawn.name).map_or(&[][..], |row| row.parameters);
    let fields = parameters.iter().map(|parameter| {
        let field = format_ident!("{}", parameter.name);
        let given = For {
            argument: parameter.name,
            range: parameter.kind.range(),
        };
        let value = match (drawn.float(parameter.name), drawn.flag(parameter.name)) {
            (Some(scalar), _) => scope.scalar_code(scalar, hypers, given),
            (None, Some(flag)) => flag_code(flag, hypers),
            (None, None) => parameter.default.parse().unwrap_or_default(),
        };
        quote!(#field: #value)
    });
    let fields: Vec<_> = fields.collect();
    if fields.is_empty() {
        quote!(#burn::nn::Initializer::#variant)
    } else {
        quote!(#burn::nn::Initializer::#variant { #(#fields),* })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{VARIANTS, code as code_of};
    use crate::arguments;
    use crate::bench::{parsed, scope, texts};
    use crate::place::Place;
    use diagram_layers::ParameterKind;
    use diagram_layers::initializer::{INITIALIZERS, PARAMETER};
    use proc_macro2::Span;
    use quote::quote;

    fn code(text: &str) -> String {
        let scope = scope();
        let written = parsed(&format!("initializer = {text}"));
        let place = Place::of(Span::call_site());
        match arguments::read("linear", &[PARAMETER], &written, place, &scope) {
            Ok(read) => {
                let drawn = read.call.call("initializer").expect("an initializer");
                code_of(drawn, &scope, &quote!(burn), &quote!(self)).to_string()
            }
            Err(faults) => texts(&faults),
        }
    }

    #[test]
    fn every_row_is_a_variant_with_its_fields() {
        let rows: BTreeSet<_> = INITIALIZERS.iter().map(|row| row.name).collect();
        let variants: BTreeSet<_> = VARIANTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(variants, rows);
        for row in &INITIALIZERS {
            for parameter in row.parameters {
                let text = format!("`{}` of `{}`", parameter.name, row.name);
                let kind = &parameter.kind;
                let written = matches!(kind, ParameterKind::Float(_) | ParameterKind::Flag);
                let default = syn::parse_str::<syn::Expr>(parameter.default);
                assert!(written && (parameter.required || default.is_ok()), "{text}");
            }
        }
    }

    #[test]
    fn each_is_burns_value() {
        for (text, expected) in [
            ("zeros", "burn :: nn :: Initializer :: Zeros"),
            (
                "constant(0.5)",
                "burn :: nn :: Initializer :: Constant { value : 0.5f64 }",
            ),
            (
                "normal(std = 0.02)",
                "burn :: nn :: Initializer :: Normal { mean : 0.0 , std : 0.02f64 }",
            ),
            (
                "kaiming_normal(fan_out_only = true)",
                "burn :: nn :: Initializer :: KaimingNormal { gain : 1.0 , fan_out_only : true }",
            ),
        ] {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn its_faults() {
        assert_eq!(
            code("zeroes"),
            "there is no initializer `zeroes` [D0106]\n\n         = help: did you mean `zeros`?"
        );
        assert!(code("normal(sdt = 1.0)").starts_with("`normal` has no argument `sdt` [D0106]"));
        assert!(code("constant").starts_with("`constant` needs `value`, the value [D0310]"));
        assert!(code("3").starts_with("`initializer` of `linear` takes an initializer"));
    }
}
