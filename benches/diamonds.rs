//! A loss and its gradients, of as many diamonds in a row as one likes: by the plan, in which equal paths are one,
//! and path by path.
//!
//! `cargo bench -p diagrammatic-benches --bench diamonds`, with `-- --quick` for a look that it runs.
//!
//! A diamond is two ways from a space to itself, over two others. n of them in a row have 2ⁿ ways from the first
//! point to the last, but only 4n distinct applications. Written as n cells over named composites, the diagram says
//! of all of them that they agree; what it costs is to grow with n. Path by path, each way is compared with the first,
//! and each is evaluated for itself.

use std::time::Instant;

use diagrammatic::burn;
use diagrammatic::diagram;
use diagrammatic_benches::{Median, quick};

use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::tanh;
use burn::tensor::{Device, Distribution, Tensor};

const BATCH: usize = 32;
const WIDTH: usize = 16;

/// Diamonds in a row, each with its arrows, its cell and the composite before it.
macro_rules! in_a_row {
    ($name:ident $([$p:ident $f:ident $g:ident $h:ident $k:ident $c:ident $before:ident])*) => {
        diagram! {
            $name {
                dyn batch;
                data X: [batch, 16];
                Left: [batch, 16];
                Right: [batch, 16];

                X --f0--> Left --h0--> X;
                X --g0--> Right --k0--> X;
                f0 = linear >> tanh;
                g0 = linear >> tanh;
                h0 = linear;
                k0 = linear;
                p0 = f0 >> h0;
                c0: p0 ~ g0 >> k0;
                $(
                    X --$f--> Left --$h--> X;
                    X --$g--> Right --$k--> X;
                    $f = linear >> tanh;
                    $g = linear >> tanh;
                    $h = linear;
                    $k = linear;
                    $p = $before >> $f >> $h;
                    $c: $p ~ $before >> $g >> $k;
                )*
            }
        }
    };
}

macro_rules! of_2 {
    ($name:ident $($more:tt)*) => {
        in_a_row! {
            $name
            [p1 f1 g1 h1 k1 c1 p0]
            $($more)*
        }
    };
}

macro_rules! of_4 {
    ($name:ident $($more:tt)*) => {
        of_2! {
            $name
            [p2 f2 g2 h2 k2 c2 p1]
            [p3 f3 g3 h3 k3 c3 p2]
            $($more)*
        }
    };
}

macro_rules! of_6 {
    ($name:ident $($more:tt)*) => {
        of_4! {
            $name
            [p4 f4 g4 h4 k4 c4 p3]
            [p5 f5 g5 h5 k5 c5 p4]
            $($more)*
        }
    };
}

macro_rules! of_8 {
    ($name:ident $($more:tt)*) => {
        of_6! {
            $name
            [p6 f6 g6 h6 k6 c6 p5]
            [p7 f7 g7 h7 k7 c7 p6]
            $($more)*
        }
    };
}

macro_rules! of_10 {
    ($name:ident $($more:tt)*) => {
        of_8! {
            $name
            [p8 f8 g8 h8 k8 c8 p7]
            [p9 f9 g9 h9 k9 c9 p8]
            $($more)*
        }
    };
}

macro_rules! of_16 {
    ($name:ident $($more:tt)*) => {
        of_10! {
            $name
            [p10 f10 g10 h10 k10 c10 p9]
            [p11 f11 g11 h11 k11 c11 p10]
            [p12 f12 g12 h12 k12 c12 p11]
            [p13 f13 g13 h13 k13 c13 p12]
            [p14 f14 g14 h14 k14 c14 p13]
            [p15 f15 g15 h15 k15 c15 p14]
            $($more)*
        }
    };
}

macro_rules! of_32 {
    ($name:ident $($more:tt)*) => {
        of_16! {
            $name
            [p16 f16 g16 h16 k16 c16 p15]
            [p17 f17 g17 h17 k17 c17 p16]
            [p18 f18 g18 h18 k18 c18 p17]
            [p19 f19 g19 h19 k19 c19 p18]
            [p20 f20 g20 h20 k20 c20 p19]
            [p21 f21 g21 h21 k21 c21 p20]
            [p22 f22 g22 h22 k22 c22 p21]
            [p23 f23 g23 h23 k23 c23 p22]
            [p24 f24 g24 h24 k24 c24 p23]
            [p25 f25 g25 h25 k25 c25 p24]
            [p26 f26 g26 h26 k26 c26 p25]
            [p27 f27 g27 h27 k27 c27 p26]
            [p28 f28 g28 h28 k28 c28 p27]
            [p29 f29 g29 h29 k29 c29 p28]
            [p30 f30 g30 h30 k30 c30 p29]
            [p31 f31 g31 h31 k31 c31 p30]
            $($more)*
        }
    };
}

