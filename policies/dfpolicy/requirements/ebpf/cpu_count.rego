# METADATA
# title: The node has at most 256 CPUs
# description: The tracer keeps tables for 256 CPUs and does not start on a node with more.
# custom:
#   id: DF-EBPF-012
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Keep the agent off nodes with more than 256 online CPUs with `nodeSelector` or `affinity`.
#   source: SRC
package dfpolicy.requirements.ebpf.cpu_count

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "cpus", "the number of CPUs", "nproc --all") if {
	not regex.match(`^[0-9]{1,7}$`, _cpu_text(node))
} else := result.pass($"{_cpu_text(node)} CPUs") if {
	to_number(_cpu_text(node)) <= 256
} else := result.violation($"{_cpu_text(node)} CPUs", "at most 256 CPUs")

_cpu_text(node) := value.plain(value.at(node.spec, ["cpus"], ""))
