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
#       Agent 为流量打上 K8s 资源和标签信息，在 apiserver 上所需的权限。
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
#     title: Agent 可以对 nodes 执行 get、list 和 watch
#     description: >-
#       流量会标记其经过的节点，节点会标记其地址。Node 是集群级资源：任何 Role 和
#       RoleBinding 都无法授予其权限。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的 `nodes` 添加
#       `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 namespaces 执行 get、list 和 watch
#     description: >-
#       每个 Pod 标签和 Service 标签都带有其命名空间。Namespace 是集群级资源：任何
#       Role 和 RoleBinding 都无法授予其权限。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的 `namespaces`
#       添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 configmaps 执行 get、list 和 watch
#     description: >-
#       ConfigMap 的变更会作为资源变更事件，显示在使用它的工作负载旁；缺少此权限时没有这些事件。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的 `configmaps`
#       添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 services 执行 get、list 和 watch
#     description: >-
#       Service 用于将集群地址和端口转换为 Service 标签。缺少时，访问集群地址的流量没有名
#       称。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的 `services` 添
#       加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 pods 执行 get、list 和 watch
#     description: >-
#       Pod 用于将地址转换为 Pod 标签，并带有其他所有资源的标签和归属关系。缺少时，流量只有地址，没
#       有名称。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的 `pods` 添加
#       `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 replicationcontrollers 执行 get、list 和 watch
#     description: >-
#       ReplicationController 的 Pod 以该
#       ReplicationController 为工作负载归类。缺少此权限时，这些 Pod 没有工作负载
#       标签。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 核心 API 组（`""`） 的
#       `replicationcontrollers` 添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 daemonsets 执行 get、list 和 watch
#     description: >-
#       DaemonSet 的 Pod 以该 DaemonSet 为工作负载归类。缺少此权限时，这些 Pod
#       没有工作负载标签。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `apps` 的 `daemonsets` 添
#       加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 deployments 执行 get、list 和 watch
#     description: >-
#       Deployment 的 Pod 以该 Deployment 为工作负载归类。缺少此权限时，这些
#       Pod 没有工作负载标签。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `apps` 的 `deployments`
#       添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 replicasets 执行 get、list 和 watch
#     description: >-
#       ReplicaSet 是 Pod 与其 Deployment 之间的纽带。缺少时，所有
#       Deployment 的 Pod 都没有工作负载标签。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `apps` 的 `replicasets`
#       添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 statefulsets 执行 get、list 和 watch
#     description: >-
#       StatefulSet 的 Pod 以该 StatefulSet 为工作负载归类。缺少此权限时，这些
#       Pod 没有工作负载标签。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `apps` 的 `statefulsets`
#       添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 ingresses 执行 get、list 和 watch
#     description: >-
#       Ingress 将域名和路径与 Service 关联。自 K8s 1.14 起以 API 组
#       `networking.k8s.io` 为准，自 1.22 起 `extensions` 不再提供
#       Ingress。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `networking.k8s.io` 的
#       `ingresses` 添加 `get`、`list` 和 `watch`。
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
#     title: Agent 可以对 routes 执行 get、list 和 watch
#     description: >-
#       OpenShift 中的 Route 相当于其他集群中的 Ingress。在其他集群中，缺少它没有任
#       何影响。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 中，用一条不含
#       `resourceNames` 的规则，为 API 组 `route.openshift.io` 的
#       `routes` 添加 `get`、`list` 和 `watch`。使用 OpenShift 时，
#       还需在采集器组配置的 `api_resources` 中启用 `routes`，代替
#       `ingresses`。
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
#     title: Agent 可以获得其服务账号的 Token
#     description: >-
#       Agent 使用挂载在其 Pod 中的 Token 访问 apiserver。缺少时，Agent 会
#       认为自己运行在 K8s 之外，无法识别所在的集群。
#     remediation: >-
#       从 `spec.template.spec` 和 ServiceAccount 中删除
#       `automountServiceAccountToken: false`，并创建
#       `spec.template.spec.serviceAccountName` 所指定的
#       ServiceAccount。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
#       - Kubernetes 文档：为 Pod 配置服务账号
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
#     title: Agent 的服务账号在整个集群内绑定
#     description: >-
#       Node 和 Namespace 是集群级资源，其他资源 Agent 会跨命名空间 list。
#       RoleBinding 只在一个命名空间内生效，引用 ClusterRole 时也是如此。
#     remediation: >-
#       创建 ClusterRoleBinding，其 `roleRef` 为 Agent 的
#       ClusterRole，`subjects` 以 `kind`、`name` 和
#       `namespace` 指明 Agent 的服务账号。
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
#     title: 每种已授权的资源都具备全部读取权限
#     description: >-
#       Agent 通过 `list` 建立资源的副本，通过 `watch` 保持更新，通过 `get` 读
#       取单个对象。缺少其中任何一项，副本就会为空或过期。
#     remediation: >-
#       在 Agent 服务账号所绑定的 ClusterRole 的每条规则中，都设置 `get`、
#       `list` 和 `watch`。
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
#     title: Agent 可以发现 API
#     description: >-
#       Agent 读取 `/version`、`/api` 和 `/apis`，以了解集群提供哪些资源。每
#       个集群默认向所有账号授予此权限，除非有人将其收回。
#     remediation: >-
#       为用户组 `system:authenticated` 恢复 ClusterRoleBinding
#       `system:discovery`，或在 Agent 的 ClusterRole 中添加
#       `nonResourceURLs`：`/version`、`/api`、`/api/*`、
#       `/apis` 和 `/apis/*`，动作为 `get`。
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
#     title: Agent 可以更新自身的 DaemonSet
#     description: >-
#       自 v6.5 起，Agent 会将采集器组的资源限制写入自身的 DaemonSet，远程升级则会写入
#       镜像。缺少此权限时，二者都会失败。
#     remediation: >-
#       在 Agent 的命名空间中创建 Role，授予 API 组 `apps` 的
#       `daemonsets`、以 `resourceNames` 限定为 Agent 的
#       DaemonSet 的 `get`、`update` 和 `patch` 权限，并以
#       RoleBinding 将其绑定到 Agent 的服务账号。
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
