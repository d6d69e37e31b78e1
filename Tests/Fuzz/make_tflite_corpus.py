"""Writes Tests/Fuzz/Corpus/tflite: models of TensorFlow Lite of some hundred bytes, good ones and such as are refused. Python alone.

    python3 Tests/Fuzz/make_tflite_corpus.py

TFLiteTests says what it expects of each. A table is a dictionary from the number of a field (schema.fbs) to its value.
"""

import copy
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "Corpus" / "tflite"
F32, F16, I32, I8 = 0, 1, 2, 9
ADD, CONCATENATION, CONV, DEPTHWISE, DEPTH_TO_SPACE, DEQUANTIZE = 0, 2, 3, 4, 5, 6
LOGISTIC, MAX_POOL, RELU, RESHAPE, RESIZE, PAD, PRELU, DENSIFY = 14, 17, 19, 22, 23, 34, 54, 124


class Number:
    def __init__(self, form, value):
        self.bytes = struct.pack("<" + form, value)


class Vector:
    """Numbers of one form, or tables."""

    def __init__(self, form, values):
        self.form, self.values = form, list(values)


def i8(value): return Number("b", value)
def u8(value): return Number("B", value)
def i32(value): return Number("i", value)
def u32(value): return Number("I", value)
def ints(*values): return Vector("i", values)
def tables(values): return Vector(None, values)
def text(value): return Vector("B", value.encode())


class Writer:
    def __init__(self):
        self.bytes = bytearray()
        self.forms, self.shared = {}, {}

    def share(self, value):
        """Writes `value` once, however often it is referred to."""
        self.shared[id(value)] = None

    def pad(self, size):
        self.bytes += bytes(-len(self.bytes) % size)

    def refer(self, at, value):
        struct.pack_into("<I", self.bytes, at, self.write(value) - at)

    def write(self, value):
        start = self.shared.get(id(value))
        if start is None:
            start = self.vector(value) if isinstance(value, Vector) else self.table(value)
        if id(value) in self.shared:
            self.shared[id(value)] = start
        return start

    def vector(self, vector):
        if vector.form is None:
            self.pad(4)
            start = len(self.bytes)
            self.bytes += struct.pack("<I", len(vector.values)) + bytes(4 * len(vector.values))
            for index, table in enumerate(vector.values):
                self.refer(start + 4 + 4 * index, table)
            return start
        data = struct.pack(f"<{len(vector.values)}{vector.form}", *vector.values)
        self.pad(4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(vector.values)) + data
        return start

    def table(self, fields):
        numbers = range(max(fields, default=-1) + 1)
        offsets, inline, references = [], bytearray(4), []
        for number in numbers:
            value = fields.get(number)
            if value is None:
                offsets.append(0)
                continue
            size = len(value.bytes) if isinstance(value, Number) else 4
            inline += bytes(-len(inline) % size)
            offsets.append(len(inline))
            if isinstance(value, Number):
                inline += value.bytes
            else:
                references.append((len(inline), value))
                inline += bytes(4)
        form = struct.pack(f"<{2 + len(offsets)}H", 4 + 2 * len(offsets), len(inline), *offsets)
        if form not in self.forms:
            self.pad(4)
            self.forms[form] = len(self.bytes)
            self.bytes += form
        self.pad(8 if any(isinstance(v, Number) and len(v.bytes) == 8 for v in fields.values()) else 4)
        start = len(self.bytes)
        struct.pack_into("<i", inline, 0, start - self.forms[form])
        self.bytes += inline
        for offset, value in references:
            self.refer(start + offset, value)
        return start


def file(root):
    writer = Writer()
    writer.bytes += bytes(4) + b"TFL3"
    writer.refer(0, root)
    return bytes(writer.bytes)


