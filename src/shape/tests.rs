use diagram_core::dim::{Fact, Facts, Op};
use diagram_core::{
    Argument, Call, Cell, CellRole, Datum, DatumId, Draw, Hyper, HyperType, Kind, Measure, Number,
    Object, ObjectId, Paths, Scalar, Step, Term, Value, Weight,
};

use super::*;

fn symbol(name: &str) -> Dim {
    Dim::symbol(name)
}

fn object(name: &str, kind: Kind, dims: Vec<Dim>) -> Object {
    Object {
        name: name.to_owned(),
        shape: Shape { kind, dims },
        default_loss: None,
    }
}

fn morphism(name: &str, from: &[usize], to: &[usize], definition: Definition) -> Morphism {
    let ids = |objects: &[usize]| {
        let ids = objects.iter().copied().map(ObjectId);
        ids.map(Space::from).collect()
    };
    let (domain, codomain) = (ids(from), ids(to));
    Morphism {
        name: name.to_owned(),
        domain,
        codomain,
        definition,
        frozen: false,
        adapters: None,
        average: None,
        drawn: true,
    }
}

fn module() -> Definition {
    Definition::Module {
        ty: "Teacher".into(),
        config: None,
    }
}

fn layers(steps: &[(Call, Vec<Dim>)]) -> Definition {
    let step =
        |(layer, dims): &(Call, Vec<Dim>)| Step::layer(layer.clone(), Shape::float(dims.clone()));
    Definition::Layers {
        steps: steps.iter().map(step).collect(),
        parameters: true,
    }
}

fn linear(width: Dim) -> Call {
    let width = Argument {
        name: "d_output".to_owned(),
        value: Value::Size(width),
        unnamed: true,
    };
    Call {
        arguments: vec![width],
        ..Call::new("linear")
    }
}

const TEACHER: usize = 0;
const STUDENT: usize = 1;
const BOTH: usize = 2;
const HYPERS: &[(&str, usize)] = &[("hidden", 32)];

/// `Image: [batch, side, hidden / 4]`, `Label: Int[batch]`, `Logits: [batch, 10]`, `Code: [batch,
/// hidden]`; `student = linear(hidden - 4) >> crop`, whose crop leaves `side - 2`.
fn diagram() -> Diagram {
    let quarter = Dim::binary(Op::Div, symbol("hidden"), Dim::Literal(4));
    let narrow = Dim::binary(Op::Sub, symbol("hidden"), Dim::Literal(4));
    let cropped = Dim::binary(Op::Sub, symbol("side"), Dim::Literal(2));
    let student = layers(&[
        (
            linear(narrow.clone()),
            vec![symbol("batch"), symbol("side"), narrow],
        ),
        (Call::new("crop"), vec![symbol("batch"), cropped]),
    ]);
    let mut paths = Paths::default();
    let image = paths.intern(Term::Datum(DatumId(0)));
    let label = paths.intern(Term::Datum(DatumId(1)));
    let taught = paths.intern(Term::Apply(
        MorphismId(TEACHER),
        vec![image],
        Draw::default(),
    ));
    let datum = |name: &str, object| Datum {
        name: name.to_owned(),
        field: name.to_lowercase(),
        space: ObjectId(object).into(),
    };
    Diagram {
        name: "Distillation".to_owned(),
        hypers: vec![Hyper {
            name: "hidden".to_owned(),
            ty: HyperType::Size,
            default: None,
        }],
        dynamics: vec!["batch".to_owned(), "side".to_owned()],
        objects: vec![
            object(
                "Image",
                Kind::Float,
                vec![symbol("batch"), symbol("side"), quarter],
            ),
            object("Label", Kind::Int, vec![symbol("batch")]),
            object(
                "Logits",
                Kind::Float,
                vec![symbol("batch"), Dim::Literal(10)],
            ),
            object("Code", Kind::Float, vec![symbol("batch"), symbol("hidden")]),
        ],
        data: vec![datum("Image", 0), datum("Label", 1), datum("Code", 3)],
        morphisms: vec![
            morphism("teacher", &[0], &[2], module()),
            morphism("student", &[0], &[2], student),
            morphism("both", &[2, 2], &[2, 1], module()),
        ],
        cells: vec![Cell {
            name: None,
            text: "teacher ~ Label".to_owned(),
            ends: vec![taught, label],
            loss: Measure::Loss(Call::new("cross_entropy")),
            limits: Vec::new(),
            weight: Weight::Scalar(Scalar::Number(Number::ONE)),
            mask: None,
            role: CellRole::Trained,
        }],
        paths,
        ..Diagram::default()
    }
}

