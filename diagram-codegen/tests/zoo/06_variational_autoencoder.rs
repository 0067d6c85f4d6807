pub Vae(latent: usize = 16, beta: f64 = 1.0) {
    dyn batch;  data Image: [batch, 784];  Latent: [batch, latent];  LogVar: [batch, latent];
    Image --encode--> Latent * LogVar --sample--> Latent --decode--> Image;
    encode = linear(400) >> relu >> (linear, linear);
    sample = |mean, log_var| mean.clone()
        + (log_var * 0.5).exp() * mean.random_like(Distribution::Normal(0.0, 1.0));
    decode = linear(400) >> relu >> linear >> sigmoid;
    rebuild: encode >> sample >> decode ~ Image by mse(reduce = sum) weight 0.5;
    prior: minimize encode by kl_normal weight beta;
    watch sharp: encode.Latent >> decode ~ Image;
}
