pub Mutual {
    dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];  Logits: [batch, 10] by kl;
    Image --left--> Logits <--right-- Image;
    left = MobileNet: MobileNetConfig::new(10);  right = WideResnet: WideResnetConfig::new(10);
    left_fit:   left ~ Label by cross_entropy;   right_fit:   right ~ Label by cross_entropy;
    left_hears: left ~ stop(right);              right_hears: right ~ stop(left);
}
