"""Generators and scaffolding for developers of dfpolicy; not part of the wheel."""
