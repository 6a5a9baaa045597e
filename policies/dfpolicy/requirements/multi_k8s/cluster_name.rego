# METADATA
# title: The cluster name is unique
# description: >-
#   Dashboards show this name, and the server uses it to find a manually created domain. Nobody can
#   distinguish two clusters with the same name.
# custom:
#   id: DF-MK-003
#   met: >-
#     `kubernetes-cluster-name` is set and unique to this cluster
#   related: [DF-SL-004]
#   level: recommended
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to the name of the cluster, or of the
#     domain created for it. In the chart: `clusterNAME`.
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-name")
} else := result.at("required", _indistinct(workload, _unlisted(workload))) if {
	_unlisted(workload)
} else := _indistinct(workload, message.text("kubernetes-cluster-name is not set")) if {
	cluster.name(workload) == ""
} else := result.at("required", _indistinct(workload, message.of(
	"kubernetes-cluster-name is the placeholder {name}",
	{"name": cluster.name(workload)},
))) if {
	placeholders.found(cluster.name(workload))
} else := _indistinct(workload, message.of(
	"clusters with the IDs {ids} share the kubernetes-cluster-name {name}",
	{"ids": message.list(cluster.ids_of(cluster.name(workload))), "name": cluster.name(workload)},
)) if {
	count(cluster.ids_of(cluster.name(workload))) > 1
} else := result.pass(message.of("kubernetes-cluster-name is {name}", {"name": cluster.name(workload)}))

_indistinct(workload, observed) := file_changes.asked(workload, file_changes.cluster_name, result.violation(
	observed,
	"a kubernetes-cluster-name unique to this cluster",
))

# If the input has manually created domains, the name must be one of them.
_unlisted(workload) := message.of(
	"kubernetes-cluster-name is {name}; the domains are {domains}",
	{"name": value.shown(cluster.name(workload)), "domains": message.list(names)},
) if {
	names := domain.names(domain.clusters)
	count(names) > 0
	not cluster.name(workload) in names
}
