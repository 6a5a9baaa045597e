# METADATA
# title: The cluster's id has the form that the server accepts
# description: >-
#   From v6.6 on an id is up to 32 letters, digits and hyphens; before, only one that the server
#   made, which begins with `d-`. The server mixes up clusters of one id.
# custom:
#   id: DF-MK-004
#   level: recommended
#   impact: [AutoTagging]
#   remediation: >-
#     Take `kubernetes-cluster-id` from `deepflow-ctl domain list` or `deepflow-ctl subdomain
#     list`, another one for each cluster; in the chart `deepflowK8sClusterID`.
#   source: SRC
#   modes: [multi-k8s, managed-k8s]
package dfpolicy.requirements.multi_k8s.cluster_id

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.pass("no kubernetes-cluster-id is set") if {
	cluster.id(workload) == ""
} else := _malformed($"kubernetes-cluster-id is {cluster.id(workload)}") if {
	not regex.match(`^[0-9a-zA-Z][-0-9a-zA-Z]{0,31}$`, cluster.id(workload))
} else := _malformed($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := _malformed(cluster.shared_id(workload)) if {
	cluster.shared_id(workload)
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}") if {
	startswith(cluster.id(workload), "d-")
} else := _malformed($"kubernetes-cluster-id is {cluster.id(workload)}, and agents before v6.6 want one that begins with d-") if {
	some other in _sharing(workload)
	agent.versioned(other)
	not agent.at_least(other, [6, 6])
} else := agent.version_unknown({"image": _undated(workload)[0]}) if {
	count(_undated(workload)) > 0
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_malformed(observed) := result.violation(
	observed,
	"an id of the server's, or up to 32 letters, digits and hyphens, that no other cluster has",
)

_sharing(workload) := [other |
	some other in agent.workloads
	agent_config.subject(other) == agent_config.subject(workload)
]

_undated(workload) := sort([other.image |
	some other in _sharing(workload)
	not agent.versioned(other)
])
