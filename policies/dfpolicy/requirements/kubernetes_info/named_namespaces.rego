# METADATA
# title: The agent sees the host's named network namespaces
# description: >-
#   With `/var/run/netns`, the agent finds network namespaces by name. Otherwise it uses
#   `/proc/<pid>/ns/net`, which is slower and loses a namespace when its process ends.
# custom:
#   id: DF-K8S-004
#   met: >-
#     hostPath `/var/run/netns` is mounted at the same path, with `mountPropagation:
#     HostToContainer`
#   level: recommended
#   covers: [k8s-netns, k8s-netns-first, k8s-netns-fallback]
#   impact: [AutoTagging]
#   remediation: >-
#     Mount the hostPath `/var/run/netns` at the same path with `readOnly: true` and
#     `mountPropagation: HostToContainer`. In the chart, set `netns.mount: true`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.kubernetes_info.named_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := agent_changes.host_path(workload, _mount, _seen(workload))

_mount := {"path": _path, "settings": {"readOnly": true, "mountPropagation": "HostToContainer"}}

_seen(workload) := result.pass(message.of("/var/run/netns is mounted with mountPropagation {value}", {"value": mounted.mountPropagation})) if {
	mounted := mount.of_host(workload, _path)
	mounted.mountPropagation in {"HostToContainer", "Bidirectional"}
} else := result.violation(
	"/var/run/netns is mounted without mountPropagation, so the agent does not see namespaces created later",
	"mountPropagation is HostToContainer",
) if {
	mount.of_host(workload, _path)
} else := result.violation(
	mount.why_missing(workload, _path),
	"hostPath /var/run/netns is mounted at the same path",
)

_path := "/var/run/netns"
