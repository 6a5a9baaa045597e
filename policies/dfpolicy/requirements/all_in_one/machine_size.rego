# METADATA
# title: The machine has 4 CPUs and 8 GB of memory
# description: >-
#   Server, databases, Grafana and agent share one machine. On a smaller one the databases run out
#   of memory, and data is lost before it can be seen.
# custom:
#   id: DF-AIO-001
#   level: recommended
#   reads: [nodes]
#   impact: [All features]
#   remediation: Use a machine with at least 4 CPUs and 8 GB of memory.
#   zh:
#     title: 机器具备 4 核 CPU 和 8 GB 内存
#     description: >-
#       Server、数据库、Grafana 和 Agent 共用一台机器。规格更低时，数据库会耗尽内存，数据还
#       来不及查看就已丢失。
#     remediation: >-
#       使用至少具备 4 核 CPU 和 8 GB 内存的机器。
package dfpolicy.requirements.all_in_one.machine_size

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.quantity
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.violation(concat(", ", _shortages(node)), "4 CPUs and 8 GB of memory") if {
	count(_shortages(node)) > 0
} else := facts.unknown(node, "cpus", "the number of CPUs", "nproc --all") if {
	quantity.number(_capacity(node, "cpus")) == null
} else := facts.unknown(node, "memoryBytes", "the size of the memory", "grep MemTotal /proc/meminfo") if {
	quantity.number(_capacity(node, "memoryBytes")) == null
} else := result.pass($"{value.plain(_capacity(node, "cpus"))} CPUs, {_shown_memory(node)} of memory")

_capacity(node, fact) := value.at(node.spec, [fact], null)

# The kernel keeps some of the memory for itself, so 8 GB show as a little less.
_shortages(node) := array.flatten([
	[$"{value.plain(_capacity(node, "cpus"))} CPUs" |
		cpus := quantity.number(_capacity(node, "cpus"))
		cpus != null
		cpus < 4
	],
	[$"{_shown_memory(node)} of memory" |
		memory := quantity.number(_capacity(node, "memoryBytes"))
		memory != null
		memory < 7.5 * 1073741824
	],
])

_shown_memory(node) := $"{floor(quantity.number(_capacity(node, "memoryBytes")) / 1048576)} MiB"
