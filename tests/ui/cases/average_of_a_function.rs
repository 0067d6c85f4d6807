use diagrammatic::diagram;

fn flip(image: burn::tensor::Tensor<2>) -> burn::tensor::Tensor<2> {
    image.flip([1])
}

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --crop--> Image <--slow_crop-- Image;
        Image --online--> Code;

        crop = fn flip;
        online = linear;
        slow_crop = ema(crop, decay = 0.99);

        crop >> online ~ slow_crop >> online;
    }
}

fn main() {}
