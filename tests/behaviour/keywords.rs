//! Every keyword of Rust, in any edition, is a name like another wherever a diagram declares one.

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use burn::store::ModuleRecord;
use diagrammatic::{Map, diagram};

use crate::common::{device, entries, random};

/// Diagrams in which every keyword names whatever can be named, and what a user does with it.
macro_rules! named {
    ($($raw:ident $Upper:ident,)*) => {
        // Data (and so fields of the batch, and arguments), morphisms, and cells with weights that
        // are learned.
        diagram! {
            pub(crate) Arrows {
                dyn batch;
                Point: [batch, 2];
                data Target: Point;
                $(data $Upper: [batch, 2];)*
                $($Upper --$raw--> Point;)*
                $($raw = linear;)*
                $($raw: $raw ~ Target weight learned;)*
            }
        }

        // Hyper-parameters that size something, and watches.
        diagram! {
            pub(crate) Sizes($($raw: usize = 2),*) {
                dyn batch;
                data Point: [batch, 2];
                $(data $Upper: [batch, $raw];)*
                Point --model--> Point;
                model = linear(1 $(+ $raw)*) >> linear;
                model ~ Point;
                $(watch $raw: model ~ Point by l1;)*
            }
        }

        // Hyper-parameters that may change, and weights of cells.
        diagram! {
            pub(crate) Rates($($raw: f64 = 0.5),*) {
                dyn batch;
                data Point: [batch, 2];
                Point --model--> Point;
                model = linear $(>> dropout($raw))*;
                $($raw: model ~ Point by huber(delta = $raw) weight 0.5;)*
                $(model ~ Point weight $raw;)*
            }
        }

        // Dims that a batch gives values.
        diagram! {
            pub(crate) Dims {
                dyn batch, $($raw),*;
                Point: [batch, 2];
                $(data $Upper: Point[batch = $raw];)*
                data Start: Point;
                Point --model--> Point;
                model = linear;
                $(model($Upper) ~ $Upper;)*
            }
        }

        // Averages.
        diagram! {
            pub(crate) Averages {
                dyn batch;
                data Point: [batch, 2];
                Point --model--> Point;
                $(Point --$raw--> Point;)*
                model = linear;
                $($raw = ema(model, decay = 0.9);)*
                $($raw: model ~ $raw;)*
            }
        }

        fn arrows_batch() -> ArrowsBatch {
            let x = || random([4, 2]);
            ArrowsBatch { target: x(), $($raw: x()),* }
        }

        #[test]
        fn arrows_data_and_cells() {
            let device = device();
            let model = ArrowsConfig::new().init(&device);
            $(assert_eq!(model.$raw(random([4, 2])).dims(), [4, 2]);)*
            $(assert_eq!(ArrowsConfig::new().init(&device).$raw.num_params(), 6);)*
            assert_eq!(
                ArrowsMorphism::ALL.iter().map(|one| one.name()).collect::<Vec<_>>(),
                names(),
            );
            $(assert_eq!(format!("r#{}", ArrowsMorphism::$Upper.name()), stringify!($raw));)*
            let batch = arrows_batch();
            let loss = model.loss(batch.clone());
            $(assert_eq!(loss.$raw.dims(), [1]);)*
            assert_eq!(loss.iter().map(|(name, _)| name).collect::<Vec<_>>(), names());
            let gradients = model.gradients(batch);
            $(assert_eq!(gradients.$raw.len(), 3);)*

            let record = model.clone().into_record().into_bytes().unwrap();
            let record = ModuleRecord::from_bytes(record).unwrap();
            let loaded = ArrowsConfig::new().init(&device).load_record(record);
            $(assert_eq!(
                entries(&loaded.$raw.linear_1.weight.val()),
                entries(&model.$raw.linear_1.weight.val())
            );)*
        }

        #[test]
        fn sizes() {
            let mut config = SizesConfig::new().with_gen(5).with_dyn(6);
            assert_eq!((config.r#gen, config.r#dyn), (5, 6));
            $(config.$raw = 1;)*
            let text = config.to_string();
            for name in names() {
                assert!(text.contains(&format!("\"{name}\": 1")), "{name} in {text}");
            }
            assert_eq!(SizesConfig::load_binary(text.as_bytes()).unwrap().to_string(), text);
            let model = config.init(&device());
            assert_eq!(model.model.linear_1.weight.dims(), [2, 1 + names().len()]);
            let x = || random([4, 1]);
            let batch = SizesBatch { point: random([4, 2]), $($raw: x()),* };
            let watched = model.evaluate(batch);
            $(assert_eq!(watched.$raw.dims(), [1]);)*
        }

        #[test]
        fn rates() {
            let mut model = RatesConfig::new().init(&device());
            $(model.hyper.$raw = 0.25;)*
            $(model.weights.$raw = 0.125;)*
            $(assert_eq!((model.config().$raw, model.config().weights.$raw), (0.25, 0.125));)*
            let loss = model.loss(RatesBatch { point: random([4, 2]) });
            $(assert_eq!(loss.$raw.dims(), [1]);)*
        }

        #[test]
        fn dims() {
            let model = DimsConfig::new().init(&device());
            let mut rows = 0..;
            let mut x = || random([rows.next().unwrap() + 1, 2]);
            let batch = DimsBatch { $($raw: x(),)* start: random([3, 2]) };
            assert_eq!(model.loss(batch).total.dims(), [1]);
        }

        #[test]
        fn averages() {
            let mut model = AveragesConfig::new().init(&device());
            $(model.decays.$raw = 0.5;)*
            $(assert_eq!(model.config().decays.$raw.to_bits(), 0.5_f64.to_bits());)*
            let loss = model.loss(AveragesBatch { point: random([4, 2]) });
            $(assert_eq!(loss.$raw.dims(), [1]);)*
            model.update_averages();
            $(assert_eq!(model.$raw(random([4, 2])).dims(), [4, 2]);)*
        }

        fn names() -> Vec<&'static str> {
            let raw = [$(stringify!($raw)),*];
            raw.map(|name| name.trim_start_matches("r#")).to_vec()
        }
    };
}

named! {
    r#as As, r#break Break, r#const Const, r#continue Continue, r#else Else, r#enum Enum,
    r#extern Extern, r#false False, r#fn Fn, r#for For, r#if If, r#impl Impl, r#in In, r#let Let,
    r#loop Loop, r#match Match, r#mod Mod, r#move Move, r#mut Mut, r#pub Pub, r#ref Ref,
    r#return Return, r#static Static, r#struct Struct, r#trait Trait, r#true True, r#type Type,
    r#unsafe Unsafe, r#use Use, r#where Where, r#while While, r#async Async, r#await Await,
    r#dyn Dyn, r#abstract Abstract, r#become Become, r#box Box, r#do Do, r#final Final,
    r#macro Macro, r#override Override, r#priv Priv, r#typeof Typeof, r#unsized Unsized,
    r#virtual Virtual, r#yield Yield, r#try Try, r#gen Gen,
}

/// A module that fills a slot.
#[derive(Module, Debug)]
struct Filling {
    linear: Linear,
}

impl Map<Tensor<2>> for Filling {
    type Output = Tensor<2>;

    fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        self.linear.forward(x)
    }
}

