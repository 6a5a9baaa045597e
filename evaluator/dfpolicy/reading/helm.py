"""Renders a chart with the helm binary, as `helm template` does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from dfpolicy.errors import DfpolicyError, InputError, UsageError, reason
from dfpolicy.i18n.language import _
from dfpolicy.reading.chart_secrets import hide, secrets_of
from dfpolicy.reading.encodings import decode
from dfpolicy.reading.limits import budget
from dfpolicy.reading.sources import RENDERED, Source, read_file, read_standard_input
from dfpolicy.system import subprocesses
from dfpolicy.system.files import read_bounded

if TYPE_CHECKING:
    from dfpolicy.reading.documents import Document

VARIABLE = "DFPOLICY_HELM"

_LONGEST_RELEASE = 53
_LONGEST_REASON = 600
_LARGEST_CHART_FILE = 1 << 20
_MOST_CHARTS = 100
# What is read of a chart; other files, for example reports, may be next to it.
_CHART_FILES = (
    "Chart.*",
    "values*",
    "requirements.*",
    "templates/**/*",
    "crds/**/*",
    "charts/**/*",
)
# Helm's message for a name that is neither a path nor in a repository.
_NO_PATH = "path_to_chart"
_NO_REPOSITORY = re.compile(r"\brepo (\S+) not found")
_NO_STRING = re.compile(r"<\.Values\.([\w.]+)>: wrong type for value; expected string; got bool")
_LATER = "\n\nUse --debug flag"
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
_PACKAGE = re.compile(r"(-v?[0-9]+\.[0-9][^/]*)?(\.tgz)?(:[^/:]*)?\Z")


@dataclass(frozen=True)
class Chart:
    """A chart and its rendering options, as for `helm template`.

    `reference` is a directory, a package, or a name in a repository. If `release` is None, the
    chart's name is used. `values` are files; one may be `-` or a pipe, whose content is `streamed`
    once it has been read.
    """

    reference: str
    values: Sequence[str] = ()
    assignments: Sequence[str] = ()
    release: str | None = None
    namespace: str | None = None
    arguments: Sequence[str] = ()
    streamed: bytes | None = None

    @property
    def name(self) -> str:
        """The name of the rendered source."""
        return RENDERED + _CREDENTIALS.sub("", self.reference)


@dataclass(frozen=True)
class Rendering:
    """A chart, and the function that renders it, or the same chart with other values."""

    chart: Chart
    render: Callable[[Chart], list[Document]]

    @cached_property
    def documents(self) -> list[Document]:
        """What the chart renders with its own values; it is rendered once."""
        return self.render(self.chart)


def files_of(reference: str, values: Sequence[str]) -> Iterator[str]:
    """Yield the paths of a chart's package or files, and of its values, which may be missing."""
    yield reference
    for name in values:
        # Helm accepts several names, separated by commas.
        yield from {name, *name.split(",")}
    for pattern in _CHART_FILES:
        yield from map(str, Path(reference).glob(pattern))


def with_streams_read(chart: Chart) -> Chart:
    """Return the chart with the content of the stream among its values, to render it repeatedly."""
    return replace(chart, streamed=_streamed(chart)[0])


def find_helm(given: str | None = None) -> str:
    """Return the path of the binary: that given, that of $DFPOLICY_HELM, or `helm` on PATH.

    Raises UsageError if there is none.
    """
    named = given or os.environ.get(VARIABLE)
    found = shutil.which(named or "helm")
    if found:
        return found
    if named:
        raise UsageError(
            _("helm not found, or not executable"), named, _("give the path of the helm binary")
        )
    raise UsageError(
        _("--helm needs helm, which is not on PATH"),
        hint=_("install Helm, or give its path with --helm-bin or ${variable}").format(
            variable=VARIABLE
        ),
    )


def render(chart: Chart, binary: str, timeout: float) -> Source:
    """Return the rendered stream of the chart; `timeout` is in seconds.

    Raises InputError with Helm's reason, without the secrets of the values, if it renders nothing;
    UsageError for unreadable values; DfpolicyError if Helm is killed or takes too long.
    """
    streamed, given = _streamed(chart)
    values = [f"--values={name}" for name in given]
    options = [f"--set={text}" for text in chart.assignments]
    if chart.namespace:
        options.append(f"--namespace={chart.namespace}")
    release = release_of(chart)
    command = [binary, "template", *values, *options, *chart.arguments]
    status, output, complaints = _run([*command, "--", release, chart.reference], streamed, timeout)
    if status < 0:
        raise DfpolicyError(
            _("helm was killed by signal {signal}").format(signal=-status), chart.name
        )
    if status:
        complaint = hide(complaints, _secrets(chart, streamed))
        raise InputError(
            _("helm cannot render this chart: {reason}").format(reason=_reason(complaint, status)),
            chart.name,
            _hint(complaint),
        )
    if not output.strip():
        raise InputError(_("the chart renders to nothing"), chart.name, _("check its values"))
    return Source(chart.name, decode(output, chart.name))


