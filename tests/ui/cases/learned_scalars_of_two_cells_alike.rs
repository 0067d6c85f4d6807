use diagrammatic::diagram;

diagram! {
    pub Pair {
        dyn batch;

        data Image: [batch, 784];
        data Caption: [batch, 300];
        Code: [batch, 64];

        Image --look--> Code <--read-- Caption;
        look = linear;
        read = linear;

        look ~ read by huber(delta = learned(0.5)) weight learned;
        look ~ read by huber(delta = learned(2.0)) weight learned;
    }
}

fn main() {}
