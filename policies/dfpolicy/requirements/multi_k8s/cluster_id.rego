# METADATA
# title: The cluster ID has a form that the server accepts
# description: >-
#   From v6.6 an ID has up to 32 letters, digits and hyphens. Earlier agents accept only an ID that
#   the server created, which begins with `d-`. The server mixes up clusters with the same ID.
# related_resources:
#   - description: DeepFlow source code, clusters in the server
#     ref: https://github.com/deepflowio/deepflow/blob/main/server/controller/trisolaris/kubernetes/kubernetes.go
# custom:
#   id: DF-MK-004
#   level: recommended
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` to an ID from `deepflow-ctl domain list` or `deepflow-ctl
#     subdomain list`, a different one for each cluster. In the chart: `deepflowK8sClusterID`.
#   modes: [multi-k8s, managed-k8s]
package dfpolicy.requirements.multi_k8s.cluster_id

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.pass("kubernetes-cluster-id is not set") if {
	cluster.id(workload) == ""
} else := _malformed(_given(workload)) if {
	not regex.match(`^[0-9a-zA-Z][-0-9a-zA-Z]{0,31}$`, cluster.id(workload))
} else := _malformed(message.of("kubernetes-cluster-id is the placeholder {id}", {"id": cluster.id(workload)})) if {
	placeholders.found(cluster.id(workload))
} else := _malformed(cluster.shared_id(workload)) if {
	cluster.shared_id(workload)
} else := result.pass(_given(workload)) if {
	startswith(cluster.id(workload), "d-")
} else := _malformed(message.of(
	"kubernetes-cluster-id is {id}; agents before v6.6 accept only an ID that begins with d-",
	{"id": cluster.id(workload)},
)) if {
	some other in _sharing(workload)
	agent.versioned(other)
	not agent.at_least(other, [6, 6])
} else := agent.version_unknown({"image": _undated(workload)[0]}) if {
	count(_undated(workload)) > 0
} else := result.pass(_given(workload))

_given(workload) := message.of("kubernetes-cluster-id is {id}", {"id": cluster.id(workload)})

_malformed(observed) := result.violation(
	observed,
	"an ID from the server, or up to 32 letters, digits and hyphens, unique to this cluster",
)

_sharing(workload) := [other |
	some other in agent.workloads
	agent_config.subject(other) == agent_config.subject(workload)
]

_undated(workload) := sort([other.image |
	some other in _sharing(workload)
	not agent.versioned(other)
])
