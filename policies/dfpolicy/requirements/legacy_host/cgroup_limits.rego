# METADATA
# title: The host can limit the agent with cgroups
# description: >-
#   With the cgroup controllers cpu and memory, the kernel enforces the agent's limits. Without
#   them, the agent only checks its own usage from time to time.
# related_resources:
#   - description: DeepFlow source code, cgroups of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/utils/cgroups/linux.rs
# custom:
#   id: DF-LH-011
#   met: the host has the cgroup controllers cpu and memory
#   level: recommended
#   reads: [nodes]
#   impact: [Agent configuration]
#   remediation: >-
#     Enable the cgroup controllers `cpu` and `memory`. Some systems need `cgroup_enable=memory` on
#     the kernel command line.
package dfpolicy.requirements.legacy_host.cgroup_limits

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "cgroup.controllers", "the cgroup controllers", "cat /sys/fs/cgroup/cgroup.controllers") if {
	not is_array(value.at(node.spec, ["cgroup", "controllers"], null))
} else := result.pass("the cgroup controllers cpu and memory are available") if {
	count(_missing(node)) == 0
} else := result.fixed_by(change.kernel_argument("cgroup", "cgroup_enable=memory"), result.violation(
	message.of("missing cgroup controllers: {names}", {"names": message.list(_missing(node))}),
	"the cgroup controllers cpu and memory",
))

# cgroup v1 mounts cpu together with cpuacct, in either order.
_missing(node) := [needed |
	some needed in ["cpu", "memory"]
	found := [1 |
		some name in value.strings_at(node.spec, ["cgroup", "controllers"])
		needed in split(name, ",")
	]
	count(found) == 0
]
