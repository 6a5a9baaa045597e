# METADATA
# title: The kernel loads the agent's eBPF programs
# description: >-
#   The agent needs each of these kernel options to load or attach eBPF programs. The verifiers of
#   some kernels refuse the programs of some agent versions. dfpolicy skips a node if its kernel
#   configuration was not collected and no such failure is reported for its kernel.
# related_resources:
#   - description: DeepFlow source code, the eBPF tracer
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/tracer.c
# custom:
#   id: DF-EBPF-015
#   met: >-
#     each kernel option that the agent needs is `y` or `m`, and no failure of the agent's version
#     is reported for the kernel
#   related: [DF-KERNEL-001]
#   conditional: true
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: Use a kernel with these options set; distribution kernels from 4.14 have them.
package dfpolicy.requirements.ebpf.loadable_programs

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.kernel_options
import data.dfpolicy.lib.message
import data.dfpolicy.lib.program_load
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in _judged

_judged := [node | some node in facts.reachable; _judgeable(node)]

_judgeable(node) if facts.known(node, ["kernelConfig"])

_judgeable(node) if count(array.concat(program_load.failures(node), program_load.undecided(node))) > 0

_verdict(node) := result.violation(
	message.of("kernel options not set: {options}", {"options": message.whole(kernel_options.absent(node))}),
	"each option is y or m",
) if {
	count(kernel_options.absent(node)) > 0
} else := result.at("recommended", program_load.failed(node)) if {
	count(program_load.failures(node)) > 0
} else := result.at("recommended", program_load.undecided(node)[0]) if {
	count(program_load.undecided(node)) > 0
} else := result.pass("all required options are set")
