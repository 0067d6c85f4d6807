//! Sizes that are too large to compute are errors of `try_init`, and of a call where it tells them: they never
//! wrap, in debug and release alike.

use diagrammatic::diagram;

use crate::common::{device, random};

diagram! {
    Wide(h: usize = 2) {
        dyn batch;
        data Image: [batch, 8];
        Code: [batch, 4];
        Image --sum--> Code;
        Image --square--> Code;
        Image --quotient--> Code;
        sum = linear(4 * h + 3) >> relu >> linear;
        square = linear(h * h) >> relu >> linear;
        quotient = linear((h * h) / h + 1 - 1) >> relu >> linear;
        sum ~ square;
        quotient ~ square;
    }
}

diagram! {
    Weights(h: usize = 2, bias: bool = true) {
        dyn batch;
        data Image: [batch, h];
        data Code: [batch, 4];
        Image --model--> Code;
        model = linear(h) >> linear(bias = bias);
        model ~ Code;
    }
}

diagram! {
    Copied(n: usize = 2, k: usize = 1) {
        dyn batch;
        data Image: [batch, 3, 9, 9];
        Image --deep--> Image;
        Image --far--> Image;
        deep = repeat(n, conv2d(kernel = 3, padding = same) >> dropout(0.5));
        far = conv2d(kernel = 1 + 2 * k, padding = k);
        deep ~ far;
    }
}

diagram! {
    Powers(n: usize = 2, rank: usize = 1) {
        dyn batch;
        data Image: [batch, 3];
        Image --f--> Image;
        Image --g--> Image;
        f = linear;
        g = linear;
        lora g(rank = rank);
        f^(2 * n) >> g ~ Image;
    }
}

diagram! {
    Told(h: usize = 1) {
        dyn batch, many;
        data Image: [batch, 3];
        data Token: [many];
        Flat: [many * h, 3];
        Row: [1, 3];
        Image --row--> Row;
        Row --spread--> Flat;
        row = mean(0) >> unsqueeze(0);
        spread = expand[many * h, 3];
        watch spread: row >> spread ~ row >> spread;
    }
}

/// The message, without its notes.
#[track_caller]
fn refused<M>(built: Result<M, diagrammatic::DiagramError>) -> String {
    let error = built.err().expect("an error").to_string();
    assert!(error.contains("[D0204]"), "{error}");
    error.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn computed_widths() {
    let init = |h| refused(WideConfig::new().with_h(h).try_init(&device()));
    for (h, layer, width) in [
        (
            1 << 62,
            "linear(4 * h + 3)` of `sum`: axis 1 is `4 * h + 3",
            "18446744073709551619",
        ),
        (
            usize::MAX,
            "linear(4 * h + 3)` of `sum`: axis 1 is `4 * h + 3",
            "73786976294838206463",
        ),
        // Wrapped these would be 0, and small.
        (
            1 << 32,
            "linear(h * h)` of `square`: axis 1 is `h * h",
            "18446744073709551616",
        ),
        (
            (1 << 33) + 1,
            "linear(h * h)` of `square`: axis 1 is `h * h",
            "73786976312018075649",
        ),
    ] {
        let message = format!("`{layer}` = {width}, which is too large [D0204]");
        assert_eq!(init(h), message);
    }
    assert!(WideConfig::new().with_h(3).try_init(&device()).is_ok());
}

#[test]
fn weights_and_elements() {
    let init = |h| refused(WeightsConfig::new().with_h(h).try_init(&device()));
    assert_eq!(
        init(1 << 31),
        "`linear(h)` of `model`: the number of weights is `h * h + h` = 4611686020574871552, which is too \
         large [D0204]"
    );
    assert_eq!(
        init(usize::MAX),
        "`Image`: the number of elements is `batch * h`, which is too large [D0204]"
    );
}

#[test]
fn copies_and_arguments() {
    let copies = |n| refused(CopiedConfig::new().with_n(n).try_init(&device()));
    let message = copies(usize::MAX);
    let end =
        "of `deep`: the number of copies is `n` = 18446744073709551615, which is too large [D0204]";
    assert!(message.ends_with(end), "{message}");
    for k in [1 << 63, 1 << 40] {
        let message = refused(CopiedConfig::new().with_k(k).try_init(&device()));
        let layer =
            "`conv2d(kernel = 1 + 2 * k, padding = k)` of `far`: the number of weights is `";
        assert!(message.starts_with(layer), "{message}");
    }
}

#[test]
fn powers_and_ranks() {
    let power = |n| refused(PowersConfig::new().with_n(n).try_init(&device()));
    assert_eq!(
        power(1 << 63),
        "`f`: the power of it in a path is `2 * n` = 18446744073709551616, which is too large [D0204]"
    );
    let rank = |rank| refused(PowersConfig::new().with_rank(rank).try_init(&device()));
    assert_eq!(
        rank(usize::MAX),
        "`g`: the rank of its adapters is `rank` = 18446744073709551615, which is too large [D0204]"
    );
}

#[test]
fn what_a_call_tells() {
    let model = ToldConfig::new().with_h(1 << 62).init(&device());
    let batch = ToldBatch {
        image: random([2, 3]),
        token: random([5]),
    };
    assert_eq!(
        refused(model.try_evaluate(batch)),
        "`expand[many * h, 3]` of `spread`: axis 0 is `many * h` = 23058430092136939520, which is too large \
         [D0204]"
    );
}
