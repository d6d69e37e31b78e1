"""Measures what Sentry learns beside PyTorch: in equal time, and in equal epochs. `make accuracy`."""
