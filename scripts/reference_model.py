"""The emotion networks in PyTorch, with the names that Sentry's checkpoints carry.

    from reference_model import load
    model, checkpoint = load("models/emotion_trained/best_model.pth")
    logits = model(images)  # [N, 1, S, S], grey, (x / 255 - 0.5) / 0.5
"""

import torch
from torch import nn
from torchvision.models import mobilenet_v3_small
from torchvision.models.densenet import DenseNet


class EmotionNet(nn.Module):
    """A backbone of torchvision's with a 1280-d embedding and a small classifier."""

    def __init__(self, backbone, features, classes):
        super().__init__()
        self.backbone = backbone
        del self.backbone.classifier  # the 1000 classes of ImageNet
        self.projection = nn.Sequential(nn.Linear(features, 1280), nn.ReLU(), nn.Dropout(0.4))
        self.classifier = nn.Sequential(nn.Linear(1280, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, classes))

    def maps(self, images):
        return self.backbone.features(images)

    def embedding(self, images):
        return self.projection(self.maps(images).mean(dim=(2, 3)))

    def forward(self, images):
        return self.classifier(self.embedding(images))


class EmotionDenseNet(EmotionNet):
    """DenseNet121 (Huang et al. 2017) with a one-channel stem."""

    def __init__(self, classes=6):
        backbone = DenseNet(growth_rate=32, block_config=(6, 12, 24, 16), num_init_features=64)
        backbone.features.conv0 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
        super().__init__(backbone, 1024, classes)

    def maps(self, images):
        return torch.relu(super().maps(images))


class EmotionMobileNet(EmotionNet):
    """MobileNetV3-Small (Howard et al. 2019) with a one-channel stem."""

    def __init__(self, classes=6):
        backbone = mobilenet_v3_small(weights=None)
        backbone.features[0][0] = nn.Conv2d(1, 16, kernel_size=3, stride=2, padding=1, bias=False)
        super().__init__(backbone, 576, classes)


def load(path):
    """The network in evaluation mode with the weights of a checkpoint, and the checkpoint."""
    checkpoint = torch.load(path, weights_only=True)
    state = checkpoint["model_state_dict"]
    network = EmotionDenseNet if "backbone.features.conv0.weight" in state else EmotionMobileNet
    model = network(classes=state["classifier.3.weight"].shape[0])
    model.load_state_dict(state, strict=True)
    return model.eval(), checkpoint
