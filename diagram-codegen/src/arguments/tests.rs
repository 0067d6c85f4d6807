use crate::bench::Bench;

const IMAGE: &str = "[batch, 4, 9, 9]";

/// All faults of a layer's arguments, at a shape that it takes.
fn fault(layer: &'static str, arguments: &str) -> String {
    let input = if layer.ends_with("2d") {
        IMAGE
    } else {
        "[batch, 64]"
    };
    Bench::new(layer, arguments).fault(input)
}

#[test]
fn a_misspelt_argument_proposes_the_nearest() {
    assert_eq!(
        fault("conv2d", "8, 3, strid = 2"),
        "`conv2d` has no argument `strid` [D0106]\n\n         = help: did you mean `stride`?"
    );
    assert_eq!(
        fault("linear", "64, activation = relu"),
        "`linear` has no argument `activation` [D0106]\n\n         = note: `linear` takes \
         `d_output`, `bias`, `initializer`, `layout`"
    );
    assert_eq!(
        fault("relu", "inplace = true"),
        "`relu` has no argument `inplace` [D0106]\n\n         = note: `relu` takes no arguments"
    );
    // Most likely the missing one is the misspelt one.
    assert_eq!(
        fault("max_pool2d", "kernl = 2"),
        "`max_pool2d` has no argument `kernl` [D0106]\n\n         = help: did you mean `kernel`?"
    );
}

#[test]
fn an_argument_is_given_once() {
    assert_eq!(
        fault("linear", "64, d_output = 32"),
        "`d_output` of `linear` is given twice [D0315]"
    );
    // Other names are names of the same argument.
    assert_eq!(
        fault("max_pool2d", "2, stride = 1, strides = 2"),
        "`stride` of `max_pool2d` is given twice [D0315]"
    );
}

#[test]
fn too_many_arguments() {
    assert_eq!(
        fault("relu", "3"),
        "`relu` takes no arguments, but is given `3` [D0313]\n\n         = help: leave it out: `relu`"
    );
    assert_eq!(
        fault("linear", "64, false"),
        "`linear` takes one argument without a name, but is given `false` as well [D0313]\n\n\
         \u{20}        = help: name it: `bias = false`"
    );
    assert_eq!(
        fault("conv2d", "8, 3, 2"),
        "`conv2d` takes 2 arguments without names, but is given `2` as well [D0313]\n\n         \
         = note: the sizes of what it is given follow from what stands before it\n         \
         = note: `conv2d` takes `channels`, `kernel`, `stride`, `padding`, `dilation`, `groups`, \
         `bias`, `initializer`"
    );
}

#[test]
fn what_is_missing() {
    assert_eq!(
        fault("max_pool2d", ""),
        "`max_pool2d` needs `kernel`, the extent of its window [D0310]"
    );
    assert_eq!(
        fault("conv2d", "8, stride = 2"),
        "`conv2d` needs `kernel`, the extent of its window [D0310]"
    );
}

#[test]
fn the_wrong_type() {
    for (given, shown) in [
        ("\"x\"", "`\"x\"`"),
        ("2.5", "`2.5`"),
        ("3u8", "`3u8`"),
        ("true", "`true`"),
        ("[1, 2, 3]", "`[1, 2, 3]`"),
        ("learned(0.5)", "`learned(0.5)`"),
    ] {
        assert_eq!(
            fault("max_pool2d", given),
            format!(
                "`kernel` takes a whole number or one per axis, like `3` or `[3, 5]`, but is given \
                 {shown} [D0311]"
            )
        );
    }
    assert_eq!(
        fault("linear", "[64, 64]"),
        "`d_output` takes a whole number or a size, like `64` or `2 * hidden`, but is given \
         `[64, 64]` [D0311]"
    );
    assert_eq!(
        fault("dropout", "\"half\""),
        "`prob` takes a number, like `0.5`, but is given `\"half\"` [D0311]"
    );
    assert_eq!(
        fault("dropout", "hidden"),
        "`prob` takes a number, like `0.5`, but is given `hidden` of type `usize` [D0311]\n\n         \
         = help: declare it as `hidden: f64`"
    );
    assert_eq!(
        fault("linear", "64, bias = 1"),
        "`bias` takes `true` or `false`, but is given `1` [D0311]"
    );
    assert_eq!(
        fault("max_pool2d", "2, padding = smae"),
        "`padding` takes a whole number, one per axis or one per side, like `1` or `[1, 2]`, or `same` \
         or `valid`, but is given `smae` [D0311]\n\n         = help: did you mean `same`?"
    );
}

