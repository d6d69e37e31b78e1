#!/usr/bin/env python3
"""Shows on real FER2013 that training in bf16 reaches the accuracy of f32.

    make build && python3 scripts/bf16_accuracy.py                # --data, SENTRY_FER2013 or ../shared/data/fer2013.tar

Trains the same short run (48×48, no augmentation) in both precisions with every seed, and compares the best
validation accuracies as Benchmarks/accuracy/intervals.py says. Exits 1 where they do not agree, 2 where it cannot tell, as on
a CPU without bf16.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks"))
from accuracy.intervals import Agreement
from bench import fer2013

PRECISIONS = ("bf16", "f32")  # bf16 first: where the program refuses it, nothing has been trained in vain


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="the FER2013 folder")
    parser.add_argument("--limit", type=int, default=8000, help="training samples (8000); validation in proportion")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=0, help="0: one for each CPU core")
    parser.add_argument("--sentry", default=ROOT / ".build/release/sentry")
    arguments = parser.parse_args()
    if len(arguments.seeds) < 2:
        parser.error("one seed does not tell how much accuracies vary: give two or more")
    if "avx512_bf16" not in pathlib.Path("/proc/cpuinfo").read_text().split():
        parser.error("this CPU has no bf16 (AVX512_BF16): nothing to compare")
    data = fer2013.for_script(parser, arguments.sentry, arguments.data)

    accuracies, samples = {precision: [] for precision in PRECISIONS}, 0
    for seed in arguments.seeds:
        for precision in PRECISIONS:
            start = time.monotonic()
            accuracy, count = train(arguments, data, precision, seed)
            print(f"seed {seed}, {precision}: {accuracy:.2f} % in {time.monotonic() - start:.0f} s", flush=True)
            accuracies[precision].append(accuracy)
        samples += count
    return judge(arguments.seeds, accuracies["f32"], accuracies["bf16"], samples)


def train(arguments, data, precision, seed):
    """The best validation accuracy in percent, and on how many samples it was counted."""
    with tempfile.TemporaryDirectory(prefix="sentry-bf16-") as folder:
        run = pathlib.Path(folder) / "run"
        command = [
            arguments.sentry, "train", "emotion", "--data", data, "--dataset", "fer2013", "--image-size", "48",
            "--precision", precision, "--seed", seed, "--set", "trainer.optimizer=adamw", "--set", "run.augmentation=none",
            "--epochs", arguments.epochs, "--limit", arguments.limit, "--threads", arguments.threads, "--output", run]
        outcome = subprocess.run(
            [str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if outcome.returncode != 0:
            print(f"sentry train failed in {precision}: {outcome.stderr.strip()[-1000:]}", file=sys.stderr)
            sys.exit(2)
        history = json.loads((run / "history.json").read_text())
        count = json.loads((run / "run.json").read_text())["data"]["validation"]["samples"]
    return max(history["val_acc"]), count


def judge(seeds, f32, bf16, samples):
    agreement = Agreement.of(bf16, f32, samples)
    print("\n| seed | f32 | bf16 | difference |\n| --- | --- | --- | --- |")
    for seed, reference, ours in zip(seeds, f32, bf16):
        print(f"| {seed} | {reference:.2f} % | {ours:.2f} % | {ours - reference:+.2f} |")
    print(f"\n{agreement}")
    return 0 if agreement.holds else 1


if __name__ == "__main__":
    sys.exit(main())
