"""A host in miniature: the border of sentry_plugin.h by ctypes, as far as a model needs it. Used by check.py and steps.py."""
import ctypes as c
import json
import os

import numpy as np

P, I32, I64, U32, U64, D = c.c_void_p, c.c_int32, c.c_int64, c.c_uint32, c.c_uint64, c.c_double
TRAINING, SAMPLE, LOGITS_ONLY, ACCUMULATE = 1, 2, 4, 1
OK, FAILED, INVALID, UNSUPPORTED, BAD_DATA, CANCELLED, NO_MEMORY = range(7)
CPU, CUDA, EXTENSION = 1, 2, 12


def struct(name, *fields):
    return type(name, (c.Structure,), {"_fields_": list(fields)})


Error = struct("Error", ("size", U32), ("code", I32), ("message", c.c_char_p), ("hint", c.c_char_p), ("owner", P), ("destroy", c.CFUNCTYPE(None, P)))
Device = struct("Device", ("type", I32), ("id", I32))
DType = struct("DType", ("code", c.c_uint8), ("bits", c.c_uint8), ("lanes", c.c_uint16))
Tensor = struct("Tensor", ("data", P), ("device", Device), ("ndim", I32), ("dtype", DType), ("shape", c.POINTER(I64)), ("strides", c.POINTER(I64)),
                ("byte_offset", U64))
Managed = struct("Managed", ("major", U32), ("minor", U32), ("context", P), ("deleter", c.CFUNCTYPE(None, P)), ("flags", U64), ("tensor", Tensor))
Named = struct("Named", ("size", U32), ("flags", U32), ("name", c.c_char_p), ("value", c.POINTER(Tensor)), ("gradient", c.POINTER(Tensor)))
BODY = c.CFUNCTYPE(None, P, I64, I32)
LOG, EXTENSION_OF = c.CFUNCTYPE(None, P, I32, c.c_char_p, c.c_char_p), c.CFUNCTYPE(P, P, c.c_char_p)
Host = struct("Host", ("size", U32), ("major", U32), ("minor", U32), ("context", P), ("log", LOG), ("is_cancelled", c.CFUNCTYPE(I32, P)),
              ("progress", c.CFUNCTYPE(None, P, c.c_char_p, I64, I64)), ("metric", c.CFUNCTYPE(None, P, c.c_char_p, D)),
              ("random_seed", c.CFUNCTYPE(U64, P, c.c_char_p, U64)), ("thread_count", c.CFUNCTYPE(I32, P)),
              ("parallel_for", c.CFUNCTYPE(None, P, I64, P, BODY)), ("world", c.CFUNCTYPE(None, P, c.POINTER(I32), c.POINTER(I32))),
              ("all_reduce_start", P), ("all_reduce_wait", P), ("get_extension", EXTENSION_OF))
Factory = struct("Factory", ("size", U32), ("kind", c.c_char_p), ("name", c.c_char_p), ("summary", c.c_char_p), ("options_schema", c.c_char_p),
                 ("context", P), ("create", c.CFUNCTYPE(I32, P, c.c_char_p, c.POINTER(P), c.POINTER(Error))), ("score", P),
                 ("available", c.CFUNCTYPE(I32, P, c.c_char_p, c.POINTER(Error))))
Plugin = struct("Plugin", ("size", U32), ("major", U32), ("minor", U32), ("name", c.c_char_p), ("version", c.c_char_p), ("summary", c.c_char_p),
                ("context", P), ("factory_count", U32), ("recipe_count", U32), ("get_factory", c.CFUNCTYPE(c.POINTER(Factory), P, U32)),
                ("get_recipe", P), ("get_extension", P))
ModelBorder = struct("ModelBorder", ("size", U32), ("context", P), ("destroy", c.CFUNCTYPE(None, P)), ("describe", c.CFUNCTYPE(c.c_char_p, P)),
                     ("parameter_count", c.CFUNCTYPE(I64, P)), ("parameter", c.CFUNCTYPE(I32, P, I64, c.POINTER(Named), c.POINTER(Error))),
                     ("forward", c.CFUNCTYPE(I32, P, c.POINTER(Tensor), U32, U64, c.POINTER(c.POINTER(Managed)), c.POINTER(Error))),
                     ("backward", c.CFUNCTYPE(I32, P, c.POINTER(c.POINTER(Tensor)), U32, c.POINTER(Error))),
                     ("parameters_changed", c.CFUNCTYPE(I32, P, c.POINTER(Error))), ("get_extension", EXTENSION_OF))
Update = struct("Update", ("size", U32), ("update", c.CFUNCTYPE(I32, P, c.c_char_p, c.POINTER(D), c.POINTER(Error))),
                ("transfer", c.CFUNCTYPE(I32, P, c.c_char_p, I32, c.POINTER(Tensor), c.POINTER(Error))))
