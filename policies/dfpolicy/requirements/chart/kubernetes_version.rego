# METADATA
# title: The charts support the cluster's Kubernetes version
# description: >-
#   The agent's chart requires Kubernetes 1.16, the server's chart 1.18. A kubelet is never newer
#   than its API server, so one kubelet of that version is sufficient evidence.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   id: DF-CH-002
#   met: >-
#     the cluster runs Kubernetes 1.16 or later for the agent's chart, 1.18 or later for the
#     server's
#   level: required
#   reads: [manifests, nodes, cluster]
#   impact: [Agent start]
#   remediation: Upgrade the cluster, or install agents on its hosts instead (mode legacy-host).
package dfpolicy.requirements.chart.kubernetes_version

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), {"kind": "Cluster", "name": "*"}, _verdict(settings.cluster, minor)) if some minor in _minors

# One entry, the required minor version, when anything is installed.
_minors := [18] if {
	count(server.workloads) > 0
} else := [16 | count(agent.workloads) > 0]

_verdict(cluster, minor) := result.pass(_api_server(cluster)) if {
	_version(cluster.version) >= [1, minor]
} else := result.violation(
	_api_server(cluster),
	message.of("Kubernetes 1.{minor} or later", {"minor": minor}),
) if {
	_version(cluster.version)
} else := result.pass(message.of(
	"the newest kubelet is {version}",
	{"version": concat(".", [format_int(part, 10) | some part in max(_kubelets)])},
)) if {
	max(_kubelets) >= [1, minor]
} else := result.unknown("the version of the API server", "kubectl version")

_api_server(cluster) := message.of("the API server is {version}", {"version": value.plain(cluster.version)})

_version(text) := [to_number(match[0][1]), to_number(match[0][2])] if {
	match := regex.find_all_string_submatch_n(`^v?([1-9][0-9]?)\.(0|[1-9][0-9]{0,2})(?:[^0-9].*)?$`, value.plain(text), 1)
	count(match) > 0
}

_kubelets := {version |
	some resource in settings.resources
	resource.kind == "Node"
	version := _version(value.string_at(resource, ["status", "nodeInfo", "kubeletVersion"]))
}
