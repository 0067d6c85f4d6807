//! The arguments of a function of the user's as a loss: `losses::cross(lambda)`.

use diagram_core::{Code, Fault, FunctionArgument, Scalar};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::learned_start;
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree::{Loss, Value, ValueKind, bare, shown};

/// How deep lists may nest. The diagram travels as JSON, whose reader goes to 128 levels.
const DEPTH: usize = 24;

/// What a function of the user's is given, and where each argument stands.
pub struct FunctionArguments {
    /// What it is given, in order.
    pub arguments: Vec<FunctionArgument>,
    /// Where each argument stands.
    pub places: Vec<Place>,
}

/// Reads the arguments of a function of the user's.
///
/// # Errors
///
/// One with a name, or one that is no expression of Rust.
pub fn read(written: &Loss, scope: &Scope) -> Result<FunctionArguments, Placed> {
    let arguments = written.arguments.as_deref().unwrap_or_default();
    let unnamed = || {
        let values = arguments.iter().map(|argument| argument.value.to_string());
        values.collect::<Vec<_>>().join(", ")
    };
    let given = arguments.iter().map(|argument| {
        if let Some(name) = &argument.name {
            // error: `losses::cross` takes its arguments without names, in order [D0106]
            let message = format!(
                "`{}` takes its arguments without names, in order",
                written.path
            );
            let fault = Fault::new(Code::UnknownArgument, message);
            let fault = fault.help(format!("`{}({})`", written.path, unnamed()));
            return Err((Place::of(name.span()), fault));
        }
        if let ValueKind::Learned(number) = &argument.value.kind {
            let start = learned_start(number, argument.value.place)?;
            return Ok(FunctionArgument::Scalar(Scalar::LearnedFrom(start)));
        }
        given(&argument.value, scope, 0)
    });
    Ok(FunctionArguments {
        arguments: given.collect::<Result<_, _>>()?,
        places: arguments.iter().map(|one| one.value.place).collect(),
    })
}

/// An argument in Rust: what it is written as, except hyper-parameters.
fn given(value: &Value, scope: &Scope, depth: usize) -> Result<FunctionArgument, Placed> {
    let tokens: TokenStream = match &value.kind {
        ValueKind::Number(number) => {
            let literal = &number.literal.0;
            let sign = number.negative.then(|| quote!(-));
            quote!(#sign #literal)
        }
        ValueKind::Name(name) => match scope.hyper(&bare(name)) {
            Some(hyper) => return Ok(FunctionArgument::Scalar(Scalar::Hyper(hyper.name.clone()))),
            None => name.to_token_stream(),
        },
        ValueKind::Constant(path) => path.0.to_token_stream(),
        ValueKind::Text(text) => text.0.to_token_stream(),
        ValueKind::Bool(on) => quote!(#on),
        ValueKind::List(_) if depth == DEPTH => {
            // error: lists are nested deeper than 24 levels [D0001]
            let message = format!("lists are nested deeper than {DEPTH} levels");
            return Err((value.place, Fault::new(Code::UnexpectedToken, message)));
        }
        ValueKind::List(values) => {
            let items = values.iter().map(|value| given(value, scope, depth + 1));
            return Ok(FunctionArgument::List(items.collect::<Result<_, _>>()?));
        }
        ValueKind::Dim(_) | ValueKind::Definition(_) | ValueKind::Learned(_) => {
            // error: a function takes numbers, names, constants, texts and lists, not `2 * hidden` [D0311]
            let message = format!(
                "a function takes numbers, names, constants, texts and lists, not `{value}`"
            );
            return Err((value.place, Fault::new(Code::ArgumentType, message)));
        }
    };
    Ok(FunctionArgument::Rust(
        scope.snippet_of(shown(value), tokens),
    ))
}
