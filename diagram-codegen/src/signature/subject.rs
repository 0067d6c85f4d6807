//! What a signature stands above: an `impl`, for its `forward`, or another method.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use crate::syntax::tree::{Place, Placed, bare};

/// The method that a signature is of.
pub(crate) struct Subject {
    pub(super) visibility: syn::Visibility,
    pub(super) signature: syn::Signature,
    /// Whether the signature stands above the `impl` of the method.
    pub(super) is_impl: bool,
}

impl Subject {
    /// The method in an item.
    ///
    /// # Errors
    ///
    /// There is none here that could have a signature.
    pub(crate) fn of(item: &TokenStream) -> Result<Self, Placed> {
        let trees: Vec<TokenTree> = item.clone().into_iter().collect();
        let subject = match trees.split_last() {
            Some((TokenTree::Group(body), before))
                if body.delimiter() == Delimiter::Brace && is_impl(before) =>
            {
                if is_of_trait(before) {
                    // error: this `impl` is of a trait, and a signature is stated of a type itself [D0320]
                    let message =
                        "this `impl` is of a trait, and a signature is stated of a type itself";
                    return Err(misplaced(message.to_owned()));
                }
                forward(body.stream())?
            }
            _ => method(item.clone())?,
        };
        let name = &subject.signature.ident;
        if subject.signature.receiver().is_none() {
            // error: `load` takes no `self`, so it is no map that a module is [D0320]
            let name = bare(name);
            let message = format!("`{name}` takes no `self`, so it is no map that a module is");
            let fault = Fault::new(Code::ForeignSignature, message);
            return Err((Place::of(subject.signature.ident.span()), fault));
        }
        Ok(subject)
    }
}

fn misplaced(message: String) -> Placed {
    // The attribute itself.
    let place = Place::of(Span::call_site());
    (place, Fault::new(Code::ForeignSignature, message))
}

/// Whether these are the tokens before the braces of an `impl`.
fn is_impl(before: &[TokenTree]) -> bool {
    let mut words = before.iter().filter_map(|tree| match tree {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words
        .find(|word| word != "unsafe" && word != "default")
        .is_some_and(|word| word == "impl")
}

/// Whether `for` stands there, and not as in `for<'a>`.
fn is_of_trait(before: &[TokenTree]) -> bool {
    before.windows(2).any(|pair| match pair {
        [TokenTree::Ident(word), TokenTree::Punct(sign)] => word == "for" && sign.as_char() != '<',
        [TokenTree::Ident(word), _] => word == "for",
        _ => false,
    })
}

/// The `forward` of an `impl`.
fn forward(body: TokenStream) -> Result<Subject, Placed> {
    let methods = methods.parse2(body).unwrap_or_default();
    let names: Vec<String> = methods
        .iter()
        .map(|one| bare(&one.signature.ident))
        .collect();
    let found = methods
        .into_iter()
        .find(|one| one.signature.ident == "forward");
    found.ok_or_else(|| {
        // error: a signature above an `impl` is of its `forward`, and there is none here [D0320]
        let message = "a signature above an `impl` is of its `forward`, and there is none here";
        let (place, fault) = misplaced(message.to_owned());
        let near = nearest("forward", names.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("`{near}` is almost `forward`: rename it"),
            None => "write that of another method above the method".to_owned(),
        };
        (place, fault.help(help))
    })
}

/// The method that an item is.
fn method(item: TokenStream) -> Result<Subject, Placed> {
    let read = |input: ParseStream<'_>| {
        let subject = head(input);
        // Its body is rustc's to read.
        input.parse::<TokenStream>()?;
        subject
    };
    match read.parse2(item) {
        Ok(subject) if subject.signature.ident == "forward" => {
            // error: the signature of `forward` stands above its `impl` [D0320]
            let (place, fault) =
                misplaced("the signature of `forward` stands above its `impl`".to_owned());
            Err((place, fault.help("move it up, before `impl`")))
        }
        Ok(subject) => Ok(subject),
        // error: a signature is stated of an `impl` or of a method, and this is neither [D0320]
        Err(_) => Err(misplaced(
            "a signature is stated of an `impl` or of a method, and this is neither".to_owned(),
        )),
    }
}

/// A method as far as its body.
fn head(input: ParseStream<'_>) -> syn::Result<Subject> {
    input.call(syn::Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let signature = input.parse()?;
    Ok(Subject {
        visibility,
        signature,
        is_impl: false,
    })
}

/// The methods of an `impl`.
fn methods(input: ParseStream<'_>) -> syn::Result<Vec<Subject>> {
    let mut methods = Vec::new();
    while !input.is_empty() {
        methods.extend(head(&input.fork()).ok().map(|found| Subject {
            is_impl: true,
            ..found
        }));
        loop {
            match input.parse()? {
                TokenTree::Punct(sign) if sign.as_char() == ';' => break,
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
                _ if input.is_empty() => break,
                _ => {}
            }
        }
    }
    Ok(methods)
}
