//! Images of one or two digits, and what is said of them.

use std::fmt::{self, Display, Formatter};

use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use super::setting::digits::{self, CLASSES, Digit};

/// The side of an image, in pixels.
pub(crate) const SIDE: usize = 20;
/// An image has two rows and two columns of places for a digit, so far apart in pixels.
const CELL: usize = SIDE / 2;
/// How far a digit may lie from its place.
const SLACK: usize = CELL - digits::SIDE;

/// Every word, of which the first ends a caption and stands before one.
pub(crate) const WORDS: [&str; 16] = [
    ".", "a", "an", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "left", "above", "of",
];
pub(crate) const STOP: u8 = 0;
/// Where the words for digits begin.
const ZERO: u8 = 3;

/// How the first digit lies to the second, and whether the second is in another row and column.
const RELATIONS: [(&str, [bool; 2]); 2] = [("left of", [false, true]), ("above", [true, false])];

/// A caption, as places in `WORDS`, with the stop at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caption(pub(crate) Vec<u8>);

impl Caption {
    /// The words of the longest there is, such as "a three left of a seven .".
    pub(crate) const LONGEST: usize = 7;

    /// What was said, up to the first stop.
    pub(crate) fn until_stop(words: &[u8]) -> Self {
        let end = words.iter().position(|&word| word == STOP);
        Self(words[..end.map_or(words.len(), |stop| stop + 1)].to_vec())
    }

    fn of_one(class: u8) -> Self {
        Self::of(&format!("{} .", a(class)))
    }

    fn of_two(one: u8, relation: &str, other: u8) -> Self {
        Self::of(&format!("{} {relation} {} .", a(one), a(other)))
    }

    fn of(text: &str) -> Self {
        let place = |word| {
            let found = (0..).zip(WORDS).find(|&(_, known)| known == word);
            found.expect("captions are made of known words").0
        };
        Self(text.split(' ').map(place).collect())
    }

    /// Every caption there can be.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let pairs = (0..CLASSES).flat_map(|one| (0..CLASSES).map(move |other| (one, other)));
        let of_two = pairs.flat_map(|(one, other)| {
            RELATIONS.map(|(relation, _)| Self::of_two(one, relation, other))
        });
        (0..CLASSES).map(Self::of_one).chain(of_two)
    }

    /// Which words occur.
    pub(crate) fn bag(&self) -> [bool; WORDS.len()] {
        std::array::from_fn(|word| self.0.iter().any(|&said| usize::from(said) == word))
    }
}

impl Display for Caption {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self
            .0
            .iter()
            .map(|&word| WORDS[usize::from(word)])
            .collect();
        formatter.pad(&words.join(" "))
    }
}

/// A digit with its article.
fn a(class: u8) -> String {
    let article = if class == 8 { "an" } else { "a" };
    format!("{article} {}", WORDS[usize::from(ZERO + class)])
}

/// Digits at rows and columns, and the caption.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    placed: Vec<(Digit, [usize; 2])>,
    pub(crate) caption: Caption,
}

impl Scene {
    fn of_one(digit: &Digit, random: &mut StdRng) -> Self {
        let at = [(); 2].map(|()| along(false, random)[0]);
        Self {
            caption: Caption::of_one(digit.class),
            placed: vec![(digit.clone(), at)],
        }
    }

    fn of_two([one, other]: [&Digit; 2], random: &mut StdRng) -> Self {
        let &(relation, apart) = RELATIONS.choose(random).expect("there are relations");
        let [rows, columns] = apart.map(|apart| along(apart, random));
        Self {
            caption: Caption::of_two(one.class, relation, other.class),
            placed: vec![
                (one.clone(), [rows[0], columns[0]]),
                (other.clone(), [rows[1], columns[1]]),
            ],
        }
    }

    /// The pixels, row by row.
    pub(crate) fn pixels(&self) -> Vec<f32> {
        let mut pixels = vec![0.0; SIDE * SIDE];
        for (digit, [row, column]) in &self.placed {
            for (below, line) in digit.pixels.chunks(digits::SIDE).enumerate() {
                let start = (row + below) * SIDE + column;
                pixels[start..start + digits::SIDE].copy_from_slice(line);
            }
        }
        pixels
    }
}

/// Where two digits begin on an axis on which they are apart, or not.
fn along(apart: bool, random: &mut StdRng) -> [usize; 2] {
    let places = if apart {
        [0, CELL]
    } else {
        [CELL * random.random_range(0..=1); 2]
    };
    places.map(|place| place + random.random_range(0..=SLACK))
}

/// Draws scenes. Each digit belongs to two pairs that are never shown together in training, in neither order.
pub(crate) struct Drawing {
    random: StdRng,
    apart: Vec<[u8; 2]>,
}

impl Drawing {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut round: Vec<u8> = (0..CLASSES).collect();
        round.shuffle(&mut random);
        let next = round.iter().cycle().skip(1);
        let apart = round.iter().zip(next).map(|(&one, &other)| [one, other]);
        Self {
            apart: apart.collect(),
            random,
        }
    }

    /// Scenes of one digit, and of two that may be shown together: as many of each relation.
    pub(crate) fn usual(&mut self, digits: &[Digit], count: usize) -> Vec<Scene> {
        let scene = |_| {
            if self.random.random_range(0..=RELATIONS.len()) == 0 {
                return Scene::of_one(self.digit(digits), &mut self.random);
            }
            self.pair(digits, false)
        };
        (0..count).map(scene).collect()
    }

    /// Scenes of the pairs that are kept apart.
    pub(crate) fn unseen(&mut self, digits: &[Digit], count: usize) -> Vec<Scene> {
        (0..count).map(|_| self.pair(digits, true)).collect()
    }

    fn pair(&mut self, digits: &[Digit], apart: bool) -> Scene {
        loop {
            let pair = [(); 2].map(|()| self.digit(digits));
            let [one, other] = pair.map(|digit| digit.class);
            let kept = self.apart.contains(&[one, other]) || self.apart.contains(&[other, one]);
            if kept == apart {
                return Scene::of_two(pair, &mut self.random);
            }
        }
    }

    fn digit<'a>(&mut self, digits: &'a [Digit]) -> &'a Digit {
        digits.choose(&mut self.random).expect("there are digits")
    }
}
