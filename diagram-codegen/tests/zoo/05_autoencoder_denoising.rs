pub Denoising(code: usize = 32) {
    dyn batch;  data Image: [batch, 784];  Code: [batch, code];
    Image --encoder--> Code --decoder--> Image;
    Image --corrupt--> Image;
    encoder = linear(128) >> relu >> linear;
    decoder = linear(128) >> relu >> linear >> sigmoid;
    corrupt = fn noise::salt_and_pepper;
    plain:   encoder >> decoder ~ Image;
    denoise: corrupt >> encoder >> decoder ~ Image;
}
