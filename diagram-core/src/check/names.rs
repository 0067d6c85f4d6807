//! Rules about the names that a diagram declares, and about the names in dims.

use crate::diagram::{Diagram, HyperType, Object};
use crate::dim::Dim;
use crate::fault::{Code, Fault, nearest};

/// A name stands for one thing.
// error: `Image` is declared twice [D0107]
#[must_use]
pub fn declared_twice(name: &str) -> Fault {
    Fault::new(Code::DeclaredTwice, format!("`{name}` is declared twice"))
}

/// A name of a cell stands for one cell.
// error: the cell `soft` is declared twice [D0107]
#[must_use]
pub fn cell_declared_twice(name: &str) -> Fault {
    let message = format!("the cell `{name}` is declared twice");
    Fault::new(Code::DeclaredTwice, message)
}

/// Each learned scalar is a field of its own in the model.
// error: two learned scalars would be called `look_read_weight` [D0107]
#[must_use]
pub fn learned_named_twice(name: &str) -> Fault {
    let message = format!("two learned scalars would be called `{name}`");
    Fault::new(Code::DeclaredTwice, message)
}

/// Two data become two different fields of a batch.
// error: `X1` and `X_1` would both be the field `x1` of the batch [D0111]
#[must_use]
pub fn equal_fields(one: &str, other: &str, field: &str) -> Fault {
    let message = format!("`{one}` and `{other}` would both be the field `{field}` of the batch");
    Fault::new(Code::EqualFields, message).help("rename one of them")
}

/// A dim names a size.
// error: `width` is of type `f64`, and a size is of type `usize` [D0205]
#[must_use]
pub fn not_a_size(name: &str, ty: &HyperType) -> Fault {
    let message = format!("`{name}` is of type `{ty}`, and a size is of type `usize`");
    Fault::new(Code::NotASize, message).help(format!("declare it as `{name}: usize`"))
}

/// A dim names something that is declared.
// error: there is no dim `bacth` [D0103]
#[must_use]
pub fn no_dim<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Fault {
    let fault = Fault::new(Code::UnknownDim, format!("there is no dim `{name}`"));
    fault.help(match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "declare it: `dyn {name};` for a size that varies from call to call, or a hyper-parameter \
             `({name}: usize)`"
        ),
    })
}

/// Every name in a dim is one of the diagram's sizes: a hyper-parameter, a dynamic dim or a constant.
///
/// # Errors
///
/// The first name that is not.
pub fn names_sizes(diagram: &Diagram, dim: &Dim) -> Result<(), Fault> {
    for name in dim.symbols() {
        let listed = |names: &[String]| names.iter().any(|known| known == name);
        let hyper = diagram.hypers.iter().find(|hyper| hyper.name == name);
        match hyper.map(|hyper| &hyper.ty) {
            Some(HyperType::Size) => {}
            Some(ty) => return Err(not_a_size(name, ty)),
            None if listed(&diagram.dynamics) || listed(&diagram.constants) => {}
            None => return Err(no_dim(name, sizes(diagram))),
        }
    }
    Ok(())
}

/// Only a dynamic dim of an object's shape can be rebound.
///
/// # Errors
///
/// The name is not such a dim.
pub fn rebinds(object: &Object, name: &str, dynamics: &[String]) -> Result<(), Fault> {
    let symbols: Vec<&str> = object.shape.dims.iter().flat_map(Dim::symbols).collect();
    let dynamic = |name: &str| dynamics.iter().any(|dynamic| dynamic == name);
    match (symbols.contains(&name), dynamic(name)) {
        (true, true) => Ok(()),
        (true, false) => {
            // error: `hidden` cannot be rebound: it is a hyper-parameter, with one value in a model
            // [D0206]
            let message = format!(
                "`{name}` cannot be rebound: it is a hyper-parameter, with one value in a model"
            );
            Err(Fault::new(Code::NotRebindable, message))
        }
        (false, _) => {
            // error: `Image` has no dim `bacth` [D0206]
            let near = nearest(name, symbols.iter().copied().filter(|name| dynamic(name)));
            let message = format!("`{}` has no dim `{name}`", object.name);
            Err(Fault::new(Code::NotRebindable, message)
                .note(format!("`{}` : {}", object.name, object.shape))
                .maybe_help(near.map(|near| format!("did you mean `{near}`?"))))
        }
    }
}

/// A dim is rebound once.
// error: `batch` is bound twice [D0107]
#[must_use]
pub fn bound_twice(name: &str) -> Fault {
    Fault::new(Code::DeclaredTwice, format!("`{name}` is bound twice"))
}

/// The names of sizes.
fn sizes(diagram: &Diagram) -> impl Iterator<Item = &str> {
    let hypers = diagram.hypers.iter();
    let sizes = hypers.filter(|hyper| hyper.ty == HyperType::Size);
    let others = diagram.dynamics.iter().chain(&diagram.constants);
    let others = others.map(String::as_str);
    others.chain(sizes.map(|hyper| hyper.name.as_str()))
}
