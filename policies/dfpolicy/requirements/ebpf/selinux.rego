# METADATA
# title: SELinux does not confine the agent
# description: >-
#   An enforcing SELinux policy without a rule for the agent blocks eBPF programs. DeepFlow's
#   documentation requires SELinux to be disabled; in permissive mode, loading works too.
# custom:
#   id: DF-EBPF-001
#   met: SELinux is disabled on each node, or permissive (not with `--profile strict`)
#   level: required
#   covers: [ebpf-selinux]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Make SELinux permissive on the node: run `setenforce 0`, and set `SELINUX=permissive` in
#     `/etc/selinux/config`. If a policy module allows the agent's bpf calls, waive this requirement
#     instead.
package dfpolicy.requirements.ebpf.selinux

import data.dfpolicy.lib.change
import data.dfpolicy.lib.distribution
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
	_mode(node) == "disabled"
} else := result.pass("SELinux is disabled") if {
	# The mode is the output of getenforce; it takes precedence if the two differ.
	not facts.known(node, ["selinux", "mode"])
	value.at(node.spec, ["selinux", "enabled"], true) == false
} else := result.pass("SELinux is permissive, which refuses nothing") if {
	_mode(node) == "permissive"
	not settings.strict
} else := facts.unknown(node, "selinux", "SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "mode"])
} else := _remedied(node, result.violation(message.of("SELinux is {mode}", {"mode": _mode(node)}), _expected))

# Bottlerocket's policy is a part of its image, and always enforced.
_remedied(node, verdict) := result.remedied(
	"Bottlerocket cannot turn SELinux off. If its policy allows the agent's bpf calls, waive this requirement.",
	verdict,
) if {
	startswith(lower(distribution.shown(node)), "bottlerocket")
} else := result.remedied(
	"Disable SELinux on the node: boot it with `selinux=0`.",
	result.fixed_by(change.kernel_argument("selinux", "selinux=0"), verdict),
) if {
	settings.strict
} else := result.fixed_by(change.selinux, verdict)

default _expected := "SELinux is disabled or permissive"

_expected := "SELinux is disabled" if settings.strict

_mode(node) := lower(value.string_at(node.spec, ["selinux", "mode"]))
