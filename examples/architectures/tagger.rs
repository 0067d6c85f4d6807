use diagrammatic::prelude::*;

diagram! {
    /// A tagger of words by an LSTM in both directions (Huang 2015,
    /// [arXiv 1508.01991](https://arxiv.org/abs/1508.01991), figure 4), for sentences of any length.
    pub Tagger(words: usize = 10_000, tags: usize = 9, width: usize = 100, hidden: usize = 100) {
        dyn batch, length;

        data Sentence: Int[batch, length];
        data Tag: Int[batch, length];
        Scores: [batch, length, tags];

        Sentence --model--> Scores;
        model = embedding(words, width) >> dropout(0.5) >> bi_lstm(hidden) >> linear;

        fit: model ~ Tag by cross_entropy;
        watch accuracy: model ~ Tag by accuracy;
    }
}
