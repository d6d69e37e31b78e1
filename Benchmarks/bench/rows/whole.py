"""`sentry train emotion` as a user runs it, on FER2013."""

import statistics

from .. import breakdown, fer2013, program
from ..row import missed, not_judged, spread, verdict
from ..worker import Worker

ROUNDS = 3  # at most: a round is a run of its own


class WholeRun:
    """An epoch with loading, augmentation, validation and checkpoints, against what the engine alone takes for it."""

    unit = "images/s"
    target = {"what": "of the engine's speed, a whole epoch", "least": 93, "aim": 97, "unit": " %"}

    def __init__(self, size, batch, images, passes):
        self.size, self.batch, self.images, self.passes = size, batch, images, passes
        self.name = f"whole-{size}"
        self.title = f"sentry train emotion on FER2013 at {size}×{size} against the engine alone"

    def run(self, setting):
        data = fer2013.folder(setting.fer2013)
        if data is None:
            return {"targets": [not_judged(why=fer2013.ABSENT, **self.target)]}
        shape = {"size": self.size, "batch": self.batch}
        engines = [Worker("training", setting.engine("train", passes=self.passes, **shape)),
                   Worker("evaluation", setting.engine("infer", passes=self.passes, **shape))]
        rounds = []
        try:
            for engine in engines:
                engine.start()
            for _ in range(min(setting.rounds, ROUNDS)):
                before = [engine.measure() for engine in engines]
                epoch = self._epoch(setting, data)
                after = [engine.measure() for engine in engines]
                rounds.append(self._compare(epoch, *((a + b) / 2 for a, b in zip(before, after))))
        finally:
            for engine in engines:
                engine.kill()
        share = spread([entry["share"] for entry in rounds])
        result = {"rounds": rounds, "lines": self._lines(rounds), "targets": [verdict(ratio=share, **self.target)]}
        if missed(result["targets"]):
            breakdown.add(result, lambda: self._profile(setting, data))
        return result

    def _epoch(self, setting, data, *words):
        """The second of two: the first reads the files, and builds the primitives that the engine alone has built."""
        images = self.images // (4 if setting.quick else 1)
        with program.training(
            setting, "--data", data, "--dataset", "fer2013", "--image-size", self.size,
            "--batch-size", self.batch, "--limit", images, "--epochs", 2, "--set", "run.checkpoint-every=1",
            *words) as (folder, command):
            program.run(command)
            timing, samples = program.told(folder, "timing"), program.told(folder, "run")["data"]
        # --limit takes as large a part of the validation samples; what does not fill a batch is not trained.
        images = samples["train"]["samples"] // self.batch * self.batch
        # From the end of one validation to that of the next. The writes in between are those of the first epoch, which
        # has all there are: a periodic checkpoint, the best model, the state, and TensorBoard's pictures.
        wall = timing["epoch_ends"][1] - timing["epoch_ends"][0]
        training = images / timing["images_per_second"][1]
        return {
            "images": images, "validation_images": samples["validation"]["samples"], "wall": wall, "training": training,
            "validation": timing["seconds"][1] - training, "between": wall - timing["seconds"][1],
            "profile": timing.get("profile")}

    @staticmethod
    def _compare(epoch, training, evaluation):
        """The epoch beside what the engine alone takes, in seconds an image."""
        alone = epoch["images"] * training + epoch["validation_images"] * evaluation
        return epoch | {
            "engine": [training, evaluation], "share": 100 * alone / epoch["wall"],
            "training_share": 100 * epoch["images"] * training / epoch["training"]}

    @staticmethod
    def _lines(rounds):
        def middle(what):
            return statistics.median(what(entry) for entry in rounds)

        first, share = rounds[0], spread([entry["training_share"] for entry in rounds])
        return [
            f"epoch 2: {middle(lambda entry: entry['wall']):.1f} s, of which training {first['images']} images "
            f"{middle(lambda entry: entry['training']):.1f}, validating {first['validation_images']} "
            f"{middle(lambda entry: entry['validation']):.1f}, checkpoints and the rest "
            f"{middle(lambda entry: entry['between']):.1f}",
            f"the engine alone trains {middle(lambda entry: 1 / entry['engine'][0]):.1f} images/s and evaluates "
            f"{middle(lambda entry: 1 / entry['engine'][1]):.1f}",
            f"training alone: {share['median']:.1f} % of the engine's speed ({share['least']:.1f}…{share['most']:.1f})"]

    def _profile(self, setting, data):
        profile = self._epoch(setting, data, "--profile")["profile"]
        return {"a run of two epochs, in s": profile["seconds"],
                "its loader threads, which work beside it, in s of a processor": profile["loader_seconds"]}


class Start:
    name, unit = "start", "s"
    title = "start of sentry train to the end of the first step, 28,709 images (48×48, batch 64)"
    target = {"what": "start", "least": 4, "aim": 2, "ceiling": True, "unit": " s"}

    def run(self, setting):
        data = fer2013.folder(setting.fer2013)
        if data is None:
            return {"targets": [not_judged(why=fer2013.ABSENT, **self.target)]}
        seconds = []
        for _ in range(setting.rounds):
            with program.training(
                setting, "--data", data, "--dataset", "fer2013", "--image-size", 48,
                "--batch-size", 64) as (_, command):
                seconds.append(program.first_step(command))
        return {"seconds": seconds, "targets": [verdict(ratio=spread(seconds), **self.target)]}


class Memory:
    name, title, unit = "memory", "peak memory of a whole sentry train process, f32, 224×224, batch 32", "GB"
    steps, batch = 8, 32

    def run(self, setting):
        folder, images, notes = fer2013.folder(setting.fer2013), self.steps * self.batch, []
        data = ["--data", folder, "--dataset", "fer2013", "--limit", images]
        if folder is None:
            data = ["--dataset", "synthetic-faces", "--set", f"dataset.count={images}",
                    "--set", "dataset.validation-count=32"]
            notes = [f"on synthetic faces: {fer2013.ABSENT}"]
        peaks = []
        for _ in range(min(setting.rounds, ROUNDS)):
            with program.training(
                setting, *data, "--image-size", 224, "--batch-size", self.batch, "--epochs", 1) as (_, command):
                peaks.append(program.run(command)[1])
        peak = spread([value / 1e9 for value in peaks])
        return {"peak_bytes": peaks, "notes": notes,
                "targets": [verdict("peak", peak, 1.8, 1.5, ceiling=True, unit=" GB")]}


ROWS = [Start(), WholeRun(48, 64, 12_800, 6), WholeRun(224, 32, 640, 2), Memory()]
