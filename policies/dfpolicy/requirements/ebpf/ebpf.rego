# METADATA
# scope: subpackages
# title: eBPF
# description: What the agent needs to load and attach eBPF programs.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: ebpf
#   order: 3
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [nodes]
#   since: "0.1.0"
package dfpolicy.requirements.ebpf
