"""Epoch for epoch: ours and PyTorch with the same recipe, initial weights and order of samples, without augmentation."""

import pathlib
import tempfile

from . import order, ours, peer, recipe
from .intervals import Agreement


def run(setting, options, faces):
    """The result after each seed, then with what they say together."""
    result = {"seeds": {}}
    with tempfile.TemporaryDirectory(prefix="sentry-accuracy-") as folder:
        place = pathlib.Path(folder)
        # The recipe's values for random weights: with --init-weights it has others.
        plan = ours.Run(setting, place / "recipe", 1, "--image-size", options.size, "--limit", 256, "--epochs", 3).plan
        for seed in options.seeds:
            pair = Pair(setting, plan, faces, options.limit, options.epochs, seed, options.size, place / str(seed))
            result["seeds"][seed] = pair.train()
            us, them = (accuracy(result["seeds"][seed][side]) for side in ("ours", "torch"))
            print(f"seed {seed}: ours {us:.2f} %, PyTorch {them:.2f} %", flush=True)
            yield result
    runs = result["seeds"].values()
    agreement = Agreement.of(
        [accuracy(run["ours"]) for run in runs], [accuracy(run["torch"]) for run in runs],
        sum(run["ours"]["count"] for run in runs))
    result["agreement"] = vars(agreement) | {
        "error": agreement.error, "bound": agreement.bound, "holds": agreement.holds, "text": str(agreement)}
    yield result


class Pair:
    """Both trainings with one seed. Drop-out draws other numbers on either side."""

    def __init__(self, setting, plan, faces, limit, epochs, seed, size, place):
        self.setting, self.plan, self.faces, self.limit, self.epochs = setting, plan, faces, limit, epochs
        self.seed, self.size, self.place = seed, size, place

    def train(self):
        limited = self.faces.limited(self.limit, self.seed)
        limited.validation, limited.test = self.faces.validation, []
        orders = [order.order(self.seed, epoch, len(limited.train)) for epoch in range(self.epochs)]
        settings = recipe.of_run(self.plan)
        weights = self.place / "initial.pth"
        todo = recipe.fit(self.setting, limited, self.seed, settings, [(self.size, self.epochs)], orders=orders)
        peer.run(self.setting, self.place / "torch", todo, "--write-weights", weights)

        run = ours.Run(
            self.setting, self.place / "ours", self.seed, "--image-size", self.size, "--limit", self.limit,
            "--epochs", self.epochs, "--init-weights", weights, "--set", "run.augmentation=none",
            *recipe.from_scratch_words(self.plan))
        limited.check(run.record)
        # What ours says that it did, and so whatever the words came to.
        todo = todo | recipe.of_run(run.plan) | {"init_weights": str(weights)}
        lines = peer.epochs(peer.run(self.setting, self.place / "torch", todo))
        return {
            "ours": run.evaluate("final_model.pth", "validation") | {"train_loss": run.history["train_loss"]},
            "torch": {name: lines[-1][name] for name in ("correct", "count")}
            | {"train_loss": [line["train_loss"] for line in lines]},
            "trainer": todo["trainer"], "run": run.record}


def accuracy(side):
    return 100 * side["correct"] / side["count"]


def table(result):
    """In Markdown."""
    yield "| seed | ours | PyTorch | difference | training loss, ours | PyTorch |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for seed, run in result["seeds"].items():
        us, them = accuracy(run["ours"]), accuracy(run["torch"])
        losses = [", ".join(f"{loss:.4f}" for loss in run[side]["train_loss"]) for side in ("ours", "torch")]
        yield f"| {seed} | {us:.2f} % | {them:.2f} % | {us - them:+.2f} | {losses[0]} | {losses[1]} |"


def conclusions(result):
    yield result["agreement"]["text"]


def missed(result):
    return not result["agreement"]["holds"]
