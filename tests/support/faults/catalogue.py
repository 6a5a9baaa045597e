"""All faults, by subject."""

from __future__ import annotations

from support.faults import cache, disk, encodings, home, signals, streams
from support.faults.registry import Fault, faults, subjects

__all__ = [
    "Fault",
    "cache",
    "disk",
    "encodings",
    "faults",
    "home",
    "signals",
    "streams",
    "subjects",
]
