# METADATA
# title: The agent may raise its memory lock limit
# description: >-
#   Without SYS_RESOURCE raising RLIMIT_MEMLOCK fails and the tracer stops before it loads
#   anything.
# custom:
#   id: DF-EBPF-003
#   level: required
#   covers: [ebpf-sys-resource]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYS_RESOURCE` to `securityContext.capabilities.add` of the agent's container.
#   zh:
#     title: Agent 有权提高自身的内存锁定上限
#     description: >-
#       缺少 SYS_RESOURCE 时，无法提高 RLIMIT_MEMLOCK，追踪器在加载任何内容之前就会停
#       止。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_RESOURCE`。
package dfpolicy.requirements.ebpf.memory_lock

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "SYS_RESOURCE")) if some workload in agent.collectors
