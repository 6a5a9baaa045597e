from __future__ import annotations

import _thread
import gc
import signal
import threading
import weakref

import pytest

from dfpolicy.engines import worker


def test_a_job_has_its_value_or_its_exception() -> None:
    job = worker.start(lambda: 7)
    assert job.wait(5)
    assert (job.done, job.outcome) == (True, 7)
    job = worker.start(lambda: 1 // 0)
    assert job.wait(5)
    assert isinstance(job.outcome, ZeroDivisionError)


def test_a_thread_is_used_again() -> None:
    first = worker.start(threading.get_ident)
    assert first.wait(5)
    second = worker.start(threading.get_ident)
    assert second.wait(5)
    assert first.outcome == second.outcome


def test_jobs_run_at_once() -> None:
    barrier = threading.Barrier(3, timeout=5)
    jobs = [worker.start(barrier.wait) for _ in range(3)]
    assert all(job.wait(5) for job in jobs)
    assert sorted(job.outcome for job in jobs) == [0, 1, 2]


def test_a_finished_job_is_released() -> None:
    class Held:
        def run(self) -> None:
            pass

    held = Held()
    alive = weakref.ref(held)
    job = worker.start(held.run)
    assert job.wait(5)
    del held, job
    # The thread releases it a moment after it is done.
    assert worker.start(lambda: None).wait(5)
    gc.collect()
    assert alive() is None


def test_waiting_stops_at_the_time_limit() -> None:
    release = threading.Event()
    job = worker.start(release.wait)
    assert not job.wait(0.01)
    assert not job.done
    release.set()
    assert job.wait(5)


def test_a_signal_that_does_not_wake_the_wait_still_ends_it() -> None:
    def handle(*_: object) -> None:
        raise InterruptedError

    begun, ended, waited = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.wait(30)
        # This marks the signal without waking a thread, like a signal that comes before the wait.
        _thread.interrupt_main(signal.SIGTERM)
        waited.set()
        ended.wait(30)

    def wait(job: worker.Job) -> None:
        # Not before: the signal would arrive outside.
        begun.set()
        job.wait()

    former = signal.signal(signal.SIGTERM, handle)
    try:
        job = worker.start(work)
        with pytest.raises(InterruptedError):
            wait(job)
        assert not job.done
    finally:
        signal.signal(signal.SIGTERM, former)
        ended.set()
    assert job.wait(30)
