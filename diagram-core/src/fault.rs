//! The faults of diagrams.
//!
//! A [`Fault`] says *what* is wrong; the macro adds *where*. Its first line can be understood alone, names both
//! parties and ends in its code. Notes align the parts that disagree. There is at most one help, which says
//! what to write instead. Every code has a section in `docs/errors.md`.

use std::fmt;

use crate::dim::{Comparison, Dim, Fact};
use crate::shape::Shape;

/// One fault, ready to be shown at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its code.
    pub code: Code,
    /// The first line, without the code: lower case, no full stop, names in backticks.
    pub message: String,
    /// The notes: the parts that disagree, one per line.
    pub notes: Vec<String>,
    /// The help: what to write instead. If it is code, it compiles when pasted.
    pub help: Option<String>,
    /// What its reader is to know besides the text.
    pub detail: Option<Box<Detail>>,
}

/// What the reader of a fault is to know besides the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A fact about constants that rustc alone can check. If it holds, this is no fault.
    Unless(Fact),
    /// The fault is that this is missing. The reader that knows where it may come from says so.
    Missing(Missing),
}

/// A tensor that a layer is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What the layer calls it: `hidden state`.
    pub name: String,
    /// Its extents; `None` where any is taken.
    pub dims: Vec<Option<Dim>>,
    /// A shape with these extents.
    pub example: Shape,
}

impl Fault {
    /// A fault without notes and help.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Fault {
            code,
            message: message.into(),
            notes: Vec::new(),
            help: None,
            detail: None,
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Sets the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Makes it a fault only if rustc refutes this fact, if there is one.
    #[must_use]
    pub fn unless(mut self, fact: impl Into<Option<Fact>>) -> Self {
        self.detail = fact.into().map(|fact| Box::new(Detail::Unless(fact)));
        self
    }

    /// Says what is missing.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.detail = Some(Box::new(Detail::Missing(missing)));
        self
    }

    /// Leaves to rustc the part of a comparison of two dims that only rustc can decide.
    #[must_use]
    pub fn by(self, comparison: &Comparison) -> Self {
        match comparison {
            Comparison::Constant(fact) => self.unless(fact.clone()),
            Comparison::Equal | Comparison::Different { .. } | Comparison::Unknown => self,
        }
    }

    /// Sets the help, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

impl fmt::Display for Fault {
    /// The first line with its code, then notes and help, aligned as rustc aligns its own.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} [{}]", self.message, self.code)?;
        if !self.notes.is_empty() || self.help.is_some() {
            out.write_str("\n")?;
        }
        let help = self.help.iter().map(|help| ("help", help));
        for (label, text) in self.notes.iter().map(|note| ("note", note)).chain(help) {
            // Further lines of one text start under its first word.
            let aligned = text.replace('\n', "\n                 ");
            write!(out, "\n         = {label}: {aligned}")?;
        }
        Ok(())
    }
}

