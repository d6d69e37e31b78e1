#!/usr/bin/env python3
"""The emotion network's training step in PyTorch: torch_densenet.py SIZE BATCH STEPS [channels_last] [frozen].

Prints one line a step as Benchmarks/Engine does: same network, loss, clipping and AdamW; random images.
"""
import resource
import sys
import time

import torch
import torchvision


class EmotionNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = torchvision.models.densenet121(weights=None)
        self.backbone.features.conv0 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        self.backbone.classifier = torch.nn.Identity()
        nn = torch.nn
        self.projection = nn.Sequential(nn.Linear(1024, 1280), nn.ReLU(), nn.Dropout(0.4))
        self.classifier = nn.Sequential(nn.Linear(1280, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 6))

    def forward(self, x):
        return self.classifier(self.projection(self.backbone(x)))


def main():
    size, batch, steps = map(int, sys.argv[1:4])
    layout = torch.channels_last if "channels_last" in sys.argv else torch.contiguous_format
    torch.set_num_threads(2)
    model = EmotionNet().to(memory_format=layout).train()
    if "frozen" in sys.argv:
        for name, parameter in model.named_parameters():
            free = ("denseblock4", "norm5", "projection", "classifier")
            parameter.requires_grad_(any(part in name for part in free))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.05)
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=0.15)
    x = torch.randn(batch, 1, size, size).to(memory_format=layout)
    y = torch.randint(0, 6, (batch,))
    for step in range(1, steps + 1):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        print(f"step {step} loss {loss.item()} seconds {time.perf_counter() - start}", flush=True)
    print("peak_bytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


main()
