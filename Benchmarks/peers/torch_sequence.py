#!/usr/bin/env python3
"""Training steps of the posture network and the classifier heads in PyTorch: forward, losses, backward, clip, AdamW."""

import argparse
import pathlib
import sys

import torch
from serve import serve

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
from reference_posture import ClassifierHeads, PostureTCNLSTM


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=["posture", "classifier"])
    parser.add_argument("--batch", type=int)
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--features", type=int)
    parser.add_argument("--passes", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    if options.model == "posture":
        batch, features = options.batch or 32, options.features or 15
        model, smoothing, decay, rate = PostureTCNLSTM(features), 0.1, 0.05, 1e-4
        x = torch.randn(batch, options.frames, features)
    else:
        batch, features = options.batch or 64, options.features or 1024
        model, smoothing, decay, rate = ClassifierHeads(features), 0.0, 0.01, 1e-3
        x = torch.randn(batch, features)
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    labels = {task: torch.randint(0, logits.shape[1], (batch,)) for task, logits in model(x).items()}

    def step():
        optimiser.zero_grad()
        loss = sum(criterion(logits, labels[task]) for task, logits in model(x).items())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    serve(step, items=batch, passes=options.passes)


main()
