# METADATA
# title: The agent can get, list and watch services
# description: >-
#   Services turn cluster addresses and ports into service tags. Without them a flow to a cluster
#   address has no name.
# custom:
#   id: DF-RBAC-004
#   covers: [rbac-services]
#   words: {resource: services, group: 'the core API group (`""`)'}
#   zh:
#     title: Agent 具备 services 的 get/list/watch 权限
#     description: >-
#       Service 信息用于将集群 IP 和端口转换为 Service 标签。没有这些信息时，访问集群 IP
#       的流量就没有名称。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.services

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "services")) if some workload in rbac.asked
