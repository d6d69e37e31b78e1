"""Makes the fixtures of FormatsTests with PyTorch and NumPy: python make_fixtures.py (in this folder).

Every tensor is a ramp, so that the tests can state what they expect. Committed results were made with the versions in
versions.txt; the legacy form names storages by their address and so differs from run to run. What follows "By hand" is
written without PyTorch, since no PyTorch of today makes it.
"""

import collections
import os
import pickle
import struct
import zipfile

import numpy as np
import torch

torch.manual_seed(0)


def ramp(*shape, dtype=torch.float32):
    count = int(np.prod(shape)) if shape else 1
    return torch.arange(count, dtype=torch.float32).reshape(shape).to(dtype)


def save(value, name, both=True):
    torch.save(value, f"{name}_zip.pth")
    if both:
        torch.save(value, f"{name}_legacy.pth", _use_new_zipfile_serialization=False)


# Every element type, a scalar, an empty tensor.
types = ["float16", "bfloat16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64"]
every = collections.OrderedDict((t, ramp(2, 3, dtype=getattr(torch, t)) - 2 * (t != "uint8")) for t in types)
every["bool"] = torch.tensor([True, False, True])
every["scalar"] = torch.tensor(7)
every["empty"] = torch.zeros(0, 4)
save(every, "types")

# Views: transposed, offset, stepped, expanded, two of one storage, an extent of 1 with an odd stride.
base = ramp(4, 6)
save(
    collections.OrderedDict(
        base=base,
        transposed=base.t(),
        rows=base[1:3],
        block=base[1:3, 2:5],
        stepped=base[:, ::2],
        expanded=ramp(3).unsqueeze(1).expand(3, 4),
        permuted=ramp(2, 3, 4).permute(2, 0, 1),
        channels_last=ramp(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        column=base.as_strided((1, 3), (1 << 40, 2), 1),
    ),
    "views",
)

# A module's state dict, with the attribute _metadata.
module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 2))
with torch.no_grad():
    for number, parameter in enumerate(module.parameters()):
        parameter.copy_(ramp(*parameter.shape) / 8 + number)
save(module.state_dict(), "module")

# A checkpoint as training scripts write it.
optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=0.01)
module(ramp(2, 1, 4, 4) / 32).sum().backward()
optimizer.step()
save(
    {
        "epoch": 12,
        "model_state_dict": module.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "best_val_acc": 0.625,
        "history": {"train_loss": [1.5, 1.25], "val_acc": [0.5, 0.625], "lr": []},
        "class_names": ("angry", "happy"),
        "none": None,
        "big": 1 << 70,
        "negative": -(1 << 40),
        "bytes": b"\x00\xffabc",
        "size": torch.Size([1, 2]),
        "dtype": torch.float32,
        "device": torch.device("cpu"),
        "parameter": module[3].bias,
        "counter": collections.Counter({20: 1}),
        "set": {1},
        "text": "Grüße 🙂",
        (1, "key"): True,
    },
    "checkpoint",
)

# Python objects, to be refused by name.
save(module, "whole_module", both=False)  # the legacy form would bring PyTorch's source text


class Shell:
    def __reduce__(self):
        return (os.system, ("touch /tmp/sentry-was-fooled",))


save({"weights": Shell()}, "shell")
torch.save({"complex": torch.zeros(2, dtype=torch.complex64)}, "complex.pth")
torch.save({"a": [1, "x", torch.ones(2)]}, "protocol4.pth", pickle_protocol=4)

with open("versions.txt", "w") as file:
    file.write(f"torch {torch.__version__}\nnumpy {np.__version__}\n")

# By hand.
OPENING = (
    pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    + pickle.dumps(1001, 2)
    + pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
)
ORDERED = b"ccollections\nOrderedDict\n)R"


def short(text):
    return b"U" + bytes([len(text)]) + text.encode()


def number(value):
    data = pickle.encode_long(value)
    return b"\x8a" + bytes([len(data)]) + data


def tensor_v1(storage, shape, stride, string, view=b"N", offset=0, count=None):
    """torch._utils._rebuild_tensor of PyTorch 0.1 to 0.3."""
    count = count or 4
    return (
        b"ctorch._utils\n_rebuild_tensor\n((" + string("storage") + b"ctorch" + storage + b"\n"
        + string("123") + string("cuda:0") + number(count) + view + b"tQ" + number(offset)
        + b"(" + b"".join(map(number, shape)) + b"t(" + b"".join(map(number, stride)) + b"ttR"
    )


def stream(body, name):
    with open(name, "wb") as file:
        file.write(OPENING + body + pickle.dumps(["123"], 2) + struct.pack("<q4f", 4, 0, 1, 2, 3))


