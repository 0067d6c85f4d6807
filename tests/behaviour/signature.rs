//! Modules that state their signatures: where these agree with the drawing, nothing changes.

#![expect(
    clippy::unused_self,
    reason = "a map that a module is takes it, read or not"
)]

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use diagrammatic::{diagram, signature};

use crate::common::{BATCH, device, random};

const SIDE: usize = 4;

/// Patches of an image, `WIDTH` numbers each.
#[derive(Module, Debug)]
pub(crate) struct Patches<const WIDTH: usize> {
    linear: Linear,
}

#[signature([b, 1, h, w] -> [b, (h / SIDE) * (w / SIDE), Self::DOUBLE])]
impl<const WIDTH: usize> Patches<WIDTH> {
    const DOUBLE: usize = 2 * WIDTH;

    pub(crate) fn new() -> Self {
        Patches {
            linear: LinearConfig::new(SIDE * SIDE, Self::DOUBLE).init(&device()),
        }
    }

    #[signature([b, c, h, w] -> [b, h / SIDE * (w / SIDE), SIDE * SIDE * c])]
    fn squares(&self, image: Tensor<4>) -> Tensor<3> {
        let [b, c, h, w] = image.dims();
        let (rows, columns) = (h / SIDE, w / SIDE);
        let grid: Tensor<6> = image.reshape([b, c, rows, SIDE, columns, SIDE]);
        let grid = grid.permute([0, 2, 4, 1, 3, 5]);
        grid.reshape([b, rows * columns, SIDE * SIDE * c])
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<3> {
        self.linear.forward(self.squares(image))
    }
}

/// A table of a width that only its value knows.
#[derive(Module, Debug)]
pub(crate) struct Table {
    linear: Linear,
}

type Numbers = Tensor<2>;

#[signature([b, n] -> [b, width])]
impl Table {
    pub(crate) fn forward(&self, x: Numbers) -> Numbers {
        self.linear.forward(x)
    }

    /// It is only at a width of more than a million that the signature differs from the drawing.
    #[signature([b, n] -> [b, n % 1_000_003])]
    pub(crate) fn narrow(&self, x: Tensor<2>) -> Tensor<2> {
        let [_, n] = x.dims();
        x.narrow(1, 0, n - 1)
    }

    /// States nothing.
    pub(crate) fn pair(&self, x: Tensor<2>) -> Tensor<2> {
        Tensor::cat(vec![x.clone(), x], 1)
    }
}

diagram! {
    pub(crate) Reading(width: usize = 3) {
        dyn batch, rows, columns;
        where rows % 4 == 0, columns % 4 == 0, columns >= 8;

        data Image: [batch, 1, rows, columns];
        Patch: [batch, rows * columns / 16, 10];
        Square: [batch, rows / 4 * (columns / 4), 16];

        Image --patches--> Patch;
        Image --squares--> Square;

        patches = Patches<5>;
        squares = patches.squares;
    }

    pub(crate) Looking(width: usize = 3) {
        dyn batch, wide;

        data Row: [batch, 2 * width];
        data Open: [batch, wide];
        Code: [batch, width];
        Pair: [batch, 4 * width];

        Row --table--> Code;
        Row --pair--> Pair;
        Open --narrow--> Open;

        table = Table: table(width);
        pair = table.pair;
        narrow = table.narrow;
    }

    /// A fact that has no solution is kept at every value that is compared.
    pub(crate) Tiling {
        dyn rows, columns, tiles, size;
        where rows * columns == tiles * size;

        data Image: [rows, columns];
        data Tile: [tiles, size];
        Flat: [tiles * size];

        Image --lay--> Flat;
        Tile --line--> Flat;

        lay = Flatten;
        line = Flatten;

        lay ~ line;
    }
}

/// The answer to a question about an image, and how sure it is.
#[derive(Module, Debug)]
pub(crate) struct Answerer {
    linear: Linear,
}

#[signature([b, 1, h, w] * Int[b, n] * Bool[b, n] -> [b, h * w] * [b])]
impl Answerer {
    pub(crate) fn forward(
        &self,
        image: Tensor<4>,
        question: Tensor<2, Int>,
        asked: Tensor<2, Bool>,
    ) -> (Tensor<2>, Tensor<1>) {
        let asked: Tensor<1, Int> = (question * asked.int()).sum_dim(1).squeeze_dim(1);
        (self.linear.forward(image.flatten(1, 3)), asked.float())
    }
}

diagram! {
    pub(crate) Answering {
        dyn batch, words;

        data Image: [batch, 1, 4, 4];
        data Question: Int[batch, words];
        data Asked: Bool[batch, words];
        Answer: [batch, 16];
        Sure: [batch];

        Image * Question * Asked --answer--> Answer * Sure;

        answer = Answerer;
    }
}

/// All numbers in one row.
#[derive(Module, Debug)]
pub(crate) struct Flatten {}

#[signature([h, w] -> [h * w])]
impl Flatten {
    pub(crate) fn forward(&self, image: Tensor<2>) -> Tensor<1> {
        image.flatten(0, 1)
    }
}

struct TableConfig(usize);

fn table(width: usize) -> TableConfig {
    TableConfig(width)
}

impl TableConfig {
    fn init(&self, device: &Device) -> Table {
        let linear = LinearConfig::new(2 * self.0, self.0).init(device);
        Table { linear }
    }
}

#[test]
fn signatures_may_have_constants_and_facts() {
    let patches = Patches::new();
    let model = ReadingConfig::new().init(ReadingModules { patches }, &device());
    let image = random([BATCH, 1, 8, 12]);
    assert_eq!(model.patches(image.clone()).dims(), [BATCH, 6, 10]);
    assert_eq!(model.squares(image).dims(), [BATCH, 6, 16]);
}

#[test]
fn a_size_of_the_modules_own_is_what_is_drawn() {
    let model = LookingConfig::new().init(&device());
    let row = random([BATCH, 6]);
    assert_eq!(model.table(row.clone()).dims(), [BATCH, 3]);
    assert_eq!(model.pair(row).dims(), [BATCH, 12]);
}

#[test]
#[should_panic(
    expected = "`narrow` ends in `Open`: axis 1 is `wide` = 6, but its module gives 5 [D0802]"
)]
fn what_no_grid_decides_is_checked_at_the_call() {
    let model = LookingConfig::new().init(&device());
    let _ = model.narrow(random([BATCH, 6]));
}