class Model:
    """A model under construction; `constant` and `operator` give the number of the tensor that they make."""

    def __init__(self, *inputs):
        self.tensors, self.buffers, self.operators, self.codes = [], [{}], [], []
        self.inputs = [self.tensor(shape) for shape in inputs]

    def tensor(self, shape, kind=F32, buffer=0, **more):
        name = more.pop("name", f"t{len(self.tensors)}")
        self.tensors.append({0: ints(*shape), 1: i8(kind), 2: u32(buffer), 3: text(name)} | more.get("fields", {}))
        return len(self.tensors) - 1

    def constant(self, shape, values, kind=F32, **more):
        form = {F32: "f", F16: "e", I32: "i", I8: "b"}[kind]
        self.buffers.append({0: Vector("B", struct.pack(f"<{len(values)}{form}", *values))})
        return self.tensor(shape, kind, len(self.buffers) - 1, **more)

    def operator(self, code, inputs, shape, kind=0, options=None, output=None):
        if code not in self.codes:
            self.codes.append(code)
        output = self.tensor(shape) if output is None else output
        fields = {0: u32(self.codes.index(code)), 1: ints(*inputs), 2: ints(output)}
        if options is not None:
            fields |= {3: u8(kind), 4: options}
        self.operators.append(fields)
        return output

    def root(self, *outputs):
        graph = {0: tables(self.tensors), 1: ints(*self.inputs), 2: ints(*outputs), 3: tables(self.operators)}
        codes = [{0: i8(min(code, 127)), 3: i32(code)} for code in self.codes]
        return {0: u32(3), 1: tables(codes), 2: tables([graph]), 4: tables(self.buffers)}


def window(padding, stride, *more):
    return {0: i8(padding), 1: i32(stride), 2: i32(stride)} | {3 + i: value for i, value in enumerate(more)}


def ramp(count, step=0.25):
    return [step * (i % 7 - 3) for i in range(count)]


def every():
    """Each operator once: 4x4x2 in; 1x34 and 1x1x1x2 out."""
    m = Model([1, 4, 4, 2])
    padded = m.operator(PAD, [0, m.constant([4, 2], [0, 0, 1, 1, 1, 1, 0, 0], I32)], [1, 6, 6, 2])
    half = m.constant([4, 3, 3, 2], ramp(72), F16)
    weights = m.operator(DEQUANTIZE, [half], [4, 3, 3, 2])
    a = m.operator(CONV, [padded, weights, m.constant([4], ramp(4))], [1, 4, 4, 4], 1, window(1, 1, i8(3)))
    b = m.operator(DEPTHWISE, [a, m.constant([1, 3, 3, 4], ramp(36)), m.constant([4], ramp(4))], [1, 4, 4, 4], 2,
                   window(0, 1, i32(1), i8(0)))
    # One row in two is stored, of which two of four values.
    levels = [{1: i32(4)}, {1: i32(1)}, {1: i32(1)},
              {0: i8(1), 2: u8(3), 3: {0: Vector("B", [0, 2, 4, 4, 4])}, 4: u8(2), 5: {0: Vector("H", [0, 3, 1, 2])}}]
    sparse = m.constant([4, 1, 1, 4], [1, 2, 3, 4], F16,
                        fields={6: {0: ints(0, 1, 2, 3), 2: tables(levels)}})
    dense = m.operator(DEQUANTIZE, [m.operator(DENSIFY, [sparse], [4, 1, 1, 4])], [4, 1, 1, 4])
    c = m.operator(CONV, [b, dense, m.constant([4], ramp(4))], [1, 4, 4, 4], 1, window(0, 1, i8(0)))
    d = m.operator(ADD, [c, a], [1, 4, 4, 4], 11, {0: i8(0)})
    e = m.operator(RELU, [d], [1, 4, 4, 4])
    f = m.operator(PRELU, [d, m.constant([1, 1, 4], ramp(4))], [1, 4, 4, 4])
    g = m.operator(MAX_POOL, [f], [1, 2, 2, 4], 5, window(0, 2, i32(2), i32(2), i8(0)))
    h = m.operator(RESIZE, [g, m.constant([2], [4, 4], I32)], [1, 4, 4, 4], 15, {2: u8(0), 3: u8(1)})
    i = m.operator(ADD, [e, h], [1, 4, 4, 4], 11, {0: i8(3)})
    j = m.operator(DEPTH_TO_SPACE, [i], [1, 8, 8, 1], 94, {0: i32(2)})
    k = m.operator(RESHAPE, [j], [1, 64], 17, {0: ints(1, 64)})
    l = m.operator(RESHAPE, [g], [1, 16], 17, {0: ints(1, 16)})
    both = m.operator(CONCATENATION, [k, l], [1, 80], 10, {0: i32(1), 1: i8(0)})
    n = m.operator(CONV, [g, m.constant([2, 2, 2, 4], ramp(32)), m.constant([2], [2, 1])], [1, 1, 1, 2], 1, window(1, 2, i8(1)))
    return m, both, m.operator(LOGISTIC, [n], [1, 1, 1, 2])


