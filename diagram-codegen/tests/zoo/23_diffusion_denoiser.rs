pub Diffusion {
    dyn batch;  data Image: [batch, 3, 32, 32];  data Time: Int[batch];
    Noise: [batch, 3, 32, 32];  Noisy: [batch, 3, 32, 32];
    Image --draw--> Noise;
    Image * Noise * Time --blend--> Noisy;
    Noisy * Time --denoise--> Noise;
    draw = |image| image.random_like(Distribution::Normal(0.0, 1.0));
    blend = Schedule: ScheduleConfig::new(1000);  denoise = Unet: UnetConfig::new();
    fit: denoise(blend(Image, draw, Time), Time) ~ draw;
}
