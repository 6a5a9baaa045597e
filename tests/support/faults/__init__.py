"""Faults of the system, each defined once: tests check them, benchmarks/faults.py shows them."""
