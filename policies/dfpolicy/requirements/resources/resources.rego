# METADATA
# scope: subpackages
# title: Resources
# description: What the agent may use of its node.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: resources
#   order: 9
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   reads: [manifests]
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 资源
#     description: Agent 可使用的节点资源。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
package dfpolicy.requirements.resources
