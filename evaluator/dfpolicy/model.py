"""The shapes of decisions and reports, and their fixed values.

The dictionaries match the schemas `decision` and `report`: plain JSON with plain strings, so that a
stored report has the same type. mypy rejects a value that is not listed here.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, get_args

# A Kubernetes object or a document of facts, whose shape the policies know.
JsonObject = dict[str, Any]

Outcome = Literal["pass", "violation", "unknown"]
Level = Literal["required", "recommended", "informational"]
Mode = Literal[
    "all-in-one",
    "single-k8s",
    "multi-k8s",
    "managed-k8s",
    "serverless-pod",
    "legacy-host",
    "cloud-host",
    "upgrade",
]
Profile = Literal["default", "strict"]
FailOn = Literal["required", "recommended", "none"]
EngineName = Literal["wasm", "opa", "server"]
Language = Literal["en", "zh"]
Support = Literal["yes", "no", "host-only", "unknown"]
# What a requirement means for this deployment, worst first.
Effect = Literal["blocks", "loses", "not-checked", "note", "accepted", "met"]
Change = Literal["blocks", "loses", "worse", "better", "same"]
State = Literal[
    "deployable",
    "deployable-with-losses",
    "blocked-on-some-nodes",
    "do-not-deploy",
    "cannot-tell",
]
Risk = Literal["none", "restart", "reboot"]
Proof = Literal["manifests", "facts", "none"]
Informant = Literal["nodes", "cluster", "server"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LEVELS: tuple[Level, ...] = get_args(Level)
EFFECTS: tuple[Effect, ...] = get_args(Effect)
RISKS: tuple[Risk, ...] = get_args(Risk)
INFORMANTS: tuple[Informant, ...] = get_args(Informant)
STATES: tuple[State, ...] = get_args(State)
MODES: tuple[Mode, ...] = get_args(Mode)
# Those whose agents are installed on hosts.
HOST_MODES: tuple[Mode, ...] = ("legacy-host", "cloud-host")
# The kinds of the documents that are facts.
FACTS = ("Node", "NodeFacts", "ClusterFacts")
PROFILES: tuple[Profile, ...] = get_args(Profile)
LANGUAGES: tuple[Language, ...] = get_args(Language)
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


class _Named(TypedDict):
    kind: str
    name: str


class Subject(_Named, total=False):
    """The object, container or node that a result is about; `*` is the name of all nodes."""

    apiVersion: str
    namespace: str
    container: str
    node: str


class _Placed(TypedDict):
    file: str
    document: int
    line: int


class Location(_Placed, total=False):
    """Where a subject is in the input; `document` and `line` start at 1."""

    template: str


class WaiverTerms(TypedDict):
    """Why, by whom and until which day (YYYY-MM-DD) a violation is accepted."""

    reason: str
    owner: str
    expires: str


class WaiverEntry(WaiverTerms):
    """A waiver of the configuration, as a report lists it."""

    id: str
    subject: str
    file: str
    line: int


class IdleWaivers(TypedDict):
    """The unused waivers, and the expired ones."""

    unused: list[WaiverEntry]
    expired: list[WaiverEntry]


class Target(_Named, total=False):
    """The object that an operation changes."""

    apiVersion: str
    namespace: str


class _Operation(TypedDict):
    op: Literal["set", "add", "remove", "discard", "create"]
    target: Target
    path: list[str | dict[str, str]]


class Operation(_Operation, total=False):
    """A change of one object, by the rules of the schema `decision`.

    A step of `path` is a field, or the member of a list in which a field has a value. `inside` is
    the path inside the YAML text at `path`. `answer` is the key of the question whose answer is the
    value.
    """

    inside: list[str]
    key: str
    value: Any
    answer: str


class _Command(TypedDict):
    where: Literal["node", "cluster", "server"]
    run: str


class Command(_Command, total=False):
    """A command for the operator, how it survives a reboot, and how it is undone."""

    persist: str
    undo: str


class _Alternative(TypedDict):
    risk: Risk


class Alternative(_Alternative, total=False):
    """One way to fix a violation: operations, commands, or both."""

    name: str
    operations: list[Operation]
    commands: list[Command]


class Question(TypedDict):
    """What only the operator knows."""

    key: str
    text: str
    type: Literal["text", "address", "addresses"]


class _Fix(TypedDict):
    cause: str
    alternatives: list[Alternative]
    proof: Proof


class ResultChange(_Fix, total=False):
    """What fixes a violation, for `dfpolicy fix`; the first alternative is preferred."""

    questions: list[Question]


class _Judged(TypedDict):
    id: str
    outcome: Outcome
    level: Level
    group: str
    subject: Subject
    observed: str
    expected: str
    message: str
    impact: list[str]
    remediation: str
    title: str


class Result(_Judged, total=False):
    """What a requirement says about a subject.

    `collect` is the command that answers an unknown, `cause` what the result follows from: the id
    of a requirement or a name, `change` what fixes a violation. `location`, `waiver`, `known` (a
    baseline has it) and `url` are the report's. `probed` is True if the answers of the probe
    decided or confirmed the outcome. `nodes` are the names of the nodes that the result is on, as
    long as one result stands for a kind of nodes; no report that is written has it.
    `messages` has the template and values of each text that has a template (i18n/messages.py).
    """

    url: str
    cause: str
    change: ResultChange
    wanted: bool
    probed: bool
    collect: str
    location: Location
    waiver: WaiverTerms
    known: bool
    nodes: list[str]
    messages: JsonObject


class _Detected(TypedDict):
    name: Mode
    source: Literal["given", "detected"]
    reason: str
    candidates: list[Mode]


class DetectedMode(_Detected, total=False):
    """The mode, whether it was given or detected, and other modes that would fit."""

    messages: JsonObject


class _Workload(TypedDict):
    subject: Subject
    role: Literal["collector", "sidecar", "watcher", "server"]
    image: str
    version: str | None


class Workload(_Workload, total=False):
    """An agent, or a server of the running release.

    `assumedNamespace` has the namespaces of Roles, if the agent's own namespace is nowhere stated.
    `standalone` is True for an agent that connects to no server.
    """

    chart: str
    standalone: bool
    assumedNamespace: list[str]


class _Node(TypedDict):
    node: str


class FeatureRow(_Node, total=False):
    """What the agent's eBPF programs can do on a node."""

    architecture: str
    kernelRelease: str
    os: str
    kprobe: Support
    golang_uprobe: Support
    openssl_uprobe: Support
    perf: Support
    fentry: Support
    certainty: Literal["probed", "listed", "unlisted", "unknown"]
    probed: list[str]
    notes: list[str]
    messages: JsonObject


