# METADATA
# title: The agent can configure network capture
# description: Promiscuous mode, the packet ring and netlink set-up are refused without NET_ADMIN.
# custom:
#   id: DF-NET-003
#   level: required
#   covers: [capture-net-admin]
#   impact: [AutoMetrics]
#   remediation: Add `NET_ADMIN` to `securityContext.capabilities.add` of the agent's container.
#   zh:
#     title: Agent 能够配置网络采集
#     description: >-
#       缺少 NET_ADMIN 时，混杂模式、报文环形缓冲区和 netlink 的设置都会被拒绝。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `NET_ADMIN`。
package dfpolicy.requirements.af_packet.network_configuration

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "NET_ADMIN")) if some workload in agent.collectors
