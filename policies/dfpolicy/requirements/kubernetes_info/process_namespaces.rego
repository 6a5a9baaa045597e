# METADATA
# title: The agent can read the namespaces of other processes
# description: >-
#   The agent first opens `/proc/1/ns/net`. From v6.3, it does not start without SYS_PTRACE,
#   whatever other permissions it has. Earlier agents lose the pods' namespaces, and uprobes in pods
#   of other users.
# custom:
#   id: DF-K8S-003
#   met: the agent's container has the capability SYS_PTRACE
#   conditional: [legacy-host, cloud-host]
#   level: required
#   covers: [k8s-sys-ptrace]
#   impact: [Agent start, AutoTagging, AutoTracing]
#   remediation: Add `SYS_PTRACE` to `securityContext.capabilities.add` of the agent's container.
#   waivable: false
package dfpolicy.requirements.kubernetes_info.process_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.confined

_verdict(workload) := probe.of_agent(workload, "process_namespaces", _stated(workload))

_stated(workload) := result.losing(["AutoTagging", "AutoTracing"], verdict) if {
	agent.versioned(workload)
	not agent.at_least(workload, [6, 3])
	verdict := capability.verdict(workload, "SYS_PTRACE")
} else := capability.verdict(workload, "SYS_PTRACE")
