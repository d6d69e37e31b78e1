"""Where things are, and how long to measure."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Setting:
    def __init__(self, arguments, level):
        self.level = level
        self.rounds = arguments.rounds or (2 if arguments.quick else 5)
        self.quick = arguments.quick
        self.compile = arguments.compile if arguments.compile is not None else not arguments.quick
        self.threads = arguments.threads
        self.builds = ROOT / ".build/release"
        self.peers = ROOT / "Benchmarks/peers"
        self.results = ROOT / "Benchmarks/results"
        self.results.mkdir(parents=True, exist_ok=True)
        self.fer2013 = arguments.fer2013 or os.environ.get("SENTRY_FER2013")
        self.python = self._interpreter([arguments.python, os.environ.get("SENTRY_PYTHON"), ROOT / ".peers/bin/python"])
        # MediaPipe 0.10.14 needs an older numpy than the others.
        self.mediapipe = self._interpreter([ROOT / ".peers-mediapipe/bin/python"])
        self.packages = self._packages(self.mediapipe) | self._packages(self.python)

    def engine(self, command, **options):
        """A command line of EngineBench: engine("train", size=224, batch=32); an option that is None is left out."""
        return [self.builds / "EngineBench", command, *flags(options, threads=self.threads)]

    def peer(self, script, **options):
        """A command line of a script in Benchmarks/peers."""
        return [self.python, self.peers / script, *flags(options, threads=self.threads)]

    def has(self, *packages):
        return all(package in self.packages for package in packages)

    @staticmethod
    def _interpreter(candidates):
        return next((str(path) for path in candidates if path and os.access(path, os.X_OK)), None)

    @staticmethod
    def _packages(python):
        """The versions of the peers that an interpreter has."""
        if python is None:
            return {}
        script = (
            "import importlib.metadata as m\n"
            "for p in ('torch', 'torchvision', 'onnxruntime', 'onnx', 'onnxscript', 'openvino', 'numpy', 'mediapipe'):\n"
            "  try: print(p, m.version(p))\n"
            "  except m.PackageNotFoundError: pass\n")
        listed = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout
        return dict(line.split() for line in listed.splitlines())


def flags(options, **defaults):
    """{"batch": 32, "frozen_norm": "eval", "serve": True} as --batch 32 --frozen-norm eval --serve."""
    words = []
    for name, value in (defaults | options).items():
        if value is not None and value is not False:
            words += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return words
