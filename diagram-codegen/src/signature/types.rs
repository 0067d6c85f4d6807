//! A signature beside the Rust types of its method, as far as these are written `Tensor<…>`.

use diagram_core::{Code, Fault, Kind, Shape};
use syn::{Expr, ExprLit, FnArg, GenericArgument, Lit, PathArguments, ReturnType, Type};

use super::{Meaning, Subject};
use crate::diagnostic::Diagnostics;
use crate::syntax::tree::{self, Rust, bare};

/// Records where they disagree; `false` where some type does not tell its rank and kind by how it is
/// written.
pub(crate) fn compare(
    subject: &Subject,
    tree: &tree::Signature,
    meaning: &Meaning,
    diagnostics: &mut Diagnostics,
) -> bool {
    let method = bare(&subject.signature.ident);
    let verbs = [("take", "takes"), ("give", "gives")];
    let mut taken = taken(&subject.signature);
    if let [Type::Tuple(tuple)] = taken.as_slice()
        && subject.is_map()
    {
        taken = tuple.elems.iter().collect();
    }
    let types = [taken, given(&subject.signature)];
    let mut all = true;
    for (side, (types, verbs)) in types.into_iter().zip(verbs).enumerate() {
        let (Some(shapes), Some(written), Some(place)) = (
            meaning.ends.get(side),
            tree.ends.get(side),
            tree.places.get(side),
        ) else {
            continue;
        };
        let stated = Stated {
            method: &method,
            verbs,
        };
        // One type of another name may stand for several.
        let hidden =
            types.len() == 1 && shapes.len() > 1 && types.iter().all(|ty| tensor(ty).is_none());
        if hidden {
            all = false;
        } else if types.len() != shapes.len() {
            diagnostics.fault(*place, stated.number(shapes.len(), types.len()));
        } else {
            for ((shape, written), ty) in shapes.iter().zip(written).zip(types) {
                let found = tensor(ty);
                all &= found.is_some();
                if let Some(fault) = found.and_then(|found| stated.difference(shape, ty, found)) {
                    diagnostics.fault(written.place, fault);
                }
            }
        }
    }
    all
}

/// What is stated of one side.
struct Stated<'a> {
    method: &'a str,
    /// `take` and `takes`
    verbs: (&'static str, &'static str),
}

impl Stated<'_> {
    // error: `forward` is stated to take 2 tensors, but takes 1 [D0320]
    fn number(&self, stated: usize, found: usize) -> Fault {
        let (method, (verb, verbs)) = (self.method, self.verbs);
        let plural = if stated == 1 { "" } else { "s" };
        let message =
            format!("`{method}` is stated to {verb} {stated} tensor{plural}, but {verbs} {found}");
        Fault::new(Code::ForeignSignature, message)
    }

    fn difference(&self, shape: &Shape, ty: &Type, (rank, kind): (usize, Kind)) -> Option<Fault> {
        let (method, (verb, verbs)) = (self.method, self.verbs);
        let stated = format!("`{method}` is stated to {verb} {shape}");
        let found = format!("but {verbs} `{}`", Rust(ty.clone()).text());
        let fault = |message| Some(Fault::new(Code::ForeignSignature, message));
        if shape.rank() != rank {
            // error: `forward` is stated to take [b, 1, 8, 8] of rank 4, but takes `Tensor<3>` [D0320]
            return fault(format!("{stated} of rank {}, {found}", shape.rank()));
        }
        if shape.kind != kind {
            // error: `forward` is stated to take [b, 4], but takes `Tensor<2, Int>` of kind Int [D0320]
            let written = Shape {
                kind,
                dims: shape.dims.clone(),
            };
            let fault = fault(format!("{stated}, {found} of kind {kind}"));
            return fault.map(|fault| fault.help(format!("write the kind: `{written}`")));
        }
        None
    }
}

/// The types of the arguments.
fn taken(signature: &syn::Signature) -> Vec<&Type> {
    let arguments = signature.inputs.iter();
    arguments
        .filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(&*argument.ty),
            FnArg::Receiver(_) => None,
        })
        .collect()
}

/// The types of the results.
fn given(signature: &syn::Signature) -> Vec<&Type> {
    match &signature.output {
        ReturnType::Default => Vec::new(),
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) => tuple.elems.iter().collect(),
            ty => vec![ty],
        },
    }
}

/// The rank and kind of a type that is written `Tensor<4>` or `Tensor<1, Int>`.
fn tensor(ty: &Type) -> Option<(usize, Kind)> {
    let last = match ty {
        Type::Path(path) => path.path.segments.last()?,
        _ => return None,
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    if last.ident != "Tensor" {
        return None;
    }
    let mut arguments = arguments.args.iter();
    let rank = match arguments.next()? {
        GenericArgument::Const(Expr::Lit(ExprLit {
            lit: Lit::Int(rank),
            ..
        })) => rank.base10_parse().ok()?,
        _ => return None,
    };
    let kind = match arguments.next() {
        None => Kind::Float,
        Some(GenericArgument::Type(Type::Path(path))) => {
            let name = &path.path.segments.last()?.ident;
            [Kind::Float, Kind::Int, Kind::Bool]
                .into_iter()
                .find(|kind| name == kind.name())?
        }
        Some(_) => return None,
    };
    Some((rank, kind))
}
