#!/usr/bin/env python3
"""The emotion network's training step in PyTorch: forward, backward, clip, AdamW, on random images."""

import argparse
import contextlib

import torch
from emotion_net import EmotionNet, layout
from serve import serve


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layout", choices=["nhwc", "nchw"], default="nhwc")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--fused", action="store_true", help="AdamW in one kernel, PyTorch's fastest; else its default")
    parser.add_argument("--frozen", choices=["batch", "eval"], help="through block 3, with these statistics")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    memory = layout(options.layout)
    model = EmotionNet().to(memory_format=memory).train()
    if options.frozen:
        model.freeze_through_block3(options.frozen == "eval")
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.05, fused=options.fused or None)
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=0.15)
    x = torch.randn(options.batch, 1, options.size, options.size).to(memory_format=memory)
    y = torch.randint(0, 6, (options.batch,))
    network = torch.compile(model) if options.compile else model
    bf16 = options.precision == "bf16"

    def step():
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16) if bf16 else contextlib.nullcontext():
            loss = criterion(network(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()

    if options.compile:
        step()
    serve(step, items=options.batch, passes=options.passes)


main()
