//! A morphism made of layers: the chain as written, and its shapes (`shapes.rs`).

use std::borrow::Cow;

use diagram_core::{Code, Definition, Diagram, Dim, Fault, MorphismId, Side, check};
use diagram_layers::layers::chain::{Chained, Source};
use diagram_layers::layers::{self, Layer};
use proc_macro2::Ident;

use crate::lower::definitions::combinator::{self, Combinator, Inner};
use crate::lower::header::names::{Entity, Names};
use crate::lower::header::unsupported::not_yet;
use crate::lower::output::Faulty;
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, Argument, Chain, Count, Power, StepKind, bare, listed, shown};

mod advice;
mod missing;
pub(in crate::lower) mod shapes;

/// How deep combinators may nest. The diagram travels as JSON, whose reader goes to 128 levels.
const DEPTH: usize = 24;

/// What stands behind a layer's name.
#[derive(Clone, Copy)]
enum LayerArguments<'a> {
    /// `(64, bias = false)`, or nothing.
    Parentheses(&'a [Argument]),
    /// `[batch, 8, 8]`
    Brackets(&'a [tree::Dim]),
}

/// A step of a chain: a layer, or a combinator with the chain inside it.
struct SourceStep<'a> {
    kind: SourceKind<'a>,
    text: String,
    place: Place,
}

enum SourceKind<'a> {
    Layer(&'static Layer, Cow<'a, [Argument]>),
    Residual(Vec<SourceStep<'a>>),
    Repeat {
        copies: Dim,
        /// Where the number of copies is written.
        number: Place,
        inner: Vec<SourceStep<'a>>,
    },
    /// `f^n`
    Power {
        times: Dim,
        inner: Vec<SourceStep<'a>>,
    },
    Parallel(Side, Vec<Vec<SourceStep<'a>>>),
}

impl Chained for SourceStep<'_> {
    fn source(&self) -> Source<'_, Self> {
        match &self.kind {
            SourceKind::Layer(layer, arguments) => Source::Layer {
                row: Some(layer),
                leaves_width_out: leaves_width_out(layer, arguments),
            },
            SourceKind::Residual(inner) => Source::Residual(inner),
            SourceKind::Power { inner, .. } => Source::Power(inner),
            SourceKind::Parallel(side, chains) => {
                Source::Parallel(*side, chains.iter().map(Vec::as_slice).collect())
            }
            SourceKind::Repeat { copies, inner, .. } => Source::Repeat {
                counted: copies.literal().is_some(),
                inner,
            },
        }
    }
}

/// What a chain of layers is read and typed with. Its steps are all that it makes.
pub(in crate::lower) struct ChainTyping<'p, 'd> {
    pub(in crate::lower) names: &'p Names,
    pub(in crate::lower) diagram: &'p Diagram,
    pub(in crate::lower) faulty: &'p mut Faulty,
    pub(in crate::lower) rules: &'p mut Rules<'d>,
}

