//! The pages of `docs/`: they can be read here, and their code is compiled and run as tests.
//!
//! After [the introduction](introduction), [the language](language) has a page per topic. The other pages
//! describe [training], [what a diagram means](semantics), all [layers], all [losses] and all [errors], and,
//! for contributors, [the architecture](architecture).

/// A module per page.
///
/// A page links to other pages by their files. If a link is defined twice, the first definition counts, so the
/// definitions in `docs/links.md` make the same links lead to these modules. rustdoc counts the lines of a page's
/// doctests from the start of that file.
macro_rules! pages {
    ($($page:ident = $file:literal,)*) => { $(
        #[doc = include_str!("docs/links.md")]
        #[doc = include_str!($file)]
        pub mod $page {}
    )* };
}

#[doc = include_str!("docs/links.md")]
#[doc = include_str!("../docs/language.md")]
pub mod language {
    pages! {
        objects = "../docs/book/objects.md",
        dims = "../docs/book/dims.md",
        constants = "../docs/book/constants.md",
        sizes = "../docs/book/sizes.md",
        hyper_parameters = "../docs/book/hyper_parameters.md",
        arrows = "../docs/book/arrows.md",
        chains = "../docs/book/chains.md",
        residuals = "../docs/book/residuals.md",
        products = "../docs/book/products.md",
        modules = "../docs/book/modules.md",
        functions = "../docs/book/functions.md",
        signatures = "../docs/book/signatures.md",
        slots = "../docs/book/slots.md",
        adapters = "../docs/book/adapters.md",
        averages = "../docs/book/averages.md",
        paths = "../docs/book/paths.md",
        cells = "../docs/book/cells.md",
        learned = "../docs/book/learned.md",
        commutes = "../docs/book/commutes.md",
        generated = "../docs/book/generated.md",
        building = "../docs/book/building.md",
        parameters = "../docs/book/parameters.md",
        loops = "../docs/book/loops.md",
        learner = "../docs/book/learner.md",
        saving = "../docs/book/saving.md",
        plans = "../docs/book/plans.md",
        limits = "../docs/book/limits.md",
    }
}

pages! {
    introduction = "../docs/introduction.md",
    layers = "../docs/layers.md",
    losses = "../docs/losses.md",
    training = "../docs/training.md",
    semantics = "../docs/semantics.md",
    errors = "../docs/errors.md",
    architecture = "../docs/architecture.md",
}
