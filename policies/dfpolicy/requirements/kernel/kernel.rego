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
package dfpolicy.requirements.kernel
