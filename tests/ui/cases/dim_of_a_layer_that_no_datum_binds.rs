use diagrammatic::diagram;

diagram! {
    pub Episodes {
        dyn images, ways, shots;
        where images == ways * shots;

        data Image: [images, 64];
        data Mean: [64];

        Image --centre--> Mean;
        centre = residual(reshape[ways, shots, 64] >> tanh >> reshape[images, 64]) >> linear(64) >> mean(images);

        centre ~ Mean by mse;
    }
}

fn main() {}
