//! What a signature stands above: an `impl`, for its `forward` or `apply`, or another method.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use crate::place::{Place, Placed};
use crate::syntax::tree::bare;

/// The method that a signature is of.
pub(crate) struct Subject {
    pub(super) visibility: syn::Visibility,
    pub(super) signature: syn::Signature,
    stands: Stands,
}

/// What a signature stands above.
#[derive(Clone, Copy, PartialEq)]
enum Stands {
    /// A method.
    Method,
    /// An `impl` of a module.
    Impl,
    /// An `impl` of the trait of what fills a slot.
    Map,
}

impl Stands {
    /// The method of an `impl` that a signature above it is of.
    fn method(self) -> &'static str {
        match self {
            Stands::Map => "apply",
            Stands::Impl | Stands::Method => "forward",
        }
    }
}

impl Subject {
    /// Whether the signature stands above the `impl` of the method.
    pub(super) fn is_impl(&self) -> bool {
        self.stands != Stands::Method
    }

    /// Whether the method is that of the trait of what fills a slot, which takes a product as a tuple.
    pub(super) fn is_map(&self) -> bool {
        self.stands == Stands::Map
    }

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
                let stands = match of_trait(before) {
                    None => Stands::Impl,
                    Some(name) if name == "Map" => Stands::Map,
                    Some(_) => {
                        // error: this `impl` is of a trait, and a signature is stated of a type itself, or of
                        // its `Map` [D0320]
                        let message = "this `impl` is of a trait, and a signature is stated of a type \
                                       itself, or of its `Map`";
                        return Err(misplaced(message.to_owned()));
                    }
                };
                inside(body.stream(), stands)?
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

/// The name of the trait that an `impl` is of: what stands before `for`, and that not as in `for<'a>`.
fn of_trait(before: &[TokenTree]) -> Option<String> {
    let mut pairs = before.windows(2).enumerate();
    let (at, _) = pairs.find(|(_, pair)| match pair {
        [TokenTree::Ident(word), TokenTree::Punct(sign)] => word == "for" && sign.as_char() != '<',
        [TokenTree::Ident(word), _] => word == "for",
        _ => false,
    })?;
    // Its arguments are not looked at.
    let mut depth = 0usize;
    let mut words = before.iter().take(at).rev().filter(|tree| match tree {
        TokenTree::Punct(sign) if sign.as_char() == '>' => {
            depth += 1;
            false
        }
        TokenTree::Punct(sign) if sign.as_char() == '<' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    Some(words.next().map(ToString::to_string).unwrap_or_default())
}

/// The `forward` of an `impl`, or the `apply` of one of `Map`.
fn inside(body: TokenStream, stands: Stands) -> Result<Subject, Placed> {
    let methods = methods.parse2(body).unwrap_or_default();
    let names: Vec<String> = methods
        .iter()
        .map(|one| bare(&one.signature.ident))
        .collect();
    let wanted = stands.method();
    let found = methods
        .into_iter()
        .find(|one| one.signature.ident == wanted);
    let found = found.map(|one| Subject { stands, ..one });
    found.ok_or_else(|| {
        // error: a signature above an `impl` is of its `forward`, and there is none here [D0320]
        let message =
            format!("a signature above an `impl` is of its `{wanted}`, and there is none here");
        let (place, fault) = misplaced(message);
        let near = nearest(wanted, names.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("`{near}` is almost `{wanted}`: rename it"),
            None => "write that of another method above the method".to_owned(),
        };
        // All of `Map` is this method, and rustc says that it is missing.
        (
            place,
            fault.maybe_help((stands == Stands::Impl).then_some(help)),
        )
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
        stands: Stands::Method,
    })
}

/// The methods of an `impl`.
fn methods(input: ParseStream<'_>) -> syn::Result<Vec<Subject>> {
    let mut methods = Vec::new();
    while !input.is_empty() {
        methods.extend(head(&input.fork()).ok());
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
