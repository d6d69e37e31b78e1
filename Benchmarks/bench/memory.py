"""The one measure of memory: VmHWM, the most that a process ever had. (rusage would count what the parent had before exec.)"""

import threading


def peak_bytes(process):
    """Of a process that lives, by its number; 0 where it has ended."""
    try:
        with open(f"/proc/{process}/status") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


class PeakWatch:
    """Of a process that is waited for. Since the mark only rises, what it took up to its last hundredth of a second counts."""

    def __init__(self, process):
        self.process, self.peak, self.ended = process, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _watch(self):
        while not self.ended.is_set():
            self.peak = max(self.peak, peak_bytes(self.process))
            self.ended.wait(0.01)
