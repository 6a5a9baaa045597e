# METADATA
# title: The agent can get, list and watch daemonsets
# description: >-
#   Pods of a DaemonSet are grouped under it. Without this access they have no workload tag.
# custom:
#   id: DF-RBAC-007
#   covers: [rbac-daemonsets]
#   words: {resource: daemonsets, group: 'the API group `apps`'}
#   zh:
#     title: Agent 具备 daemonsets 的 get/list/watch 权限
#     description: >-
#       DaemonSet 的 Pod 会归入该 DaemonSet。没有该权限时，这些 Pod
#       就没有工作负载标签。
#     words: {group: ' API 组 `apps` '}
package dfpolicy.requirements.rbac.daemonsets

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "daemonsets")) if some workload in rbac.asked
