use diagrammatic::diagram;

diagram! {
    pub Views {
        dyn batch;

        Image: [batch, 6];
        data Left, Right: Image;

        Image --model--> Image;
        model = linear;

        model(Left) ~ stop(model(Right), Left);
        stopped: stop(model(Left)) ~ stop(model(Right));
        after: model(Left) >> stop(model) ~ Right;
    }
}

fn main() {}
