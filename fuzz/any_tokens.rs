//! Whatever the tokens, `diagram!` answers, soon and without a panic, and its answer is valid Rust.
#![no_main]

use diagrammatic_fuzz::{Seeds, check, tokens};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

thread_local! {
    static SEEDS: Seeds = Seeds::read();
}

fuzz_target!(
    init: {
        // libFuzzer reads its folder of inputs after this.
        if let Some(folder) = std::env::var_os("SEEDS_INTO") {
            let written = SEEDS.with(|seeds| seeds.write(folder.as_ref()));
            written.expect("a folder for the first inputs");
        }
    },
    |data: &[u8]| -> Corpus {
        match tokens(data) {
            Some(diagram) => {
                check(&diagram);
                Corpus::Keep
            }
            None => Corpus::Reject,
        }
    }
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match SEEDS.with(|seeds| seeds.mutated(&data[..size], seed)) {
        Some(text) if text.len() <= max_size => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
