"""The error of the development tools."""

from __future__ import annotations


class DevError(Exception):
    """A failure that is printed as plain lines, without a traceback."""