fn batch(sizes: &[&[usize]]) -> Result<(), String> {
    let checked = check_batch(&diagram(), HYPERS, sizes).map(|_| ());
    checked.map_err(|error| error.to_string())
}

#[test]
fn a_good_batch_binds_its_dims() {
    let diagram = diagram();
    let sizes: &[&[usize]] = &[&[16, 5, 8], &[16], &[16, 32]];
    let bindings = check_batch(&diagram, HYPERS, sizes).unwrap();
    assert_eq!(bindings.get("batch"), Some(16));
    assert_eq!(bindings.get("side"), Some(5));
    assert_eq!(bindings.get("hidden"), Some(32));
    assert_eq!(bindings.get("depth"), None);
}

#[test]
fn data_that_disagree_are_both_named() {
    assert_eq!(
        batch(&[&[32, 5, 8], &[16], &[32, 32]]).unwrap_err(),
        "`batch` cannot be both 32 (of `Image`) and 16 (of `Label`) [D0801]\n\n         = note: \
         `Image` : [batch, side, hidden / 4] is [32, 5, 8]\n         = note: `Label` : Int[batch]  \
         \u{20}             is [16]"
    );
}

#[test]
fn a_datum_of_another_size_is_named_with_both_sizes() {
    let error = batch(&[&[16, 5, 8], &[16], &[16, 31]]).unwrap_err();
    assert_eq!(
        error,
        "`Code`: axis 1 is `hidden` = 32, but the batch has 31 [D0804]\n\n         = note: `Code` : \
         [batch, hidden] is [16, 31]\n         = note: `batch` = 16, `hidden` = 32"
    );
    let error = batch(&[&[16, 5, 9], &[16], &[16, 32]]).unwrap_err();
    assert!(
        error.starts_with("`Image`: axis 2 is `hidden / 4` = 8, but the batch has 9 [D0804]"),
        "{error}"
    );
}

#[test]
fn an_empty_datum_is_named() {
    let error = batch(&[&[0, 5, 8], &[0], &[0, 32]]).unwrap_err();
    assert!(
        error.starts_with("`Image` is empty: axis 0, drawn as `batch`, is 0 [D0803]"),
        "{error}"
    );
}

#[test]
fn a_batch_without_a_model_agrees_with_itself() {
    let diagram = diagram();
    let check = |sizes: &[&[usize]]| check_batch(&diagram, &[], sizes).map(|_| ());
    assert_eq!(check(&[&[16, 5, 2], &[16], &[16, 8]]), Ok(()));
    let error = check(&[&[16, 5, 3], &[16], &[16, 8]])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`hidden / 4` = 2, but the batch has 3"),
        "{error}"
    );
    let error = check(&[&[16, 5, 2], &[17], &[16, 8]]).unwrap_err();
    assert_eq!(error.code(), diagram_core::Code::BatchDisagrees);
}

#[test]
fn a_dim_can_disagree_within_one_datum() {
    let mut diagram = diagram();
    diagram.objects[1].shape.dims.push(symbol("batch"));
    let error = check_batch(&diagram, HYPERS, &[&[4, 5, 8], &[4, 3], &[4, 32]]);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("`batch` cannot be both 4 (of `Image`) and 3 (of `Label`)"),
        "{error}"
    );
    diagram.data.remove(0);
    let error = check_batch(&diagram, HYPERS, &[&[4, 3], &[4, 32]]);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with(
            "`batch` cannot be both 4 (axis 0 of `Label`) and 3 (axis 1 of `Label`) [D0801]"
        ),
        "{error}"
    );
}

