"""The posture network and the classifier heads in PyTorch, with the names that Sentry's checkpoints carry.

    from reference_posture import load
    model, checkpoint = load("models/posture_trained/best_model.pth")
    logits = model(sequences)  # {"posture": [N, 4], …} from [N, frames, features], normalised as the checkpoint says
"""

import torch
from torch import nn


class Block(nn.Module):
    """A residual block of a temporal convolutional network (Bai et al. 2018), of the same length."""

    def __init__(self, inputs, outputs, dilation, dropout):
        super().__init__()
        self.conv1 = nn.Conv1d(inputs, outputs, 3, padding=dilation, dilation=dilation)
        self.conv2 = nn.Conv1d(outputs, outputs, 3, padding=dilation, dilation=dilation)
        self.bn1 = nn.BatchNorm1d(outputs)
        self.bn2 = nn.BatchNorm1d(outputs)
        self.dropout = nn.Dropout(dropout)
        self.downsample = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x):
        y = self.dropout(torch.relu(self.bn1(self.conv1(x))))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class TCN(nn.Module):
    def __init__(self, features, channels, dropout):
        super().__init__()
        widths = [features, *channels]
        self.network = nn.Sequential(*[
            Block(inputs, outputs, 2**index, dropout) for index, (inputs, outputs) in enumerate(zip(widths, channels))])

    def forward(self, x):
        return self.network(x)


# Hidden width and dropout of each task's head; a task of another name gets those of posture.
HEADS = {"trajectory": (64, 0.3)}


class PostureTCNLSTM(nn.Module):
    def __init__(self, features=15, tasks=None, dropout=1.0):
        """`tasks`: classes by name; `dropout`: a factor on all drop-out rates."""
        super().__init__()
        tasks = tasks or {"posture": 4, "stress": 4, "trajectory": 3}
        self.tcn = TCN(features, (64, 128, 256), 0.2 * dropout)
        self.lstm = nn.LSTM(256, 128, num_layers=2, batch_first=True, dropout=0.2 * dropout)
        self.projection = nn.Sequential(
            nn.Linear(128, 512), nn.LayerNorm(512), nn.ReLU(), nn.Dropout(0.4 * dropout), nn.Linear(512, 512),
            nn.LayerNorm(512))
        self.tasks = list(tasks)
        for task, classes in tasks.items():
            hidden, rate = HEADS.get(task, (128, 0.4))
            head = nn.Sequential(
                nn.Linear(512, hidden), nn.ReLU(), nn.Dropout(rate * dropout), nn.Linear(hidden, classes))
            self.add_module(f"{task}_classifier", head)

    def embedding(self, x):
        y = self.tcn(x.transpose(1, 2)).transpose(1, 2)
        return self.projection(self.lstm(y)[0][:, -1])

    def forward(self, x):
        embedding = self.embedding(x)
        return {task: self.get_submodule(f"{task}_classifier")(embedding) for task in self.tasks}


class Head(nn.Module):
    def __init__(self, classes, dropout):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.3 * dropout), nn.Linear(256, 128), nn.ReLU(),
            nn.Dropout(0.3 * dropout), nn.Linear(128, classes))

    def forward(self, x):
        return self.layers(x)


class ClassifierHeads(nn.Module):
    def __init__(self, features=1024, tasks=None, dropout=1.0):
        super().__init__()
        tasks = tasks or {"stress": 3, "depression": 4, "anxiety": 4}
        self.shared_backbone = nn.Sequential(
            nn.Linear(features, 512), nn.LayerNorm(512), nn.ReLU(), nn.Dropout(0.2 * dropout))
        self.tasks = list(tasks)
        for task, classes in tasks.items():
            self.add_module(f"{task}_head", Head(classes, dropout))
        self.register_buffer("temperature", torch.ones(1) * 1.5)

    def embedding(self, x):
        return self.shared_backbone(x)

    def forward(self, x):
        embedding = self.embedding(x)
        return {task: self.get_submodule(f"{task}_head")(embedding) / self.temperature for task in self.tasks}


def load(path):
    """The network in evaluation mode with the weights of a checkpoint, and the checkpoint."""
    checkpoint = torch.load(path, weights_only=True)
    state = checkpoint["model_state_dict"]
    tasks = {task["name"]: len(task["classes"]) for task in checkpoint["sentry"]["tasks"]}
    if "temperature" in state:
        model = ClassifierHeads(state["shared_backbone.0.weight"].shape[1], tasks)
    else:
        model = PostureTCNLSTM(state["tcn.network.0.conv1.weight"].shape[1], tasks)
    model.load_state_dict(state, strict=True)
    return model.eval(), checkpoint
