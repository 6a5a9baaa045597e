# METADATA
# title: The machine has 4 CPUs and 8 GB of memory
# description: >-
#   The server, its databases, Grafana and the agent share one machine. On a smaller machine the
#   databases run out of memory and lose data.
# custom:
#   id: DF-AIO-001
#   level: recommended
#   reads: [nodes]
#   impact: [All features]
#   remediation: Use a machine with at least 4 CPUs and 8 GB of memory.
package dfpolicy.requirements.all_in_one.machine_size

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.quantity
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.violation(message.whole(_shortages(node)), "4 CPUs and 8 GB of memory") if {
	count(_shortages(node)) > 0
} else := facts.unknown(node, "cpus", "the number of CPUs", "nproc --all") if {
	_capacity(node, "cpus") == null
} else := facts.unknown(node, "memoryBytes", "the memory size", "grep MemTotal /proc/meminfo") if {
	_capacity(node, "memoryBytes") == null
} else := result.pass(message.of("{cpus} CPUs and {memory} MiB of memory", {"cpus": _capacity(node, "cpus"), "memory": _mebibytes(node)}))

_capacity(node, fact) := quantity.number(value.at(node.spec, fact, null))

_mebibytes(node) := floor(_capacity(node, "memoryBytes") / 1048576)

# The kernel reserves some memory, so 8 GB show as slightly less.
_shortages(node) := array.flatten([
	[message.counted("{count} CPU", "{count} CPUs", {"count": cpus}) |
		cpus := _capacity(node, "cpus")
		cpus != null
		cpus < 4
	],
	[message.of("{memory} MiB of memory", {"memory": _mebibytes(node)}) |
		_capacity(node, "memoryBytes") != null
		_mebibytes(node) < 7.5 * 1024
	],
])
