"""`sentry train emotion` and `sentry evaluate`, run as a user runs them."""

import json
import pathlib
import statistics

from bench import program

from . import budget


class Run:
    """A training that has ended, in a folder that stays as long as the caller keeps it."""

    def __init__(self, setting, folder, seed, *words):
        self.setting, self.folder = setting, pathlib.Path(folder)
        program.run([*map(str, [
            setting.sentry, "train", "emotion", "--dataset", "fer2013", "--data", setting.fer2013, "--threads",
            setting.threads, "--seed", seed, "--output", self.folder, "--overwrite",
            "--min-steps", 0,  # the words say how many epochs there are
            *words])])
        self.record, self.timing, self.history = (program.told(self.folder, name) for name in ("run", "timing", "history"))
        self.plan = self.record["plan"]

    def points(self):
        """[(seconds since the first step began, validation accuracy in percent, size)] of each epoch with a validation."""
        begun = self.timing["first_step_begins"][0]
        sizes = self.history.get("input_size") or [self.plan["model"]["options"]["input-size"]] * len(self.history["epoch"])
        return [(end - begun, accuracy, size)
                for end, accuracy, size in zip(self.timing["epoch_ends"], self.history["val_acc"], sizes)
                if accuracy is not None]

    def evaluate(self, checkpoint, split):
        """How many samples of a split it gets right, and of how many."""
        output = self.folder / f"evaluation-{split}"
        program.run([*map(str, [
            self.setting.sentry, "evaluate", "--model", self.folder / checkpoint, "--data", self.setting.fer2013, "--split",
            split, "--threads", self.setting.threads, "--bootstrap-samples", 0, "--output", output, "--overwrite"])])
        metrics = json.loads((output / "metrics.json").read_text())
        count = metrics["classification_report"]["weighted avg"]["support"]
        return {"correct": round(metrics["accuracy"] * count), "count": count}


def probe(setting, folder, seed, size, samples, whole):
    """A short run at a size, None: the recipe's; and the seconds of an epoch on `whole` samples."""
    shape = [] if size is None else ["--image-size", size]
    run = Run(setting, folder, seed, *shape, "--limit", samples, "--epochs", budget.PROBE_EPOCHS)
    passes = statistics.mean(run.timing["seconds"][1:])
    ends = run.timing["epoch_ends"]
    writing = (ends[-1] - ends[0]) / (len(ends) - 1) - passes  # does not grow with the samples
    return run, passes * whole / samples + writing
