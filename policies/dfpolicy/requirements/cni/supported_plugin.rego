# METADATA
# title: DeepFlow supports the cluster's CNI plug-in
# description: >-
#   The agent maps traffic to pods by the interfaces that the CNI plug-in creates. With a plug-in
#   that DeepFlow does not support, traffic can miss its labels. To accept a plug-in that you have
#   tested, add it to `parameters.acceptedCnis` in `dfpolicy.yaml`.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CNI-001
#   met: the cluster's CNI plug-in is one that DeepFlow supports, or one that you accept
#   level: required
#   covers:
#     - cni-adapted
#     - cni-flannel
#     - cni-calico
#     - cni-cilium
#     - cni-multus
#     - cni-open-vswitch
#     - cni-weave
#     - cni-tke-globalrouter
#     - cni-tke-vpc-cni
#     - cni-ack-terway
#     - cni-qke-hostnic
#     - cni-ipvlan
#     - cni-macvlan
#   impact: [AutoTagging, AutoMetrics]
#   remediation: >-
#     Use one of Flannel, Calico, Cilium, Multus, Open vSwitch, Weave, TKE GlobalRouter, TKE
#     VPC-CNI, ACK Terway, QKE HostNIC, IPVlan, MACVlan, or ask DeepFlow about yours.
package dfpolicy.requirements.cni.supported_plugin

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.cni
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), capture.cluster, _adapted) if count(agent.on_node) > 0

_adapted := capture.undetected if {
	not cni.known
} else := result.pass(message.of("in use: {plugins}", {"plugins": cni.shown(cni.present)})) if {
	count(_strange) == 0
} else := result.pass(message.of(
	"in use: {plugins}; accepted in dfpolicy.yaml: {accepted}",
	{"plugins": cni.shown(cni.present), "accepted": message.list(_accepted)},
)) if {
	# The strict profile follows DeepFlow's overview page literally and accepts nothing else.
	not settings.strict
	count(_accepted) == count(_strange)
} else := result.at("recommended", _not_adapted) if {
	# Another page of DeepFlow's documentation explains how to capture there.
	not settings.strict
	every network in _strange {
		network.id == "yangtse"
	}
} else := _not_adapted

_not_adapted := result.violation(
	message.of("DeepFlow does not list {plugins}", {"plugins": cni.shown(_strange)}),
	"a CNI plug-in that DeepFlow supports",
)

_strange := [network | some network in cni.present; not network.adapted]

_accepted := [network.name | some network in _strange; cni.accepted[network.id]]
