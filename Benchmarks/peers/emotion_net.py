"""The emotion network as it is written in PyTorch."""

import torch
import torchvision
from torch import nn


class EmotionNet(nn.Module):
    """torchvision's DenseNet121 with a one-channel stem, a 1280-d embedding and a small classifier."""

    def __init__(self):
        super().__init__()
        self.backbone = torchvision.models.densenet121(weights=None)
        self.backbone.features.conv0 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        nn.init.kaiming_normal_(self.backbone.features.conv0.weight)  # as torchvision's other convolutions
        self.backbone.classifier = nn.Identity()
        self.projection = nn.Sequential(nn.Linear(1024, 1280), nn.ReLU(), nn.Dropout(0.4))
        self.classifier = nn.Sequential(nn.Linear(1280, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 6))

    def forward(self, x):
        return self.classifier(self.projection(self.backbone(x)))

    def freeze_through_block3(self, running_statistics):
        """Only block 4, norm5 and the head train; frozen batch norms normalise by the batch or as in evaluation."""
        free = ("denseblock4", "norm5", "projection", "classifier")
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(any(part in name for part in free))
        for module in self.modules():
            if running_statistics and isinstance(module, nn.BatchNorm2d) and not module.weight.requires_grad:
                module.eval()


def layout(name):
    return {"nhwc": torch.channels_last, "nchw": torch.contiguous_format}[name]
