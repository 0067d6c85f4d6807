"""The models of the step bench in PyTorch: where Burn itself stands.

    pip install torch numpy
    python benches/pytorch.py [--threads N] [--steps N]

Prints the median time of one training step (forward, backward, Adam) of each, to be read beside what
`cargo bench -p diagrammatic-benches --bench step` prints on the same machine.
"""

import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


def mlp(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def distillation():
    teacher = mlp([64, 256, 256, 10]).requires_grad_(False)
    student = mlp([64, 32, 10])
    image, label = torch.rand(64, 64), torch.randint(10, (64,))

    def loss():
        logits = student(image)
        soft = F.kl_div(
            F.log_softmax(logits / 4.0, 1),
            F.log_softmax(teacher(image) / 4.0, 1),
            reduction="batchmean",
            log_target=True,
        )
        return 0.7 * 16.0 * soft + 0.3 * F.cross_entropy(logits, label)

    return student, loss


def convolution():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 7 * 7, 10),
    )
    image, label = torch.rand(32, 1, 28, 28), torch.randint(10, (32,))
    return model, lambda: F.cross_entropy(model(image), label)


def perceptron():
    model = mlp([784, 256, 256, 10])
    image, label = torch.rand(128, 784), torch.randint(10, (128,))
    return model, lambda: F.cross_entropy(model(image), label)


def measure(name, model, loss, steps):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-6)
    seconds = []
    for step in range(50 + steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        if step >= 50:
            seconds.append(time.perf_counter() - start)
    print(f"{name:24}  {statistics.median(seconds) * 1e6:9.1f} us  {steps} steps")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    print(f"PyTorch {torch.__version__}, {options.threads} threads")
    for name, model in [
        ("distillation (batch 64)", distillation),
        ("convolution (batch 32)", convolution),
        ("perceptron (batch 128)", perceptron),
    ]:
        measure(name, *model(), options.steps)


if __name__ == "__main__":
    main()
