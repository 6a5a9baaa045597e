# METADATA
# scope: subpackages
# title: Kernel
# description: The kernel that each node needs for eBPF, according to DeepFlow's kernel table.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: kernel
#   order: 4
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [nodes]
#   since: "0.1.0"
package dfpolicy.requirements.kernel
