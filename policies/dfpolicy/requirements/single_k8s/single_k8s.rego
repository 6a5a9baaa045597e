# METADATA
# scope: subpackages
# title: Server in Kubernetes
# description: What the server beside the agents needs of its cluster, and what agents need of it.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   group: single-k8s
#   order: 11
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   source: DOC-03
#   since: "0.1.0"
#   zh:
#     title: K8s 中的 Server
#     description: >-
#       与 Agent 一同部署的 Server 对所在集群的要求，以及 Agent 对 Server 的要求。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
package dfpolicy.requirements.single_k8s
