"""The forward pass in evaluation mode: one image as fast as possible, and many."""

from ..row import Comparison, Target

OPENVINO, ONNXRUNTIME, TORCH = "openvino", "onnxruntime", "torch channels_last"
RUNTIMES = {
    OPENVINO: ("openvino", ("torch", "torchvision", "openvino")),
    ONNXRUNTIME: ("onnxruntime", ("torch", "torchvision", "onnx", "onnxscript", "onnxruntime")),
    TORCH: ("torch", ("torch", "torchvision")),
}


def passes(peers, **options):
    def contenders(setting):
        commands = {"sentry": (setting.engine("infer", **options), ())}
        for name in peers:
            runtime, needs = RUNTIMES[name]
            commands[name] = (setting.peer("infer.py", runtime=runtime, **options), needs)
        return commands

    return contenders


ROWS = [
    Comparison(
        "infer-1", "inference, f32, 224×224, batch 1, against OpenVINO and onnxruntime", "ms",
        passes([OPENVINO, ONNXRUNTIME, TORCH], size=224, batch=1, passes=20),
        [Target((OPENVINO,), 1.1, 1.3), Target((ONNXRUNTIME,), 1.1, 1.3)], repeats=2),
    Comparison(
        "infer-1-bf16", "inference, bf16, 224×224, batch 1, against OpenVINO bf16", "ms",
        passes([OPENVINO], size=224, batch=1, passes=20, precision="bf16"), [Target((OPENVINO,), 1.0, 1.15)],
        repeats=2),
    Comparison(
        "infer-32", "inference, f32, 224×224, batch 32 (validation)", "images/s",
        passes([OPENVINO, ONNXRUNTIME, TORCH], size=224, batch=32, passes=1), []),
]
