"""What goes wrong for one who changes the policies."""

from __future__ import annotations


class DevError(Exception):
    """A failure that is told in plain lines, without a traceback."""
