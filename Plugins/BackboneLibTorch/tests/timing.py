"""timing.py RUN NAME PRECISION SIZE BATCH: prints the images a second of a run's last epoch, from its timing.json."""
import json
import sys

try:
    timing = json.load(open(sys.argv[1] + "/timing.json"))
    rates = timing["images_per_second"]
    first = f" first step {timing['first_step_ends'][0] - timing['first_step_begins'][0]:.1f} s;" if timing.get("first_step_ends") else ""
    print("rate", *sys.argv[2:], f"{rates[-1]:.1f}", "  ", first, "epochs:", ", ".join(f"{rate:.0f}" for rate in rates))
    profile = timing.get("profile")
    if profile:
        steps = profile["steps"]
        parts = sorted(profile["seconds"].items(), key=lambda item: -item[1])
        print("   ms a step:", ", ".join(f"{key} {1e3 * value / steps:.2f}" for key, value in parts if value / steps > 2e-5))
except (OSError, KeyError, ValueError, ZeroDivisionError) as error:
    print("rate", *sys.argv[2:], "-", f"   ({type(error).__name__}: {error})")
