from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import EngineError
from dfpolicy.input import schemas

AGENT = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
    "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "deepflow-agent:v7.1"}]}}},
}

# The part of OPA's interface that the engine calls; `opa_eval` comes from the test.
MODULE = """
(module
  (import "env" "memory" (memory 1))
  (import "env" "opa_abort" (func $opa_abort (param i32)))
  (import "env" "opa_builtin0" (func $opa_builtin0 (param i32 i32) (result i32)))
  (data (i32.const 16) "out of cheese\\00")
  (data (i32.const 32) "opa_malloc: failed\\00")
  (data (i32.const 64) "[{\\22result\\22:{\\22results\\22:[]}}]\\00")
  (data (i32.const 128) "[]\\00")
  (data (i32.const 144) "{\\22sprintf\\22:0}\\00")
  (func (export "opa_malloc") (param i32) (result i32) i32.const 4096)
  (func (export "opa_json_parse") (param i32 i32) (result i32) i32.const 0)
  (func (export "opa_json_dump") (param i32) (result i32) i32.const 144)
  (func (export "opa_heap_ptr_get") (result i32) i32.const 8192)
  (func (export "builtins") (result i32) i32.const 0)
  (func (export "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32) %s))
"""


def module(folder: Path, evaluate: str) -> Path:
    path = folder / "policy.wasm"
    path.write_bytes(bytes(wasmtime.wat2wasm(MODULE % evaluate)))
    return path


def test_a_decision_of_the_bundled_policies() -> None:
    engine = WasmEngine()
    decision = engine.evaluate({"mode": "single-k8s", "resources": [AGENT]})
    assert schemas.first_error(decision, "decision") is None
    assert [agent["subject"]["name"] for agent in decision["agents"]] == ["deepflow-agent"]
    assert decision == engine.evaluate({"mode": "single-k8s", "resources": [AGENT]})


def test_the_bundled_policies_need_no_host_function() -> None:
    assert WasmEngine().builtins() == {}


def test_a_module_that_answers(tmp_path: Path) -> None:
    assert WasmEngine(module(tmp_path, "i32.const 64")).evaluate({})["results"] == []


@pytest.mark.parametrize(
    ("evaluate", "message"),
    [
        ("i32.const 128", "the policies returned no decision"),
        ("i32.const 16 call $opa_abort i32.const 0", "the policies stopped: out of cheese"),
        ("i32.const 32 call $opa_abort i32.const 0", "needs more than 3072 MiB"),
        (
            "i32.const 0 i32.const 0 call $opa_builtin0",
            "the policies need a built-in function that this engine does not have",
        ),
        ("unreachable", "the policies failed: wasm trap: .*unreachable"),
    ],
    ids=["undefined", "abort", "memory", "builtin", "trap"],
)
def test_a_module_that_fails(tmp_path: Path, evaluate: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        WasmEngine(module(tmp_path, evaluate)).evaluate({})


def test_missing_host_functions_are_named(tmp_path: Path) -> None:
    assert WasmEngine(module(tmp_path, "i32.const 0")).builtins() == {"sprintf": 0}


def test_the_time_limit_stops_an_endless_loop(tmp_path: Path) -> None:
    engine = WasmEngine(module(tmp_path, "(loop br 0) i32.const 0"), time_limit=0.2)
    with pytest.raises(EngineError, match="no decision within 0\\.2 s"):
        engine.evaluate({})


def test_ctrl_c_stops_an_endless_loop(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from dfpolicy.engines import worker\n"
        "from dfpolicy.engines.wasm import WasmEngine\n"
        "engine = WasmEngine(pathlib.Path(sys.argv[1]))\n"
        "engine.builtins()\n"
        "wait = worker.Job.wait\n"
        "def told(*arguments):\n"
        "    worker.Job.wait = wait\n"
        "    print('waiting', flush=True)\n"
        "    return wait(*arguments)\n"
        "worker.Job.wait = told\n"
        "try:\n    engine.evaluate({})\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(module(tmp_path, "(loop br 0) i32.const 0"))],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
    assert process.returncode == 0


def test_the_memory_limit() -> None:
    document = {"resources": [AGENT], "padding": "x" * (8 << 20)}
    assert WasmEngine().evaluate(document)["agents"]
    for limit in (1 << 20, 6 << 20, 10 << 20):
        with pytest.raises(EngineError, match=f"needs more than {limit >> 20} MiB"):
            WasmEngine(memory_limit=limit).evaluate(document)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), {1, 2}])
def test_a_value_that_is_not_json_is_refused(value: Any) -> None:
    # The module would treat it as a missing input, and find no agent.
    with pytest.raises(EngineError, match="the input cannot be converted to JSON"):
        WasmEngine().evaluate({"resources": [AGENT], "parameters": value})


def test_threads_that_share_an_engine_do_not_stop_each_other() -> None:
    engine = WasmEngine()
    large = {"resources": [{**AGENT, "spec": {"padding": [1] * 100}}] * 2000}
    small: dict[str, Any] = {"resources": [AGENT]}
    errors: list[Exception] = []

    def work(document: dict[str, Any], times: int) -> None:
        try:
            for _ in range(times):
                engine.evaluate(document)
        except EngineError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(large, 2))]
    threads += [threading.Thread(target=work, args=(small, 20)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize("content", [b"", b"\0asm", b"no module", b"\0asm\1\0\0\0"])
def test_a_module_not_built_by_opa_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.wasm"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="reinstall dfpolicy"):
        WasmEngine(path).evaluate({})


def test_a_missing_module(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the policies are missing"):
        WasmEngine(tmp_path / "absent.wasm")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:100],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"\0" * 32 + content[32:],
    ],
    ids=["empty", "short", "changed", "other digest"],
)
def test_a_damaged_cache_is_only_slower(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Any
) -> None:
    monkeypatch.setenv("DFPOLICY_CACHE_DIR", str(tmp_path / "cache"))
    path = module(tmp_path, "i32.const 64")
    WasmEngine(path).evaluate({})
    (entry,) = (tmp_path / "cache").iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    assert WasmEngine(path).evaluate({})["results"] == []
    assert entry.read_bytes() == whole


def test_an_entry_of_another_compiler_is_compiled_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import hashlib

    monkeypatch.setenv("DFPOLICY_CACHE_DIR", str(tmp_path / "cache"))
    path = module(tmp_path, "i32.const 64")
    WasmEngine(path).evaluate({})
    (entry,) = (tmp_path / "cache").iterdir()
    foreign = b"a module of another version"
    entry.write_bytes(hashlib.sha256(foreign).digest() + foreign)
    assert WasmEngine(path).evaluate({})["results"] == []


def test_a_large_input() -> None:
    resources = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{i}"}, "data": {"é": "ü"}}
        for i in range(5000)
    ]
    decision = WasmEngine().evaluate({"resources": [*resources, AGENT]})
    assert len(decision["agents"]) == 1
    assert json.dumps(decision)


def test_evaluations_leave_no_memory_behind() -> None:
    # Only Linux reports the pages in use, but the property is the same elsewhere.
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("no /proc on this system")
    engine = WasmEngine()

    def pages() -> int:
        return int(statm.read_text("ascii").split()[1])

    for _ in range(5):
        engine.evaluate({})
    before = pages()
    for _ in range(40):
        engine.evaluate({})
    # One instance takes more than 400 pages.
    assert pages() - before < 4000
