use diagrammatic::prelude::*;

diagram! {
    /// ViT-B/16 (Dosovitskiy 2021, [arXiv 2010.11929](https://arxiv.org/abs/2010.11929), table 1): its learned
    /// positions are those of 14 x 14 patches.
    pub Vit(classes: usize = 1000, rate: f64 = 0.1) {
        dyn batch;

        data Image: [batch, 3, 224, 224];
        data Label: Int[batch];
        Patches: [batch, 196, 768];
        Token: [1, 1, 768];
        Positions: [1, 197, 768];
        Sequence: [batch, 197, 768];
        Logits: [batch, classes];

        Image --cut--> Patches;
        () --token--> Token;
        () --positions--> Positions;
        Token * Patches --join--> Sequence;
        Sequence * Positions --place--> Sequence;
        Sequence --encode--> Sequence --name--> Logits;

        cut = conv2d(768, kernel = 16, stride = 16) >> reshape[batch, 768, 196] >> permute[0, 2, 1];
        token = parameter(initializer = zeros);
        positions = parameter(initializer = normal(std = 0.02));
        join = expand[batch, 1, 768] * identity >> concat(1);
        place = identity * expand[batch, 197, 768] >> add >> dropout(rate);
        encode = repeat(12,
                residual(layer_norm(epsilon = 1e-6) >> multi_head_attention(12, dropout = rate) >> dropout(rate))
                >> residual(layer_norm(epsilon = 1e-6) >> linear(3072) >> gelu >> dropout(rate) >> linear >> dropout(rate))
            ) >> layer_norm(epsilon = 1e-6);
        name = narrow(1, 0, 1) >> squeeze(1) >> linear;

        model = token * cut >> join * positions >> place >> encode >> name;

        fit: model ~ Label by cross_entropy;
        watch accuracy: model ~ Label by accuracy;
    }
}
