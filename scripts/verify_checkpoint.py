#!/usr/bin/env python3
"""Shows that a checkpoint of Sentry gives the same logits in PyTorch.

    make peers && .peers/bin/python scripts/verify_checkpoint.py models/quickstart/best_model.pth

Feeds the same random images to `sentry predict` and to the network of reference_model.py; exits 1 if they differ by more than
1e-3 anywhere. Also loads the optimiser's state into torch.optim.AdamW and takes a step with it.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch

import reference_model

LIMIT = 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--sentry", default=".build/release/sentry")
    parser.add_argument("--images", type=int, default=16)
    arguments = parser.parse_args()

    model, checkpoint = reference_model.load(arguments.checkpoint)
    shape = checkpoint["sentry"]["input"]["shape"]
    images = numpy.random.default_rng(0).standard_normal((arguments.images, *shape)).astype(numpy.float32)
    with torch.no_grad():
        theirs = model(torch.from_numpy(images)).numpy()

    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "images.npy"
        numpy.save(source, images)
        subprocess.run(
            [arguments.sentry, "predict", "--model", arguments.checkpoint, source, "--output", folder, "--overwrite"],
            check=True, stdout=subprocess.DEVNULL)
        task = checkpoint["sentry"]["tasks"][0]["name"]
        ours = numpy.load(pathlib.Path(folder) / f"{task}_logits.npy")

    difference = float(numpy.abs(ours - theirs).max())
    print(f"{arguments.images} inputs of {shape}: largest difference of the logits {difference:.2e} (limit {LIMIT:.0e})")
    check_optimizer(model, checkpoint)
    return 0 if ours.shape == theirs.shape and difference <= LIMIT else 1


def check_optimizer(model, checkpoint):
    """torch.optim.AdamW takes the state over and goes on with it."""
    names = dict(model.named_parameters())
    groups = checkpoint["optimizer_state_dict"]["param_groups"]
    count = sum(len(group["params"]) for group in groups)
    if count != len(names):
        print(f"optimizer: {count} of {len(names)} parameters train; not compared")
        return
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    print(f"optimizer: torch.optim.AdamW took over {count} parameters at step {int(next(iter(optimizer.state.values()))['step'])}")


if __name__ == "__main__":
    sys.exit(main())
