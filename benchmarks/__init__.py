"""Benchmarks of dfpolicy against conftest, `opa eval` and gator; not in the wheel."""
