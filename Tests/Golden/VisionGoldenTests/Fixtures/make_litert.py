"""What LiteRT's reference operators make of the models: python make_litert.py [FOLDER WITH MEDIAPIPE'S MODELS] (in this folder).

Writes litert.json: by model and output up to 64 values, evenly spread. Needs ai-edge-litert; the committed file is of 2.3.0.
"""

import json
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

HERE = pathlib.Path(__file__).parent
CORPUS = HERE.parents[2] / "Fuzz" / "Corpus" / "tflite"
MODELS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[4] / "shared" / "data" / "mediapipe")
VALUES = 64


def noise(count):
    """-1..1, the same in the test."""
    return ((np.arange(count, dtype=np.int64) * 1103515245 + 12345) % 2**31 / 2**30 - 1).astype(np.float32)


def outputs(path):
    interpreter = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    interpreter.set_tensor(given["index"], noise(int(np.prod(given["shape"]))).reshape(given["shape"]))
    interpreter.invoke()
    result = {}
    for output in interpreter.get_output_details():
        values = interpreter.get_tensor(output["index"]).ravel()
        result[output["name"]] = [float(v) for v in values[:: max(1, len(values) // VALUES)]]
    return result


def main():
    paths = [CORPUS / "every", CORPUS / "blocks", *sorted(MODELS.glob("*.tflite"))]
    (HERE / "litert.json").write_text(json.dumps({path.name: outputs(path) for path in paths}, indent=0) + "\n")


if __name__ == "__main__":
    main()
