//! What layers of several tensors are given: states that follow from a sequence, and the masks behind it.
//!
//! The factors stand in Burn's order, and each mask behind the tensor that it is of. A mask is Bool, and
//! `true` is what nothing attends to, as in Burn. Its rank says which of the two it is: `[batch, keys]`, of
//! padding, or `[batch, queries, keys]`, of attention.

use diagram_core::{Code, Dim, Fault, Kind, Missing, Product, Shape, Wrong, check};

use super::site::Site;

/// A sequence among the inputs of a layer, and the masks behind it.
#[derive(Debug)]
pub struct Masked<'s> {
    /// The position of the sequence.
    pub position: usize,
    /// Its batch, length and width.
    pub dims: [&'s Dim; 3],
    /// The masks, with their positions.
    masks: Vec<(usize, &'s Shape)>,
}

/// The sequences among the inputs of a layer, each with the masks behind it.
#[must_use]
pub fn sequences(inputs: &[Shape]) -> Vec<Masked<'_>> {
    let mut found: Vec<Masked<'_>> = Vec::new();
    for (position, shape) in inputs.iter().enumerate() {
        match (sequence(shape), found.last_mut()) {
            (Some(dims), _) => found.push(Masked {
                position,
                dims,
                masks: Vec::new(),
            }),
            (None, Some(last)) if shape.kind == Kind::Bool => last.masks.push((position, shape)),
            // Neither a sequence nor a mask of one: the rule of each layer says so.
            _ => {}
        }
    }
    found
}

impl Site<'_> {
    /// All that the layer is given.
    fn given(&self) -> Product {
        Product(self.inputs.to_vec())
    }

    /// The layer takes other factors than it is given.
    // error: `lstm` takes a sequence, or a sequence, its cell state and its hidden state, but is given 2:
    // [batch, seq, 8] * [batch, 64] [D0318]
    pub(super) fn wrong_factors(&self, layer: &str, takes: &str) -> Wrong {
        let count = self.inputs.len();
        let message = format!(
            "`{layer}` takes {takes}, but is given {count}: {}",
            self.given()
        );
        self.fault(Fault::new(Code::Factors, message))
    }

    /// As [`wrong_factors`](Site::wrong_factors), where nothing but a further tensor of this shape is missing,
    /// whose extents are any where there is none. `what` is what the layer calls it.
    // note: `cross_attention(8, 8, 64)` lacks its context: [batch, _, _], where `_` is any extent
    pub(super) fn lacks(
        &self,
        layer: &str,
        takes: &str,
        (what, dims): (&str, &[Option<&Dim>]),
    ) -> Wrong {
        let (at, fault) = self.wrong_factors(layer, takes);
        let (text, shape) = (self.text, extents(dims));
        let fault = fault.note(format!("`{text}` lacks its {what}: {shape}"));
        // Where any extent is taken, that of the first tensor is one.
        let example = dims.iter().enumerate().filter_map(|(axis, known)| {
            let known = known.or_else(|| self.input.dims.get(axis));
            known.cloned()
        });
        let example = Shape::float(example.collect());
        let missing = Missing {
            name: what.to_owned(),
            dims: dims.iter().map(|known| known.cloned()).collect(),
            example,
        };
        (at, fault.missing(missing))
    }

    /// A further factor has a shape that follows from what else is given.
    pub(super) fn takes_factor(
        &self,
        layer: &str,
        what: &str,
        wanted: &Shape,
        given: &Shape,
    ) -> Result<(), Wrong> {
        let taken = check::takes_factor(layer, what, wanted, given, self.facts);
        taken.map_err(|fault| self.fault(fault.note(format!("it is given {}", self.given()))))
    }

    /// Batch, length and width of what the layer is given first.
    pub(super) fn sequence(&self, layer: &str, takes: &str) -> Result<[&Dim; 3], Wrong> {
        self.takes_float(layer)?;
        sequence(self.input).ok_or_else(|| self.wrong_rank(layer, takes))
    }

    /// The sequences that the layer is given, each with the masks behind it. `counts` are how many there
    /// may be, and `takes` says so; `next` is what comes behind those that are given, where they are too few.
    pub(super) fn sequences(
        &self,
        layer: &str,
        counts: &[usize],
        takes: &str,
        next: impl Fn(&[Masked<'_>]) -> Option<(&'static str, [Option<Dim>; 3])>,
    ) -> Result<Vec<Masked<'_>>, Wrong> {
        const SEQUENCE: &str = "[batch, sequence, width]";
        // So each mask stands behind a sequence.
        self.sequence(layer, SEQUENCE)?;
        let found = sequences(self.inputs);
        let complete = counts.contains(&found.len());
        let is_other = |shape: &&Shape| shape.kind != Kind::Bool && sequence(shape).is_none();
        match self.inputs.iter().find(is_other) {
            None if complete => Ok(found),
            None => Err(match next(&found) {
                Some((what, dims)) => {
                    let dims: Vec<_> = dims.iter().map(Option::as_ref).collect();
                    self.lacks(layer, takes, (what, &dims))
                }
                None => self.wrong_factors(layer, takes),
            }),
            // error: `transformer_encoder` takes masks of kind Bool, but is given Float[batch, seq] [D0304]
            Some(shape) if complete => {
                let shape = shape.with_kind();
                let message = format!("`{layer}` takes masks of kind Bool, but is given {shape}");
                let note = "`true` is where nothing attends to";
                Err(self.fault(Fault::new(Code::KindMismatch, message).note(note)))
            }
            // error: `transformer_decoder` takes [batch, sequence, width], but is given [batch, 64] [D0305]
            Some(shape) => {
                let message = format!("`{layer}` takes {SEQUENCE}, but is given {shape}");
                let note = format!("it is given {}", self.given());
                Err(self.fault(Fault::new(Code::LayerRank, message).note(note)))
            }
        }
    }

    /// The masks behind a sequence fit it, and there is at most one of padding and one of attention. `queries` are
    /// the length of what attends to it, where its attention may be masked; `of` is what the sequence is called,
    /// where there are several.
    pub(super) fn takes_masks(
        &self,
        layer: &str,
        masked: &Masked<'_>,
        queries: Option<&Dim>,
        of: &str,
    ) -> Result<(), Wrong> {
        let [batch, keys, _] = masked.dims.map(Dim::clone);
        let mask = |dims| Shape {
            kind: Kind::Bool,
            dims,
        };
        let padding = mask(vec![batch.clone(), keys.clone()]);
        let attention = queries.map(|queries| mask(vec![batch, queries.clone(), keys]));
        for (position, given) in &masked.masks {
            let (what, wanted, first) = match (given.rank(), &attention) {
                (2, _) => ("padding mask", &padding, masked.padding()),
                (3, Some(wanted)) => ("attention mask", wanted, masked.attention()),
                // error: `transformer_encoder` takes Bool[batch, seq] or Bool[batch, seq, seq] as a mask, but is
                // given Bool[batch] [D0302]
                (_, attention) => {
                    let attention = attention.as_ref();
                    let or = attention.map_or_else(String::new, |shape| format!(" or {shape}"));
                    let message = format!(
                        "`{layer}` takes {padding}{or} as a mask{of}, but is given {given}"
                    );
                    return Err(self.fault(Fault::new(Code::RankMismatch, message)));
                }
            };
            // error: `transformer_encoder` takes Bool[batch, seq] as its padding mask: axis 1 is `seq`, but it
            // is given `many` [D0301]
            let taken = self.takes_factor(layer, &format!("{what}{of}"), wanted, given);
            taken.map_err(|(place, fault)| match of {
                "" => (place, fault),
                _ => (
                    place,
                    fault.note("a mask stands after the tensor that it masks"),
                ),
            })?;
            // error: `transformer_encoder` takes one padding mask, but is given 3: … [D0318]
            if first != Some(*position) {
                return Err(self.wrong_factors(layer, &format!("one {what}{of}")));
            }
        }
        Ok(())
    }
}

