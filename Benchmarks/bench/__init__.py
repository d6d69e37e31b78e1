"""Measures Sentry beside its peers. `make bench`; README.md says how to add a row."""