class Running(TypedDict, total=False):
    """The release before an upgrade, if it is known."""

    running: list[Workload]


class UnjudgedObject(TypedDict):
    """What is recognised but not checked, and the command that renders what it installs."""

    subject: Subject
    command: str


class Reduction(TypedDict):
    """The operations that take the privileges of a container away, if features are asked for."""

    subject: Subject
    operations: list[Operation]


class Additions(TypedDict, total=False):
    """Servers in Docker Compose, what is not checked, and reductions, if there are any."""

    servers: list[Workload]
    unjudged: list[UnjudgedObject]
    reductions: list[Reduction]


class _Decided(TypedDict):
    mode: DetectedMode
    agents: list[Workload]
    results: list[Result]
    features: list[FeatureRow]


class Decision(_Decided, Running, Additions):
    """What the policies return (schema `decision`)."""


class Violations(TypedDict):
    """How many violations there are of each level."""

    required: int
    recommended: int
    informational: int


# `pass` is a keyword.
Summary = TypedDict(
    "Summary",
    {"pass": int, "violation": Violations, "unknown": int, "waived": int, "ignored": int},
)


class Producer(TypedDict):
    """The dfpolicy, policies and engine that made a report."""

    version: str
    bundle: str
    engine: EngineName


class IgnoredDocument(TypedDict):
    """A document that is not a Kubernetes object."""

    file: str
    document: int
    line: int


class ConfiguredSetting(TypedDict):
    """A setting of the configuration file, with its `file:line`; waivers are listed by id."""

    key: str
    value: str | bool | list[str]
    place: str


class Configured(TypedDict, total=False):
    """The configuration file and its settings, if there is one."""

    configuration: str
    settings: list[ConfiguredSetting]


