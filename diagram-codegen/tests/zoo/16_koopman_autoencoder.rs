pub Koopman(width: usize = 8) {
    dyn batch;  State: [batch, 2];  Code: [batch, width];  data Now, Next, Later: State;
    State --encode--> Code --decode--> State;
    Code --step--> Code;
    encode = linear(32) >> tanh >> linear;  decode = linear(32) >> tanh >> linear;
    step = linear(bias = false);
    rebuild: encode(Now) >> decode           ~ Now;
    advance: encode(Now) >> step             ~ encode(Next);
    predict: encode(Now) >> step >> decode   ~ Next;
    far:     encode(Now) >> step^3 >> decode ~ Later;
}
