pub Pretrained {
    dyn batch;  data Image: [batch, 3, 224, 224];  Feature: [batch, 768];
    Image --encoder--> Feature;  encoder = Vit;
}
pub Adapted {
    dyn batch;  data Image: [batch, 3, 224, 224];  data Label: Int[batch];
    Feature: [batch, 768];  Logits: [batch, 100];
    Image --vit--> Feature --head--> Logits;
    vit = lora(Vit, rank = 8, alpha = 16.0);  head = linear;
    fit: vit >> head ~ Label by cross_entropy;
}