class Counts(TypedDict):
    """How many requirements have each effect; the last six add up to the first."""

    requirements: int
    blocks: int
    loses: int
    notes: int
    notChecked: int
    accepted: int
    met: int


class _Finding(TypedDict):
    id: str
    observed: str
    expected: str
    subject: Subject
    count: int


class ProblemFinding(_Finding, total=False):
    """What was found, and its first subject; `count` is the number of all its subjects."""

    location: Location


class NodesOfProblem(TypedDict):
    """The number of judged nodes with a problem; `kinds` are positions in the verdict's kinds."""

    count: int
    of: int
    kinds: list[int]


class _Reason(TypedDict):
    cause: str
    title: str
    level: Level
    ids: list[str]
    impact: list[str]
    features: list[str]


class _Problem(_Reason):
    number: int
    effect: Literal["blocks", "loses"]
    findings: list[ProblemFinding]
    differentFindings: int
    changes: list[str]


class Problem(_Problem, total=False):
    """What is wrong for one reason, by its number; without `nodes` it is wrong everywhere.

    `findings` are the first of `differentFindings`.

    `features` is `impact` in English, whatever the language. `changes` are the remediations of the
    requirement that the others follow from, or else all of them.
    """

    nodes: NodesOfProblem


class _AcceptedProblem(_Reason):
    effect: Literal["blocks", "loses", "note", "not-checked"]


class AcceptedProblem(_AcceptedProblem, total=False):
    """What a waiver or the baseline accepts for one reason; without `waiver`, the baseline does.

    `effect` is the one without acceptance. `impact` and `features`, the same in English, are what
    it costs: nothing for a note, and for what is not checked. Without `nodes` it is everywhere.
    """

    nodes: NodesOfProblem
    waiver: WaiverTerms


class _NodeKind(TypedDict):
    architecture: str
    kernelRelease: str
    os: str
    names: list[str]
    problems: list[int]
    tracing: Support
    uprobes: Support
    profiling: Support


class NodeKind(_NodeKind, total=False):
    """Nodes of equal system, features and problems; the names are in natural order.

    `accepted` are positions in the verdict's accepted problems, those that cost something.
    """

    accepted: list[int]


class JudgedNodes(TypedDict):
    """The known nodes, those that get an agent, and the kinds of the latter."""

    read: int
    judged: int
    kinds: list[NodeKind]


class ProblemChange(TypedDict):
    """What to change, and the numbers of the problems that it fixes."""

    problems: list[int]
    text: str


class Resolving(TypedDict):
    """What a part of a proposal fixes: problems by number and by cause, and requirements."""

    problems: list[int]
    causes: list[str]
    ids: list[str]


class ChartRelease(TypedDict):
    """A chart of DeepFlow and its version."""

    name: str
    version: str


class ValueOrigin(Resolving):
    """A path in the values of a chart."""

    path: list[str]


class ProposedValues(TypedDict):
    """An overlay for the values of a chart; `origins` are the paths that it sets."""

    chart: ChartRelease
    content: JsonObject
    origins: list[ValueOrigin]


class ProposedOperation(Resolving):
    """A change of an object that no value of a chart expresses."""

    operation: Operation


class ProposedCommand(Resolving):
    """A command for the operator; `nodes` is empty if it is not for certain nodes."""

    command: Command
    risk: Risk
    nodes: list[str]


class ProposedQuestion(Resolving):
    """What only the operator knows."""

    question: Question


class Replacement(TypedDict):
    """Replaces a part of a text; lines and columns start at 1, and the end is not included."""

    startLine: int
    startColumn: int
    endLine: int
    endColumn: int
    text: str


class ProposedEdit(Resolving):
    """Changes of an input file, by its name."""

    file: str
    replacements: list[Replacement]


class _Proposal(TypedDict):
    patch: list[JsonObject]
    operations: list[ProposedOperation]
    commands: list[ProposedCommand]
    questions: list[ProposedQuestion]
    edits: list[ProposedEdit]


class Proposal(_Proposal, total=False):
    """What fixes the problems, from the changes of their violations.

    `operations` are those that `values` do not express, and `patch` the strategic-merge patches
    for their objects of Kubernetes. `edits` make the same changes in the input files.
    """

    values: ProposedValues


