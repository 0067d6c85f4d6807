pub Fusion(width: usize = 256) {
    dyn batch, seq;  data Image: [batch, 3, 64, 64];  data Text: Int[batch, seq];
    data Present: Bool[batch];  data Label: Int[batch];  Embedding: [batch, width] by cosine;
    Logits: [batch, 10];
    Image --see--> Embedding <--read-- Text;
    Image * Text --both--> Embedding --tell--> Logits;
    see  = ImageTower: ImageTowerConfig::new(width);  read = TextTower: TextTowerConfig::new(width);
    both = JointTower: JointTowerConfig::new(width);  tell = linear;
    commutes at Embedding mask Present;
    from_image: see  >> tell ~ Label by cross_entropy;
    from_both:  both >> tell ~ Label by cross_entropy mask Present;
}