#[test]
fn a_layer_that_the_batch_leaves_nothing_is_named_where_it_is_needed() {
    let mut diagram = diagram();
    let sizes: &[&[usize]] = &[&[16, 2, 8], &[16], &[16, 32]];
    assert!(
        check_batch(&diagram, HYPERS, sizes).is_ok(),
        "no cell needs `student`"
    );
    let image = diagram.paths.intern(Term::Datum(DatumId(0)));
    diagram.cells[0].ends[0] = diagram.paths.intern(Term::Apply(
        MorphismId(STUDENT),
        vec![image],
        Draw::default(),
    ));
    let error = check_batch(&diagram, HYPERS, sizes)
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "`crop` of `student`: axis 1 is `side - 2` = 0, and a size is at least 1 [D0203]\n\n        \
         \u{20}= note: shape : [batch, side - 2]\n         = note: `side` = 2"
    );
    let input = diagram.paths.intern(Term::Input(0));
    let path = diagram.paths.intern(Term::Apply(
        MorphismId(STUDENT),
        vec![input],
        Draw::default(),
    ));
    let text = "student".to_owned();
    let paths = vec![path];
    let composite = Definition::Composite { text, paths };
    diagram
        .morphisms
        .push(morphism("whole", &[0], &[2], composite));
    assert!(check_arguments(&diagram, 3, HYPERS, &[], &[&[16, 2, 8]]).is_err());
    assert!(check_arguments(&diagram, STUDENT, HYPERS, &[], &[&[16, 2, 8]]).is_err());
    assert!(check_arguments(&diagram, TEACHER, HYPERS, &[], &[&[16, 2, 8]]).is_ok());
}

#[test]
fn arguments_name_the_morphism_and_the_object() {
    let diagram = diagram();
    let check = |id, sizes: &[&[usize]]| {
        check_arguments(&diagram, id, HYPERS, &[], sizes)
            .unwrap_err()
            .to_string()
    };
    let error = check(TEACHER, &[&[16, 5, 7]]);
    assert!(
        error.starts_with(
            "`teacher` takes `Image`: axis 2 is `hidden / 4` = 8, but is given 7 [D0804]"
        ),
        "{error}"
    );
    let error = check(TEACHER, &[&[16, 0, 8]]);
    assert!(
        error.starts_with(
            "`teacher` takes `Image`, which is empty: axis 1, drawn as `side`, is 0 [D0803]"
        ),
        "{error}"
    );
    let error = check(BOTH, &[&[16, 10], &[4, 10]]);
    assert!(
        error.starts_with(
            "`batch` cannot be both 16 (of `Logits`, input 0) and 4 (of `Logits`, input 1) in the \
             arguments of `both` [D0303]"
        ),
        "{error}"
    );
}

#[test]
fn a_module_that_returns_another_shape_is_named() {
    let diagram = diagram();
    let bindings = check_arguments(&diagram, TEACHER, HYPERS, &[], &[&[32, 5, 8]]).unwrap();
    let check = |sizes: &[usize]| check_output(&diagram, TEACHER, &bindings, &[sizes]);
    assert_eq!(check(&[32, 10]), Ok(()));
    assert_eq!(
        check(&[32, 12]).unwrap_err().to_string(),
        "`teacher` ends in `Logits`: axis 1 is 10, but its module gives 12 [D0802]\n\n         = \
         note: `Logits`  : [batch, 10]\n         = note: `teacher` : [32, 12]\n         = note: \
         `batch` = 32"
    );
    let error = check(&[31, 10]).unwrap_err().to_string();
    assert!(
        error.contains("axis 0 is `batch` = 32, but its module gives 31 [D0802]"),
        "{error}"
    );
    let error = check(&[32]).unwrap_err().to_string();
    assert!(error.starts_with("`teacher` ends in `Logits` of rank 2, but its module gives rank 1"));
    let error = check_output(&diagram, BOTH, &bindings, &[&[32, 10], &[30]]).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`both` ends in `Label`: axis 0 is `batch` = 32")
    );
}

