pub Captioner(vocab: usize, hidden: usize = 512) {
    dyn batch, seq;  data Image: [batch, 3, 224, 224];  data Prefix: Int[batch, seq];
    data Next: Int[batch, seq];  data Real: Bool[batch, seq];  Feature: [batch, 2048];
    Memory: [batch, hidden];  Hidden: [batch, hidden];
    Words: [batch, seq, hidden];  Scores: [batch, seq, vocab];
    Image --see--> Feature --begin--> Memory * Hidden;
    Prefix --embed--> Words;
    Words * Memory * Hidden --speak--> Scores;
    see = frozen Resnet;  begin = (linear, linear);
    embed = embedding(vocab, hidden);  speak = lstm(hidden) >> linear;
    words: speak(embed, see >> begin) ~ Next by cross_entropy mask Real;
}
