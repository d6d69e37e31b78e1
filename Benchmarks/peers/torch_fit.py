#!/usr/bin/env python3
"""Trains the emotion network in PyTorch as a plan says, and prints a line of JSON after every epoch and at the end.

The plan is a JSON file of Benchmarks/accuracy/recipe.py. Seconds count from the moment when the first batch is there, as those
of `sentry train` do: training, validation and writing the best model, not imports and the start of workers.
"""

import argparse
import contextlib
import json
import pathlib
import time

import torch
import training_rules as rules
from emotion_net import EmotionNet
from faces_data import Batches, evaluation_loader, training_loader

MEMORY = torch.channels_last


class Fit:
    def __init__(self, plan):
        self.plan, self.options = plan, plan["trainer"]
        rules.check(self.options)
        torch.set_num_threads(plan["threads"])
        torch.manual_seed(plan["seed"])
        model = EmotionNet()
        if plan["init_weights"]:
            model.load_state_dict(torch.load(plan["init_weights"], weights_only=True))
        self.model = model.to(memory_format=MEMORY)
        self.parameters = list(self.model.parameters())
        self.optimiser = rules.optimiser(self.options, self.parameters)
        self.criterion = rules.criterion(self.options, [label for _, label in plan["train"]], classes=6)
        self.average = rules.Average(self.options, self.model)
        self.batches = Batches(len(plan["train"]), plan["batch"], plan["orders"])
        self.begun = None  # when the first batch was there
        self.loaders = (None, None, None)  # of the size that is trained at, which comes first

    def run(self):
        best, waited = (-1, None), 0
        for epoch, size in enumerate(self.plan["sizes"]):
            loss, is_whole = self.train(epoch, self.loader(size))
            is_last = epoch + 1 == len(self.plan["sizes"]) or self.is_over()
            if (epoch + 1) % self.plan["validate_every"] and not is_last:
                continue
            correct = self.evaluate(self.loaders[2])
            # Whoever trained until the time was over is judged by what it has; judging that costs it nothing.
            seconds = min(self.seconds(), self.limit())
            # Accuracies at different sizes do not compare: only epochs of the last size can be the best.
            if size == self.plan["sizes"][-1] or self.is_over():
                if correct > best[0]:
                    best, waited = (correct, size), 0
                    torch.save(self.average.model.state_dict(), self.plan["best"])
                else:
                    waited += 1
            tell(epoch=epoch + 1, size=size, seconds=seconds, whole=is_whole, train_loss=loss, correct=correct,
                 count=len(self.plan["validation"]))
            if self.is_over() or 0 < self.options["patience"] <= waited:
                break
        if self.plan["test"]:
            self.average.model.load_state_dict(torch.load(self.plan["best"], weights_only=True))
            correct = self.evaluate(evaluation_loader(self.plan, self.plan["test"], best[1]))
            tell(test={"correct": correct, "count": len(self.plan["test"])})

    def loader(self, size):
        if self.loaders[0] != size:
            self.loaders = (size, training_loader(self.plan, self.batches, size),
                            evaluation_loader(self.plan, self.plan["validation"], size))
        return self.loaders[1]

    def train(self, epoch, loader):
        """The mean loss of an epoch, and whether it was whole: it ends where the time is over."""
        self.model.train()
        self.batches.epoch = epoch
        losses = []
        for index, (images, labels) in enumerate(loader):
            self.begun = self.begun or time.perf_counter()
            if self.is_over():
                break
            rate = rules.learning_rate(
                self.options, len(self.plan["sizes"]), len(loader), epoch, epoch * len(loader) + index)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            self.optimiser.zero_grad()
            with self.autocast():
                loss = self.criterion(self.model(images.to(memory_format=MEMORY)), labels)
            loss.backward()
            if self.options["clip-norm"] > 0:
                torch.nn.utils.clip_grad_norm_(self.parameters, self.options["clip-norm"])
            self.optimiser.step()
            self.average.update()
            losses.append(loss.item())
        return sum(losses) / max(1, len(losses)), len(losses) == len(loader)

    @torch.inference_mode()
    def evaluate(self, loader):
        model = self.average.model.eval()
        correct = 0
        for images, labels in loader:
            with self.autocast():
                logits = model(images.to(memory_format=MEMORY))
            correct += int((logits.argmax(1) == labels).sum())
        return correct

    def autocast(self):
        is_bf16 = self.plan["precision"] == "bf16"
        return torch.autocast("cpu", torch.bfloat16) if is_bf16 else contextlib.nullcontext()

    def seconds(self):
        return time.perf_counter() - self.begun

    def limit(self):
        return self.plan["seconds"] or float("inf")

    def is_over(self):
        return self.seconds() >= self.limit()


def tell(**what):
    print(json.dumps(what), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", type=pathlib.Path)
    parser.add_argument("--write-weights", type=pathlib.Path, help="write the random weights of the plan's seed, and end")
    options = parser.parse_args()
    fit = Fit(json.loads(options.plan.read_text()))
    if options.write_weights:
        torch.save(fit.model.state_dict(), options.write_weights)
    else:
        fit.run()


main()
