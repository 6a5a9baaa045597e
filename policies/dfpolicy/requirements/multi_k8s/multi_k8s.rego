# METADATA
# scope: subpackages
# title: Several clusters
# description: Requirements for agents that report to a server in another cluster.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   group: multi-k8s
#   order: 12
#   modes: [multi-k8s, managed-k8s, serverless-pod]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.multi_k8s
