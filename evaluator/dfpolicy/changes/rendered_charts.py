"""Recognises the charts of DeepFlow in what was rendered, and their versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dfpolicy.changes.chart_table import charts
from dfpolicy.reading.documents import Document
from dfpolicy.system.files import read_bounded

if TYPE_CHECKING:
    from dfpolicy.reading.helm import Chart

AGENT = "deepflow-agent"

# The label of all objects that a chart renders.
CHART_LABEL = "helm.sh/chart"
_FILE = "Chart.yaml"
_LARGEST = 1 << 20
_MOST_MEMBERS = 10_000
_SOURCE = re.compile(r"^# Source: (\S+)", re.MULTILINE)
_VERSION = re.compile(r"^version:[ \t]*[\"']?([0-9][^\s\"'#]*)", re.MULTILINE)
_NAME = re.compile(r"^name:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


@dataclass(frozen=True)
class RenderedChart:
    """A chart of DeepFlow in what was rendered.

    `prefix` is where its values are: () or, below another chart, for example ("deepflow-agent",).
    """

    name: str
    version: str
    prefix: tuple[str, ...] = ()

    @property
    def own_name(self) -> str:
        """The name that its templates see: an alias, if it has one."""
        return self.prefix[-1] if self.prefix else self.name


def charts_in(chart: Chart | None, documents: Sequence[Document]) -> list[RenderedChart]:
    """Return the charts of DeepFlow that rendered the documents, in their order.

    A chart is known from the comments that Helm writes, or else from the labels of its objects;
    its version from the labels, or else from the Chart.yaml of the directory or package, if the
    chart itself is given. Without a version, a chart is not returned, because its values are not
    known.
    """
    found: dict[tuple[str, ...], str] = {}
    versions: dict[tuple[str, ...], str] = {}
    for document in documents:
        path = _path(document)
        if path is None:
            continue
        labels = _labels(document.value)
        name = _deepflow(path[-1], labels)
        if not name:
            continue
        found.setdefault(path, name)
        if version := _labelled(labels, path[-1]):
            versions.setdefault(path, version)
    if not found:
        return _from_labels(chart, documents)
    for path in found:
        if chart is None:
            break
        if path not in versions and (version := _on_disk(Path(chart.reference), path[1:])):
            versions[path] = version
    return [
        RenderedChart(name, versions[path], path[1:])
        for path, name in found.items()
        if path in versions
    ]


def rendered_by(document: Document, charts: Sequence[RenderedChart]) -> RenderedChart | None:
    """Return the chart that rendered the document, if it is one of these."""
    path = _path(document)
    if path is not None:
        known = {chart.prefix: chart for chart in charts}
        chart = known.get(path[1:])
        return chart if chart and (chart.prefix or chart.name == path[0]) else None
    label = _labels(document.value).get(CHART_LABEL)
    return next((one for one in charts if label == f"{one.own_name}-{one.version}"), None)


def _path(document: Document) -> tuple[str, ...] | None:
    """The chart and its subcharts down to the one with the template, as Helm's comment has it.

    `Document.template` may be the file on disk instead.
    """
    source = _SOURCE.search(document.text)
    if source is None:
        return None
    first, *others = source[1].split("/")
    path = [first]
    while others[:1] == ["charts"] and len(others) > 2:
        path.append(others[1])
        others = others[2:]
    return tuple(path)


def _labels(value: Any) -> Mapping[str, Any]:
    for key in ("metadata", "labels"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _deepflow(name: str, labels: Mapping[str, Any]) -> str:
    if name in charts():
        return name
    # The labels are fixed in the templates, so that a chart with an alias is known too.
    alias = labels.get("app") == "deepflow" and labels.get("component") == AGENT
    return AGENT if alias and CHART_LABEL in labels else ""


def _labelled(labels: Mapping[str, Any], name: str) -> str:
    label = labels.get(CHART_LABEL)
    if not isinstance(label, str) or not label.startswith(f"{name}-"):
        return ""
    version = label.removeprefix(f"{name}-")
    return version if version[:1].isdigit() else ""


def _from_labels(chart: Chart | None, documents: Sequence[Document]) -> list[RenderedChart]:
    """The charts of documents without Helm's comments, which a post-renderer may remove."""
    found: dict[str, str] = {}
    for document in documents:
        labels = _labels(document.value)
        for name in charts():
            if version := _labelled(labels, name):
                found.setdefault(name, version)
    named = _name(Path(chart.reference)) if chart else ""
    root = named or ("deepflow" if "deepflow" in found else AGENT)
    return [
        RenderedChart(name, version, () if name == root else (name,))
        for name, version in found.items()
    ]


def _name(reference: Path) -> str:
    match = _NAME.search(next(_texts(reference, ()), ""))
    return match[1] if match else ""


def _on_disk(reference: Path, prefix: tuple[str, ...]) -> str:
    found = map(_VERSION.search, _texts(reference, prefix))
    return next((match[1] for match in found if match), "")


def _texts(reference: Path, prefix: tuple[str, ...]) -> Iterator[str]:
    """The Chart.yaml of a chart or subchart in a directory or package."""
    import tarfile

    with suppress(OSError, ValueError, tarfile.TarError, EOFError):
        if reference.is_file():
            yield from _packed(reference, prefix)
            return
        below = [part for name in prefix for part in ("charts", name)]
        file = reference.joinpath(*below, _FILE)
        if file.is_file():
            content = read_bounded(str(file), _LARGEST) or b""
            yield content.decode("utf-8", "replace")
        elif prefix:
            for package in sorted(reference.glob(f"charts/{prefix[0]}-[0-9]*.tgz")):
                yield from _packed(package, prefix[1:])


def _packed(package: Path, prefix: tuple[str, ...]) -> Iterator[str]:
    import tarfile

    wanted = [*(part for name in prefix for part in ("charts", name)), _FILE]
    with tarfile.open(package, "r:gz") as archive:
        for number, member in enumerate(archive):
            if number == _MOST_MEMBERS:
                return
            if not member.isfile() or member.name.split("/")[1:] != wanted:
                continue
            if held := archive.extractfile(member):
                yield held.read(_LARGEST).decode("utf-8", "replace")
            return
