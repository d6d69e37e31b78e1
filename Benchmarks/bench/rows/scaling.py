"""How speed goes with batch, size and threads; ours alone."""

import statistics

from .. import breakdown
from ..row import missed, spread, verdict
from ..worker import Worker

BATCHES, SIZES, SIZE, BATCH = (8, 16, 32, 64, 128), (48, 96, 160, 224), 48, 32
# At the shapes that training is measured at. Smaller steps are ruled by what a step costs whatever its batch: to pack weights, to
# gather gradients and to update; two threads share one memory there.
JUDGED = ((48, 64), (224, 32))


class Scaling:
    name, title, unit = "scaling", "training, f32: images/s by batch, size and threads", "images/s"

    def run(self, setting):
        points = [(SIZE, batch, threads) for batch in BATCHES for threads in (1, 2)]
        points += [(size, BATCH, threads) for size in SIZES if size != SIZE for threads in (1, 2)]
        if setting.quick:
            points = [point for point in points if point[0] <= 96 and point[1] <= 32]
        rates = {point: [] for point in points}
        # Both numbers of threads take turns, so that their ratio is of one time.
        for size, batch in dict.fromkeys(point[:2] for point in points):
            pair = {threads: Worker(f"{threads} threads", self._command(setting, size, batch, threads))
                    for threads in (1, 2)}
            try:
                for worker in pair.values():
                    worker.start()
                for _ in range(setting.rounds):
                    for threads, worker in pair.items():
                        rates[size, batch, threads].append(1 / worker.measure())
            finally:
                for worker in pair.values():
                    worker.kill()
        speedups = {point[:2]: spread([two / one for one, two in zip(rates[*point[:2], 1], rates[*point[:2], 2])])
                    for point in points}
        lines = ["  size  batch  1 thread  2 threads  1 → 2"]
        for (size, batch), speedup in speedups.items():
            one, two = (statistics.median(rates[size, batch, threads]) for threads in (1, 2))
            lines.append(f"  {size:4}  {batch:5}  {one:8.1f}  {two:9.1f}  {speedup['median']:.2f}× "
                         f"({speedup['least']:.2f}…{speedup['most']:.2f})")
        targets = {(size, batch): verdict(f"1 → 2 threads at {size}×{size}, batch {batch}", speedup, 1.8, 1.9)
                   for (size, batch), speedup in speedups.items() if (size, batch) in JUDGED}
        table = [{"size": size, "batch": batch, "threads": threads, "images_per_second": values}
                 for (size, batch, threads), values in rates.items()]
        result = {"table": table, "lines": lines, "targets": list(targets.values())}
        for (size, batch), target in targets.items():
            if missed([target]):
                breakdown.add(result, lambda: self._profiles(setting, size, batch))
        return result

    def _profiles(self, setting, size, batch):
        """What takes more processor time with two threads is what does not scale."""
        return {f"a pass at {size}×{size}, batch {batch}, threads: {threads}, in ms of a processor":
                breakdown.of_engine(self._command(setting, size, batch, threads)) for threads in (1, 2)}

    @staticmethod
    def _command(setting, size, batch, threads):
        passes = max(1, 200_000 // (size * size * batch // 10))
        return setting.engine("train", size=size, batch=batch, threads=threads, passes=min(passes, 8))


ROWS = [Scaling()]
