use diagrammatic::diagram;

diagram! {
    pub Ahead(horizon: usize = 3) {
        dyn batch, steps;

        data State: [batch, 2];
        data Later: State;
        data Word: Int[batch, steps];
        Code: [batch, 4];
        Pair: [batch, 2];

        State --encode--> Code;
        Code --step--> Code;
        State --double--> State[batch = 2 * batch];
        encode = linear;
        step = linear;
        double = reshape[2 * batch, 1] >> linear;

        far: encode^horizon ~ step(encode(Later));
        longer: State >> double^horizon ~ Later;
        dynamic: encode >> step^steps ~ encode(Later);
        none: encode >> step^0 ~ encode(Later);
        flat: encode >> horizon^step ~ encode(Later);
    }
}

fn main() {}