impl Masked<'_> {
    /// The position of its mask of padding.
    #[must_use]
    pub fn padding(&self) -> Option<usize> {
        self.mask(2)
    }

    /// The position of its mask of attention.
    #[must_use]
    pub fn attention(&self) -> Option<usize> {
        self.mask(3)
    }

    /// The position of the first mask of this rank.
    fn mask(&self, rank: usize) -> Option<usize> {
        let mut masks = self.masks.iter();
        masks.find_map(|(position, mask)| (mask.rank() == rank).then_some(*position))
    }

    /// The shape of the sequence.
    pub(super) fn shape(&self) -> Shape {
        Shape::float(self.dims.map(Dim::clone).to_vec())
    }

    /// Whether no mask stands behind it.
    pub(super) fn is_bare(&self) -> bool {
        self.masks.is_empty()
    }
}

/// A shape of which some extents may be any: `[batch, _, 64], where `_` is any extent`.
pub(super) fn extents(dims: &[Option<&Dim>]) -> String {
    let known = |dim: Option<&Dim>| dim.map_or("_".to_owned(), ToString::to_string);
    let shape: Vec<_> = dims.iter().copied().map(known).collect();
    let any = if dims.contains(&None) {
        ", where `_` is any extent"
    } else {
        ""
    };
    format!("[{}]{any}", shape.join(", "))
}

/// Batch, length and width, if this is a sequence.
fn sequence(shape: &Shape) -> Option<[&Dim; 3]> {
    match shape.dims.as_slice() {
        [batch, length, width] if shape.kind == Kind::Float => Some([batch, length, width]),
        _ => None,
    }
}
