"""Faults of the system, each defined once: tests prove them, benchmarks/faults.py shows them."""