def release_of(chart: Chart) -> str:
    """Return the name of the release."""
    return chart.release or _release(chart.reference)


def placed(template: str, chart: str) -> str:
    """Return the path of a template whose name is that of Helm's `# Source:` comment.

    It is the name itself if the chart is not a directory with that file.
    """
    file = Path(chart, *PurePosixPath(template).parts[1:])
    return file.as_posix() if file.is_file() else template


def _streamed(chart: Chart) -> tuple[bytes | None, list[str]]:
    """The content of values that are not in a file, and the names to pass to Helm.

    A shell's `<(…)` can be read only once, and not by Helm.
    """
    values = chart.values
    streams = [name for name in values if name == "-" or _is_pipe(name)]
    if not streams:
        return None, list(values)
    if len(streams) > 1:
        raise UsageError(
            _("only one values file can be a stream"), streams[1], _("save the others to files")
        )
    content = chart.streamed
    if content is None:
        content = read_standard_input() if streams[0] == "-" else read_file(streams[0])
    return content, ["-" if name == streams[0] else name for name in values]


def _secrets(chart: Chart, streamed: bytes | None) -> set[str]:
    # Helm accepts several names, separated by commas.
    files = [part for name in chart.values for part in {name, *name.split(",")}]
    files = [name for name in files if Path(name).is_file()]
    contents = [] if streamed is None else [streamed]
    given = secrets_of(files, contents, [*chart.assignments, *chart.arguments])
    # A default that is part of the chart's name, for example `deepflow`, is not a secret.
    names = _text(Path(chart.reference, "Chart.yaml"))
    own = secrets_of(map(str, _defaults(Path(chart.reference))), [], [])
    return given | {text for text in own if text not in names}


def _defaults(chart: Path) -> Iterator[Path]:
    """The values of a chart in a directory, and of those below it."""
    yield chart / "values.yaml"
    with suppress(OSError):
        yield from islice(chart.glob("charts/**/values.yaml"), _MOST_CHARTS)


def _is_pipe(name: str) -> bool:
    path = Path(name)
    return path.exists() and not path.is_file() and not path.is_dir()


def _release(reference: str) -> str:
    """Return the name of the chart, as a valid release name."""
    name = _name_in(Path(reference)) or _PACKAGE.sub("", reference.rstrip("/")).rpartition("/")[2]
    fitting = re.sub(r"[^a-z0-9]+", "-", name.lower())[:_LONGEST_RELEASE].strip("-")
    return fitting or "release"


def _name_in(directory: Path) -> str:
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        value, _ = next(read_yaml(_text(directory / "Chart.yaml"), "", 1))
        return str(value["name"])
    except (InputError, LookupError, StopIteration, TypeError):
        # Helm reports the error.
        return ""


def _text(path: Path) -> str:
    try:
        return (read_bounded(str(path), _LARGEST_CHART_FILE) or b"").decode()
    except (OSError, ValueError):
        return ""


def _run(command: Sequence[str], content: bytes | None, timeout: float) -> tuple[int, bytes, str]:
    # In its debug mode Helm prints what it rendered, secrets too.
    environment = os.environ | {"HELM_DEBUG": "false"}
    try:
        status, output, complaints = subprocesses.run(
            command, content, timeout, environment, most=budget().size
        )
    except OSError as error:
        raise UsageError(
            _("cannot run helm: {reason}").format(reason=reason(error)), command[0]
        ) from error
    except subprocess.TimeoutExpired as error:
        raise DfpolicyError(
            _("helm took more than {seconds:g} s").format(seconds=timeout),
            command[0],
            _("raise --helm-timeout"),
        ) from error
    except subprocesses.OutputTooLargeError:
        raise budget().too_large("helm") from None
    return status, output, complaints.decode("utf-8", "replace")


def _hint(complaint: str) -> str:
    """Return how to fix a common cause that Helm's own message does not explain, or ''."""
    if _NO_PATH in complaint:
        return _("chart not found: check its path")
    if found := _NO_REPOSITORY.search(complaint):
        return _("add the repository: {command}").format(command=f"helm repo add {found[1]} URL")
    if found := _NO_STRING.search(" ".join(complaint.split())):
        name = found[1].rpartition(".")[2]
        return _("quote it in a values file, for example {example}").format(
            example=f'{name}: "true"'
        )
    return ""


def _reason(complaints: str, status: int) -> str:
    """Return what Helm gave as its reason, in one line of bounded length."""
    _before, found, reason = f"\n{complaints}".partition("\nError: ")
    if not found:
        reason = complaints.strip().rpartition("\n")[2] or _("exit code {code}, no message").format(
            code=status
        )
    line = " ".join(reason.partition(_LATER)[0].split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 3] + "..."
