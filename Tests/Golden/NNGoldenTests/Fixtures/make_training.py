"""Writes training.json: what PyTorch's schedules and a temperature fitted in double precision give.

    python make_training.py    # torch 2.15, numpy
"""

import json
import math
import os
import random

import numpy
import torch
from torch.optim import lr_scheduler


def optimizer(rate):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def restarts(rate, period, multiplier, minimum, epochs):
    chosen = optimizer(rate)
    schedule = lr_scheduler.CosineAnnealingWarmRestarts(chosen, period, multiplier, minimum)
    rates = []
    for _ in range(epochs):
        rates.append(chosen.param_groups[0]["lr"])
        chosen.step()
        schedule.step()
    return {"base": rate, "period": period, "multiplier": multiplier, "minimum": minimum, "rates": rates}


def cosine(rate, period, minimum, epochs):
    chosen = optimizer(rate)
    schedule = lr_scheduler.CosineAnnealingLR(chosen, period, minimum)
    rates = []
    for _ in range(epochs):
        rates.append(chosen.param_groups[0]["lr"])
        chosen.step()
        schedule.step()
    return {"base": rate, "period": period, "minimum": minimum, "rates": rates}


def rates(make, rate, count, **settings):
    chosen = optimizer(rate)
    schedule = make(chosen, **settings)
    values = []
    for _ in range(count):
        values.append(chosen.param_groups[0]["lr"])
        chosen.step()
        schedule.step()
    return values


def step(rate, period, factor, epochs):
    values = rates(lr_scheduler.StepLR, rate, epochs, step_size=period, gamma=factor)
    return {"base": rate, "period": period, "factor": factor, "rates": values}


def one_cycle(peak, steps, rise):
    # One less than its steps: PyTorch's schedule refuses a step past the last.
    chosen = optimizer(peak)
    schedule = lr_scheduler.OneCycleLR(chosen, peak, total_steps=steps, pct_start=rise, cycle_momentum=False)
    values = [chosen.param_groups[0]["lr"]]
    for _ in range(steps - 1):
        chosen.step()
        schedule.step()
        values.append(chosen.param_groups[0]["lr"])
    return {"peak": peak, "steps": steps, "rise": rise, "rates": values}


def warm_up(rate, start, epochs, steps_per_epoch, total, minimum):
    """LinearLR with every step, then CosineAnnealingLR with every epoch."""
    rise = rates(lr_scheduler.LinearLR, rate, epochs * steps_per_epoch, start_factor=start,
                 total_iters=epochs * steps_per_epoch)
    after = rates(lr_scheduler.CosineAnnealingLR, rate, total - epochs, T_max=total - epochs, eta_min=minimum)
    return {
        "base": rate, "start": start, "epochs": epochs, "stepsPerEpoch": steps_per_epoch, "total": total,
        "minimum": minimum, "rates": rise + [value for value in after for _ in range(steps_per_epoch)],
    }


def plateau(mode, rate, factor, patience, minimum, values):
    chosen = optimizer(rate)
    schedule = lr_scheduler.ReduceLROnPlateau(chosen, mode, factor, patience, min_lr=minimum)
    rates = []
    for value in values:
        rates.append(chosen.param_groups[0]["lr"])
        chosen.step()
        schedule.step(value)
    rates.append(chosen.param_groups[0]["lr"])
    return {
        "mode": mode, "base": rate, "factor": factor, "patience": patience, "minimum": minimum, "values": values,
        "rates": rates,
    }


def expected_calibration_error(probabilities, targets, bins=15):
    confidence, predicted = probabilities.max(1), probabilities.argmax(1)
    hits = predicted == targets
    error = 0.0
    for low in range(bins):
        inside = (confidence > low / bins) & (confidence <= (low + 1) / bins)
        if inside.any():
            error += inside.mean() * abs(hits[inside].mean() - confidence[inside].mean())
    return float(error)


def softmax(logits):
    odds = numpy.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def calibration(seed, sizes, sharpness):
    """Tasks of (samples, classes); every seventh target is missing. Sharp logits are overconfident."""
    draw = numpy.random.default_rng(seed)
    tasks, sets = [], []
    for samples, classes in sizes:
        targets = draw.integers(0, classes, samples)
        logits = draw.normal(size=(samples, classes))
        logits[numpy.arange(samples), targets] += 1.2
        logits = (logits * sharpness).astype(numpy.float32)
        labels = numpy.where(numpy.arange(samples) % 7 == 6, -1, targets)
        tasks.append({"classes": classes, "logits": logits.reshape(-1).tolist(), "targets": labels.tolist()})
        known = labels >= 0
        sets.append((torch.tensor(logits[known], dtype=torch.float64), torch.tensor(labels[known])))
    # Golden section would do; LBFGS on log T, double precision, is what temperature scaling's reference code uses.
    log = torch.zeros((), dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS(
        [log], lr=0.5, max_iter=500, tolerance_grad=1e-14, tolerance_change=1e-16, line_search_fn="strong_wolfe")

    def loss():
        return sum(
            torch.nn.functional.cross_entropy(logits / log.exp(), targets, reduction="sum")
            for logits, targets in sets) / sum(len(targets) for _, targets in sets)

    def closure():
        solver.zero_grad()
        value = loss()
        value.backward()
        return value

    solver.step(closure)
    temperature = math.exp(log.item())
    errors = [
        [
            expected_calibration_error(softmax(logits.numpy() / t), targets.numpy())
            for logits, targets in sets
        ]
        for t in (1.0, temperature)
    ]
    return {
        "tasks": tasks, "temperature": temperature, "nll": loss().item(), "errorsBefore": errors[0],
        "errorsAfter": errors[1],
    }


random.seed(4)
losses = [1.0, 0.8, 0.79999, 0.7999, 0.81, 0.8, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.5] + [
    0.5 + random.random() / 10 for _ in range(40)]
accuracies = [10.0, 20.0, 20.001, 20.0, 19.0, 20.002, 25.0, 30.0] + [29.0 + random.random() for _ in range(30)]
result = {
    "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
    "cosine": [cosine(1e-3, 20, 1e-6, 20), cosine(0.1, 7, 0.0, 18)],
    "restarts": [restarts(1e-4, 10, 2, 1e-6, 75), restarts(0.5, 3, 1, 0.0, 20), restarts(1e-3, 1, 3, 1e-5, 50)],
    "plateau": [
        plateau("min", 1e-3, 0.5, 3, 1e-6, losses), plateau("max", 0.1, 0.1, 1, 1e-3, accuracies),
        plateau("min", 1e-7, 0.5, 0, 0.0, [1.0] * 12),
    ],
    "steps": [step(0.1, 3, 0.1, 10), step(1e-3, 1, 0.9, 30)],
    "oneCycle": [one_cycle(0.1, 100, 0.3), one_cycle(1e-3, 7, 0.5), one_cycle(0.5, 3, 0.3)],
    "warmUp": [warm_up(0.1, 0.01, 2, 5, 8, 1e-4), warm_up(1e-3, 0.25, 1, 7, 4, 0.0)],
    "calibration": [
        calibration(1, [(80, 3)], 3.0), calibration(2, [(60, 4), (40, 2), (50, 5)], 0.4),
        calibration(3, [(70, 3)], 40.0),
    ],
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.json")
with open(path, "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
