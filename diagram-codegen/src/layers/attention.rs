//! Attention: `multi_head_attention`, `cross_attention`.

use diagram_core::cost::product;
use diagram_core::{Cost, Dim, Gives, Kind, Product, Range, Shape};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::inputs::Masks;
use super::recurrent::biases_are_drawn;
use super::{Built, Layer, Site, cost, initializer};
use crate::lower::scope::Placed;

pub(super) const HEADS: Parameter = Parameter::new(
    "n_heads",
    ParameterKind::Size,
    "how many heads share the width",
)
.aliases(&["heads", "num_heads"])
.positional()
.required();
pub(super) const DROPOUT: Parameter = Parameter::new(
    "dropout",
    ParameterKind::Float(Range::PROBABILITY),
    "the probability of its dropout",
)
.default("0.1");
pub(super) const QUIET_SOFTMAX: Parameter = Parameter::new(
    "quiet_softmax",
    ParameterKind::Switch,
    "whether a query may attend to nothing",
)
.default("false");
pub(super) const CAUSAL: Parameter = Parameter::new(
    "causal",
    ParameterKind::Switch,
    "whether a step attends to no later one",
)
.default("false");
const MIN_FLOAT: Parameter = Parameter::new(
    "min_float",
    ParameterKind::Float(Range::ANY),
    "the score of what is masked",
)
.default("-1e4");
const BIASES: [&str; 4] = ["query_bias", "key_bias", "value_bias", "output_bias"];

const fn bias(at: usize, summary: &'static str) -> Parameter {
    Parameter::new(BIASES[at], ParameterKind::Switch, summary).default("true")
}

pub(super) static LAYERS: [Layer; 2] = [
    Layer {
        several: true,
        ..Layer::new(
            "multi_head_attention",
            &[
                HEADS,
                CAUSAL,
                DROPOUT,
                MIN_FLOAT,
                QUIET_SOFTMAX,
                initializer::PARAMETER,
                bias(0, "whether queries have a bias"),
                bias(1, "whether keys have a bias"),
                bias(2, "whether values have a bias"),
                bias(3, "whether the result has a bias"),
            ],
            multi_head_attention,
        )
        .rule(
            "Float `[b, s, width]`, which attends to itself, or query `[b, q, width]`, key and value \
             `[b, s, width]`; and masks; as the first",
        )
        .keeping_shape()
        .giving(Gives::Real)
        .with_weights(of_heads)
    },
    Layer {
        several: true,
        ..Layer::new(
            "cross_attention",
            &[
                HEADS,
                Parameter::new(
                    "n_heads_kv",
                    ParameterKind::Size,
                    "how many heads keys and values have",
                )
                .positional()
                .required(),
                Parameter::new("d_head", ParameterKind::Size, "the width of a head")
                    .positional()
                    .required(),
                DROPOUT,
                MIN_FLOAT,
                QUIET_SOFTMAX,
            ],
            cross_attention,
        )
        .rule("Float `[b, q, width]` and a context `[b, s, n]`, and a mask of padding; as the first")
        .keeping_shape()
        .giving(Gives::Real)
        .with_weights(of_context)
    },
];

/// The sequences among the inputs, which have masks behind them.
fn sequences<'a>(site: &Site<'a>) -> Vec<&'a [Dim]> {
    let floats = site.inputs.iter().filter(|input| input.kind == Kind::Float);
    floats.map(|input| &input.dims[..]).collect()
}

fn of_heads(arguments: &Arguments, site: &Site<'_>, _: &Product) -> Cost {
    let sequences = sequences(site);
    let (Some([batch, queries, width]), key) = (sequences.first(), sequences.get(1)) else {
        return Cost::UNKNOWN;
    };
    let keys = key.and_then(|key| key.get(1)).unwrap_or(queries);
    let biases = BIASES.map(|name| cost::is_on(arguments, name, true));
    attends(batch, (queries, keys), width, biases)
}

