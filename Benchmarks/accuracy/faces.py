"""FER2013's folders as lists of (path, label), in the order in which `sentry train` has them."""

import dataclasses
import pathlib

from bench.worker import Failed

from . import order

# By folder; disgust is left out. The labels' order is that of docs/data.md.
LABELS = {"neutral": 0, "happy": 1, "sad": 2, "surprise": 3, "fear": 4, "angry": 5}
TRAIN, VALIDATION = 0, 1  # the splits' numbers in a fingerprint


@dataclasses.dataclass
class Faces:
    train: list
    validation: list
    test: list
    fingerprints: dict = dataclasses.field(default_factory=dict)  # by the names in run.json

    def limited(self, limit, seed):
        """What --limit leaves of training and validation, and all of the test split."""
        limit = min(limit or len(self.train), len(self.train))
        size = min(len(self.validation), max(1, int(len(self.validation) * (limit / len(self.train)) + 0.5)))
        train, first = part(self.train, limit, seed, TRAIN)
        validation, second = part(self.validation, size, seed, VALIDATION)
        return Faces(train, validation, self.test, {"train": first, "validation": second})

    def check(self, record):
        """That a run.json is of a run on the same samples."""
        for name, wanted in self.fingerprints.items():
            if record["data"][name]["fingerprint"] != wanted:
                raise Failed(f"sentry took other {name} samples than Benchmarks/accuracy/order.py computes: compare it with "
                             "Sources/SentryHost/Runtime/Data/StratifiedSubset.swift")


def part(samples, size, seed, split):
    labels = [label for _, label in samples]
    positions = order.subset(labels, size, seed)
    taken = [samples[position] for position in positions]
    return taken, order.fingerprint(split, positions, [label for _, label in taken])


def read(folder):
    root = pathlib.Path(folder)
    train, rest = images(root / "train"), images(root / "test")
    validation = [sample for sample in rest if pathlib.Path(sample[0]).name.startswith("PublicTest")]
    test = [sample for sample in rest if pathlib.Path(sample[0]).name.startswith("PrivateTest")]
    if not (train and validation and test):
        raise Failed(f"{folder} must hold FER2013 as train/CLASS/*.jpg and test/CLASS/P…Test_*.jpg: PyTorch's side reads no CSV")
    return Faces(train, validation, test)


def images(folder):
    return [(str(path), LABELS[path.parent.name]) for name in sorted(LABELS)
            for path in sorted((folder / name).glob("*"), key=lambda path: path.name)]
