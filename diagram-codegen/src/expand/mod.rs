//! From a checked diagram to items: one file a generated item.
//!
//! The code of cells is generated from their plan (`diagram_core::Plan`), so each application is
//! evaluated once, and the last reader of a value takes it instead of a clone.

use std::rc::Rc;

use diagram_core::{
    CellRole, Definition, Diagram, Kind, Morphism, MorphismId, Product, Scalar, Shape, Space,
    Weight,
};
use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote};

use chain::Chain;
use constants::Checks;
use generics::Generics;
use mapped::Mapped;

use crate::diagnostic::Diagnostics;
use crate::idents::field_ident;
use crate::idents::tuple;
use crate::idents::{self, generated};
use crate::lower::header::attributes::passed_on;
use crate::lower::{Attributes, Body, CellPart, Lowered};
use crate::syntax::tree::bare;
use diagram_core::HyperType;

mod applied;
mod averages;
mod batch;
mod built;
mod chain;
mod config;
mod configuration;
mod constants;
mod documentation;
mod functions;
mod generics;
mod gradients;
mod init;
mod initializer;
pub(crate) mod layers;
mod learned;
mod loss;
mod losses;
mod mapped;
mod module;
mod morphism;
mod parameters;
mod recording;
pub(crate) mod scalars;
mod signature;
mod sizes;
mod slots;
mod training;
mod types;
mod values;
mod weights;

/// Whether items get their bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// All code.
    Whole,
    /// The items' names and signatures, with bodies that are never run: something is at fault.
    Skeleton,
}

impl Bodies {
    /// All code where nothing is at fault.
    #[must_use]
    pub fn of(diagnostics: &Diagnostics) -> Self {
        if diagnostics.is_clean() {
            Bodies::Whole
        } else {
            Bodies::Skeleton
        }
    }
}

/// The modules of the morphisms of a diagram that are made of layers, in step with its morphisms.
pub struct Modules(Vec<Option<Rc<Chain>>>);

/// The modules of a diagram's morphisms, whose types must differ.
pub fn modules(lowered: &mut Lowered<'_>, diagnostics: &mut Diagnostics) -> Modules {
    let modules = Modules(chains_of(lowered));
    types::differ(lowered, &modules, diagnostics);
    modules
}

/// The items of one diagram.
#[must_use]
pub fn expand(
    (lowered, modules): (&Lowered<'_>, &Modules),
    facade: &TokenStream,
    bodies: Bodies,
) -> TokenStream {
    let runtime = idents::runtime(&lowered.tree.name).into_token_stream();
    let generics = Generics::of(lowered, &runtime);
    let context = Context {
        lowered,
        sizing: generics.named_in(&constants::decided_by_generics(lowered)),
        generics,
        modules,
        chains: chains(&lowered.diagram),
        runtime,
        bodies,
    };
    let runtime = &context.runtime;
    // Burn's derives name `burn`; see `names` in the runtime.
    let imports = quote! {
        #[allow(unused_imports)]
        use #facade::__private as #runtime;
        #[allow(unused_imports)]
        use #facade::__private::names::*;
    };
    let checks = Checks::of(&context);
    let items = [
        imports,
        module::are_modules(&context),
        config::items(&context),
        learned::items(&context).unwrap_or_default(),
        constants::items(&context, &checks),
        init::items(&context, &checks),
        slots::items(&context),
        morphism::items(&context),
        module::items(&context),
        parameters::items(&context),
        built::items(&context).unwrap_or_default(),
        averages::items(&context).unwrap_or_default(),
        batch::items(&context).unwrap_or_default(),
        loss::items(&context),
        gradients::items(&context).unwrap_or_default(),
        training::items(&context).unwrap_or_default(),
    ];
    items.into_iter().collect()
}

/// Parts of one item in braces. `quote!` would copy every token of them.
fn braced(parts: impl IntoIterator<Item = TokenStream>) -> Group {
    Group::new(Delimiter::Brace, parts.into_iter().collect())
}

/// What every generated item needs to know.
struct Context<'a> {
    lowered: &'a Lowered<'a>,
    generics: Generics,
    /// Those of them that the values of constants depend on.
    sizing: Generics,
    /// The path of the runtime's private part in generated code.
    runtime: TokenStream,
    modules: &'a Modules,
    /// Whether composites that are chains may call each other: see [`chains`].
    chains: bool,
    bodies: Bodies,
}