/// Queries attend to keys, all of one width, with the biases of [`BIASES`].
pub(super) fn attends(
    batch: &Dim,
    (queries, keys): (&Dim, &Dim),
    width: &Dim,
    biases: [Option<bool>; 4],
) -> Cost {
    let [query, key, value, output] = biases;
    let (asked, known) = (product([batch, queries]), product([batch, keys]));
    let parts = [
        (&asked, query),
        (&known, key),
        (&known, value),
        (&asked, output),
    ];
    let projected = parts.map(|(vectors, bias)| cost::linear(vectors, width, width, bias));
    let scores = cost::multiplied(&[&Dim::Literal(2), batch, queries, keys, width]);
    projected.into_iter().fold(scores, Cost::and)
}

fn of_context(arguments: &Arguments, site: &Site<'_>, _: &Product) -> Cost {
    let sequences = sequences(site);
    let [[batch, queries, width], [_, keys, context]] = sequences[..] else {
        return Cost::UNKNOWN;
    };
    let sizes = ["n_heads", "n_heads_kv", "d_head"].map(|name| arguments.size(name));
    let [Some(heads), Some(heads_kv), Some(head)] = sizes else {
        return Cost::UNKNOWN;
    };
    let (asked, known) = (product([batch, queries]), product([batch, keys]));
    let (wide, narrow) = (product([heads, head]), product([heads_kv, head]));
    let bias = Some(true);
    let of_keys = cost::linear(&known, context, &narrow, bias);
    cost::linear(&asked, width, &wide, bias)
        .and(of_keys.clone())
        .and(of_keys)
        .and(cost::linear(&asked, &wide, width, bias))
        .and(cost::multiplied(&[
            &Dim::Literal(2),
            batch,
            queries,
            keys,
            &wide,
        ]))
}

