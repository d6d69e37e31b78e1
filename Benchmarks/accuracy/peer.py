"""peers/torch_fit.py, run with a plan."""

import json
import statistics
import subprocess

from bench.worker import Failed

from . import budget, recipe
from .faces import Faces


def run(setting, folder, plan, *words):
    """What it says: a list of its lines."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "plan.json"
    path.write_text(json.dumps(plan | {"best": str(folder / "best.pth")}))
    command = [setting.python, setting.peers / "torch_fit.py", path, *words]
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} failed: {process.stderr.strip()[-500:]}")
    return [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]


def epochs(lines):
    return [line for line in lines if "epoch" in line]


def probe(setting, folder, faces, seed, settings, size):
    """The seconds of an epoch on all of `faces`, at a size."""
    samples = min(len(faces.train), budget.probe_samples(size, settings["batch"]))
    few = Faces(faces.train, faces.validation, []).limited(samples, seed)
    told = epochs(run(setting, folder, recipe.fit(setting, few, seed, settings, [(size, budget.PROBE_EPOCHS)])))
    ends = [line["seconds"] for line in told]
    return statistics.mean(after - before for before, after in zip(ends, ends[1:])) * len(faces.train) / samples
