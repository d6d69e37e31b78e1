#!/usr/bin/env python3
"""Shows on real FER2013 that training in bf16 reaches the accuracy of f32.

    make build && python3 scripts/bf16_accuracy.py                # --data, SENTRY_FER2013 or ../shared/data/fer2013.tar

Trains the same short run (48×48, no augmentation) in both precisions with every seed, and compares the best
validation accuracies. Exits 1 where the means differ by more than the larger of 1 point and two standard errors of that
difference, 2 where it cannot tell, as on a CPU without bf16.

The standard error has two parts, added as squares. One is how much the difference varies over the seeds: both runs of a
seed see the same samples in the same order, so it is the deviation of their differences by the root of the number of
seeds. Of three seeds that deviation may be small by chance; so the other is what accuracies that are counted on so many
validation samples vary by at least, √(p (1 − p) / n) for either precision, n over all seeds.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks"))
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
    differences = [ours - reference for ours, reference in zip(bf16, f32)]
    over_seeds = statistics.stdev(differences) / math.sqrt(len(seeds))
    shares = [statistics.mean(values) / 100 for values in (f32, bf16)]
    counted = 100 * math.sqrt(sum(share * (1 - share) / samples for share in shares))
    error = math.hypot(over_seeds, counted)
    bound, difference = max(1, 2 * error), statistics.mean(differences)
    agrees = abs(difference) <= bound

    print("\n| seed | f32 | bf16 | difference |\n| --- | --- | --- | --- |")
    for row in zip(seeds, f32, bf16, differences):
        print("| {} | {:.2f} % | {:.2f} % | {:+.2f} |".format(*row))
    print(f"| mean | {100 * shares[0]:.2f} % | {100 * shares[1]:.2f} % | {difference:+.2f} |\n")
    print(f"standard error {error:.2f} points (seeds {over_seeds:.2f}, {samples} validation samples {counted:.2f}); "
          f"bound {bound:.2f}: {'within' if agrees else 'OUTSIDE'}")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
