#!/usr/bin/env python3
"""The emotion network's forward pass in evaluation mode, in OpenVINO, onnxruntime or PyTorch."""

import argparse
import os
import tempfile

import torch
from emotion_net import EmotionNet, layout
from serve import serve


def in_torch(model, x, options):
    torch.set_num_threads(options.threads)
    memory = layout("nhwc")
    model, x = model.to(memory_format=memory), x.to(memory_format=memory)

    @torch.inference_mode()
    def step():
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
            return model(x).float().numpy()

    return step


def in_openvino(model, x, options):
    import openvino

    converted = openvino.convert_model(model, example_input=x, input=[tuple(x.shape)])
    compiled = openvino.Core().compile_model(converted, "CPU", {
        "INFERENCE_PRECISION_HINT": options.precision, "INFERENCE_NUM_THREADS": options.threads,
        "PERFORMANCE_HINT": "LATENCY" if options.batch == 1 else "THROUGHPUT", "NUM_STREAMS": 1})
    request, data = compiled.create_infer_request(), x.numpy()
    return lambda: request.infer({0: data})[0]


def in_onnxruntime(model, x, options):
    import onnxruntime

    if options.precision != "f32":
        raise SystemExit("onnxruntime's CPU provider has no bf16")
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        torch.onnx.export(model, (x,), path, input_names=["x"], dynamo=True, verbose=False)
        session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    data = x.numpy()
    return lambda: session.run(None, {"x": data})[0]


def main():
    runtimes = {"torch": in_torch, "openvino": in_openvino, "onnxruntime": in_onnxruntime}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", choices=list(runtimes), required=True)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--passes", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    options = parser.parse_args()

    torch.manual_seed(1)
    model = EmotionNet().eval()
    x = torch.randn(options.batch, 1, options.size, options.size)
    with torch.inference_mode():
        expected = model(x).numpy()
    step = runtimes[options.runtime](model, x, options)
    difference = float(abs(step() - expected).max() / abs(expected).max())
    for _ in range(3):
        step()
    serve(step, items=options.batch, passes=options.passes, information={"difference_from_torch": difference})


main()
