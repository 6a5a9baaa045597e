# METADATA
# scope: subpackages
# title: CNI
# description: What the cluster's CNI plug-in requires, so that DeepFlow can tag its traffic.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   group: cni
#   order: 6
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   reads: [manifests, nodes, cluster]
#   since: "0.1.0"
package dfpolicy.requirements.cni
