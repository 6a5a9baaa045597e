# METADATA
# scope: subpackages
# title: Chart installation
# description: What every installation with the charts requires of addresses, names and admission.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   group: chart
#   order: 7
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   reads: [manifests, cluster]
#   since: "0.1.0"
package dfpolicy.requirements.chart
