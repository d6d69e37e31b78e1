#!/usr/bin/env python3
"""Shows that a checkpoint of Sentry gives the same logits in PyTorch.

    make peers && .peers/bin/python scripts/verify_checkpoint.py models/quickstart/best_model.pth

Feeds the same random inputs to `sentry predict` and to the network of reference_model.py or reference_posture.py; exits 1 if
the logits of a task differ by more than 1e-4 (images: 1e-3) anywhere. Also loads the optimiser's state into PyTorch's AdamW or
SGD and takes a step with it.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch


def load(path):
    """The network that the checkpoint is of, as a function to the logits of each task."""
    state = torch.load(path, weights_only=True)["model_state_dict"]
    if any(name.startswith("backbone.") for name in state):
        import reference_model

        model, checkpoint = reference_model.load(path)
        task = checkpoint["sentry"]["tasks"][0]["name"]
        return model, checkpoint, lambda inputs: {task: model(inputs)}, 1e-3
    import reference_posture

    model, checkpoint = reference_posture.load(path)
    return model, checkpoint, model, 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--sentry", default=".build/release/sentry")
    parser.add_argument("--inputs", type=int, default=16)
    arguments = parser.parse_args()

    model, checkpoint, logits, limit = load(arguments.checkpoint)
    shape = [30 if extent < 0 else extent for extent in checkpoint["sentry"]["input"]["shape"]]
    inputs = numpy.random.default_rng(0).standard_normal((arguments.inputs, *shape)).astype(numpy.float32)
    with torch.no_grad():
        theirs = {task: values.numpy() for task, values in logits(torch.from_numpy(inputs)).items()}

    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "inputs.npy"
        numpy.save(source, inputs)
        subprocess.run(
            [arguments.sentry, "predict", "--model", arguments.checkpoint, source, "--output", folder, "--overwrite"],
            check=True, stdout=subprocess.DEVNULL)
        ours = {task: numpy.load(pathlib.Path(folder) / f"{task}_logits.npy") for task in theirs}

    agrees = True
    for task, values in theirs.items():
        difference = float(numpy.abs(ours[task] - values).max())
        print(f"{arguments.inputs} inputs of {shape}, {task}: largest difference of the logits {difference:.2e} "
              f"(limit {limit:.0e})")
        agrees = agrees and ours[task].shape == values.shape and difference <= limit
    check_optimizer(model, checkpoint)
    return 0 if agrees else 1


def check_optimizer(model, checkpoint):
    """The optimiser of PyTorch that the groups are of takes the state over and goes on with it."""
    names = dict(model.named_parameters())
    groups = checkpoint["optimizer_state_dict"]["param_groups"]
    count = sum(len(group["params"]) for group in groups)
    if count != len(names):
        print(f"optimizer: {count} of {len(names)} parameters train; not compared")
        return
    kind = "SGD" if "momentum" in groups[0] else "AdamW"
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=1e-4)
    optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    step = next(iter(optimizer.state.values()), {}).get("step")
    print(f"optimizer: torch.optim.{kind} took over {count} parameters" + (f" at step {int(step)}" if step is not None else ""))


if __name__ == "__main__":
    sys.exit(main())
