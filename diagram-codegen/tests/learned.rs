//! The names of learned scalars: what they are made of, and what changes them.

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::{lower, syntax};

/// The names that these cells give, and the faults.
fn lowered(cells: &str) -> (Vec<String>, Vec<String>) {
    let diagram = format!(
        "pub Test(horizon: usize = 2) {{ dyn batch; data Image: [batch, 6]; data Other: Image; data Caption: [batch, 6]; \
         data Label: Int[batch]; Embedding: [batch, 5]; Logits: [batch, 3]; \
         Image --look--> Embedding <--read-- Caption; Embedding --step--> Embedding --tell--> Logits; \
         Embedding --halve--> Embedding * Embedding; Embedding * Embedding --join--> Embedding; \
         look = linear; read = linear; step = linear; tell = linear; halve = (linear, linear); \
         join = concat(1) >> linear; {cells} }}"
    );
    let mut diagnostics = Diagnostics::default();
    let tokens: proc_macro2::TokenStream = diagram.parse().expect("tokens");
    let trees = syntax::parse(tokens, &mut diagnostics);
    let lowered = lower::lower(&trees[0], &mut diagnostics);
    let names = lowered.diagram.learned.iter().map(|one| one.name.clone());
    let faults = diagnostics.faults().iter();
    (
        names.collect(),
        faults.map(|(_, fault)| fault.to_string()).collect(),
    )
}

#[track_caller]
fn assert_named(cells: &str, names: &[&str]) {
    assert_eq!(
        lowered(cells),
        (names.iter().map(ToString::to_string).collect(), vec![]),
        "{cells}"
    );
}

#[test]
fn a_name_begins_with_that_of_the_cell() {
    assert_named(
        "pair: look ~ read by info_nce(temperature = learned(0.07)) weight learned;",
        &["pair_weight", "pair_temperature"],
    );
    assert_named(
        "told: step(scale(look, learned(0.5))) ~ reverse(read, learned(2)) by l1;",
        &["told_look_scale", "told_read_reverse"],
    );
}

#[test]
fn that_of_a_cell_without_one_begins_with_its_ends() {
    for (cell, name) in [
        ("look ~ read weight learned;", "look_read_weight"),
        (
            "look >> tell ~ Label by cross_entropy weight learned(0.5);",
            "look_tell_label_weight",
        ),
        (
            "look ~ read by huber(delta = learned(0.5));",
            "look_read_delta",
        ),
        (
            "look ~ read by self::apart(1, learned(0.5));",
            "look_read_argument_2",
        ),
        ("stop(look) ~ read weight learned;", "stop_look_read_weight"),
        ("look ~ stop(read) weight learned;", "look_stop_read_weight"),
        ("look ~ 0.5 weight learned;", "look_0_5_weight"),
        ("0.5 ~ look weight learned;", "_0_5_look_weight"),
        (
            "look >> step^3 ~ read weight learned;",
            "look_step_3_read_weight",
        ),
        (
            "look >> step^horizon ~ read weight learned;",
            "look_step_horizon_read_weight",
        ),
        (
            "look >> halve.0 ~ read weight learned;",
            "look_halve_0_read_weight",
        ),
        (
            "look(Other) ~ read weight learned;",
            "look_other_read_weight",
        ),
        ("minimize look weight learned;", "look_weight"),
        (
            "minimize (look, read) by self::apart(learned(1));",
            "look_read_argument_1",
        ),
        (
            "look >> step >> step >> tell ~ Label by cross_entropy weight learned;",
            "look_tell_label_weight",
        ),
    ] {
        assert_named(cell, &[name]);
    }
}

#[test]
fn a_multiple_is_named_after_the_path() {
    for (cell, name) in [
        ("step(scale(look, learned(0.5))) ~ read;", "look_scale"),
        (
            "step(reverse(look >> step, learned(0.5))) ~ read;",
            "look_step_reverse",
        ),
        (
            "look ~ scale(read(Caption), -learned(0.5));",
            "read_caption_scale",
        ),
    ] {
        assert_named(cell, &[name]);
    }
}

/// Neither the order of cells nor what stands beside a scalar changes its name.
#[test]
fn names_do_not_depend_on_other_cells() {
    let cells = [
        "look ~ read by huber(delta = learned(0.5)) weight learned;",
        "look >> tell ~ Label by cross_entropy weight learned;",
        "step(scale(look, learned(0.5))) ~ read;",
        "join(reverse(look, learned(1)), scale(look >> step, learned(2))) ~ read;",
        "pair: look ~ read by info_nce(temperature = learned(0.07));",
    ];
    let sorted = |cells: &[&str]| {
        let (mut names, faults) = lowered(&cells.concat());
        assert_eq!(faults, Vec::<String>::new());
        names.sort();
        names
    };
    let all = sorted(&cells);
    let mut reversed = cells;
    reversed.reverse();
    assert_eq!(sorted(&reversed), all);
    for cell in cells {
        let alone = sorted(&[cell]);
        assert!(alone.iter().all(|name| all.contains(name)), "{alone:?}");
    }
}

#[test]
fn what_is_alike_in_one_cell_is_numbered() {
    let alike = "scale(look, learned(0.5))";
    assert_named(
        &format!("join({alike}, {alike}) ~ {alike};"),
        &["look_scale", "look_scale_2", "look_scale_3"],
    );
    assert_named(
        &format!("own: join({alike}, {alike}) ~ read;"),
        &["own_look_scale", "own_look_scale_2"],
    );
}

#[test]
fn two_cells_do_not_share_a_name() {
    let twice = |name: &str, help: &str| {
        [
            format!(
                "two learned scalars would be called `{name}` [D0107]\n\n         = help: {help} the cell: its learned scalars are named after it"
            ),
            format!("`{name}` is learned here first [D0107]"),
        ]
    };
    for (cells, name, help) in [
        (
            "look ~ read by l1 weight learned; look ~ read by mse weight learned;",
            "look_read_weight",
            "name",
        ),
        (
            "step(scale(look, learned(1))) ~ read; scale(look, learned(1)) ~ read by l1;",
            "look_scale",
            "name",
        ),
        (
            "look ~ read weight learned; look_read: look ~ read by l1 weight learned;",
            "look_read_weight",
            "rename",
        ),
    ] {
        assert_eq!(lowered(cells).1, twice(name, help), "{cells}");
    }
    // Once for each two cells, whatever else they share, and once at the first.
    let huber = "look ~ read by huber(delta = learned(0.5)) weight learned;";
    let [again, first] = twice("look_read_weight", "name");
    assert_eq!(lowered(&huber.repeat(2)).1, [again.clone(), first.clone()]);
    assert_eq!(lowered(&huber.repeat(3)).1, [again.clone(), first, again]);
    let named = "look ~ read by l1 weight learned; other: look ~ read by mse weight learned;";
    assert_named(named, &["look_read_weight", "other_weight"]);
}
