"""The command line in this process, with the same output and exit code as a separate process."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

import pytest

from dfpolicy.__main__ import main
from dfpolicy.engines import wasm

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]


# It stands for itself where a test puts `once_compiled` in its place.
_optimised = cache(partial(wasm._Program, thorough=True))


def once_compiled(module: bytes, thorough: bool) -> wasm._Program:
    """The compiled policies, always optimised: thousands of evaluations repay it."""
    del thorough
    return _optimised(module)


def run(
    *arguments: str,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Completed:
    """Run a command line here, in `folder`; the output is text in UTF-8.

    `env` is added to the environment for this run. Tests of signals, closed streams and terminals
    need a process: use the fixture `dfpolicy` for them.
    """
    content = stdin.encode() if isinstance(stdin, str) else stdin
    output, errors = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        if folder is not None:
            patch.chdir(folder)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
        patch.setattr(sys, "stdout", io.TextIOWrapper(output, "utf-8", write_through=True))
        patch.setattr(sys, "stderr", io.TextIOWrapper(errors, "utf-8", write_through=True))
        patch.setattr(wasm, "_Program", once_compiled)
        # `process.run` restores the signal handlers before it exits.
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = output.getvalue().decode(), errors.getvalue().decode()
    code = ended.value.code
    assert isinstance(code, int)
    return Completed(["dfpolicy", *arguments], code, *told)
