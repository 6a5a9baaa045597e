# METADATA
# title: The agent can read the namespaces of other processes
# description: >-
#   The agent first opens `/proc/1/ns/net`. From v6.3, it does not start without SYS_PTRACE,
#   whatever other permissions it has.
# custom:
#   id: DF-K8S-003
#   conditional: [legacy-host, cloud-host]
#   level: required
#   covers: [k8s-sys-ptrace]
#   impact: [Agent start, AutoTagging]
#   remediation: Add `SYS_PTRACE` to `securityContext.capabilities.add` of the agent's container.
#   waivable: false
package dfpolicy.requirements.kubernetes_info.process_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "SYS_PTRACE")) if some workload in agent.confined