/// Whether a composite that is a chain may call the composites in it. They share no application then,
/// since each one's depend on another value, but for those that depend on constants alone; and no dim
/// stands for another in them.
fn chains(diagram: &Diagram) -> bool {
    let is_constant = |morphism: &Morphism| morphism.domain.is_empty();
    !diagram.rebinds() && !diagram.morphisms.iter().any(is_constant)
}

/// The modules of the morphisms that are made of layers.
fn chains_of(lowered: &Lowered<'_>) -> Vec<Option<Rc<Chain>>> {
    let runtime = idents::runtime(&lowered.tree.name);
    let burn = quote!(#runtime::burn);
    let diagram = &lowered.diagram;
    let pairs = diagram.morphisms.iter().zip(&lowered.morphisms);
    let modules = pairs.map(
        |(morphism, part)| match (&morphism.definition, &part.body) {
            (Definition::Layers { steps, .. }, Body::Layers) => {
                let input = diagram.shapes(&morphism.domain);
                let names = (&lowered.tree.name, morphism.name.as_str());
                let chain = Chain::of(names, &lowered.scope, &burn, &input, steps);
                Some(Rc::new(chain))
            }
            _ => None,
        },
    );
    modules.collect()
}

impl<'a> Context<'a> {
    fn diagram(&self) -> &'a Diagram {
        &self.lowered.diagram
    }

    /// The model's type.
    fn model(&self) -> &'a Ident {
        &self.lowered.tree.name
    }

    /// A generated type: the diagram's name and what it is.
    fn named(&self, what: &str) -> Ident {
        generated(self.model(), what)
    }

    /// The visibility of the diagram, which every generated item and field has.
    fn visibility(&self) -> &'a syn::Visibility {
        &self.lowered.tree.visibility.0
    }

    /// The body of a function, in braces: as given, or one that is never run.
    fn body(&self, whole: impl FnOnce() -> TokenStream) -> Group {
        let runtime = &self.runtime;
        Group::new(
            Delimiter::Brace,
            match self.bodies {
                Bodies::Whole => whole(),
                Bodies::Skeleton => quote!(#runtime::not_expanded()),
            },
        )
    }

    /// The type of a tensor of this shape.
    fn tensor(&self, shape: &Shape) -> TokenStream {
        let runtime = &self.runtime;
        let rank = shape.rank();
        match shape.kind {
            Kind::Float => quote!(#runtime::Tensor<#rank>),
            Kind::Int => quote!(#runtime::Tensor<#rank, #runtime::Int>),
            Kind::Bool => {
                quote!(#runtime::Tensor<#rank, #runtime::Bool>)
            }
        }
    }

    /// The type of the points of a space.
    fn space_tensor(&self, space: &Space) -> TokenStream {
        self.tensor(&self.diagram().object(space.object).shape)
    }

    /// The types of the points of some spaces.
    fn space_tensors(&self, spaces: &[Space]) -> Vec<TokenStream> {
        spaces
            .iter()
            .map(|space| self.space_tensor(space))
            .collect()
    }

    /// The types of the tensors of a product.
    fn tensors(&self, product: &Product) -> Vec<TokenStream> {
        product.0.iter().map(|shape| self.tensor(shape)).collect()
    }

    /// Every morphism with its part, in order; without those that can have no items.
    fn morphisms(&self) -> impl Iterator<Item = Mapped<'a>> {
        let count = self.diagram().morphisms.len();
        let all = (0..count)
            .map(MorphismId)
            .filter(|id| !self.lowered.nameless.contains(id));
        all.map(|id| self.mapped(id))
    }

    /// A morphism with its part.
    fn mapped(&self, id: MorphismId) -> Mapped<'a> {
        let part = &self.lowered.morphisms[id.0];
        let made_by = match part.body {
            Body::Average { of } => of,
            _ => id,
        };
        let made = &self.lowered.morphisms[made_by.0];
        Mapped {
            id,
            morphism: self.diagram().morphism(id),
            name: part.name,
            stem: &part.stem,
            attributes: &part.attributes,
            known: part.known,
            body: &made.body,
            made_stem: &made.stem,
            chain: self.modules.0[made_by.0].clone(),
        }
    }

    /// The morphism that another is the average of.
    fn averaged(&self, mapped: &Mapped<'_>) -> Option<Mapped<'a>> {
        let average = mapped.morphism.average.as_ref()?;
        Some(self.mapped(average.of))
    }

    /// The cells with this role.
    fn cells(&self, role: CellRole) -> impl Iterator<Item = &'a CellPart<'a>> {
        self.lowered
            .cells
            .iter()
            .filter(move |cell| cell.role == role)
    }

    fn has_cells(&self, role: CellRole) -> bool {
        self.cells(role).next().is_some()
    }

    /// The hyper-parameters that may change while training.
    fn floats(&self) -> impl Iterator<Item = Ident> {
        let hypers = self.lowered.scope.hypers.iter();
        hypers
            .filter(|hyper| hyper.ty == HyperType::Float)
            .map(|hyper| field_ident(&hyper.name))
    }

    /// Their names and values, as a slice, where they are fields of `holder`.
    fn float_values(&self, holder: &TokenStream) -> TokenStream {
        let values = self.floats().map(|field| {
            let name = bare(&field);
            quote!((#name, #holder.#field))
        });
        quote!(&[#(#values),*])
    }

    fn has_floats(&self) -> bool {
        self.floats().next().is_some()
    }

    /// Whether some field is not trained, but for its adapters if it has some.
    fn has_frozen(&self) -> bool {
        self.morphisms().any(|mapped| {
            mapped.is_frozen_field() || mapped.is_adapted_field() || mapped.is_average_field()
        })
    }

    /// Whether some scalar is trained beside the morphisms.
    fn learns(&self) -> bool {
        !self.diagram().learned.is_empty()
    }

    /// Whether some cell has a weight of its own in a field.
    fn has_weights(&self) -> bool {
        self.lowered.cells.iter().any(CellPart::has_own_weight)
    }
}

impl CellPart<'_> {
    /// Whether its weight is a field of the model's weights: that of a named cell, unless something else gives it.
    /// Where it is at fault, what uses the model finds the field all the same.
    fn has_own_weight(&self) -> bool {
        let own = match &self.weight {
            None => true,
            Some(Weight::Scalar(scalar)) => !matches!(scalar, Scalar::Hyper(_)),
            Some(Weight::Path(_) | Weight::Learned(_)) => false,
        };
        self.role == CellRole::Trained && self.name.is_some() && own
    }
}

/// The statement that makes one `x` of the factors of an input.
fn opening(names: &[Ident]) -> Option<TokenStream> {
    let whole = tuple(names);
    (names.len() != 1).then(|| quote!(let x = #whole;))
}

/// Attributes of a field of the model. That it is deprecated is said of its method alone: Burn's derive uses
/// the field.
fn attributes_of_field(attributes: &[Attributes<'_>]) -> TokenStream {
    passed(attributes, |attribute| {
        !attribute.path().is_ident("deprecated")
    })
}

/// Attributes as they stand in generated code.
fn attributes<'a>(attributes: impl IntoIterator<Item = &'a Attributes<'a>>) -> TokenStream {
    passed(attributes, |_| true)
}

fn passed<'a>(
    attributes: impl IntoIterator<Item = &'a Attributes<'a>>,
    fits: impl Fn(&syn::Attribute) -> bool,
) -> TokenStream {
    let all = attributes.into_iter().flat_map(|some| some.iter());
    let all = all.filter(|attribute| fits(attribute));
    let all = all.filter_map(|attribute| passed_on(attribute));
    quote!(#(#all)*)
}
