//! `#[signature]`: the constant that it adds to an item, and what can be wrong with it.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use quote::ToTokens;

const IMPL: &str = "impl Teacher {
    const WIDTH: usize = 12;
    /// Reads.
    pub fn read(&self) -> Wrapper<{ 2 }> { todo!() }
    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> { self.0.forward(image) }
}";

const METHOD: &str = "pub fn answer(&self, image: Tensor<4>, question: burn::tensor::Tensor<2, Int>) -> \
     (Tensor<2>, Tensor<1, Bool>) { todo!() }";

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("tokens")
}

fn expanded(arguments: &str, item: &str) -> String {
    diagram_codegen::signature(tokens(arguments), tokens(item)).to_string()
}

/// The messages of the compile errors, where the item is as it was.
fn said(arguments: &str, item: &str) -> Vec<String> {
    let expanded = expanded(arguments, item);
    let item = tokens(item).to_string();
    let rest = expanded.strip_prefix(&item).expect("the item as it was");
    let errors: syn::File = syn::parse_str(rest).expect("errors");
    let text = |item| match item {
        syn::Item::Macro(item) => item
            .mac
            .parse_body::<syn::LitStr>()
            .expect("a text")
            .value(),
        _ => panic!("an item that is no error: {rest}"),
    };
    errors.items.into_iter().map(text).collect()
}

fn said_once(arguments: &str, item: &str) -> String {
    match said(arguments, item).as_slice() {
        [one] => one.clone(),
        several => panic!("one error, not {several:#?}"),
    }
}

#[test]
fn an_impl_gets_a_constant_as_visible_as_its_forward() {
    let expanded = expanded("[b, 1, 8, 8] -> [b, 2 * Self::WIDTH]", IMPL);
    let item: syn::ItemImpl = syn::parse_str(&expanded).expect("an impl");
    let [
        ..,
        syn::ImplItem::Fn(forward),
        syn::ImplItem::Const(constant),
    ] = &item.items[..]
    else {
        panic!("a constant after the methods: {expanded}");
    };
    assert_eq!(constant.ident, "__signature_forward");
    let text = |piece: &dyn ToTokens| piece.to_token_stream().to_string();
    assert_eq!(text(&constant.vis), text(&forward.vis));
    let value = text(&constant.expr);
    let meant = quote::quote! {
        ::core::option::Option::Some((
            true,
            "[b, 1, 8, 8] -> [b, 2 * Self::WIDTH]",
            &["b"],
            [
                &[('F', &[("`b`", &[('s', 0)]), ("1", &[('n', 1)]), ("8", &[('n', 8)]), ("8", &[('n', 8)])])],
                &[('F', &[("`b`", &[('s', 0)]), ("`2 * Self::WIDTH`", &[('*', 0), ('n', 2), ('n', Self::WIDTH)])])]
            ]
        ))
    };
    assert_eq!(value, meant.to_string());
}

#[test]
fn a_method_gets_a_constant_beside_it() {
    let signature = "[b, c, h, w] * Int[b, n] -> [b, N] * Bool[b]";
    let expanded = expanded(signature, METHOD);
    let rest = expanded
        .strip_prefix(&tokens(METHOD).to_string())
        .expect("the method");
    let constant: syn::ImplItemConst = syn::parse_str(rest).expect("a constant");
    assert_eq!(constant.ident, "__signature_answer");
    assert!(
        rest.contains(signature) && rest.contains("('n' , N)"),
        "{rest}"
    );
    for unread in [
        "fn f(&self, x: Image) -> Tensor<2> {}",
        "fn f<const D: usize>(&self, x: Tensor<D>) -> Tensor<2> {}",
        "fn f(self, x: Tensor<2, K>) -> Pair {}",
    ] {
        let expanded = diagram_codegen::signature(tokens("[b, n] -> [b, m]"), tokens(unread));
        let expanded = expanded.to_string();
        assert!(expanded.contains("Some ((false ,"), "{expanded}");
    }
}

#[test]
fn an_impl_of_what_fills_a_slot_gets_the_constant_of_the_trait() {
    let item = "impl<F: Fn() -> u8> dg::Map<(Tensor<4>, Tensor<2, Int>)> for Answering<F> {
        type Output = Tensor<2>;
        fn apply(&self, (image, question): (Tensor<4>, Tensor<2, Int>)) -> Tensor<2> { todo!() }
    }";
    let expanded = expanded("[b, c, h, w] * Int[b, n] -> [b, n]", item);
    let item: syn::ItemImpl = syn::parse_str(&expanded).expect("an impl");
    let [.., syn::ImplItem::Const(constant)] = &item.items[..] else {
        panic!("a constant after the method: {expanded}");
    };
    assert_eq!(constant.ident, "SIGNATURE");
    assert!(matches!(constant.vis, syn::Visibility::Inherited));
    let taken = "impl Map<(Tensor<4>, Tensor<2>)> for Answering {
        fn apply(&self, pair: (Tensor<4>, Tensor<2>)) -> Self::Output { todo!() }
    }";
    assert_eq!(
        said_once("[b, c, h, w] -> [b, n]", taken),
        "`apply` is stated to take 1 tensor, but takes 2 [D0320]"
    );
}