impl<'a> ChainTyping<'_, '_> {
    /// A chain of layers between the drawn ends of a morphism.
    pub(in crate::lower) fn layers(
        &mut self,
        id: MorphismId,
        chain: &'a Chain,
    ) -> Option<Definition> {
        let mut written = Vec::new();
        let sound = self.leaves(chain, 0, &mut written);
        let morphism = self.diagram.morphism(id);
        let mut ends = morphism.domain.iter().chain(&morphism.codomain);
        let known = ends.all(|space| self.faulty.sound(space.object));
        if !sound || !known || self.faulty.morphisms.contains(&id) {
            self.faulty.morphisms.insert(id);
            return None;
        }
        if morphism.domain.is_empty() {
            let fault = check::starts_nowhere(&morphism.name);
            self.rules.fault(chain.place, fault);
            self.faulty.morphisms.insert(id);
            return None;
        }
        let mut input = self.diagram.shapes(&morphism.domain);
        self.rules.tried_as_int(id, &morphism.domain, &mut input);
        let target = self.diagram.shapes(&morphism.codomain);
        let codomain = morphism.codomain.iter();
        let codomain = codomain.map(|space| (self.diagram.space(space), self.diagram.shape(space)));
        let codomain: Vec<_> = codomain.collect();
        let before = self.rules.reports.diagnostics.faults().len();
        let typed = self
            .rules
            .typed(&written, &input, Some(&target), &mut Vec::new());
        let Some(steps) = typed else {
            self.say_where_it_ends(before, id, &written);
            self.say_what_to_draw(before, id, &written);
            self.kinds_disagree(before, id);
            self.faulty.morphisms.insert(id);
            return None;
        };
        let name = self.diagram.morphism(id).name.clone();
        let giving = |factor| shapes::giving(&written, &steps, &input, factor);
        let last = |factor| giving(factor).map(|(step, _)| step);
        let place = |factor| giving(factor).map_or(chain.place, |(_, place)| place);
        let ends = self.rules.decided(|scope| {
            let facts = &scope.facts;
            let dynamic = |dim: &Dim| scope.dynamic_in(dim).is_some();
            let ends = check::layers_end_in_codomain(
                &name, &input, &steps, &codomain, facts, &dynamic, &last,
            );
            ends.map_err(|mut faults| {
                // Several factors of one layer are one fault.
                faults.dedup_by_key(|(factor, _)| last(*factor).map(std::ptr::from_ref));
                let placed = |(factor, fault): (_, Fault)| match fault.code {
                    Code::Factors => {
                        let dynamics = &scope.dynamics;
                        let help = layers::open::chains_to_product(
                            &input, &steps, &target, facts, dynamics,
                        );
                        (place(factor), fault.maybe_help(help))
                    }
                    _ => (place(factor), fault),
                };
                faults.into_iter().map(placed).collect()
            })
        });
        if ends.is_none() {
            // It has its layers all the same, and what speaks of them no faults.
            self.faulty.morphisms.insert(id);
        }
        let parameters = written.iter().any(SourceStep::has_weights);
        Some(Definition::Layers { steps, parameters })
    }

    /// The steps of a chain, groups opened, in order. `false` if something in it is at fault.
    fn leaves(
        &mut self,
        chain: &'a Chain,
        depth: usize,
        written: &mut Vec<SourceStep<'a>>,
    ) -> bool {
        let mut sound = true;
        for product in &chain.factors {
            sound &= match product.powers.as_slice() {
                [power] => self.power(power, depth, written),
                several => {
                    let shown = (shown(product), product.place);
                    let read = Self::power;
                    self.parallel_steps((Side::Split, several), read, shown, depth, written)
                }
            };
        }
        sound
    }

    /// A step, or one that is applied so many times.
    fn power(&mut self, power: &'a Power, depth: usize, written: &mut Vec<SourceStep<'a>>) -> bool {
        let Some(Count(count)) = &power.count else {
            return self.step(&power.step, depth, written);
        };
        let mut inner = Vec::new();
        let sound =
            self.step(&power.step, depth + 1, &mut inner) && self.shallow(power.step.place, depth);
        let times = self.rules.count(count);
        let place = power.step.place.to(count.place);
        let text = shown(power);
        let step = times.filter(|_| sound).map(|times| SourceStep {
            kind: SourceKind::Power { times, inner },
            text,
            place,
        });
        let sound = step.is_some();
        written.extend(step);
        sound
    }

    fn step(
        &mut self,
        step: &'a tree::Step,
        depth: usize,
        written: &mut Vec<SourceStep<'a>>,
    ) -> bool {
        match &step.kind {
            StepKind::Name(name) => {
                let given = LayerArguments::Parentheses(&[]);
                self.leaf(name, given, (shown(step), step.place), depth, written)
            }
            StepKind::Call(name, arguments) => {
                let given = LayerArguments::Parentheses(arguments);
                self.leaf(name, given, (shown(step), step.place), depth, written)
            }
            StepKind::Dims(name, dims) => {
                let given = LayerArguments::Brackets(dims);
                self.leaf(name, given, (shown(step), step.place), depth, written)
            }
            StepKind::Again(..) => {
                self.rules.fault(step.place, mixed(&shown(step)));
                false
            }
            StepKind::Chains(chains) => match chains.as_slice() {
                [one] => self.leaves(one, depth, written),
                several => {
                    let shown = (shown(step), step.place);
                    let read = Self::leaves;
                    self.parallel_steps((Side::Copied, several), read, shown, depth, written)
                }
            },
        }
    }

    /// Chains side by side, each by `read`, if all of them are without fault.
    fn parallel_steps<T>(
        &mut self,
        (side, several): (Side, &'a [T]),
        read: fn(&mut Self, &'a T, usize, &mut Vec<SourceStep<'a>>) -> bool,
        (text, place): (String, Place),
        depth: usize,
        written: &mut Vec<SourceStep<'a>>,
    ) -> bool {
        let chains = several.iter().map(|one| {
            let mut inner = Vec::new();
            read(self, one, depth + 1, &mut inner).then_some(inner)
        });
        // Every chain is looked at, whatever is wrong with another.
        let chains: Vec<_> = chains.collect();
        let chains: Option<Vec<_>> = chains.into_iter().collect();
        let chains = chains.filter(|_| self.shallow(place, depth));
        let sound = chains.is_some();
        written.extend(chains.map(|chains| SourceStep {
            kind: SourceKind::Parallel(side, chains),
            text,
            place,
        }));
        sound
    }

    /// Whether something may stand inside a step at this depth.
    fn shallow(&mut self, place: Place, depth: usize) -> bool {
        if depth == DEPTH {
            // error: layers are nested deeper than 24 levels [D0001]
            let message = format!("layers are nested deeper than {DEPTH} levels");
            self.rules
                .fault(place, Fault::new(Code::UnexpectedToken, message));
        }
        depth < DEPTH
    }

    fn leaf(
        &mut self,
        name: &'a Ident,
        given: LayerArguments<'a>,
        (text, place): (String, Place),
        depth: usize,
        written: &mut Vec<SourceStep<'a>>,
    ) -> bool {
        let bare = bare(name);
        let fault = match (self.names.get(&bare), layers::find(&bare)) {
            (Some(Entity::Morphism(_)), _) => mixed(&bare),
            (_, Some(layer)) => {
                let arguments = match given {
                    LayerArguments::Parentheses(arguments) if !layer.in_brackets() => {
                        arguments.into()
                    }
                    LayerArguments::Brackets(dims) if layer.in_brackets() => {
                        vec![listed(dims, place)].into()
                    }
                    other => {
                        self.rules.fault(place, other_brackets(layer, other));
                        return false;
                    }
                };
                let kind = SourceKind::Layer(layer, arguments);
                written.push(SourceStep { kind, text, place });
                return true;
            }
            _ => match (combinator::find(&bare), given) {
                (Some(combinator), LayerArguments::Brackets(_)) => {
                    // error: `residual` takes its layers in parentheses [D0001]
                    let message = format!("`{bare}` takes its layers in parentheses");
                    let fault = Fault::new(Code::UnexpectedToken, message);
                    self.rules.fault(place, fault.help(combinator.example()));
                    return false;
                }
                (Some(combinator), LayerArguments::Parentheses(arguments)) => {
                    let kind = self.combinator(combinator, arguments, place, depth);
                    let sound = kind.is_some();
                    written.extend(kind.map(|kind| SourceStep { kind, text, place }));
                    return sound;
                }
                (None, _) => layers::spelling::unknown(&bare, self.names.nearest_morphism(name)),
            },
        };
        self.rules.fault(name.span().into(), fault);
        false
    }

    /// A combinator, with the steps inside it.
    fn combinator(
        &mut self,
        combinator: Combinator,
        arguments: &'a [Argument],
        place: Place,
        depth: usize,
    ) -> Option<SourceKind<'a>> {
        if !self.shallow(place, depth) {
            return None;
        }
        let given = self
            .rules
            .decided(|scope| combinator.read(arguments, place, scope))?;
        let mut inner = Vec::new();
        let sound = match given.inner {
            Inner::Name(name) => {
                let written = (bare(name), name.span().into());
                self.leaf(
                    name,
                    LayerArguments::Parentheses(&[]),
                    written,
                    depth + 1,
                    &mut inner,
                )
            }
            Inner::Chain(chain) => self.leaves(chain, depth + 1, &mut inner),
        };
        sound.then_some(match given.copies {
            None => SourceKind::Residual(inner),
            Some((copies, number)) => SourceKind::Repeat {
                copies,
                number,
                inner,
            },
        })
    }
}

