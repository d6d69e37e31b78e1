"""`sentry demo` as a user runs it: a video of a person at 640×360, with poses, faces, an emotion and a posture model."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from .. import program
from ..row import spread, verdict
from ..worker import Failed
from .vision import SHARED, VIDEO

RATES = {"avx2": 20, "avx512": 30, "avx512bf16": 30}
TRAINING = {
    "emotion": ["--dataset", "synthetic-faces", "--image-size", "48", "--set", "dataset.count=256",
                "--set", "dataset.validation-count=64", "--set", "run.augmentation=none"],
    "posture": ["--dataset", "synthetic-posture"],
}


class Workplace:
    """A home with the detectors' files, two models and a video, in a folder that vanishes afterwards."""

    def __init__(self, setting, folder):
        self.setting, self.folder = setting, pathlib.Path(folder)
        self.environment = os.environ | {"HOME": folder}
        self.sentry("models", "get", "all", "--from", SHARED / "mediapipe")
        for task, words in TRAINING.items():
            self.sentry("train", task, *words, "--epochs", "1", "--output", self.folder / task)
        self.video = self.folder / "video.mp4"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-stream_loop", "1" if setting.quick else "3", "-i", VIDEO, "-c", "copy", self.video],
            check=True)

    def sentry(self, *words):
        """What it says on standard output."""
        command = [str(self.setting.builds / "sentry"), *map(str, words)]
        process = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if process.returncode != 0:
            raise Failed(f"{' '.join(command)} failed: {process.stderr.strip()[-500:]}")
        return process.stdout

    def demo(self, tasks, *words):
        models = [word for task in tasks for word in ("--model", self.folder / task / "best_model.pth")]
        return ["demo", *models, "--source", self.video, "--headless", "--overwrite",
                "--threads", self.setting.threads, *words]


@contextlib.contextmanager
def workplace(setting):
    if not VIDEO.is_file() or not (SHARED / "mediapipe").is_dir() or shutil.which("ffmpeg") is None:
        raise Failed(f"{VIDEO}, {SHARED / 'mediapipe'} or ffmpeg is absent")
    with tempfile.TemporaryDirectory(prefix="sentry-bench-demo-") as folder:
        yield Workplace(setting, folder)


class Demo:
    name, unit = "demo", "frames/s"
    title = "sentry demo, 640×360, pose, face, emotion at 48 px in every frame, posture"
    cases = {
        "JSON lines": (TRAINING, "--jsonl", "out.jsonl"),
        "JSON lines and mp4": (TRAINING, "--jsonl", "out.jsonl", "--output", "out.mp4"),
        "face and emotion alone": (["emotion"], "--jsonl", "out.jsonl"),
    }

    def run(self, setting):
        with workplace(setting) as place:
            rates = {name: [] for name in self.cases}
            for _ in range(setting.rounds):
                for name, (tasks, *outputs) in self.cases.items():
                    words = [place.folder / word if "." in word else word for word in outputs]
                    text = place.sentry(*place.demo(tasks, *words))
                    told = re.search(r"([\d.]+) per second", text)
                    if told is None:
                        raise Failed(f"sentry demo tells no rate: {text.strip()[-300:]}")
                    rates[name].append(float(told[1]))
        first, *others = rates
        wanted = RATES[setting.level.name]
        return {
            "rates": rates,
            "lines": [f"{name}: {spread(rates[name])['median']:.1f} frames/s" for name in others],
            "targets": [verdict(first, spread(rates[first]), wanted, wanted, unit=" frames/s")]}


class ColdStart:
    name, unit = "demo-start", "s"
    title = "sentry demo from its start to the end of the first frame, pose, face, emotion at 48 px, posture"

    def run(self, setting):
        with workplace(setting) as place:
            command = [str(setting.builds / "sentry"), *map(str, place.demo(
                TRAINING, "--frames", 1, "--jsonl", place.folder / "out.jsonl"))]
            # The first run asks the plugins what they are; the answers are kept.
            place.sentry(*command[1:])
            seconds = [program.run(["env", f"HOME={place.folder}", *command])[0] for _ in range(setting.rounds)]
        return {"seconds": seconds,
                "targets": [verdict("to the first frame", spread(seconds), 1, 1, ceiling=True, unit=" s")]}


ROWS = [Demo(), ColdStart()]
