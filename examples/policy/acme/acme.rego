# METADATA
# scope: subpackages
# title: Acme
# description: Acme's requirements for its own deployments.
# custom:
#   group: acme
#   order: 100
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   since: "1.0.0"
package dfpolicy.requirements.acme
