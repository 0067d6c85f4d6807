//! Which paths a drawing has, and which of them must agree for it to commute.
//!
//! An arrow of the drawing takes a path to every factor of its domain, so a path is a tree: its leaves are
//! data, its root is the object that it ends in, and each way from a leaf to the root is a *branch*. A path
//! meets no object twice if no branch does. A drawing with a cycle has infinitely many other paths. A drawing
//! without one may still have as many as two to the power of the number of its arrows. So the search stops at a
//! bound, and says that it did.

use std::collections::{BTreeSet, HashMap};

use crate::diagram::{Definition, Diagram};
use crate::id::{DatumId, MorphismId, ObjectId};
use crate::path::{Draw, Path, Paths, Term};
use crate::shape::Kind;
use crate::space::Space;

/// The largest number of cells that `commutes` makes; a user who needs more writes them one by one.
pub const MOST_CELLS: usize = 32;

/// The largest number of paths that the search looks at.
const MOST_PATHS: usize = 1000;

/// The largest number of applications that the search tries, including those that are no path.
const MOST_TRIED: usize = 10_000;

/// The largest number of arrows in a path as it is written, and the greatest depth of its arguments.
const LONGEST: (usize, usize) = (1000, 60);

/// The paths of a drawing to some of its objects, and the pairs of them that must agree.
#[derive(Clone, Debug)]
pub struct Commuting {
    /// The table in which the paths are terms.
    pub paths: Paths,
    /// Each object, with the paths that end there.
    pub ends: Vec<Meeting>,
    /// Whether all paths were found; there may be too many.
    pub complete: bool,
}

/// The paths of a drawing to one object.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The object.
    pub object: ObjectId,
    /// Every path to it, in the order in which they are drawn: the first arrow decides, then the next.
    /// Data come last.
    pub paths: Vec<Path>,
    /// The pairs that must agree, with the earlier path on the left. If there are too many, only the first.
    pub pairs: Vec<[Path; 2]>,
    /// The number of all such pairs.
    pub count: usize,
    /// The reasons why other pairs need not agree.
    pub apart: BTreeSet<Apart>,
}

/// The reason why two paths to one object make no cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Apart {
    /// Training moves neither of them: there are no weights, or they are frozen, or no gradient comes from
    /// where the paths end.
    Untrained,
    /// They read different data of one space.
    Data,
    /// They end at different dims.
    Dims,
}

impl Commuting {
    /// The paths of the drawing to these objects, or to all objects if none is given. These are the paths that
    /// meet no object twice, except that a path may end where it began; or, with `within`, all paths of at most
    /// so many arrows, one after the other. `trained` says which morphisms have weights that training moves.
    #[must_use]
    pub fn of(
        diagram: &Diagram,
        at: &[ObjectId],
        within: Option<usize>,
        trained: &dyn Fn(MorphismId) -> bool,
    ) -> Self {
        let mut search = Search::new(diagram, at, within, trained);
        let complete = search.run().is_some();
        let all: Vec<_> = (0..diagram.objects.len()).map(ObjectId).collect();
        let objects = if at.is_empty() { &all } else { at };
        let ends = objects.iter().map(|object| search.meeting(*object));
        Commuting {
            ends: ends.collect(),
            complete,
            paths: search.paths,
        }
    }

    /// The number of cells.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.iter().map(|end| end.count).sum()
    }
}

/// Whether a morphism is an arrow of paths that must agree. A composite is only another name of a path, and an
/// average only follows another morphism.
fn is_arrow(diagram: &Diagram, id: MorphismId) -> bool {
    let morphism = diagram.morphism(id);
    match morphism.definition {
        Definition::Composite { .. } => false,
        Definition::Parameter { .. }
        | Definition::Layers { .. }
        | Definition::Module { .. }
        | Definition::Method { .. }
        | Definition::Function(_) => morphism.drawn && morphism.average.is_none(),
    }
}

/// The arrows that paths to these objects can have, and the objects that such paths can meet; `None`
/// stands for all objects.
fn leading_to(diagram: &Diagram, at: &[ObjectId]) -> (Vec<MorphismId>, Option<BTreeSet<ObjectId>>) {
    let arrows = (0..diagram.morphisms.len()).map(MorphismId);
    let arrows: Vec<_> = arrows.filter(|id| is_arrow(diagram, *id)).collect();
    if at.is_empty() {
        return (arrows, None);
    }
    let mut met: BTreeSet<ObjectId> = at.iter().copied().collect();
    let mut open: Vec<ObjectId> = at.to_vec();
    let mut into: HashMap<ObjectId, Vec<MorphismId>> = HashMap::new();
    for id in arrows {
        for space in &diagram.morphism(id).codomain {
            into.entry(space.object).or_default().push(id);
        }
    }
    let mut leading = BTreeSet::new();
    while let Some(object) = open.pop() {
        for id in into.remove(&object).unwrap_or_default() {
            leading.insert(id);
            let domain = diagram.morphism(id).domain.iter();
            let new = domain.map(|space| space.object);
            open.extend(new.filter(|object| met.insert(*object)));
        }
    }
    (leading.into_iter().collect(), Some(met))
}

