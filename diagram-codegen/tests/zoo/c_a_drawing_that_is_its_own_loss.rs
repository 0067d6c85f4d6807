pub TwoEncoders(code: usize = 16) {
    dyn batch;  data Image: [batch, 784];  data Sound: [batch, 128];  Code: [batch, code];
    Image --see--> Code <--hear-- Sound;
    Code --decode--> Image;
    see = linear(128) >> relu >> linear;  hear = linear(64) >> relu >> linear;
    decode = linear(128) >> relu >> linear;
    commutes;
}