macro_rules! codes {
    ($($name:ident = $number:literal, $title:literal;)*) => {
        /// The mistakes, by number: 00 syntax, 01 names, 02 dims, 03 shapes and layers, 04 cells,
        /// 07 warnings, 08 run time, 09 not supported yet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as it is printed: `D0301`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self { $(Code::$name => concat!("D", $number),)* }
            }

            /// Whether it is a warning about code that is allowed and hardly meant.
            #[must_use]
            pub fn is_warning(self) -> bool {
                self.number().starts_with("D07")
            }

            /// The mistake, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

codes! {
    UnexpectedToken = "0001", "something else was expected here";
    HalfArrow = "0002", "an arrow that is not drawn to its end";
    MissingSemicolon = "0003", "a missing `;`";
    ThinArrow = "0004", "`->` where an arrow `--name-->` belongs";
    EqualsForTilde = "0005", "`=` where `~` belongs";
    EmptyDiagram = "0006", "a diagram without items";
    NumberAsName = "0007", "a number where a name belongs";
    KeywordAsName = "0008", "a Rust keyword as a name";
    ReservedWord = "0009", "a word of the language as a name";
    RepeatedClause = "0010", "a clause given twice";
    UnclosedProduct = "0011", "a product that lacks a factor";
    MisplacedAttribute = "0012", "an attribute that cannot stand there";
    UnknownObject = "0101", "an object that is not declared";
    UnknownMorphism = "0102", "a morphism that is not declared";
    UnknownDim = "0103", "a dim that is not declared";
    UnknownLayer = "0104", "a layer that does not exist";
    UnknownLoss = "0105", "a loss that does not exist";
    UnknownArgument = "0106", "an argument that does not exist";
    DeclaredTwice = "0107", "a name declared twice";
    NeverDefined = "0108", "a morphism that is drawn and never defined";
    NeverDrawn = "0109", "a morphism that is defined and never drawn";
    OwnedName = "0110", "a name that generated code owns";
    EqualFields = "0111", "data whose field names would be equal";
    DatumAsNode = "0112", "a datum where an object belongs";
    DatumAsMorphism = "0113", "a datum used as a morphism";
    UnknownHyper = "0114", "a hyper-parameter that is not declared";
    EqualTypes = "0115", "morphisms whose types would be equal";
    UnnamedType = "0116", "a type parameter that nothing is made of";
    UnknownWarning = "0117", "a warning that does not exist";
    UnboundDim = "0201", "a dynamic dim that no datum binds";
    DynamicParameter = "0202", "a parameter sized by a dynamic dim";
    NotPositive = "0203", "a dim that is not positive";
    DimOverflow = "0204", "a dim too large to compute";
    NotASize = "0205", "a dim that is no size";
    NotRebindable = "0206", "a dim that cannot be rebound";
    Contradiction = "0207", "facts that cannot hold";
    AxisMismatch = "0301", "shapes that differ at an axis";
    RankMismatch = "0302", "shapes of different rank";
    TwoValues = "0303", "one dim with two values";
    KindMismatch = "0304", "shapes of different kind";
    LayerRank = "0305", "a layer on a shape of the wrong rank";
    KernelTooLarge = "0306", "a kernel larger than its input";
    UnknownWidth = "0307", "a width left out that cannot be found";
    Undecided = "0308", "an equality of dims that is not decided";
    NotDivisible = "0309", "a size that does not divide another";
    MissingArgument = "0310", "an argument that is missing";
    ArgumentType = "0311", "an argument of the wrong type";
    ArgumentRange = "0312", "an argument out of range";
    TooManyArguments = "0313", "more arguments than there are";
    AxisRange = "0314", "an axis that the shape does not have";
    RepeatedArgument = "0315", "an argument given twice";
    ElementCount = "0316", "a reshape to another number of elements";
    Factors = "0318", "a product of another number of factors";
    StatedOtherwise = "0319", "a module that is stated to be another map than drawn";
    ForeignSignature = "0320", "a signature that its method does not have";
    NoSuchMap = "0321", "a module that is not the map of its slot";
    NotComposable = "0401", "paths that do not compose";
    NotParallel = "0402", "paths that cannot be compared";
    LossEnds = "0403", "ends that a loss does not take";
    BadWeight = "0404", "a weight that is no weight";
    NothingToTrain = "0405", "a cell with nothing to train";
    NoDatum = "0406", "a path that starts at no single datum";
    CompositeCycle = "0407", "morphisms defined by each other";
    MetricTrained = "0408", "a metric in a trained cell";
    ArgumentCount = "0409", "a morphism on the wrong number of arguments";
    FrozenComposite = "0410", "`frozen` on morphisms of the same diagram";
    MisplacedDefaultLoss = "0411", "a default loss where no object is declared";
    NoMethods = "0412", "a method of what is no module of the caller's";
    NoFactor = "0413", "a factor that a path does not have";
    ProductInCell = "0414", "a product where one object is compared";
    NothingToAdapt = "0415", "adapters with nothing to adapt";
    FrozenAndAdapted = "0416", "a morphism both frozen and adapted";
    BadMask = "0417", "a mask that is no mask";
    NothingToAverage = "0418", "an average of what has no weights of its own";
    FrozenAverage = "0419", "an average that is to be frozen";
    NothingCommutes = "0420", "a `commutes` that makes no cell";
    TooManyCells = "0421", "a `commutes` that makes too many cells";
    UnreachedObject = "0701", "an object that nothing reaches";
    UntrainedMorphism = "0702", "a morphism that no cell trains";
    AlwaysZero = "0703", "a cell that is always 0";
    NumbersNotTaken = "0704", "numbers that a loss does not take";
    AlwaysHolds = "0705", "a fact that says nothing";
    StillAverage = "0706", "an average that never moves";
    ChannelsLast = "0707", "an image whose channels come last";
    FixedBatch = "0708", "data of a fixed number of samples";
    BatchDisagrees = "0801", "data of one batch whose sizes disagree";
    WrongOutput = "0802", "a module that returns another shape than drawn";
    EmptyBatch = "0803", "an empty batch";
    WrongSize = "0804", "a tensor of another size than drawn";
    BrokenFact = "0805", "a fact that does not hold";
    Untrainable = "0806", "a training step on a model without gradients";
    NoSuchEntry = "0807", "an entry that stands for nothing";
    NotFinite = "0808", "a loss that is no finite number";
    NoAdapters = "0809", "an assigned module without its adapters";
    OtherParameters = "0810", "an average with other parameters than what it averages";
    NotSavable = "0811", "a number that a saved configuration cannot hold";
    OtherLayer = "0812", "an assigned layer of another size than drawn";
    OtherType = "0813", "data of another type of number than the parameters";
    DataNotFinite = "0814", "data that are no finite numbers";
    NotYet = "0900", "a part of the language that is not supported yet";
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.number())
    }
}

