"""Finds the clusters of a fleet: directories, files, and contexts of a kubeconfig."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dfpolicy.errors import InputError, UsageError
from dfpolicy.i18n.language import _
from dfpolicy.reading.sources import SUFFIXES, unreadable
from dfpolicy.settings.config_file import NAME


@dataclass(frozen=True)
class Cluster:
    """A cluster by its name in the report: a directory or file, or a context to read from.

    `kubeconfig` is the file that has the context, empty for the default.
    """

    name: str
    path: str = ""
    context: str = ""
    kubeconfig: str = ""

    @property
    def source(self) -> str:
        """The path, or the context."""
        return self.path or self.context


def find(
    sources: Sequence[str],
    contexts: Sequence[str] = (),
    configuration: str | None = None,
    kubeconfig: str | None = None,
) -> list[Cluster]:
    """Return the clusters of the sources, then those of the contexts; their names differ.

    A source is a file or a directory. A directory is a cluster if it contains documents or a
    dfpolicy.yaml other than `configuration`, that of the fleet; otherwise each directory in it is a
    cluster. Raises InputError for a source that is missing or contains no cluster, UsageError
    without a source.
    """
    if not sources and not contexts:
        raise UsageError(
            _("no SOURCE and no --contexts"),
            hint=_("give a directory that contains a directory for each cluster"),
        )
    found = [one for source in sources for one in _of(source, configuration)]
    found += [Cluster(name, context=name, kubeconfig=kubeconfig or "") for name in contexts]
    return _named(found)


def _of(source: str, configuration: str | None) -> Iterator[Cluster]:
    place = Path(source)
    try:
        if not place.is_dir():
            if not os.path.lexists(source):
                raise InputError(_("no such file or directory"), source, _("check the path"))
            yield Cluster(place.stem, source)
            return
        entries = sorted(place.iterdir())
    except OSError as error:
        raise unreadable(source, error) from error
    if any(_states_a_cluster(entry, configuration) for entry in entries):
        yield Cluster(place.resolve().name, source)
        return
    below = [one for one in entries if one.is_dir() and not one.name.startswith(".")]
    if not below:
        raise InputError(
            _("this directory contains no cluster"),
            source,
            _("give a directory that contains a directory for each cluster"),
        )
    for folder in below:
        yield Cluster(folder.name, str(folder))


def _states_a_cluster(entry: Path, configuration: str | None) -> bool:
    if not entry.name.endswith(SUFFIXES) or entry.is_dir():
        return False
    if entry.name != NAME or configuration is None:
        return True
    return not entry.samefile(configuration)


def _named(clusters: Iterable[Cluster]) -> list[Cluster]:
    """The clusters, each once, with the whole path as the name of those whose names are equal."""
    every = [*dict.fromkeys(clusters)]
    counted = Counter(one.name for one in every)
    return [
        replace(one, name=os.path.normpath(one.path)) if counted[one.name] > 1 and one.path else one
        for one in every
    ]
