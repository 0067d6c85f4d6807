use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Words: [batch, seq, 32];
        data Hidden: [batch, 64];
        data Next: [batch, seq, 64];

        Words * Hidden --speak--> Next;
        speak = lstm(64);

        speak ~ Next;
    }
}

fn main() {}
