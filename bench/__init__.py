"""The benchmarks that README quotes: each is one bounded command, `python -m bench.NAME`."""
