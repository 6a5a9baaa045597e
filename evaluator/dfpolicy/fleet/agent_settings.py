"""The settings of a cluster's agents as flat texts, so that clusters can be compared.

They come from the input of the policies, which contains no secrets; what is hidden there is not
compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dfpolicy.i18n.escaping import cleaned
from dfpolicy.model import JsonObject, Workload
from dfpolicy.reading.agent_file import has_agent_name
from dfpolicy.reading.redacted_text import HIDDEN
from dfpolicy.report.fleet_shapes import AgentSetting

# More characters than a setting of an agent has, and more settings than an agent.
_LONGEST, _MOST = 500, 2000
_POD = ("spec", "template", "spec")


def agent_settings(
    resources: Iterable[JsonObject], agents: Iterable[Workload]
) -> list[AgentSetting]:
    """Return the settings of the objects that run an agent, and those of the agent's own file."""
    wanted = {(agent["subject"]["kind"], agent["subject"]["name"]) for agent in agents}
    found: list[AgentSetting] = []
    for resource in resources:
        metadata = resource.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        if (resource["kind"], name) in wanted:
            found += _settings(f"{resource['kind']} {name}", _flat(_pod(resource), ""))
        for key, file in _files(resource):
            found += _settings(key, _entries(file))
        if len(found) > _MOST:
            break
    return sorted(found[:_MOST], key=lambda one: (one["object"], one["path"]))


def _settings(place: str, pairs: Iterable[tuple[str, str]]) -> list[AgentSetting]:
    return [
        {"object": cleaned(place), "path": cleaned(path), "value": cleaned(value[:_LONGEST])}
        for path, value in pairs
        if HIDDEN not in value
    ]


def _pod(resource: JsonObject) -> Any:
    """Return what describes the pod of a workload, or else the whole `spec`."""
    value: Any = resource
    for key in _POD:
        value = value.get(key) if isinstance(value, dict) else None
    return resource.get("spec") if value is None else value


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of the values; a member of a list of named objects is found by its name."""
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from _flat(value[key], f"{path}.{key}" if path else str(key))
        return
    if isinstance(value, list) and value and all(map(_has_name, value)):
        for member in value:
            rest = {key: one for key, one in member.items() if key != "name"}
            yield from _flat(rest, f"{path}[{member['name']}]")
        return
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        # The order of capabilities and the like means nothing.
        value = ", ".join(sorted(value) if path.endswith((".add", ".drop")) else value)
    yield path, value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _has_name(member: Any) -> bool:
    return isinstance(member, dict) and isinstance(member.get("name"), str)


def _files(resource: JsonObject) -> Iterator[tuple[str, Any]]:
    """Yield the agent's decoded files that an object contains."""
    files = resource.get("decoded")
    if resource["kind"] == "AgentConfig":
        yield "deepflow-agent.yaml", files
    elif isinstance(files, dict):
        yield from ((key, file) for key, file in sorted(files.items()) if has_agent_name(key))


def _entries(file: Any) -> Iterator[tuple[str, str]]:
    for entry in file.get("entries", ()) if isinstance(file, dict) else ():
        yield str(entry["key"]), _shown(entry["value"])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return str(next(iter(value.values()), ""))
    return str(value)
