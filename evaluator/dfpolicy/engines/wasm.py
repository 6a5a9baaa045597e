"""The embedded engine: the policies as WebAssembly, run in this process by wasmtime.

It uses the WebAssembly interface of OPA 1.x: input and result are JSON text in the module's memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import wasmtime

from dfpolicy.engines import compile_cache, worker
from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _
from dfpolicy.input.encoding import written
from dfpolicy.model import Decision, EngineName, FeatureRow, JsonObject

BUNDLED = Path(__file__).parents[1] / "policy" / "bundle" / "policy.wasm"
# In the order of the build: entry points are called by number.
ENTRYPOINTS = ("decision", "features", "nodes_read", "part", "places")
# In bytes. Optimised compilation takes half a second more, which only larger inputs repay.
LARGE = 1 << 18
MEMORY_LIMIT = 3 << 30
TIME_LIMIT = 60.0
_GRACE_SECONDS = 5.0
_PAGE = 1 << 16


class WasmEngine:
    """Evaluates a policy module compiled by `opa build -t wasm`.

    `memory_limit` is in bytes, `time_limit` in seconds, both for one evaluation. `bundle`
    identifies the policies by the start of their digest. `memory` is what the last evaluation took,
    in bytes.
    """

    name: EngineName = "wasm"

    def __init__(
        self,
        module: Path = BUNDLED,
        memory_limit: int = MEMORY_LIMIT,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._memory_limit = memory_limit
        self._time_limit = time_limit
        self.memory = 0
        try:
            self._wasm = module.read_bytes()
        except OSError as error:
            raise EngineError(
                _("the policies are missing"), str(module), _("reinstall dfpolicy")
            ) from error
        self.bundle = hashlib.sha256(self._wasm).hexdigest()[:12]
        self._programs: dict[bool, _Program] = {}

    def evaluate(self, document: JsonObject) -> Decision:
        """Return the decision on an input document. Raises EngineError."""
        decision: Decision = self._ask("decision", document)
        return decision

    def features(self, document: JsonObject) -> list[FeatureRow]:
        """Return only the feature rows of the decision. Raises EngineError."""
        rows: list[FeatureRow] = self._ask("features", document)
        return rows

    def nodes_read(self, document: JsonObject) -> JsonObject:
        """Return what the policies read of nodes (see `node_kinds`). Raises EngineError."""
        answer: JsonObject = self._ask("nodes_read", document)
        return answer

    def part(self, resources: Sequence[bytes]) -> JsonObject:
        """Return what is in scope of a part of the objects (see `pruning`). Raises EngineError."""
        content = b'{"resources":[%b]}' % b",".join(resources)
        answer: JsonObject = self._result_of("part", content)
        return answer

    def places(self, sightings: Sequence[JsonObject], namespace: str) -> list[str]:
        """Return the namespaces that are in scope (see `pruning`). Raises EngineError."""
        document = {"sightings": [*sightings], "release": {"namespace": namespace}}
        answer: list[str] = self._ask("places", document)
        return answer

    def entrypoints(self) -> dict[str, int]:
        """Return the entry points of the module by name."""
        with closing(self._run(0)) as run:
            return run.table("entrypoints")

    def _ask(self, entrypoint: str, document: JsonObject) -> Any:
        return self._result_of(entrypoint, written(document))

    def _result_of(self, entrypoint: str, content: bytes) -> Any:
        with closing(self._run(len(content))) as run:
            text = run.answer(ENTRYPOINTS.index(entrypoint), content, self._time_limit)
            self.memory = run.memory()
        # After the module's memory is free, because a large decision needs much of its own.
        found: list[JsonObject] = json.loads(text)
        if not found:
            raise EngineError(_("the policies returned no decision"))
        return found[0]["result"]

    def builtins(self) -> dict[str, int]:
        """Return the built-in functions that the module needs from its host; there must be none."""
        with closing(self._run(0)) as run:
            return run.table("builtins")

    def _run(self, size: int) -> _Run:
        thorough = size >= LARGE or True in self._programs
        if thorough not in self._programs:
            self._programs[thorough] = _Program(self._wasm, thorough)
        return _Run(self._programs[thorough], self._memory_limit)


class _Program:
    """The compiled module: optimised, or compiled in half the time but 1.5 times as slow.

    `least` is the number of pages that it starts with.
    """

    def __init__(self, wasm: bytes, thorough: bool) -> None:
        config = wasmtime.Config()
        config.epoch_interruption = True
        if not thorough:
            config.cranelift_opt_level = "none"
            config.cranelift_flag_set("regalloc_algorithm", "single_pass")
        self.engine = wasmtime.Engine(config)
        self.module = self._compiled(wasm, "thorough" if thorough else "quick")
        # The constants are in memory from the start, but the module requests less memory than they
        # need.
        self.least = _least_pages(self.module) + len(wasm) // _PAGE + 1

    def _compiled(self, wasm: bytes, way: str) -> wasmtime.Module:
        key = compile_cache.key(wasm, f"wasmtime, epoch interruption, {way}")
        module = self._stored(key)
        if module is not None:
            return module
        with compile_cache.alone():
            module = self._stored(key)
            if module is not None:
                return module
            # On another thread, because compilation cannot be interrupted.
            job = worker.start(lambda: wasmtime.Module(self.engine, wasm))
            job.wait()
            if isinstance(job.outcome, wasmtime.WasmtimeError):
                raise EngineError(
                    _("cannot compile the policies"), hint=_("reinstall dfpolicy")
                ) from job.outcome
            if isinstance(job.outcome, BaseException):
                raise job.outcome
            compiled: wasmtime.Module = job.outcome
            compile_cache.store(key, bytes(compiled.serialize()))
        return compiled

    def _stored(self, key: str) -> wasmtime.Module | None:
        stored = compile_cache.load(key)
        if stored is None:
            return None
        try:
            # wasmtime refuses a module that another wasmtime version compiled.
            return wasmtime.Module.deserialize(self.engine, stored)
        except wasmtime.WasmtimeError:
            return None


class _Run:
    """One instance of the module, for one evaluation."""

    def __init__(self, program: _Program, memory_limit: int) -> None:
        self._engine = engine = program.engine
        module, least = program.module, program.least
        self._memory_limit = memory_limit
        self._aborted: str | None = None
        self._job: worker.Job | None = None
        self._store = wasmtime.Store(engine)
        self._store.set_epoch_deadline(1)
        limits = wasmtime.Limits(least, max(memory_limit // _PAGE, least))
        try:
            self._memory = wasmtime.Memory(self._store, wasmtime.MemoryType(limits))
            instance = wasmtime.Instance(self._store, module, self._imports(module))
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise EngineError(_("cannot start the policies")) from error
        self._exports: Any = instance.exports(self._store)

    def answer(self, entrypoint: int, document: bytes, time_limit: float) -> bytearray:
        """Return the results as JSON.

        The module runs on a thread, so that Ctrl-C and the time limit can stop it.
        """
        # Store it before it runs: a signal in between would close what it uses.
        self._job = job = worker.Job(lambda: self._evaluate(entrypoint, document))
        try:
            worker.run(job)
            done = job.wait(time_limit)
        except BaseException:
            self._engine.increment_epoch()
            job.wait(_GRACE_SECONDS)
            raise
        if not done:
            # Only if needed: this stops every evaluation of the engine.
            self._engine.increment_epoch()
            job.wait(_GRACE_SECONDS)
            raise EngineError(
                _("no decision within {seconds:g} s").format(seconds=time_limit),
                hint=_("evaluate fewer documents at once"),
            )
        if isinstance(job.outcome, BaseException):
            raise self._explained(job.outcome)
        found: bytearray = job.outcome
        return found

    def memory(self) -> int:
        """Return the size of the module's memory in bytes; `close` frees all of it."""
        return self._memory.data_len(self._store)

    def close(self) -> None:
        """Free the memory; otherwise wasmtime keeps what its host functions refer to."""
        if self._job is None or self._job.done:
            self._store.close()

    def table(self, name: str) -> dict[str, int]:
        """Return the module's own table `builtins` or `entrypoints`."""
        address = self._call(name)
        answer: dict[str, int] = json.loads(self._text(self._call("opa_json_dump", address)))
        return answer

    def _evaluate(self, entrypoint: int, document: bytes) -> bytearray:
        data = self._json(b"{}")
        heap = self._call("opa_heap_ptr_get")
        self._reserve(heap + len(document))
        self._memory.write(self._store, document, heap)
        end = heap + len(document)
        address = self._call("opa_eval", 0, entrypoint, data, heap, len(document), end, 0)
        return self._text(address)

    def _json(self, text: bytes) -> int:
        address = self._call("opa_malloc", len(text))
        self._memory.write(self._store, text, address)
        return self._call("opa_json_parse", address, len(text))

    def _reserve(self, end: int) -> None:
        missing = end - self._memory.data_len(self._store)
        if missing > 0:
            try:
                self._memory.grow(self._store, -(-missing // _PAGE))
            except wasmtime.WasmtimeError as error:
                raise MemoryError from error

    def _text(self, address: int) -> bytearray:
        """Return the NUL-terminated text at an address. It is copied once: it can be large."""
        place, size = address, self._memory.data_len(self._store)
        while place < size:
            part = self._memory.read(self._store, place, min(place + _PAGE, size))
            end = part.find(0)
            if end >= 0:
                return self._memory.read(self._store, address, place + end)
            place += len(part)
        return self._memory.read(self._store, address, size)

    def _call(self, name: str, *arguments: int) -> int:
        result: int = self._exports[name](self._store, *arguments)
        return result & 0xFFFFFFFF

    def _imports(self, module: wasmtime.Module) -> list[Any]:
        i32 = wasmtime.ValType.i32()

        def abort(address: int) -> None:
            self._aborted = self._text(address & 0xFFFFFFFF).decode()
            raise EngineError(self._aborted)

        def builtin(*_arguments: int) -> int:
            raise EngineError(
                _("the policies need a built-in function that this engine does not have")
            )

        imports: list[Any] = []
        for wanted in module.imports:
            if wanted.name == "memory":
                imports.append(self._memory)
            elif wanted.name == "opa_abort":
                kind = wasmtime.FuncType([i32], [])
                imports.append(wasmtime.Func(self._store, kind, abort))
            elif wanted.name == "opa_println":
                kind = wasmtime.FuncType([i32], [])
                imports.append(wasmtime.Func(self._store, kind, lambda _address: None))
            else:
                assert isinstance(wanted.type, wasmtime.FuncType)
                imports.append(wasmtime.Func(self._store, wanted.type, builtin))
        return imports

    def _explained(self, error: BaseException) -> BaseException:
        if isinstance(error, MemoryError) or self._full():
            return EngineError(
                _("the input needs more than {size} MiB of memory").format(
                    size=self._memory_limit >> 20
                ),
                hint=_("evaluate fewer documents at once"),
            )
        if self._aborted is not None:
            return EngineError(_("the policies stopped: {reason}").format(reason=self._aborted))
        if isinstance(error, (wasmtime.Trap, wasmtime.WasmtimeError)):
            return EngineError(_("the policies failed: {reason}").format(reason=_cause(error)))
        return error

    def _full(self) -> bool:
        # A large allocation can fail although much is free; the module then reports it and stops.
        return (
            self._aborted == "opa_malloc: failed"
            or self._memory.data_len(self._store) + 2 * _PAGE > self._memory_limit
        )


def _cause(error: BaseException) -> str:
    """Return the last line of a trap's text; those before it are a backtrace."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()


def _least_pages(module: wasmtime.Module) -> int:
    for wanted in module.imports:
        if isinstance(wanted.type, wasmtime.MemoryType):
            return wanted.type.limits.min
    raise EngineError(
        _("the policies are not a module that `opa build` writes"), hint=_("reinstall dfpolicy")
    )