#[test]
fn hyper_parameters_are_checked_before_anything_is_built() {
    let diagram = diagram();
    let check = |hidden| check_hypers(&diagram, &[("hidden", hidden), ("unused", 0)]);
    assert_eq!(check(32), Ok(()));
    assert_eq!(
        check(0).unwrap_err().to_string(),
        "`hidden` is 0, but sizes `Image`, and a size is at least 1 [D0203]"
    );
    let error = check(4).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "`linear(hidden - 4)` of `student`: axis 2 is `hidden - 4` = 0, and a size is at least 1"
        ),
        "{error}"
    );
    let error = check(3).unwrap_err().to_string();
    assert!(
        error.starts_with("`Image`: axis 2 is `hidden / 4` = 0"),
        "{error}"
    );
}

#[test]
fn a_division_by_zero_is_no_size() {
    let mut diagram = diagram();
    let less = Dim::binary(Op::Sub, symbol("hidden"), Dim::Literal(8));
    diagram.objects[0].shape.dims[2] = Dim::binary(Op::Div, Dim::Literal(64), less);
    let error = check_hypers(&diagram, &[("hidden", 8)])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("axis 2 is `64 / (hidden - 8)`, which divides by 0"),
        "{error}"
    );
}

#[test]
fn facts_are_checked_once_their_dims_have_values() {
    let known = |facts: Vec<Fact>| Diagram {
        facts: Facts::new(facts).expect("no contradiction"),
        ..diagram()
    };
    let text = |checked: Result<(), DiagramError>| checked.unwrap_err().to_string();
    let eighths = known(vec![Fact::remainder(symbol("hidden"), Dim::Literal(8), 0)]);
    assert_eq!(check_hypers(&eighths, HYPERS), Ok(()));
    assert_eq!(
        text(check_hypers(&eighths, &[("hidden", 28)])),
        "`hidden % 8 == 0` does not hold: `hidden` = 28 [D0805]"
    );
    // A fact about what only a call brings waits for it, and a call that does not bring it is let by.
    let wide = known(vec![Fact::at_least(symbol("hidden"), symbol("side"))]);
    assert_eq!(check_hypers(&wide, HYPERS), Ok(()));
    let sizes = |side| [16, side, 8];
    let student = |side| check_arguments(&wide, STUDENT, HYPERS, &[], &[&sizes(side)]).map(|_| ());
    assert_eq!(student(32), Ok(()));
    let broken = "`hidden >= side` does not hold: `hidden` = 32, `side` = 33 [D0805]";
    assert_eq!(text(student(33)), broken);
    assert!(check_arguments(&wide, BOTH, HYPERS, &[], &[&[16, 10], &[16, 10]]).is_ok());
    let loss = check_batch(&wide, HYPERS, &[&sizes(33), &[16], &[16, 32]]);
    assert_eq!(text(loss.map(|_| ())), broken);
    // A batch alone knows what its data bring.
    let alone = check_batch(&wide, &[], &[&sizes(33), &[16], &[16, 32]]);
    assert_eq!(text(alone.map(|_| ())), broken);
    // What has no value does not hold.
    let undefined = known(vec![Fact::remainder(symbol("side"), symbol("heads"), 0)]);
    let zero = check_arguments(
        &undefined,
        STUDENT,
        &[("hidden", 32), ("heads", 0)],
        &[],
        &[&sizes(8)],
    );
    assert_eq!(
        text(zero.map(|_| ())),
        "`side % heads == 0` does not hold: `side` = 8, `heads` = 0 [D0805]"
    );
}
