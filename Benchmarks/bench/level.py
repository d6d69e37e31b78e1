"""The vector level that both sides compute at: the best of this CPU, or a lower one that --level holds both to."""

import os

from .machine import field

# What each library calls a level. OpenVINO goes by oneDNN's variable, torch.compile by ATen's.
VARIABLES = {
    "avx2": {
        "SENTRY_CPU": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2", "OPENBLAS_CORETYPE": "Haswell"},
    "avx512": {
        "SENTRY_CPU": "avx512", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "ATEN_CPU_CAPABILITY": "avx512",
        "MKL_ENABLE_INSTRUCTIONS": "AVX512", "OPENBLAS_CORETYPE": "SkylakeX"},
}
# These ask the CPU what it has, and have no setting.
FREE = ("onnxruntime", "mediapipe")


class Level:
    """Holds this process and all that it starts to the level; they read the variables as they start."""

    def __init__(self, asked=None):
        if asked is None and (set_by_hand := [name for name in VARIABLES["avx2"] if name in os.environ]):
            raise ValueError(f"{', '.join(set_by_hand)} would hold one side alone: unset it, and give --level")
        self.best = best()
        self.name = asked or self.best
        if asked == "avx512" and self.best == "avx2":
            raise ValueError("--level avx512: this CPU has no AVX-512")
        self.is_held = self.name != self.best
        if self.is_held:
            os.environ.update(VARIABLES[asked])

    def leaves_free(self, packages):
        """Whether a peer of these packages computes at the CPU's best level all the same."""
        return self.is_held and any(package in FREE for package in packages)


def best():
    """As CSentryKernels/cpu.c tells it."""
    flags = set(field("/proc/cpuinfo", "flags").split())
    if not {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags:
        return "avx2"
    return "avx512bf16" if "avx512_bf16" in flags else "avx512"
