"""Attacks by the author of a checkout, a bundle or a stored report: each fails, in one line."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import dfpolicy as api
from dfpolicy.engines import answers
from dfpolicy.formats.base import FORMATS
from dfpolicy.input import schemas
from dfpolicy.input.build import build_input
from dfpolicy.policy.opa_bundle import SIZE_LIMIT
from dfpolicy.reading.documents import load_documents
from dfpolicy.reading.limits import CONFIGURATION, MAX_DEPTH, MIB, Limits
from dfpolicy.settings.resolution import HARMLESS
from support.command import Completed, Run

GOOD = Path(__file__).parents[2] / "examples" / "single-k8s" / "manifests.yaml"
WEAK = GOOD.read_text("utf-8").replace("- NET_RAW\n", "- CHOWN\n")
WHY = ("--reason", "no packets", "--owner", "net team")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes are POSIX")


@pytest.fixture(autouse=True)
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout with one required violation, in which a configuration file is found."""
    monkeypatch.delenv("DFPOLICY_CONFIG")
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "weak.yaml").write_text(WEAK, "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port that the attacker listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def url(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def configure(text: str, name: str = "dfpolicy.yaml") -> None:
    Path(name).write_text(text, "utf-8")


def run(cli: Run, *arguments: str, **options: Any) -> Completed:
    """Run in the checkout; the fixture `cli` would run in another directory."""
    return cli(*arguments, **options, folder=Path.cwd())


def refused(done: Completed, *parts: str, code: int = 2) -> None:
    """Check that there is only one line on standard error, with all the parts."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.stderr
    assert done.stderr.startswith("dfpolicy: error: ")
    for part in parts:
        assert part in done.stderr


def script(name: str) -> Path:
    """A program that leaves a file if it runs."""
    mark = Path("ran").absolute()
    Path(name).write_text(f"#!/bin/sh\ntouch {mark}\n", "utf-8")
    Path(name).chmod(0o755)
    return mark


IGNORED = "dfpolicy: dfpolicy.yaml: {} ignored; to use them, give the file with --config"


def test_a_found_file_runs_no_program(cli: Run) -> None:
    mark = script("x.sh")
    configure("engine: opa\nopa: ./x.sh\n")
    done = run(cli, "eval", "weak.yaml", "-o", "json")
    assert not mark.exists()
    assert done.returncode == 1
    assert json.loads(done.stdout)["dfpolicy"]["engine"] == "wasm"
    assert done.stderr.startswith(IGNORED.format("engine, opa"))
    assert done.stderr.count("\n") == 1
    waived = run(cli, "waive", "DF-NET-002", *WHY, "weak.yaml")
    assert (waived.returncode, mark.exists()) == (0, False)
    assert waived.stderr == done.stderr


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_named_file_may_run_a_program(cli: Run, by_variable: bool) -> None:
    mark = script("x.sh")
    configure("engine: opa\nopa: ./x.sh\n")
    variables = {"DFPOLICY_CONFIG": "dfpolicy.yaml"} if by_variable else {}
    flags = [] if by_variable else ["--config", "dfpolicy.yaml"]
    refused(run(cli, "eval", "weak.yaml", *flags, env=variables), "error: ", code=3)
    assert mark.exists()


def test_a_found_file_sends_no_file_and_no_token(cli: Run, listener: socket.socket) -> None:
    Path("credentials").write_text("s3cr3t", "ascii")
    configure(f"opaUrl: {url(listener)}\nopaTokenFile: credentials\nopaCa: c\nopaTimeout: 1\n")
    done = run(cli, "eval", "weak.yaml", env={"DFPOLICY_OPA_TOKEN": "t0ken"})
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert done.returncode == 1
    assert done.stderr.startswith(IGNORED.format("opaUrl, opaTokenFile, opaCa, opaTimeout"))


@pytest.mark.parametrize("variable", ["DFPOLICY_OPA_TOKEN", "DFPOLICY_OPA_TOKEN_FILE"])
def test_the_environments_token_is_not_sent_to_an_address_of_a_file(
    cli: Run, listener: socket.socket, variable: str
) -> None:
    configure(f"opaUrl: {url(listener)}\nopaTimeout: 1\nopaRetries: 0\n", "named.yaml")
    Path("token").write_text("s3cr3t", "ascii")
    done = run(cli, "eval", "weak.yaml", "--config", "named.yaml", env={variable: "token"})
    with pytest.raises(BlockingIOError):
        listener.accept()
    refused(
        done, "named.yaml:1: a token from the environment is not sent to an address from a file"
    )


def test_a_found_file_overwrites_nothing(cli: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious", "utf-8")
    configure(f"outputs: [json, json={victim}]\n")
    done = run(cli, "eval", "weak.yaml")
    assert victim.read_text("utf-8") == "precious"
    assert "Exit 1" in done.stdout
    assert done.stderr.startswith(IGNORED.format("outputs"))


def test_a_found_file_cannot_raise_a_limit(cli: Run) -> None:
    configure("maxInputSize: 1000000000\nmaxDocuments: 1000000000\n")
    done = run(cli, "config", "show", "-o", "json")
    shown = json.loads(done.stdout)
    held = {row["name"]: row["source"] for row in shown["settings"]}
    assert (held["maxInputSize"], held["maxDocuments"]) == ("default", "default")
    assert shown["ignored"] == [
        {"name": "maxInputSize", "source": "dfpolicy.yaml:1"},
        {"name": "maxDocuments", "source": "dfpolicy.yaml:2"},
    ]
    text = run(cli, "config", "show").stdout
    assert "IGNORED       SOURCE\nmaxInputSize  dfpolicy.yaml:1\n" in text


def test_the_api_does_not_trust_a_found_file_either() -> None:
    mark = script("x.sh")
    configure("engine: opa\nopa: ./x.sh\n")
    with pytest.warns(UserWarning, match="dfpolicy.yaml: engine, opa ignored"):
        report = api.evaluate_files("weak.yaml")
    assert (report["dfpolicy"]["engine"], mark.exists()) == ("wasm", False)
    configure("profile: strict\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert api.evaluate_files("weak.yaml")["profile"] == "strict"


@pytest.mark.parametrize("named", [False, True])
def test_a_report_names_the_file_that_weakens_the_verdict(cli: Run, named: bool) -> None:
    entry = {"id": "DF-NET-002", "reason": "r", "owner": "o", "expires": "2999-12-31"}
    configure(
        "failOn: none\nmode: single-k8s\nstrict: false\nlanguage: en\n"
        "parameters: {acceptedCnis: [mine]}\n" + yaml.safe_dump({"waivers": [entry]})
    )
    flags = ("--config", "dfpolicy.yaml") if named else ()
    report = json.loads(
        run(cli, "eval", "weak.yaml", "-o", "json", "--mode", "auto", *flags).stdout
    )
    assert schemas.first_error(report, "report") is None
    assert (report["exitCode"], report["configuration"]) == (0, "dfpolicy.yaml")
    assert report["settings"] == [
        {"key": "failOn", "value": "none", "place": "dfpolicy.yaml:1"},
        {"key": "strict", "value": False, "place": "dfpolicy.yaml:3"},
        {"key": "parameters.acceptedCnis", "value": ["mine"], "place": "dfpolicy.yaml:5"},
        {"key": "waivers", "value": ["DF-NET-002"], "place": "dfpolicy.yaml:7"},
    ]
    plain = json.loads(run(cli, "eval", "weak.yaml", "-o", "json", "--config", "").stdout)
    assert plain.keys() & {"configuration", "settings"} == set()


def compressed(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as made:
        for member, content in members:
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue())


def pax(**records: str) -> bytes:
    member = tarfile.TarInfo("a.rego")
    member.pax_headers = {name.replace("_", "."): value for name, value in records.items()}
    return compressed((member, b""))


def old_sparse(size: int) -> bytes:
    """A sparse member of the old GNU format: it has no data but claims this size."""
    header = bytearray(tarfile.TarInfo("a.rego").tobuf(tarfile.GNU_FORMAT))
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[386:410] = b"%011o\0%011o\0" % (size, 0)
    header[483:495] = b"%011o\0" % size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(header) + bytes(1024))


def negative() -> bytes:
    """A member whose size is negative: a reader goes back and never finishes."""
    header = bytearray(tarfile.TarInfo("a.rego").tobuf(tarfile.USTAR_FORMAT))
    header[124:136] = b"\xff" * 10 + b"\xfe\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(header) + bytes(1024))


def holding(name: str, content: str) -> bytes:
    return compressed((tarfile.TarInfo(name), content.encode()))


DEEP = "[" * 100_000 + "]" * 100_000
BUNDLES = {
    "sparse": (old_sparse(3 << 30), "the bundle contains a link, a device or a sparse file"),
    "sparse PAX": (
        pax(GNU_sparse_major="0", GNU_sparse_size=str(3 << 30)),
        "the bundle contains a sparse file, or a file without a size",
    ),
    "size PAX": (pax(size="9" * 30), "the bundle contains a sparse file, or a file without a size"),
    "long size PAX": (
        pax(size="9" * 5000),
        "the bundle contains a sparse file, or a file without a size",
    ),
    "negative size": (negative(), "not a tar archive"),
    "long name": (pax(comment="x" * 100_000), "the bundle contains a name that is too long"),
    "inflated": (gzip.compress(bytes(65 << 20)), "larger than 64 MiB"),
    "nested manifest": (holding(".manifest", f'{{"a": {DEEP}}}'), ".manifest in the bundle is"),
    "long number": (holding(".manifest", f'{{"a": {"9" * 5000}}}'), ".manifest in the bundle is"),
}


@pytest.mark.parametrize("command", ["inspect", "verify"])
@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_is_bounded_before_it_is_unpacked(cli: Run, command: str, name: str) -> None:
    content, words = BUNDLES[name]
    Path("b.tar.gz").write_bytes(content)
    Path("key").write_bytes(b"k" * 40)
    key = ("--verification-key", "key") if command == "verify" else ()
    refused(run(cli, "bundle", command, "b.tar.gz", *key), "b.tar.gz: ", words)


@pytest.mark.parametrize("command", ["inspect", "verify"])
def test_devices_and_pipes_do_not_hang(cli: Run, command: str) -> None:
    os.mkfifo("pipe")
    Path("key").write_bytes(b"k" * 40)
    key = ("--verification-key", "key") if command == "verify" else ()
    refused(run(cli, "bundle", command, "/dev/zero", *key), "/dev/zero: ", "larger than 64 MiB")
    refused(run(cli, "bundle", command, "pipe", *key), "pipe: ", "is truncated")
    if key:
        made = run(cli, "bundle", "build", "--signing-key", "key")
        assert made.returncode == 0
        for path in ("/dev/zero", "pipe"):
            refused(
                run(cli, "bundle", "verify", "bundle.tar.gz", "--verification-key", path),
                f"{path}: the ",
            )


def test_a_deeply_nested_token_is_refused(cli: Run) -> None:
    import base64

    header = base64.urlsafe_b64encode(f'{{"alg": {DEEP}}}'.encode()).decode()
    content = json.dumps({"signatures": [f"{header}.e30.x"]})
    Path("b.tar.gz").write_bytes(holding(".signatures.json", content))
    Path("key").write_bytes(b"k" * 40)
    assert "not readable" in run(cli, "bundle", "inspect", "b.tar.gz").stdout
    refused(
        run(cli, "bundle", "verify", "b.tar.gz", "--verification-key", "key"),
        "the bundle's signature does not match this key",
    )


def test_escapes_in_a_bundle_do_not_reach_the_terminal(cli: Run) -> None:
    revision = json.dumps({"revision": "\u202e\u009b31m" + "x" * 1000})
    Path("b.tar.gz").write_bytes(holding(".manifest", revision))
    for form in ("text", "json"):
        shown = run(cli, "bundle", "inspect", "b.tar.gz", "-o", form).stdout
        assert not {"\u202e", "\u009b"} & set(shown)
        assert "x" * 100 not in shown


NESTED = {
    "json": DEEP,
    "open json": "[" * 100_000,
    "objects": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "yaml": "- " * 5_000 + "a\n",
    "flow": "a: " + DEEP + "\n",
}


@pytest.mark.parametrize("name", sorted(NESTED))
@pytest.mark.parametrize("command", ["eval", "diff", "facts", "if-present"])
def test_a_deeply_nested_document_is_refused(cli: Run, command: str, name: str) -> None:
    Path("deep.yaml").write_text(NESTED[name] + "\n# deepflow-agent\n", "utf-8")
    if "json" in name or name == "objects":
        Path("deep.yaml").write_text(NESTED[name], "utf-8")
    arguments = {
        "eval": ("eval", "deep.yaml"),
        "diff": ("diff", "deep.yaml", "deep.yaml"),
        "facts": ("eval", "weak.yaml", "--facts", "deep.yaml"),
        "if-present": ("eval", "--if-present", "weak.yaml", "deep.yaml"),
    }[command]
    done = run(cli, *arguments)
    if command == "if-present" and "deepflow" not in Path("deep.yaml").read_text("utf-8"):
        assert done.returncode == 1
        return
    refused(done, "deep.yaml:1: ", "nest")


@pytest.mark.parametrize("number", ["9" * 400, "9" * 4300, "9" * 5000, "1e400", "-1e9999", "1e308"])
def test_numbers_of_any_length_do_not_crash(cli: Run, number: str) -> None:
    Path("facts.json").write_text(
        '{"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {"name": "a"},'
        f' "spec": {{"cpus": {number}}}}}',
        "utf-8",
    )
    refused(run(cli, "eval", "weak.yaml", "--facts", "facts.json"), "facts.json:1: NodeFacts: ")
    report = json.loads(run(cli, "eval", "weak.yaml", "-o", "json").stdout)
    report["summary"]["pass"] = "@"
    Path("report.json").write_text(json.dumps(report).replace('"@"', number), "utf-8")
    compared = run(cli, "diff", "report.json", "report.json")
    assert (compared.returncode, compared.stderr.count("\n")) in ((0, 0), (2, 1))
    body = WEAK + f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{x: {number}}}\n"
    Path("long.yaml").write_text(body, "utf-8")
    assert run(cli, "eval", "long.yaml").returncode == 1


def test_outputs_do_not_follow_links_out_of_the_folder(cli: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_text("precious", "utf-8")
    Path("report.json").symlink_to(outside / "victim")
    Path("new.json").symlink_to(outside / "new")
    Path("out").symlink_to(outside)
    Path("null.json").symlink_to("/dev/full")
    Path("inner").mkdir()
    os.chdir("inner")
    above = ("../report.json", "../new.json")
    for path in above:
        done = run(cli, "eval", "../weak.yaml", "-o", f"json={path}")
        refused(done, f"{path}: a symbolic link points outside the directory")
    os.chdir("..")
    for path in ("report.json", "new.json", "out/victim", "out/../x", "null.json"):
        done = run(cli, "eval", "weak.yaml", "-o", f"json={path}")
        refused(done, f"{path}: a symbolic link points outside the directory")
        refused(
            run(cli, "bundle", "build", "-o", path), "a symbolic link points outside the directory"
        )
    assert [found.name for found in outside.iterdir()] == ["victim"]
    assert (outside / "victim").read_text("utf-8") == "precious"
    # A file that the user names is written.
    done = run(cli, "eval", "weak.yaml", "-o", f"json={outside / 'victim'}", "-o", "tap=/dev/null")
    assert (done.returncode, done.stderr) == (1, "")
    Path("inside.json").symlink_to("inner/report.json")
    assert run(cli, "eval", "weak.yaml", "-o", "json=inside.json").returncode == 1
    assert Path("inner/report.json").is_file()


def test_a_waiver_does_not_follow_a_link_out_of_the_folder(cli: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("mode: auto\n", "utf-8")
    Path("dfpolicy.yaml").symlink_to(other)
    refused(
        run(cli, "waive", "DF-NET-002", *WHY),
        "dfpolicy.yaml: a symbolic link points outside the directory",
    )
    assert other.read_text("utf-8") == "mode: auto\n"


def test_an_export_does_not_follow_links(cli: Run, tmp_path: Path) -> None:
    assert run(cli, "gatekeeper", "-o", "gk").returncode == 0
    for folder in (Path.cwd(), tmp_path):
        os.chdir(folder)
        other = tmp_path / "other"
        other.mkdir(exist_ok=True)
        (other / "mine.yaml").write_text("precious", "utf-8")
        inner = tmp_path / "checkout" / "gk" / "constraints"
        if not inner.is_symlink():
            inner.rename(tmp_path / "moved")
            inner.symlink_to(other)
        done = run(cli, "gatekeeper", "-o", str(inner.parent))
        refused(done, "a symbolic link points outside the directory")
        assert [found.name for found in other.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("cpus", 0),
        ("cpus", -1),
        ("cpus", 10**6),
        ("memoryBytes", 0),
        ("memoryBytes", -(1 << 40)),
        ("memoryBytes", 1 << 60),
        ("cgroup", {"version": 3}),
        ("cgroup", {"version": -1}),
        ("processes", {"deepflowAgents": -1}),
        ("processes", {"deepflowAgents": 10**9}),
        ("sysctls", {"kernel.kptr_restrict": 1 << 64}),
        ("portsInUse", [0]),
    ],
)
def test_impossible_facts_are_refused(cli: Run, fact: str, value: Any) -> None:
    facts = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": "a"},
        "spec": {fact: value},
    }
    Path("facts.yaml").write_text(yaml.safe_dump(facts, sort_keys=False), "utf-8")
    refused(run(cli, "eval", "weak.yaml", "--facts", "facts.yaml"), f"NodeFacts: spec.{fact}")
    assert schemas.first_error({"mode": "auto", "nodes": [facts]}, "input") is not None


CANARY = "tweet7canary"
EXAMPLES = GOOD.parents[1]
DEPLOYMENTS = sorted(
    path for path in EXAMPLES.glob("*/*.yaml") if path.name not in ("dfpolicy.yaml", "facts.yaml")
)


def planted(value: Any) -> Any:
    """The value with a secret wherever a Kubernetes object or a Compose service can have one."""
    if isinstance(value, list):
        return [planted(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: planted(item) for key, item in value.items()}
    if value.get("kind") == "ConfigMap":
        files = {"any": CANARY, "a.sql": f"IDENTIFIED BY '{CANARY}'", "b.ini": f"token={CANARY}"}
        value["data"] = {**(value.get("data") or {}), **files}
        value["binaryData"] = {"c": CANARY}
    if "kind" in value and isinstance(value.get("metadata"), dict):
        value["metadata"]["annotations"] = {
            **(value["metadata"].get("annotations") or {}),
            "kubectl.kubernetes.io/last-applied-configuration": CANARY,
            "example.com/key": CANARY,
        }
    if "image" in value and "name" in value:
        request = {"path": f"/?a={CANARY}", "httpHeaders": [{"name": "A", "value": CANARY}]}
        value["args"] = [*(value.get("args") or []), "--token", CANARY, f"https://a:{CANARY}@b"]
        value["env"] = [*(value.get("env") or []), {"name": "ANY", "value": CANARY}]
        value["livenessProbe"] = {"exec": {"command": [CANARY]}}
        value["lifecycle"] = {"preStop": {"httpGet": request}}
    for container in value.get("initContainers") or ():
        # The API server refuses probes there, so DF-CH-007 would differ.
        del container["livenessProbe"], container["lifecycle"]
    return value


@pytest.mark.parametrize("path", DEPLOYMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_secret_reaches_the_policies_or_a_report(cli: Run, path: Path) -> None:
    documents = list(yaml.safe_load_all(path.read_text("utf-8")))
    Path(path.name).write_text(yaml.safe_dump_all(map(planted, documents)), "utf-8")
    assert CANARY in Path(path.name).read_text("utf-8")
    data = json.dumps(build_input(load_documents([path.name])).data)
    assert CANARY not in data
    mode = ("-m", path.parent.name)
    formats = (part for form in FORMATS for part in ("-o", f"{form}=report.{form}"))
    done = run(cli, "eval", path.name, "-v", *mode, *formats)
    plain = run(cli, "eval", str(path), *mode, "-o", "json")
    assert done.returncode == plain.returncode
    if done.returncode == 2:
        return
    for form in FORMATS:
        assert CANARY not in Path(f"report.{form}").read_text("utf-8"), form
    made, wanted = json.loads(Path("report.json").read_text("utf-8")), json.loads(plain.stdout)
    for key in ("mode", "agents", "features"):
        assert made[key] == wanted[key]
    assert decided(made) == decided(wanted)


def decided(report: Any) -> list[tuple[Any, ...]]:
    """The results without the one on the command line, which the planted arguments change."""
    keys = ("id", "subject", "outcome", "level", "observed")
    return [
        tuple(result[key] for key in keys)
        for result in report["results"]
        if result["id"] != "DF-CH-008"
    ]


def test_the_security_page_has_the_current_limits() -> None:
    page = " ".join((EXAMPLES.parent / "SECURITY.md").read_text("utf-8").split())
    limits, first, others = Limits(), "`, `".join(HARMLESS[:3]), "`, `".join(HARMLESS[3:])
    for words in (
        f"{limits.size // MIB} MiB, {limits.documents:,} documents,",
        f"{limits.values // 10**6} million values",
        f"{MAX_DEPTH} levels",
        f"| {CONFIGURATION.size // MIB} MiB |",
        f"{SIZE_LIMIT // MIB} MiB packed and {SIZE_LIMIT // MIB} MiB unpacked",
        f"| an answer of an OPA server | {answers.SIZE_LIMIT // MIB} MiB, unpacked, with"
        f" {limits.values // 10**6} million values and {MAX_DEPTH} levels;",
        f"| `{first}`, `parameters`, `{others}`, `waivers` |",
    ):
        assert words in page


def test_a_file_name_is_not_an_option(cli: Run) -> None:
    """pre-commit appends the names of files to its command."""
    Path("x.sh").write_text("#!/bin/sh\ntouch ran\n", "utf-8")
    Path("x.sh").chmod(0o755)
    Path("ci.yaml").write_text("engine: opa\nopa: ./x.sh\n", "utf-8")
    Path("--config=ci.yaml").write_text("", "utf-8")
    done = run(cli, "eval", "--if-present", "--config=ci.yaml", "weak.yaml")
    refused(done, "--config=ci.yaml: a file has the same name as this option")
    assert not Path("ran").exists()
    assert run(cli, "eval", "--", "weak.yaml", "./--config=ci.yaml").returncode == 1


def test_quiet_text_names_the_settings_of_a_found_file(cli: Run) -> None:
    Path("dfpolicy.yaml").write_text("failOn: none\n", "utf-8")
    done = run(cli, "eval", "weak.yaml", "-q")
    assert "settings: failOn none (dfpolicy.yaml:1)" in done.stdout


def test_a_link_in_a_circle_is_refused(cli: Run) -> None:
    Path("loop").symlink_to("loop")
    for command in (("eval", "weak.yaml", "-o", "json=loop"), ("bundle", "build", "-o", "loop")):
        assert (done := run(cli, *command)).returncode == 2, done.stderr
        assert "unexpected" not in done.stderr
