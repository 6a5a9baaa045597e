# METADATA
# title: The agent can read the namespaces of other processes
# description: >-
#   The agent opens `/proc/1/ns/net` before anything else. From v6.3 on it does not start without
#   SYS_PTRACE, whatever else it may do.
# custom:
#   id: DF-K8S-003
#   level: required
#   covers: [k8s-sys-ptrace]
#   impact: [Agent start, AutoTagging]
#   remediation: Add `SYS_PTRACE` to `securityContext.capabilities.add` of the agent's container.
#   waivable: false
#   zh:
#     title: Agent 能够读取其他进程的命名空间
#     description: >-
#       Agent 首先会打开 `/proc/1/ns/net`。自 v6.3 起，缺少 SYS_PTRACE
#       时，无论具备其他哪些权限，Agent 都无法启动。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_PTRACE`。
package dfpolicy.requirements.kubernetes_info.process_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "SYS_PTRACE")) if some workload in agent.confined
