# METADATA
# title: The agent may read kernel symbol addresses
# description: >-
#   Without SYSLOG, every address in `/proc/kallsyms` reads as 0 and the profiler does not start. In
#   v6.5, AutoTracing does not start either.
# custom:
#   id: DF-EBPF-004
#   met: >-
#     the container has SYSLOG; or (not with `--profile strict`) the agent is older than v6.3.6, or
#     each node has `kernel.kptr_restrict` 0 and `kernel.perf_event_paranoid` of at most 1
#   level: required
#   covers: [ebpf-syslog]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: Add `SYSLOG` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.ebpf.kernel_symbols

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.image
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "kernel_symbols", _stated(workload))

_stated(workload) := result.pass("kernel.kptr_restrict is 0 and kernel.perf_event_paranoid is 1 or less on every node") if {
	not settings.strict
	not capability.effective(workload, "SYSLOG")
	every node in facts.asked_of(workload) {
		trim_space(facts.sysctl(node, "kernel.kptr_restrict")) == "0"
		facts.paranoid(node) in {-1, 0, 1}
	}
} else := result.pass("agents before v6.3.6 do not check the addresses") if {
	not settings.strict
	not capability.effective(workload, "SYSLOG")
	agent.versioned(workload)
	not image.up_to([6, 3, 6], workload.version)
} else := result.losing(["AutoProfiling"], capability.verdict(workload, "SYSLOG")) if {
	agent.versioned(workload)
	array.slice(workload.version, 0, 2) != [6, 5]
} else := capability.verdict(workload, "SYSLOG")
