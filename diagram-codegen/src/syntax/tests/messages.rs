//! Every message of the syntax, by exact text and place, one fault at a time and many in one run.

use std::fmt::Write;

use proc_macro2::TokenStream;

use super::{faults, read, tokens};

/// The one fault of an item in a diagram, as `place | message | notes and help`.
fn fault(item: &str) -> String {
    let text = format!("pub Diagram {{\n{item}\n}}");
    let found = faults(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (place, fault) = &found[0];
    let place = place.strip_prefix("2: ").expect("it stands in the item");
    let mut shown = format!("{place} | {} [{}]", fault.message, fault.code);
    for more in fault.notes.iter().chain(&fault.help) {
        write!(shown, " | {more}").unwrap();
    }
    shown
}

macro_rules! messages {
    ($($name:ident: $item:literal => $message:literal;)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(fault($item), $message);
        }
    )*};
}

messages! {
    an_arrow_half_drawn_on_the_right: "A --f- B;" =>
        "--f- | the arrow `--f-` is only half drawn [D0002] | `A --f--> B`";
    an_arrow_half_drawn_on_the_left: "A -f-> B;" =>
        "-f-> | the arrow `-f->` is only half drawn [D0002] | `A --f--> B`";
    an_arrow_with_a_short_head: "A --f->B;" =>
        "--f-> | the arrow `--f->` is only half drawn [D0002] | `A --f--> B`";
    an_arrow_half_drawn_backwards: "A <-f-- B;" =>
        "<-f-- | the arrow `<-f--` is only half drawn [D0002] | `A <--f-- B`";
    an_arrow_with_two_heads: "A <--f--> B;" =>
        "<--f--> | the arrow `<--f-->` has two heads [D0002] | `A --f--> B`";
    an_arrow_without_a_name: "A --> B;" =>
        "--> | the arrow `-->` has no name [D0002] | `A --name--> B`";
    a_line_without_a_name: "A -- B;" =>
        "-- | the arrow `--` has no name [D0002] | `A --name--> B`";
    an_arrow_to_nothing: "A --f-->;" => "--f--> | the arrow `--f-->` ends in no object [D0002]";
    a_thin_arrow: "A -> B;" =>
        "-> | `->` is no arrow of a diagram: an arrow carries the name of its morphism [D0004] | \
         `A --name--> B`";
    a_thin_arrow_on_both_sides_of_a_name: "A -> f -> B;" =>
        "-> | `->` is no arrow of a diagram: an arrow carries the name of its morphism [D0004] | \
         `A --f--> B`";
    layers_inside_an_arrow: "A --linear(64) >> relu--> B;" =>
        "--linear(64) >> relu | an arrow carries the name of a morphism, and its layers stand in a definition \
         [D0002] | `A --f--> B;` and `f = linear(64) >> relu;`";
    a_thin_arrow_through_objects: "A => B => C;" =>
        "=> | `=>` is no arrow of a diagram: an arrow carries the name of its morphism [D0004] | \
         `A --name--> B`";
    a_thin_arrow_in_a_signature: "f: A -> B;" =>
        "-> | `->` is no arrow of a diagram: an arrow is drawn around the name of its morphism [D0004] | \
         `A --f--> B`";
    a_thin_arrow_in_a_path: "f -> g ~ A;" =>
        "-> | `->` does not compose paths: `>>` does [D0004] | an arrow between objects carries a \
         name: `A --f--> B`";
    a_missing_semicolon_before_an_item: "A: [n] B: [n];" => "] | a `;` is missing after `]` [D0003]";
    a_missing_semicolon_before_a_chain: "A --f--> B B --g--> C;" =>
        "B | a `;` is missing after `B` [D0003]";
    a_missing_semicolon_before_a_definition: "f = linear(3) >> relu g = tanh;" =>
        "relu | a `;` is missing after `relu` [D0003]";
    a_missing_semicolon_after_a_configuration: "f = A: A::new(3) g = tanh;" =>
        ") | a `;` is missing after `)` [D0003]";
    a_missing_semicolon_before_a_word: "f ~ g weight 0.5 data A: B;" =>
        "0.5 | a `;` is missing after `0.5` [D0003]";
    a_missing_semicolon_at_the_end: "f ~ g by mse" => "mse | a `;` is missing after `mse` [D0003]";
    an_empty_item: "dyn n;;" => "; | nothing stands before this `;` [D0001] | remove it";
    an_unclosed_product: "A * --f--> B;" => "* | the product `A *` lacks its last factor [D0011]";
    a_product_without_its_first_factor: "* A --f--> B;" =>
        "* | this product lacks its first factor [D0011]";
    an_unclosed_product_of_layers: "f = linear * >> relu;" =>
        "* | the product `linear *` lacks its last factor [D0011]";
    a_product_at_an_end_written_as_a_tuple: "A --f--> (B, C);" =>
        "(B, C) | a product of objects is written `B * C` [D0001]";
    a_product_written_as_a_tuple: "(A, B) --f--> C;" =>
        "(A, B) | a product of objects is written `A * B` [D0001]";
    equals_for_tilde_in_a_cell: "soft: f = g by kl;" =>
        "= | the ends of a cell are joined by `~`, not `=` [D0005]";
    two_equals_for_tilde: "f == g by kl;" =>
        "== | the ends of a cell are joined by `~`, not `=` [D0005]";
    equals_for_tilde_in_an_unnamed_cell: "f = g by kl;" =>
        "= | the ends of a cell are joined by `~`, not `=` [D0005]";
    equals_for_a_colon: "soft = f ~ g;" =>
        "= | the name of a cell is followed by `:`, not `=` [D0001]";
    a_number_as_a_morphism: "A --2d--> B;" =>
        "2d | `2d` is a number, so it cannot name a morphism [D0007] | start it with a letter: `d2`";
    a_number_as_an_object: "3: [n];" =>
        "3 | `3` is a number, so it cannot name an object [D0007] | start it with a letter: `n3`";
    a_keyword_as_a_morphism: "A --gen--> B;" =>
        "gen | `gen` is a keyword of Rust, so it cannot name a morphism as it stands [D0008] | write \
         it raw wherever it stands: `r#gen`";
    a_keyword_as_a_dim: "dyn type;" =>
        "type | `type` is a keyword of Rust, so it cannot name a dim as it stands [D0008] | write it \
         raw wherever it stands: `r#type`";
    a_keyword_without_a_raw_form: "A --self--> B; self = relu; self ~ C;" =>
        "self | `self` is a keyword of Rust, so it cannot name a morphism [D0008] | choose another name, such \
         as `self_`";
    a_keyword_as_an_extent: "dyn self; A: [self];" =>
        "self | `self` is a keyword of Rust, so it cannot name a dim [D0008] | choose another name, such as \
         `self_`";
    a_reserved_morphism: "A --stop--> B;" =>
        "stop | `stop` is a word of the language, so it cannot name a morphism [D0009] | `stop(path)` \
         lets no gradient through";
    a_reserved_datum: "data again: A;" =>
        "again | `again` is a word of the language, so it cannot name a datum [D0009] | `again(path)` \
         applies its morphisms anew, with new random draws";
    a_reserved_path: "f >> scale ~ g;" =>
        "scale | `scale` is a word of the language, so it cannot name a path [D0009] | `scale(path, k)` \
         scales the gradient and leaves the value";
    two_paths_in_one_stop: "f ~ stop(g, h);" =>
        "h | `stop` takes one path [D0001] | `stop(path)` lets no gradient through";
    a_clause_given_twice: "f ~ g by mse weight 2 by l1;" =>
        "by | `by` is given twice to one cell [D0010]";
    a_misspelt_clause: "f ~ g weigth 2;" =>
        "weigth | expected `;` after `g`, found `weigth` [D0001] | did you mean `weight`?";
    an_argument_in_percent: "f = dropout(50%);" =>
        "50% | a number is given as a fraction, not in percent [D0001] | `0.5`";
    a_named_argument_in_percent: "f = ema(g, decay = 99.9%);" =>
        "99.9% | a number is given as a fraction, not in percent [D0001] | `0.999`";
    a_weight_in_percent: "f ~ g weight 30% by mse;" =>
        "30% | a number is given as a fraction, not in percent [D0001] | `0.3`";
    a_misspelt_word: "dat A: B;" => "dat | `dat A` starts no item [D0001] | did you mean `data`?";
    a_misspelt_word_in_an_objective: "objective o train f minimizes a;" =>
        "train | expected `trains` after the name of an objective, found `train` [D0001] | did you \
         mean `trains`?";
    a_weight_by_multiplication: "f ~ g by mse * 0.5;" =>
        "* | expected `;` after `mse`, found `*` [D0001] | did you mean `weight 0.5`?";
    a_weight_in_front: "0.5 * f ~ g by mse;" =>
        "* | expected `~` and a second path after `0.5`, found `*` [D0001] | a weight stands after its \
         cell: `weight 0.5`";
    a_sum_of_cells: "f ~ g by mse + f ~ h by l1;" =>
        "+ | expected `;` after `mse`, found `+` [D0001] | end the cell here with `;`: the loss is the sum \
         of all cells";
    rust_in_a_diagram: "let f = linear;" =>
        "let | `let` is Rust, and starts no item of a diagram [D0001] | leave `let` out";
    a_foreign_token: "@ f;" => "@ | expected a path, found `@` [D0001]";
    a_foreign_token_after_an_item: "f = relu > tanh;" =>
        "> | layers are joined by `>>`, not `>` [D0001] | `relu >> tanh`";
    a_dim_that_breaks_off: "A: [2 * ];" => "* | expected a dim, but nothing follows [D0001]";
    a_misspelt_kind: "A: int[n];" => "int | there is no element kind `int` [D0001] | did you mean `Int`?";
    a_misspelt_kind_of_a_datum: "data A: Integer[n];" =>
        "Integer | there is no element kind `Integer` [D0001] | did you mean `Int`?";
    a_datum_without_its_word: "Label: Class;" =>
        "Label: Class | `Label: Class` is neither an object nor a cell [D0001] | a value of an object \
         is a datum: `data Label: Class;`";
    data_declared_in_one_item: "data A: [n], B: [n];" =>
        ", | expected `;` after `]`, found `,` [D0001] | end it with `;`: what follows is an item of its own";
    objects_declared_together: "A, B: [n];" =>
        "A | each object is declared by itself [D0001] | `A: [n]; B: [n];`";
    a_layer_by_its_type: "f = Conv2d(3) >> relu;" =>
        "Conv2d | `Conv2d` is a type, and layers are written in snake case [D0001] | did you mean \
         `conv2d`?";
    a_module_in_a_chain: "f = Teacher<10> >> relu;" =>
        "Teacher<10> | the module `Teacher<10>` cannot stand in a chain of layers [D0001] | draw it, \
         and what stands around it, as morphisms of their own, and compose those";
    rust_in_a_path: "crate::f ~ g;" =>
        "crate | a path is made of the diagram's own names [D0001] | give the function a name: `f = fn \
         path::to::function;`";
    a_fact_with_one_equals: "where n % 2 = 0;" =>
        "= | expected `==` or `>=` between two dims, found `=` [D0001] | `n % 2 == 0`";
    a_fact_that_is_greater: "where n > 2 * m;" =>
        "> | expected `==` or `>=` between two dims, found `>` [D0001] | `n >= 2 * m + 1`";
    a_fact_that_is_less: "where n < m;" =>
        "< | expected `==` or `>=` between two dims, found `<` [D0001] | `m >= n + 1`";
    a_fact_that_is_at_most: "where n <= m;" =>
        "<= | expected `==` or `>=` between two dims, found `<=` [D0001] | `m >= n`";
    a_fact_that_is_not: "where n != m;" =>
        "!= | expected `==` or `>=` between two dims, found `!=` [D0001]";
    an_arrow_of_tildes: "A ~f~> B;" =>
        "~f~> | an arrow is drawn by dashes around its name, not by `~f~>` [D0002] | `A --f--> B`";
    an_arrow_of_a_bar: "A |-> B;" =>
        "|-> | an arrow is drawn by dashes around its name, not by `|->` [D0002] | `A --name--> B`";
    an_arrow_around_brackets: "A --[f]--> B;" =>
        "--[f]--> | the name of a morphism is one word, without `-`, brackets and quotes [D0002] | \
         `A --f--> B`";
    an_arrow_around_text: "A --\"f\"--> B;" =>
        "--\"f\"--> | the name of a morphism is one word, without `-`, brackets and quotes [D0002] | \
         `A --f--> B`";
    an_arrow_around_two_words: "A --my f--> B;" =>
        "--my f | the name of a morphism is one word [D0002]";
    an_arrow_from_nothing: "--f--> B;" =>
        "- | this arrow starts at no object [D0002] | `Image --f--> Logits;`";
    a_product_with_a_comma: "A, B --f--> C;" =>
        "A, B | a product of objects is written `A * B` [D0001]";
    dims_joined_by_x: "A: [n x 10];" => "x | dims are separated by `,`, not `x` [D0001]";
    dims_joined_by_semicolons: "A: [n; 10];" => "; | dims are separated by `,`, not `;` [D0001]";
    dims_not_joined: "A: [n 10];" => "10 | expected `,` between dims, found `10` [D0001]";
    a_dim_as_text: "A: [\"n\", 10];" =>
        "\"n\" | expected a dim, found `\"n\"` [D0001] | a dim is named without quotes";
    a_typed_dim: "dyn n: usize;" =>
        ": usize | a dynamic dim has no type [D0001] | leave `: usize` out";
    a_datum_by_equals: "data A = Int[n];" =>
        "= | the name of a datum is followed by `:`, not `=` [D0001]";
    a_definition_by_a_colon: "f: linear(64) >> relu;" =>
        "f | a definition is written by `=`, not `:` [D0001]";
    layers_joined_by_commas: "f = linear, relu;" =>
        ", | layers are joined by `>>`, not `,` [D0001] | `linear >> relu`";
    layers_in_a_list: "f = [linear(3), relu];" =>
        "[ | expected a definition: layers, a module's type, `fn`, a closure or `_`, found `[` \
         [D0001] | join layers by `>>`, without brackets: `linear(3) >> relu`";
    layers_that_are_added: "f = linear(3) + relu;" =>
        "+ | what layers give is added by `add`, not by `+` [D0001] | `(linear(3), relu) >> add`";
    layers_that_are_multiplied: "f = linear(8) * 3 >> relu;" =>
        "* | layers are repeated by `repeat`, not by `*` [D0001] | `repeat(3, linear(8))`";
    a_module_that_is_built: "f = frozen nets::Teacher::new(3);" =>
        "nets::Teacher::new(3) | a morphism names the type of a module, and this builds one [D0001] | \
         `nets::Teacher`; the module itself is passed to `init`";
    frozen_before_a_name: "frozen f = linear(3);" =>
        "= | `frozen` stands before a definition, after `=` [D0001] | `f = frozen linear(3);`";
    layers_joined_by_nothing: "f = linear(64) relu;" =>
        "relu | layers are joined by `>>` [D0001] | `linear(64) >> relu`";
    layers_as_methods: "f = linear(64).relu();" =>
        ". | layers are joined by `>>`, not `.` [D0001] | `linear(64) >> relu()`";
    a_layer_behind_its_library: "f = nn.Linear(64) >> relu;" =>
        "nn.Linear | `nn.Linear` is a path, and layers are written by their name alone [D0001] | did \
         you mean `linear`?";
    an_argument_by_a_colon: "f = linear(64, bias: false);" =>
        ": | an argument is given by `=`, not `:` [D0001]";
    a_cell_by_vs: "fit: f vs A by mse;" =>
        "vs | the ends of a cell are joined by `~`, not `vs` [D0001]";
    a_cell_by_a_comma: "fit: f, A by mse;" =>
        ", | the ends of a cell are joined by `~`, not `,` [D0001]";
    a_cell_by_two_signs: "f ~= A by mse;" =>
        "= | the ends of a cell are joined by one `~` [D0001]";
    a_loss_behind_another_word: "f ~ A using mse;" =>
        "using | expected `;` after `A`, found `using` [D0001] | did you mean `by`?";
    a_weight_left_out: "f ~ A weight;" =>
        "; | expected a weight, found `;` [D0001] | `weight 0.5`, a constant, or a hyper-parameter of \
         type `f64`";
    a_path_from_self: "self.f ~ A;" =>
        "self | a path is made of the diagram's own names, without `self` [D0001]";
    an_unnamed_watch: "watch f ~ g by accuracy;" =>
        "~ | a watched cell has a name [D0001] | `watch accuracy: model ~ Label by accuracy;`";
}

