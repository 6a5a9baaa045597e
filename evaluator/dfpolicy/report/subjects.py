"""The subject of a result: its name, and when two results are the same one."""

from __future__ import annotations

import json

from dfpolicy.i18n.language import _, clauses, marked
from dfpolicy.model import Result, Subject

# Subjects that represent more than one object.
_WHOLE = {"Node": marked("every node"), "Cluster": marked("the cluster")}


def is_whole(subject: Subject) -> bool:
    """Whether the subject is not a single object, but the cluster or all its nodes."""
    return bool(subject["name"] == "*")


def described(subject: Subject) -> str:
    """Return the subject as people write it: `DaemonSet deepflow/deepflow-agent, container c`."""
    if is_whole(subject):
        whole = _WHOLE.get(subject["kind"])
        return _(whole) if whole else _("every {kind}").format(kind=subject["kind"])
    parts = [f"{subject['kind']} {full_name(subject)}"]
    if subject.get("container"):
        parts.append(_("container {name}").format(name=subject["container"]))
    if subject.get("node"):
        parts.append(_("node {name}").format(name=subject["node"]))
    return clauses(parts)


def full_name(subject: Subject) -> str:
    """Return namespace and name: `deepflow/deepflow-agent`."""
    return "/".join(name for name in (subject.get("namespace"), subject["name"]) if name)


def qualified_name(subject: Subject) -> str:
    """Return the subject as one word: `apps/v1/DaemonSet/deepflow/deepflow-agent/container/c`."""
    parts = [subject.get("apiVersion"), subject["kind"], subject.get("namespace"), subject["name"]]
    if subject.get("container"):
        parts += ["container", subject["container"]]
    if subject.get("node"):
        parts += ["node", subject["node"]]
    return "/".join(part for part in parts if part)


def key(result: Result) -> str:
    """Return what identifies a result across reports: the ID and the subject."""
    subject = result["subject"]
    names = (subject.get("apiVersion"), subject["kind"], subject.get("namespace"), subject["name"])
    inside = (subject.get("container"), subject.get("node"))
    return json.dumps([result["id"], *names, *inside])
