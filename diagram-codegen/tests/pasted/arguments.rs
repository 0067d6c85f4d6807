//! What layers and morphisms are not given.

use diagram_codegen::check;

use crate::{accepted, codes, proposed, with};

#[test]
fn an_arrow_from_what_a_layer_lacks() {
    let decoder = "transformer_decoder(d_ff = 64, n_heads = 4, n_layers = 1)";
    for (data, arrow, chain, expected) in [
        (
            "data Goal: Out;",
            "Words --speak--> Out;",
            decoder.to_owned(),
            vec![
                "data Memory: [batch, len, 16];",
                "Words * Memory --speak--> Out;",
            ],
        ),
        (
            "data Goal: Out; data Page: [batch, 9, 16];",
            "Words --speak--> Out;",
            decoder.to_owned(),
            vec!["Words * Page --speak--> Out;"],
        ),
        (
            "data Goal: Out; data Page: [batch, 9, 16];",
            "Words --speak--> Out;",
            format!("relu >> layer_norm >> {decoder}"),
            vec![
                "Words * Page --speak--> Out;",
                "speak = (relu >> layer_norm) * identity >> transformer_decoder(d_ff = 64, n_heads = 4, \
                 n_layers = 1);",
            ],
        ),
        (
            "data Goal: Out; data Cell: [batch, 16]; data HiddenState: Cell;",
            "Words * Cell --speak--> Out;",
            "lstm".to_owned(),
            vec![
                "data GivenHiddenState: [batch, 16];",
                "Words * Cell * GivenHiddenState --speak--> Out;",
            ],
        ),
        (
            "data Goal: Out; data Image: [batch, 3, 8, 8]; Seen: [batch, 4, 6, 6]; data Aim: Seen;
             see ~ Aim; Words --speak--> Out; speak = linear;",
            "Image --see--> Seen;",
            "deform_conv2d(kernel = 3)".to_owned(),
            vec![
                "data Offsets: [batch, 18, 6, 6];",
                "Image * Offsets --see--> Seen;",
            ],
        ),
    ] {
        let name = if arrow.contains("see") {
            "see"
        } else {
            "speak"
        };
        let text = format!(
            "pub Speaker {{ dyn batch, len; data Words: [batch, len, 16]; Out: [batch, len, 16];
             {data} {arrow} {name} = {chain}; speak ~ Goal; }}"
        );
        let faults = check(&text).faults;
        let help = faults.first().expect("a fault").fault.help.clone();
        let help = help.unwrap_or_else(|| panic!("{text}: {faults:#?}"));
        assert_eq!(codes(&help), expected);
        let mut pasted = text;
        for code in expected {
            pasted = match (code.starts_with("data "), code.contains(" = ")) {
                (true, _) => with(&pasted, "data Words", &format!("{code} data Words")),
                (_, true) => with(&pasted, &format!("{name} = {chain};"), code),
                _ => with(&pasted, arrow, code),
            };
        }
        accepted(&pasted);
    }
    // Side by side, or behind several tensors, another layer has to give it.
    for (arrow, chain) in [
        ("Words --speak--> Out;", format!("({decoder}, relu) >> add")),
        ("Words * Words --speak--> Out;", format!("add >> {decoder}")),
    ] {
        let text = format!(
            "pub Speaker {{ dyn batch, len; data Words: [batch, len, 16]; Out: [batch, len, 16];
             data Goal: Out; {arrow} speak = {chain}; speak ~ Goal; }}"
        );
        let faults = check(&text).faults;
        assert_eq!(faults.first().expect("a fault").fault.help, None, "{text}");
    }
}

#[test]
fn an_argument_that_is_missing() {
    let header = "dyn batch; data Image: [batch, 12]; data Text: [batch, 5]; data Note: Text;
        Code: [batch, 7]; data Goal: Code; Image * Text * Text --join--> Code;
        Image --see--> Image; see = linear; join = concat(1) >> linear;";
    for (call, given, lacks, all) in [
        (
            "join(Image)",
            "join(Image)",
            "Text * Text",
            "join(Image, Text, Text)",
        ),
        (
            "join(Image, Note)",
            "join(Image, Note)",
            "Text",
            "join(Image, Note, Text)",
        ),
        (
            "join()",
            "join()",
            "Image * Text * Text",
            "join(Image, Text, Text)",
        ),
        (
            "see >> join",
            "see >> join",
            "Text * Text",
            "join(see, Text, Text)",
        ),
        (
            "see >> see >> join",
            "see >> join",
            "Text * Text",
            "join(see >> see, Text, Text)",
        ),
        (
            "(see, Note) >> join",
            "(see, Note) >> join",
            "Text",
            "join(see, Note, Text)",
        ),
    ] {
        let text = format!("pub Joined {{ {header} {call} ~ Goal; }}");
        let faults = check(&text).faults;
        let fault = &faults.first().expect(call).fault;
        let count = 3 - lacks.split(" * ").count();
        assert_eq!(
            fault.message,
            format!(
                "`{given}` lacks `{lacks}`: `join` takes 3 arguments (`Image * Text * Text`), but is given {count}"
            )
        );
        let (_, new) = proposed(&text);
        assert_eq!(new, all);
        accepted(&with(&text, &format!("{call} ~"), &format!("{new} ~")));
    }
    // Nothing can be put beside what is in another place.
    let text = format!("pub Joined {{ {header} join(Text) ~ Goal; join(Note, Image) ~ Goal; }}");
    let faults = check(&text).faults;
    let said: Vec<_> = faults.iter().map(|found| found.fault.to_string()).collect();
    assert!(said[1].starts_with("`join` takes 3 arguments"), "{said:?}");
    assert!(said[1].ends_with("but is given 2 [D0409]"), "{said:?}");
}

