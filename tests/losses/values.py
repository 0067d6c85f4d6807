"""The losses as PyTorch has them, on ends that src/loss/tests.rs has too: a name and a value a line,
then gradients.

Run with any PyTorch: python tests/losses/values.py
"""

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(*shape, phase=0.0, scale=2.0):
    """Entries that anyone can make: scale * sin(1.7 i + phase), in order."""
    count = torch.tensor(shape).prod().item()
    return (scale * torch.sin(1.7 * torch.arange(count, dtype=torch.float64) + phase)).reshape(shape)


p, t = wave(4, 3), wave(4, 3, phase=0.5)
q = wave(4, 3, phase=1.1)
classes = torch.tensor([2, 0, 1, 1])
ignoring = torch.tensor([2, -100, 1, -100])
shares = F.softmax(t, 1)
signs = torch.tensor([1.0, -1.0, -1.0, 1.0])
each = torch.tensor([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, -1.0]])
soft = torch.sigmoid(t)
positive = t.abs() + 0.1
counts = (3.0 * t.abs()).floor()
weights = torch.tensor([0.5, 2.0, 1.5])



def info_nce(one, other, temperature):
    logits = F.normalize(one, dim=1) @ F.normalize(other, dim=1).T / temperature
    partner = torch.arange(len(one))
    return (F.cross_entropy(logits, partner) + F.cross_entropy(logits.T, partner)) / 2


def nt_xent(one, other, temperature):
    both = F.normalize(torch.cat([one, other]), dim=1)
    logits = (both @ both.T / temperature).fill_diagonal_(-torch.inf)
    return F.cross_entropy(logits, torch.arange(2 * len(one)).roll(len(one)))


def barlow_twins(one, other, weight):
    norm = lambda x: F.batch_norm(x, None, None, training=True)
    c = norm(one).T @ norm(other) / len(one)
    on, off = c.diagonal(), c - torch.diag(c.diagonal())
    return (1 - on).square().sum() + weight * off.square().sum()


values = {
    "mse": F.mse_loss(p, t),
    "mse_sum": F.mse_loss(p, t, reduction="sum") / 4,
    "l1": F.l1_loss(p, t),
    "lp_3": (p - t).abs().pow(3).mean(),
    "huber": F.huber_loss(p, t, delta=0.7),
    "smooth_l1": F.smooth_l1_loss(p, t, beta=0.7),
    "poisson_nll": F.poisson_nll_loss(p, counts, full=False),
    "poisson_nll_full": F.poisson_nll_loss(p, counts, full=True),
    "poisson_nll_rate": F.poisson_nll_loss(positive, counts, log_input=False),
    "gaussian_nll": F.gaussian_nll_loss(p, t, positive),
    "gaussian_nll_full": F.gaussian_nll_loss(p, t, positive, full=True),
    "binary_cross_entropy": F.binary_cross_entropy(torch.sigmoid(p), soft),
    "binary_cross_entropy_logits": F.binary_cross_entropy_with_logits(p, soft),
    "hinge_embedding": F.hinge_embedding_loss(p.abs(), each),
    "soft_margin": F.soft_margin_loss(p, each),
    "margin_ranking": F.margin_ranking_loss(p, t, each, margin=0.3),
    "cross_entropy": F.cross_entropy(p, classes),
    "cross_entropy_smoothing": F.cross_entropy(p, classes, label_smoothing=0.1),
    "cross_entropy_weights": F.cross_entropy(p, classes, weight=weights),
    "cross_entropy_both": F.cross_entropy(p, classes, weight=weights, label_smoothing=0.1),
    "cross_entropy_pad": F.cross_entropy(p, classes, ignore_index=1),
    "cross_entropy_ignore": F.cross_entropy(p, ignoring, ignore_index=-100),
    "cross_entropy_ignore_all": F.cross_entropy(
        p, ignoring, weight=weights, label_smoothing=0.1, ignore_index=-100
    ),
    "soft_cross_entropy": F.cross_entropy(p, shares),
    "soft_cross_entropy_both": F.cross_entropy(p, shares, weight=weights, label_smoothing=0.1),
    "multi_margin": F.multi_margin_loss(p, classes),
    "multi_margin_2": F.multi_margin_loss(p, classes, p=2, margin=0.8),
    "kl": 4.0 * F.kl_div(F.log_softmax(p / 2, 1), F.softmax(t / 2, 1), reduction="batchmean"),
    "kl_normal": torch.distributions.kl_divergence(
        torch.distributions.Independent(torch.distributions.Normal(p, (t / 2).exp()), 1),
        torch.distributions.Independent(
            torch.distributions.Normal(torch.zeros(4, 3), torch.ones(4, 3)), 1
        ),
    ).mean(),
    "cosine": (1 - F.cosine_similarity(p, t, dim=1)).mean(),
    "cosine_embedding": F.cosine_embedding_loss(p, t, signs, margin=0.2),
    "triplet": F.relu((p - q).square().sum(1) - (p - t).square().sum(1) + 1).mean(),
    "triplet_margin": F.triplet_margin_loss(p, q, t, eps=0.0),
    "triplet_margin_3": F.triplet_margin_loss(p, q, t, p=3.0, eps=0.0),
    "info_nce": info_nce(p, t, 0.5),
    "info_nce_inside": nt_xent(p, t, 0.5),
    "barlow_twins": barlow_twins(p, t, 0.005),
    "variance": F.relu(1 - (0.3 * p.var(0) + 1e-4).sqrt()).mean(),
    "covariance": (torch.cov(p.T).square().sum() - p.var(0).square().sum()) / 3,
    "ctc": F.ctc_loss(
        F.log_softmax(wave(5, 2, 4), 2),
        torch.tensor([[1, 2, 2], [3, 1, 0]]),
        torch.tensor([5, 4]),
        torch.tensor([3, 2]),
    ),
}

# By the first end, entry by entry.
gradients = {
    "cross_entropy_ignore": lambda p: F.cross_entropy(p, ignoring, ignore_index=-100),
    "cross_entropy_ignore_all": lambda p: F.cross_entropy(
        p, ignoring, weight=weights, label_smoothing=0.1, ignore_index=-100
    ),
    "soft_cross_entropy_both": lambda p: F.cross_entropy(
        p, shares, weight=weights, label_smoothing=0.1
    ),
}

for name, value in values.items():
    print(f"{name} {value.item():.9f}")
for name, loss in gradients.items():
    at = p.clone().requires_grad_()
    loss(at).backward()
    print(f"{name} by p", *(f"{entry:.6f}" for entry in at.grad.flatten()))
