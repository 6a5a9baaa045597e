"""Compares the settings of the agents of a fleet: the same chart, and other values.

It only shows what differs. Whether a value meets a requirement is for the policies to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dfpolicy.report.fleet_shapes import Drift, JudgedCluster, SettingValue, SharedIdentity

# DeepFlow tells clusters apart by these keys of the agent's file: they differ on purpose.
IDENTITIES = ("kubernetes-cluster-id", "kubernetes-cluster-name")

_Key = tuple[str, str]
_Settings = dict[_Key, str]


def drift(clusters: Iterable[JudgedCluster]) -> list[Drift]:
    """Return the settings that differ between clusters of one chart, by chart and setting.

    A setting that most clusters have a value of their own for is left out, because none of them
    deviates; so are the identities of clusters.
    """
    found = []
    for chart, members in sorted(_by_chart(clusters).items()):
        if len(members) > 1:
            found += [*_differing(chart, members)]
    return found


def shared(clusters: Iterable[JudgedCluster]) -> list[SharedIdentity]:
    """Return the identities that more than one cluster has."""
    having: dict[tuple[str, str], list[str]] = {}
    for cluster in clusters:
        for one in cluster.get("agentSettings", ()):
            names = having.setdefault((one["path"], one["value"]), [])
            if one["path"] in IDENTITIES and cluster["name"] not in names:
                names.append(cluster["name"])
    return [
        {"setting": setting, "value": value, "clusters": names}
        for (setting, value), names in sorted(having.items())
        if len(names) > 1
    ]


def _by_chart(clusters: Iterable[JudgedCluster]) -> dict[str, list[tuple[str, _Settings]]]:
    found: dict[str, list[tuple[str, _Settings]]] = {}
    for cluster in clusters:
        settings = {
            (one["object"], one["path"]): one["value"] for one in cluster.get("agentSettings", ())
        }
        found.setdefault(_chart(cluster), []).append((cluster["name"], settings))
    return found


def _chart(cluster: JudgedCluster) -> str:
    """Return the chart of the first agent without its version, empty if it is unknown."""
    charts = [agent["chart"] for agent in cluster["agents"] if "chart" in agent]
    name, _dash, version = charts[0].rpartition("-") if charts else ("", "", "")
    return name if version[:1].isdigit() else (charts[0] if charts else "")


def _differing(chart: str, members: Sequence[tuple[str, _Settings]]) -> Iterator[Drift]:
    keys = {key for _name, settings in members for key in settings}
    for place, path in sorted(keys):
        if path in IDENTITIES:
            continue
        having: dict[str | None, list[str]] = {}
        for name, settings in members:
            having.setdefault(settings.get((place, path)), []).append(name)
        ordered = sorted(having.items(), key=lambda one: (-len(one[1]), one[0] or ""))
        own = len(ordered) > max(len(members) / 2, 2)
        if len(ordered) < 2 or own:
            continue
        values: list[SettingValue] = [
            {"value": value, "clusters": names} for value, names in ordered
        ]
        yield {"chart": chart, "object": place, "setting": path, "values": values}
