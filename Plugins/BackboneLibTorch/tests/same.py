"""same.py RUN RUN: whether the models of two runs have the same tensors, byte for byte."""
import sys

import torch

status = 0
for file in ("best_model.pth", "final_model.pth"):
    try:
        a, b = (torch.load(f"{run}/{file}", map_location="cpu", weights_only=True) for run in sys.argv[1:3])
    except FileNotFoundError as error:
        print(error)
        status = 1
        continue
    a, b = (checkpoint.get("model_state_dict", checkpoint) for checkpoint in (a, b))
    different = [key for key in a if not torch.equal(a[key], b[key])]
    print(f"{file}: {len(a)} tensors, {len(different)} differ" + (f", the first is {different[0]}" if different else ""))
    status |= bool(different) or list(a) != list(b)
sys.exit(status)
