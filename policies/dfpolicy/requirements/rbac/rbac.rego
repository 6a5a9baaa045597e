# METADATA
# scope: subpackages
# title: Kubernetes RBAC
# description: What the agent must be allowed at the API server to tag flows with Kubernetes resources and labels.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: rbac
#   order: 5
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `{resource}` of {group} with the verbs `get`, `list` and `watch` in a rule without
#     `resourceNames` to the ClusterRole that the agent's service account is bound to.
#   source: SEED
#   since: "0.1.0"
package dfpolicy.requirements.rbac
