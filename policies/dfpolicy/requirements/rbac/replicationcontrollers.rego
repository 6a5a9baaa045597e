# METADATA
# title: The agent can get, list and watch replicationcontrollers
# description: >-
#   Pods of a ReplicationController are grouped under it. Without this access they have no
#   workload tag.
# custom:
#   id: DF-RBAC-006
#   covers: [rbac-replicationcontrollers]
#   words: {resource: replicationcontrollers, group: 'the core API group (`""`)'}
#   zh:
#     title: >-
#       Agent 具备 replicationcontrollers 的 get/list/watch 权限
#     description: >-
#       ReplicationController 的 Pod 会归入该
#       ReplicationController。没有该权限时，这些 Pod 就没有工作负载标签。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.replicationcontrollers

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "replicationcontrollers")) if some workload in rbac.asked
