"""Benchmarks of dfpolicy beside conftest, `opa eval` and gator; not in the wheel."""
