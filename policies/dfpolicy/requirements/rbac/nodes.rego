# METADATA
# title: The agent can get, list and watch nodes
# description: >-
#   A flow is tagged with the node it crosses and the node with its addresses. Nodes are cluster
#   scoped: no Role and no RoleBinding can grant them.
# custom:
#   id: DF-RBAC-001
#   covers: [rbac-nodes]
#   words: {resource: nodes, group: 'the core API group (`""`)'}
#   zh:
#     title: Agent 具备 nodes 的 get/list/watch 权限
#     description: >-
#       流量的标签包含其经过的节点，节点的标签包含该节点的地址。节点是集群级资源，无法通过 Role 或
#       RoleBinding 授权。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.nodes

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "nodes")) if some workload in rbac.asked
