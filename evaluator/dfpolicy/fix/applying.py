"""The commands that apply what was written."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from dfpolicy.model import GivenChart

# Helm's own flag for values that can be secret.
_SET = "--helm-set"
_MANIFESTS = "manifests.yaml"


def applying(written: Sequence[tuple[str, str]], chart: GivenChart | None) -> list[str]:
    """Return the lines that apply the outputs, which are pairs of format and path.

    What needs Kustomize is a line of kustomization.yaml, as a comment, before the command. A chart
    is then rendered for it, and installed by Helm otherwise.
    """
    paths = {name: quote(path) for name, path in written}
    lines = []
    if "kustomize" in paths:
        lines.append(f"components: [{paths['kustomize']}]")
    elif "patch" in paths:
        lines.append(f"patches: [{{path: {paths['patch']}}}]")
    found = []
    if chart is not None and lines:
        lines.insert(0, f"resources: [{_MANIFESTS}]")
        found.append(f"helm template RELEASE {_chart(chart, paths)} > {_MANIFESTS}")
    elif chart is not None and "values" in paths:
        found.append(f"helm upgrade RELEASE {_chart(chart, paths)}")
    if "diff" in paths:
        found.append(f"git apply {paths['diff']}")
    found += [
        f"kubectl apply -f {paths[name]}" for name in ("objects", "gatekeeper") if name in paths
    ]
    if lines:
        found += [*(f"# kustomization.yaml  {line}" for line in lines), "kubectl apply -k ."]
    if "script" in paths:
        found.append(f"sh {paths['script']} --apply NODE")
    return found


def _chart(chart: GivenChart, paths: dict[str, str]) -> str:
    words = [quote(chart["reference"]), *(f"-f {quote(name)}" for name in chart["values"])]
    if _SET in chart["flags"]:
        words.append("--set ...")
    if "values" in paths:
        words.append(f"-f {paths['values']}")
    return " ".join(words)
