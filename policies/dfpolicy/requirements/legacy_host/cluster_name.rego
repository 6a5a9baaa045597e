# METADATA
# title: The agent on a cluster node has the cluster's ID
# description: >-
#   Where you cannot create a DaemonSet, agents run as processes on the nodes, and one watcher in
#   the cluster reads the API server. Agents and watcher must have the same cluster ID.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-LH-010
#   met: >-
#     `kubernetes-cluster-id` is the ID of the cluster that the watcher reports for
#   related: [DF-MK-004]
#   conditional: true
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `/etc/deepflow-agent.yaml` to the ID of the cluster's domain,
#     and deploy the watcher with the same ID.
package dfpolicy.requirements.legacy_host.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.managed_hosts
	_of_cluster(workload)
}

# The requirement does not apply to an agent on a host outside of clusters.
_of_cluster(_) if count(_watchers) > 0

_of_cluster(workload) if count(_cluster_ids(workload)) > 0

_watchers := [candidate | some candidate in agent.workloads; candidate.role == "watcher"]

_cluster_ids(workload) := [given | some given in agent_config.values(workload, "kubernetes-cluster-id"); given != null]

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := file_changes.asked(workload, file_changes.cluster_id, result.violation(
	"kubernetes-cluster-id is not set, and the cluster has a watcher",
	_expected,
)) if {
	count(_valid_ids(workload)) == 0
	count(_cluster_ids(workload)) == 0
} else := file_changes.asked(workload, file_changes.cluster_id, result.violation(
	message.of("kubernetes-cluster-id is the placeholder {id}", {"id": value.shown(_cluster_ids(workload)[0])}),
	_expected,
)) if {
	count(_valid_ids(workload)) == 0
} else := result.unknown("whether the cluster has a watcher", "kubectl get deployments -A -l component=deepflow-agent -o yaml") if {
	count(_watchers) == 0
} else := result.pass(message.of(
	"kubernetes-cluster-id is {id}, and the cluster has a watcher",
	{"id": _valid_ids(workload)[0]},
))

_expected := message.text("the cluster's ID in kubernetes-cluster-id")

_valid_ids(workload) := [given |
	some given in _cluster_ids(workload)
	is_string(given)
	not placeholders.found(given)
]
