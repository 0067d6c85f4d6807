pub VicReg {
    include Views;
    same: left >> online ~ right >> online weight 25.0;
    spread_left:  minimize left  >> online by variance weight 25.0;  apart_left:  minimize left  >> online by covariance;
    spread_right: minimize right >> online by variance weight 25.0;  apart_right: minimize right >> online by covariance;
}
pub BarlowTwins {
    include Views;
    cross: left >> online ~ right >> online by losses::cross_correlation;
}
