# METADATA
# title: SELinux does not confine the agent
# description: >-
#   An enforcing SELinux policy without a rule for the agent blocks eBPF programs. DeepFlow's
#   documentation requires SELinux to be disabled; in permissive mode, loading works too.
# custom:
#   id: DF-EBPF-001
#   met: SELinux is disabled or permissive on each node
#   level: required
#   covers: [ebpf-selinux]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Disable SELinux on the node: set `SELINUX=disabled` in `/etc/selinux/config` and reboot. If
#     a policy module allows the agent's bpf calls, waive this requirement instead.
package dfpolicy.requirements.ebpf.selinux

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), probe.of_node(node, "selinux", _verdict(node))) if some node in facts.asked

_verdict(node) := facts.unknown(node, "selinux", "SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "enabled"])
	not facts.known(node, ["selinux", "mode"])
} else := result.pass("SELinux is disabled") if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "disabled"
} else := result.pass("SELinux is disabled") if {
	# The mode is the output of getenforce; it takes precedence if the two differ.
	not facts.known(node, ["selinux", "mode"])
	value.at(node.spec, ["selinux", "enabled"], true) == false
} else := result.at("recommended", _on(node)) if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "permissive"
	not settings.strict
} else := facts.unknown(node, "selinux", "SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "mode"])
} else := _on(node)

_on(node) := result.fixed_by(change.selinux(_mode(node)), result.violation(message.of("SELinux is {mode}", {"mode": _mode(node)}), "SELinux is disabled"))

_mode(node) := lower(value.string_at(node.spec, ["selinux", "mode"]))
