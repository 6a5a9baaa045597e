# METADATA
# title: The agent can get, list and watch pods
# description: >-
#   Pods turn addresses into pod tags and carry the labels and owners of all others. Without them
#   a flow has an address and no name.
# custom:
#   id: DF-RBAC-005
#   covers: [rbac-pods]
#   words: {resource: pods, group: 'the core API group (`""`)'}
#   zh:
#     title: Agent 具备 pods 的 get/list/watch 权限
#     description: >-
#       Pod 信息用于将地址转换为 Pod 标签，其他标签所依据的 Label 和属主也来自 Pod。
#       没有这些信息时，流量只有地址，没有名称。
#     words: {group: '核心 API 组（`""`）'}
package dfpolicy.requirements.rbac.pods

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "pods")) if some workload in rbac.asked
