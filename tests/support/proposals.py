"""A deployment that a chart rendered, with mistakes, and the report that proposes changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import cast

from dfpolicy.model import Report
from support import command
from support.broken_fleets import manifests

SECRET = "hunter2-7f3a"
# What goes wrong: a value of the chart, a list with a secret, a field without a value, and nodes.
MISTAKES = {
    "                - SYSLOG\n": "",
    "      hostPID: true\n": "      hostPID: false\n",
    "          env:\n": f"""\
          env:
            - name: DB_PASSWORD
              value: {SECRET}
            - name: K8S_WATCH_POLICY
              value: Watch-Disabled
""",
}
LABEL = "    component: deepflow-agent\nspec:"
NODE = """\
---
apiVersion: dfpolicy.dev/v1
kind: NodeFacts
metadata: {name: NAME}
spec: {sysctls: {kernel.kptr_restrict: 2}}
"""


def rendered(mistakes: Mapping[str, str] = MISTAKES, version: str = "-7.1.002") -> str:
    """The manifests as a release of the chart renders them, with mistakes."""
    text = manifests(sound=True)
    label = f"    helm.sh/chart: deepflow-agent{version}\n"
    for old, new in {LABEL: label + LABEL, **mistakes}.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


@cache
def proposed() -> Report:
    """The report on the manifests with mistakes, and on nodes that need a command."""
    nodes = "".join(NODE.replace("NAME", f"node-{number}") for number in (10, 2))
    return evaluated(rendered() + nodes)


def evaluated(text: str, *arguments: str) -> Report:
    """The report of `dfpolicy eval` on a text."""
    given = arguments or ("-",)
    done = command.run("eval", *given, "--config", "", "-o", "json", stdin=text)
    return cast(Report, json.loads(done.stdout))
