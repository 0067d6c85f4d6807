//! The code of a plan: one `let` an application, the loss of each cell where its ends are ready.

use std::collections::HashMap;

use diagram_core::plan::Action;
use diagram_core::space::spaces_of;
use diagram_core::{
    Cell, Constant, MorphismId, Multiple, Path, Plan, Power, Space, Term, Wanted, check,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::applied::{Applied, rebind};
use super::recording::{self, Recording};
use super::{Context, learned};
use crate::lower::scope::{field_ident, size_code_by};
use crate::lower::{CellPart, LEARNED};

/// The code of a plan, in a function where the model is `self` and that may return a
/// `DiagramError`.
pub(super) struct Values {
    /// The statements, in order. The value of cell `i` of those planned is `cell_i`.
    pub(super) steps: TokenStream,
    /// The data that are read: their fields are to be bound to [`variable`]s.
    pub(super) data: Vec<(usize, Ident)>,
    /// Whether `sizes` must be in scope.
    pub(super) sized: bool,
}

impl Values {
    /// Some paths of `model`, whose inputs are in variables of [`variable`]'s names; beside it, their values.
    pub(super) fn of_paths(
        context: &Context<'_>,
        paths: &[Path],
        inputs: &[Space],
        model: &TokenStream,
    ) -> (Self, Vec<TokenStream>) {
        let plan = Plan::of_paths(context.diagram(), paths);
        let mut writer = Writer::new(context, &plan, paths, inputs);
        writer.model.clone_from(model);
        for path in paths {
            *writer.left.entry(*path).or_insert(0) += 1;
        }
        writer.run(&plan, &[]);
        let values = paths.iter().map(|path| writer.read(*path)).collect();
        (writer.written, values)
    }

    /// The losses of some cells, by their plan; `recorded` where gradients may be asked of them.
    pub(super) fn of_cells<'a>(
        context: &Context<'a>,
        cells: &[(&'a Cell, &'a CellPart<'a>)],
        plan: &Plan,
        recorded: bool,
    ) -> Self {
        let parts: Vec<_> = cells.iter().map(|(_, part)| *part).collect();
        let ends: Vec<Path> = plan.ends().collect();
        let mut writer = Writer::new(context, plan, &ends, &[]);
        writer.recording = recorded.then(|| Recording::of(context, cells));
        writer.bind();
        writer.run(plan, &parts);
        let mut written = writer.written;
        if let Some(recording) = writer.recording.filter(|_| writer.conditional) {
            let (runtime, steps) = (&context.runtime, &written.steps);
            let variables = recording.variables(cells);
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
    let of = &multiple.of;
    // A name may be spelt as no finite number is: `inf`.
    let number = of.parse::<f64>().ok().filter(|number| number.is_finite());
    if let Some(name) = of.strip_prefix(LEARNED) {
        let field = field_ident(name);
        // The value does not depend on it, so nothing would move it.
        return quote!(#sign self.learned.#field.fixed_value());
    }
    let of = match (context.lowered.multiples.get(of), number) {
        // Where it is of another type, rustc says so of it alone; of a `let` it would propose what is no path.
        (Some(constant), _) => quote!({
            const __MULTIPLE: f64 = #constant;
            __MULTIPLE
        }),
        (None, Some(number)) => number.to_token_stream(),
        (None, None) => {
            let field = field_ident(of);
            quote!(self.hyper.#field)
        }
    };
    quote!(#sign #of)
}

struct Writer<'c, 'a> {
    context: &'c Context<'a>,
    /// How many reads of each value are still to come.
    left: HashMap<Path, usize>,
    /// Whether dims may stand for something else than themselves in an application.
    anew: bool,
    /// Where the paths end, if that is asked for.
    spaces: HashMap<Path, Vec<Space>>,
    /// The model, as an expression.
    model: TokenStream,
    /// When values are recorded; nothing is known of it in a composite.
    recording: Option<Recording>,
    /// Whether the code asks that of `recording` and its variables.
    conditional: bool,
    written: Values,
}

impl<'c, 'a> Writer<'c, 'a> {
    fn new(context: &'c Context<'a>, plan: &Plan, ends: &[Path], inputs: &[Space]) -> Self {
        let diagram = context.diagram();
        let left = plan.uses(diagram);
        let written = Values {
            steps: TokenStream::new(),
            data: Vec::new(),
            sized: false,
        };
        let anew = diagram.binds_anew();
        let mut actions = plan.actions.iter();
        let needed = anew
            || actions.any(|action| match action {
                Action::Evaluate(path) => {
                    let term = diagram.paths.term(*path);
                    matches!(term, Term::Power(..) | Term::Number(..))
                }
                Action::Cell(..) => false,
            });
        let spaces = needed.then(|| diagram.ends_within(ends, inputs));
        Writer {
            context,
            left,
            anew,
            spaces: spaces.unwrap_or_default(),
            model: quote!(self),
            recording: None,
            conditional: false,
            written,
        }
    }

    fn run(&mut self, plan: &Plan, parts: &[&CellPart<'_>]) {
        for action in &plan.actions {
            match action {
                Action::Evaluate(path) => self.evaluation(*path),
                Action::Cell(index, values) => {
                    if let Some(part) = parts.get(*index) {
                        self.cell(*index, values, part);
                    }
                }
            }
        }
    }

    /// Data that are read get their variables.
    fn bind(&mut self) {
        let mut read: Vec<_> = self.left.keys().copied().collect();
        read.sort();
        for path in read {
            if let Term::Datum(id) = self.context.diagram().paths.term(path) {
                self.written.data.push((id.0, variable(path)));
            }
        }
    }

    fn evaluation(&mut self, path: Path) {
        let term = self.context.diagram().paths.term(path);
        let variable = variable(path);
        match term {
            Term::Apply(id, arguments, _) => {
                let wanted = self.wanted(path);
                let parts: Vec<_> = arguments
                    .iter()
                    .map(|part| self.cut(*part, wanted))
                    .collect();
                let trained = check::is_trainable(self.context.diagram(), *id);
                let model = self.model(wanted, trained);
                let (code, before) = self.application(*id, path, &model, &parts);
                self.written
                    .steps
                    .extend(quote!(#before let #variable = #code;));
            }
            Term::Power(power, arguments) => {
                let code = self.power(path, power, arguments);
                self.written.steps.extend(quote!(let #variable = #code;));
            }
            Term::Stop(inner) => {
                let inner = self.read(*inner);
                let step = quote!(let #variable = #inner.detach(););
                self.written.steps.extend(step);
            }
            Term::Scale(inner, multiple) => {
                let inner = self.cut(*inner, self.wanted(path));
                let runtime = &self.context.runtime;
                let multiple = multiple_of(self.context, multiple);
                let step = quote!(let #variable = #runtime::scale_gradient(#inner, #multiple););
                self.written.steps.extend(step);
            }
            Term::Number(like, number) => {
                let value = self.number(*like, number);
                self.written.steps.extend(quote!(let #variable = #value;));
            }
            Term::Factor(product, position) => {
                // Each factor is taken once, out of the tuple.
                let of = self::variable(*product);
                let position = proc_macro2::Literal::usize_unsuffixed(*position);
                let factor = self.cut_value(*product, quote!(#of.#position), self.wanted(path));
                let step = quote!(let #variable = #factor;);
                self.written.steps.extend(step);
            }
            Term::Datum(_) | Term::Input(_) => {}
        }
    }

    /// A loop over the body of a power.
    fn power(&mut self, path: Path, power: &Power, arguments: &[Path]) -> TokenStream {
        let diagram = self.context.diagram();
        let inputs = spaces_of(arguments, &self.spaces);
        let wanted = self.wanted(path);
        let mut applied = diagram.paths.applied_within(&power.body).into_iter();
        let trained = applied.any(|id| check::is_trainable(diagram, id));
        let model = self.model(wanted, trained);
        let (body, values) = Values::of_paths(self.context, &power.body, &inputs, &model);
        let given: Vec<_> = arguments
            .iter()
            .map(|part| self.cut(*part, wanted))
            .collect();
        // What a body is given is in its inputs' variables.
        let within = diagram.paths.within(&power.body).into_iter();
        let mut named: Vec<_> = (0..arguments.len()).map(|_| quote!(_)).collect();
        for path in within {
            if let Term::Input(position) = diagram.paths.term(path)
                && let Some(name) = named.get_mut(*position)
            {
                *name = variable(path).into_token_stream();
            }
        }
        let times = size_code_by(&power.times, &|name| quote!(sizes.size(#name)));
        self.written.sized = true;
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
    fn number(&mut self, path: Path, number: &Constant) -> TokenStream {
        let like = self.read(path);
        let value: TokenStream = number.value.parse().unwrap_or_default();
        let (runtime, diagram) = (&self.context.runtime, self.context.diagram());
        let space = self.spaces.get(&path).and_then(|spaces| spaces.first());
        let shape = match space.map(|space| diagram.shape(space)) {
            Some(shape) if shape.kind != number.kind || number.without.is_some() => shape,
            _ => return quote!(#like.full_like(#value)),
        };
        let axes = (0..shape.rank()).filter(|axis| number.without != Some(*axis));
        let axes: Vec<_> = axes.map(proc_macro2::Literal::usize_unsuffixed).collect();
        let rank = proc_macro2::Literal::usize_unsuffixed(axes.len());
        let kind = format_ident!("{}", number.kind.to_string(), span = Span::call_site());
        let kind = quote!(#runtime::burn::tensor::#kind);
        quote! {{
            let like = #like;
            let extents = like.dims();
            #runtime::Tensor::<#rank, #kind>::full([#(extents[#axes]),*], #value, &like.device())
        }}
    }

    /// When the gradient of what an application gives is wanted, as far as that matters here.
    fn wanted(&self, path: Path) -> Wanted {
        let recording = self.recording.as_ref();
        recording.map_or(Wanted::Always, |recording| recording.of_application(path))
    }

    /// The model for an application whose gradient is wanted then.
    fn model(&mut self, wanted: Wanted, trained: bool) -> TokenStream {
        if wanted == Wanted::Always || !trained {
            return self.model.clone();
        }
        self.conditional = true;
        let condition = recording::condition(wanted);
        quote!(recording.model(#condition))
    }

    /// A value, read where its gradient is wanted then.
    fn cut(&mut self, path: Path, wanted: Wanted) -> TokenStream {
        let value = self.read(path);
        self.cut_value(path, value, wanted)
    }

    fn cut_value(&mut self, path: Path, value: TokenStream, wanted: Wanted) -> TokenStream {
        let recording = self.recording.as_ref();
        if recording.is_none_or(|recording| !recording.is_cut(path, wanted)) {
            return value;
        }
        if wanted == Wanted::Never {
            return quote!(#value.detach());
        }
        self.conditional = true;
        let (runtime, condition) = (&self.context.runtime, recording::condition(wanted));
        quote!(#runtime::recorded_if(#value, #condition))
    }

    /// The code of an application, and what stands before it.
    fn application(
        &mut self,
        id: MorphismId,
        path: Path,
        model: &TokenStream,
        arguments: &[TokenStream],
    ) -> (TokenStream, Option<TokenStream>) {
        let own = format_ident!("sizes_{}", path.0, span = Span::call_site());
        let diagram = self.context.diagram();
        let binding = self.anew.then(|| diagram.binding_of(path, &self.spaces));
        let binding = binding.flatten();
        let before = binding.and_then(|binding| rebind(self.context, id, &binding, &own));
        let sizes = if before.is_some() {
            quote!(#own)
        } else {
            quote!(sizes)
        };
        let applied = Applied::new(self.context, model, id, arguments, &sizes);
        self.written.sized |= applied.sized || before.is_some();
        (applied.value(), before)
    }

    fn cell(&mut self, index: usize, values: &[Path], part: &CellPart<'_>) {
        let Some(loss) = &part.loss else { return };
        let recording = self.recording.as_ref();
        let wanted = recording.map_or(Wanted::Always, |recording| recording.of_cell(index));
        let reads = values
            .iter()
            .map(|value| self.cut(*value, wanted))
            .collect();
        let value = loss.value(&self.context.runtime, reads);
        let model = self.model(wanted, !loss.learned.is_empty());
        let value = learned::bound(loss, part, &model, &value);
        let variable = cell_variable(index);
        self.written.steps.extend(quote!(let #variable = #value;));
    }

    /// A value: the last reader takes it, others a clone, which shares its memory.
    fn read(&mut self, path: Path) -> TokenStream {
        let variable = variable(path);
        let left = self.left.entry(path).or_insert(1);
        *left = left.saturating_sub(1);
        if *left == 0 {
            quote!(#variable)
        } else {
            quote!(#variable.clone())
        }
    }
}
