#!/usr/bin/env python3
"""Makes this folder with a program of Sentry from before options were renamed (commit c6851bb), for EarlierFilesTests.

    PATH=FOLDER-OF-THAT-PROGRAM:$PATH .peers/bin/python make_before.py

Needs torch. `run` is an interrupted run of the emotion recipe as that program left it, the .pth files are checkpoints of other
recipes, and `expected.json` is what that program made of them. All is as written but for the values of large tensors: they are
made views of one small storage, which torch.save keeps as such, so that 200 MB become 300 KB.
"""

import contextlib
import csv
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import numpy
import torch

HERE = pathlib.Path(__file__).resolve().parent
SMALL = ("--dataset synthetic-faces --image-size 32 --batch-size 4 --seed 5 --threads 1 --set dataset.count=60 "
         "--set dataset.validation-count=12 --set dataset.size=32").split()
# Whatever is called otherwise today.
FORMER = ("--memory low --set model.frozen-bn=eval --set model.freeze=backbone --set model.schedule=dynamic "
          "--set run.hold-out=0.25 --start seed/best_model.pth").split()

numbers = torch.randn(2400, generator=torch.Generator().manual_seed(1))
STORAGES = {"weight": 0.04 * numbers, "moment": 1e-4 * numbers, "square": torch.full((1,), 1e-6), "one": torch.ones(1),
            "zero": torch.zeros(1)}
counters = {}


def small(name, tensor):
    """Of this shape, over a small storage; counters keep their values."""
    if tensor.dim() == 0:
        return counters.setdefault((tensor.item(), tensor.dtype), tensor)
    if tensor.numel() < 8 or not tensor.is_floating_point():
        return tensor
    if "exp_avg_sq" in name:
        return STORAGES["square"].expand(tensor.shape)
    if "exp_avg" in name or tensor.dim() > 1:
        return STORAGES["moment" if "exp_avg" in name else "weight"].as_strided(tensor.shape, (1, 1, 3, 5)[:tensor.dim()])
    return STORAGES["one" if name.endswith(("running_var", ".weight")) else "zero"].expand(tensor.shape)


def shrink(path):
    file = torch.load(path, weights_only=True)
    for key in ("model_state_dict", "model", "trainer"):
        for name, tensor in file.get(key, {}).items():
            file[key][name] = small(name, tensor)
    # What a state of PyTorch's optimiser is worth is seen in the run's own state.
    file.pop("optimizer_state_dict", None)
    torch.save(file, path)


def sentry(*arguments):
    subprocess.run(["sentry", *arguments], check=True, stdout=subprocess.DEVNULL)


def interrupted(*arguments):
    """Stops in the middle of the second epoch, as CTRL-C does; the number of the state."""
    for delay in (0.05 * step for step in range(1, 15)):
        process = subprocess.Popen(["sentry", *arguments, "--overwrite"], stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if line.startswith("epoch 1/"):
                time.sleep(delay)
                process.send_signal(signal.SIGINT)
        status = process.wait()
        number = pathlib.Path("run/state/current").read_text().strip()
        progress = json.loads(torch.load(f"run/state/{number}/state.pth", weights_only=True)["progress"])
        if status == 130 and progress["batch"]:
            return number
    raise SystemExit("the run could not be interrupted within its second epoch: try again")


def checkpoint(recipe):
    """A checkpoint of a recipe with an array for it; what the program answers."""
    if recipe == "posture":
        data = "--dataset synthetic-posture --set dataset.count=12 --set dataset.validation-count=12".split()
        inputs = torch.sin(torch.arange(2 * 30 * 15.0)).reshape(2, 30, 15)
    else:
        pathlib.Path("vectors").mkdir()
        for item in range(60):
            numpy.save(f"vectors/{item}.npy", numpy.full(6, item, numpy.float32))
        labels = {str(item): {"stress": item % 3, "anxiety": item // 3 % 4} for item in range(60)}
        pathlib.Path("vectors/labels.json").write_text(json.dumps(labels))
        data = ["--features", "vectors"]
        inputs = torch.sin(torch.arange(2 * 6.0)).reshape(2, 6)
    sentry("train", recipe, *data, "--epochs", "1", "--batch-size", "4", "--seed", "5", "--threads", "1", "--output", recipe)
    shrink(*pathlib.Path(recipe).glob("best_*.pth"))
    shutil.copy(next(pathlib.Path(recipe).glob("best_*.pth")), HERE / f"{recipe}.pth")
    numpy.save(HERE / f"{recipe}.npy", inputs.numpy())
    answer = subprocess.run(
        ["sentry", "predict", "--model", HERE / f"{recipe}.pth", HERE / f"{recipe}.npy", "--json"], check=True,
        stdout=subprocess.PIPE)
    return [row["tasks"] for row in json.loads(answer.stdout)]


def main():
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        sentry("train", "emotion", *SMALL, "--epochs", "1", "--output", "seed")
        shrink("seed/best_model.pth")
        number = interrupted("train", "emotion", *SMALL, *FORMER, "--epochs", "2", "--lr", "1e-4", "--output", "run")
        for file in ("run/best_model.pth", f"run/state/{number}/state.pth"):
            shrink(file)
        target = HERE / "run"
        shutil.rmtree(target, ignore_errors=True)
        for file in ("run.json", "history.json", "timing.json", "best_model.pth", "state/current", f"state/{number}/state.pth"):
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(f"run/{file}", target / file)

        sentry("evaluate", "--model", "run/best_model.pth", "--output", "evaluation", "--threads", "1", "--draws", "0")
        sentry("train", "--resume", "run")
        rows = list(csv.DictReader(open("evaluation/predictions.csv")))
        expected = {"predictions": rows, "history": json.loads(pathlib.Path("run/history.json").read_text())}
        for recipe in ("posture", "classifier"):
            expected[recipe] = checkpoint(recipe)
        (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
