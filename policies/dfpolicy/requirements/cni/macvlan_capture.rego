# METADATA
# title: The agent captures MACVlan pods by virtual mirror or inside their namespaces
# description: >-
#   Pods on MACVlan or Huawei CCE Turbo have no interface in the host's network namespace. The
#   default capture sees none of their traffic.
# custom:
#   id: DF-CNI-002
#   met: >-
#     the cluster does not use MACVlan, or the agent has a group of its own that captures by virtual
#     mirror or inside the pods' namespaces
#   related: [DF-CNI-001]
#   level: required
#   asks: deepflow-ctl agent-group-config list -o yaml
#   covers: [cni-macvlan]
#   impact: [AutoMetrics, AutoTagging]
#   remediation: >-
#     Set `vtap-group-id-request` in `deepflow-agent.yaml` to the ID of an agent group. In that
#     group, set `interface_regex` to the node's interface and `capture_mode` to 1, or set
#     `inner_interface_capture_enabled` to true.
package dfpolicy.requirements.cni.macvlan_capture

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.cni
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), capture.cluster, _macvlan) if count(agent.on_node) > 0

_macvlan := capture.undetected if {
	not cni.known
} else := result.pass(message.of(
	"neither MACVlan nor CCE Turbo is in use; found: {plugins}",
	{"plugins": cni.shown(cni.present)},
)) if {
	count(_mirror_networks) == 0
} else := capture.doubt if {
	capture.doubt
} else := capture.invalid if {
	capture.invalid
} else := capture.grouped(capture.mirrored(result.violation(
	message.of("{plugins}: {problems}", {"plugins": cni.shown(_mirror_networks), "problems": message.clauses(_lacking)}),
	"an agent group of its own that captures by virtual mirror or inside the pods' namespaces",
))) if {
	count(_lacking) > 0
} else := open if {
	open := capture.unsettled(["interface_regex", "capture_mode", "inner_interface_capture_enabled"])
} else := result.pass(message.of(
	"{plugins}: {agents}",
	{"plugins": cni.shown(_mirror_networks), "agents": message.clauses(_ways)},
))

_mirror_networks := [network | some network in cni.present; network.id in {"macvlan", "yangtse"}]

_ways := sort([_way(workload) | some workload in agent.on_node])

_way(workload) := message.of("{agent} captures inside the pods' namespaces", {"agent": workload.subject.name}) if {
	agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := message.of("{agent} captures by virtual mirror", {"agent": workload.subject.name})

_lacking := array.flatten(sort([array.concat(capture.groupless(workload), _flaws(workload)) | some workload in agent.on_node]))

_flaws(workload) := [] if {
	not agent_group.configuration(workload)
} else := _inner_flaws(workload) if {
	agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := _mirror_flaws(workload)

_mirror_flaws(workload) := array.flatten([
	[message.text("capture_mode is not 1") | value.plain(agent_group.setting(workload, "capture_mode")) != "1"],
	[message.text("interface_regex is not set") | agent_group.setting(workload, "interface_regex") == null],
	capture.aimless(workload),
])

# The default, 128 blocks, needs 128 MB for each pod of the node.
_inner_flaws(workload) := array.flatten([
	[message.text("capture inside the pods needs SYS_ADMIN") | not capability.effective(workload, "SYS_ADMIN")],
	[message.text("ring_blocks_enabled is not true") | agent_group.setting(workload, "ring_blocks_enabled") != true],
	[message.text("ring_blocks is not below 128") | not _few_blocks(agent_group.setting(workload, "ring_blocks"))],
	capture.malformed(_inner_regex(workload), "inner_interface_regex"),
	[message.text("inner_interface_regex does not match eth0, the interface of a pod") |
		not agent_group.malformed(_inner_regex(workload))
		count(agent_group.captured(_inner_regex(workload), ["eth0"])) == 0
	],
])

_few_blocks(blocks) if {
	is_number(blocks)
	blocks < 128
}

_inner_regex(workload) := given if {
	given := agent_group.setting(workload, "inner_interface_regex")
	given != null
} else := `^eth\d+$`