#[test]
fn out_of_range() {
    for (layer, arguments, name, value) in [
        ("linear", "0", "d_output", "0"),
        ("linear", "-3", "d_output", "-3"),
        ("linear", "4 - 4", "d_output", "0"),
        ("max_pool2d", "0", "kernel", "0"),
        ("max_pool2d", "[2, 0]", "kernel", "0"),
        ("max_pool2d", "2, stride = 0", "stride", "0"),
        ("conv2d", "8, 3, dilation = 0", "dilation", "0"),
        ("conv2d", "8, 3, groups = 0", "groups", "0"),
    ] {
        let expected = format!("`{name}` must be at least 1, but is {value} [D0312]");
        assert_eq!(fault(layer, arguments), expected, "{layer}({arguments})");
    }
    assert_eq!(
        fault("max_pool2d", "2, padding = -1"),
        "`padding` must be at least 0, but is -1 [D0312]"
    );
}

#[test]
fn a_fraction_in_percent() {
    for (layer, arguments, name, given, fraction) in [
        ("dropout", "50", "prob", "50", "dropout(0.5)"),
        ("dropout", "20.0", "prob", "20.0", "dropout(0.2)"),
        ("dropout", "prob = 12.5", "prob", "12.5", "dropout(0.125)"),
        (
            "multi_head_attention",
            "8, dropout = 10",
            "dropout",
            "10",
            "dropout = 0.1",
        ),
        (
            "batch_norm",
            "momentum = 90",
            "momentum",
            "90",
            "momentum = 0.9",
        ),
    ] {
        let help = format!("`{name}` of `{layer}` is a fraction: {given} percent is `{fraction}`");
        let said = fault(layer, arguments);
        assert!(said.ends_with(&format!("= help: {help}")), "{said}");
    }
    // Slips around 1, all or nothing, and numbers that are not in percent or stand where more may.
    for (layer, arguments) in [
        ("dropout", "100"),
        ("dropout", "1.5"),
        ("batch_norm", "momentum = 100"),
        ("batch_norm", "momentum = 1.01"),
        ("dropout", "101"),
        ("dropout", "1"),
        ("dropout", "-20"),
        ("elu", "alpha = 1e999"),
        ("soft_shrink", "lambda = -50"),
    ] {
        let said = fault(layer, arguments);
        assert!(said.ends_with("[D0312]"), "{said}");
    }
}

#[test]
fn names_of_sizes_and_numbers() {
    assert_eq!(
        fault("linear", "hiden"),
        "there is no dim `hiden` [D0103]\n\n         = help: did you mean `hidden`?"
    );
    assert_eq!(
        fault("linear", "rate"),
        "`rate` is of type `f64`, and a size is of type `usize` [D0205]\n\n\
         \u{20}        = help: declare it as `rate: usize`"
    );
    assert_eq!(
        fault("dropout", "rat"),
        "there is no hyper-parameter `rat` [D0114]\n\n         = help: did you mean `rate`?"
    );
    assert_eq!(
        fault("dropout", "lambda"),
        "there is no hyper-parameter `lambda` [D0114]\n\n         = help: declare it after the \
         diagram's name: `(lambda: f64)`"
    );
    assert_eq!(
        fault("conv2d", "8, 3, stride = seq"),
        "`conv2d` needs its `stride` when it is built, but `seq` is known only at run time [D0202]"
    );
}

