"""The metrics of `dfpolicy watch`, for Prometheus."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client import Counter as Total
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dfpolicy.model import STATES, Counts, Effect, Report
from dfpolicy.report.cluster_features import FEATURES, cluster_features
from dfpolicy.report.fleet import blocked_nodes
from dfpolicy.report.fleet_shapes import KEEPINGS
from dfpolicy.version import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Each kind is a time series. A cluster has a few; more come from a hostile node.
_MOST_KINDS = 100
# What can fail.
FAILURES = ("list", "watch", "judge", "write")


class _Ages(Collector):
    """The age of each copied collection, when it is asked for."""

    def __init__(self, current: Callable[[], Mapping[str, float]]) -> None:
        self._current = current

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the ages in seconds."""
        name, told = (
            "dfpolicy_facts_age_seconds",
            "Seconds since the facts were known to be current.",
        )
        family = GaugeMetricFamily(name, told, labels=["collection"])
        now = time.time()
        for collection, when in sorted(self._current().items()):
            if when:
                family.add_metric([collection], max(now - when, 0.0))
        return [family]


class Metrics:
    """The present values. `current` returns when each collection was last known to be current."""

    def __init__(self, current: Callable[[], Mapping[str, float]] = dict) -> None:
        self._registry = registry = CollectorRegistry()
        registry.register(_Ages(current))

        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(f"dfpolicy_{name}", told, labels, registry=registry)

        self._build = gauge("build_info", "1 for this version of dfpolicy.", "version")
        self._build.labels(VERSION).set(1)
        self._agents = gauge("agents", "Agents in the cluster.")
        self._exit = gauge("exit_code", "The exit code of `dfpolicy check` for this cluster.")
        self._state = gauge("state", "1 for the state of the verdict, 0 for the others.", "state")
        self._requirements = gauge(
            "requirements", "Requirements by what they mean for the deployment.", "effect"
        )
        self._violations = gauge(
            "requirement_violated",
            "1 for a requirement that blocks or loses something.",
            *("requirement", "effect"),
        )
        self._feature = gauge(
            "feature_state",
            "1 for what becomes of the feature, 0 for the rest.",
            *("feature", "state"),
        )
        self._lost = gauge("feature_lost_nodes", "Nodes that lose the feature.", "feature")
        self._nodes = gauge("nodes", "Nodes that get an agent.")
        self._blocked = gauge("nodes_blocked", "Nodes on which something blocks.")
        self._kinds = gauge(
            "node_kind_nodes",
            "Nodes of a kind of node.",
            *("kernel_release", "os", "architecture", "tracing", "uprobes", "profiling"),
        )
        self._seconds = gauge("evaluation_duration_seconds", "Duration of the last evaluation.")
        self._when = gauge("last_evaluation_timestamp_seconds", "When the last evaluation ended.")
        self._evaluations = Total(
            "dfpolicy_evaluations", "Evaluations that ended.", registry=registry
        )
        self._errors = Total(
            "dfpolicy_errors", "Failures by what failed.", ["what"], registry=registry
        )
        self._objects = Total(
            "dfpolicy_report_objects_written",
            "Report objects that were written.",
            registry=registry,
        )
        for what in FAILURES:
            self._errors.labels(what)

    def text(self) -> bytes:
        """Return the metrics in the text format of Prometheus."""
        return generate_latest(self._registry)

    def failed(self, what: str) -> None:
        """Count a failure, one of FAILURES."""
        self._errors.labels(what).inc()

    def written(self, count: int) -> None:
        """Count written objects."""
        self._objects.inc(count)

    def judged(self, report: Report | None, seconds: float) -> None:
        """Show a report, None if the cluster has no agent."""
        self._evaluations.inc()
        self._seconds.set(seconds)
        self._when.set_to_current_time()
        for one in (self._violations, self._kinds):
            one.clear()
        self._agents.set(len(report["agents"]) if report else 0)
        self._exit.set(report["exitCode"] if report else 0)
        self._show_state(report)
        for feature in cluster_features(report) if report else ():
            for state in KEEPINGS:
                self._feature.labels(feature["feature"], state).set(feature["state"] == state)
            lost = feature["nodes"] if feature["state"] in ("lost", "some") else 0
            self._lost.labels(feature["feature"]).set(lost)
        if report is None:
            for name in FEATURES:
                for state in KEEPINGS:
                    self._feature.labels(name, state).set(0)
                self._lost.labels(name).set(0)
        self._show_nodes(report)

    def _show_state(self, report: Report | None) -> None:
        verdict = report["verdict"] if report else None
        for state in STATES:
            self._state.labels(state).set(bool(verdict and verdict["state"] == state))
        counts: Counts | None = verdict["counts"] if verdict else None
        shown: dict[Effect, int] = {
            "blocks": counts["blocks"] if counts else 0,
            "loses": counts["loses"] if counts else 0,
            "note": counts["notes"] if counts else 0,
            "not-checked": counts["notChecked"] if counts else 0,
            "accepted": counts["accepted"] if counts else 0,
            "met": counts["met"] if counts else 0,
        }
        for effect, count in shown.items():
            self._requirements.labels(effect).set(count)
        for problem in verdict["problems"] if verdict else ():
            for identifier in problem["ids"]:
                self._violations.labels(identifier, problem["effect"]).set(1)

    def _show_nodes(self, report: Report | None) -> None:
        verdict = report["verdict"] if report else None
        self._nodes.set(verdict["nodes"]["judged"] if verdict else 0)
        self._blocked.set(blocked_nodes(verdict) if verdict else 0)
        kinds: Counter[tuple[str, ...]] = Counter()
        for kind in verdict["nodes"]["kinds"] if verdict else ():
            key: tuple[str, ...] = (
                *(kind["kernelRelease"], kind["os"], kind["architecture"]),
                *(kind["tracing"], kind["uprobes"], kind["profiling"]),
            )
            kinds[key] += len(kind["names"])
        for key, count in kinds.most_common(_MOST_KINDS):
            self._kinds.labels(*key).set(count)
