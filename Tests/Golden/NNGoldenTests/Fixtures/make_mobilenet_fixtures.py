#!/usr/bin/env python3
"""Golden values of the emotion network over MobileNetV3-Small, from PyTorch (torch, torchvision, numpy).

As make_network_fixtures.py: only results are stored, in `mobilenet.json` and `mobilenet.bin`. Run in this folder:
python3 make_mobilenet_fixtures.py
"""
import numpy as np
import torch
import torchvision

from fixtures import Store, fill, sample
from streams import bits, uniform

torch.manual_seed(0)
torch.set_num_threads(1)
store = Store("mobilenet")
LAYOUTS = (torch.contiguous_format, torch.channels_last)
LOSS = torch.nn.CrossEntropyLoss(label_smoothing=0.15)


class MobileEmotionNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = torchvision.models.mobilenet_v3_small(weights=None)
        self.backbone.features[0][0] = torch.nn.Conv2d(1, 16, 3, 2, 1, bias=False)
        self.backbone.classifier = torch.nn.Identity()
        relu, drop = torch.nn.ReLU, torch.nn.Dropout
        self.projection = torch.nn.Sequential(torch.nn.Linear(576, 1280), relu(), drop(0.0))
        self.classifier = torch.nn.Sequential(torch.nn.Linear(1280, 512), relu(), drop(0.0), torch.nn.Linear(512, 6))

    def forward(self, x):
        embedding = self.projection(self.backbone(x))
        return self.classifier(embedding), embedding


def network(precision, layout=torch.contiguous_format):
    return fill(MobileEmotionNet(), 1000).to(precision).to(memory_format=layout)


def batch(seed, count, size):
    x = uniform(seed, (count, 1, size, size), -1.5, 1.5).double()
    return x, torch.from_numpy((bits(seed + 1, count) % np.uint64(6)).astype(np.int64))


def first_step(model, x, y):
    model.train().zero_grad()
    logits, _ = model(x)
    LOSS(logits, y).backward()
    return logits, torch.cat([sample(p.grad.double()) for p in model.parameters()])


def losses(model, x, y):
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.05)
    result = []
    for _ in range(5):
        optimiser.zero_grad()
        loss = LOSS(model(x)[0], y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        result.append(loss.item())
    return result


store.scalars["names"] = [name for name, _ in MobileEmotionNet().named_parameters()]
store.scalars["state"] = list(MobileEmotionNet().state_dict())
for size, count in ((64, 8), (75, 4), (48, 16)):
    name = f"network-{size}"
    x, y = batch(900 + size, count, size)
    exact = network(torch.float64).eval()
    logits, embedding = exact(x)
    store.tensor(f"{name}/evaluation/logits", logits)
    store.tensor(f"{name}/evaluation/embedding", sample(embedding))
    logits, gradients = first_step(exact, x, y)
    store.tensor(f"{name}/logits", logits)
    store.tensor(f"{name}/gradients", gradients)
    store.tensor(f"{name}/statistics", torch.cat([sample(b) for n, b in exact.named_buffers() if "running" in n]))
    # PyTorch's own f32, in its two layouts: how far rounding alone leads from f64.
    own = []
    for layout in LAYOUTS:
        logits32, gradients32 = first_step(
            network(torch.float32, layout), x.float().contiguous(memory_format=layout), y)
        own.append(((logits32 - logits).abs().max().item(), ((gradients32 - gradients).norm() / gradients.norm()).item()))
    store.scalars[f"{name}/logits-distance"] = max(logit for logit, _ in own)
    store.scalars[f"{name}/gradient-distance"] = max(gradient for _, gradient in own)
    print(name, "f32 from f64 (logits, gradients), NCHW and channels_last:", own)

# Five AdamW steps, and how far PyTorch's own f32 leaves f64 at each of them.
x, y = batch(964, 16, 48)
exact = losses(network(torch.float64), x, y)
single = [losses(network(torch.float32, layout), x.float().contiguous(memory_format=layout), y) for layout in LAYOUTS]
store.scalars["losses"] = exact
store.scalars["losses/distance"] = [max(abs(run[step] - exact[step]) for run in single) for step in range(5)]
print(exact, single)
store.write()
