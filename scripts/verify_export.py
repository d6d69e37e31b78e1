#!/usr/bin/env python3
"""Shows that exports of a checkpoint give the same outputs elsewhere.

    make peers && .peers/bin/python scripts/verify_export.py models/quickstart/best_model.pth

Exports to ONNX (as it is and with folded batch norms), safetensors and .pth; opens them in onnxruntime, safetensors and torch; and
compares the logits of random inputs with those of the PyTorch network that the checkpoint itself gives. Exits 1 if they differ by
more than 1e-4 anywhere.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import safetensors.torch
import torch

import verify_checkpoint

LIMIT = 1e-4


def in_onnxruntime(path, inputs, tasks):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return dict(zip(tasks, session.run(tasks, {"input": inputs})))


def in_torch(model, logits, state, inputs):
    model.load_state_dict(state)
    with torch.no_grad():
        return {task: values.numpy() for task, values in logits(torch.from_numpy(inputs)).items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--sentry", default=".build/release/sentry")
    arguments = parser.parse_args()
    model, checkpoint, logits, _ = verify_checkpoint.load(arguments.checkpoint)
    shape = [30 if extent < 0 else extent for extent in checkpoint["sentry"]["input"]["shape"]]
    agrees = True
    with tempfile.TemporaryDirectory() as folder:

        def export(name, *options):
            target = f"{folder}/{name}"
            subprocess.run(
                [arguments.sentry, "export", "--model", arguments.checkpoint, "--output", target, *options],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return target

        for batch in (1, 5):
            inputs = numpy.random.default_rng(batch).standard_normal((batch, *shape)).astype(numpy.float32)
            with torch.no_grad():
                expected = {task: values.numpy() for task, values in logits(torch.from_numpy(inputs)).items()}
            results = {
                "onnx": in_onnxruntime(export(f"m{batch}.onnx"), inputs, list(expected)),
                "onnx, folded": in_onnxruntime(export(f"f{batch}.onnx", "--fold-bn"), inputs, list(expected)),
                "safetensors": in_torch(
                    model, logits, safetensors.torch.load_file(export(f"m{batch}.safetensors")), inputs),
                "pth": in_torch(model, logits, torch.load(export(f"m{batch}.pth"), weights_only=True), inputs),
            }
            for name, values in results.items():
                difference = max(float(numpy.abs(values[task] - expected[task]).max()) for task in expected)
                agrees = agrees and difference <= LIMIT
                print(f"batch {batch}, {name}: largest difference of the logits {difference:.2e} (limit {LIMIT:.0e})")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