class Questions(TypedDict):
    """The requirements whose facts are missing, and what these facts are."""

    ids: list[str]
    facts: list[str]


class NotChecked(TypedDict):
    """What was not checked, by who can answer it; `required` counts requirements of that level."""

    requirements: int
    required: int
    nodes: Questions
    cluster: Questions
    server: Questions


class Next(TypedDict, total=False):
    """The next commands: to check what is open, to do that from elsewhere, to accept what blocks.

    `server` are commands of deepflow-ctl, for what no collection of facts answers. `change` writes
    the proposal as files.
    """

    check: list[str]
    server: list[str]
    elsewhere: list[str]
    accept: list[str]
    change: list[str]


class _Verdict(TypedDict):
    state: State
    soFar: bool
    outcome: Outcome
    exitCode: int
    failOn: FailOn
    strict: bool
    counts: Counts
    problems: list[Problem]
    nodes: JudgedNodes
    changes: list[ProblemChange]
    notChecked: NotChecked
    next: Next


class Verdict(_Verdict, total=False):
    """The answers: can I deploy, what do I lose, what do I change.

    `soFar` means that a required fact is missing. `failOn` and `strict` decide what counts, and
    `outcome` is the worst outcome that counts. `changes` are the texts for what `proposal` does not
    fix. `accepted` is absent if nothing is accepted.
    """

    accepted: list[AcceptedProblem]
    proposal: Proposal


class _GivenChart(TypedDict):
    reference: str
    values: list[str]
    flags: list[str]


class GivenChart(_GivenChart, total=False):
    """A chart that was rendered, its values files, the flags of other options, and the release."""

    release: str


class OtherSources(TypedDict):
    """What has to be given again next to a chart.

    `facts` are the sources that contain only facts, `sources` the others without an object of a
    chart. `mixed` says that a file has both facts and objects of a chart, `collected` that facts
    come from a cluster.
    """

    sources: list[str]
    facts: list[str]
    mixed: bool
    collected: bool


class _Invocation(TypedDict):
    command: str
    sources: list[str]
    facts: list[str]


class Invocation(_Invocation, total=False):
    """The command that was run, the files or the chart, and the options that say how to check."""

    chart: GivenChart
    options: list[str]
    others: OtherSources


class _Reported(TypedDict):
    apiVersion: Literal["dfpolicy.dev/v1"]
    kind: Literal["Report"]
    dfpolicy: Producer
    mode: DetectedMode
    profile: Profile
    summary: Summary
    agents: list[Workload]
    results: list[Result]
    features: list[FeatureRow]
    ignored: list[IgnoredDocument]
    waivers: IdleWaivers


class Invoked(TypedDict, total=False):
    """How dfpolicy was called, if that is known."""

    invocation: Invocation


class UnjudgedReport(_Reported, Configured, Running, Additions, Invoked, total=False):
    """A report before its verdict, which follows from it."""

    language: Language


class _WithVerdict(TypedDict):
    verdict: Verdict
    exitCode: int


class Report(UnjudgedReport, _WithVerdict):
    """What the user reads of one decision (schema `report`); `exitCode` is 0 or 1."""


class ReportFacts(TypedDict):
    """The facts about each of the two reports of a comparison."""

    source: str
    state: State
    soFar: bool
    counts: Counts
    mode: Mode
    bundle: str
    verdict: Outcome
    exitCode: int
    summary: Summary
    profile: Profile


class Finding(TypedDict):
    """A result in two reports; None if one of them has no such result."""

    before: Result | None
    after: Result | None


class Findings(TypedDict):
    """The differences between two reports, and what is unchanged."""

    new: list[Finding]
    fixed: list[Finding]
    changed: list[Finding]
    unchanged: list[Finding]


class RequirementChange(TypedDict):
    """What a requirement meant before and means now; None if it has no result.

    `new` are its results that are worse than before. `earlier` is what was found before, if all its
    results found the same.
    """

    id: str
    change: Change
    before: Effect | None
    after: Effect | None
    earlier: str
    new: list[Result]


class Comparison(TypedDict):
    """The content of `dfpolicy diff`; `regressions` counts the new required violations."""

    language: Language
    old: ReportFacts
    new: ReportFacts
    requirements: list[RequirementChange]
    findings: Findings
    regressions: int
