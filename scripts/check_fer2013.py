#!/usr/bin/env python3
"""Trains on real FER2013 as a user would, and checks what must come of it. Takes about ten minutes.

    make build && python3 scripts/check_fer2013.py        # --data, SENTRY_FER2013 or ../shared/data/fer2013.tar

Three epochs at 48×48 with the recipe's defaults: validation accuracy rises, and the best is at least six standard errors above
the share of the largest class. Then short balanced runs: the distribution is told before and after, and they train. Exits 1
where one of these does not hold.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks"))
from bench import fer2013


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="the FER2013 folder")
    parser.add_argument("--sentry", default=ROOT / ".build/release/sentry")
    arguments = parser.parse_args()
    data = fer2013.for_script(parser, arguments.sentry, arguments.data)

    problems = []
    with tempfile.TemporaryDirectory(prefix="sentry-fer2013-") as folder:
        def train(name, *words):
            run = pathlib.Path(folder) / name
            command = [arguments.sentry, "train", "emotion", "--data", data, "--dataset", "fer2013", "--image-size", "48",
                       "--output", run, *words]
            print("$", *command[1:], flush=True)
            outcome = subprocess.run([str(word) for word in command], stderr=subprocess.PIPE, text=True)
            print(outcome.stderr, flush=True)
            if outcome.returncode != 0:
                sys.exit(f"it failed with status {outcome.returncode}")
            told = [json.loads((run / f"{file}.json").read_text()) for file in ("history", "run")]
            return outcome.stderr, told[0], told[1]["data"]

        said, history, samples = train("defaults", "--epochs", "3")
        problems += [f"it does not say: {words}" for words in
                     ("436 of 28,709 training images are disgust", "111 of 7,178 test images are disgust") if words not in said]
        problems += accuracy_problems(history["val_acc"], samples["validation"])
        for words in (["--balance", "--limit", "3000"], ["--balance", "--target-samples", "500", "--aggressive"]):
            said, history, _ = train("-".join(words), "--epochs", "1", *words)
            if "balanced" not in said:
                problems.append(f"{' '.join(words)} does not tell the distribution")
            if not all(math.isfinite(loss) for loss in history["train_loss"]):
                problems.append(f"{' '.join(words)}: the loss is {history['train_loss']}")

    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0


def accuracy_problems(accuracies, validation):
    counts = validation["tasks"][0]["counts"]
    largest, total = max(counts), sum(counts)
    share = largest / total
    error = 100 * math.sqrt(share * (1 - share) / total)
    bound = 100 * share + 6 * error
    print(f"validation accuracy {' → '.join(f'{value:.2f}' for value in accuracies)} %; the largest class has {100 * share:.2f} %, "
          f"six standard errors above it are {bound:.2f} %")
    if accuracies != sorted(accuracies):
        yield "validation accuracy does not rise"
    if max(accuracies) < bound:
        yield f"validation accuracy stays below {bound:.2f} %"


if __name__ == "__main__":
    sys.exit(main())
