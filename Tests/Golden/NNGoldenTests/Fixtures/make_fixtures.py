#!/usr/bin/env python3
"""Golden values of SentryNN and the emotion network, from PyTorch (torch, torchvision, numpy).

Inputs and weights come from SplitMix64 streams that Swift repeats, so only results are stored: `golden.json` holds scalars
and an index, `golden.bin` the tensors (little-endian float32). Run in this folder: python3 make_fixtures.py
"""
import json
import math
import pathlib

import numpy as np
import torch
import torchvision

from streams import bits, uniform

FOLDER = pathlib.Path(__file__).parent
MASK = (1 << 64) - 1
torch.manual_seed(0)
torch.set_num_threads(2)


def fill(module, seed):
    """Weights by position in the state, as Tests' `fillParameters` does it."""
    with torch.no_grad():
        for index, (name, parameter) in enumerate(module.named_parameters()):
            shape = tuple(parameter.shape)
            if len(shape) == 4:
                bound = math.sqrt(6 / math.prod(shape[1:]))
                low, high = -bound, bound
            elif len(shape) == 2:
                low, high = -1 / math.sqrt(shape[1]), 1 / math.sqrt(shape[1])
            elif "norm" in name:
                low, high = (0.5, 1.5) if name.endswith("weight") else (-0.2, 0.2)
            else:
                low, high = -0.03125, 0.03125
            parameter.copy_(uniform(seed + index, shape, low, high))
        for index, (name, buffer) in enumerate(module.named_buffers()):
            if buffer.dtype == torch.int64:
                continue
            low, high = (-0.3, 0.3) if name.endswith("mean") else (0.5, 1.5)
            buffer.copy_(uniform(seed + 10_000 + index, tuple(buffer.shape), low, high))
    return module


class Store:
    def __init__(self):
        self.scalars, self.index, self.blob, self.size = {}, {}, [], 0

    def tensor(self, name, value):
        data = value.detach().double().numpy().astype("<f4").ravel()
        self.index[name] = [self.size, data.size]
        self.blob.append(data.tobytes())
        self.size += data.size

    def write(self):
        (FOLDER / "golden.json").write_text(json.dumps({"scalars": self.scalars, "index": self.index}, indent=1) + "\n")
        (FOLDER / "golden.bin").write_bytes(b"".join(self.blob))


store = Store()
SAMPLES = 192


def sample(tensor):
    """At most SAMPLES elements, evenly spread: element i·n/SAMPLES."""
    flat = tensor.detach().flatten()
    count = min(flat.numel(), SAMPLES)
    return flat[torch.arange(count) * flat.numel() // count]


# ---- layers, each read by norm-ReLU-mean as the engine's maps are -------------------------------------------------


class Readout(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm5 = torch.nn.BatchNorm2d(channels)

    def forward(self, x):
        return torch.relu(self.norm5(x)).mean((2, 3))


class DenseCase(torch.nn.Module):
    def __init__(self, channels, layers):
        super().__init__()
        for index in range(layers):
            layer = torchvision.models.densenet._DenseLayer(channels + 32 * index, 32, 4, 0.0)
            self.add_module(f"denselayer{index + 1}", layer)
        self.readout = Readout(channels + 32 * layers)

    def forward(self, x):
        maps = [x]
        for name, layer in self.named_children():
            if name != "readout":
                maps.append(layer(maps))
        return self.readout(torch.cat(maps, 1))


class TransitionCase(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.transition = torchvision.models.densenet._Transition(channels, channels // 2)
        self.readout = Readout(channels // 2)

    def forward(self, x):
        return self.readout(self.transition(x))


class StemCase(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv0 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        self.norm0 = torch.nn.BatchNorm2d(64)
        self.readout = Readout(64)

    def forward(self, x):
        x = torch.relu(self.norm0(self.conv0(x)))
        return self.readout(torch.nn.functional.max_pool2d(x, 3, 2, 1))


def layer_case(name, module, shape, seed, frozen=()):
    fill(module, seed).double().train()
    for key, child in module.named_modules():
        if key in frozen:  # normalises by its running statistics, does not train
            child.eval()
            for parameter in child.parameters():
                parameter.requires_grad_(False)
    x = uniform(seed + 20_000, shape, -1, 1).double().requires_grad_()
    y = module(x)
    upstream = uniform(seed + 30_000, tuple(y.shape), -1, 1).double()
    y.backward(upstream)
    store.tensor(f"{name}/features", y)
    if shape[1] > 1:
        store.tensor(f"{name}/input", x.grad.permute(0, 2, 3, 1))
    for key, parameter in module.named_parameters():
        if parameter.grad is not None:
            store.tensor(f"{name}/gradient/{key}", sample(parameter.grad))
    for key, buffer in module.named_buffers():
        if buffer.dtype != torch.int64:
            store.tensor(f"{name}/buffer/{key}", buffer)


layer_case("dense", DenseCase(64, 2), (3, 64, 5, 7), 100)
layer_case("dense-frozen", DenseCase(64, 2), (3, 64, 5, 7), 100, ("denselayer2.norm1", "denselayer2.norm2"))
layer_case("dense-large", DenseCase(32, 1), (2, 32, 24, 24), 200)
layer_case("transition", TransitionCase(64), (3, 64, 5, 7), 300)
layer_case("stem", StemCase(), (3, 1, 37, 37), 400)

# ---- losses and the optimiser ------------------------------------------------------------------------------------
for name, weighted in (("cross-entropy", False), ("cross-entropy-weighted", True)):
    logits = uniform(500, (5, 6), -3, 3).double().requires_grad_()
    targets = torch.tensor([0, 5, -1, 2, 2])
    weights = uniform(501, (6,), 0.2, 2).double() if weighted else None
    loss = torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=0.15, ignore_index=-1)(logits, targets)
    loss.backward()
    store.scalars[name] = loss.item()
    store.tensor(f"{name}/gradient", logits.grad)

values = torch.nn.Parameter(uniform(600, (1000,), -1, 1).double())
optimiser = torch.optim.AdamW([values], lr=1e-3, weight_decay=0.05)
for step in range(4):
    values.grad = uniform(601 + step, (1000,), -1, 1).double()
    norm = torch.nn.utils.clip_grad_norm_([values], 1.0)
    store.scalars[f"adamw/norm/{step}"] = norm.item()
    optimiser.step()
store.tensor("adamw/values", values)

schedule_values = torch.nn.Parameter(torch.zeros(1))
optimiser = torch.optim.SGD([schedule_values], lr=1e-4)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=7, eta_min=1e-6)
rates = []
for _ in range(8):
    rates.append(schedule.get_last_lr()[0])
    optimiser.step()
    schedule.step()
store.scalars["cosine"] = rates


# ---- the whole network -------------------------------------------------------------------------------------------
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
# by some 1e-4 (the largest distance so far, in either layout, is stored).
x, y = batch(964, 32, 64, torch.float64)
exact, largest = [], [0.0] * 5
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
            farthest = max(farthest, abs(loss.item() - exact[step]))
            largest[step] = max(largest[step], farthest)
store.scalars["losses"], store.scalars["losses/distance"] = exact, largest
print(exact, largest)
store.write()
