"""The steps of reading a cluster, on standard error: all on a terminal, otherwise only refusals."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dfpolicy.i18n.escaping import encodable, printable
from dfpolicy.i18n.language import _, _n, listed, translate
from dfpolicy.system.streams import logs_json, note, say

if TYPE_CHECKING:
    from rich.progress import Progress

_BAR = 30
_FACTS = "NodeFacts "
_NAMES = 3


class Steps:
    """Shows nothing but refusals, one line each."""

    def title(self, text: str) -> None:
        """Say what begins."""

    def done(self, text: str) -> None:
        """Say what was read."""

    def refused(self, text: str) -> None:
        """Say what could not be read."""
        say(text)

    def show(self, what: str, done: int, total: int) -> None:
        """Show how much of something was read so far; a total of 0 is unknown."""

    def limit(self, seconds: float) -> None:
        """Begin to count the seconds of a step that has a time limit."""


class _Terminal(Steps):
    """Shows each step, and on the last line what is being read."""

    def __init__(self, bar: Progress, encoding: str) -> None:
        self._bar = bar
        # While the line is shown, rich replaces the stream.
        self._encoding = encoding
        self._task = bar.add_task("")
        self._limit = 0.0
        self._begin = 0.0

    def title(self, text: str) -> None:
        self._print(text)

    def done(self, text: str) -> None:
        self._print(f"  {self._mark()} {text}")

    def refused(self, text: str) -> None:
        self._print(f"  ! {text}")

    def limit(self, seconds: float) -> None:
        self._limit, self._begin = seconds, time.monotonic()

    def show(self, what: str, done: int, total: int) -> None:
        line = printable(self._line(what, done, total))
        self._bar.update(self._task, description=line, refresh=True)

    def _line(self, what: str, done: int, total: int) -> str:
        if not total:
            return f"  {translate(what)}"
        if not self._limit:
            return f"  {translate(what)} {done}/{total}"
        filled = _BAR * done // total
        told = _("{done} of {total} nodes, {seconds} s of at most {limit} s").format(
            done=done,
            total=total,
            seconds=int(time.monotonic() - self._begin),
            limit=int(self._limit),
        )
        return f"  [{'#' * filled}{'-' * (_BAR - filled)}] {told}"

    def _print(self, text: str) -> None:
        # rich shows what is written meanwhile above its line.
        note(encodable(text, self._encoding))

    def _mark(self) -> str:
        # A stream that cannot show the mark would show a question mark.
        return "✓" if encodable("✓", self._encoding) == "✓" else "ok"


@contextmanager
def steps() -> Iterator[Steps]:
    """Show steps on a terminal; the line with what is being read is erased at the end."""
    if sys.stderr is None or not sys.stderr.isatty() or logs_json():
        yield Steps()
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    encoding = sys.stderr.encoding
    column = TextColumn("{task.description}", markup=False)
    with Progress(column, console=Console(stderr=True), transient=True) as bar:
        yield _Terminal(bar, encoding)


def unread(entries: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield which facts were refused, in one line for all nodes with the same reason.

    What depends on them stays unknown.
    """
    nodes: dict[str, list[str]] = {}
    for entry in entries:
        if entry["fact"].startswith(_FACTS):
            nodes.setdefault(entry["reason"], []).append(entry["fact"].removeprefix(_FACTS))
            continue
        text = _("cannot read {fact} ({path}): {reason}")
        if not entry.get("path"):
            text = _("cannot read {fact}: {reason}")
        why = translate(entry["reason"])
        yield text.format(fact=entry["fact"], path=entry.get("path"), reason=why)
    for reason, known in nodes.items():
        yield _n(
            "cannot read NodeFacts of {count} node ({names}): {reason}",
            "cannot read NodeFacts of {count} nodes ({names}): {reason}",
            len(known),
            names=_names(known),
            reason=translate(reason),
        )


def _names(known: Sequence[str]) -> str:
    shown, more = listed(known[:_NAMES]), len(known) - _NAMES
    return _("{names} +{count} more").format(names=shown, count=more) if more > 0 else shown


def collected_facts(objects: Sequence[Mapping[str, Any]], spaces: Iterable[str]) -> Iterator[str]:
    """Yield what was read of the cluster: version, nodes, and the level of these namespaces."""
    version = objects[0]["spec"].get("version") if objects else None
    nodes = sum(one["kind"] == "Node" for one in objects)
    if version and nodes:
        yield _n(
            "Kubernetes {version}, {count} node",
            "Kubernetes {version}, {count} nodes",
            nodes,
            version=version,
        )
    elif version:
        yield f"Kubernetes {version}"
    wanted = {*spaces}
    for one in objects:
        metadata = one["metadata"]
        if one["kind"] != "Namespace" or metadata["name"] not in wanted:
            continue
        labels = metadata.get("labels") or {}
        level = labels.get("pod-security.kubernetes.io/enforce") or _("not set")
        yield _("namespace {name}: Pod Security level {level}").format(
            name=metadata["name"], level=level
        )
