"""Judges one cluster of a fleet, and turns every failure into an error of that cluster."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dfpolicy.errors import InputError
from dfpolicy.fleet.agent_settings import agent_settings
from dfpolicy.fleet.clusters import Cluster
from dfpolicy.i18n.language import _
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.encodings import decode
from dfpolicy.reading.limits import within
from dfpolicy.reading.sources import Source, paths_of, read_file, read_sources
from dfpolicy.reading.unrendered import refuse_charts
from dfpolicy.report.cluster_features import cluster_features
from dfpolicy.report.fleet_shapes import JudgedCluster
from dfpolicy.report.next_commands import same_again
from dfpolicy.settings.config_file import NAME, Config, read_config
from dfpolicy.settings.resolution import JUDGING, PARAMETERS, Settings, repeating, resolve
from dfpolicy.system.process import explained

if TYPE_CHECKING:
    from dfpolicy.engines.base import Engine
    from dfpolicy.input.build import EvaluationInput
    from dfpolicy.model import Invocation, JsonObject, Report


@dataclass(frozen=True)
class Terms:
    """What is equal for all clusters.

    `flags` and `settings` are those of the command; `timeout`, in seconds or None for no limit, is
    for each answer of an API server.
    """

    flags: Mapping[str, Any]
    settings: Settings
    timeout: float | None = None


def judged(cluster: Cluster, terms: Terms, engine: Engine) -> JudgedCluster:
    """Return the cluster's report in the language in force, or its error."""
    try:
        return _judged(cluster, terms, engine)
    except Exception as error:
        known = explained(error)
        return failed(cluster, known.exit_code, known.message, known.where, known.hint)


def failed(
    cluster: Cluster, code: int, message: str, where: str = "", hint: str = ""
) -> JudgedCluster:
    """Return a cluster that could not be checked."""
    return {
        "name": cluster.name,
        "source": cluster.source,
        "exitCode": int(code),
        "state": "error",
        "error": {"message": message, "where": where or cluster.source, "hint": hint},
    }


def _judged(cluster: Cluster, terms: Terms, engine: Engine) -> JudgedCluster:
    held: list[JsonObject] = []

    def keep(built: EvaluationInput) -> None:
        held.extend(built.data["resources"])

    configuration = _configuration(cluster)
    settings = cluster_settings(terms, configuration)
    unread: list[str] = []
    with within(settings.limits):
        found = _collected(cluster, terms, settings, unread) if cluster.context else _read(cluster)
        file = settings.config.path if settings.config else None
        invoked = repeating(_invocation(cluster), {**terms.flags, "config": file})
        report = judge(found, settings, engine=engine, invocation=invoked, seen=keep)
    return summarised(cluster, report, held, unread)


def summarised(
    cluster: Cluster,
    report: Report,
    resources: Iterable[JsonObject] = (),
    unread: Sequence[str] = (),
) -> JudgedCluster:
    """Return what the report on many clusters says of one with this report.

    `resources` are the objects of the policies' input.
    """
    return {
        "name": cluster.name,
        "source": cluster.source,
        "exitCode": report["exitCode"],
        "state": report["verdict"]["state"],
        "mode": report["mode"],
        "profile": report["profile"],
        "agents": report["agents"],
        "verdict": _short(report),
        "features": cluster_features(report),
        "command": same_again(report),
        "settings": report.get("settings", []),
        "waivers": report["waivers"],
        "unread": [*unread],
        "dfpolicy": report["dfpolicy"],
        "agentSettings": agent_settings(resources, report["agents"]),
    }


def _short(report: Report) -> Any:
    """The verdict without its proposal, which the report of the cluster alone shows."""
    return {key: value for key, value in report["verdict"].items() if key != "proposal"}


def cluster_settings(terms: Terms, found: Config | None) -> Settings:
    """Return the settings for one cluster, whose dfpolicy.yaml nobody named.

    Flags and the environment come first, then the cluster's file, then the file of the fleet. Of
    the cluster's file only what judges counts; the waivers of both files apply.
    """
    if found is None:
        return terms.settings
    fleet = terms.settings
    own = resolve(terms.flags, os.environ, found)
    values = dict(fleet.values)
    for key in (*JUDGING, *(f"parameters.{name}" for name in PARAMETERS)):
        value = own.values.get(key)
        if value is not None and value.source.startswith(f"{found.path}:"):
            values[key] = value
    waivers = (*found.waivers, *(fleet.config.waivers if fleet.config else ()))
    return Settings(values, replace(found, waivers=waivers), own.ignored)


def _configuration(cluster: Cluster) -> Config | None:
    if cluster.context or not Path(cluster.path).is_dir():
        return None
    path = os.path.join(cluster.path, NAME)  # noqa: PTH118  a `./` in front stays
    if not os.path.lexists(path):
        return None
    if not Path(path).is_file():
        raise InputError(_("not a regular file"), path, _("remove it"))
    return replace(read_config(path), found=True)


def _read(cluster: Cluster) -> Iterator[Document]:
    if not Path(cluster.path).is_dir():
        sources = read_sources([cluster.path])
    else:
        sources = _below(cluster.path)
    for source in sources:
        yield from split(source, streamed=True)


def _below(folder: str) -> Iterator[Source]:
    if Path(folder).is_symlink():
        raise InputError(
            _("this directory is a link"), folder, _("give the directory that it leads to")
        )
    own = str(Path(folder, NAME))
    paths = [path for path in paths_of(folder) if path != own]
    refuse_charts(paths, folder)
    for path in paths:
        yield Source(path, decode(read_file(path, listed=True), path))


def _collected(
    cluster: Cluster, terms: Terms, settings: Settings, unread: list[str]
) -> Iterator[Document]:
    """Read the cluster of a context; add the facts that it refuses to `unread`."""
    from dfpolicy.collect.api import Access, connect
    from dfpolicy.collect.cluster import collect

    api = connect(Access(cluster.kubeconfig or None, cluster.context, timeout=terms.timeout))
    namespace = settings["namespace"]
    collected = collect(api, [namespace] if namespace else [])
    collected.check_whole()
    unread += [f"{one['fact']}: {_(one['reason'])}" for one in collected.unread]
    yield Document(f"cluster {collected.name}", 1, 1, None, 1, collected.document())


def _invocation(cluster: Cluster) -> Invocation:
    if cluster.context:
        options = ["--context", cluster.context]
        if cluster.kubeconfig:
            options += ["--kubeconfig", cluster.kubeconfig]
        return {"command": "check", "sources": [], "facts": [], "options": options}
    return {"command": "eval", "sources": [cluster.path], "facts": []}
