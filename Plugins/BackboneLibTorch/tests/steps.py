"""Times training steps of the plugin alone: forward, backward and update through the border, the batch in the model's memory.

steps.py PLUGIN WAY,PRECISION,SIZE,BATCH … [--device cuda] [--steps N] [--seconds LIMIT]
WAY: plain, fast (deterministic=false), eager (cuda-graphs=false). Prints `rate plugin-WAY PRECISION SIZE BATCH IMAGES_PER_SECOND`.
"""
import argparse
import ctypes as c
import time

import numpy as np

from border import *

parser = argparse.ArgumentParser()
parser.add_argument("plugin")
parser.add_argument("what", nargs="+")
parser.add_argument("--device", default="cuda")
parser.add_argument("--steps", type=int, default=40)
parser.add_argument("--seconds", type=float, default=120)
args = parser.parse_args()
plugin = LoadedPlugin(args.plugin, FakeHost(quiet=False))
end = time.time() + args.seconds
random = np.random.default_rng(0)


def measure(way, precision, size, batch):
    model = plugin.model("densenet-libtorch", device=args.device, precision=precision, input_size=size, self_update=True,
                         deterministic=way != "fast", cuda_graphs=way != "eager")
    extension, memory = model.input_extension, model.memory_extension
    before = memory.available(model.pointer)
    batches = []
    for _ in range(3):
        place = extension.allocate(model.pointer, 4 * batch * size * size)
        tensor = Tensor(place, Device(CPU, 0), 4, DType(2, 32, 1), (I64 * 4)(batch, 1, size, size))
        array_of(tensor)[...] = random.standard_normal((batch, 1, size, size), np.float32)
        batches.append(tensor)
    slope = random.standard_normal((batch, 6), np.float32) * (1e-2 / batch)
    times, profile = [], {}
    skip = min(args.steps // 2, 10)
    for step in range(args.steps):
        start = time.perf_counter()
        extension.stage(model.pointer, c.byref(batches[(step + 1) % 3]))
        model.forward(batches[step % 3], TRAINING | LOGITS_ONLY, step)
        model.backward(slope)
        model.update(optimizer="adamw", lr=1e-4, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.05, max_norm=1, step=step + 1)
        times.append(time.perf_counter() - start)
        if step + 1 == skip:
            model.profile()
        if time.time() > end:
            break
    profile = model.profile()
    counted = times[skip:] or times
    rate = batch * len(counted) / sum(counted)
    estimate = memory.estimate(model.pointer, batch, TRAINING) / 1e9
    print(f"rate plugin-{way} {precision} {size} {batch} {rate:.1f}    (first step {times[0]:.1f} s, {1e3 * sum(counted) / len(counted):.2f} ms a step;"
          f" estimated {estimate:.2f} GB of {before / 1e9:.1f})", flush=True)
    print("   ms a step:", ", ".join(f"{key} {1e3 * value / len(counted):.2f}" for key, value in profile.items()), flush=True)
    model.destroy()


for what in args.what:
    way, precision, size, batch = what.split(",")
    if time.time() > end:
        print(f"rate plugin-{way} {precision} {size} {batch} -    (no time left)", flush=True)
        continue
    try:
        measure(way, precision, int(size), int(batch))
    except Exception as error:
        print(f"rate plugin-{way} {precision} {size} {batch} -    ({type(error).__name__}: {error})", flush=True)
