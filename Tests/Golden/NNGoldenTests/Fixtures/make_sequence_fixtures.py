#!/usr/bin/env python3
"""Golden values of the sequence layers, the posture network and the classifier heads, from PyTorch (torch, numpy).

As make_layer_fixtures.py: inputs and weights come from SplitMix64 streams that Swift repeats, only results are stored, in
`sequence.json` and `sequence.bin`. Run in this folder: python3 make_sequence_fixtures.py
"""
import math
import sys

import numpy as np
import torch
from torch import nn

from fixtures import FOLDER, Store, sample
from streams import bits, uniform

sys.path.insert(0, str(FOLDER.parents[3] / "scripts"))
import reference_posture as reference

torch.set_num_threads(2)


def fill(module, seed):
    """Weights by position in the state, as `fillSequenceState` does it."""
    with torch.no_grad():
        for index, (name, parameter) in enumerate(module.named_parameters()):
            shape = tuple(parameter.shape)
            if len(shape) > 1:
                bound = math.sqrt((6 if len(shape) == 3 else 1) / math.prod(shape[1:]))
                low, high = -bound, bound
            else:
                low, high = (0.5, 1.5) if name.endswith("weight") else (-0.2, 0.2)
            parameter.copy_(uniform(seed + index, shape, low, high))
        for index, (name, buffer) in enumerate(module.named_buffers()):
            if "running" in name:
                low, high = (-0.3, 0.3) if name.endswith("mean") else (0.5, 1.5)
                buffer.copy_(uniform(seed + 10_000 + index, tuple(buffer.shape), low, high))
    return module


store = Store("sequence")


def adamw(module, rate, decay):
    return torch.optim.AdamW(module.parameters(), lr=rate, weight_decay=decay)


# ---- layers: [N, T, C] in, [N, T, C] out ---------------------------------------------------------------------------


class Transposed(nn.Module):
    """A layer over [N, C, T]; transparent to the names."""

    def __init__(self, **layers):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, x):
        y = x.transpose(1, 2)
        for layer in self.children():
            y = layer(y)
        return y.transpose(1, 2)


class Recurrent(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.lstm, self.last = nn.LSTM(5, 16, num_layers=2, batch_first=True), last

    def forward(self, x):
        y = self.lstm(x)[0]
        return y[:, -1:] if self.last else y


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(32)

    def forward(self, x):
        return self.norm(x)


def layer_case(name, make, shape, seed):
    module = fill(make(), seed).double().train()
    x = uniform(seed + 20_000, shape, -1, 1).double().requires_grad_()
    y = module(x)
    upstream = uniform(seed + 30_000, tuple(y.shape), -1, 1).double()
    y.backward(upstream)
    store.tensor(f"{name}/output", y)
    store.tensor(f"{name}/input", x.grad)
    for key, parameter in module.named_parameters():
        store.tensor(f"{name}/gradient/{key}", sample(parameter.grad))
    for key, buffer in module.named_buffers():
        if buffer.dtype != torch.int64:
            store.tensor(f"{name}/buffer/{key}", buffer)
    optimiser, losses = adamw(module, 1e-2, 0.05), []
    for _ in range(4):  # three steps change the values
        optimiser.zero_grad()
        loss = (module(x.detach()) * upstream).sum()
        losses.append(loss.item())
        loss.backward()
        nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimiser.step()
    store.scalars[f"{name}/losses"] = losses


layer_case("conv", lambda: Transposed(conv=nn.Conv1d(5, 16, 3, padding=2, dilation=2)), (3, 7, 5), 100)
layer_case("batch-norm", lambda: Transposed(bn=nn.BatchNorm1d(32), relu=nn.ReLU()), (3, 7, 32), 200)
layer_case("layer-norm", Norm, (6, 1, 32), 300)
layer_case("block", lambda: Transposed(block=reference.Block(5, 32, 2, 0.0)), (3, 7, 5), 400)
layer_case("block-identity", lambda: Transposed(block=reference.Block(32, 32, 1, 0.0)), (3, 6, 32), 500)
layer_case("lstm", lambda: Recurrent(False), (5, 7, 5), 600)
layer_case("lstm-last", lambda: Recurrent(True), (5, 7, 5), 700)

# ---- the whole networks --------------------------------------------------------------------------------------------


def labels(seed, count, tasks):
    """One column of classes a task."""
    return [torch.from_numpy((bits(seed + index, count) % np.uint64(classes)).astype(np.int64))
            for index, classes in enumerate(tasks.values())]


def total_loss(logits, targets, smoothing):
    criterion = nn.CrossEntropyLoss(label_smoothing=smoothing)
    return sum(criterion(values, target) for values, target in zip(logits.values(), targets))


def network_case(name, make, shape, tasks, seed, smoothing, rate, decay):
    """`make` gives the network without drop-out."""
    x = uniform(seed + 20_000, shape, -1.5, 1.5)
    targets = labels(seed + 30_000, shape[0], tasks)
    exact = fill(make(), seed).double()
    store.scalars[f"{name}/names"] = [key for key, _ in exact.named_parameters()]
    store.scalars[f"{name}/state"] = list(exact.state_dict())
    logits = exact.eval()(x.double())
    store.tensor(f"{name}/evaluation/embedding", sample(exact.embedding(x.double())))
    for task, values in logits.items():
        store.tensor(f"{name}/evaluation/{task}", values)
    runs = {}
    for precision in (torch.float64, torch.float32):
        module = fill(make(), seed).to(precision).train()
        optimiser = adamw(module, rate, decay)
        losses, first = [], None
        for _ in range(6):  # five steps change the values
            optimiser.zero_grad()
            logits = module(x.to(precision))
            loss = total_loss(logits, targets, smoothing)
            losses.append(loss.item())
            loss.backward()
            if first is None:
                first = logits, [p.grad.detach().double().clone() for p in module.parameters()]
            nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimiser.step()
        runs[precision] = losses, first
    (losses, (logits, gradients)), (losses32, (_, gradients32)) = runs.values()
    for task, values in logits.items():
        store.tensor(f"{name}/{task}", values)
    for key, gradient in zip(store.scalars[f"{name}/names"], gradients):
        store.tensor(f"{name}/gradient/{key}", sample(gradient))
    store.scalars[f"{name}/losses"] = losses
    distance = torch.cat([(a - b).flatten() for a, b in zip(gradients32, gradients)]).norm()
    print(name, "f32 from f64: gradients", (distance / torch.cat([g.flatten() for g in gradients]).norm()).item(),
          "losses", max(abs(a - b) for a, b in zip(losses, losses32)))


POSTURE = {"posture": 4, "stress": 4, "trajectory": 3}
MENTAL = {"stress": 3, "depression": 4, "anxiety": 4}
network_case("posture", lambda: reference.PostureTCNLSTM(15, POSTURE, 0.0), (16, 30, 15), POSTURE, 1000, 0.1, 1e-4, 0.05)
network_case("posture-two-heads", lambda: reference.PostureTCNLSTM(99, {"posture": 4, "stress": 4}, 0.0), (4, 7, 99),
             {"posture": 4, "stress": 4}, 2000, 0.1, 1e-4, 0.05)
network_case("classifier", lambda: reference.ClassifierHeads(40, MENTAL, 0.0), (16, 40), MENTAL, 3000, 0.0, 1e-3, 0.01)
store.write()
print(store.size, "floats")
