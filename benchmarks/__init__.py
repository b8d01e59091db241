"""Kith's figures beside its peers': `make bench` measures them and writes docs/benchmarks.md."""
