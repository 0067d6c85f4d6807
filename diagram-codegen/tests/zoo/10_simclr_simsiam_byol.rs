pub Views(width: usize = 2048) {
    dyn batch;  data Image: [batch, 3, 32, 32];  View: [batch, 3, 32, 32];  Projection: [batch, width];
    Image --left--> View <--right-- Image;
    View --online--> Projection;
    left   = fn crate::augment;  right = fn crate::augment;
    online = crate::Encoder: crate::EncoderConfig::new(width);
}
pub SimClr {
    include Views;
    pull: left >> online ~ right >> online by info_nce(temperature = 0.5);
}
pub SimSiam {
    include Views;
    Projection --predict--> Projection;
    predict = linear(512) >> batch_norm >> relu >> linear;
    there: left  >> online >> predict ~ stop(right >> online) by cosine weight 0.5;
    back:  right >> online >> predict ~ stop(left  >> online) by cosine weight 0.5;
}
pub Byol {
    include Views;
    View --target--> Projection --predict--> Projection;
    predict = linear(4096) >> batch_norm >> relu >> linear;
    target  = ema(online, decay = 0.996);
    there: left  >> online >> predict ~ right >> target by cosine weight 2.0;
    back:  right >> online >> predict ~ left  >> target by cosine weight 2.0;
}
