"""The figures of tests/reference.rs, from the closed forms and from Newton's method, in double precision.

Run with any NumPy: python tests/reference/values.py
"""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent


def rows(path):
    return np.loadtxt(path, delimiter=",", dtype=np.float64)


def wine_floor(dims):
    """What no linear code of `dims` numbers falls below: the share of the variance in the other directions."""
    wine = rows(ROOT / "wine.csv")[:, :13]
    standard = (wine - wine.mean(0)) / wine.std(0)
    spectrum = np.linalg.svd(standard, compute_uv=False) ** 2 / standard.size
    return spectrum[dims:].sum()


def softmax_regression(penalty):
    """The least cross-entropy + penalty * |W|² on the digits, the bias free. Strictly convex but for a shift of the bias."""
    digits = rows(ROOT / "../../examples/data/digits.csv")
    x, label = digits[:, :64] / 16, digits[:, 64].astype(int)
    x = np.hstack([x, np.ones((len(x), 1))])
    target = np.eye(10)[label]
    ridge = np.append(np.full(64, penalty), 0.0)
    w = np.zeros((65, 10))

    def objective(w):
        logits = x @ w
        top = logits.max(1, keepdims=True)
        norm = top[:, 0] + np.log(np.exp(logits - top).sum(1))
        return (norm - (logits * target).sum(1)).mean() + (ridge[:, None] * w**2).sum()

    for _ in range(50):
        logits = x @ w
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        gradient = x.T @ (chances - target) / len(x) + 2 * ridge[:, None] * w
        curvature = np.einsum("nk,kl->nkl", chances, np.eye(10)) - np.einsum("nk,nl->nkl", chances, chances)
        hessian = np.einsum("ni,nkl,nj->ikjl", x, curvature, x, optimize=True).reshape(650, 650) / len(x)
        hessian += np.diag(np.repeat(2 * ridge, 10))
        # The shift of the bias that changes nothing has curvature 0: the least step is taken.
        step = (np.linalg.pinv(hessian, rcond=1e-12) @ gradient.ravel()).reshape(w.shape)
        w -= step
        if np.abs(step).max() < 1e-12:
            return objective(w)
    raise RuntimeError("Newton's method did not settle")


def koopman(dt):
    """x₁, x₂ - c x₁² and x₁² are eigenfunctions of the flow, so the eigenvalues are exponentials."""
    mu, rate = -0.05, -1.0
    return np.exp(np.array([mu, 2 * mu, rate]) * dt)


print("wine_floor", f"{wine_floor(2):.6f}")
print("softmax_regression", f"{softmax_regression(0.005):.6f}")
print("koopman", *(f"{value:.6f}" for value in koopman(0.1)))
