use diagrammatic::diagram;

diagram! {
    pub Views {
        dyn batch;

        Image: [batch, 6];
        data Left, Right: Image;

        Image --model--> Image;
        Image --aim--> Image;
        model = linear;
        aim = linear;

        fit: model(Left) ~ stop(aim(Right));
        nothing: stop(model(Left)) ~ aim(stop(Right)) weight 0.0;
        both: stop(model(Left)) ~ stop(aim(Right));
    }
}

fn main() {}
