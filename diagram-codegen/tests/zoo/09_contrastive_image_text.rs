pub Clip(width: usize = 512) {
    dyn batch, seq;  data Image: [batch, 3, 224, 224];  data Caption: Int[batch, seq];
    Embedding: [batch, width];
    Image --look--> Embedding <--read-- Caption;
    look = Vit: VitConfig::new(width);  read = TextTower: TextTowerConfig::new(width);
    pair: look ~ read by info_nce(temperature = learned(0.07));
}
