"""Generators and scaffolding for those who change dfpolicy; not part of the wheel."""
