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
#   zh:
#     title: SELinux 不限制 Agent
#     description: >-
#       SELinux 处于 enforcing 模式时，其策略会拒绝加载 eBPF 程序。DeepFlow
#       部署概述要求禁用 SELinux；处于 permissive 模式时也能加载。
#     remediation: >-
#       在节点上禁用 SELinux（在 `/etc/selinux/config` 中设置
#       `SELINUX=disabled`，然后重启），或使用允许 Agent 执行 bpf 调用的策略模块，
#       并豁免此要求。
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
