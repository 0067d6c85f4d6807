//! Whatever the size of a diagram, right or wrong, the macro answers: in time that grows with it, and
//! without deep recursion.

use std::fmt::Write;
use std::time::Instant;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What the macro makes of a diagram with these items.
fn said(items: &str) -> String {
    let tokens: TokenStream = format!("pub Big {{ dyn batch; {items} }}").parse().unwrap();
    diagram_codegen::expand(tokens).to_string()
}

#[test]
fn nothing_at_all_is_one_fault() {
    for text in ["", "// only a comment", "pub Empty { /* nothing */ }"] {
        let code = diagram_codegen::expand(text.parse().unwrap()).to_string();
        assert_eq!(code.matches("[D0006]").count(), 1, "{text}");
    }
}

#[test]
fn deep_groups_are_refused() {
    let mut deep = TokenStream::new();
    for _ in 0..10_000 {
        deep = TokenTree::from(Group::new(Delimiter::Parenthesis, deep)).into();
    }
    let code = diagram_codegen::expand(quote::quote!(pub Deep { f = #deep; })).to_string();
    assert_eq!(code.matches("nested deeper than").count(), 1);
}

#[test]
fn a_long_chain_is_read() {
    let layers = vec!["relu"; 10_000].join(" >> ");
    let code = said(&format!("data X: [batch, 4]; X --f--> X; f = {layers};"));
    assert!(!code.contains("compile_error"));
}

#[test]
fn many_faults_take_time_that_grows_with_them() {
    let of_names = |count: usize| {
        let mut items = String::from("data X: [batch, 4];");
        for index in 0..count {
            write!(
                items,
                "Y{index}: [bacth{index}, {index}.5]; X --morphism_{index}--> Z{index}; \
                 morphsm_{index} = lineer({index}); cell_{index}: mrphism_{index} ~ X by msee;"
            )
            .unwrap();
        }
        let start = Instant::now();
        let code = said(&items);
        assert!(code.matches("compile_error").count() > 2 * count);
        start.elapsed().as_secs_f64()
    };
    // Their helps ask what else there is: objects that are to be Int, and data for what is missing.
    let of_kinds_and_arguments = |count: usize| {
        let mut items =
            String::from("data X: [batch, 4]; Code: [batch, 7]; Vectors: [batch, 4, 8];");
        for index in 0..count {
            write!(
                items,
                "data W{index}: [batch, 4]; data D{index}: X; W{index} --read_{index}--> Vectors; \
                 read_{index} = embedding(9, 8); Code --look_{index}--> Code; look_{index} = linear; \
                 X * Code --join_{index}--> X; join_{index} = concat(1) >> linear; D{index} >> join_{index} ~ X; \
                 X * W{index} --lay_{index}--> X; lay_{index} = add; D{index} >> lay_{index} ~ X;"
            )
            .unwrap();
        }
        let start = Instant::now();
        let code = said(&items);
        assert_eq!(code.matches("[D0304]").count(), count);
        assert_eq!(code.matches("[D0409]").count(), 2 * count);
        start.elapsed().as_secs_f64()
    };
    grows("names at fault", &of_names);
    grows("kinds and arguments at fault", &of_kinds_and_arguments);
}

/// Four times as many take at most ten times as long.
fn grows(what: &str, seconds: &dyn Fn(usize) -> f64) {
    let (few, many) = (seconds(250), seconds(1_000));
    println!("250 {what}: {few:.2} s, 1000: {many:.2} s");
    assert!(many < 10.0 * few + 1.0, "{few} s, then {many} s");
}

#[test]
fn learned_scalars_are_named_in_time_that_grows_with_them() {
    let seconds = |count: usize| {
        let mut items = String::from("data X: [batch, 4]; X --f--> X; f = linear;");
        // Alike in one cell, and in a cell each.
        let ends = vec!["scale(f, learned(0.5))"; count].join(", ");
        write!(items, "minimize ({ends}) by crate::losses::all;").unwrap();
        for cell in 0..count {
            write!(items, "c{cell}: f ~ X by smooth_l1(beta = learned(2.0));").unwrap();
        }
        let start = Instant::now();
        let code = said(&items);
        let seconds = start.elapsed().as_secs_f64();
        assert!(!code.contains("compile_error"));
        for name in [
            "c0_beta",
            "f_scale",
            "f_scale_2",
            &format!("f_scale_{count}"),
        ] {
            assert!(code.contains(&format!(". learned . {name} .")), "{name}");
        }
        assert!(!code.contains(&format!(". learned . f_scale_{} .", count + 1)));
        seconds
    };
    let (few, many) = (seconds(500), seconds(4_000));
    println!("500 learned scalars: {few:.2} s, 4000: {many:.2} s");
    assert!(many < 20.0 * few + 1.0, "{few} s, then {many} s");
}

/// Composites of composites, and a cell between each two.
#[test]
fn code_grows_with_what_is_written() {
    let length = |count: usize| {
        let mut items = String::from("data X: [batch, 4]; X --f--> X; f = linear; p0 = f; q0 = f;");
        for index in 0..count {
            let next = index + 1;
            write!(
                items,
                "X --f{next}--> X; f{next} = linear; X --g{next}--> X; g{next} = linear; \
                 p{next} = p{index} >> f{next}; q{next} = q{index} >> g{next}; p{next} ~ q{next};"
            )
            .unwrap();
        }
        let code = said(&items);
        assert!(!code.contains("compile_error"));
        code.split_whitespace().count()
    };
    let (few, many) = (length(50), length(500));
    assert!(many < 11 * few, "{few} tokens, then {many}");
}

/// As many paths as two to the power of the arrows, and arguments that double: they are counted up to a bound.
#[test]
fn countless_paths_are_refused() {
    let start = Instant::now();
    let mut items = String::from("data X0: [batch, 4];");
    for index in 0..200 {
        let next = index + 1;
        write!(
            items,
            "X{next}: [batch, 4]; X{index} --f{next}--> X{next}; f{next} = linear; \
             X{index} --g{next}--> X{next}; g{next} = linear; \
             X{index} * X{index} --h{next}--> X{next}; h{next} = add >> linear;"
        )
        .unwrap();
    }
    for commutes in ["commutes;", "commutes at X200;", "commutes within 400;"] {
        let code = said(&format!("{items} {commutes}"));
        assert_eq!(code.matches("[D0421]").count(), 1, "{commutes}");
    }
    println!("{:.2} s", start.elapsed().as_secs_f64());
}

/// Each doubles what the one before it applies, or does so at every turn of a loop.
#[test]
fn what_unfolds_without_bound_is_refused() {
    let doubling = |power: &str| {
        let mut items = String::from("c0 = f >> f;");
        for index in 0..64 {
            let next = index + 1;
            write!(items, "c{next} = c{index}{power} >> c{index}{power};").unwrap();
        }
        items + "c64 ~ X;"
    };
    for items in [
        doubling(""),
        doubling("^n"),
        "X >> f^1000^1000^1000 ~ X;".to_owned(),
        "X >> f^n^1000^1000 ~ X;".to_owned(),
        "c = f^1000; d = c^9; X >> d ~ again(X >> d); X ~ again(X >> d);".to_owned(),
    ] {
        let tokens = format!(
            "pub Big(n: usize = 2) {{ dyn batch; data X: [batch, 4]; X --f--> X; f = linear; {items} }}"
        );
        let start = Instant::now();
        let code = diagram_codegen::expand(tokens.parse().unwrap()).to_string();
        assert_eq!(code.matches("[D0312]").count(), 1, "{items}");
        assert_eq!(code.matches("compile_error").count(), 1, "{items}");
        println!("{:.2} s", start.elapsed().as_secs_f64());
    }
}

#[test]
fn a_fault_in_a_power_is_said_once() {
    let code = said("data X: [batch, 4]; X --encode--> X; encode = linear; X >> encodr^1000 ~ X;");
    assert_eq!(code.matches("compile_error").count(), 1);
}

/// A dim that is squared by every application, in paths and in what composites are unfolded to.
#[test]
fn dims_that_grow_without_bound_are_refused() {
    let doubling = "data X: [batch, 4]; Y: [4]; X --f--> X[batch = batch * batch]; f = Square; \
                    X --end--> Y; end = fn g::end;";
    for items in [
        "minimize X >> f^9; minimize X >> f^30;".to_owned(),
        format!("minimize X{};", " >> f".repeat(30)),
        format!("minimize {}X{};", "f(".repeat(30), ")".repeat(30)),
        "c = f >> f >> f >> f >> f; d = c >> c; minimize d;".to_owned(),
        "c = f^9 >> end; d = f^9 >> c; minimize d;".to_owned(),
        "c = f^9 >> end; d = f^9 >> c;".to_owned(),
        "c = f^9 >> end; minimize X >> f^9 >> c;".to_owned(),
    ] {
        let start = Instant::now();
        let code = said(&format!("{doubling} {items}"));
        assert_eq!(code.matches("[D0204]").count(), 1, "{items}");
        assert_eq!(code.matches("compile_error").count(), 1, "{items}");
        assert!(
            code.contains("ends in `X` at a size of more than 2000 "),
            "{items}"
        );
        println!("{:.2} s", start.elapsed().as_secs_f64());
    }
    let code = said(&format!("{doubling} commutes within 30;"));
    assert_eq!(code.matches("compile_error").count(), 1);
}
