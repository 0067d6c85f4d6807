pub Reading(classes: usize, width: usize = 64) {
    dyn batch;  Image: [batch, 1, 28, 28];  Feature: [batch, width];  Logits: [batch, classes];
    data Photo: Image;  data Label: Int[batch];
    Image --trunk--> Feature --head--> Logits;
    trunk = conv2d(16, kernel = 3, padding = 1) >> relu >> max_pool2d(2)   // [batch, 16, 14, 14]
        >> flatten >> linear(width) >> relu;                               // from 3136
    head = linear;
    fit: trunk(Photo) >> head ~ Label by cross_entropy;
}
pub Joint {
    digits:  include Reading(classes = 10) over trunk;
    letters: include Reading(classes = 26) over trunk;
}
pub Few {
    kana: include Reading(classes = 49) over trunk;
    frozen trunk;
}
