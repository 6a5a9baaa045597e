# METADATA
# scope: subpackages
# title: Kubernetes RBAC
# description: >-
#   The access to the API server that the agent needs to tag flows with Kubernetes resources and
#   labels.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: rbac
#   order: 5
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   level: required
#   admission: warn
#   reads: [manifests]
#   impact: [AutoTagging]
#   met: the agent's account may get, list and watch {resource} of {group} in the whole cluster
#   remediation: >-
#     Add a rule for `{resource}` of {group} to the ClusterRole that the agent's service account is
#     bound to. It needs the verbs `get`, `list` and `watch`, and no `resourceNames`.
#   since: "0.1.0"
package dfpolicy.requirements.rbac
