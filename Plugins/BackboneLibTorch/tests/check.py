"""Checks the plugin through the border, against PyTorch and, where it is given, against EmotionDenseNet.

check.py PLUGIN [--device cuda] [--densenet libEmotionDenseNet.so] [CHECK…]
"""
import argparse
import os
import sys
import tempfile
import traceback

import numpy as np
import torch

import reference
from border import *

parser = argparse.ArgumentParser()
parser.add_argument("plugin")
parser.add_argument("checks", nargs="*")
parser.add_argument("--device", default="cpu")
parser.add_argument("--densenet")
args = parser.parse_args()
host = FakeHost(threads=int(os.environ.get("THREADS", 1)))
plugin = LoadedPlugin(args.plugin, host)
densenet = LoadedPlugin(args.densenet, host) if args.densenet else None
on_device = args.device != "cpu"
random = np.random.default_rng(0)
SIZE, BATCH = 64, 8
# Of what takes many passes: two cores would take minutes for what a GPU does in seconds.
SMALL, STEPS = (64, 3) if on_device else (32, 2)
ADAMW = dict(optimizer="adamw", lr=1e-3, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.05, max_norm=1.0)
SGD = dict(optimizer="sgd", lr=0.05, momentum=0.9, dampening=0, nesterov=False, weight_decay=5e-4, max_norm=0.5)


def make(device=None, **options):
    options.setdefault("input_size", SIZE)
    options.setdefault("precision", "f32")
    return plugin.model("densenet-libtorch", device=device or args.device, **options)


def remote(**options):
    """A model that updates itself: on the device, or as if."""
    return make(self_update=True, **options)


def images(count=BATCH, size=SIZE):
    return random.standard_normal((count, 1, size, size), np.float32)


def slopes(count=BATCH):
    return random.standard_normal((count, 6), np.float32) / count


def distance(a, b):
    """|a - b| / |b| of all tensors together."""
    a, b = ([a], [b]) if isinstance(a, np.ndarray) else ([a[k] for k in b], list(b.values()))
    square = lambda values: float(sum((np.asarray(v, np.float64) ** 2).sum() for v in values))
    return (square([np.asarray(x, np.float64) - y for x, y in zip(a, b)]) / max(square(b), 1e-300)) ** 0.5


def close(name, a, b, limit):
    error = distance(a, b)
    assert error <= limit, f"{name}: relative difference {error:.2e}, limit {limit:.0e}"
    return f"{name} {error:.1e}"


def same(a, b):
    assert list(a) == list(b)
    different = [key for key in a if a[key].tobytes() != b[key].tobytes()]
    assert not different, f"{len(different)} tensors differ, the first is {different[0]}"


def fails(code, text, call):
    try:
        call()
    except BorderError as error:
        assert error.code == code and text in str(error), f"status {error.code}: {error}"
    else:
        raise AssertionError(f"no error, expected: {text}")


def tensors(state, training=False, kind=torch.float32):
    out = {key: torch.from_numpy(value.copy()).to(kind) for key, value in state.items() if "num_batches" not in key}
    for key in out:
        if training and "running" not in key:
            out[key].requires_grad_()
    return out


def step(model, x, g, seed, settings, **more):
    model.forward(x, TRAINING, seed)
    model.backward(g)
    return model.update(**settings, **more)


def check_description():
    model = remote()
    told = model.description
    assert told["device"].startswith(args.device) and told["precision"] == "f32" and told["stochastic"] and told["optional_outputs"], told
    kinds = {item.value.contents.device.type for item in model.parameters()}
    assert kinds == {CUDA if on_device else EXTENSION, CPU}, kinds
    assert make(precision="auto").description["precision"] == ("tf32" if on_device else "f32")
    assert plugin.unavailable("densenet-libtorch", "cpu") is None
    assert all(plugin.unavailable("densenet-libtorch", device) for device in ("cuda:98", "cuda:", "cuda:1x", "mps"))
    model.destroy()
    return told["device"]


