# METADATA
# scope: subpackages
# title: Kubernetes information
# description: What the agent needs to detect the pods, interfaces and addresses of its node.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: kubernetes-info
#   order: 1
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.kubernetes_info
