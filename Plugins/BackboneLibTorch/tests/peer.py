"""The same network and step in pure PyTorch, its inputs already on the device.

peer.py MODE,PRECISION,SIZE,BATCH … [--steps N] [--device cuda|cpu] [--seconds LIMIT]    MODE: eager or compile
Prints `rate peer-MODE PRECISION SIZE BATCH IMAGES_PER_SECOND` for each.
"""
import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(channels), nn.Conv2d(channels, 128, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(128), nn.Conv2d(128, 32, 3, padding=1, bias=False)

    def forward(self, maps):
        x = maps[0] if len(maps) == 1 else torch.cat(maps, 1)
        x = self.conv1(F.relu(self.norm1(x), inplace=True))
        return self.conv2(F.relu(self.norm2(x), inplace=True))


class Net(nn.Module):
    def __init__(self, classes=6):
        super().__init__()
        self.conv0, self.norm0 = nn.Conv2d(1, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.blocks, self.transitions, channels = nn.ModuleList(), nn.ModuleList(), 64
        for index, count in enumerate((6, 12, 24, 16)):
            self.blocks.append(nn.ModuleList(Layer(channels + 32 * i) for i in range(count)))
            channels += 32 * count
            if index < 3:
                self.transitions.append(nn.ModuleList([nn.BatchNorm2d(channels), nn.Conv2d(channels, channels // 2, 1, bias=False)]))
                channels //= 2
        self.norm5 = nn.BatchNorm2d(channels)
        self.projection = nn.Sequential(nn.Linear(channels, 1280), nn.ReLU(inplace=True), nn.Dropout(0.4))
        self.classifier = nn.Sequential(nn.Linear(1280, 512), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(512, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm0(self.conv0(x)), inplace=True), 3, 2, 1)
        for index, block in enumerate(self.blocks):
            maps = [x]
            for layer in block:
                maps.append(layer(maps))
            x = torch.cat(maps, 1)
            if index < 3:
                norm, conv = self.transitions[index]
                x = F.avg_pool2d(conv(F.relu(norm(x), inplace=True)), 2, 2)
        x = F.adaptive_avg_pool2d(F.relu(self.norm5(x), inplace=True), 1).flatten(1)
        return self.classifier(self.projection(x))


def measure(mode, precision, size, batch, args, end):
    device = torch.device(args.device)
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "f32"
    # As it is by default: its search takes half a minute a shape and gives no faster algorithms here (plugin-fast against plugin-plain).
    torch.backends.cudnn.benchmark = args.benchmark
    net = Net().to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-4, weight_decay=0.05, fused=True)
    x = torch.randn(batch, 1, size, size, device=device).to(memory_format=torch.channels_last)
    y = torch.randint(0, 6, (batch,), device=device)
    forward = torch.compile(net) if mode == "compile" else net
    parameters = list(net.parameters())

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
            loss = F.cross_entropy(forward(x).float(), y, label_smoothing=0.15)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize()

    begin = time.perf_counter()
    for _ in range(max(2, args.steps // 3)):
        step()
    wait()
    warm, start, done = time.perf_counter() - begin, time.perf_counter(), 0
    while done < args.steps and time.time() < end:
        step()
        done += 1
    wait()
    seconds = time.perf_counter() - start
    memory = torch.cuda.max_memory_allocated() / 1e9 if device.type == "cuda" else 0
    print(f"rate peer-{mode} {precision} {size} {batch} {done * batch / seconds:.1f}    (warm-up {warm:.1f} s, {1e3 * seconds / max(done, 1):.2f} ms a step, {memory:.2f} GB)", flush=True)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()


parser = argparse.ArgumentParser()
parser.add_argument("what", nargs="+")
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--device", default="cuda")
parser.add_argument("--benchmark", action="store_true")
parser.add_argument("--seconds", type=float, default=120)
args = parser.parse_args()
end = time.time() + args.seconds
for what in args.what:
    mode, precision, size, batch = what.split(",")
    if time.time() > end:
        print(f"rate peer-{mode} {precision} {size} {batch} -    (no time left)", flush=True)
        continue
    try:
        measure(mode, precision, int(size), int(batch), args, end)
    except Exception as error:
        print(f"rate peer-{mode} {precision} {size} {batch} -    ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})", flush=True)
