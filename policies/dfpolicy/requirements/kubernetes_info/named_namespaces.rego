# METADATA
# title: The agent sees the host's named network namespaces
# description: >-
#   With `/var/run/netns` the agent finds namespaces by name; without it it goes through
#   `/proc/<pid>/ns/net`, which is slower and loses a namespace with its process.
# custom:
#   id: DF-K8S-004
#   level: recommended
#   covers: [k8s-netns, k8s-netns-first, k8s-netns-fallback]
#   impact: [AutoTagging]
#   remediation: >-
#     Mount the hostPath `/var/run/netns` at the same path with `readOnly: true` and
#     `mountPropagation: HostToContainer`; in the chart set `netns.mount: true`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.kubernetes_info.named_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload, "/var/run/netns")) if some workload in agent.on_node

_verdict(workload, path) := result.pass($"{path} is mounted with mountPropagation {mounted.mountPropagation}") if {
	mounted := mount.of_host(workload, path)
	mounted.mountPropagation in {"HostToContainer", "Bidirectional"}
} else := result.violation(
	$"{path} is mounted without mountPropagation, so namespaces created later stay invisible",
	"mountPropagation is HostToContainer",
) if {
	mount.of_host(workload, path)
} else := result.violation(
	mount.missing(workload, path),
	$"hostPath {path} mounted at {path}",
)