def check_densenet():
    if not densenet:
        return "left out: no --densenet"
    mine, other = make(), densenet.model("emotion-densenet", input_size=SIZE)
    a, b = mine.state(), other.state()
    same(a, b)
    x = images()
    notes = []
    for _ in range(3):
        other.forward(x, TRAINING, 1)  # statistics that are not those of the start
    mine.load(other.state())
    for name, flags in (("logits", 0), ("sample", SAMPLE)):
        difference = float(np.abs(mine.forward(x, flags, 3)[0] - other.forward(x, flags, 3)[0]).max())
        assert difference < 1e-6, f"{name}: {difference}"
        notes.append(f"{name} {difference:.1e}")
    x = images(16, SIZE)
    mine.forward(x, TRAINING, 4), other.forward(x, TRAINING, 4)
    notes.append(close("statistics", mine.state(), other.state(), 1e-4))
    return ", ".join(notes)


def check_pytorch():
    model, notes = make(), []
    state = model.state()
    x, g, extra = images(), slopes(), random.standard_normal((BATCH, 1280), np.float32) / 100
    logits, embedding = model.forward(x)
    with torch.no_grad():
        expected = [value.numpy() for value in reference.forward(tensors(state), torch.from_numpy(x))]
    notes += [close("logits", logits, expected[0], 1e-5), close("embedding", embedding, expected[1], 1e-5)]
    expected = {}
    for kind in (torch.float32, torch.float64):
        there = tensors(state, True, kind)
        out = reference.forward(there, torch.from_numpy(x).to(kind), True, 11)
        torch.autograd.backward(list(out), [torch.from_numpy(g).to(kind), torch.from_numpy(extra).to(kind)])
        expected[kind] = {name: there[name].grad.numpy() for name in model.trained()}
    logits, embedding = model.forward(x, TRAINING, 11)
    model.backward(g, extra)
    notes += [close("in training", logits, out[0].detach().numpy(), 1e-3)]
    after = model.state()
    if on_device:  # gradients stay there
        model.update(optimizer="sgd", lr=2.0**20, momentum=0, weight_decay=0, max_norm=0, step=1)
        moved = model.state()
        gradients = {name: (state[name].astype(np.float64) - moved[name]) / 2**20 for name in model.trained()}
    else:
        gradients = model.gradients()
    # Batch norms over few values and ReLUs at their corners blow rounding up: as near to float64 as PyTorch's own float32 is.
    exact = expected[torch.float64]
    rounding = distance(expected[torch.float32], exact)
    notes += [close("gradients", gradients, exact, (30 if on_device else 3) * rounding) + f" (PyTorch's {rounding:.1e})"]
    assert all(after[key] == 1 for key in after if key.endswith("num_batches_tracked"))
    notes.append(close("running statistics", {k: after[k] for k in after if "running" in k},
                       {k: v.detach().numpy() for k, v in there.items() if "running" in k}, 1e-4))
    return ", ".join(notes)


def gradients_of(model, x, g, seed):
    """Those of the next step, which the model keeps to itself: a step along them shows them."""
    before, length = model.state(), 2.0**20
    step(model, x, g, seed, {"optimizer": "sgd", "lr": length, "momentum": 0, "weight_decay": 0, "max_norm": 0}, step=1)
    after = model.state()
    model.load(before)
    return {name: ((before[name].astype(np.float64) - after[name]) / length).astype(np.float32) for name in model.trained()}


