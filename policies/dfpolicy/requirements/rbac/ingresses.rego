# METADATA
# title: The agent can get, list and watch ingresses
# description: >-
#   Ingresses link host names and paths to services. From Kubernetes 1.14, the agent needs them in
#   the API group `networking.k8s.io`. Kubernetes 1.22 removes them from `extensions`.
# custom:
#   id: DF-RBAC-011
#   covers: [rbac-ingresses]
#   reads: [manifests, cluster]
#   words: {resource: ingresses, group: 'the API group `networking.k8s.io`'}
package dfpolicy.requirements.rbac.ingresses

import data.dfpolicy.lib.access
import data.dfpolicy.lib.image
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := result.pass("get, list and watch are granted in the API group extensions, which is enough before Kubernetes 1.14") if {
	_ingresses_of_extensions(workload)
	_cluster_before([1, 14])
} else := result.at("recommended", access.verdict(workload, "ingresses")) if {
	access.verdict(workload, "ingresses").outcome == "violation"
	_ingresses_of_extensions(workload)
	_cluster_before([1, 22])
} else := access.verdict(workload, "ingresses")

_ingresses_of_extensions(workload) if {
	workload.watches
	count(rbac.missing(rbac.account(workload), "extensions", "ingresses")) == 0
}

_cluster_before(version) if {
	known := image.version_of_tag(value.string_at(settings.cluster, "version"))
	known != null
	known < version
}
