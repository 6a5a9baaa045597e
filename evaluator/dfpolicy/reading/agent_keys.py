"""The keys of deepflow-agent.yaml; the values of all other keys are hidden."""

from __future__ import annotations

# The keys of `tables/config_keys`.
AGENT_KEYS = frozenset(
    (
        "agent-unique-identifier",
        "async-worker-thread-number",
        "cgroups-disabled",
        "controller-cert-file-prefix",
        "controller-domain-name",
        "controller-ips",
        "controller-port",
        "controller-tls-port",
        "kubernetes-cluster-id",
        "kubernetes-cluster-name",
        "liveness-probe-enabled",
        "liveness-probe-port",
        "log-file",
        "override-os-hostname",
        "pid-file",
        "team-id",
        "vtap-group-id-request",
    )
)
