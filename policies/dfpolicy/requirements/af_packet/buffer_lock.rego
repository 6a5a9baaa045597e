# METADATA
# title: The agent can lock its packet buffers in memory
# description: >-
#   Without IPC_LOCK the ring is mapped a second time without locked pages, and packet capture is
#   much slower.
# custom:
#   id: DF-NET-004
#   level: recommended
#   covers: [capture-ipc-lock, capture-ipc-lock-absent]
#   impact: [Agent performance, AutoMetrics]
#   remediation: Add `IPC_LOCK` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.af_packet.buffer_lock

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "IPC_LOCK")) if some workload in agent.collectors