def check_optimizers():
    notes = []
    for name, settings in (("adamw", ADAMW), ("sgd", SGD), ("nesterov", dict(SGD, nesterov=True)), ("dampened", dict(SGD, dampening=0.3)),
                           ("plain", dict(SGD, momentum=0, max_norm=0))):
        model = remote(input_size=SMALL)
        trained = model.trained()
        weights = {key: torch.from_numpy(value.copy()) for key, value in model.state().items() if key in trained}
        average = {key: value.clone() for key, value in weights.items()}
        options = {key: value for key, value in settings.items() if key not in ("optimizer", "max_norm")}
        rule = torch.optim.AdamW if name == "adamw" else torch.optim.SGD
        optimizer = rule(list(weights.values()), **options)
        for number in range(1, STEPS + 1):
            x, g = images(size=SMALL), slopes()
            for key, gradient in gradients_of(model, x, g, number).items():
                weights[key].grad = torch.from_numpy(gradient)
            norm = float(torch.nn.utils.clip_grad_norm_(list(weights.values()), settings["max_norm"] or float("inf")))
            optimizer.step()
            for key in average:
                average[key] = 0.9 * average[key] + 0.1 * weights[key]
            # What is told is the norm of the step before: the one that showed the gradients.
            told = step(model, x, g, number, settings, step=number, average_decay=0.9)
            assert abs(told / norm - 1) < 1e-5, (told, norm)
        state = model.state()
        notes.append(close(name, {k: state[k] for k in weights}, {k: v.numpy() for k, v in weights.items()}, 1e-6))
        close(name + ", average", {k: model.read("average/" + k, v.shape) for k, v in average.items()}, {k: v.numpy() for k, v in average.items()}, 1e-6)
        key = "classifier.3.weight"
        for slot in ("exp_avg", "exp_avg_sq") if name == "adamw" else ("momentum_buffer",) if settings["momentum"] else ():
            kept = optimizer.state[weights[key]][slot].numpy()
            close(f"{name}, {slot}", model.read(f"{slot}/{key}", kept.shape), kept, 1e-4)
        if name == "adamw":
            assert model.read("step/" + key, []) == STEPS
        model.destroy()
    fresh = remote(input_size=SMALL)
    assert np.isnan(step(fresh, images(size=SMALL), slopes(), 1, ADAMW, step=1))  # not known yet
    return ", ".join(notes)


def optimizer_state(model, slots):
    return {f"{slot}/{name}": model.read(f"{slot}/{name}", [] if slot == "step" else shape)
            for slot in slots for name, shape in model.trained().items()}


def check_resume():
    for settings, slots in ((ADAMW, ("step", "exp_avg", "exp_avg_sq", "average")), (SGD, ("momentum_buffer",))):
        batches = [(images(size=SMALL), slopes()) for _ in range(2 * STEPS)]
        more = {"average_decay": 0.99} if "average" in slots else {}
        whole = remote(input_size=SMALL)
        for number, (x, g) in enumerate(batches, 1):
            if number == STEPS + 1:
                saved, states = whole.state(), optimizer_state(whole, slots)
            step(whole, x, g, number, settings, step=number, **more)
        resumed = remote(input_size=SMALL, seed=7)
        resumed.load(saved)
        for name, value in states.items():
            resumed.transfer(name, value, True)
        for number, (x, g) in list(enumerate(batches, 1))[STEPS:]:
            step(resumed, x, g, number, settings, step=number, **more)
        same(whole.state(), resumed.state())
        same(optimizer_state(whole, slots), optimizer_state(resumed, slots))
        whole.destroy(), resumed.destroy()
    return "byte for byte"


def check_parts():
    """Two micro-batches add up; outputs that nobody asked for stay away; other sizes in between do no harm."""
    whole, parts = remote(), remote()
    x, g = images(), slopes()
    settings = dict(SGD, lr=1.0, momentum=0, weight_decay=0, max_norm=0, step=1)
    start = whole.state()
    for first, last in ((0, 5), (5, 8)):
        logits, embedding = parts.forward(x[first:last].copy(), TRAINING | LOGITS_ONLY, 1)
        assert embedding is None and logits.shape == (last - first, 6)
        parts.backward(g[first:last], flags=ACCUMULATE if first else 0)
    parts.update(**settings)
    # Batch norms see parts: what is equal is the bias of the last layer, the sum of the slopes.
    moved = start["classifier.3.bias"] - parts.state()["classifier.3.bias"]
    note = close("bias", moved, g.sum(0), 1e-4)
    whole.forward(images(3), 0), whole.forward(images(5), SAMPLE, 1)
    assert whole.forward(x)[1].shape == (8, 1280)
    return note


