# METADATA
# title: SELinux does not confine the agent
# description: >-
#   An enforcing SELinux policy refuses the loading of eBPF programs. The overview page asks for
#   SELinux to be disabled; with a permissive one loading works.
# custom:
#   id: DF-EBPF-001
#   level: required
#   covers: [ebpf-selinux]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Disable SELinux on the node (`SELINUX=disabled` in `/etc/selinux/config`, then reboot), or
#     waive this with a policy module that allows the agent's bpf calls.
package dfpolicy.requirements.ebpf.selinux

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "selinux", "the SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "enabled"])
	not facts.known(node, ["selinux", "mode"])
} else := result.pass("SELinux is disabled") if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "disabled"
} else := result.pass("SELinux is disabled") if {
	value.at(node.spec, ["selinux", "enabled"], true) == false

	# A mode is what getenforce printed; where the two differ it tells the truth.
	not facts.known(node, ["selinux", "mode"])
} else := result.at("recommended", _selinux_mode(node)) if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "permissive"
	not settings.strict
} else := facts.unknown(node, "selinux", "the SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "mode"])
} else := _selinux_mode(node)

_selinux_mode(node) := result.violation(
	$"SELinux is {lower(value.string_at(node.spec, ["selinux", "mode"]))}",
	"SELinux is disabled",
)
