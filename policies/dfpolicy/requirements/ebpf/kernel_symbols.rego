# METADATA
# title: The agent may read kernel symbol addresses
# description: >-
#   Without SYSLOG, every address in `/proc/kallsyms` reads as 0 and the profiler does not start.
#   Up to v6.5, AutoTracing does not start either.
# custom:
#   id: DF-EBPF-004
#   level: required
#   covers: [ebpf-syslog]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: Add `SYSLOG` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.ebpf.kernel_symbols

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := result.losing(["AutoProfiling"], capability.verdict(workload, "SYSLOG")) if {
	agent.at_least(workload, [6, 6])
} else := capability.verdict(workload, "SYSLOG")
