# METADATA
# title: The agent can get, list and watch replicasets
# description: >-
#   A ReplicaSet is the link from a pod to its Deployment. Without it the pods of all Deployments
#   lose their workload tag.
# custom:
#   id: DF-RBAC-009
#   covers: [rbac-replicasets]
#   words: {resource: replicasets, group: 'the API group `apps`'}
#   zh:
#     title: Agent 具备 replicasets 的 get/list/watch 权限
#     description: >-
#       Pod 通过 ReplicaSet 关联到所属的 Deployment。没有 ReplicaSet
#       信息时，所有 Deployment 的 Pod 都会失去工作负载标签。
#     words: {group: ' API 组 `apps` '}
package dfpolicy.requirements.rbac.replicasets

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "replicasets")) if some workload in rbac.asked