#[test]
fn arguments_of_keywords_are_written_raw() {
    let text =
        "pub Finder { dyn batch; data Image: [batch, 12]; data Text: [batch, 5]; Code: [batch, 7];
        data Goal: Code; Image --r#in--> Image; r#in = linear;
        Image * Text --r#match--> Code; r#match = concat(1) >> linear; r#in >> r#match ~ Goal; }";
    let found = &check(text).faults[0].fault;
    let message =
        "`in >> match` lacks `Text`: `match` takes 2 arguments (`Image * Text`), but is given 1";
    assert_eq!(found.message, message);
    let (_, new) = proposed(text);
    assert_eq!(new, "r#match(r#in, Text)");
    accepted(&with(text, "r#in >> r#match ~", &format!("{new} ~")));
    let call = with(text, "r#in >> r#match ~", "r#match(Image) ~");
    let found = &check(&call).faults[0].fault;
    assert!(
        found
            .message
            .starts_with("`match(Image)` lacks `Text`: `match` takes")
    );
    let (_, new) = proposed(&call);
    accepted(&with(&call, "r#match(Image) ~", &format!("{new} ~")));
}

#[test]
fn an_argument_that_is_missing_before_a_factor() {
    let text = "pub Joined { dyn batch; data Image: [batch, 12]; data Text: [batch, 5];
        Mean: [batch, 7]; Rest: [batch, 3]; data Goal: Mean; data End: Rest;
        Image --see--> Image; see = linear;
        Image * Text --join--> Mean * Rest; join = concat(1) >> (linear, linear);
        see >> join.Mean ~ Goal; see >> join.1 ~ End; }";
    let faults = check(text).faults;
    assert_eq!(faults.len(), 2);
    for found in &faults {
        let help = found.fault.help.as_deref();
        assert_eq!(help, Some("give it all of them: `join(see, Text)`"));
    }
    accepted(&text.replace("see >> join", "join(see, Text)"));
}

#[test]
fn a_composite_that_hands_an_argument_on() {
    for (arrows, model, drawn, defined) in [
        (
            "",
            "model = see >> join;",
            "Image * Text --model--> Code;",
            "model = see * identity >> join;",
        ),
        (
            "Image --model--> Image;",
            "model = see >> look >> join >> back;",
            "Image * Text --model--> Image;",
            "model = (see >> look) * identity >> join >> back;",
        ),
        (
            "",
            "model = see >> turned;",
            "Text * Image --model--> Code;",
            "model = identity * see >> turned;",
        ),
    ] {
        let text = |arrow: &str, model: &str| {
            format!(
                "pub Joined {{ dyn batch; data Image: [batch, 12]; data Text: [batch, 5]; Code: [batch, 7];
                 data Goal: Code; Image --see--> Image --look--> Image; see = linear; look = linear;
                 Image * Text --join--> Code --back--> Image; join = concat(1) >> linear; back = linear;
                 Text * Image --turned--> Code; turned = concat(1) >> linear;
                 watch sight: see ~ look by mse; {arrow} {model} minimize back(Goal) by crate::size;
                 minimize (look >> see, join, turned) by crate::size; }}"
            )
        };
        let faults = check(&text(arrows, model)).faults;
        let help = faults[0].fault.help.clone();
        let help = help.unwrap_or_else(|| panic!("{model}: {faults:#?}"));
        assert_eq!(codes(&help), [drawn, defined]);
        accepted(&text(drawn, defined));
    }
    // Several tensors are not handed on one by one, and a power is given one in turn.
    for model in ["model = (see, look) >> three;", "model = see >> join^2;"] {
        let text = format!(
            "pub Joined {{ dyn batch; data Image: [batch, 12]; data Text: [batch, 5];
             Image --see--> Image --look--> Image; see = linear; look = linear;
             Image * Image * Text --three--> Image; three = concat(1) >> linear;
             Image * Text --join--> Image; join = concat(1) >> linear; {model} }}"
        );
        assert_eq!(check(&text).faults[0].fault.help, None, "{model}");
    }
}