/// Steps of a chain as they are written.
fn joined(steps: &[SourceStep<'_>]) -> String {
    let steps: Vec<_> = steps.iter().map(|step| step.text.as_str()).collect();
    steps.join(" >> ")
}

fn other_brackets(layer: &Layer, given: LayerArguments<'_>) -> Fault {
    let name = layer.name;
    if let LayerArguments::Brackets(dims) = given {
        // error: `linear` takes its arguments in parentheses, not in brackets [D0001]
        let message = format!("`{name}` takes its arguments in parentheses, not in brackets");
        let dims: Vec<_> = dims.iter().map(ToString::to_string).collect();
        let help = format!("`{name}({})`", dims.join(", "));
        return Fault::new(Code::UnexpectedToken, message).help(help);
    }
    // error: `reshape` takes dims in brackets, like `[batch, 8, 8]` [D0310]
    let takes = layer
        .parameters
        .iter()
        .map(|parameter| parameter.kind.takes());
    let takes = takes.collect::<Vec<_>>().join(" and ");
    Fault::new(Code::MissingArgument, format!("`{name}` takes {takes}"))
}

/// A morphism of the diagram among layers.
fn mixed(morphism: &str) -> Fault {
    not_yet(&format!(
        "a chain that mixes layers and morphisms, here `{morphism}`,"
    ))
    .help("draw what stands around it as morphisms of their own, and compose all of them")
}

/// Whether the width of a layer is left out and follows from what is behind it.
fn leaves_width_out(layer: &Layer, arguments: &[Argument]) -> bool {
    let is_width = |argument: &Argument| match (&argument.name, layer.width_parameter()) {
        (Some(name), Some(width)) => width.is_called(&bare(name)),
        (None, _) => true,
        (Some(_), None) => false,
    };
    layer.width_parameter().is_some() && !arguments.iter().any(is_width)
}
