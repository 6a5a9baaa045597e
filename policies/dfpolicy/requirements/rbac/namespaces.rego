# METADATA
# title: The agent can get, list and watch namespaces
# description: >-
#   Every pod and service tag carries its namespace. Namespaces are cluster scoped: no Role and no
#   RoleBinding can grant them.
# custom:
#   id: DF-RBAC-002
#   covers: [rbac-namespaces]
#   words: {resource: namespaces, group: 'the core API group (`""`)'}
#   zh:
#     title: Agent 具备 namespaces 的 get/list/watch 权限
#     description: >-
#       每个 Pod 标签和 Service 标签都带有所属的命名空间。命名空间是集群级资源，无法通过 Role
#       或 RoleBinding 授权。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.namespaces

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "namespaces")) if some workload in rbac.asked