def blocks():
    """Weights of 4x1x1x4 in blocks of 2 along the outputs: the first two outputs read input 0, the others input 3."""
    m = Model([1, 2, 2, 4])
    levels = [{1: i32(2)}, {1: i32(1)}, {1: i32(1)},
              {0: i8(1), 2: u8(1), 3: {0: ints(0, 1, 2)}, 4: u8(1), 5: {0: ints(0, 3)}}, {1: i32(2)}]
    sparse = m.constant([4, 1, 1, 4], [1, 2, 3, 4], fields={6: {0: ints(0, 1, 2, 3, 4), 1: ints(0), 2: tables(levels)}})
    dense = m.operator(DENSIFY, [sparse], [4, 1, 1, 4])
    return m, m.operator(CONV, [0, dense, m.constant([4], [0] * 4)], [1, 2, 2, 4], 1, window(0, 1, i8(0)))


def small():
    m = Model([1, 2])
    return m, m.operator(ADD, [0, m.constant([1, 2], [1, 2])], [1, 2], 11, {0: i8(0)})


def changed(make, change):
    """The file of a model after `change(model, root)` has done its harm."""
    model, *outputs = make()
    root = copy.deepcopy(model.root(*outputs))
    change(model, root)
    return file(root)


def graph(root): return root[2].values[0]
def tensor(root, index): return graph(root)[0].values[index]
def operator(root, index): return graph(root)[3].values[index]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)

    def save(name, data):
        (FOLDER / name).write_bytes(data)

    for make in (every, blocks, small):
        save(make.__name__, changed(make, lambda m, r: None))
    good = changed(every, lambda m, r: None)
    save("truncated", good[: len(good) // 2])
    save("short", good[:6])
    save("page", b"<!DOCTYPE html><html><body>404</body></html>")
    save("outside", outside(good))
    save("root_outside", b"\xff\xff\xff\xff" + good[4:])

    def harm(name, change, make=small):
        save(name, changed(make, change))

    harm("cycle", lambda m, r: operator(r, 0).update({1: ints(0, 2)}))
    harm("backwards", lambda m, r: graph(r)[3].values.reverse(), every)
    harm("two_makers", lambda m, r: graph(r)[3].values.append(operator(r, 0)))
    harm("no_maker", lambda m, r: graph(r)[3].values.clear())
    harm("input_unknown", lambda m, r: operator(r, 0).update({1: ints(0, 9)}))
    harm("input_absent", lambda m, r: operator(r, 0).update({1: ints(0, -1)}))
    harm("input_missing", lambda m, r: operator(r, 0).update({1: ints(0)}))
    # The bias, the only input that may be absent, is.
    harm("no_bias", lambda m, r: operator(r, 1).update({1: ints(0, 2, -1)}), blocks)
    harm("output_unknown", lambda m, r: operator(r, 0).update({2: ints(-1)}))
    harm("no_output", lambda m, r: operator(r, 0).update({2: ints()}))
    harm("no_buffer", lambda m, r: tensor(r, 1).update({2: u32(7)}))
    harm("empty_buffer", lambda m, r: r[4].values[1].clear())
    harm("far_buffer", lambda m, r: r[4].values[1].update({1: Number("Q", 4096), 2: Number("Q", 8)}))
    harm("wrong_bytes", lambda m, r: tensor(r, 1).update({0: ints(1, 3)}))
    harm("negative_shape", lambda m, r: tensor(r, 0).update({0: ints(1, -2)}))
    harm("zero_shape", lambda m, r: tensor(r, 0).update({0: ints(0, 2)}))
    harm("huge_shape", lambda m, r: tensor(r, 0).update({0: ints(*[1 << 30] * 4)}))
    harm("huge_sum", lambda m, r: [t.update({0: ints(1 << 27)}) for t in (tensor(r, 0), tensor(r, 2))])
    harm("deep_shape", lambda m, r: tensor(r, 0).update({0: ints(*[1] * 9)}))
    harm("text_type", lambda m, r: tensor(r, 1).update({1: i8(5)}))
    harm("unknown_code", lambda m, r: r[1].values[0].update({0: i8(99), 3: i32(99)}))
    harm("code_outside", lambda m, r: operator(r, 0).update({0: u32(3)}))
    harm("no_options", lambda m, r: operator(r, 0).pop(4))
    harm("other_options", lambda m, r: operator(r, 0).update({3: u8(1)}))
    harm("other_activation", lambda m, r: operator(r, 0).update({4: {0: i8(4)}}))
    harm("no_stride", lambda m, r: operator(r, 3).update({4: window(0, 0, i32(1), i8(0))}), every)
    harm("two_graphs", lambda m, r: r[2].values.append(graph(r)))
    harm("no_graph", lambda m, r: r[2].values.clear())
    harm("version", lambda m, r: r.update({0: u32(2)}))

    def dequantize_computed(m, r):
        operator(r, 1).update({1: ints(0)})

    harm("dequantize_computed", dequantize_computed, every)
    harm("quantised", lambda m, r: (tensor(r, 3).update({1: i8(I8)}), r[4].values[2].update({0: Vector("B", [0] * 72)})),
         every)

    def sparsity(field, value):
        return lambda m, r: tensor(r, 1)[6].update({field: value})

    def level(index, field, value):
        return lambda m, r: tensor(r, 1)[6][2].values[index].update({field: value})

    harm("sparse_order", sparsity(0, ints(0, 1, 2, 2, 4)), blocks)
    harm("sparse_axis", sparsity(1, ints(4)), blocks)
    harm("sparse_block", level(4, 1, i32(3)), blocks)
    harm("sparse_size", level(0, 1, i32(1 << 30)), blocks)
    harm("sparse_negative", level(0, 1, i32(-2)), blocks)
    harm("sparse_segments", level(3, 3, {0: ints(0, 2, 1)}), blocks)
    harm("sparse_index", level(3, 5, {0: ints(0, 4)}), blocks)
    harm("sparse_type", level(3, 4, u8(9)), blocks)
    harm("sparse_absent", lambda m, r: tensor(r, 1)[6][2].values[3].pop(5), blocks)
    save("shared_lists", sharing())


def outside(data):
    """The list of graphs lies far behind the end of the file."""
    root = struct.unpack_from("<I", data)[0]
    form = root - struct.unpack_from("<i", data, root)[0]
    place = root + struct.unpack_from("<H", data, form + 4 + 2 * 2)[0]
    return data[:place] + b"\xff\xff\xff\x7f" + data[place + 4 :]


def sharing():
    """Four hundred tensors that are one table, with a name of 1 KiB: what they describe is larger than the file by far."""
    model, output = small()
    root = model.root(output)
    one = {0: ints(1, 2), 1: i8(F32), 2: u32(0), 3: text("a" * 1024)}
    graph(root)[0].values += [one] * 400
    writer = Writer()
    writer.share(one)
    writer.bytes += bytes(4) + b"TFL3"
    writer.refer(0, root)
    return bytes(writer.bytes)


if __name__ == "__main__":
    main()
