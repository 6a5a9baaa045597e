# METADATA
# title: The host can limit the agent by cgroup
# description: >-
#   With the controllers cpu and memory the kernel holds the agent to its limits. Without them the
#   agent only looks at its own use from time to time.
# custom:
#   id: DF-LH-011
#   level: recommended
#   reads: [nodes]
#   impact: [Agent configuration]
#   remediation: >-
#     Enable the cgroup controllers `cpu` and `memory`; on some systems the kernel's command line
#     needs `cgroup_enable=memory`.
#   source: SRC
package dfpolicy.requirements.legacy_host.cgroup_limits

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "cgroup.controllers", "the cgroup controllers", "cat /sys/fs/cgroup/cgroup.controllers") if {
	not is_array(value.at(node.spec, ["cgroup", "controllers"], null))
} else := result.pass("cpu and memory are there") if {
	count(_uncontrolled(node)) == 0
} else := result.violation($"no cgroup controller for {concat(" and ", _uncontrolled(node))}", "the cgroup controllers cpu and memory")

# cgroup v1 mounts cpu together with cpuacct, under names of either order.
_uncontrolled(node) := [wanted |
	some wanted in ["cpu", "memory"]
	there := [1 |
		some name in value.strings_at(node.spec, ["cgroup", "controllers"])
		wanted in split(name, ",")
	]
	count(there) == 0
]
