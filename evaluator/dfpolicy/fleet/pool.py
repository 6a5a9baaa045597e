"""Judges clusters in worker processes; one that dies fails its cluster and is replaced."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import BinaryIO, cast

from dfpolicy.errors import EngineError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.fleet.clusters import Cluster
from dfpolicy.fleet.judging import failed
from dfpolicy.fleet.worker import Order, receive, send
from dfpolicy.i18n.language import _
from dfpolicy.report.fleet_shapes import JudgedCluster
from dfpolicy.system.signals import held

_SLICE_SECONDS = 0.1
# For a process to end its own children.
_GRACE_SECONDS = 5.0


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def judge_all(
    clusters: Sequence[Cluster],
    order: Order,
    jobs: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[JudgedCluster]:
    """Return the clusters, judged by at most `jobs` processes, in the order of the clusters.

    `progress` receives the number of judged clusters and of all. All processes are ended, also when
    this process must stop.
    """
    waiting: SimpleQueue[tuple[int, Cluster]] = SimpleQueue()
    for pair in enumerate(clusters):
        waiting.put(pair)
    answers: SimpleQueue[tuple[int, JudgedCluster]] = SimpleQueue()
    workers = [
        _Worker(waiting, answers, pickle.dumps(order)) for _one in range(min(jobs, len(clusters)))
    ]
    found: dict[int, JudgedCluster] = {}
    try:
        for worker in workers:
            worker.start()
        progress(0, len(clusters))
        for place, answer in _answers(answers, workers, len(clusters)):
            found[place] = answer
            progress(len(found), len(clusters))
    finally:
        with held():
            for worker in workers:
                worker.stop()
    return [found[place] for place in range(len(clusters))]


def _answers(
    answers: SimpleQueue[tuple[int, JudgedCluster]], workers: Sequence[_Worker], count: int
) -> Iterator[tuple[int, JudgedCluster]]:
    while count:
        try:
            # In short steps: a signal just before a wait is not handled until the wait ends.
            answer = answers.get(timeout=_SLICE_SECONDS)
        except Empty:
            if not any(worker.alive for worker in workers) and answers.empty():
                raise EngineError(_("the worker processes ended")) from None
            continue
        count -= 1
        yield answer


class _Worker:
    """A thread with a process that judges the clusters of a queue, one after the other."""

    def __init__(
        self,
        waiting: SimpleQueue[tuple[int, Cluster]],
        answers: SimpleQueue[tuple[int, JudgedCluster]],
        order: bytes,
    ) -> None:
        self._waiting, self._answers, self._order = waiting, answers, order
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = threading.Lock()
        # Errors are in the caller's language.
        context = copy_context()
        self._thread = threading.Thread(target=lambda: context.run(self._serve), daemon=True)

    @property
    def alive(self) -> bool:
        """Whether more answers can come."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the process, and judge."""
        self._thread.start()

    def stop(self) -> None:
        """End the process, which ends its own children."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()
        if self._thread.ident is not None:
            self._thread.join(_GRACE_SECONDS)
        self._bury()

    def _launch(self) -> subprocess.Popen[bytes]:
        """Return the process, started if there is none. Raises OSError."""
        with self._lock:
            if self._stopped:
                raise OSError
            if self._process is not None:
                return self._process
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dfpolicy.fleet.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("DFPOLICY_DEBUG") == "1" else subprocess.DEVNULL,
                # Ctrl-C is for this process, which ends the others.
                start_new_session=True,
            )
        send(cast(BinaryIO, self._process.stdin), self._order)
        return self._process

    def _serve(self) -> None:
        while not self._stopped:
            try:
                place, cluster = self._waiting.get_nowait()
            except Empty:
                return
            self._answers.put((place, self._judged(cluster)))

    def _judged(self, cluster: Cluster) -> JudgedCluster:
        try:
            process = self._launch()
            send(cast(BinaryIO, process.stdin), pickle.dumps(cluster))
            answer = receive(cast(BinaryIO, process.stdout))
        except OSError:
            answer = None
        if answer is not None:
            found: JudgedCluster = json.loads(answer)
            return found
        self._bury()
        return failed(
            cluster,
            ExitCode.FAILURE,
            _("the process that judged this cluster ended"),
            cluster.source,
            _("possibly out of memory: use --jobs 1, or evaluate this cluster alone"),
        )

    def _bury(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(_GRACE_SECONDS if self._stopped else 0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What was not sent is lost with the process.
                with suppress(OSError):
                    pipe.close()