# Of 2018: storages of the GPU, and a view of a storage. Of Python 2: short strings of bytes, pairs to OrderedDict.
view = b"(" + short("124") + number(1) + number(2) + b"t"
stream(
    b"\x80\x02" + ORDERED + b"(" + short("weight") + tensor_v1(b".cuda\nFloatStorage", (2, 2), (2, 1), short)
    + short("view") + tensor_v1(b".cuda\nFloatStorage", (2,), (1,), short, view) + b"u.",
    "cuda_2018.pth",
)
stream(
    b"\x80\x02ccollections\nOrderedDict\n(](](" + short("weight") + tensor_v1(b"\nFloatStorage", (4,), (1,), short)
    + b"eetR.",
    "python2.pth",
)
stream(
    b"\x80\x02}(" + short("w") + tensor_v1(b"\nFloatStorage", (1 << 20, 1 << 20), (0, 0), short) + b"u.", "stride_bomb.pth"
)
stream(
    b"\x80\x02}(" + short("w") + tensor_v1(b"\nFloatStorage", (1 << 32, 1 << 32), (0, 0), short) + b"u.",
    "overflow_bomb.pth",
)


def bare(body, name, *storages):
    """A zip file of torch.save's form with this pickle."""
    parts = [("data.pkl", b"\x80\x02" + body), ("byteorder", b"little"), ("version", b"3\n")]
    with zipfile.ZipFile(name, "w", zipfile.ZIP_STORED) as archive:
        for part, data in parts + [(f"data/{key}", data) for key, data in enumerate(storages)]:
            archive.writestr(zipfile.ZipInfo("archive/" + part), data)


laughs = b"](NNNNNNNNNNeq\x00"
for level in range(12):
    laughs += b"](" + b"h" + bytes([level]) + (b"h" + bytes([level])) * 9 + b"eq" + bytes([level + 1])
bare(laughs + b".", "laughs.pth")
bare(b"]q\x00h\x00a.", "cycle.pth")
bare(b"]" * 5000 + b"a" * 4999 + b".", "deep.pth")
# What the fuzzer and reading found. A part of a storage, counted in bytes, seen as numbers of 8 bytes; a tensor of two axes
# with a thousand strides, which costs a few bytes to mention again; a key that is 10^6 values by naming ten things ten times.
STORAGE = b"((X\x07\0\0\0storagectorch\nByteStorage\nX\x01\0\0\x000X\x03\0\0\0cpuM\0\x04"
SHAPE = b"K\0K\x02K\x02\x86"
HOOKS = b"\x89ccollections\nOrderedDict\n)R"
part = b"(X\x01\0\0\x001M\0\x02M\0\x02t"
bare(
    b"}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v3\n" + STORAGE + part + b"tQ" + SHAPE + b"K\0K\x64\x86" + HOOKS
    + b"ctorch\nfloat64\ntRs.",
    "wide_part.pth",
    bytes(1024),
)
bare(
    b"}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n" + STORAGE + b"tQ" + SHAPE + b"(" + b"K\x01" * 1000 + b"t" + HOOKS
    + b"tRs.",
    "long_strides.pth",
    bytes(1024),
)
nested = b"]((NNNNNNNNNNtq\x00"
for level in range(5):
    nested += b"(" + (b"h" + bytes([level])) * 10 + b"tq" + bytes([level + 1])
bare(nested + b"e}h\x05Ns\x86.", "long_key.pth")
with zipfile.ZipFile("big_endian.pth", "w", zipfile.ZIP_STORED) as archive:
    archive.writestr(zipfile.ZipInfo("archive/data.pkl"), b"\x80\x02N.")
    archive.writestr(zipfile.ZipInfo("archive/byteorder"), b"big")
with zipfile.ZipFile("compressed.pth", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(zipfile.ZipInfo("archive/data.pkl"), b"\x80\x02N.", zipfile.ZIP_DEFLATED)
with zipfile.ZipFile("no_pickle.pth", "w", zipfile.ZIP_STORED) as archive:
    archive.writestr(zipfile.ZipInfo("readme.txt"), b"hello")

# npy: element type, order of the axes, byte order.
for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "b1"]:
    array = np.arange(6).reshape(2, 3).astype(kind)
    np.save(f"{kind}.npy", array)
    np.save(f"{kind}_fortran.npy", np.asfortranarray(array))
    np.save(f"{kind}_big.npy", array.astype(">" + kind))
np.save("scalar.npy", np.float32(3))
np.save("vector.npy", np.arange(3, dtype="f4"))
np.save("cube_fortran_big.npy", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">f4")))
np.save("empty.npy", np.zeros((0, 3), "f4"))
np.save("object.npy", np.array([{"a": 1}], dtype=object))
np.save("structured.npy", np.zeros(2, dtype=[("x", "f4"), ("y", "i4")]))
np.save("unicode.npy", np.array(["abc"]))
np.save("text_U.npy", np.array("6"))
np.save("text_U_big.npy", np.array(["\u00e97"], dtype=">U4"))
np.save("text_S.npy", np.array(b"10"))
np.save("fraction.npy", np.array(0.5))
np.save("complex.npy", np.zeros(2, "c8"))
np.save("uint64.npy", np.zeros(2, "u8"))
for version in (2, 3):
    with open(f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype="f4").reshape(2, 3), version=(version, 0))