of_2!(Two);
of_4!(Four);
of_6!(Six);
of_8!(Eight);
of_10!(Ten);
of_16!(Sixteen);
of_32!(ThirtyTwo);

/// The seconds of a loss and its gradients.
type Timed = Box<dyn Fn() -> f64>;

/// The diagram of so many diamonds.
macro_rules! planned {
    ($name:ident, $config:ident, $batch:ident, $x:expr) => {{
        let (model, x) = ($config::new().init(&$x.device()), $x.clone());
        let count = $name::diagram().trained_cells().count();
        let timed: Timed = Box::new(move || {
            let start = Instant::now();
            let loss = model.loss($batch { x: x.clone() });
            let _gradients = loss.total.backward();
            start.elapsed().as_secs_f64()
        });
        (count, timed)
    }};
}

/// The same by hand, each way for itself.
struct Ways {
    /// Two ways, of two layers each.
    diamonds: Vec<[[Linear; 2]; 2]>,
}

impl Ways {
    fn new(count: usize, device: &Device) -> Self {
        let way = || [(); 2].map(|()| LinearConfig::new(WIDTH, WIDTH).init(device));
        let diamonds = (0..count).map(|_| [way(), way()]);
        Ways {
            diamonds: diamonds.collect(),
        }
    }

    /// The way that turns as the bits of a number say.
    fn along(&self, turns: usize, x: Tensor<2>) -> Tensor<2> {
        let diamonds = self.diamonds.iter().enumerate();
        diamonds.fold(x, |x, (index, ways)| {
            let [first, second] = &ways[turns >> index & 1];
            second.forward(tanh(first.forward(x)))
        })
    }

    fn timed(&self, x: &Tensor<2>) -> f64 {
        let start = Instant::now();
        let first = self.along(0, x.clone());
        let others = (1..1 << self.diamonds.len()).map(|turns| {
            let off = self.along(turns, x.clone()) - first.clone();
            off.square().mean()
        });
        let total = others.reduce(|total, other| total + other);
        let _gradients = total.map(|total| total.backward());
        start.elapsed().as_secs_f64()
    }
}

fn main() {
    let device = Device::flex().autodiff();
    device.seed(1);
    let x = Tensor::random([BATCH, WIDTH], Distribution::Normal(0.0, 1.0), &device);
    let all = [
        planned!(Two, TwoConfig, TwoBatch, x),
        planned!(Four, FourConfig, FourBatch, x),
        planned!(Six, SixConfig, SixBatch, x),
        planned!(Eight, EightConfig, EightBatch, x),
        planned!(Ten, TenConfig, TenBatch, x),
        planned!(Sixteen, SixteenConfig, SixteenBatch, x),
        planned!(ThirtyTwo, ThirtyTwoConfig, ThirtyTwoBatch, x),
    ];
    let samples = if quick() { 3 } else { 200 };
    // All sizes take turns, so that what else the machine does meets them alike.
    let mut seconds = vec![Vec::new(); all.len()];
    for sample in 0..=samples {
        for ((_, timed), seconds) in all.iter().zip(&mut seconds) {
            let taken = timed();
            // The first is to warm up.
            if sample > 0 {
                seconds.push(taken);
            }
        }
    }
    println!("diamonds   by the plan, us                    path by path, us");
    for ((count, _), seconds) in all.iter().zip(&seconds) {
        let plan = Median::of(&micros(seconds));
        let by_path = (*count <= 10).then(|| {
            let ways = Ways::new(*count, &device);
            let samples = if quick() { 2 } else { 10 };
            let seconds: Vec<_> = (0..=samples).map(|_| ways.timed(&x)).skip(1).collect();
            Median::of(&micros(&seconds))
        });
        let by_path = by_path.map_or_else(String::new, |median| format!("{median:.0}"));
        println!("{count:8}   {:30}   {by_path}", format!("{plan:.0}"));
    }
    let ratio = |(one, other): (&f64, &f64)| one / other;
    if let [.., eight, _, _, thirty_two] = seconds.as_slice() {
        let ratios: Vec<_> = thirty_two.iter().zip(eight).map(ratio).collect();
        println!("time(32) / time(8)  {}", Median::of(&ratios));
    }
}

fn micros(seconds: &[f64]) -> Vec<f64> {
    seconds.iter().map(|seconds| seconds * 1e6).collect()
}
