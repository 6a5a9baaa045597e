"""A local OPA binary: found, run within limits, and its failures in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

from dfpolicy.errors import EngineError, reason, together
from dfpolicy.i18n.language import _
from dfpolicy.system import subprocesses

# The first version with `$"…"` in Rego v1.
OLDEST = (1, 12)
_VERSION = re.compile(r"^Version: v?(\d{1,4})\.(\d{1,4})", re.MULTILINE)
_FAULT = re.compile(r"(?P<place>[^\s:]+:\d+): (?P<code>rego_\w+): (?P<text>.*)")
_FAILURE = re.compile(r"(?P<place>[^\s:]+:\d+): (?P<code>eval_\w+)")
_MEMORY = ("cannot allocate memory", "out of memory")


def find(given: str | None) -> str:
    """Return the path of the given binary, or of the one on PATH. Raises EngineError."""
    found = shutil.which(given or "opa")
    if found is None:
        hint = _("give its path with --opa, or add opa to PATH")
        raise EngineError(_("OPA binary not found"), given or "", hint)
    return found


def run(
    binary: str,
    arguments: Sequence[str],
    content: bytes = b"",
    time_limit: float = 60.0,
    memory_limit: int = 0,
) -> bytes:
    """Run OPA with the content as standard input and return its output.

    `time_limit` is in seconds, `memory_limit` in bytes, 0 for none; only Linux enforces it.
    Raises EngineError.
    """
    try:
        code, printed, said = subprocesses.run(
            [binary, *arguments],
            content,
            time_limit,
            _environment(memory_limit),
            lambda process: _limit(process, memory_limit),
        )
    except OSError as error:
        raise EngineError(
            _("cannot run OPA: {reason}").format(reason=reason(error)), binary, _("check --opa")
        ) from error
    except subprocess.TimeoutExpired:
        hint = _("evaluate fewer documents at once")
        raise EngineError(
            _("OPA did not answer within {seconds:g} s").format(seconds=time_limit), hint=hint
        ) from None
    except subprocesses.OutputTooLargeError:
        size = subprocesses.MOST >> 20
        message = _("OPA's answer is larger than {size} MiB").format(size=size)
        raise EngineError(message, binary, _("evaluate fewer documents at once")) from None
    if code:
        raise _failure(binary, code, said.decode("utf-8", "replace"), memory_limit)
    return printed


def _environment(memory_limit: int) -> dict[str, str]:
    # OPA reads any flag from a variable of its name.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OPA_")}
    return {**kept, "GOMEMLIMIT": str(memory_limit * 3 // 4)} if memory_limit else kept


def _limit(pid: int, memory_limit: int) -> None:
    if not memory_limit or sys.platform != "linux":
        return
    import resource

    # The process may have ended, or a lower limit may be in force.
    with suppress(OSError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_DATA, (memory_limit, memory_limit))


def _failure(binary: str, code: int, said: str, memory_limit: int) -> EngineError:
    """The error, without the values that OPA quotes."""
    if any(words in said for words in _MEMORY):
        return EngineError(
            _("the input needs more than {size} MiB of memory").format(size=memory_limit >> 20),
            hint=_("evaluate fewer documents at once"),
        )
    if code < 0:
        return EngineError(
            _("OPA was killed by signal {signal}").format(signal=-code),
            hint=_("possibly out of memory: evaluate fewer documents at once"),
        )
    version = _version(binary)
    if version is None:
        return EngineError(
            _("this is not OPA; it exited with code {code}").format(code=code),
            binary,
            _("check --opa"),
        )
    if version < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return EngineError(
            _("OPA {version} is too old").format(version=".".join(map(str, version))),
            binary,
            _("use {wanted} or later").format(wanted=wanted),
        )
    faults = [*_faults(said)]
    if faults:
        return together(faults)
    failure = _FAILURE.search(said)
    if failure:
        return EngineError(
            _("the policies failed: {code}").format(code=failure["code"]),
            failure["place"].lstrip("/"),
        )
    return EngineError(_("OPA failed with exit code {code}").format(code=code), binary)


def _faults(said: str) -> Iterator[EngineError]:
    """Yield the faults of policies: the first of each line, and of each file that is not Rego."""
    seen = set()
    for fault in _FAULT.finditer(said):
        place = fault["place"].lstrip("/")
        # After the first one, the parser reports what follows from it.
        key = place.rpartition(":")[0] if fault["code"] == "rego_parse_error" else place
        if key not in seen:
            seen.add(key)
            yield EngineError(
                _("the policies are invalid: {text}").format(text=fault["text"]), place
            )


def _version(binary: str) -> tuple[int, int] | None:
    try:
        done = subprocess.run([binary, "version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(done.stdout.decode("utf-8", "replace"))
    return (int(found[1]), int(found[2])) if found else None
