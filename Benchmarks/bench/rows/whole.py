"""`sentry train emotion` as a user runs it, on FER2013."""

import statistics

from .. import program
from ..row import spread, verdict
from ..worker import Failed, Worker

ABSENT = "not measured: name the FER2013 folder with --fer2013 or SENTRY_FER2013"


class WholeRun:
    """An epoch with loading, augmentation, validation and checkpoints, against the time that the engine alone takes for it."""

    unit = "images/s"

    def __init__(self, size, batch, images, passes):
        self.size, self.batch, self.images, self.passes = size, batch, images, passes
        self.name, self.title = f"whole-{size}", f"sentry train emotion on FER2013 at {size}×{size} against the engine alone"

    def run(self, setting):
        if setting.fer2013 is None:
            return {"notes": [ABSENT]}
        shape = {"size": self.size, "batch": self.batch}
        engines = [Worker("training", setting.engine("train", passes=self.passes, **shape)),
                   Worker("evaluation", setting.engine("infer", passes=self.passes, **shape))]
        rounds = []
        try:
            for engine in engines:
                engine.start()
            for _ in range(min(setting.rounds, 3)):
                before = [engine.measure() for engine in engines]
                whole = self._epoch(setting)
                after = [engine.measure() for engine in engines]
                rounds.append(whole | {"engine": [(a + b) / 2 for a, b in zip(before, after)]})
        finally:
            for engine in engines:
                engine.kill()
        return self._result(rounds)

    def _epoch(self, setting):
        images = self.images // (4 if setting.quick else 1)
        with program.training(
            setting, "--data", setting.fer2013, "--dataset", "fer2013", "--image-size", self.size, "--batch-size", self.batch,
            "--limit", images, "--epochs", 2) as (folder, command):
            program.run(command)
            timing = program.timing(folder)
        # The first epoch reads the files, and builds the primitives that the engine alone has already built.
        return {"images": images, "rate": timing["images_per_second"][1], "seconds": timing["seconds"][1]}

    def _result(self, rounds):
        training = spread([100 * entry["rate"] * entry["engine"][0] for entry in rounds])
        lines = [
            f"epoch 2 trains {statistics.median(entry['rate'] for entry in rounds):.1f} images/s, the engine alone "
            f"{statistics.median(1 / entry['engine'][0] for entry in rounds):.1f}; the engine alone evaluates "
            f"{statistics.median(1 / entry['engine'][1] for entry in rounds):.1f}"]
        return {"rounds": rounds, "lines": lines, "targets": [verdict("of the engine's speed", training, 93, 97, unit=" %")]}


class Start:
    name, title, unit = "start", "start of sentry train to the end of the first step, 28,709 images (48×48, batch 64)", "s"

    def run(self, setting):
        if setting.fer2013 is None:
            return {"notes": [ABSENT]}
        seconds = []
        for _ in range(setting.rounds):
            with program.training(
                setting, "--data", setting.fer2013, "--dataset", "fer2013", "--image-size", 48, "--batch-size", 64) as (_, command):
                seconds.append(program.first_step(command))
        return {"seconds": seconds, "targets": [verdict("start", spread(seconds), 4, 2, ceiling=True, unit=" s")]}


class Memory:
    name, title, unit = "memory", "peak memory of a whole sentry train process, f32, 224×224, batch 32", "GB"

    def run(self, setting):
        data = ["--dataset", "synthetic-faces", "--set", "dataset.count=128", "--set", "dataset.validation-count=32"]
        with program.training(
            setting, *data, "--image-size", 224, "--batch-size", 32, "--epochs", 1) as (_, command):
            _, peak = program.run(command)
        return {"peak_bytes": peak,
                "targets": [verdict("peak", spread([peak / 1e9]), 1.8, 1.5, ceiling=True, unit=" GB")]}


ROWS = [Start(), WholeRun(48, 64, 6400, 6), WholeRun(224, 32, 320, 2), Memory()]
