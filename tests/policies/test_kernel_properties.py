"""Properties of every kernel, on generated nodes; many nodes per evaluation."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dfpolicy.input.schemas import first_error
from support import decisions
from support.decisions import Json
from support.inputs import PROPERTY, Draw

if TYPE_CHECKING:
    from dfpolicy.model import Decision

Numbers = tuple[int, ...]

FEATURES = ["kprobe", "golang_uprobe", "openssl_uprobe", "perf", "fentry"]
RANK = {"no": 0, "host-only": 1, "yes": 2}
REQUIREMENTS = [f"DF-KERNEL-00{n}" for n in range(1, 5)]
# The fields of a row about the node, not about its kernel.
OF_THE_NODE = {"node", "kernelRelease"}

ARCHITECTURES = ["x86_64", "amd64", "aarch64", "arm64"]
IMAGES = [
    "CentOS Linux 7 (Core)",
    "CentOS Linux 8",
    "CentOS Stream 8",
    "Rocky Linux 8.10 (Green Obsidian)",
    "SUSE Linux Enterprise Server 12 SP5",
    "SUSE Linux Enterprise Server 15",
    "EulerOS 2.0 (SP10)",
    "openEuler 22.03 LTS",
    "Kylin Linux Advanced Server V10",
    "Kylin Linux Advanced Server V10 (Tercel)",
    "Kylin Linux Advanced Server V10 (Sword)",
    "Kylin Linux Advanced Server V10 (Lance)",
    "Ubuntu 22.04.4 LTS",
    "",
]
IDS = ["centos", "rhel", "rocky", "sles", "sled", "euleros", "openEuler", "kylin", "ubuntu", ""]
VERSION_IDS = ["7", "8", "8.10", "12.5", "15", "2.0", "V10", "22.04", ""]
BASES = [
    *("3.10.0", "4.9.337", "4.12.14", "4.13.0", "4.14.0", "4.15.0", "4.16.18", "4.17.0"),
    *("4.18.0", "4.19.90", "5.4.119", "5.8.0", "5.10.0", "5.15.90.1", "6.8", "6.12.38"),
]
TAILS = [
    *(".el7.x86_64", ".el7.centos.plus.x86_64", ".el8_10.aarch64", ".el8uek.x86_64"),
    *(".v2101.ky10.aarch64", ".v2207.ky10.x86_64", ".ky10.aarch64", ".eulerosv2r10.aarch64"),
    *("-generic", "-default", "-amd64", "+", ".oe2203.aarch64", ".al8.x86_64", ""),
]
SUFFIXES = [
    *("", "+", "-generic", "-91-generic", "-1034-gke", "-rc1", "+deb13-amd64", "-v8+"),
    *("-coreos", ".1-microsoft-standard-WSL2", "-16.1.al8.x86_64", "-28-cloud-arm64"),
    *("-19-0009.11", "-276.639.amzn2.aarch64", "-1.el7.elrepo.x86_64", "~", "_", ".", "-"),
    *("-153.oe2203.aarch64", "-3.ph3", "-arch1-1", ".52.24", "-52.24", "-957.el7.x86_64"),
]

# Nodes.


@st.composite
def near_real_releases(draw: Draw) -> str:
    """A release as distributions build them, from parts that may not belong together."""
    base: str = draw(
        st.one_of(
            st.sampled_from(BASES),
            st.lists(st.integers(0, 30), min_size=1, max_size=4).map(_dotted),
        )
    )
    build: str = draw(
        st.one_of(
            st.just(""),
            st.sampled_from(["957", "940", "1160.119.1", "23.48", "25.24", "52.24", "vhulk2204.1"]),
            st.lists(st.integers(0, 1200), min_size=1, max_size=4).map(_dotted),
        )
    )
    return base + (f"-{build}" if build else "") + str(draw(st.sampled_from(TAILS)))


RELEASES = st.one_of(
    near_real_releases(),
    near_real_releases(),
    st.text(max_size=40),
    st.builds(
        lambda release, text: f"{release}{text}",
        near_real_releases(),
        st.sampled_from(["\n", "\r\n", "\n4.14.0", "\0", "\u2028", "é", "٣", "\U0001f427", "\t"]),
    ),
    st.builds(
        lambda head, body, times: head + body * times,
        st.sampled_from(["", "6.8", "4.19.90-", "3.10.0-1160"]),
        st.sampled_from(["9", ".1", "-", ".el7", "x"]),
        st.sampled_from([20, 400, 5000]),
    ),
)
ARCHITECTURE = st.one_of(
    st.sampled_from([*ARCHITECTURES, *ARCHITECTURES, "AMD64", "riscv64", "armv7l", ""]),
    st.text(max_size=8),
)
OS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(st.sampled_from(IDS), st.text(max_size=10)),
        "versionId": st.one_of(st.sampled_from(VERSION_IDS), st.text(max_size=6)),
        "prettyName": st.one_of(st.sampled_from(IMAGES), st.text(max_size=20)),
    },
)
IMAGE = st.one_of(st.sampled_from(IMAGES), st.sampled_from(IMAGES), st.text(max_size=20))
SPEC = st.fixed_dictionaries(
    {},
    optional={
        "architecture": ARCHITECTURE,
        "kernelRelease": RELEASES,
        "os": OS,
        "osImage": IMAGE,
        "btf": st.booleans(),
    },
)
# Facts that both a Node object and collected facts can contain.
SHARED = st.fixed_dictionaries(
    {}, optional={"architecture": ARCHITECTURE, "kernelRelease": RELEASES, "osImage": IMAGE}
)


def _dotted(numbers: Any) -> str:
    return ".".join(str(number) for number in numbers)


def _facts(name: str, spec: Json) -> Json:
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": name},
        "spec": spec,
    }


def _object(name: str, spec: Json) -> Json:
    keys = {"kernelRelease": "kernelVersion"}
    told = {keys.get(key, key): value for key, value in spec.items()}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {"nodeInfo": told},
    }


def _document(nodes: list[Json], resources: list[Json]) -> Json:
    return {"mode": "single-k8s", "resources": resources, "nodes": nodes}


def _decision(nodes: list[Json], resources: list[Json] | None = None) -> Decision:
    return decisions.decide(_document(nodes, resources or []))


def _rows(specs: list[Json]) -> list[Json]:
    """The features of nodes with these facts, in their order."""
    names = [f"{n:05}" for n in range(len(specs))]
    nodes = [_facts(name, spec) for name, spec in zip(names, specs, strict=True)]
    rows: list[Any] = [*_decision(nodes)["features"]]
    assert [row["node"] for row in rows] == names
    return rows


def _of_the_kernel(row: Json) -> Json:
    return {key: value for key, value in row.items() if key not in OF_THE_NODE}


def _ranks(row: Json) -> list[int]:
    return [RANK[row[feature]] for feature in FEATURES]


def _grow(rows: list[Json]) -> bool:
    """Each row offers at least what the one before it does."""
    ranks = [_ranks(row) for row in rows]
    return all(
        earlier <= later
        for before, after in pairwise(ranks)
        for earlier, later in zip(before, after, strict=True)
    )


# Totality.


@settings(PROPERTY, max_examples=60)
@given(st.lists(SPEC, min_size=1, max_size=25))
@example([{"kernelRelease": "6.8\n", "architecture": "x86_64"}])
@example([{"kernelRelease": "4.19.90-" + "25." * 4000, "architecture": "arm64"}])
@example([{"kernelRelease": "9" * 20000, "architecture": "arm64"}])
@example([{"kernelRelease": "\0", "architecture": "\0", "os": {"id": "\0"}, "osImage": "\0"}])
def test_every_node_is_answered_once(specs: list[Json]) -> None:
    names = [f"{n:05}" for n in range(len(specs))]
    decision = _decision([_facts(name, spec) for name, spec in zip(names, specs, strict=True)])
    assert first_error(decision, "decision") is None
    assert [row["node"] for row in decision["features"]] == names
    rows: list[Any] = [*decision["features"]]
    for row in rows:
        _check_coherence(row)
    counted = Counter(
        (result["id"], result["subject"]["name"])
        for result in decision["results"]
        if result["id"] in REQUIREMENTS
    )
    assert counted == {(identifier, name): 1 for identifier in REQUIREMENTS for name in names}


def _check_coherence(row: Json) -> None:
    """A row is fully known or unknown, and probes that are harder to attach never offer more."""
    attached = [row[feature] for feature in ("kprobe", "golang_uprobe", "openssl_uprobe")]
    unknown = {value == "unknown" for value in (*attached, row["perf"], row["certainty"])}
    assert len(unknown) == 1, row
    if unknown == {False}:
        ranks = [RANK[value] for value in attached]
        assert ranks == sorted(ranks, reverse=True), row
        assert row["kprobe"] == "no" or row["perf"] == "yes", row
        assert row["kprobe"] != "no" or row["certainty"] == "unlisted", row
        assert row["kprobe"] == "yes" or row["notes"], row


# Order.

VERSIONS = st.one_of(
    st.tuples(st.integers(2, 7), st.integers(0, 20)),
    st.tuples(st.integers(2, 7), st.integers(0, 20), st.integers(0, 400)),
    st.tuples(st.just(4), st.integers(8, 20), st.integers(0, 400)),
    st.tuples(st.just(5), st.integers(3, 11), st.integers(0, 400)),
    st.tuples(st.integers(0, 9999), st.integers(0, 999999)),
)


def _generic(architecture: str, version: Numbers) -> Json:
    return {
        "architecture": architecture,
        "kernelRelease": f"{_dotted(version)}-91-generic",
        "osImage": "Ubuntu 22.04.4 LTS",
        "btf": True,
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@settings(PROPERTY, max_examples=30)
@given(versions=st.lists(VERSIONS, min_size=2, max_size=60))
@example(versions=[(4, 9), (4, 14), (4, 15), (4, 16), (4, 17)])
@example(versions=[(5, 4), (5, 5), (5, 8), (5, 10), (6, 0), (6, 4), (10, 0)])
def test_a_later_version_offers_no_less(architecture: str, versions: list[Numbers]) -> None:
    assert _grow(_rows([_generic(architecture, version) for version in sorted(versions)]))


@pytest.mark.parametrize(
    ("architecture", "earlier", "later"),
    [
        ("x86_64", (4, 9), (4, 14)),
        ("x86_64", (4, 9, 337), (4, 14, 0)),
        ("x86_64", (4, 13, 16), (4, 14)),
        ("x86_64", (4, 15, 18), (4, 16)),
        ("x86_64", (4, 16, 18), (4, 17)),
        ("x86_64", (5, 4, 300), (5, 5)),
        ("x86_64", (4, 9), (10, 0)),
        ("aarch64", (5, 7, 19), (5, 8)),
        ("aarch64", (5, 4), (5, 10)),
        ("aarch64", (4, 20), (5, 8, 0)),
        ("aarch64", (6, 3, 13), (6, 4)),
    ],
)
def test_each_boundary_is_at_the_tables_version(
    architecture: str, earlier: Numbers, later: Numbers
) -> None:
    before, after = _rows([_generic(architecture, version) for version in (earlier, later)])
    assert _grow([before, after])
    assert _ranks(before) != _ranks(after)


def test_version_components_compare_as_numbers() -> None:
    """As strings or fractions, 4.9 would come after 4.14, and 5.10 before 5.8."""
    rows = _rows(
        [_generic("x86_64", (4, 9)), *(_generic("aarch64", (5, minor)) for minor in (8, 10))]
    )
    assert [row["kprobe"] for row in rows] == ["no", "yes", "yes"]
    assert _ranks(rows[1]) == _ranks(rows[2])


@settings(PROPERTY, max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(4, 6), st.integers(0, 20), st.integers(0, 99)),
        min_size=1,
        max_size=30,
    )
)
def test_leading_zeros_do_not_count(versions: list[Numbers]) -> None:
    """Mainline builds of Ubuntu print 4.14.0-041400-generic; no component may turn octal."""
    padded = [_generic("x86_64", version) for version in versions]
    for spec, version in zip(padded, versions, strict=True):
        spec["kernelRelease"] = f"{version[0]}.{version[1]:02}.{version[2]:03}-041400-generic"
    plain = [_generic("x86_64", version) for version in versions]
    assert [_of_the_kernel(row) for row in _rows(padded)] == [
        _of_the_kernel(row) for row in _rows(plain)
    ]


BUILDS = st.one_of(
    st.lists(st.integers(0, 99), min_size=1, max_size=3).map(tuple),
    st.tuples(st.sampled_from([24, 25, 26, 51, 52, 53]), st.integers(0, 40)),
    st.tuples(st.sampled_from([25, 52]), st.sampled_from([8, 23, 24]), st.integers(0, 9)),
)


def _kylin(code_name: str, build: Numbers) -> Json:
    return {
        "architecture": "aarch64",
        "kernelRelease": f"4.19.90-{_dotted(build)}.v2101.ky10.aarch64",
        "osImage": f"Kylin Linux Advanced Server V10 ({code_name})",
    }


@pytest.mark.parametrize(("code_name", "first"), [("Sword", (25, 24)), ("Lance", (52, 24))])
@settings(PROPERTY, max_examples=40)
@given(builds=st.lists(BUILDS, min_size=2, max_size=60))
@example(builds=[(25, 8), (25, 24)])
@example(builds=[(52,), (52, 8), (52, 24), (100, 1)])
def test_a_later_build_of_kylin_offers_no_less(
    code_name: str, first: Numbers, builds: list[Numbers]
) -> None:
    rows = _rows([_kylin(code_name, build) for build in sorted(builds)])
    assert _grow(rows)
    assert [row["kprobe"] == "yes" for row in rows] == [build >= first for build in sorted(builds)]


def test_build_25_8_is_before_25_24() -> None:
    before, after = _rows([_kylin("Sword", build) for build in ((25, 8), (25, 24))])
    assert (before["kprobe"], before["perf"]) == ("no", "yes")
    assert (after["kprobe"], after["perf"]) == ("yes", "yes")


# The part after the version.

SUFFIX = st.one_of(
    st.sampled_from(SUFFIXES),
    st.from_regex(r"[A-Za-z._+~-][A-Za-z0-9._+~-]{0,40}", fullmatch=True),
)
OPEN_ROWS = st.one_of(
    st.tuples(st.just("x86_64"), st.just(4), st.integers(14, 20), st.integers(0, 400)),
    st.tuples(st.just("x86_64"), st.integers(5, 7), st.integers(0, 20), st.integers(0, 400)),
    st.tuples(st.just("aarch64"), st.just(5), st.integers(8, 19), st.integers(0, 400)),
    st.tuples(st.just("aarch64"), st.integers(6, 7), st.integers(0, 20), st.integers(0, 400)),
)


@settings(PROPERTY, max_examples=60)
@given(st.lists(st.tuples(OPEN_ROWS, SUFFIX), min_size=1, max_size=30))
def test_a_suffix_changes_nothing_on_open_rows(
    kernels: list[tuple[tuple[str, int, int, int], str]],
) -> None:
    """X3 to X6 and A6 depend only on the version; the notes distinguish the rows."""

    def spec(kernel: tuple[str, int, int, int], suffix: str) -> Json:
        release = f"{_dotted(kernel[1:])}{suffix}"
        return {**_generic(kernel[0], kernel[1:]), "kernelRelease": release}

    bare = _rows([spec(kernel, "") for kernel, _ in kernels])
    rows = _rows([spec(kernel, suffix) for kernel, suffix in kernels])
    assert {row["kprobe"] for row in bare} == {"yes"}
    assert [_of_the_kernel(row) for row in rows] == [_of_the_kernel(row) for row in bare]


# The sources of facts.


@settings(PROPERTY, max_examples=60)
@given(st.lists(SHARED, min_size=1, max_size=25))
def test_a_node_object_and_facts_give_the_same_row(specs: list[Json]) -> None:
    objects = [_object(f"{n:05}", spec) for n, spec in enumerate(specs)]
    assert _decision([], objects)["features"] == _rows(specs)


@settings(PROPERTY, max_examples=60)
@given(st.lists(st.tuples(SHARED, SPEC), min_size=1, max_size=25))
def test_facts_win_over_an_object(pairs: list[tuple[Json, Json]]) -> None:
    objects = [_object(f"{n:05}", derived) for n, (derived, _) in enumerate(pairs)]
    facts = [_facts(f"{n:05}", collected) for n, (_, collected) in enumerate(pairs)]
    merged = [{**derived, **collected} for derived, collected in pairs]
    assert _decision(facts, objects)["features"] == _rows(merged)


# The engines.


def test_the_engines_agree_on_any_kernel() -> None:
    """The inputs of test_parity have few kernels; this is one input with many."""
    decisions.need_opa()
    nodes: list[Json] = []

    @settings(PROPERTY, max_examples=150)
    @given(SPEC)
    def collect(spec: Json) -> None:
        nodes.append(_facts(f"{len(nodes):05}", spec))

    collect()
    assert len(nodes) >= 50
    document = _document(nodes, [])
    by_wasm = decisions.decide(document)
    (by_opa,) = decisions.by_opa([document])
    assert by_opa is not None
    for one, other in zip(by_wasm["features"], by_opa["features"], strict=True):
        assert decisions.canonical(one) == decisions.canonical(other)
    assert decisions.canonical(by_wasm) == decisions.canonical(by_opa)


def test_rare_characters_survive() -> None:
    (row,) = _rows([{"osImage": "\U00020000"}])
    assert row["os"] == "\U00020000"
