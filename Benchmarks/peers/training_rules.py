"""The rules of `sentry train`'s trainer in PyTorch, from the options that a run.json has under plan.trainer.options."""

import copy
import math

import torch

WRITTEN = {"optimizer": ("adamw", "sgd"), "schedule": ("cosine", "constant"), "monitor": ("accuracy",), "mixup": (0,),
           "cutmix": (0,), "class-weights": ("auto", "inverse", "none")}


def check(options):
    for name, values in WRITTEN.items():
        if options[name] not in values:
            raise SystemExit(f"trainer.{name}={options[name]} is not written in training_rules.py, which has "
                             f"{', '.join(map(str, values))}: write it there")


def optimiser(options, parameters):
    rate, decay = options["lr"], options["weight-decay"]
    if options["optimizer"] == "sgd":
        return torch.optim.SGD(
            parameters, lr=rate, weight_decay=decay, momentum=options["momentum"], nesterov=options["nesterov"], fused=True)
    return torch.optim.AdamW(
        parameters, lr=rate, weight_decay=decay, betas=(options["beta1"], options["beta2"]), eps=options["eps"], fused=True)


def criterion(options, labels, classes):
    """Class weights are 1/count, with mean 1."""
    weights = None
    if options["class-weights"] != "none":
        weights = 1 / torch.bincount(torch.tensor(labels), minlength=classes).float()
        weights /= weights.mean()
    return torch.nn.CrossEntropyLoss(weights, label_smoothing=options["label-smoothing"])


def learning_rate(options, epochs, steps_per_epoch, epoch, step):
    """A warm-up with every step, then a schedule that is stepped once per epoch; `step` counts from the run's start."""
    warm_up = options["warm-up-epochs"]
    if epoch < warm_up:
        start = options["warm-up-start"]
        return options["lr"] * (start + (1 - start) * step / (warm_up * steps_per_epoch))
    if options["schedule"] == "constant":
        return options["lr"]
    period = options["period"] or max(1, epochs - warm_up)
    lowest = options["min-lr"]
    return lowest + (options["lr"] - lowest) * (1 + math.cos(math.pi * (epoch - warm_up) / period)) / 2


class Average:
    """The exponential moving average of weights and running statistics; without one, the model itself."""

    def __init__(self, options, model):
        self.decay, self.warms_up, self.updates = options["average-decay"], options["average-warm-up"], 0
        self.source, self.model = model, copy.deepcopy(model) if self.decay > 0 else model
        pairs = zip(self.model.state_dict().values(), model.state_dict().values())
        self.pairs = [pair for pair in pairs if pair[0].is_floating_point()]

    @torch.no_grad()
    def update(self):
        if self.model is self.source:
            return
        count = self.updates
        decay = min(self.decay, (1 + count) / (10 + count)) if self.warms_up else self.decay
        averages, values = zip(*self.pairs)
        torch._foreach_lerp_(averages, values, 1.0 if count == 0 else 1 - decay)
        self.updates += 1