#[test]
fn what_is_chosen() {
    assert_eq!(
        fault("linear", "64, bias = hidden"),
        "`bias` takes `true` or `false`, but is given `hidden` of type `usize` [D0311]\n\n\
         \u{20}        = help: declare it as `hidden: bool`"
    );
    assert_eq!(
        fault("mean", "0, keep = bias"),
        "`keep` of `mean` decides what is generated, and `bias` is known only when a model is built \
         [D0311]\n\n         = help: write `true` or `false`"
    );
    assert_eq!(
        fault("linear", "64, layout = \"col\""),
        "`layout` of `linear` takes `row` or `col`, but is given `\"col\"` [D0311]\n\n\
         \u{20}        = help: `layout = col`"
    );
    assert_eq!(
        fault("interpolate1d", "output_size = 8, mode = Linear"),
        "`mode` of `interpolate1d` takes `nearest`, `nearest_exact`, `linear`, `cubic` or `lanczos`, but is \
         given `Linear` [D0311]\n\n         = help: `mode = linear`"
    );
    assert_eq!(
        fault("interpolate2d", "scale_factor = rate"),
        "`scale_factor` of `interpolate2d` decides a shape: it is a number, not `rate` [D0311]"
    );
    assert_eq!(
        fault("interpolate2d", "scale_factor = [2, 0]"),
        "`scale_factor` must be greater than 0, but is 0 [D0312]"
    );
}

#[test]
fn constants_are_sizes() {
    for (constant, code) in [
        ("WIDTH", "Self :: __WIDTH"),
        ("crate::WIDTH", "Self :: __CRATE_WIDTH"),
        ("2 * sizes::width + 1", "(2 * Self :: __SIZES_WIDTH) + 1"),
    ] {
        let bench = Bench::new("linear", constant);
        assert_eq!(bench.shape("[batch, 8]"), format!("[batch, {constant}]"));
        let init = bench.init("[batch, 8]");
        assert!(init.contains(&format!("(8 , {code})")), "{init}");
    }
}

#[test]
fn every_fault_is_found_in_one_run() {
    assert_eq!(
        fault("max_pool2d", "stride = 0, padding = \"x\", dilation = 2.5"),
        "`stride` must be at least 1, but is 0 [D0312]\n\
         `padding` takes a whole number, one per axis or one per side, like `1` or `[1, 2]`, or `same` or \
         `valid`, but is given `\"x\"` [D0311]\n\
         `dilation` takes a whole number or one per axis, like `3` or `[3, 5]`, but is given `2.5` \
         [D0311]\n\
         `max_pool2d` needs `kernel`, the extent of its window [D0310]"
    );
}

#[test]
fn a_hyper_parameter_alone_stands_for_the_argument_of_its_name() {
    // `kernel` is positional here, …
    assert_eq!(
        Bench::new("max_pool2d", "kernel").init(IMAGE),
        "burn :: nn :: pool :: MaxPool2dConfig :: new ([self . kernel , self . kernel]) . init ()"
    );
    // … and first in line only after what stands before it.
    assert_eq!(
        Bench::new("conv2d", "hidden, kernel").init(IMAGE),
        "burn :: nn :: conv :: Conv2dConfig :: new ([4 , self . hidden] , [self . kernel , self . \
         kernel]) . init (device)"
    );
    // A name that no argument has stands for none.
    assert!(fault("linear", "64, rate").starts_with("`linear` takes one argument without a name"));
}

#[test]
fn every_argument_may_be_named_in_any_order() {
    assert_eq!(
        Bench::new(
            "conv2d",
            "kernel_size = [3, 5], padding = [1, 2], channels = 8"
        )
        .shape(IMAGE),
        "[batch, 8, 9, 9]"
    );
}

#[test]
fn every_table_has_one_parameter_a_name() {
    for name in diagram_layers::layers::names() {
        let layer = diagram_layers::layers::find(name).expect("a layer");
        let mut names: Vec<_> = layer
            .parameters
            .iter()
            .flat_map(|parameter| parameter.aliases.iter().chain([&parameter.name]))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{name}");
        // The positional ones come first.
        assert!(
            layer
                .parameters
                .is_sorted_by_key(|parameter| !parameter.positional),
            "{name}"
        );
    }
}
