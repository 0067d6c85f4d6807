pub Equivariant {
    dyn batch;  data Image: [batch, 1, 32, 32];  data Angle: [batch];  data Label: Int[batch];
    Code: [batch, 16, 2];  Logits: [batch, 10];
    Image * Angle --turn--> Image --encode--> Code --read--> Logits;
    Code * Angle --act--> Code;
    turn   = fn geometry::rotate;  act = fn geometry::rotate_pairs;
    encode = conv2d(16, kernel = 5, stride = 2, padding = 2) >> relu       // [batch, 16, 16, 16]
        >> flatten >> linear(32) >> reshape[batch, 16, 2];
    read   = flatten >> linear;                                            // from 32
    square: turn >> encode ~ act(encode, Angle);
    fit:    encode >> read ~ Label by cross_entropy;
}