Input = struct("Input", ("size", U32), ("allocate", c.CFUNCTYPE(P, P, U64)), ("release", c.CFUNCTYPE(None, P, P)),
               ("stage", c.CFUNCTYPE(None, P, c.POINTER(Tensor))))
Memory = struct("Memory", ("size", U32), ("estimate", c.CFUNCTYPE(I64, P, I64, U32)), ("available", c.CFUNCTYPE(I64, P)))
Profile = struct("Profile", ("size", U32), ("take", c.CFUNCTYPE(c.c_char_p, P)))
Weights = struct("Weights", ("size", U32), ("open", c.CFUNCTYPE(I32, P, c.c_char_p, c.POINTER(P), c.POINTER(Error))), ("count", c.CFUNCTYPE(I64, P)),
                 ("tensor", c.CFUNCTYPE(I32, P, I64, c.POINTER(Named), c.POINTER(Error))), ("close", c.CFUNCTYPE(None, P)))
EXTENSIONS = {"update/1": Update, "input/draft-1": Input, "memory/draft-2": Memory}
TYPES = {(0, 32): np.int32, (0, 64): np.int64, (2, 32): np.float32, (2, 64): np.float64}


class BorderError(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def checked(call):
    error = Error(size=c.sizeof(Error))
    status = call(c.byref(error))
    if status != OK:
        text = (error.message or b"?").decode()
        if error.destroy:
            error.destroy(c.addressof(error))
        raise BorderError(status, text)


def tensor_of(array):
    """A border tensor over a numpy array, which it keeps alive."""
    assert array.flags.c_contiguous
    code = 0 if array.dtype.kind == "i" else 2
    out = Tensor(array.ctypes.data, Device(CPU, 0), array.ndim, DType(code, 8 * array.itemsize, 1), (I64 * max(1, array.ndim))(*array.shape))
    out.keeps = array
    return out


def array_of(tensor):
    """A view of a border tensor on the CPU."""
    shape = [tensor.shape[axis] for axis in range(tensor.ndim)]
    kind = TYPES[tensor.dtype.code, tensor.dtype.bits]
    count = int(np.prod(shape, dtype=np.int64))
    raw = (c.c_char * (count * np.dtype(kind).itemsize)).from_address(tensor.data + tensor.byte_offset)
    return np.frombuffer(raw, kind).reshape(shape)


class FakeHost:
    """What the host gives: threads, lines of a log (kept in .lines), and weights, a dict of arrays by name for each path (.files)."""

    def __init__(self, threads=1, quiet=True):
        self.lines, self.files, self.open = [], {}, {}

        def log(_, level, component, message):
            self.lines.append(message.decode())
            if not quiet:
                print("  ", message.decode())

        def parallel_for(_, count, user, body):
            for index in range(count):
                body(user, index, 0)

        def world(_, rank, size):
            rank[0], size[0] = 0, 1

        self.weights = Weights(c.sizeof(Weights), type(Weights().open)(self.open_weights), type(Weights().count)(lambda w: len(self.open[w])),
                               type(Weights().tensor)(self.weight), type(Weights().close)(lambda w: None))
        extension = lambda _, id: c.addressof(self.weights) if id == b"sentry.host.weights/draft-1" else None
        fields = dict(Host._fields_)
        self.host = Host(c.sizeof(Host), 1, 3, None, fields["log"](log), fields["is_cancelled"](lambda _: 0), fields["progress"](lambda *_: None),
                         fields["metric"](lambda *_: None), fields["random_seed"](lambda _, s, i: i * 0x9E3779B97F4A7C15 % 2**64),
                         fields["thread_count"](lambda _: threads), fields["parallel_for"](parallel_for), fields["world"](world), None, None,
                         fields["get_extension"](extension))

    def open_weights(self, _, path, out, error):
        file = self.files.get(path.decode())
        if file is None:
            return FAILED
        number = len(self.open) + 1
        self.open[number] = [(name.encode(), tensor_of(np.array(array, order="C"))) for name, array in file.items()]
        out[0] = number
        return OK

    def weight(self, weights, index, out, error):
        name, tensor = self.open[weights][index]
        out[0].name, out[0].value = name, c.pointer(tensor)
        return OK


class LoadedPlugin:
    def __init__(self, path, host):
        self.host = host
        self.library = c.CDLL(os.path.abspath(path), mode=os.RTLD_NOW | os.RTLD_LOCAL)
        entry = self.library.sentry_plugin_entry_v1
        entry.restype, entry.argtypes = c.POINTER(Plugin), [P, c.POINTER(Error)]
        error = Error(size=c.sizeof(Error))
        self.plugin = entry(c.addressof(host.host), c.byref(error)).contents

    def factory(self, name):
        for index in range(self.plugin.factory_count):
            factory = self.plugin.get_factory(c.addressof(self.plugin), index)
            if factory.contents.name.decode() == name:
                return factory
        raise KeyError(name)

    def unavailable(self, name, device):
        """Why a device is not available, or None."""
        try:
            factory = self.factory(name)
            checked(lambda error: factory.contents.available(c.cast(factory, P), device.encode(), error))
        except BorderError as error:
            return str(error)

    def model(self, name, **options):
        return Model(self.factory(name), options)


class Model:
    classes = ["neutral", "happy", "sad", "surprise", "fear", "anger"]

    def __init__(self, factory, options):
        options = {key.replace("_", "-"): value for key, value in options.items()}
        options.setdefault("tasks", [{"name": "emotion", "classes": self.classes}])
        # The host fills in the defaults.
        for key, property in json.loads(factory.contents.options_schema)["properties"].items():
            if property.get("default") is not None:
                options.setdefault(key, property["default"])
        options.setdefault("seed", 42)
        out = P()
        checked(lambda error: factory.contents.create(c.cast(factory, P), json.dumps(options).encode(), c.byref(out), error))
        self.pointer, self.border = out.value, ModelBorder.from_address(out.value)
        self.description = json.loads(self.border.describe(self.pointer))
        for name in ("update", "input", "memory"):
            id = next(key for key in EXTENSIONS if key.startswith(name))
            address = self.border.get_extension(self.pointer, b"sentry.model." + id.encode())
            setattr(self, name + "_extension", EXTENSIONS[id].from_address(address) if address else None)

    def destroy(self):
        self.border.destroy(self.pointer)

    def parameters(self):
        for index in range(self.border.parameter_count(self.pointer)):
            out = Named(size=c.sizeof(Named))
            checked(lambda error: self.border.parameter(self.pointer, index, c.byref(out), error))
            yield out

    def transfer(self, name, array, write):
        tensor = tensor_of(array)
        checked(lambda error: self.update_extension.transfer(self.pointer, name.encode(), int(write), c.byref(tensor), error))

    def read(self, name, shape, kind=np.float32):
        out = np.full(shape, 7, kind)
        self.transfer(name, out, False)
        return out

    def state(self):
        """Copies of all parameters and buffers, wherever they are."""
        state = {}
        for item in self.parameters():
            name, value = item.name.decode(), item.value.contents
            if value.device.type == CPU:
                state[name] = array_of(value).copy()
            else:
                shape = [value.shape[axis] for axis in range(value.ndim)]
                state[name] = self.read(name, shape, TYPES[value.dtype.code, value.dtype.bits])
        return state

    def load(self, state):
        for item in self.parameters():
            name, value = item.name.decode(), item.value.contents
            if value.device.type == CPU:
                array_of(value)[...] = state[name]
            else:
                self.transfer(name, np.array(state[name], order="C"), True)
        checked(lambda error: self.border.parameters_changed(self.pointer, error))

    def trained(self):
        return {item.name.decode(): [item.value.contents.shape[axis] for axis in range(item.value.contents.ndim)]
                for item in self.parameters() if item.flags & 1}

    def gradients(self):
        return {item.name.decode(): array_of(item.gradient.contents).copy() for item in self.parameters() if item.gradient}

    def forward(self, batch, flags=0, seed=0):
        """logits, embedding (None where it was left out); `batch` is an array or a border tensor."""
        tensor = batch if isinstance(batch, Tensor) else tensor_of(batch)
        outputs = (c.POINTER(Managed) * 2)()
        checked(lambda error: self.border.forward(self.pointer, c.byref(tensor), flags, seed, outputs, error))
        results = []
        for output in outputs:
            results.append(array_of(output.contents.tensor).copy() if output else None)
            if output:
                output.contents.deleter(c.cast(output, P))
        return results

    def backward(self, logits, embedding=None, flags=0):
        slopes = [None if slope is None else tensor_of(np.ascontiguousarray(slope, np.float32)) for slope in (logits, embedding)]
        pointers = (c.POINTER(Tensor) * 2)(*[c.pointer(slope) if slope is not None else None for slope in slopes])
        checked(lambda error: self.border.backward(self.pointer, pointers, flags, error))

    def update(self, **settings):
        norm = D()
        checked(lambda error: self.update_extension.update(self.pointer, json.dumps(settings).encode(), c.byref(norm), error))
        return norm.value

    def profile(self):
        address = self.border.get_extension(self.pointer, b"sentry.profile/draft-1")
        return json.loads(Profile.from_address(address).take(self.pointer))
