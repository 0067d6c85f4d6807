use diagrammatic::diagram;

diagram! {
    pub Mixing(channels: usize = 8, parts: usize = 2) {
        dyn batch;

        data Image: [batch, channels, 8, 8];

        Image --mix--> Image;
        mix = conv2d(kernel = 3, padding = 1, groups = parts);

        mix ~ Image;
    }
}

fn main() {}
