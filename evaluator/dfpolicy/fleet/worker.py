"""The worker process: it starts the engine once, and then judges one cluster after the other.

It reads messages from standard input and answers on standard output. A message is its length in 8
bytes, and then its content. The first one is a pickled Order, each other one a pickled Cluster; an
answer is JSON.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
from dataclasses import dataclass
from typing import BinaryIO

from dfpolicy.engines.selection import chosen_engine
from dfpolicy.exit_codes import ExitCode
from dfpolicy.fleet.judging import Terms, failed, judged
from dfpolicy.i18n.language import speak
from dfpolicy.model import Language
from dfpolicy.system import signals
from dfpolicy.system.process import explained

_LENGTH = 8
_NEW_OBJECTS = 50_000


@dataclass(frozen=True)
class Order:
    """What a worker needs before the first cluster."""

    terms: Terms
    language: Language


def send(stream: BinaryIO, content: bytes) -> None:
    """Write a message. Raises OSError."""
    stream.write(len(content).to_bytes(_LENGTH, "big") + content)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Return the next message, None after the last one, or if it is incomplete."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "big")
    content = stream.read(length)
    return content if len(content) == length else None


def main() -> None:
    """Serve until standard input ends, or until SIGTERM."""
    signals.take_over()
    try:
        _serve()
    except (signals.Stopped, BrokenPipeError) as error:
        # The interpreter's own end would wait for threads that compute.
        os._exit(error.code if isinstance(error, signals.Stopped) else ExitCode.READER_GONE)


def _serve() -> None:
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What else is printed would be taken for an answer.
    os.dup2(2, 1)
    gc.set_threshold(_NEW_OBJECTS)
    first = receive(orders)
    if first is None:
        return
    order: Order = pickle.loads(first)
    speak(order.language)
    engine = None
    while (content := receive(orders)) is not None:
        cluster = pickle.loads(content)
        try:
            engine = engine or chosen_engine(order.terms.settings)
        except Exception as error:
            known = explained(error)
            found = failed(cluster, known.exit_code, known.message, known.where, known.hint)
        else:
            found = judged(cluster, order.terms, engine)
        send(answers, json.dumps(found).encode())


if __name__ == "__main__":
    main()
