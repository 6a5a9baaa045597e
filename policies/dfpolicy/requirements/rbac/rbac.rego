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
#   zh:
#     title: K8s RBAC
#     description: >-
#       Agent 访问 apiserver 所需的权限，用于为流量注入 K8s 资源和 Label 标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames` 的规则，授予{group}中 `{resource}` 的
#       `get`、`list` 和 `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
package dfpolicy.requirements.rbac