/// A path, with the properties that the search needs.
struct Reached {
    path: Path,
    end: Space,
    /// The data that it reads, each once, in the order in which they are first read.
    data: Vec<DatumId>,
    /// The objects on its branches, without those of the data.
    behind: BTreeSet<ObjectId>,
    /// Whether a branch ends where it began.
    round: bool,
    /// The arrows on its longest branch.
    length: usize,
    /// The number of its arrows, and the depth of its arguments, as it is written.
    written: (usize, usize),
    /// Whether training moves it.
    trained: bool,
}

struct Search<'d> {
    diagram: &'d Diagram,
    arrows: Vec<MorphismId>,
    met: Option<BTreeSet<ObjectId>>,
    within: Option<usize>,
    trained: &'d dyn Fn(MorphismId) -> bool,
    paths: Paths,
    reached: Vec<Reached>,
    /// The positions in `reached` of the paths to each object, shorter ones first.
    at: HashMap<ObjectId, Vec<usize>>,
    tried: usize,
}

impl<'d> Search<'d> {
    fn new(
        diagram: &'d Diagram,
        at: &[ObjectId],
        within: Option<usize>,
        trained: &'d dyn Fn(MorphismId) -> bool,
    ) -> Self {
        let (arrows, met) = leading_to(diagram, at);
        Search {
            diagram,
            arrows,
            met,
            within,
            trained,
            paths: Paths::default(),
            reached: Vec::new(),
            at: HashMap::new(),
            tried: 0,
        }
    }

    /// Finds paths by the length of their longest branch, each from shorter ones. `None` if there are too many.
    fn run(&mut self) -> Option<()> {
        for (index, datum) in self.diagram.data.iter().enumerate() {
            let id = DatumId(index);
            let path = self.paths.intern(Term::Datum(id));
            self.reach(Reached {
                path,
                end: datum.space.clone(),
                data: vec![id],
                behind: BTreeSet::new(),
                round: false,
                length: 0,
                written: (1, 0),
                trained: false,
            })?;
        }
        let longest = self.within.unwrap_or(usize::MAX);
        for length in 1..=longest {
            let before = self.reached.len();
            for arrow in self.arrows.clone() {
                self.extend(arrow, length)?;
            }
            if self.reached.len() == before {
                break;
            }
        }
        Some(())
    }

    fn meets(&self, object: ObjectId) -> bool {
        self.met.as_ref().is_none_or(|met| met.contains(&object))
    }

    fn reach(&mut self, reached: Reached) -> Option<()> {
        if !self.meets(reached.end.object) {
            return Some(());
        }
        let known = self.reached.len();
        if known == MOST_PATHS || reached.written.0 > LONGEST.0 || reached.written.1 > LONGEST.1 {
            return None;
        }
        self.at.entry(reached.end.object).or_default().push(known);
        self.reached.push(reached);
        Some(())
    }

    /// Adds every application of an arrow whose longest branch has this length.
    fn extend(&mut self, arrow: MorphismId, length: usize) -> Option<()> {
        let domain = &self.diagram.morphism(arrow).domain;
        if domain.is_empty() {
            return if length == 1 {
                self.apply(arrow, &[])
            } else {
                Some(())
            };
        }
        // The first argument of length - 1 tells applications apart: those before it are shorter, those
        // behind it are not longer.
        for first in 0..domain.len() {
            let choices = domain.iter().enumerate().map(|(position, space)| {
                let known = self.at.get(&space.object).into_iter().flatten().copied();
                let fits = |index: &usize| {
                    let argument = &self.reached[*index];
                    let long = match position.cmp(&first) {
                        std::cmp::Ordering::Less => argument.length + 1 < length,
                        std::cmp::Ordering::Equal => argument.length + 1 == length,
                        std::cmp::Ordering::Greater => argument.length < length,
                    };
                    long && self.goes_on(arrow, argument)
                };
                known.filter(fits).collect::<Vec<_>>()
            });
            let choices: Vec<_> = choices.collect();
            self.each(arrow, &choices)?;
        }
        Some(())
    }

    /// Whether an arrow may be applied to a path.
    fn goes_on(&self, arrow: MorphismId, path: &Reached) -> bool {
        let mut ends = self.diagram.morphism(arrow).codomain.iter();
        self.within.is_some() || !path.round && ends.any(|end| !path.behind.contains(&end.object))
    }

    /// Applies an arrow to every choice of its arguments.
    fn each(&mut self, arrow: MorphismId, choices: &[Vec<usize>]) -> Option<()> {
        if choices.iter().any(Vec::is_empty) {
            return Some(());
        }
        let mut chosen = vec![0; choices.len()];
        loop {
            let arguments = choices.iter().zip(&chosen).map(|(all, at)| all[*at]);
            self.apply(arrow, &arguments.collect::<Vec<_>>())?;
            // The last argument that has a next choice takes it, and those behind it start anew.
            let next = |position: &usize| chosen[*position] + 1 < choices[*position].len();
            let Some(position) = (0..chosen.len()).rev().find(next) else {
                return Some(());
            };
            chosen[position] += 1;
            chosen[position + 1..].fill(0);
        }
    }

