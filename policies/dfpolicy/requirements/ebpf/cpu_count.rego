# METADATA
# title: The node has at most 256 CPUs
# description: >-
#   The tracer's tables have room for 256 CPUs. On a node with more, the tracer does not start.
# related_resources:
#   - description: DeepFlow source code, the eBPF tracer
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/tracer.c
# custom:
#   id: DF-EBPF-012
#   met: each node has at most 256 CPUs
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Keep the agent off nodes with more than 256 online CPUs: use `nodeSelector` or `affinity`.
package dfpolicy.requirements.ebpf.cpu_count

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "cpus", "number of CPUs", "nproc --all") if {
	not regex.match(`^[0-9]{1,7}$`, _cpus(node))
} else := result.pass("the node has at most 256 CPUs") if {
	to_number(_cpus(node)) <= 256
} else := placement_changes.kept_off(agent.collectors, _large, result.violation(
	message.of("the node has {cpus} CPUs", {"cpus": _cpus(node)}),
	"at most 256 CPUs",
))

_large := sort([name | some node in facts.asked; to_number(_cpus(node)) > 256; some name in facts.members(node)])

_cpus(node) := value.plain(value.at(node.spec, "cpus", ""))
