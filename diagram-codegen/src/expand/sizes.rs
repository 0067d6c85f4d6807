//! The Rust expressions of sizes.

use diagram_core::Dim;
use diagram_core::dim::Op;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::idents::{field_ident, located};
use crate::scope::{Constant, Scope};

impl Constant {
    /// The expression of its value, where `config` is the configuration's type.
    #[must_use]
    pub fn code(&self, config: &TokenStream) -> TokenStream {
        match &self.alias {
            Some(alias) => quote!(#config::#alias),
            None => located(&self.path.to_token_stream(), Span::call_site()),
        }
    }
}

impl Scope {
    /// The Rust expression of a size, of type `usize`, in a function of the configuration.
    #[must_use]
    pub fn size_code(&self, dim: &Dim) -> TokenStream {
        self.size_code_with(dim, &quote!(self), &|constant| constant.code(&quote!(Self)))
    }

    /// The same in a function of the model, where hyper-parameters are fields of `config`.
    #[must_use]
    pub fn size_code_of(&self, dim: &Dim, config: &TokenStream) -> TokenStream {
        self.size_code_with(dim, config, &|constant| {
            located(&constant.path.to_token_stream(), Span::call_site())
        })
    }

    fn size_code_with(
        &self,
        dim: &Dim,
        hypers: &TokenStream,
        code: &dyn Fn(&Constant) -> TokenStream,
    ) -> TokenStream {
        size_code_by(dim, &|name| {
            let constants = self.constants();
            let constant = constants.iter().find(|constant| constant.name == name);
            match constant {
                Some(constant) => code(constant),
                None => {
                    let field = field_ident(name);
                    quote!(#hypers.#field)
                }
            }
        })
    }
}

/// The Rust expression of a size, of type `usize`, given that of each symbol.
#[must_use]
pub(crate) fn size_code_by(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    // A difference may be negative half-way: `(hidden - 3) / 2 + 4` at `hidden = 2` is 3.
    if subtracts(dim) {
        let value = value_code(dim, value_of);
        quote!((#value) as usize)
    } else {
        arithmetic(dim, value_of, false)
    }
}

/// The Rust expression of a dim, of type `i128`, given that of each symbol, of type `usize`.
#[must_use]
pub(crate) fn value_code(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    arithmetic(dim, value_of, true)
}

fn subtracts(dim: &Dim) -> bool {
    match dim {
        Dim::Literal(_) | Dim::Symbol(_) => false,
        Dim::Binary(op, left, right) => *op == Op::Sub || subtracts(left) || subtracts(right),
    }
}

fn arithmetic(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream, signed: bool) -> TokenStream {
    let operand = |dim: &Dim| {
        let code = arithmetic(dim, value_of, signed);
        match dim {
            Dim::Binary(..) => quote!((#code)),
            _ => code,
        }
    };
    match dim {
        Dim::Literal(value) if signed => {
            Literal::i128_suffixed(i128::from(*value)).to_token_stream()
        }
        Dim::Literal(value) => Literal::u64_unsuffixed(*value).to_token_stream(),
        Dim::Symbol(name) => {
            let value = value_of(name);
            if signed {
                quote!((#value as i128))
            } else {
                value
            }
        }
        Dim::Binary(op, left, right) => {
            let (left, right) = (operand(left), operand(right));
            match op {
                Op::Add => quote!(#left + #right),
                Op::Sub => quote!(#left - #right),
                Op::Mul => quote!(#left * #right),
                // Dims divide rounding down, and by positive numbers.
                Op::Div if signed => quote!(#left.div_euclid(#right)),
                Op::Rem if signed => quote!(#left.rem_euclid(#right)),
                Op::Div => quote!(#left / #right),
                Op::Rem => quote!(#left % #right),
            }
        }
    }
}