#[test]
fn products_are_compared_factor_by_factor() {
    let linear = LinearConfig::new(16, 16).init(&device());
    let answer = Answerer { linear };
    let model = AnsweringConfig::new().init(AnsweringModules { answer }, &device());
    let question = Tensor::from_data([[1, 2, 3], [4, 5, 6]], &device());
    let asked = Tensor::from_data([[true, false, true], [false, false, true]], &device());
    let (answer, sure) = model.answer(random([2, 1, 4, 4]), question, asked);
    assert_eq!(answer.dims(), [2, 16]);
    assert_eq!(
        sure.into_data(),
        Tensor::<1>::from_data([4.0, 6.0], &device()).into_data()
    );
}

#[test]
fn facts_make_dims_equal() {
    let modules = TilingModules {
        lay: Flatten {},
        line: Flatten {},
    };
    let model = TilingConfig::new().init(modules, &device());
    let image = random([4, 6]);
    let tile = image.clone().reshape([3, 8]);
    let loss = model.loss(TilingBatch { image, tile });
    let zero = Tensor::<1>::zeros([1], &device());
    assert_eq!(loss.total.into_data(), zero.into_data());
}

#[test]
fn a_signature_may_stand_in_a_function() {
    #[derive(Module, Debug)]
    struct Twice {
        #[module(skip)]
        times: usize,
    }

    #[signature([b, n] -> [b, 2 * n])]
    impl Twice {
        fn forward(&self, x: Tensor<2>) -> Tensor<2> {
            Tensor::cat(vec![x; self.times], 1)
        }
    }

    diagram! {
        Doubling {
            dyn batch, n;
            data X: [batch, n];
            Y: [batch, n + n];
            X --twice--> Y;
            twice = Twice;
        }
    }

    let twice = Twice { times: 2 };
    let model = DoublingConfig::new().init(DoublingModules { twice }, &device());
    assert_eq!(model.twice(random([BATCH, 3])).dims(), [BATCH, 6]);
}

/// As many numbers as `Patches<5>` gives.
const TEN: usize = 10;

diagram! {
    /// Constants and const generics on both sides.
    pub(crate) Sized<const WIDE: usize> {
        dyn batch, rows;
        where rows % SIDE == 0;

        data Image: [batch, 1, rows, SIDE];
        Patch: [batch, rows / SIDE, TEN];
        Wide: [batch, rows / SIDE, 2 * WIDE];

        Image --narrow--> Patch;
        Image --wide--> Wide;
        narrow = Patches<5>;
        wide = Patches<WIDE>;
    }
}

#[test]
fn constants_have_their_values_on_both_sides() {
    let modules = SizedModules {
        narrow: Patches::new(),
        wide: Patches::new(),
    };
    let model: Sized<3> = SizedConfig::new().init(modules, &device());
    assert_eq!(
        model.narrow(random([BATCH, 1, 8, 4])).dims(),
        [BATCH, 2, TEN]
    );
    assert_eq!(model.wide(random([BATCH, 1, 8, 4])).dims(), [BATCH, 2, 6]);
}
