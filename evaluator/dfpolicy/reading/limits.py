"""Input limits: bytes, documents, values and depth, whatever parses the text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _

MIB = 1 << 20
# No Kubernetes object is nearly as deep, and recursion stays within Python's limit.
MAX_DEPTH = 200


@dataclass(frozen=True)
class Limits:
    """The limits of everything that a run reads.

    `size` is in bytes; empty documents count too; `values` are scalars, lists, mappings and their
    keys, with aliases expanded. `raisable` is whether flags can raise them, so that errors name the
    flags.
    """

    size: int = 256 * MIB
    documents: int = 200_000
    values: int = 20_000_000
    raisable: bool = True


CONFIGURATION = Limits(8 * MIB, 1_000, 1_000_000, raisable=False)


class Budget:
    """The rest of the limits: `size` in bytes, `documents`, `values`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.size = limits.size
        self.documents = limits.documents
        self.values = limits.values

    def take_size(self, size: int, place: str) -> None:
        """Count bytes. Raises InputError if there are too many."""
        if size > self.size:
            raise self.too_large(place)
        self.size -= size

    def take_document(self, place: str) -> None:
        """Count a document. Raises InputError if there are too many."""
        if not self.documents:
            raise self.too_many_documents(place)
        self.documents -= 1

    def take_values(self, count: int, place: str) -> None:
        """Count values. Raises InputError if there are too many."""
        if count > self.values:
            raise self.too_many_values(place)
        self.values -= count

    def check_aliases(self, value: Any, place: str) -> None:
        """Check a value that may contain aliases, at its expanded size.

        Raises InputError if it has more values or text than is left, or is too deep.
        """
        count, size, depth = 1, 0, 0
        level = [value]
        while level:
            nodes = [node for node in level if isinstance(node, (dict, list))]
            size += sum(len(text) for text in level if isinstance(text, str))
            # Before they are collected: in an alias bomb, each level is many times larger.
            count += sum(map(len, nodes))
            if count > self.values:
                raise self.too_many_values(place)
            if size > self.size:
                raise self.too_large(place)
            if nodes and depth == MAX_DEPTH:
                raise too_deep(place)
            depth += 1
            level = [part for node in nodes for part in _parts(node)]

    def too_large(self, place: str) -> InputError:
        """The error for more bytes than are left."""
        message = _("the input is larger than {size} MiB")
        if not self.limits.raisable:
            message = _("the configuration file is larger than {size} MiB")
        message = message.format(size=self.limits.size // MIB)
        return self._exceeded(message, place, "--max-input-size")

    def too_many_documents(self, place: str) -> InputError:
        """The error for more documents than are left."""
        message = _("the input contains more than {count} documents")
        if not self.limits.raisable:
            message = _("the configuration file contains more than {count} documents")
        message = message.format(count=self.limits.documents)
        return self._exceeded(message, place, "--max-documents")

    def too_many_values(self, place: str) -> InputError:
        """The error for more values than are left."""
        message = _("the input contains more than {count} values, aliases expanded")
        if not self.limits.raisable:
            message = _(
                "the configuration file contains more than {count} values, aliases expanded"
            )
        message = message.format(count=self.limits.values)
        return self._exceeded(message, place, "--max-values")

    def _exceeded(self, message: str, place: str, flag: str) -> InputError:
        if not self.limits.raisable:
            return InputError(message, place, _("make it smaller"))
        return InputError(message, place, _("split it, or raise {flag}").format(flag=flag))


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """Apply these limits to everything that is read in this context."""
    token = _budget.set(Budget(limits))
    try:
        yield
    finally:
        _budget.reset(token)


def budget() -> Budget:
    """Return the budget in force; outside of `within`, each call returns a new one."""
    return _budget.get() or Budget(Limits())


def too_deep(place: str) -> InputError:
    """The error for a value of more than MAX_DEPTH levels."""
    return InputError(_("nested more than {depth} levels deep").format(depth=MAX_DEPTH), place)


def _parts(node: Any) -> Any:
    return node.values() if isinstance(node, dict) else node
