# METADATA
# title: The agent can get, list and watch configmaps
# description: >-
#   Changes of ConfigMaps show as resource events beside the workloads that use them; without this
#   access they are missing.
# custom:
#   id: DF-RBAC-003
#   covers: [rbac-configmaps]
#   words: {resource: configmaps, group: 'the core API group (`""`)'}
#   zh:
#     title: Agent 具备 configmaps 的 get/list/watch 权限
#     description: >-
#       ConfigMap 的变更会以资源变更事件的形式，与使用该 ConfigMap 的工作负载一同展示；
#       没有该权限时，这些事件会缺失。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.configmaps

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "configmaps")) if some workload in rbac.asked
