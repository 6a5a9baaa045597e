from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.collect import node
from dfpolicy.errors import DfpolicyError, InputError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.input.schemas import first_error
from support.host_trees import CENTOS_7, HOSTS, Host, Link, Tree, build, net_dev, net_tcp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the agent's hosts are Linux")

SUPERUSER = os.geteuid() == 0
NOBODY = 65534
SHELLS = ["bash", *(pytest.param(name, marks=pytest.mark.slow) for name in ("dash", "busybox"))]
Completed = subprocess.CompletedProcess[bytes]


@dataclass(frozen=True)
class Shell:
    """A shell, as the start of a command, with its environment."""

    command: list[str]
    path: str

    def run(self, script: bytes, *options: str, user: int | None = None) -> Completed:
        """Run the script from standard input, as over ssh."""
        return subprocess.run(
            [*self.command, "-s", "--", *options],
            input=script,
            capture_output=True,
            env={"PATH": self.path},
            timeout=60,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )


def program(name: str) -> str:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed, and CI has to have it")
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="session")
def applets() -> Iterator[str]:
    """Return a directory with nothing but busybox, by the names of its applets."""
    busybox = program("busybox")
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name in listed.stdout.split():
            Path(folder, name).symlink_to(busybox)
        yield folder


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> Shell:
    """Return each shell that the script must support."""
    if request.param == "busybox":
        folder = request.getfixturevalue("applets")
        return Shell([f"{folder}/sh"], folder)
    options = ["--posix"] if request.param == "bash" else []
    return Shell([program(request.param), *options], os.environ["PATH"])


@pytest.fixture
def dash() -> Shell:
    """Return a single shell for tests that need only one."""
    return Shell(["sh"], os.environ["PATH"])


