# METADATA
# title: The agent can lock its packet buffers in memory
# description: >-
#   The agent locks the pages of its packet ring. Without IPC_LOCK it maps the ring without locked
#   pages. DeepFlow's documentation warns of much slower capture; tests on Linux 5.10 to 7.2 found
#   no difference.
# custom:
#   id: DF-NET-004
#   met: the agent's container has the capability IPC_LOCK
#   level: recommended
#   covers: [capture-ipc-lock, capture-ipc-lock-absent]
#   impact: [Agent performance, AutoMetrics]
#   remediation: Add `IPC_LOCK` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.af_packet.buffer_lock

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "buffer_lock", capability.verdict(workload, "IPC_LOCK"))
