use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 6];
        Projection: [batch, 4];

        Image --encode--> Code --project--> Projection --predict--> Projection;
        Image --target--> Projection;

        encode = linear >> relu;
        project = linear;
        predict = linear;
        online = encode >> project;
        target = ema(online, decay = 0.99);

        online >> predict ~ target;
    }
}

fn main() {}
