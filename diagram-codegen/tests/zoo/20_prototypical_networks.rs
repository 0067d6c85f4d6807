pub Prototypes {
    dyn ways, shots, queries;
    Image: [queries, 1, 28, 28];  Code: [queries, 64];  Means: [ways, 64];  Scores: [queries, ways];
    data Query: Image;  data Class: Int[queries];  data Support: [ways, shots, 1, 28, 28];
    Support --pack--> Image[queries = ways * shots];
    Image --embed--> Code;
    Code[queries = ways * shots] --means--> Means;
    Code * Means --compare--> Scores;
    pack    = reshape[ways * shots, 1, 28, 28];
    embed   = conv2d(32, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)  // [queries, 32, 14, 14]
        >> conv2d(64, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)      // [queries, 64, 7, 7]
        >> flatten >> linear;                                                              // from 3136
    means   = reshape[ways, shots, 64] >> mean(shots);
    compare = fn distances::negative_squared;
    fit: compare(embed(Query), pack >> embed >> means) ~ Class by cross_entropy;
}
