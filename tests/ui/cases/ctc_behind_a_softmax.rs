#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Speech {
        dyn time, batch, length;

        data Sound: [time, batch, 40];
        data Said: Int[batch, length];
        data Times, Lengths: Int[batch];
        Letters: [time, batch, 28];

        Sound --hear--> Letters;
        hear = linear(64) >> relu >> linear >> softmax(2);

        minimize (hear, Said, Times, Lengths) by ctc;
    }
}

fn main() {}
