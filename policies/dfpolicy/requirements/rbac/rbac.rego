# METADATA
# title: Kubernetes RBAC
# description: What the agent must be allowed at the API server to tag flows with Kubernetes resources and labels.
# custom:
#   group: rbac
#   order: 5
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   zh:
#     title: K8s RBAC
#     description: >-
#       Agent 访问 apiserver 所需的权限，用于为流量注入 K8s 资源和 Label 标签。
package dfpolicy.requirements.rbac

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.rbac_resources

# METADATA
# title: The agent can get, list and watch nodes
# description: >-
#   A flow is tagged with the node it crosses and the node with its addresses. Nodes are cluster
#   scoped: no Role and no RoleBinding can grant them.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-001
#   level: required
#   covers: [rbac-nodes]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `nodes` of the core API group (`""`) with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 nodes 的 get/list/watch 权限
#     description: >-
#       流量的标签包含其经过的节点，节点的标签包含该节点的地址。节点是集群级资源，无法通过 Role 或
#       RoleBinding 授权。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `nodes` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "nodes")) if some workload in rbac.asked

_access(workload, resource) := verdict if {
	verdict := _unanswered(workload)
} else := result.pass($"get, list and watch on {resource} are granted") if {
	count(_missing(workload, resource)) == 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := result.violation(
	concat("", [
		$"{rbac.shown(rbac.account(workload))} may not {concat(", ", _missing(workload, resource))} {resource}: ",
		rbac.why(rbac.account(workload), rbac_resources.api_groups[resource], resource),
	]),
	$"get, list and watch on {_qualified(resource)} in the whole cluster",
)

_missing(workload, resource) := sort(rbac.missing(
	rbac.account(workload),
	rbac_resources.api_groups[resource],
	resource,
))

_qualified(resource) := resource if {
	rbac_resources.api_groups[resource] == ""
} else := $"{resource}.{rbac_resources.api_groups[resource]}"

# What the input does not hold: who watches in the agent's place, and any role.
_unanswered(workload) := verdict if {
	verdict := _unwatched(workload)
} else := result.unknown(
	"the roles and bindings of the cluster",
	"kubectl get clusterroles,clusterrolebindings -o yaml",
) if {
	not rbac.stated
}

_unwatched(workload) := result.unknown(
	"the workload that watches the API server",
	$"kubectl get deployments -n {workload.subject.namespace} -l app=deepflow,component=deepflow-agent -o yaml",
) if {
	not workload.watches
}

# METADATA
# title: The agent can get, list and watch namespaces
# description: >-
#   Every pod and service tag carries its namespace. Namespaces are cluster scoped: no Role and
#   no RoleBinding can grant them.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-002
#   level: required
#   covers: [rbac-namespaces]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `namespaces` of the core API group (`""`) with the verbs `get`, `list` and `watch` in
#     a rule without `resourceNames` to the ClusterRole that the agent's service account is
#     bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 namespaces 的 get/list/watch 权限
#     description: >-
#       每个 Pod 标签和 Service 标签都带有所属的命名空间。命名空间是集群级资源，无法通过 Role
#       或 RoleBinding 授权。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `namespaces` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "namespaces")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch configmaps
# description: >-
#   Changes of ConfigMaps show as resource events beside the workloads that use them; without
#   this access they are missing.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-003
#   level: required
#   covers: [rbac-configmaps]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `configmaps` of the core API group (`""`) with the verbs `get`, `list` and `watch` in
#     a rule without `resourceNames` to the ClusterRole that the agent's service account is
#     bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 configmaps 的 get/list/watch 权限
#     description: >-
#       ConfigMap 的变更会以资源变更事件的形式，与使用该 ConfigMap 的工作负载一同展示；
#       没有该权限时，这些事件会缺失。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `configmaps` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "configmaps")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch services
# description: >-
#   Services turn cluster addresses and ports into service tags. Without them a flow to a
#   cluster address has no name.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-004
#   level: required
#   covers: [rbac-services]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `services` of the core API group (`""`) with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 services 的 get/list/watch 权限
#     description: >-
#       Service 信息用于将集群 IP 和端口转换为 Service 标签。没有这些信息时，访问集群 IP
#       的流量就没有名称。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `services` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "services")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch pods
# description: >-
#   Pods turn addresses into pod tags and carry the labels and owners of all others. Without
#   them a flow has an address and no name.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-005
#   level: required
#   covers: [rbac-pods]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `pods` of the core API group (`""`) with the verbs `get`, `list` and `watch` in a rule
#     without `resourceNames` to the ClusterRole that the agent's service account is bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 pods 的 get/list/watch 权限
#     description: >-
#       Pod 信息用于将地址转换为 Pod 标签，其他标签所依据的 Label 和属主也来自 Pod。
#       没有这些信息时，流量只有地址，没有名称。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `pods` 的 `get`、`list` 和 `watch`
#       权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "pods")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch replicationcontrollers
# description: >-
#   Pods of a ReplicationController are grouped under it. Without this access they have no
#   workload tag.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-006
#   level: required
#   covers: [rbac-replicationcontrollers]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `replicationcontrollers` of the core API group (`""`) with the verbs `get`, `list` and
#     `watch` in a rule without `resourceNames` to the ClusterRole that the agent's service
#     account is bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: >-
#       Agent 具备 replicationcontrollers 的 get/list/watch 权限
#     description: >-
#       ReplicationController 的 Pod 会归入该
#       ReplicationController。没有该权限时，这些 Pod 就没有工作负载标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予核心 API 组（`""`）中 `replicationcontrollers` 的
#       `get`、`list` 和 `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "replicationcontrollers")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch daemonsets
# description: >-
#   Pods of a DaemonSet are grouped under it. Without this access they have no workload tag.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-007
#   level: required
#   covers: [rbac-daemonsets]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `daemonsets` of the API group `apps` with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 daemonsets 的 get/list/watch 权限
#     description: >-
#       DaemonSet 的 Pod 会归入该 DaemonSet。没有该权限时，这些 Pod
#       就没有工作负载标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `apps` 中 `daemonsets` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "daemonsets")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch deployments
# description: >-
#   Pods of a Deployment are grouped under it. Without this access they have no workload tag.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-008
#   level: required
#   covers: [rbac-deployments]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `deployments` of the API group `apps` with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 deployments 的 get/list/watch 权限
#     description: >-
#       Deployment 的 Pod 会归入该 Deployment。没有该权限时，这些 Pod
#       就没有工作负载标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `apps` 中 `deployments` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "deployments")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch replicasets
# description: >-
#   A ReplicaSet is the link from a pod to its Deployment. Without it the pods of all
#   Deployments lose their workload tag.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-009
#   level: required
#   covers: [rbac-replicasets]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `replicasets` of the API group `apps` with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 replicasets 的 get/list/watch 权限
#     description: >-
#       Pod 通过 ReplicaSet 关联到所属的 Deployment。没有 ReplicaSet
#       信息时，所有 Deployment 的 Pod 都会失去工作负载标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `apps` 中 `replicasets` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "replicasets")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch statefulsets
# description: >-
#   Pods of a StatefulSet are grouped under it. Without this access they have no workload tag.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-010
#   level: required
#   covers: [rbac-statefulsets]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `statefulsets` of the API group `apps` with the verbs `get`, `list` and `watch` in a
#     rule without `resourceNames` to the ClusterRole that the agent's service account is bound
#     to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 statefulsets 的 get/list/watch 权限
#     description: >-
#       StatefulSet 的 Pod 会归入该 StatefulSet。没有该权限时，这些 Pod
#       就没有工作负载标签。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `apps` 中 `statefulsets` 的 `get`、`list` 和
#       `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _access(workload, "statefulsets")) if some workload in rbac.asked

# METADATA
# title: The agent can get, list and watch ingresses
# description: >-
#   Ingresses link host names and paths to services. From Kubernetes 1.14 on the API group
#   `networking.k8s.io` counts, and from 1.22 on `extensions` serves none.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-011
#   level: required
#   covers: [rbac-ingresses]
#   reads: [manifests, cluster]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `ingresses` of the API group `networking.k8s.io` with the verbs `get`, `list` and
#     `watch` in a rule without `resourceNames` to the ClusterRole that the agent's service
#     account is bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 ingresses 的 get/list/watch 权限
#     description: >-
#       Ingress 将主机名和路径关联到 Service。自 K8s 1.14 起，以 API 组
#       `networking.k8s.io` 为准；自 1.22 起，`extensions` 不再提供
#       Ingress。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `networking.k8s.io` 中 `ingresses` 的
#       `get`、`list` 和 `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _ingresses(workload)) if some workload in rbac.asked

_ingresses(workload) := result.pass("get, list and watch on ingresses of extensions are granted, which counts before v1.14") if {
	_ingresses_of_extensions(workload)
	_cluster_before([1, 14])
} else := result.at("recommended", _access(workload, "ingresses")) if {
	_access(workload, "ingresses").outcome == "violation"
	_ingresses_of_extensions(workload)
	_cluster_before([1, 22])
} else := _access(workload, "ingresses")

_ingresses_of_extensions(workload) if {
	workload.watches
	count(rbac.missing(rbac.account(workload), "extensions", "ingresses")) == 0
}

_cluster_before(version) if {
	known := image.version_of_tag(value.string_at(settings.cluster, ["version"]))
	known != null
	known < version
}

# METADATA
# title: The agent can get, list and watch routes
# description: >-
#   On OpenShift, routes are what ingresses are elsewhere. In another cluster nothing is lost
#   without them.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-012
#   level: required
#   covers: [rbac-routes]
#   reads: [manifests, cluster]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `routes` of the API group `route.openshift.io` with the verbs `get`, `list` and
#     `watch` in a rule without `resourceNames` to the ClusterRole that the agent's service
#     account is bound to. On OpenShift also enable `routes` in place of `ingresses` under
#     `api_resources` of the agent group's configuration.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 具备 routes 的 get/list/watch 权限
#     description: >-
#       在 OpenShift 中，Route 的作用相当于其他集群中的 Ingress。在其他集群中，
#       没有该权限不会丢失任何信息。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `route.openshift.io` 中 `routes` 的
#       `get`、`list` 和 `watch` 权限。使用 OpenShift 时，还要在采集器组配置的
#       `api_resources` 下启用 `routes`，以代替 `ingresses`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _routes(workload)) if some workload in rbac.asked

_routes(workload) := result.at("recommended", _access(workload, "routes")) if {
	_access(workload, "routes").outcome == "violation"
	not settings.strict
	not _openshift
} else := _access(workload, "routes")

_openshift if value.at(settings.cluster, ["distribution"], "") == "openshift"

_openshift if {
	some name in value.strings_at(settings.cluster, ["apiGroups"])
	split(name, "/")[0] == "route.openshift.io"
}

# METADATA
# title: The agent gets the token of its service account
# description: >-
#   The agent speaks to the API server with the token that is mounted in its pod. Without it the
#   agent believes that it runs outside of Kubernetes and cannot tell its cluster.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, service accounts of pods
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   id: DF-RBAC-013
#   level: required
#   covers: [rbac-verbs]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Remove `automountServiceAccountToken: false` from `spec.template.spec` and from the
#     ServiceAccount, and apply the ServiceAccount that `spec.template.spec.serviceAccountName`
#     names.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 能够获得其服务账号的令牌
#     description: >-
#       Agent 使用挂载到其 Pod 中的令牌访问 apiserver。没有令牌时，Agent
#       会认为自身运行在 K8s 之外，无法确定所属的集群。
#     remediation: >-
#       删除 `spec.template.spec` 和 ServiceAccount 中的
#       `automountServiceAccountToken: false`，并应用由
#       `spec.template.spec.serviceAccountName` 指定的
#       ServiceAccount。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
#       - Kubernetes 文档：Pod 的服务账号
results contains result.of(rego.metadata.chain(), workload.subject, _token(workload)) if some workload in rbac.asked

_token(workload) := verdict if {
	verdict := _unwatched(workload)
} else := result.violation(
	_withheld(workload),
	"automountServiceAccountToken is not false, or a projected token is mounted",
) if {
	_withheld(workload)
} else := result.unknown(
	$"the ServiceAccount {rbac.shown(rbac.account(workload))}{settings.refusal("serviceaccounts")}",
	$"kubectl get serviceaccount -n {workload.subject.namespace} {workload.service_account} -o yaml",
) if {
	count(_service_accounts(workload)) == 0
	_service_account_open(workload)
} else := result.pass($"the pod runs as {rbac.shown(rbac.account(workload))} and holds its token")

# Each namespace has a `default`, which withholds no token unless someone changed it.
_service_account_open(workload) if workload.service_account != "default"

_service_account_open(_) if settings.unread.serviceaccounts

# The pod's word beats the ServiceAccount's.
_withheld(workload) := $"automountServiceAccountToken is {_spoken(words[0])}" if {
	words := [word |
		some document in _speakers(workload)
		word := value.at(document, ["automountServiceAccountToken"], true)
		word != true
	]
	count(words) > 0
	not _projected(workload)
}

_spoken(word) := "false" if {
	word == false
} else := "no boolean"

_speakers(workload) := [workload.pod] if {
	value.at(workload.pod, ["automountServiceAccountToken"], null) != null
} else := _service_accounts(workload)

_service_accounts(workload) := object.get(_by_account, [[workload.subject.namespace, workload.service_account]], [])

_by_account := {account: resources | some account, resources in _accounts}

_accounts[[identity.namespace(resource), value.string_at(resource, ["metadata", "name"])]] contains resource if {
	some resource in settings.resources
	value.string_at(resource, ["kind"]) == "ServiceAccount"
	value.string_at(resource, ["apiVersion"]) == "v1"
}

_projected(workload) if {
	some mounted in value.objects_at(workload.container, ["volumeMounts"])
	trim_right(value.string_at(mounted, ["mountPath"]), "/") in _token_paths
	value.string_at(mounted, ["subPath"]) == ""
	some source in value.objects_at(mount.volume(workload, mounted), ["projected", "sources"])
	value.string_at(source, ["serviceAccountToken", "path"]) == "token"
}

_token_paths := {
	"/run/secrets/kubernetes.io/serviceaccount",
	"/var/run/secrets/kubernetes.io/serviceaccount",
}

# METADATA
# title: The agent's service account is bound in the whole cluster
# description: >-
#   Nodes and namespaces are cluster scoped and the agent lists all others across namespaces. A
#   RoleBinding reaches one namespace only, also when it refers to a ClusterRole.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, RBAC
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: DF-RBAC-014
#   level: required
#   covers: [rbac-verbs]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Apply a ClusterRoleBinding whose `roleRef` is the agent's ClusterRole and whose `subjects`
#     hold the agent's service account by `kind`, `name` and `namespace`.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 的服务账号在整个集群范围内绑定
#     description: >-
#       节点和命名空间是集群级资源，其他资源也由 Agent 跨命名空间列出。RoleBinding
#       只能作用于一个命名空间，即使引用的是 ClusterRole 也是如此。
#     remediation: >-
#       应用一个 ClusterRoleBinding，其 `roleRef` 为 Agent 的
#       ClusterRole，其 `subjects` 通过 `kind`、`name` 和
#       `namespace` 指定 Agent 的服务账号。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
#       - Kubernetes 文档：RBAC
results contains result.of(rego.metadata.chain(), workload.subject, _binding(workload)) if some workload in rbac.asked

_binding(workload) := verdict if {
	verdict := _unanswered(workload)
} else := result.pass(concat("", [
	rbac.shown(rbac.account(workload)),
	" is bound by the ClusterRoleBinding ",
	concat(", ", rbac.cluster_bindings(rbac.account(workload))),
])) if {
	count(rbac.cluster_bindings(rbac.account(workload))) > 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := result.violation(
	$"{rbac.shown(rbac.account(workload))}: {rbac.unbound(rbac.account(workload))}{_reach(workload)}",
	"a ClusterRoleBinding of the account to a ClusterRole",
)

_reach(workload) := "; nodes and namespaces are cluster scoped and lists are cluster wide" if {
	count(rbac.role_bindings(rbac.account(workload))) > 0
} else := ""

# METADATA
# title: Each granted resource comes with all reading verbs
# description: >-
#   The agent fills its copy of a resource with `list`, keeps it with `watch` and reads single
#   objects with `get`. With one of them missing the copy stays empty or goes stale.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, RBAC
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: DF-RBAC-015
#   level: required
#   covers: [rbac-verbs]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set the verbs `get`, `list` and `watch` in each rule of the ClusterRole that the agent's
#     service account is bound to.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 已授权的每种资源都具备全部读取权限
#     description: >-
#       Agent 通过 `list` 建立资源的副本，通过 `watch` 保持更新，通过 `get`
#       读取单个对象。缺少其中任何一项权限，副本就会一直为空或逐渐过时。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，为每条规则设置 `get`、`list`
#       和 `watch` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
#       - Kubernetes 文档：RBAC
results contains result.of(rego.metadata.chain(), workload.subject, _verbs(workload)) if some workload in rbac.asked

_verbs(workload) := verdict if {
	verdict := _unanswered(workload)
} else := result.pass("get, list and watch are granted on every resource") if {
	count(_lacking(workload, [1, 2, 3])) == 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := result.violation(
	"no verb is granted on any resource",
	_all_verbs,
) if {
	count(_lacking(workload, [3])) == count(rbac_resources.api_groups)
} else := result.pass("get, list and watch are granted on every resource that is granted at all") if {
	count(_lacking(workload, [1, 2])) == 0
} else := result.violation(concat("; ", _lacking(workload, [1, 2])), _all_verbs)

_all_verbs := "get, list and watch on each resource"

# The resources on which so many verbs are missing.
_lacking(workload, counts) := sort([$"{resource} without {concat(", ", absent)}" |
	some resource, _ in rbac_resources.api_groups
	absent := _missing(workload, resource)
	count(absent) in counts
])

# METADATA
# title: The agent can discover the API
# description: >-
#   The agent reads `/version`, `/api` and `/apis` to learn which resources the cluster serves.
#   Every cluster grants that to all accounts unless someone takes it away.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, RBAC
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: DF-RBAC-016
#   level: informational
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Restore the ClusterRoleBinding `system:discovery` for the group `system:authenticated`, or
#     add `nonResourceURLs` `/version`, `/api`, `/api/*`, `/apis` and `/apis/*` with the verb
#     `get` to the agent's ClusterRole.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 能够执行 API 发现
#     description: >-
#       Agent 通过读取 `/version`、`/api` 和 `/apis`，了解集群提供哪些资源。
#       除非被人为取消，否则所有集群都会向所有账号授予该权限。
#     remediation: >-
#       为用户组 `system:authenticated` 恢复 ClusterRoleBinding
#       `system:discovery`，或在 Agent 的 ClusterRole 中添加
#       `nonResourceURLs`，包括
#       `/version`、`/api`、`/api/*`、`/apis` 和 `/apis/*`，并授予
#       `get` 权限。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
#       - Kubernetes 文档：RBAC
results contains result.of(rego.metadata.chain(), workload.subject, _discovery(workload)) if some workload in rbac.asked

_discovery(workload) := verdict if {
	verdict := _unwatched(workload)
} else := rbac.refused if {
	rbac.refused
} else := result.pass("the cluster's default discovery role grants /version, /api and /apis") if {
	not rbac.defined("ClusterRole", "system:discovery")
	not rbac.defined("ClusterRoleBinding", "system:discovery")
} else := result.pass("/version, /api and /apis are granted") if {
	count(_hidden(workload)) == 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := result.violation(
	$"system:discovery is redefined and get on {concat(", ", _hidden(workload))} is not granted",
	"get on /version, /api and /apis",
)

_hidden(workload) := [url |
	some url in ["/version", "/api", "/apis"]
	not rbac.readable(rbac.account(workload), url)
]

# METADATA
# title: The agent can update its own DaemonSet
# description: >-
#   From v6.5 on the agent writes the limits of its agent group into its own DaemonSet, and a
#   remote upgrade writes the image. Without this access both fail.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-RBAC-017
#   level: recommended
#   reads: [manifests]
#   impact: [Agent performance, Agent upgrade]
#   remediation: >-
#     Apply a Role in the agent's namespace with `daemonsets` of the API group `apps`,
#     `resourceNames` of the agent's DaemonSet and the verbs `get`, `update` and `patch`, and a
#     RoleBinding of it to the agent's service account.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: Agent 有权更新自身的 DaemonSet
#     description: >-
#       自 v6.5 起，Agent 会将采集器组的资源限制写入自身的 DaemonSet；远程升级时，
#       还会写入镜像。没有该权限时，这两项操作都会失败。
#     remediation: >-
#       在 Agent 的命名空间中应用一个 Role，授予 API 组 `apps` 中
#       `daemonsets` 的 `get`、`update` 和 `patch` 权限，并通过
#       `resourceNames` 限定为 Agent 的 DaemonSet；再应用一个
#       RoleBinding，将该 Role 绑定到 Agent 的服务账号。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _own_daemonset(workload)) if some workload in agent.collectors

_own_daemonset(workload) := result.pass($"agents before v6.5 leave their DaemonSet alone ({workload.image})") if {
	agent.versioned(workload)
	not agent.at_least(workload, [6, 5])
} else := result.pass($"get, patch and update on the DaemonSet {workload.subject.name} are granted") if {
	count(_unwritten(workload)) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown(
	"the roles and bindings of the agent's namespace",
	$"kubectl get roles,rolebindings -n {workload.subject.namespace} -o yaml",
) if {
	not rbac.stated
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(rbac.account(workload))
} else := result.violation(
	concat(" ", [
		$"{rbac.shown(rbac.account(workload))} may not {concat(", ", _unwritten(workload))}",
		$"the DaemonSet {workload.subject.name} in its namespace",
	]),
	$"get, patch and update on daemonsets.apps {workload.subject.name}",
)

_unwritten(workload) := sort(_writing - rbac.on_object(
	rbac.account(workload),
	{"group": "apps", "resource": "daemonsets", "name": workload.subject.name},
	_writing,
))

_writing := {"get", "patch", "update"}