/// A slot, a module of the caller's and dims that arguments do not show.
#[test]
fn others() {
    let device = device();
    let linear = || LinearConfig::new(2, 2).init(&device);
    let modules = OthersModules {
        r#try: Filling { linear: linear() },
        r#become: linear(),
    };
    let model = OthersConfig::new().init(modules, &device);
    assert_eq!(model.r#try(random([3, 2])).dims(), [3, 2]);
    assert_eq!(model.unpack(random([6, 2]), 3, 2).dims(), [3, 2, 2]);
    let batch = OthersBatch {
        r#gen: random([5, 2]),
        r#dyn: random([4, 3, 2]),
    };
    assert_eq!(model.loss(batch.clone()).total.dims(), [1]);
    assert_eq!(model.evaluate(batch).packed.dims(), [1]);
}

diagram! {
    /// A slot, a module and sizes that are told.
    pub(crate) Others {
        dyn r#for, r#in, batch;
        data Gen: [batch, 2];
        data Dyn: [r#for, r#in, 2];
        Flat: [r#for * r#in, 2];
        Gen --r#try--> Gen;
        Gen --r#become--> Gen;
        Dyn --pack--> Flat;
        Flat --unpack--> Dyn;
        Gen * Gen --sum--> Gen;
        r#try = _;
        r#become = Linear;
        pack = reshape[r#for * r#in, 2];
        unpack = reshape[r#for, r#in, 2];
        sum = add;
        r#try >> r#become ~ sum(Gen, Gen);
        watch packed: pack >> unpack ~ Dyn;
    }
}
