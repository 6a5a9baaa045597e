# METADATA
# title: Platforms
# description: Distributions of Kubernetes that change defaults, detected by their nodes.
# related_resources:
#   - description: Talos documentation, Pod Security
#     ref: https://www.talos.dev/latest/kubernetes-guides/configuration/pod-security/
package dfpolicy.lib.platform

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Default of Pod Security
# description: >-
#   The platform that enforces a Pod Security level on namespaces without a label. Undefined if no
#   such platform is known from the nodes.
pod_security_default := _enforcing if _enforcing

# Not undefined, because OPA would look at the nodes again for each agent.
default _enforcing := false

_enforcing := "Talos" if {
	some node in facts.nodes
	startswith(value.string_at(node.spec, "osImage"), "Talos")
} else := "VMware Tanzu" if {
	some resource in settings.resources
	resource.kind == "Node"
	release := value.string_at(resource, ["status", "nodeInfo", "kubeletVersion"])
	regex.match(`^v1\.(2[6-9]|[3-9][0-9])\..*\+vmware\.`, release)
}
