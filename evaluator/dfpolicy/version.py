"""The version, as text that costs no import of package metadata (14 ms)."""

VERSION = "0.1.0"
