"""Judges the cluster after changes and on a timer, and publishes each result."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dfpolicy.collect.api import RefusedError
from dfpolicy.collect.cluster import collect
from dfpolicy.engines.selection import chosen_engine
from dfpolicy.errors import DfpolicyError, NoAgentError
from dfpolicy.i18n.language import _
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import Document
from dfpolicy.reading.limits import within
from dfpolicy.system import signals
from dfpolicy.system.process import explained
from dfpolicy.system.streams import say
from dfpolicy.watch.metrics import CONTENT_TYPE, Metrics
from dfpolicy.watch.mirror import Collection, Mirror
from dfpolicy.watch.mirrored import Mirrored
from dfpolicy.watch.publishing import Publisher
from dfpolicy.watch.serving import PLAIN, Answer

if TYPE_CHECKING:
    from dfpolicy.model import Report
    from dfpolicy.settings.resolution import Settings

_SLICE_SECONDS = 0.2
# Changes that follow each other are judged together, but none waits longer.
_QUIET_SECONDS, _LONGEST_WAIT = 1.0, 5.0
# The watcher is unhealthy if it has not judged for so many intervals.
_MISSED = 5


@dataclass(frozen=True)
class Plan:
    """How often to judge without a change, and to list everything again, in seconds.

    With `write`, the report is written as objects of the cluster. `given` are documents of facts
    that the cluster does not have.
    """

    interval: float
    resync: float
    write: bool
    given: tuple[Document, ...] = ()


class Watcher:
    """One cluster that is watched."""

    def __init__(self, api: Any, settings: Settings, plan: Plan) -> None:
        self._api, self._settings, self._plan = api, settings, plan
        self._mirrored = Mirrored(api, self._mirror)
        self._source: Any = self._mirrored
        self.metrics = Metrics(self._current)
        self._publisher = Publisher(api)
        self._engine = chosen_engine(settings)
        self._changed = threading.Event()
        self._told: dict[str, str] = {}
        self._report: Report | None = None
        self._judged = 0.0
        self._tried = 0.0
        self._alive = time.monotonic()
        self._published = 0.0

    def answers(self) -> dict[str, Callable[[], Answer]]:
        """Return what to serve for each path."""
        return {
            "/metrics": lambda: (200, CONTENT_TYPE, self.metrics.text()),
            "/healthz": lambda: _health(self._is_alive()),
            "/readyz": lambda: _health(self._judged > 0 and self._mirrored.synced()),
        }

    def run(self) -> None:
        """Watch and judge until the process must stop."""
        self._mirrored.start()
        try:
            while True:
                self._wait()
                self._changed.clear()
                self.judge_once()
        finally:
            self._mirrored.stop()

    def once(self) -> str:
        """Judge and publish without watching, and return the metrics. Raises DfpolicyError."""
        self._source = self._api
        groups = self._judge()
        if self._plan.write:
            try:
                self._publisher.publish(self._report, groups, anew=True)
            except RefusedError as error:
                raise DfpolicyError(
                    _("cannot write the report: {reason}").format(reason=_(error.reason)),
                    self._api.name,
                    _("use --no-write, or apply {path}").format(path="deploy/watch/rbac.yaml"),
                ) from None
        return self.metrics.text().decode()

    def judge_once(self) -> None:
        """Judge and publish once; a failure is counted and reported, and ends nothing."""
        self._alive = time.monotonic()
        try:
            groups = self._judge()
        except Exception as error:
            self._fail("judge", str(explained(error)))
            return
        finally:
            self._tried = time.monotonic()
        self._judged = self._alive = time.monotonic()
        if self._plan.write:
            self._write(groups)
        # The trees of a judgement are garbage now, and the next one may come at once.
        gc.collect()

    def _judge(self) -> list[str]:
        """Judge the cluster and show the result; return its API groups. Raises DfpolicyError."""
        begin = time.monotonic()
        self._mirrored.begin()
        collected = collect(self._source)
        collected.check_whole()
        if self._mirrored.lost is not None:
            raise DfpolicyError(
                _("the API server does not answer: {reason}").format(
                    reason=_(self._mirrored.lost.reason)
                ),
                self._api.name,
            )
        self._mirrored.end()
        try:
            self._report = self._judged_report(collected.document(), collected.name)
            self._tell("judge", "")
        except NoAgentError as error:
            self._report = None
            self._tell("judge", str(error))
        self.metrics.judged(self._report, time.monotonic() - begin)
        return [*collected.objects[0]["spec"].get("apiGroups", ())]

    def _judged_report(self, document: Any, name: str) -> Report:
        found = Document(f"cluster {name}", 1, 1, None, 1, document)
        with within(self._settings.limits):
            return judge(
                # Evaluation may leave values out of what it gets.
                [*map(replace, self._plan.given), found],
                self._settings,
                engine=self._engine,
                invocation={"command": "check", "sources": [], "facts": []},
            )

    def _write(self, groups: Iterable[str]) -> None:
        anew = time.monotonic() - self._published > self._plan.resync or not self._published
        try:
            self.metrics.written(self._publisher.publish(self._report, groups, anew))
        except RefusedError as error:
            self._fail("write", _(error.reason))
        else:
            self._tell("write", "")
            self._published = time.monotonic() if anew else self._published

    def _wait(self) -> None:
        """Wait for a change, and until it is quiet, or for the timer."""
        end = self._tried + self._plan.interval if self._tried else 0.0
        while not self._mirrored.synced():
            self._alive = time.monotonic()
            signals.raise_lost()
            time.sleep(_SLICE_SECONDS)
        while not self._changed.wait(_SLICE_SECONDS):
            self._alive = time.monotonic()
            signals.raise_lost()
            if time.monotonic() >= end:
                return
        latest = time.monotonic() + _LONGEST_WAIT
        while time.monotonic() < latest:
            self._changed.clear()
            time.sleep(_QUIET_SECONDS)
            signals.raise_lost()
            if not self._changed.is_set():
                return

    def _mirror(self, collection: Collection) -> Mirror:
        return Mirror(self._api, collection, self._changed.set, self._refused, self._plan.resync)

    def _refused(self, what: str, collection: Collection, error: RefusedError) -> None:
        self.metrics.failed(what)
        self._tell(
            collection.path,
            _("cannot read {fact}: {reason}").format(fact=collection.name, reason=_(error.reason)),
        )

    def _fail(self, what: str, text: str) -> None:
        self.metrics.failed(what)
        self._tell(what, text)

    def _tell(self, what: str, text: str) -> None:
        """Print what changed; an error that stays is printed once."""
        if text and self._told.get(what) != text:
            say(text)
        self._told[what] = text

    def _current(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for mirror in [*self._mirrored.mirrors.values()]:
            name, when = mirror.collection.name, mirror.current
            found[name] = min(found.get(name, when), when)
        return found

    def _is_alive(self) -> bool:
        return time.monotonic() - self._alive < max(_MISSED * self._plan.interval, 60.0)


def _health(good: bool) -> Answer:
    return (200, PLAIN, b"ok\n") if good else (503, PLAIN, b"not yet\n")