#[test]
fn headers_have_messages_of_their_own() {
    let first = |text: &str| {
        let (place, fault) = faults(text).remove(0);
        format!("{place} | {} [{}]", fault.message, fault.code)
    };
    assert_eq!(
        first("pub Empty {}"),
        "1: Empty | the diagram `Empty` has no items [D0006]"
    );
    assert_eq!(
        first("pub D(hidden) { dyn n; }"),
        "1: hidden | the hyper-parameter `hidden` needs a type [D0001]"
    );
    assert_eq!(
        first("pub D(hidden usize = 3) { dyn n; }"),
        "1: usize | the type of `hidden` stands after `:` [D0001]"
    );
    assert_eq!(
        first("pub struct D { dyn n; }"),
        "1: struct | a diagram starts with its name, not with `struct` [D0001]"
    );
    assert_eq!(
        first("A: [n];"),
        "1: : | expected `{` and the items of `A`, found `:` [D0001]"
    );
    assert_eq!(
        read(TokenStream::new()).1.faults()[0].1.message,
        "there is no diagram here"
    );
}

#[test]
fn every_fault_of_a_diagram_is_reported_in_source_order() {
    let text = "pub D(hidden: usize = 3, rate) {
    dyn batch
    data Image: [batch, , 8];
    Logits: [batch, 10]
    Image --f- Logits <--gen-- Image --g--> Logits;
    f = flatten >> >> linear;
    fit: f = Image by mse by l1;
    Logits --h--> Image;
}
pub Broken: { A --i-> B; }
pub Next { dyn n; }";
    let found: Vec<String> = faults(text)
        .iter()
        .map(|(place, fault)| format!("{place} {}", fault.code))
        .collect();
    let expected = [
        "1: rate D0001",
        "2: batch D0003",
        "3: , D0001",
        "4: ] D0003",
        "5: --f- D0002",
        "5: gen D0008",
        "6: >> D0001",
        "7: = D0005",
        "7: by D0010",
        "10: : D0001",
        "10: --i-> D0002",
    ];
    assert_eq!(found, expected);

    let (diagrams, _) = read(tokens(text));
    let names: Vec<String> = diagrams
        .iter()
        .map(|diagram| diagram.name.to_string())
        .collect();
    assert_eq!(names, ["D", "Broken", "Next"]);
    assert_eq!(diagrams[0].hypers.len(), 2);
    let printed: Vec<String> = diagrams[0]
        .items
        .iter()
        .map(|item| item.kind.to_string())
        .collect();
    let invalid = "/* could not be read */";
    let expected = [
        "dyn batch",
        invalid,
        "Logits: [batch, 10]",
        "Image --f--> Logits <--r#gen-- Image --g--> Logits",
        invalid,
        "fit: f ~ Image by mse",
        "Logits --h--> Image",
    ];
    assert_eq!(printed, expected);
}

#[test]
fn a_broken_header_loses_no_diagram_after_it() {
    let (diagrams, diagnostics) = read(tokens(
        "pub { dyn n; } pub A pub B { dyn n; } #[x] C { dyn n; }",
    ));
    let names: Vec<String> = diagrams
        .iter()
        .map(|diagram| diagram.name.to_string())
        .collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(diagnostics.faults().len(), 2);
}
