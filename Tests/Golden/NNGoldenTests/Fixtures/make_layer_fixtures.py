#!/usr/bin/env python3
"""Golden values of SentryNN's layers, losses and optimiser, from PyTorch (torch, torchvision, numpy).

Inputs and weights come from SplitMix64 streams that Swift repeats, so only results are stored, in `layers.json` and
`layers.bin`. Run in this folder: python3 make_layer_fixtures.py
"""
import torch
import torchvision

from fixtures import Store, fill, sample
from streams import uniform

torch.manual_seed(0)
torch.set_num_threads(2)
store = Store("layers")

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
        store.tensor(f"{name}/input", x.grad.permute(0, 2, 3, 1) if x.dim() == 4 else x.grad)
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

# ---- the layers of the head --------------------------------------------------------------------------------------


class LinearCase(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(19, 7)

    def forward(self, x):
        return self.linear(x)


class HeadCase(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(19, 16), torch.nn.Linear(16, 7)
        self.between = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Dropout(0.0))

    def forward(self, x):
        return self.second(self.between(self.first(x)))


layer_case("linear", LinearCase(), (5, 19), 700)
layer_case("linear-single", LinearCase(), (1, 19), 700)
layer_case("head", HeadCase(), (5, 19), 800)

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

# Five steps, two of them at another rate, and what torch.optim.SGD.state_dict() has beside the numbers.
for name, settings in {
    "plain": {"weight_decay": 0.02}, "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.8, "nesterov": True, "weight_decay": 0.05},
}.items():
    values = torch.nn.Parameter(uniform(600, (1000,), -1, 1).double())
    optimiser = torch.optim.SGD([values], lr=0.1, **settings)
    for step in range(5):
        optimiser.param_groups[0]["lr"] = 0.1 if step < 3 else 0.05
        values.grad = uniform(601 + step, (1000,), -1, 1).double()
        torch.nn.utils.clip_grad_norm_([values], 12.0)
        optimiser.step()
    store.tensor(f"sgd/{name}/values", values)
    state = optimiser.state_dict()
    if "momentum_buffer" in state["state"].get(0, {}):
        store.tensor(f"sgd/{name}/momentum", state["state"][0]["momentum_buffer"])
    store.scalars[f"sgd/{name}/group"] = sorted(set(state["param_groups"][0]) - {"lr", "params"})

schedule_values = torch.nn.Parameter(torch.zeros(1))
optimiser = torch.optim.SGD([schedule_values], lr=1e-4)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=7, eta_min=1e-6)
rates = []
for _ in range(8):
    rates.append(schedule.get_last_lr()[0])
    optimiser.step()
    schedule.step()
store.scalars["cosine"] = rates
store.write()
