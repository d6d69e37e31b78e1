"""table.py LOG OUTPUT: of what scripts/gpu-check measured, from the lines `rate NAME …` and `check …` of its log; as Markdown."""
import re
import sys

lines = open(sys.argv[1], errors="replace").read().splitlines()
rates, order, checks = {}, [], []
for line in lines:
    if found := re.match(r"rate (\S+) (\S+) (\d+) (\d+) ([\d.]+|-)", line):
        name, precision, size, batch, rate = found.groups()
        rates[name, precision, size, batch] = None if rate == "-" else float(rate)
        if (size, batch, precision) not in order:
            order.append((size, batch, precision))
    elif line.startswith("check ") and ": " in line:
        checks.append(line[6:])
card = next((lines[i + 1].split(",")[0] for i, line in enumerate(lines) if line.endswith("s] machine") and i + 1 < len(lines)), "?")
titles = {"peer-eager": "PyTorch eager, channels_last, fused AdamW, data on the GPU", "peer-compile": "the same with torch.compile",
          "plugin-plain": "the plugin alone", "plugin-fast": "the plugin alone, deterministic=false", "plugin-eager": "the plugin alone, cuda-graphs=false",
          "sentry": "`sentry train`"}
names = [name for name in titles if any(key[0] == name for key in rates)]
out = [f"{card}, images/s:", "", "| | " + " | ".join(f"{size}×{size}, {batch}, {precision}" for size, batch, precision in order) + " |",
       "| --- |" + " ---: |" * len(order)]
for name in names:
    cells = []
    for size, batch, precision in order:
        rate, eager = rates.get((name, precision, size, batch)), rates.get(("peer-eager", precision, size, batch))
        ratio = f" ({rate / eager:.2f}×)" if rate and eager and name != "peer-eager" else ""
        cells.append(f"{rate:,.0f}{ratio}" if rate else "–")
    out.append(f"| {titles[name]} | " + " | ".join(cells) + " |")
overheads = []
for size, batch, precision in order:
    alone, whole = rates.get(("plugin-plain", precision, size, batch)), rates.get(("sentry", precision, size, batch))
    if alone and whole:
        overheads.append(f"{100 * (whole / alone - 1):+.1f} % ({size}×{size}, {batch}, {precision})")
if overheads:
    out += ["", "`sentry train` against the plugin alone: " + ", ".join(overheads) + "."]
text = "\n".join(out + ["", "Checks:", ""] + ["- " + check for check in checks]) + "\n"
open(sys.argv[2], "w").write(text)
print(text)
