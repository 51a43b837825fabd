"""The benchmark: the ledger beside what people would use instead, in one run, on the same events.

`python -m benchmarks --help` says how it is run, docs/benchmarks.md what came out.
"""
