# METADATA
# title: The agent can get, list and watch deployments
# description: >-
#   Pods of a Deployment are grouped under it. Without this access they have no workload tag.
# custom:
#   id: DF-RBAC-008
#   covers: [rbac-deployments]
#   words: {resource: deployments, group: 'the API group `apps`'}
#   zh:
#     title: Agent 具备 deployments 的 get/list/watch 权限
#     description: >-
#       Deployment 的 Pod 会归入该 Deployment。没有该权限时，这些 Pod
#       就没有工作负载标签。
#     words: {group: ' API 组 `apps` '}
package dfpolicy.requirements.rbac.deployments

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "deployments")) if some workload in rbac.asked
