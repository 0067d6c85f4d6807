//! The code of a plan: one `let` an application, the loss of each cell where its ends are ready.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use diagram_core::run::run;
use diagram_core::spaces::spaces_of;
use diagram_core::{
    Cell, DatumId, Entry, Filled, MorphismId, Multiple, NeedsGrad, Path, Plan, Power, Scalar,
    Semantics, Space, Term, check,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::applied::{Applied, rebind};
use super::losses::function::Places;
use super::recording::{self, Recording};
use super::{Context, learned, losses};
use crate::expand::sizes::size_code_by;
use crate::idents::field_ident;
use crate::lower::CellPart;

/// The code of a plan, in a function where the model is `self` and that may return a
/// `DiagramError`.
pub(super) struct Values {
    /// The statements, in order. The value of cell `i` of those planned is `cell_i`.
    pub(super) steps: TokenStream,
    /// The data of cells, or the inputs of paths, that are read, by number: each is to be bound to its variable.
    pub(super) leaves: Vec<(usize, Ident)>,
    /// Whether `sizes` must be in scope.
    pub(super) sized: bool,
}

impl Values {
    /// Some paths of `model`, and the expressions of their values. The inputs are of these spaces.
    pub(super) fn of_paths(
        context: &Context<'_>,
        paths: &[Path],
        inputs: &[Space],
        model: &TokenStream,
    ) -> (Self, Vec<TokenStream>) {
        let plan = Plan::of_paths(context.diagram(), paths);
        let mut writer = Writer::new(context, &plan);
        writer.inputs = inputs;
        writer.model.clone_from(model);
        let values = run(context.diagram(), &plan, &mut writer);
        let values = values.iter().map(ToTokens::to_token_stream).collect();
        (writer.written(), values)
    }

    /// The losses of some cells, by their plan; `recorded` where gradients may be asked of them.
    pub(super) fn of_cells<'a>(
        context: &Context<'a>,
        cells: &[(&'a Cell, &'a CellPart<'a>)],
        plan: &Plan,
        recorded: bool,
    ) -> Self {
        let mut writer = Writer::new(context, plan);
        writer.cells = cells;
        writer.recording = recorded.then(|| Recording::of(context, cells));
        run(context.diagram(), plan, &mut writer);
        let recording = writer.recording.take().filter(|_| writer.conditional);
        let mut written = writer.written();
        if let Some(recording) = recording {
            let (runtime, steps) = (&context.runtime, &written.steps);
            let variables = recording.variables(context, cells);
            written.steps = quote! {
                let recording = #runtime::Recording::of(self);
                #variables
                #steps
            };
        }
        written
    }
}

/// The variable that holds the value of a path.
pub(super) fn variable(path: Path) -> Ident {
    format_ident!("v{}", path.0, span = Span::call_site())
}

/// The variable that holds the loss of a cell.
pub(super) fn cell_variable(index: usize) -> Ident {
    format_ident!("cell_{}", index, span = Span::call_site())
}

/// The statement that checks sizes; it keeps what they bind only where that is needed.
pub(super) fn with_sizes(checked: &TokenStream, sized: bool) -> TokenStream {
    if sized {
        quote!(let sizes = &#checked;)
    } else {
        quote!(#checked;)
    }
}

/// What a gradient is multiplied by, where the model is `self`.
fn multiple_of(context: &Context<'_>, multiple: &Multiple) -> TokenStream {
    let sign = multiple.negative.then(|| quote!(-));
    let of = match &multiple.of {
        // The second is of default losses alone.
        Scalar::Number(number) | Scalar::LearnedFrom(number) => number.get().to_token_stream(),
        Scalar::Hyper(name) => {
            let field = field_ident(name);
            quote!(self.hyper.#field)
        }
        // Where it is of another type, rustc says so of it alone; of a `let` it would propose what is no path.
        Scalar::Constant(path) => {
            let constant = context.lowered.scope.tokens(path);
            quote!({
                const __MULTIPLE: f64 = #constant;
                __MULTIPLE
            })
        }
        // The value does not depend on it, so nothing would move it.
        Scalar::Learned(id) => {
            let field = learned::field(context, *id);
            quote!(self.learned.#field.fixed_value())
        }
    };
    quote!(#sign #of)
}

/// One read of a value: the last reader takes its variable, others a clone, which shares its memory.
#[derive(Clone, Copy)]
struct Read {
    path: Path,
    last: bool,
}

impl Read {
    fn of(path: Path) -> Self {
        Read { path, last: true }
    }
}

impl ToTokens for Read {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let variable = variable(self.path);
        let clone = (!self.last).then(|| quote!(.clone()));
        tokens.extend(quote!(#variable #clone));
    }
}

struct Writer<'c, 'a> {
    context: &'c Context<'a>,
    plan: &'c Plan,
    /// The cells that the plan numbers.
    cells: &'c [(&'a Cell, &'a CellPart<'a>)],
    /// The spaces of the inputs.
    inputs: &'c [Space],
    /// Whether dims may stand for something else than themselves in an application.
    rebinds: bool,
    /// Where the paths end, once that is asked for.
    spaces: OnceCell<HashMap<Path, Vec<Space>>>,
    /// The model, as an expression.
    model: TokenStream,
    /// When values are recorded; nothing is known of it in a composite.
    recording: Option<Recording>,
    /// Whether the code asks that of `recording` and its variables.
    conditional: bool,
    steps: TokenStream,
    leaves: BTreeMap<Path, usize>,
    sized: bool,
}

impl Semantics for Writer<'_, '_> {
    type Value = Read;

    fn share(&self, value: &Read) -> Read {
        Read {
            last: false,
            ..*value
        }
    }

    fn value(&mut self, at: Path, term: Term<Read>) -> Read {
        let (context, needs_grad) = (self.context, self.needs_grad(at));
        let code = match term {
            Term::Datum(DatumId(number)) | Term::Input(number) => {
                self.leaves.insert(at, number);
                return Read::of(at);
            }
            Term::Apply(id, arguments, _) => self.application(at, id, &arguments),
            Term::Power(power, arguments) => self.power(at, &power, &arguments),
            Term::Stop(value) => quote!(#value.detach()),
            Term::Scale(value, multiple) => {
                let (runtime, value) = (&context.runtime, self.detached(value, needs_grad));
                let multiple = multiple_of(context, &multiple);
                quote!(#runtime::scale_gradient(#value, #multiple))
            }
            Term::Number(like, number) => self.number(like, &number),
            Term::Factor(product, position) => {
                // Each factor is taken once, out of the tuple.
                let of = variable(product.path);
                let position = Literal::usize_unsuffixed(position);
                self.detached_value(product.path, quote!(#of.#position), needs_grad)
            }
        };
        let variable = variable(at);
        self.steps.extend(quote!(let #variable = #code;));
        Read::of(at)
    }

    fn cell(&mut self, index: usize, values: Vec<Read>) {
        let Some((cell, part)) = self.cells.get(index) else {
            return;
        };
        let Some(measured) = &part.measured else {
            return;
        };
        let context = self.context;
        let places = Places {
            ends: &measured.end_places,
            arguments: &measured.argument_places,
        };
        let scope = &context.lowered.scope;
        let built = losses::built(&cell.loss, &measured.ends, &places, scope, &context.runtime);
        let built = losses::Built {
            weight: measured.weight,
            mask: measured.mask,
            ..built
        };
        let recording = self.recording.as_ref();
        let needs_grad = recording.map_or(NeedsGrad::Always, |recording| recording.of_cell(index));
        let reads = self.detached_arguments(&values, needs_grad);
        let value = built.value(&context.runtime, reads);
        let learned = cell.loss.learned();
        let model = self.model(needs_grad, !learned.is_empty());
        let value = learned::bound(context, &learned, &model, &value);
        let variable = cell_variable(index);
        self.steps.extend(quote!(let #variable = #value;));
    }
}

impl<'c, 'a> Writer<'c, 'a> {
    fn new(context: &'c Context<'a>, plan: &'c Plan) -> Self {
        Writer {
            context,
            plan,
            cells: &[],
            inputs: &[],
            rebinds: context.diagram().rebinds(),
            spaces: OnceCell::new(),
            model: quote!(self),
            recording: None,
            conditional: false,
            steps: TokenStream::new(),
            leaves: BTreeMap::new(),
            sized: false,
        }
    }

    fn written(self) -> Values {
        let leaves = self.leaves.into_iter();
        let leaves = leaves.map(|(path, number)| (number, variable(path)));
        Values {
            steps: self.steps,
            leaves: leaves.collect(),
            sized: self.sized,
        }
    }

    fn spaces(&self) -> &HashMap<Path, Vec<Space>> {
        self.spaces.get_or_init(|| {
            let ends: Vec<Path> = self.plan.ends().collect();
            self.context.diagram().ends_within(&ends, self.inputs)
        })
    }

    /// A morphism on its arguments.
    fn application(&mut self, path: Path, id: MorphismId, arguments: &[Read]) -> TokenStream {
        let (context, diagram) = (self.context, self.context.diagram());
        let needs_grad = self.needs_grad(path);
        let arguments = self.detached_arguments(arguments, needs_grad);
        let model = self.model(needs_grad, check::is_trainable(diagram, id));
        let own = format_ident!("sizes_{}", path.0, span = Span::call_site());
        let binding = self
            .rebinds
            .then(|| diagram.binding_of(path, self.spaces()));
        let binding = binding.flatten();
        let before = binding.and_then(|binding| rebind(context, id, &binding, &own));
        let sizes = match before {
            Some(_) => own.into_token_stream(),
            None => quote!(sizes),
        };
        let applied = Applied::new(context, &model, id, &arguments, &sizes);
        self.sized |= applied.sized || before.is_some();
        self.steps.extend(before);
        applied.value()
    }

    /// A loop over the body of a power.
    fn power(&mut self, path: Path, power: &Power, arguments: &[Read]) -> TokenStream {
        let diagram = self.context.diagram();
        let parts: Vec<_> = arguments.iter().map(|read| read.path).collect();
        let inputs = spaces_of(&parts, self.spaces());
        let needs_grad = self.needs_grad(path);
        let mut applied = diagram.paths.applied_within(&power.body).into_iter();
        let trained = applied.any(|id| check::is_trainable(diagram, id));
        let model = self.model(needs_grad, trained);
        let (body, values) = Values::of_paths(self.context, &power.body, &inputs, &model);
        let given = self.detached_arguments(arguments, needs_grad);
        let mut named = vec![quote!(_); arguments.len()];
        for (position, variable) in &body.leaves {
            if let Some(name) = named.get_mut(*position) {
                *name = variable.into_token_stream();
            }
        }
        let times = size_code_by(&power.times, &|name| quote!(sizes.size(#name)));
        self.sized = true;
        let whole = |parts: &[TokenStream]| match parts {
            [one] => one.clone(),
            several => quote!((#(#several),*)),
        };
        let (given, named, values) = (whole(&given), whole(&named), whole(&values));
        let steps = &body.steps;
        quote! {{
            let mut looped = #given;
            for _ in 0..#times {
                let #named = looped;
                #steps
                looped = #values;
            }
            looped
        }}
    }

    /// A number in every entry of a tensor.
    fn number(&self, like: Read, number: &Filled) -> TokenStream {
        let value = entry(&number.value);
        let (runtime, diagram) = (&self.context.runtime, self.context.diagram());
        let spaces = self.spaces().get(&like.path);
        let space = spaces.and_then(|spaces| spaces.first());
        let shape = match space.map(|space| diagram.shape(space)) {
            Some(shape) if shape.kind != number.value.kind() || number.without.is_some() => shape,
            _ => return quote!(#like.full_like(#value)),
        };
        let axes = (0..shape.rank()).filter(|axis| number.without != Some(*axis));
        let axes: Vec<_> = axes.map(Literal::usize_unsuffixed).collect();
        let rank = Literal::usize_unsuffixed(axes.len());
        let kind = format_ident!(
            "{}",
            number.value.kind().to_string(),
            span = Span::call_site()
        );
        let kind = quote!(#runtime::burn::tensor::#kind);
        quote! {{
            let like = #like;
            let extents = like.dims();
            #runtime::Tensor::<#rank, #kind>::full([#(extents[#axes]),*], #value, &like.device())
        }}
    }

    /// When the gradient of what an application gives is needed, as far as that matters here.
    fn needs_grad(&self, path: Path) -> NeedsGrad {
        let recording = self.recording.as_ref();
        recording.map_or(NeedsGrad::Always, |recording| {
            recording.of_application(path)
        })
    }

    /// The model for an application whose gradient is needed then.
    fn model(&mut self, needs_grad: NeedsGrad, trained: bool) -> TokenStream {
        if needs_grad == NeedsGrad::Always || !trained {
            return self.model.clone();
        }
        self.conditional = true;
        let condition = recording::condition(needs_grad);
        quote!(recording.model(#condition))
    }

    /// A value, read where its gradient is needed then.
    fn detached(&mut self, value: Read, needs_grad: NeedsGrad) -> TokenStream {
        self.detached_value(value.path, value.into_token_stream(), needs_grad)
    }

    fn detached_arguments(&mut self, values: &[Read], needs_grad: NeedsGrad) -> Vec<TokenStream> {
        let detached = values.iter().map(|value| self.detached(*value, needs_grad));
        detached.collect()
    }

    fn detached_value(
        &mut self,
        path: Path,
        value: TokenStream,
        needs_grad: NeedsGrad,
    ) -> TokenStream {
        let recording = self.recording.as_ref();
        if recording.is_none_or(|recording| !recording.is_detached(path, needs_grad)) {
            return value;
        }
        if needs_grad == NeedsGrad::Never {
            return quote!(#value.detach());
        }
        self.conditional = true;
        let (runtime, condition) = (&self.context.runtime, recording::condition(needs_grad));
        quote!(#runtime::recorded_if(#value, #condition))
    }
}

/// An entry of a tensor.
fn entry(value: &Entry) -> TokenStream {
    let (negative, size) = match value {
        Entry::Float(number) => {
            let number = number.get();
            let size = Literal::f64_unsuffixed(number.abs());
            (number.is_sign_negative(), size)
        }
        Entry::Int(number) => {
            let size = Literal::u64_unsuffixed(number.unsigned_abs());
            (*number < 0, size)
        }
        Entry::Bool(on) => return on.to_token_stream(),
    };
    // A literal has no sign.
    let sign = negative.then(|| quote!(-));
    quote!(#sign #size)
}
