# METADATA
# scope: subpackages
# title: Server in Kubernetes
# description: Requirements for the server in the same cluster, and for access of agents to it.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   group: single-k8s
#   order: 11
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.single_k8s
