# METADATA
# scope: subpackages
# title: Kernel
# description: What the kernel of each node must be for eBPF, by DeepFlow's table of kernels.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: kernel
#   order: 4
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [nodes]
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 内核
#     description: 按照 DeepFlow 的内核适配列表，各节点的内核要支持 eBPF 应满足的条件。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
package dfpolicy.requirements.kernel