def check_input():
    model = remote()
    extension = model.input_extension
    expected, size = images(), BATCH * SIZE * SIZE * 4
    plain = model.forward(expected)[0]
    places = [extension.allocate(model.pointer, size) for _ in range(3)]
    assert all(place and place % 64 == 0 for place in places)
    batches = [array_of(Tensor(place, Device(CPU, 0), 4, DType(2, 32, 1), (I64 * 4)(BATCH, 1, SIZE, SIZE))) for place in places]
    hints = [tensor_of(batch) for batch in batches]
    for turn in range(6):
        batches[turn % 3][...] = np.roll(expected, turn, 0)
        extension.stage(model.pointer, c.byref(hints[turn % 3]))
        if turn:  # the batch before, while this one is on its way
            got = model.forward(hints[(turn - 1) % 3])[0]
            assert np.array_equal(got, np.roll(plain, turn - 1, 0)) or np.allclose(got, np.roll(plain, turn - 1, 0), atol=1e-6)
    extension.stage(model.pointer, None)
    batches[5 % 3][...] = expected  # a hint that was given up: the new values count
    assert np.allclose(model.forward(hints[5 % 3])[0], plain, atol=1e-6)
    if not on_device:  # a hint is taken, not looked past
        extension.stage(model.pointer, c.byref(hints[0]))
        batches[0][...] = 0
        assert not np.allclose(model.forward(hints[0])[0], model.forward(batches[0].copy())[0], atol=1e-6)
    for place in places:
        extension.release(model.pointer, place)
    return "6 batches"


def check_freeze():
    x, g = images(size=SMALL), slopes()
    for statistics in ("batch", "running"):
        model = remote(input_size=SMALL, freeze="block3", frozen_bn_statistics=statistics)
        before = model.state()
        for number in range(1, STEPS + 1):
            step(model, x, g, number, ADAMW, step=number)
        after = model.state()
        frozen = lambda key: any(key.startswith("backbone.features." + part) for part in ("conv0", "norm0", "transition", *(f"denseblock{n}" for n in (1, 2, 3))))
        for key in before:
            moves = not frozen(key) or (statistics == "batch" and ("running" in key or "num_batches" in key))
            assert (before[key].tobytes() != after[key].tobytes()) == moves, f"{statistics}: {key}"
        assert not any(frozen(key) for key in model.trained())
    return f"{len(model.trained())} tensors train"


def check_pretrained():
    state = {k: v for k, v in make(device="cpu", seed=5).state().items() if k.startswith("backbone.")}
    colours = {k[len("backbone."):]: v for k, v in state.items()}
    colours["features.conv0.weight"] = random.standard_normal((64, 3, 7, 7), np.float32)
    former = {k.replace("norm1.", "norm.1.").replace("norm2.", "norm.2.").replace("conv1.", "conv.1.").replace("conv2.", "conv.2."): v
              for k, v in colours.items() if "num_batches" not in k}
    host.files = {"/grey": state, "/colours": {"model." + k: v for k, v in colours.items()}, "/former": former, "/none": {"a": state["backbone.features.norm0.bias"]}}
    same({k: v for k, v in make(pretrained="/grey").state().items() if k in state}, state)
    new, old = make(pretrained="/colours").state(), make(pretrained="/former").state()
    same({k: v for k, v in new.items() if "num_batches" not in k}, {k: v for k, v in old.items() if "num_batches" not in k})
    fails(INVALID, "not a DenseNet121", lambda: make(pretrained="/none"))
    if not densenet:
        return "left out: EmotionDenseNet's stem"
    for stem in ("sum", "mean"):
        with tempfile.TemporaryDirectory() as folder:
            torch.save({k: torch.from_numpy(v) for k, v in colours.items()}, folder + "/weights.pth")
            other = densenet.model("emotion-densenet", input_size=SIZE, pretrained=folder + "/weights.pth", pretrained_stem=stem).state()
        same(make(pretrained="/colours", pretrained_stem=stem).state(), other)
    return "as EmotionDenseNet"