@pytest.fixture
def open_root() -> Iterator[Path]:
    """Return a directory that every user can reach, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def facts(done: Completed) -> dict[str, Any]:
    """Check what applies to every document, and return it with the unread facts sorted."""
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = yaml.safe_load(done.stdout)
    assert first_error(document, "node-facts") is None
    unread = document.get("status", {}).get("unread", [])
    assert [
        "collect: {fact}: {path}: {reason}".format(**row) for row in unread
    ] == done.stderr.decode().splitlines()
    unread.sort(key=lambda row: (row["fact"], row["path"]))
    return document


def collected(shell: Shell, root: Path, tree: Tree, user: int | None = None) -> dict[str, Any]:
    build(root, tree)
    options = ["--root", str(root), "--name", "n"]
    return facts(shell.run(node.script().encode(), *options, user=user))


def reasons(document: dict[str, Any]) -> dict[str, str]:
    return {row["fact"]: row["reason"] for row in document.get("status", {}).get("unread", [])}


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[bytes, bytes]]:
    """Return the output of the first shell, by the name of the host."""
    return {}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_facts_of_a_host(
    shell: Shell, tmp_path: Path, host: Host, printed: dict[str, tuple[bytes, bytes]]
) -> None:
    build(tmp_path, host.tree)
    before = sorted(tmp_path.rglob("*"))
    done = shell.run(node.script().encode(), "--root", str(tmp_path))
    document = facts(done)
    assert document == host.document(superuser=SUPERUSER)
    assert list(document["spec"]) == [key for key in _facts_in_order() if key in host.spec]
    assert sorted(tmp_path.rglob("*")) == before
    # Every shell prints identical bytes.
    assert (done.stdout, done.stderr) == printed.setdefault(host.name, (done.stdout, done.stderr))


def _facts_in_order() -> list[str]:
    schema = Path(__file__).parents[3] / "schemas" / "node-facts.schema.json"
    return list(json.loads(schema.read_text("utf-8"))["properties"]["spec"]["properties"])


def test_this_host(shell: Shell) -> None:
    document = facts(shell.run(node.script().encode(), "--name", "here"))
    assert document["metadata"] == {"name": "here"}
    assert document["spec"]["kernelRelease"] == os.uname().release
    assert document["spec"]["architecture"] == os.uname().machine
    assert document["spec"]["memoryBytes"] > 0


def test_shellcheck_finds_nothing() -> None:
    command = [program("shellcheck"), "--shell=sh", str(node.SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "shellcheck disable" not in node.script()


def test_root_with_an_odd_name(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / " a b\n*[x]\\ $(id) 'q'"
    build(root, CENTOS_7.tree)
    document = facts(shell.run(node.script().encode(), "--root", f"{root}//"))
    assert document == CENTOS_7.document(superuser=SUPERUSER)


@pytest.mark.parametrize("climb", ["", "../../../../../../../.."])
def test_links_stay_inside_the_root(shell: Shell, tmp_path: Path, climb: str) -> None:
    (tmp_path / "outside").write_text("ID=outside\n")
    link = {"etc/os-release": Link(f"{climb}{tmp_path}/outside")}
    assert "os" not in collected(shell, tmp_path / "root", link)["spec"]
    inside = {f"{tmp_path}/outside".lstrip("/"): "ID=inside\n"}
    assert collected(shell, tmp_path / "root", inside)["spec"]["os"] == {"id": "inside"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("ID=a b", "a"),
        ("ID=a\\ b", "a b"),
        ("ID='a\\b'", "a\\b"),
        ('ID="a\\b\\\\\\"\\`"', 'a\\b\\"`'),
        ("ID=\"x\"'y'z", "xyz"),
        ("  ID=x\t# y", "x"),
        ("ID=x\nID=y", "y"),
        ("#ID=x\nID_LIKE=z\nXID=q", None),
        ("ID=", None),
        ("ID=\x1b[2Jx", "\x1b[2Jx"),
        ("ID=\u0085\u2028\u202e\ufeff", "\u0085\u2028\u202e\ufeff"),
        ("ID=yes", "yes"),
        ("ID=0x10", "0x10"),
    ],
)
def test_value_of_os_release(dash: Shell, tmp_path: Path, line: str, value: str | None) -> None:
    document = collected(dash, tmp_path, {"etc/os-release": line + "\n"})
    assert document["spec"].get("os", {}).get("id") == value


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        b"\xc0\xaf",
        b"\xe0\x82\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe9\x93",
        b"a\x80",
    ],
)
def test_invalid_utf_8_is_left_out(shell: Shell, tmp_path: Path, value: bytes) -> None:
    document = collected(shell, tmp_path, {"etc/os-release": b"ID=ok\nVERSION_ID=" + value})
    assert document["spec"]["os"] == {"id": "ok"}
    assert reasons(document)["os.versionId"] == "not valid UTF-8"


_JSON = [
    ('{"type":"a"}', ["a"]),
    ('\t{ "type" :\r\n"a" }\n\n', ["a"]),
    ('{"x":[{"type":"n"},[],{},-0.5e+3,true,null,"\\"}"],"type":"\\u0061\\/"}', ["a/"]),
    ('{"type":"a","delegate":{"delegate":{"type":"c"},"type":"b"}}', ["a", "b", "c"]),
    ('{"plugins":[{"type":"a"},{"delegates":[{"plugins":[{"type":"b"}]}]}]}', ["a", "b"]),
    ('{"type":7,"plugins":{"type":"a"},"delegate":[{"type":"b"}]}', []),
    ('{"type":"\\ud83d\\ude00"}', ["\N{GRINNING FACE}"]),
    ('{"type":""}', [""]),
]
_NO_JSON = [
    "",
    "[]",
    '"type"',
    "7",
    '{"type":"a"',
    '{"type":"a"}}',
    '{"type":"a"}{}',
    '{"type":"a",}',
    '{"type" "a"}',
    '{"type":"a" "b":1}',
    "{type:1}",
    "{'type':'a'}",
    '{"x":01}',
    '{"x":1.}',
    '{"x":NaN}',
    '{"x":[1,]}',
    '{"x":[1}',
    '{"x":"\\x"}',
    '{"x":"\\u12g4"}',
    '{"x":"a\nb"}',
    '{"type":"\\ud83d"}',
    '{"type":"\\u0000"}',
    '{"x":1} // y',
    "\ufeff{}",
    '{"x":' * 70 + "1" + "}" * 70,
]


def test_cni_configurations(shell: Shell, tmp_path: Path) -> None:
    tree = {f"etc/cni/net.d/{at:02}.conf": text for at, (text, _) in enumerate(_JSON)}
    document = collected(shell, tmp_path, tree)
    assert [found["plugins"] for found in document["spec"]["cni"]["configs"]] == [
        plugins for _, plugins in _JSON
    ]


@pytest.mark.parametrize("text", _NO_JSON)
def test_cni_configuration_that_is_invalid_json(dash: Shell, tmp_path: Path, text: str) -> None:
    tree = {"etc/cni/net.d/1.conf": '{"type":"a"}', "etc/cni/net.d/2.conf": text}
    document = collected(dash, tmp_path, tree)
    assert "cni" not in document["spec"]
    assert reasons(document)["cni"] == "not valid JSON"


def test_large_cni_configuration(shell: Shell, tmp_path: Path) -> None:
    texts = [f'{{"x":{json.dumps("x" * 300_000)},"type":"a"}}', '{"x":"' + '\\"' * 200_000]
    assert collected(shell, tmp_path, {"etc/cni/net.d/1.conf": texts[0]})["spec"]["cni"]
    document = collected(shell, tmp_path, {"etc/cni/net.d/1.conf": texts[1]})
    assert reasons(document)["cni"] == "not valid JSON"
    document = collected(shell, tmp_path, {"etc/cni/net.d/1.conf": " " * (1 << 20) + "{}"})
    assert reasons(document)["cni"] == "larger than 1 MiB"


def test_other_content_of_cni_files_is_not_printed(dash: Shell, tmp_path: Path) -> None:
    for text in ('{"type":"a","token":"s3cr3t"}', '{"type":"a","token":"s3cr3t"'):
        build(tmp_path, {"etc/cni/net.d/1.conf": text})
        done = dash.run(node.script().encode(), "--root", str(tmp_path), "--name", "n")
        assert b"s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["a\nb.conf", "\x1b[2J.conf", "\udcff.conf"])
def test_cni_file_with_a_hostile_name(shell: Shell, tmp_path: Path, name: str) -> None:
    build(tmp_path, {"etc/cni/net.d": CENTOS_7.tree["sys/kernel/security"]})
    (tmp_path / "etc/cni/net.d" / name).write_text("{}")
    done = shell.run(node.script().encode(), "--root", str(tmp_path), "--name", "n")
    assert b"\x1b" not in done.stdout + done.stderr
    document = facts(done) if "\x1b" not in name else yaml.safe_load(done.stdout)
    if "\x1b" in name:
        assert document["spec"]["cni"]["configs"][0]["file"] == name
    else:
        assert "cni" not in document["spec"]


def test_links_and_pipes_in_the_way(shell: Shell, tmp_path: Path) -> None:
    root = build(tmp_path, {"proc/sys/kernel/kptr_restrict": "1\n", "etc/cni/net.d/x": ""})
    (root / "etc/cni/net.d/1.conf").symlink_to("/nowhere")
    os.mkfifo(root / "proc/meminfo")
    document = collected(shell, root, {})
    assert reasons(document)["cni"] == "a broken symbolic link"
    assert reasons(document)["memoryBytes"] == "not a regular file"


def test_ports_of_a_busy_host(dash: Shell, tmp_path: Path) -> None:
    open_sockets = [("0100007F:0050", "01")] * 16_000
    tree = {"proc/sys/x": "", "proc/1/net/tcp": net_tcp(("00000000:0016", "0A"), *open_sockets)}
    assert len(tree["proc/1/net/tcp"]) > 1 << 20
    assert collected(dash, tmp_path, tree)["spec"]["portsInUse"] == [22]
    listening = [("00000000:0016", "0A")] * 16_000
    document = collected(dash, tmp_path, {"proc/1/net/tcp": net_tcp(*listening)})
    assert reasons(document)["portsInUse"] == "larger than 1 MiB"


def test_terminal_escapes_are_escaped(dash: Shell, tmp_path: Path) -> None:
    build(tmp_path, {"etc/os-release": "ID='\x1b[2J\x7f\u0085\u2028\u202e\ufeff'\n"})
    done = dash.run(node.script().encode(), "--root", str(tmp_path), "--name", "n")
    assert b'id: "\\u001B[2J\\u007F\\u0085\\u2028\\u202E\\uFEFF"\n' in done.stdout


def test_links_below_proc_are_not_processes(dash: Shell, tmp_path: Path) -> None:
    tree: Tree = {
        "proc/1/comm": "init\n",
        "proc/x/comm": "deepflow-agent\n",
        "proc/7": Link("x"),
        "proc/8/comm": Link("../x/comm"),
    }
    assert collected(dash, tmp_path, tree)["spec"]["processes"] == {"deepflowAgents": 0}


def test_names_beyond_the_limit_are_dropped(shell: Shell, tmp_path: Path) -> None:
    tree = {"proc/1/net/dev": net_dev(*(f"tap{number}" for number in range(4097, 0, -1)))}
    assert reasons(collected(shell, tmp_path, tree))["interfaces"] == "more than 4096 names"


def test_the_runtime_is_known_from_a_single_socket(dash: Shell, tmp_path: Path) -> None:
    socket = CENTOS_7.tree["run/docker.sock"]
    tree = {
        "var/run": Link("/run"),
        "run/docker.sock": socket,
        "run/containerd/containerd.sock": socket,
    }
    assert "containerRuntime" not in collected(dash, tmp_path, tree)["spec"]


def test_selinux_that_a_container_hides(shell: Shell, tmp_path: Path) -> None:
    tree = {"proc/filesystems": "nodev\tselinuxfs\n", "sys/fs/x": ""}
    document = collected(shell, tmp_path, tree)
    assert "selinux" not in document["spec"]
    assert reasons(document)["selinux"] == "selinuxfs is not mounted"


def test_securityfs_that_is_not_mounted(shell: Shell, tmp_path: Path) -> None:
    tree = {"sys/kernel/security": CENTOS_7.tree["sys/kernel/security"], "proc/1/mounts": "x\n"}
    assert reasons(collected(shell, tmp_path, tree))["lockdown"] == ("securityfs is not mounted")


def test_tracefs_below_debugfs_is_as_its_last_mount(shell: Shell, tmp_path: Path) -> None:
    mounts = (
        "t /sys/kernel/tracing tracefs rw 0 0\n"
        "t /sys/kernel/debug/tracing tracefs rw,relatime 0 0\n"
        "t /sys/kernel/debug/tracing tracefs ro,relatime 0 0\n"
    )
    tree = {"sys/kernel/x": "", "proc/1/mounts": mounts}
    paths = collected(shell, tmp_path, tree)["spec"]["paths"]
    assert paths["/sys/kernel/debug/tracing"] == {"mounted": True, "writable": False}


def test_root_with_the_kernel_of_this_machine(dash: Shell, tmp_path: Path) -> None:
    own = {"proc/version": Path("/proc/version").read_text()}
    own["proc/sys/kernel/osrelease"] = os.uname().release + "\n"
    assert collected(dash, tmp_path, own)["spec"]["architecture"] == os.uname().machine
    other = {"proc/version": "Linux version 2.0\n"}
    assert "architecture" not in collected(dash, tmp_path, other)["spec"]


def test_processes_that_are_hidden(dash: Shell, tmp_path: Path) -> None:
    tree = {"proc/sys/x": "", "proc/77/comm": "deepflow-agent\n"}
    document = collected(dash, tmp_path, tree)
    assert "processes" not in document["spec"]
    assert reasons(document)["processes.deepflowAgents"] == "process 1 is not visible"


def test_many_processes(shell: Shell, tmp_path: Path) -> None:
    tree = {f"proc/{number}/comm": "deepflow-agent\n" for number in range(1, 252)}
    tree["proc/9x/comm"] = "deepflow-agent\n"
    assert collected(shell, tmp_path, tree)["spec"]["processes"] == {"deepflowAgents": 251}


_REFUSED: dict[str, tuple[str, str]] = {
    "etc/os-release": ("os", "/etc/os-release"),
    "etc/cni/net.d": ("cni", "/etc/cni/net.d"),
    "boot": ("kernelConfig", "/boot/config-3.10.0-1160.el7.x86_64"),
    "proc/sys/kernel/kptr_restrict": (
        "sysctls.kernel.kptr_restrict",
        "/proc/sys/kernel/kptr_restrict",
    ),
    "sys/fs/selinux": ("selinux", "/sys/fs/selinux/enforce"),
    "sys/fs/cgroup": ("cgroup", "/sys/fs/cgroup/cgroup.controllers"),
    "proc/1/net/tcp": ("portsInUse", "/proc/1/net/tcp"),
    "proc/1/comm": ("processes.deepflowAgents", "/proc/1/comm"),
    "run": ("paths./var/run/netns", "/var/run/netns"),
}


@pytest.mark.parametrize("place", _REFUSED)
def test_unreadable_facts_are_unknown_not_absent(shell: Shell, open_root: Path, place: str) -> None:
    fact, path = _REFUSED[place]
    build(open_root, CENTOS_7.tree)
    mode = (open_root / place).stat().st_mode
    (open_root / place).chmod(0)
    try:
        document = collected(shell, open_root / "", {}, user=NOBODY if SUPERUSER else None)
    finally:
        (open_root / place).chmod(mode)
    assert {"fact": fact, "path": path, "reason": "permission denied"} in (
        document["status"]["unread"]
    )
    spec = document["spec"]
    top, _, rest = fact.partition(".")
    assert rest not in spec.get(top, {}) if rest else top not in spec
    everything = CENTOS_7.document(superuser=False)["spec"]
    assert all(everything[key] == spec[key] for key in spec if key not in ("sysctls", "paths"))


def test_script_that_is_cut_short_does_nothing(dash: Shell, tmp_path: Path) -> None:
    script = node.script().encode()
    build(tmp_path, {"etc/hostname": "x\n"})
    ends = [at for at, byte in enumerate(script) if byte == ord("\n")][::40]
    last = script.rstrip().rindex(b"\n")
    for end in [*ends, *range(last, len(script.rstrip()))]:
        done = dash.run(script[:end], "--root", str(tmp_path))
        assert done.stdout == b"", script[:end][-80:]
        assert b"collect:" not in done.stderr


def test_standard_input_is_not_read(shell: Shell, tmp_path: Path) -> None:
    build(tmp_path, HOSTS["empty"].tree)
    script = node.script().encode() + b"echo read on\n"
    done = shell.run(script, "--root", str(tmp_path))
    assert done.returncode == 0
    assert b"read on" not in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--nmae", "x"], "unknown option; see --help"),
        (["x"], "unknown option; see --help"),
        (["--root"], "--root needs a value"),
        (["--name"], "--name needs a value"),
        (["--name", ""], "--name is empty"),
        (["--root", "/no/such"], "--root is not a directory"),
        (["--root", "/dev/null"], "--root is not a directory"),
        (["--name", "x" * 1025], "the name of the node is longer than 1024 bytes"),
    ],
)
def test_wrong_options(shell: Shell, options: list[str], message: str) -> None:
    done = shell.run(node.script().encode(), *options)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"collect: {message}\n"


def test_a_host_without_a_name_is_an_error(shell: Shell, tmp_path: Path) -> None:
    done = shell.run(node.script().encode(), "--root", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"collect: the name of the node is unknown")


@pytest.mark.parametrize("name", ["web-1", 'a "b" \\ c', "a\nb", "true", "银"])
def test_given_name(shell: Shell, tmp_path: Path, name: str) -> None:
    build(tmp_path, HOSTS["empty"].tree)
    done = shell.run(node.script().encode(), "--root", str(tmp_path), "--name", name)
    assert facts(done)["metadata"] == {"name": name}


def test_help(shell: Shell) -> None:
    for option in ("-h", "--help"):
        done = shell.run(node.script().encode(), option)
        assert done.returncode == 0
        assert done.stdout.startswith(b"usage: ")
        assert done.stderr == b""


def test_collect_gives_document_and_complaints(tmp_path: Path) -> None:
    host = HOSTS["ubuntu-24.04"]
    build(tmp_path, host.tree)
    document, lines = node.collect(str(tmp_path), "given")
    assert document["metadata"] == {"name": "given"}
    assert document["spec"]["os"] == host.spec["os"]
    assert any(line.startswith("collect: sysctls.net.core.bpf_jit_enable: ") for line in lines)


def test_collect_of_this_host() -> None:
    document, _ = node.collect()
    assert document["metadata"] == {"name": os.uname().nodename}


@pytest.mark.parametrize(
    ("root", "name"), [("/no/such", None), ("/dev/null", "x"), ("", ""), ("", "a\0"), ("\0", "x")]
)
def test_collect_refuses_wrong_arguments(root: str, name: str | None) -> None:
    with pytest.raises(InputError) as caught:
        node.collect(root, name)
    assert caught.value.exit_code is ExitCode.USAGE


def test_collect_without_a_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the name of the node is unknown"):
        node.collect(str(tmp_path))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo >&2 broken; exit 1", "the collector failed: broken"),
        ("exit 9", "the collector failed: exit code 9"),
        ("echo [", "the collector's output is not valid YAML"),
        ("printf '\\377'", "the collector's output is not valid YAML"),
        ("echo kind: NodeFacts", "the collector's output is not valid NodeFacts:"),
        ("sleep 60 & sleep 60", "took more than 0.2 s"),
    ],
)
def test_collector_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    (tmp_path / "x.sh").write_text(script + "\n")
    monkeypatch.setattr(node, "SCRIPT", tmp_path / "x.sh")
    if "sleep" in script:
        monkeypatch.setattr(node, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(DfpolicyError, match=message) as caught:
        node.collect(name="x")
    assert caught.value.exit_code is ExitCode.FAILURE


def test_collect_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DfpolicyError, match="sh: no such file"):
        node.collect(name="x")


def test_collect_is_refused_outside_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(
        DfpolicyError, match="this host does not run Linux, which the agent needs"
    ) as caught:
        node.collect()
    assert caught.value.exit_code is ExitCode.FAILURE
