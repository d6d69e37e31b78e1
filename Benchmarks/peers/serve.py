"""The worker's side of Benchmarks/bench/worker.py."""

import json
import sys
import time


def serve(step, items, passes, information=None, clock=time.perf_counter):
    """Warms up with one pass; for every line that comes, measures `passes` calls of `step`, each over `items` items."""
    step()
    print(json.dumps(information or {}), flush=True)
    for _ in sys.stdin:
        seconds = []
        for _ in range(passes):
            start = clock()
            step()
            seconds.append(clock() - start)
        print(json.dumps({"seconds": seconds, "items": items}), flush=True)
