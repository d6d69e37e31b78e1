#!/usr/bin/env python3
"""Golden values of the whole emotion network, from PyTorch (torch, torchvision, numpy).

As make_layer_fixtures.py: only results are stored, in `network.json` and `network.bin`. Run in this folder:
python3 make_network_fixtures.py
"""
import numpy as np
import torch
import torchvision

from fixtures import Store, fill, sample
from streams import bits, uniform

torch.manual_seed(0)
torch.set_num_threads(2)
store = Store("network")


class EmotionNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = torchvision.models.densenet121(weights=None)
        self.backbone.features.conv0 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        self.backbone.classifier = torch.nn.Identity()
        relu, drop = torch.nn.ReLU, torch.nn.Dropout
        self.projection = torch.nn.Sequential(torch.nn.Linear(1024, 1280), relu(), drop(0.0))
        self.classifier = torch.nn.Sequential(torch.nn.Linear(1280, 512), relu(), drop(0.0), torch.nn.Linear(512, 6))

    def forward(self, x):
        embedding = self.projection(self.backbone(x))
        return self.classifier(embedding), embedding


def network(seed, precision):
    return fill(EmotionNet(), seed).to(precision)


def batch(seed, count, size, precision):
    x = uniform(seed, (count, 1, size, size), -1.5, 1.5).to(precision)
    return x, torch.from_numpy((bits(seed + 1, count) % np.uint64(6)).astype(np.int64))


def first_step(model, x, y):
    model.train().zero_grad()
    logits, embedding = model(x)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=0.15)(logits, y)
    loss.backward()
    return logits, embedding, [p.grad.detach().double().clone() for p in model.parameters()]


store.scalars["names"] = [name for name, _ in EmotionNet().named_parameters()]
store.scalars["state"] = list(EmotionNet().state_dict())
for size, count in ((64, 16), (75, 8), (32, 32)):
    name = f"network-{size}"
    x, y = batch(900 + size, count, size, torch.float64)
    exact = network(1000, torch.float64)
    exact.eval()
    logits, embedding = exact(x)
    store.tensor(f"{name}/evaluation/logits", logits)
    store.tensor(f"{name}/evaluation/embedding", sample(embedding))
    logits, embedding, gradients = first_step(exact, x, y)
    store.tensor(f"{name}/logits", logits)
    sampled = torch.cat([sample(g) for g in gradients])
    store.tensor(f"{name}/gradients", sampled)
    # PyTorch's own f32, in its two layouts: how far rounding alone leads from f64.
    own = []
    for layout in (torch.contiguous_format, torch.channels_last):
        single = network(1000, torch.float32).to(memory_format=layout)
        logits32, _, gradients32 = first_step(single, x.float().to(memory_format=layout), y)
        distance = torch.cat([sample(g) for g in gradients32]) - sampled
        own.append(((logits32 - logits).abs().max().item(), (distance.norm() / sampled.norm()).item()))
    store.scalars[f"{name}/logits-distance"] = max(logit for logit, _ in own)
    store.scalars[f"{name}/gradient-distance"] = max(gradient for _, gradient in own)
    print(name, "f32 from f64 (logits, gradients), NCHW and channels_last:", own)

# Five AdamW steps. AdamW makes whole steps of tiny gradients, whose signs rounding decides: PyTorch's own f32 leaves f64
# by some 1e-4 (the largest distance so far, in either layout, is stored, and the losses in the layout that is its default).
x, y = batch(964, 32, 64, torch.float64)
exact, single, largest = [], [], [0.0] * 5
for precision, layout in ((torch.float64, torch.contiguous_format), (torch.float32, torch.contiguous_format),
                          (torch.float32, torch.channels_last)):
    model = network(1000, precision).to(memory_format=layout).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.05)
    farthest = 0.0
    for step in range(5):
        optimiser.zero_grad()
        loss = torch.nn.CrossEntropyLoss(label_smoothing=0.15)(model(x.to(precision).to(memory_format=layout))[0], y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if precision == torch.float64:
            exact.append(loss.item())
        else:
            if layout == torch.contiguous_format:
                single.append(loss.item())
            farthest = max(farthest, abs(loss.item() - exact[step]))
            largest[step] = max(largest[step], farthest)
store.scalars["losses"], store.scalars["losses/distance"], store.scalars["losses/f32"] = exact, largest, single
print(exact, largest, single)

# The same in bf16 by autocast: how far PyTorch's own leaves f64, the largest of both layouts at each step.
x = x.float()
own = [0.0] * 5
for layout in (torch.contiguous_format, torch.channels_last):
    model = network(1000, torch.float32).to(memory_format=layout).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.05)
    for step in range(5):
        optimiser.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x.to(memory_format=layout))[0]
        loss = torch.nn.CrossEntropyLoss(label_smoothing=0.15)(logits.float(), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        own[step] = max(own[step], abs(loss.item() - exact[step]))
store.scalars["losses/bf16-distance"] = own
print("bf16:", own)
store.write()
