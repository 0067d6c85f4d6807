//! The code of positions.

use quote::quote;

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 2] = [
    ("positional_encoding", |at| {
        let (burn, width) = (at.burn, at.maybe_size(at.input().last()));
        let set = at.setters(&["max_sequence_size", "max_timescale"]);
        Built::module(
            quote!(#burn::nn::PositionalEncoding),
            quote!(#burn::nn::PositionalEncodingConfig::new(#width) #set.init(device)),
        )
    }),
    ("rotary_encoding", rotary_encoding),
];

fn rotary_encoding(at: &At<'_>) -> Built {
    let (burn, width) = (at.burn, at.maybe_size(at.input().last()));
    let longest = at.size_of("max_sequence_length");
    let theta = at.call.float("theta").map(|_| {
        let theta = at.float_of("theta");
        quote!(.with_theta((#theta) as f32))
    });
    Built::module(
        quote!(#burn::nn::RotaryEncoding),
        quote!(#burn::nn::RotaryEncodingConfig::new(#longest, #width) #theta.init(device)),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn the_width_follows_from_the_sequence() {
        assert_eq!(
            Bench::new("positional_encoding", "max_sequence_size = 512").init("[batch, seq, 8]"),
            "burn :: nn :: PositionalEncodingConfig :: new (8) . with_max_sequence_size (512) . init (device)"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "512, theta = rate").init("[batch, 4, seq, 8]"),
            "burn :: nn :: RotaryEncodingConfig :: new (512 , 8) . with_theta ((self . rate) as f32) . init \
             (device)"
        );
    }

    #[test]
    fn their_faults() {
        let positional =
            |arguments: &str, input| Bench::new("positional_encoding", arguments).fault(input);
        assert_eq!(
            positional("", "[batch, seq, 7]"),
            "`positional_encoding` takes an even width, but 7 is odd [D0309]"
        );
        assert_eq!(
            positional("", "[batch, seq, hidden]"),
            "`positional_encoding` takes an even width, but `hidden` may be odd [D0309]\n\n\
             \u{20}        = note: at `hidden` = 1\n\
             \u{20}        = help: state that it is: `where hidden % 2 == 0;`"
        );
        assert_eq!(
            positional("max_sequence_size = 16", "[batch, 32, 8]"),
            "`max_sequence_size` of `positional_encoding` is 16, but its sequence is 32 [D0312]"
        );
        assert_eq!(
            positional("max_sequence_size = 20000", "[batch, seq, 8]"),
            "`max_timescale` of `positional_encoding` is 10000, but its `max_sequence_size` is 20000 [D0312]"
        );
        assert_eq!(
            positional("", "[batch, 8]"),
            "`positional_encoding` takes [batch, sequence, width], but is given [batch, 8] [D0305]"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "16").fault("[8]"),
            "`rotary_encoding` takes [.., sequence, width], but is given [8] [D0305]"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "").fault("[batch, seq, 8]"),
            "`rotary_encoding` needs `max_sequence_length`, the length of the longest sequence [D0310]"
        );
    }
}