#[test]
fn what_is_written_awry_is_said_at_its_token() {
    let help =
        "\n\n  = help: a signature says what is taken and what is given: `[b, 1, 8, 8] -> [b, 10]`";
    let cases = [
        (
            "",
            format!("expected a shape such as `[b, 10]`, but nothing follows [D0001]{help}"),
        ),
        (
            "[b, 4]",
            format!("expected `->` and what is given, but nothing follows [D0001]{help}"),
        ),
        (
            "[b, 4] --> [b]",
            format!("expected `->` and what is given, found `-->` [D0001]{help}"),
        ),
        (
            "[b] -> [b], [b]",
            format!("expected the end of the signature, found `,` [D0001]{help}"),
        ),
        (
            "int[b] -> [b]",
            "there is no element kind `int` [D0001]\n\n  = help: did you mean `Int`?".to_owned(),
        ),
        (
            "[_, 4] -> [b]",
            "expected a dim, found `_` [D0001]\n\n  = help: a size that varies has a name: `batch`"
                .to_owned(),
        ),
        (
            "[b] -> ()",
            "a shape has at least one axis [D0001]".to_owned(),
        ),
        (
            "[b, h / 0] -> [b, h]",
            "an axis cannot have the extent `h / 0`: it divides by 0 [D0205]".to_owned(),
        ),
        (
            "[b, 0] -> [b]",
            "an axis cannot have the extent 0: every extent is at least 1 [D0203]".to_owned(),
        ),
        (
            "[b, 2.5] -> [b]",
            "`2.5` is no extent of an axis: a whole number is expected [D0205]".to_owned(),
        ),
        (
            "[b, 2 * h] -> [b, 3 * h]",
            "`h` stands alone on no axis, so nothing binds it [D0201]".to_owned(),
        ),
    ];
    for (signature, text) in cases {
        let found = said(signature, "fn f(&self, x: Unread) -> Unread {}");
        assert!(found.contains(&text), "{signature}: {found:#?}");
    }
}

#[test]
fn a_signature_must_be_of_a_method_that_is_there() {
    let impl_of = |method: &str| format!("impl A {{ {method} }}");
    let cases = [
        (
            impl_of("fn foward(&self) {}"),
            "a signature above an `impl` is of its `forward`, and there is none here [D0320]\n\n  \
             = help: `foward` is almost `forward`: rename it",
        ),
        (
            impl_of("fn encode(&self) {}"),
            "a signature above an `impl` is of its `forward`, and there is none here [D0320]\n\n  \
             = help: write that of another method above the method",
        ),
        (
            "impl<F: for<'a> Fn(&'a u8)> Forward for A<F> { fn forward(&self) {} }".to_owned(),
            "this `impl` is of a trait, and a signature is stated of a type itself, or of its `Map` [D0320]",
        ),
        (
            "impl Map<Tensor<4>> for Flat { fn forward(&self) {} }".to_owned(),
            "a signature above an `impl` is of its `apply`, and there is none here [D0320]",
        ),
        (
            "fn forward(&self, x: Tensor<1>) -> Tensor<1> { x }".to_owned(),
            "the signature of `forward` stands above its `impl` [D0320]\n\n  \
             = help: move it up, before `impl`",
        ),
        (
            "fn load(x: Tensor<1>) -> Tensor<1> { x }".to_owned(),
            "`load` takes no `self`, so it is no map that a module is [D0320]",
        ),
        (
            "struct A;".to_owned(),
            "a signature is stated of an `impl` or of a method, and this is neither [D0320]",
        ),
    ];
    for (item, text) in cases {
        assert_eq!(said_once("[b] -> [b]", &item), text, "{item}");
    }
    let generic = "impl<F: for<'a> Fn(&'a u8)> A<F> { fn forward(&self, x: X) -> Y {} }";
    assert!(expanded("[b] -> [b]", generic).contains("__signature_forward"));
}

#[test]
fn a_signature_must_have_the_types_of_its_method() {
    let cases = [
        (
            "[b, 8, 8] * Int[b, n] -> [b, 10] * Bool[b]",
            "`answer` is stated to take [b, 8, 8] of rank 3, but takes `Tensor<4>` [D0320]",
        ),
        (
            "[b, c, h, w] * [b, n] -> [b, 10] * Bool[b]",
            "`answer` is stated to take [b, n], but takes `burn::tensor::Tensor<2, Int>` of kind Int \
             [D0320]\n\n  = help: write the kind: `Int[b, n]`",
        ),
        (
            "[b, c, h, w] -> [b, 10] * Bool[b]",
            "`answer` is stated to take 1 tensor, but takes 2 [D0320]",
        ),
        (
            "[b, c, h, w] * Int[b, n] -> [b, 10]",
            "`answer` is stated to give 1 tensor, but gives 2 [D0320]",
        ),
        (
            "[b, c, h, w] * Int[b, n] -> [b, 10] * Bool[b, 10]",
            "`answer` is stated to give Bool[b, 10] of rank 2, but gives `Tensor<1, Bool>` [D0320]",
        ),
    ];
    for (signature, text) in cases {
        assert_eq!(said_once(signature, METHOD), text, "{signature}");
    }
    let all = said("[b] * [b, n] -> [b]", METHOD);
    assert_eq!(all.len(), 3, "{all:#?}");
}

proptest! {
    #[test]
    fn no_tokens_make_it_panic(
        arguments in proptest::collection::vec(
            prop::sample::select(vec!["[b]", "[", "]", "->", "*", "Int", "b", "8", "/", "0", "()", "Self::W", ","]),
            0..12,
        ),
        item in proptest::collection::vec(
            prop::sample::select(vec!["impl", "A", "fn", "forward", "(&self)", "{ }", "for", "<", ">", ";", "#[a]"]),
            0..12,
        ),
    ) {
        if let (Ok(arguments), Ok(item)) = (arguments.join(" ").parse(), item.join(" ").parse()) {
            let _: TokenStream = diagram_codegen::signature(arguments, item);
        }
    }
}
