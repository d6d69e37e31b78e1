"""The network of the plugin in PyTorch, over tensors by their names in the state dict; drop-out as Sentry draws it."""
import numpy as np
import torch
from torch.nn import functional as F

LAYERS = (6, 12, 24, 16)


def mix(value):
    value = (value ^ value >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ value >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return value ^ value >> np.uint64(31)


def mask(shape, rate, layer, seed):
    with np.errstate(over="ignore"):
        stream = mix(mix(np.array(seed, np.uint64)) ^ np.uint64(layer))
        bits = mix(stream + np.arange(np.prod(shape), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    rate = np.float32(rate)
    kept = bits >= np.uint64(float(rate) * 2**24)
    return torch.from_numpy(np.where(kept, 1 / (1 - rate), np.float32(0)).astype(np.float32).reshape(shape))


def forward(state, x, training=False, seed=None):
    """logits, embedding; in training the running statistics of `state` follow."""

    def norm(x, name):
        x = F.batch_norm(x, state[name + ".running_mean"], state[name + ".running_var"], state[name + ".weight"], state[name + ".bias"], training)
        return F.relu(x)

    def dropout(x, rate, layer):
        return x if seed is None else x * mask(x.shape, rate, layer, seed).to(x.dtype)

    f = "backbone.features."
    x = F.max_pool2d(norm(F.conv2d(x, state[f + "conv0.weight"], stride=2, padding=3), f + "norm0"), 3, 2, 1)
    for block, layers in enumerate(LAYERS, 1):
        for layer in range(1, layers + 1):
            name = f"{f}denseblock{block}.denselayer{layer}."
            y = F.conv2d(norm(x, name + "norm1"), state[name + "conv1.weight"])
            x = torch.cat([x, F.conv2d(norm(y, name + "norm2"), state[name + "conv2.weight"], padding=1)], 1)
        if block < 4:
            name = f"{f}transition{block}."
            x = F.avg_pool2d(F.conv2d(norm(x, name + "norm"), state[name + "conv.weight"]), 2, 2)
    x = norm(x, f + "norm5").mean((2, 3))
    embedding = dropout(F.relu(F.linear(x, state["projection.0.weight"], state["projection.0.bias"])), 0.4, 1)
    hidden = dropout(F.relu(F.linear(embedding, state["classifier.0.weight"], state["classifier.0.bias"])), 0.5, 2)
    return F.linear(hidden, state["classifier.3.weight"], state["classifier.3.bias"]), embedding
