//! The Rust expressions of sizes.

use diagram_core::Dim;
use diagram_core::dim::Op;
use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::{Constant, Scope};
use crate::syntax::{is_keyword, is_path_keyword};

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
pub fn size_code_by(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream) -> TokenStream {
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
pub fn value_code(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream) -> TokenStream {
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

/// A generated identifier with the spelling of a name of the diagram, raw where Rust needs it, in any
/// edition. What has no raw form is at fault where it is declared, and gets an underscore here.
#[must_use]
pub fn field_ident(name: &str) -> proc_macro2::Ident {
    let span = proc_macro2::Span::call_site();
    if is_path_keyword(name) {
        proc_macro2::Ident::new(&format!("{name}_"), span)
    } else if is_keyword(name) {
        proc_macro2::Ident::new_raw(name, span)
    } else {
        proc_macro2::Ident::new(name, span)
    }
}

/// The variable that holds a dim where layers are applied: its name, but for the names of the variables that
/// stand there besides, and for constants, which are spelt otherwise.
#[must_use]
pub fn dim_ident(name: &str) -> proc_macro2::Ident {
    let bare = name.trim_end_matches("_size");
    // `x`, `x1` and `y0` are tensors there.
    let tensor = bare.strip_prefix(['x', 'y']);
    let tensor = tensor.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit()));
    if tensor || matches!(bare, "axes" | "copy" | "layer" | "shortcut") {
        return field_ident(&format!("{name}_size"));
    }
    // In upper case it would be the constant itself where it is declared.
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    if name.contains(char::is_uppercase) || !name.chars().all(word) {
        let words: Vec<_> = name.split(|letter| !word(letter)).collect();
        return field_ident(&format!("{}_size", words.join("_").to_lowercase()));
    }
    field_ident(name)
}

/// The path of a function in a call that the macro writes. So rustc proposes no arguments for it, among which those of
/// the macro would stand.
#[must_use]
pub fn called(path: &TokenStream) -> TokenStream {
    let by_macro = |mut token: TokenTree| {
        token.set_span(token.span().resolved_at(Span::call_site()));
        token
    };
    path.clone().into_iter().map(by_macro).collect()
}

/// The same tokens, as if they stood at a place.
#[must_use]
pub fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let at_place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(at_place).collect()
}
