"""The shapes of a report on many clusters (schema `fleet-report`)."""

from __future__ import annotations

from typing import Literal, TypedDict, get_args

from dfpolicy.model import (
    ConfiguredSetting,
    DetectedMode,
    Effect,
    IdleWaivers,
    Language,
    Level,
    Producer,
    Profile,
    State,
    Support,
    Verdict,
    Workload,
)

# The state of a cluster; `error` means that it could not be checked.
ClusterState = Literal[State, "error"]
# What becomes of a feature in a cluster; `some` means that some nodes lose it.
Keeping = Literal["lost", "some", "partly", "unknown", "kept"]
KEEPINGS: tuple[Keeping, ...] = get_args(Keeping)


class ClusterError(TypedDict):
    """Why a cluster could not be checked, where, and how to fix it."""

    message: str
    where: str
    hint: str


class ClusterFeature(TypedDict):
    """A feature, by its English name; `nodes` counts those that lose it, or a part of it."""

    feature: str
    state: Keeping
    nodes: int


class AgentSetting(TypedDict):
    """A setting of an agent: the object that has it, the path inside, and the value as text."""

    object: str
    path: str
    value: str


class _Cluster(TypedDict):
    name: str
    source: str
    exitCode: int
    state: ClusterState


class ClusterReport(_Cluster, total=False):
    """A cluster. With an `error` it has no other field after it; otherwise it has all.

    `source` is a path, or the context of a kubeconfig. `command` shows the whole report of the
    cluster. `unread` are the facts that the API server refused.
    """

    error: ClusterError
    mode: DetectedMode
    profile: Profile
    agents: list[Workload]
    verdict: Verdict
    features: list[ClusterFeature]
    command: str
    settings: list[ConfiguredSetting]
    waivers: IdleWaivers
    unread: list[str]


class JudgedCluster(ClusterReport, total=False):
    """A cluster as a worker returns it, with what only the comparison of clusters needs."""

    dfpolicy: Producer
    agentSettings: list[AgentSetting]


class FleetSummary(TypedDict):
    """How many clusters there are, how many have each state, and their nodes."""

    clusters: int
    states: dict[ClusterState, int]
    nodes: int
    blockedNodes: int


class FleetProblem(TypedDict):
    """A problem by its cause, and the names of the clusters that have it.

    `title` is what was found if that is the same everywhere, or else the requirement. `nodes`
    counts the nodes of clusters where only some nodes have it.
    """

    cause: str
    effect: Effect
    level: Level
    title: str
    ids: list[str]
    features: list[str]
    clusters: list[str]
    nodes: int


class FleetKind(TypedDict):
    """Nodes of equal system and support; `blocked` counts those on which something blocks."""

    architecture: str
    kernelRelease: str
    os: str
    tracing: Support
    uprobes: Support
    profiling: Support
    nodes: int
    blocked: int
    clusters: list[str]


class FleetQuestion(TypedDict):
    """A requirement that is not checked in some clusters, and who can answer it."""

    id: str
    title: str
    required: bool
    informant: str
    clusters: list[str]


class SettingValue(TypedDict):
    """A value of a setting as text, None if it is not set, and the clusters that have it."""

    value: str | None
    clusters: list[str]


class Drift(TypedDict):
    """A setting that differs between clusters of one chart; the most frequent value is first."""

    chart: str
    object: str
    setting: str
    values: list[SettingValue]


class SharedIdentity(TypedDict):
    """A value that more than one cluster has, and these clusters."""

    setting: str
    value: str
    clusters: list[str]


class _FleetReport(TypedDict):
    apiVersion: Literal["dfpolicy.dev/v1"]
    kind: Literal["FleetReport"]
    exitCode: int
    summary: FleetSummary
    clusters: list[ClusterReport]
    problems: list[FleetProblem]
    kinds: list[FleetKind]
    notChecked: list[FleetQuestion]
    drift: list[Drift]
    shared: list[SharedIdentity]
    waivers: IdleWaivers
    language: Language


class FleetReport(_FleetReport, total=False):
    """What the user reads of many clusters, the worst ones first."""

    dfpolicy: Producer
    configuration: str
    settings: list[ConfiguredSetting]
