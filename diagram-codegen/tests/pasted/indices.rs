//! Objects that are to be Int, and data of their own for the indices.

use diagram_codegen::check;

use crate::{accepted, codes, with};

#[test]
fn an_object_that_is_to_be_int() {
    for (declared, chain, vectors) in [
        (
            "data Tokens: [batch, len];",
            "embedding(100, 16)",
            "batch, len, 16",
        ),
        (
            "data Tokens: [batch, 3, 4];",
            "flatten >> embedding(9, 16)",
            "batch, 12, 16",
        ),
        (
            "data Tokens: [batch, 12];",
            "reshape[batch, 3, 4] >> permute[0, 2, 1] >> embedding(9, 16)",
            "batch, 4, 3, 16",
        ),
        (
            "data Tokens: [batch, 1, len];",
            "squeeze(1) >> identity >> narrow(1, 0, 1) >> embedding(9, 16)",
            "batch, 1, 16",
        ),
        (
            "data Tokens: [batch, len];",
            "(embedding(9, 16), identity >> embedding(9, 16)) >> add",
            "batch, len, 16",
        ),
    ] {
        for data in [
            "data Goal: Vectors; ",
            "data Goal: Vectors; data Other: Tokens; ",
        ] {
            let text = format!(
                "pub Reader {{ dyn batch, len; {declared} data Mask: [batch, len];
                 Vectors: [{vectors}]; {data} Tokens --read--> Vectors; read = {chain};
                 read ~ Goal; watch length: Mask ~ 0 by mse; }}"
            );
            let faults = check(&text).faults;
            let found = faults.first().expect("a fault");
            let help = found.fault.help.as_deref().expect("help");
            let new = help.split('`').nth(1).expect("code");
            assert_eq!(new, declared.replace(": [", ": Int["), "{text}");
            let several = data.contains("Other");
            let noted = found
                .fault
                .notes
                .iter()
                .any(|note| note == "`Tokens` and `Other` are data of `Tokens`");
            assert_eq!(noted, several, "{text}");
            accepted(&with(&text, declared, new));
        }
    }
}

#[test]
fn no_object_that_other_layers_need_as_float() {
    let reader = |rest: &str| {
        format!(
            "Reader {{ dyn batch; data Page: [batch, 8]; Vectors: [batch, 8, 16]; data Goal: Vectors; {rest} }}"
        )
    };
    for rest in [
        // What a layer gives is Float.
        "Page --read--> Vectors; read = linear(8) >> embedding(9); read ~ Goal;",
        "Hidden: [batch, 8]; Page --hide--> Hidden --read--> Vectors;
         hide = linear; read = embedding(9); hide >> read ~ Goal;",
        // As Int, another layer of the same chain could not take it.
        "Page --read--> Vectors; read = relu >> embedding(9); read ~ Goal;",
        "Page --read--> Vectors * Page; read = (embedding(9), linear); read.Vectors ~ Goal;",
    ] {
        let checked = check(&reader(rest));
        let kinds = checked.faults.iter().map(|found| &found.fault);
        let mut kinds = kinds.filter(|fault| fault.message.starts_with("`embedding` takes Int"));
        let fault = kinds.next().expect(rest);
        assert_eq!(fault.help, None, "{rest}");
    }
}

#[test]
fn indices_of_their_own_where_others_need_float() {
    let page = |declared: &str, arrow: &str, rest: &str| {
        format!(
            "pub Reader {{ dyn batch; data Page: [batch, 8]; {declared} Vectors: [batch, 8, 16];
             data Goal: Vectors; Hidden: [batch, 4]; data Aim: Hidden;
             {arrow} read = embedding(9, 16); read ~ Goal; {rest} }}"
        )
    };
    let arrow = "Page --read--> Vectors;";
    for rest in [
        // A layer, a chain that starts with one, and code, whose types would be others.
        "Page --see--> Hidden; see = linear; see ~ Aim;",
        "Page --see--> Hidden; see = identity >> relu >> linear; see ~ Aim;",
        "Page --see--> Hidden; see = _; see ~ Aim;",
        "Page --see--> Hidden; see = |page| page; watch far: see ~ Aim by mse;",
        // A cell that reads the datum.
        "watch near: Page ~ 0 by mse;",
        "minimize (Page, read) by crate::spread;",
        // A product with a layer.
        "Page * Hidden --see--> Hidden; see = identity * linear(4) >> concat(1) >> linear; see(Page, Aim) ~ Aim;",
    ] {
        let text = page("", arrow, rest);
        let faults = check(&text).faults;
        let help = faults.first().expect(rest).fault.help.clone();
        let help = help.unwrap_or_else(|| panic!("{text}: {faults:#?}"));
        assert_eq!(
            help,
            "others take `Page` as Float: declare `data PageIndices: Int[batch, 8];` and draw \
             `PageIndices --read--> Vectors;`",
            "{rest}"
        );
        let [declared, drawn] = codes(&help)[1..] else {
            panic!("{help}");
        };
        accepted(&page(declared, drawn, rest));
    }
    // What takes both, and what is at fault itself, needs no other.
    for rest in [
        "Page --count--> Page; count = identity;",
        "Page --see--> Vectors; see = embedding(7, 16); see ~ Goal;",
        "Page --see--> Logits; Logits: [batch, 8, 5]; see = embedding(7, 5); see ~ Page by cross_entropy;",
        "Goal --see--> Vectors; see = linar;",
    ] {
        let help = check(&page("", arrow, rest)).faults[0].fault.help.clone();
        let declared = "declare `data Page: Int[batch, 8];`";
        assert_eq!(help.as_deref(), Some(declared), "{rest}");
    }
}

#[test]
fn few_of_many_data_are_named() {
    let data: Vec<_> = (0..500)
        .map(|index| format!("data D{index}: Page;"))
        .collect();
    let data = data.concat();
    let text = format!(
        "Reader {{ dyn batch; Page: [batch, 8]; {data} Vectors: [batch, 8, 16]; data Goal: Vectors;
         Page --read--> Vectors; read = embedding(9); read(D0) ~ Goal; }}"
    );
    let fault = &check(&text).faults[0].fault;
    let note = "`D0`, `D1`, `D2`, `D3`, `D4`, `D5` and 494 more are data of `Page`";
    assert_eq!(fault.notes, [note]);
    assert_eq!(
        fault.help.as_deref(),
        Some("declare `Page: Int[batch, 8];`")
    );
}
