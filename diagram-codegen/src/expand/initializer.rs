//! Burn's values of initializers.

use diagram_core::Call;
use diagram_layers::initializer;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scalars::{For, flag_code};
use crate::idents::camel_case;
use crate::scope::Scope;

/// Burn's value of an initializer, where hyper-parameters are fields of `hypers`.
pub(crate) fn code(
    drawn: &Call,
    scope: &Scope,
    burn: &TokenStream,
    hypers: &TokenStream,
) -> TokenStream {
    let variant = format_ident!("{}", camel_case(&drawn.name));
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
    use super::code as code_of;
    use crate::arguments;
    use crate::bench::{parsed, scope, texts};
    use crate::place::Place;
    use diagram_layers::initializer::PARAMETER;
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
