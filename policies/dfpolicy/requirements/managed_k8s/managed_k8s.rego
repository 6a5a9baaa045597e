# METADATA
# scope: subpackages
# title: Managed clusters
# description: Requirements that connect a managed cluster to the resources of its cloud.
# related_resources:
#   - description: DeepFlow documentation, managed clusters
#     ref: https://deepflow.io/docs/ce-install/managed-k8s/
# custom:
#   group: managed-k8s
#   order: 13
#   modes: [managed-k8s]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.managed_k8s