    fn apply(&mut self, arrow: MorphismId, arguments: &[usize]) -> Option<()> {
        self.tried += 1;
        if self.tried > MOST_TRIED {
            return None;
        }
        let diagram = self.diagram;
        let arguments: Vec<_> = arguments.iter().map(|at| &self.reached[*at]).collect();
        let ends: Vec<_> = arguments.iter().map(|one| one.end.clone()).collect();
        // Where dims do not fit there is no such path.
        let Ok(binding) = diagram.binding(arrow, &ends) else {
            return Some(());
        };
        let mut data: Vec<DatumId> = Vec::new();
        for datum in arguments.iter().flat_map(|one| &one.data) {
            if !data.contains(datum) {
                data.push(*datum);
            }
        }
        let starts: BTreeSet<_> = data
            .iter()
            .map(|id| diagram.datum(*id).space.object)
            .collect();
        let behind = arguments.iter().flat_map(|one| one.behind.iter().copied());
        let behind: BTreeSet<_> = behind.collect();
        let widest = |of: fn(&Reached) -> usize| arguments.iter().map(|one| of(one)).max();
        let arrows = arguments.iter().map(|one| one.written.0);
        let arrows = arrows.fold(1, usize::saturating_add);
        let nested = widest(|one| one.written.1).unwrap_or(0) + usize::from(ends.len() > 1);
        let length = 1 + widest(|one| one.length).unwrap_or(0);
        let trained = (self.trained)(arrow) || arguments.iter().any(|one| one.trained);
        let term = arguments.iter().map(|one| one.path).collect();
        let term = Term::Apply(arrow, term, Draw::default());

        let codomain = &diagram.morphism(arrow).codomain;
        for (position, end) in codomain.iter().enumerate() {
            if self.within.is_none() && behind.contains(&end.object) {
                continue;
            }
            let applied = self.paths.intern(term.clone());
            let path = match codomain.len() {
                1 => applied,
                _ => self.paths.intern(Term::Factor(applied, position)),
            };
            let mut behind = behind.clone();
            behind.insert(end.object);
            let end = diagram.at(end, &binding);
            if diagram.is_too_long(&end) {
                return None;
            }
            self.reach(Reached {
                path,
                // No gradient passes an Int or Bool object.
                trained: trained && diagram.object(end.object).shape.kind == Kind::Float,
                round: starts.contains(&end.object),
                end,
                data: data.clone(),
                behind,
                length,
                written: (arrows, nested),
            })?;
        }
        Some(())
    }

    /// The arrows of a path, each once, in order of evaluation; then its data.
    fn drawn(&self, reached: &Reached) -> (bool, Vec<MorphismId>, Vec<DatumId>) {
        let within = self.paths.within(&[reached.path]).into_iter();
        let arrows = within.filter_map(|path| match self.paths.term(path) {
            Term::Apply(id, ..) => Some(*id),
            _ => None,
        });
        (reached.length == 0, arrows.collect(), reached.data.clone())
    }

    fn meeting(&self, object: ObjectId) -> Meeting {
        let known = self.at.get(&object).into_iter().flatten();
        let mut known: Vec<&Reached> = known.map(|index| &self.reached[*index]).collect();
        known.sort_by_cached_key(|reached| self.drawn(reached));
        let mut meeting = Meeting {
            object,
            paths: known.iter().map(|reached| reached.path).collect(),
            pairs: Vec::new(),
            count: 0,
            apart: BTreeSet::new(),
        };
        for (index, left) in known.iter().enumerate() {
            for right in known.iter().skip(index + 1) {
                match self.apart(left, right) {
                    Some(why) => {
                        meeting.apart.insert(why);
                    }
                    None => {
                        if meeting.count < MOST_CELLS {
                            meeting.pairs.push([left.path, right.path]);
                        }
                        meeting.count += 1;
                    }
                }
            }
        }
        meeting
    }

    /// The reason why two paths need not agree, if there is one.
    fn apart(&self, left: &Reached, right: &Reached) -> Option<Apart> {
        if !left.trained && !right.trained {
            Some(Apart::Untrained)
        } else if !self.read_alike(left, right) {
            Some(Apart::Data)
        } else if !self.diagram.same_space(&left.end, &right.end) {
            Some(Apart::Dims)
        } else {
            None
        }
    }

    /// Whether both read the same data of each space from which both read. If `decode(encode(Now))` is `Now`,
    /// nothing follows for `Next`.
    fn read_alike(&self, left: &Reached, right: &Reached) -> bool {
        let space = |id: &DatumId| self.diagram.datum(*id).space.object;
        let of = |reached: &Reached, object: ObjectId| -> Vec<DatumId> {
            let data = reached.data.iter();
            data.filter(|id| space(id) == object).copied().collect()
        };
        left.data.iter().map(space).all(|object| {
            let theirs = of(right, object);
            theirs.is_empty() || of(left, object) == theirs
        })
    }
}