/// The candidate nearest to `name` in spelling, if one is near enough to be meant: at most a third of
/// the letters (and at least one) changed, added, dropped or swapped.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded: Vec<char> = name.to_lowercase().chars().collect();
    let mut limit = (name.chars().count() / 3).max(1);
    let mut found = None;
    let mut letters = Vec::new();
    let mut rows = [const { Vec::new() }; 3];
    for candidate in candidates {
        if candidate == name || candidate.len().abs_diff(name.len()) > 4 * (limit + 1) {
            continue;
        }
        letters.clear();
        letters.extend(candidate.chars().flat_map(char::to_lowercase));
        let Some(distance) = distance(&folded, &letters, limit, &mut rows) else {
            continue;
        };
        found = Some(candidate);
        // Of equally near names the first is kept, so only a nearer one matters from here on.
        match distance.checked_sub(1) {
            Some(nearer) => limit = nearer,
            None => break,
        }
    }
    found
}

/// Optimal string alignment distance (Levenshtein's, with swaps of neighbours), if it is at most `limit`.
/// The last three rows of its table are all that it needs.
fn distance(
    left: &[char],
    right: &[char],
    limit: usize,
    [before, last, row]: &mut [Vec<usize>; 3],
) -> Option<usize> {
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    last.clear();
    last.extend(0..=right.len());
    before.clone_from(last);
    for (i, letter) in left.iter().enumerate() {
        row.clear();
        row.push(i + 1);
        for (j, other) in right.iter().enumerate() {
            let substituted = last[j] + usize::from(letter != other);
            let mut best = substituted.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *letter == right[j - 1] && left[i - 1] == *other;
            if swapped && letter != other {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        // No later row falls below the least of two that follow each other.
        if row.iter().chain(&*last).all(|cell| *cell > limit) {
            return None;
        }
        std::mem::swap(before, last);
        std::mem::swap(last, row);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_one_slip_away() {
        let names = ["Logits", "Label", "Image"];
        assert_eq!(nearest("Logtis", names), Some("Logits"));
        assert_eq!(nearest("logits", names), Some("Logits"));
        assert_eq!(nearest("Table", ["Label"]), None);
        assert_eq!(nearest("x", ["y"]), Some("y"));
        assert_eq!(nearest("Anything", names), None);
        assert_eq!(nearest("bacth", ["bath", "batch"]), Some("bath"));
        assert_eq!(nearest("Größe", ["Grösse", "größe"]), Some("größe"));
        assert_eq!(nearest("ab", ["ba"]), Some("ba"));
        assert_eq!(nearest("", ["a", ""]), Some("a"));
    }

    #[test]
    fn a_fault_reads_like_rustc() {
        let fault = Fault::new(
            Code::AxisMismatch,
            "`f` ends in `A`: axis 1 is 10, but `g` gives 12",
        )
        .note("`A` : [batch, 10]")
        .help("leave the width out: `linear`");
        assert_eq!(
            fault.to_string(),
            "`f` ends in `A`: axis 1 is 10, but `g` gives 12 [D0301]\n\n         = note: `A` : \
             [batch, 10]\n         = help: leave the width out: `linear`"
        );
    }
}