/// One sequence attends to itself; of three, the first attends to the second and gives of the third.
fn multi_head_attention(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let takes = "one sequence, or query, key and value, and Bool masks behind them";
    let sequences = site.sequences(layer, &[1, 3], takes)?;
    let Some((query, others)) = sequences.split_first() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [batch, queries, width] = query.dims;
    site.sizes_parameter(layer, "width", width)?;
    site.divides(arguments, "n_heads", "width", width)?;
    biases_are_drawn(arguments, &BIASES, site)?;

    let mut keys = queries;
    let of_width = |length: &Dim| vec![batch.clone(), length.clone(), width.clone()];
    for (name, other) in ["key", "value"].into_iter().zip(others) {
        if name == "key" {
            keys = other.dims[1];
        }
        let given = Shape::float(other.dims.map(Dim::clone).to_vec());
        site.takes_factor(layer, name, &Shape::float(of_width(keys)), &given)?;
    }
    if let [key, _] = others
        && !(query.is_bare() && key.is_bare())
    {
        let takes = "its masks behind query, key and value";
        return Err(site.wrong_factors(layer, takes));
    }
    let masked = others.last().unwrap_or(query);
    let mut masks = site.masks(layer, masked, Some(queries), "")?;
    if arguments.switch("causal") == Some(true) && !others.is_empty() {
        let takes = "one sequence with `causal = true`";
        return Err(site.wrong_factors(layer, takes));
    }

    let burn = site.burn;
    let causal = causal(arguments, &query.ident, &mut masks, burn);
    let tensors = sequences.iter().map(|sequence| &sequence.ident);
    let input = if others.is_empty() {
        quote!(self_attn(#(#tensors),*))
    } else {
        quote!(new(#(#tensors),*))
    };
    let set_masks = masks.setters("mask_pad", "mask_attn");
    let heads = required(arguments, site, "n_heads")?;
    let width = site.size(width);
    let set = arguments.setters(&["dropout", "min_float", "quiet_softmax"]);
    let set_biases = arguments.setters(&BIASES);
    let set_enums = arguments.enum_setters(&["initializer"], burn);
    Ok(Built {
        forward: Some(quote!({
            #causal
            let input = #burn::nn::attention::MhaInput::#input #set_masks;
            layer.forward(input).context
        })),
        ..Built::module(
            site.input.clone(),
            quote!(#burn::nn::attention::MultiHeadAttention),
            quote!(
                #burn::nn::attention::MultiHeadAttentionConfig::new(#width, #heads)
                    #set #set_biases #set_enums.init(device)
            ),
        )
    })
}

/// A sequence attends to a context, which may have a width of its own, and fewer heads.
fn cross_attention(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let takes = "a query and a context, and a Bool mask behind the context";
    let sequences = site.sequences(layer, &[2], takes)?;
    let [query, context] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    if !query.is_bare() {
        return Err(site.wrong_factors(layer, takes));
    }
    let ([batch, _, width], [_, keys, context_width]) = (query.dims, context.dims);
    site.sizes_parameter(layer, "width", width)?;
    site.sizes_parameter(layer, "context's width", context_width)?;
    if let Some(heads) = arguments.size("n_heads") {
        site.divides(arguments, "n_heads_kv", "heads", heads)?;
    }
    let wanted = Shape::float(vec![batch.clone(), keys.clone(), context_width.clone()]);
    let given = Shape::float(context.dims.map(Dim::clone).to_vec());
    site.takes_factor(layer, "context", &wanted, &given)?;
    let masks = site.masks(layer, context, None, "")?;

    let burn = site.burn;
    let mask = option(masks.padding.as_ref());
    let (query, context) = (&query.ident, &context.ident);
    let (from, to) = (site.size(width), site.size(context_width));
    let heads = required(arguments, site, "n_heads")?;
    let heads_kv = required(arguments, site, "n_heads_kv")?;
    let head = required(arguments, site, "d_head")?;
    let set = arguments.setters(&["dropout", "min_float", "quiet_softmax"]);
    Ok(Built {
        forward: Some(quote!(layer.forward(#query, #context, #mask))),
        ..Built::module(
            site.input.clone(),
            quote!(#burn::nn::attention::CrossAttention),
            quote!(
                #burn::nn::attention::CrossAttentionConfig::new(#from, #to, #heads, #heads_kv, #head)
                    #set.init(device)
            ),
        )
    })
}

/// The code of a size that must be given.
pub(super) fn required(
    arguments: &Arguments,
    site: &Site<'_>,
    name: &str,
) -> Result<TokenStream, Placed> {
    match arguments.size(name) {
        Some(dim) => Ok(site.size(dim)),
        None => arguments.missing(name),
    }
}

/// With `causal = true`: the statements that hide later steps of a sequence, as well as what its attention
/// mask hides.
pub(super) fn causal(
    arguments: &Arguments,
    sequence: &Ident,
    masks: &mut Masks,
    burn: &TokenStream,
) -> Option<TokenStream> {
    if arguments.switch("causal") != Some(true) {
        return None;
    }
    let later = Ident::new("later", proc_macro2::Span::call_site());
    let given = masks.attention.replace(later.clone());
    let given = given.map(|mask| quote!(.bool_or(#mask)));
    Some(quote!(
        let [batch, steps, _] = #sequence.dims();
        let #later = #burn::nn::attention::generate_autoregressive_mask(
            batch,
            steps,
            &#sequence.device(),
        ) #given;
    ))
}

pub(super) fn option(value: Option<&Ident>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

impl Masks {
    /// The calls that give Burn the masks there are.
    pub(super) fn setters(&self, padding: &str, attention: &str) -> TokenStream {
        let masks = [(padding, &self.padding), (attention, &self.attention)];
        let calls = masks.into_iter().filter_map(|(setter, mask)| {
            let mask = mask.as_ref()?;
            let setter = quote::format_ident!("{setter}");
            Some(quote!(.#setter(#mask)))
        });
        calls.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn one_sequence_attends_to_itself() {
        let bench = Bench::new("multi_head_attention", "4");
        assert_eq!(bench.shape("[batch, seq, 64]"), "[batch, seq, 64]");
        assert_eq!(
            bench.init("[batch, seq, 64]"),
            "burn :: nn :: attention :: MultiHeadAttentionConfig :: new (64 , 4) . init (device)"
        );
        let masked = "[batch, seq, 64] * Bool[batch, seq, seq] * Bool[batch, seq]";
        assert_eq!(
            bench.forward(masked).as_deref(),
            Some(
                "{ let input = burn :: nn :: attention :: MhaInput :: self_attn (x) . mask_pad (x2) . \
                 mask_attn (x1) ; layer . forward (input) . context }"
            )
        );
        let causal = Bench::new("multi_head_attention", "4, causal = true").forward(masked);
        assert_eq!(
            causal.as_deref(),
            Some(
                "{ let [batch , steps , _] = x . dims () ; let later = burn :: nn :: attention :: \
                 generate_autoregressive_mask (batch , steps , & x . device () ,) . bool_or (x1) ; let input \
                 = burn :: nn :: attention :: MhaInput :: self_attn (x) . mask_pad (x2) . mask_attn (later) ; \
                 layer . forward (input) . context }"
            )
        );
    }

    #[test]
    fn or_to_others() {
        let bench = Bench::new("multi_head_attention", "heads = 4");
        let others = "[batch, 3, 64] * [batch, seq, 64] * [batch, seq, 64] * Bool[batch, 3, seq]";
        assert_eq!(bench.shape(others), "[batch, 3, 64]");
        let cross = Bench::new("cross_attention", "4, 2, 16");
        let context = "[batch, 3, 64] * [batch, seq, 8] * Bool[batch, seq]";
        assert_eq!(cross.shape(context), "[batch, 3, 64]");
        assert_eq!(
            cross.init(context),
            "burn :: nn :: attention :: CrossAttentionConfig :: new (64 , 8 , 4 , 2 , 16) . init (device)"
        );
    }

    #[test]
    fn their_faults() {
        let heads = |heads, input| Bench::new("multi_head_attention", heads).fault(input);
        assert_eq!(
            heads("3", "[batch, seq, 64]"),
            "`n_heads` of `multi_head_attention` is 3, which does not divide its width, 64 [D0309]"
        );
        assert!(
            heads("4", "[batch, seq, hidden]")
                .ends_with("state that it does: `where hidden % 4 == 0;`")
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, 3, 64]"),
            "`multi_head_attention` takes one sequence, or query, key and value, and Bool masks behind them, \
             but is given 2: [batch, seq, 64] * [batch, 3, 64] [D0318]"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, 3, 64] * [batch, seq, 64]"),
            "`multi_head_attention` takes [batch, 3, 64] as its value: axis 1 is 3, but it is given `seq` \
             [D0301]\n\n\
             \u{20}        = note: they differ at `seq` = 1\n\
             \u{20}        = note: it is given [batch, seq, 64] * [batch, 3, 64] * [batch, seq, 64]"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, seq]"),
            "`multi_head_attention` takes masks of kind Bool, but is given Float[batch, seq] [D0304]\n\n\
             \u{20}        = note: `true` is where nothing attends to"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * Bool[batch]"),
            "`multi_head_attention` takes Bool[batch, seq] or Bool[batch, seq, seq] as a mask, but is given \
             Bool[batch] [D0302]"
        );
        assert_eq!(
            heads(
                "4",
                "[batch, seq, 64] * Bool[batch, seq] * Bool[batch, seq]"
            ),
            "`multi_head_attention` takes one padding mask, but is given 3: [batch, seq, 64] * Bool[batch, \
             seq] * Bool[batch, seq] [D0318]"
        );
        let others = "[batch, 3, 64] * [batch, seq, 64] * [batch, seq, 64]";
        assert!(heads("4, causal = true", others).starts_with(
            "`multi_head_attention` takes one sequence with `causal = true`, but is given 3: "
        ));
        assert!(
            heads(
                "4",
                "[batch, 3, 64] * Bool[batch, 3] * [batch, seq, 64] * [batch, seq, 64]"
            )
            .starts_with("`multi_head_attention` takes its masks behind query, key and value, but")
        );
        assert_eq!(
            Bench::new("cross_attention", "8, 3, 4").fault("[batch, 3, 64] * [batch, seq, 8]"),
            "`n_heads_kv` of `cross_attention` is 3, which does not divide its heads, 8 [D0309]"
        );
        assert_eq!(
            Bench::new("cross_attention", "8, 2, 4").fault("[batch, 3, 64] * [batch, 8]"),
            "`cross_attention` takes [batch, sequence, width], but is given [batch, 8] [D0305]\n\n\
             \u{20}        = note: it is given [batch, 3, 64] * [batch, 8]"
        );
        let mask = "[batch, 3, 64] * [batch, seq, 8] * Bool[batch, 3, seq]";
        assert_eq!(
            Bench::new("cross_attention", "8, 2, 4").fault(mask),
            "`cross_attention` takes Bool[batch, seq] as a mask, but is given Bool[batch, 3, seq] [D0302]"
        );
    }
}
