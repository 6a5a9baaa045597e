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
