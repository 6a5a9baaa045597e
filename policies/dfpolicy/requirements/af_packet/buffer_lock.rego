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
#   zh:
#     title: Agent 能够将报文缓冲区锁定在内存中
#     description: >-
#       缺少 IPC_LOCK 时，报文环形缓冲区会以不锁定内存页的方式再次映射，报文采集会明显变慢。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `IPC_LOCK`。
package dfpolicy.requirements.af_packet.buffer_lock

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "IPC_LOCK")) if some workload in agent.collectors