def check_errors():
    model = remote()
    fails(INVALID, "expected a batch", lambda: model.forward(images(2, 32)))
    fails(INVALID, "without a forward pass", lambda: model.backward(slopes()))
    model.forward(images(), TRAINING, 1)
    fails(INVALID, "another shape", lambda: model.backward(slopes(3)))
    fails(UNSUPPORTED, "lion", lambda: model.update(optimizer="lion", lr=1, step=1))
    fails(UNSUPPORTED, "not both", lambda: model.forward(images(), TRAINING | SAMPLE))
    fails(INVALID, "no tensor", lambda: model.read("nothing", [1]))
    fails(INVALID, "no state", lambda: model.read("exp_avg/backbone.features.norm0.running_mean", [64]))
    fails(INVALID, "another shape", lambda: model.read("classifier.3.bias", [5]))
    fails(INVALID, "no variance", lambda: make(input_size=48).forward(images(1, 48), TRAINING, 1))
    fails(UNSUPPORTED, "cuda:98", lambda: make(device="cuda:98"))
    fails(INVALID, "one task", lambda: make(tasks=[]))
    return ""


def check_memory():
    model = remote(input_size=224)
    memory = model.memory_extension
    available = memory.available(model.pointer)
    assert (available > 1 << 30) == on_device and (on_device or available == -1), available
    few, many = (memory.estimate(model.pointer, count, TRAINING) for count in (1, 64))
    assert 0 < memory.estimate(model.pointer, 64, 0) < many and few < many
    if on_device:
        # More than the card has: the host splits the batch, and the statistics are as before.
        before = model.state()
        count = int(available / (many - few) * 63 * 1.5)
        big = np.zeros((count, 1, 224, 224), np.float32)
        fails(NO_MEMORY, "", lambda: model.forward(big, TRAINING, 1))
        same(before, model.state())
        model.forward(big[:8], TRAINING, 1)
        return f"{available / 2**30:.0f} GiB there, 64 of 224 take {many / 2**30:.1f} (estimated); {count} are too many"
    return f"64 of 224 take {many / 2**30:.1f} GiB (estimated)"


def check_devices():
    """The same network on the CPU, and recorded and launched one by one."""
    if not on_device:
        return "left out: the CPU alone"
    x, g, notes, lines = images(), slopes(), [], len(host.lines)
    here = make(device="cpu")
    for precision, limit in (("f32", 1e-5), ("tf32", 2e-2), ("bf16", 1e-1)):
        there = remote(precision=precision)
        there.load(here.state())
        notes.append(close(precision, there.forward(x)[0], here.forward(x)[0], limit))
    recorded, eager = remote(), remote(cuda_graphs=False)
    for number in (1, 2, 3):
        for model in (recorded, eager):
            step(model, x, g, number, ADAMW, step=number)
    same(recorded.state(), eager.state())
    assert [line for line in host.lines[lines:] if "graphs" in line] == ["a batch of 8: recorded as CUDA graphs"]
    return ", ".join(notes) + "; graphs byte for byte"


failed = 0
for name, check in [(key[6:], value) for key, value in list(globals().items()) if key.startswith("check_")]:
    if args.checks and name not in args.checks:
        continue
    try:
        print(f"check {name}: ok {check() or ''}", flush=True)
    except Exception as error:
        failed += 1
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        print(f"check {name}: FAILED {type(error).__name__}: {error}", flush=True)
sys.exit(failed > 0)
