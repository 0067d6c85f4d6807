//! The tree as a person would write it: what is printed reads back as an equal tree.
//!
//! Messages and the diagram's data quote paths, layers and losses in this form.

use std::fmt::{self, Display, Formatter};

use quote::ToTokens;

use super::tree::{
    Cell, Clauses, Diagram, Ends, Factor, Hyper, Item, ItemKind, PathKind, Rust, Term,
};

mod pieces;
mod terms;

pub(super) use pieces::rust;

/// Parts with a text between them.
struct Joined<'a, T>(&'a [T], &'static str);

impl<T: Display> Display for Joined<'_, T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                out.write_str(self.1)?;
            }
            part.fmt(out)?;
        }
        Ok(())
    }
}

/// Something that may be left out, after a text.
struct After<'a, T>(&'static str, &'a Option<T>);

impl<T: Display> Display for After<'_, T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(part) => write!(out, "{}{part}", self.0),
            None => Ok(()),
        }
    }
}

fn commas<T>(parts: &[T]) -> Joined<'_, T> {
    Joined(parts, ", ")
}

impl<T: ToTokens> Display for Rust<T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

impl Display for Diagram {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        pieces::attributes(out, &self.attributes, "")?;
        let visibility = self.visibility.text();
        if !visibility.is_empty() {
            write!(out, "{visibility} ")?;
        }
        write!(out, "{}{}", self.name, self.generics)?;
        if !self.hypers.is_empty() {
            write!(out, "({})", commas(&self.hypers))?;
        }
        out.write_str(" {\n")?;
        for item in &self.items {
            pieces::attributes(out, &item.attributes, "    ")?;
            writeln!(out, "    {};", item.kind)?;
        }
        out.write_str("}\n")
    }
}

impl Display for Hyper {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for attribute in &self.attributes {
            write!(out, "{attribute} ")?;
        }
        write!(
            out,
            "{}: {}{}",
            self.name,
            self.ty,
            After(" = ", &self.default)
        )
    }
}

impl Display for Item {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        pieces::attributes(out, &self.attributes, "")?;
        write!(out, "{};", self.kind)
    }
}

/// Without the `;`.
impl Display for ItemKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ItemKind::Dynamics(names) => write!(out, "dyn {}", commas(names)),
            ItemKind::Facts(facts) => write!(out, "where {}", commas(facts)),
            ItemKind::Frozen(names) => write!(out, "frozen {}", commas(names)),
            ItemKind::Lora {
                morphism,
                arguments,
            } => {
                write!(out, "lora {morphism}({})", commas(arguments))
            }
            ItemKind::Object {
                name,
                shape,
                default_loss,
            } => {
                write!(out, "{name}: {shape}{}", After(" by ", default_loss))
            }
            ItemKind::Data {
                names,
                space,
                default_loss,
            } => {
                write!(
                    out,
                    "data {}: {space}{}",
                    commas(names),
                    After(" by ", default_loss)
                )
            }
            ItemKind::Chain { first, links } => {
                write!(out, "{first}")?;
                links
                    .iter()
                    .try_for_each(|(arrow, node)| write!(out, " {arrow} {node}"))
            }
            ItemKind::Definition { name, definition } => write!(out, "{name} = {definition}"),
            ItemKind::Cell {
                name: Some(name),
                cell,
            } => write!(out, "{name}: {cell}"),
            ItemKind::Cell { name: None, cell } => write!(out, "{cell}"),
            ItemKind::Watch { name, cell } => write!(out, "watch {name}: {cell}"),
            ItemKind::Commutes {
                at,
                within,
                clauses,
            } => {
                out.write_str("commutes")?;
                if !at.is_empty() {
                    write!(out, " at {}", commas(at))?;
                }
                write!(out, "{}{clauses}", After(" within ", within))
            }
            ItemKind::Objective {
                name,
                trains,
                sum,
                every,
            } => {
                let (trains, every) = (commas(trains), After(" every ", every));
                write!(
                    out,
                    "objective {name} trains {trains} minimizes {}{every}",
                    Sum(sum)
                )
            }
            ItemKind::Include {
                labels,
                diagram,
                arguments,
                over,
                renames,
            } => {
                if !labels.is_empty() {
                    write!(out, "{}: ", commas(labels))?;
                }
                write!(out, "include {diagram}")?;
                if !arguments.is_empty() {
                    write!(out, "({})", commas(arguments))?;
                }
                if !over.is_empty() {
                    write!(out, " over {}", commas(over))?;
                }
                match renames.as_deref() {
                    Some([]) => out.write_str(" {}"),
                    Some(renames) => {
                        let renames: Vec<String> = renames
                            .iter()
                            .map(|(theirs, ours)| match ours {
                                Some(ours) => format!("{theirs} => {ours}"),
                                None => format!("{theirs} => _"),
                            })
                            .collect();
                        write!(out, " {{ {} }}", commas(&renames))
                    }
                    None => Ok(()),
                }
            }
            ItemKind::Invalid => out.write_str("/* could not be read */"),
        }
    }
}

impl Display for Cell {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.ends, self.clauses)
    }
}

impl Display for Ends {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Ends::Agree(left, right) => write!(out, "{left} ~ {right}"),
            Ends::Minimize(path) if matches!(path.kind, PathKind::Number(_)) => {
                write!(out, "minimize ({path})")
            }
            Ends::Minimize(path) => write!(out, "minimize {path}"),
        }
    }
}

/// A signed sum.
struct Sum<'a>(&'a [Term]);

impl Display for Sum<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (index, term) in self.0.iter().enumerate() {
            let sign = match (index, term.negative) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            };
            write!(out, "{sign}{term}")?;
        }
        Ok(())
    }
}

/// Each with a space before it.
impl Display for Clauses {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Clauses { loss, weight, mask } = self;
        write!(
            out,
            "{}{}{}",
            After(" by ", loss),
            After(" weight ", weight),
            After(" mask ", mask)
        )
    }
}

/// Without its sign, which depends on what stands before it.
impl Display for Term {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.factor {
            Some(factor) => write!(out, "{factor} * {}", self.cell),
            None => self.cell.fmt(out),
        }
    }
}

impl Display for Factor {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Factor::Number(literal) => literal.fmt(out),
            Factor::Name(path) => path.fmt(out),
        }
    }
}
