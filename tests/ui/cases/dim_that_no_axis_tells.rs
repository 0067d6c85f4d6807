use diagrammatic::diagram;

diagram! {
    pub Episodes {
        dyn ways, shots;

        data Images: [ways * shots];
        data Given: [ways, shots];
        Grid: [ways, shots];

        Images --lay--> Grid;
        Given --mix--> Grid;
        lay = reshape[ways, shots];
        mix = tanh;

        watch same: lay ~ mix by mse;
    }
}

fn main() {}
